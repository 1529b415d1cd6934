"""Finds people's joints in a picture. The only module that knows MediaPipe.

The same network is run in two ways, each where it measures better (docs/measuring.md gives the figures):

- standing: detection in every frame, raw landmarks. Small quick movements survive, and bystanders are seen.
- lying: one tracked person. Detection of a lying body often swaps left and right or head and foot; tracking does
  not, and its smoothing does not harm a slow stretch.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from coach.closing import Closing
from coach.errors import ModelError
from coach.system_libraries import missing_library
from coach.types import JOINTS, Frame, Pose
from coach.video.stderr import quiet_stderr

if TYPE_CHECKING:
    from mediapipe.tasks.python.vision import PoseLandmarker

MODEL_PATH = Path(__file__).parents[1] / "data" / "pose_landmarker_full.task"
MODEL_SHA256 = "b02842a72d01bc172a5aef0abec093b94cbe9c38c38d85b3d02585397d4dda7f"

Posture = Literal["upright", "lying"]
# By posture: most people to find in one frame, and whether MediaPipe remembers anything from frame to frame.
PEOPLE: dict[Posture, int] = {"upright": 2, "lying": 1}
RUNNING_MODE: dict[Posture, Literal["IMAGE", "VIDEO"]] = {"upright": "IMAGE", "lying": "VIDEO"}


# Of MediaPipe, what finding a pose does not need. Under its drawing is Matplotlib, under its sound PortAudio: together
# three quarters of the time of its import.
NOT_NEEDED = tuple(
    f"mediapipe.tasks.python.{each}"
    for each in ("vision.drawing_utils", "vision.drawing_styles", "audio", "text", "genai")
)


class _Later:
    """Finds some modules in such a way that they are loaded when somebody first asks one of them for something."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As sys.meta_path wants it."""
        spec = PathFinder.find_spec(name, path, target) if name in NOT_NEEDED else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


@cache
def _mediapipe() -> Any:
    """The library, imported with the first picture."""
    with _pose_alone():
        import mediapipe

    return mediapipe


@contextmanager
def _pose_alone() -> Iterator[None]:
    """MediaPipe may be imported in here, without the rest of it."""
    later = _Later()
    sys.meta_path.insert(0, later)
    try:
        yield
    finally:
        sys.meta_path.remove(later)


def check_model(path: Path = MODEL_PATH) -> None:
    """Raise ModelError unless the bundled network is present and intact."""
    remedy = "Install the coach again to get it back"
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelError(f"the pose model {path} is missing", remedy) from error
    except OSError as error:
        raise ModelError(f"the pose model {path} cannot be read ({error.strerror})", remedy) from error
    if hashlib.sha256(content).hexdigest() != MODEL_SHA256:
        raise ModelError(f"the pose model {path} is damaged (its checksum is wrong)", remedy)


class PoseEstimator(Closing):
    """Turns frames into poses, the largest person first. A context manager: closing frees the network.

    Raises ModelError when the network is missing or damaged.
    """

    def __init__(self, model: Path = MODEL_PATH) -> None:
        check_model(model)
        self._model = model
        self._posture: Posture = "upright"
        self._landmarker: PoseLandmarker | None = None
        self._warm = False
        self._last_ms = -1

    def close(self) -> None:
        """Free the network."""
        if self._landmarker is not None:
            self._landmarker.close()
            self._landmarker = None

    def prepare(self, posture: Posture) -> None:
        """Choose how to run from now on. A change restarts tracking."""
        if posture != self._posture:
            self._posture = posture
            self.close()

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        """People in the frame, largest first; empty when nobody is found. Frames must come in order of time."""
        mp = _mediapipe()
        height, width = frame.rgb.shape[:2]
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.rgb)
        if self._warm and self._landmarker is not None:
            result = self._look(self._landmarker, image, frame.t_s)
        else:
            with quiet_stderr():
                if self._landmarker is None:
                    self._landmarker = self._open()
                result = self._look(self._landmarker, image, frame.t_s)
            self._warm = bool(result.pose_landmarks)
        scale = np.array([width, height], np.float32)
        poses = [
            _pose(landmarks, world, scale)
            for landmarks, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        ]
        return tuple(sorted(poses, key=_extent_px, reverse=True))

    def _look(self, landmarker: PoseLandmarker, image: Any, t_s: float) -> Any:
        if RUNNING_MODE[self._posture] == "IMAGE":
            return landmarker.detect(image)
        # MediaPipe needs whole, strictly rising milliseconds.
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        return landmarker.detect_for_video(image, self._last_ms)

    def _open(self) -> PoseLandmarker:
        from mediapipe.tasks.python import BaseOptions, vision

        self._warm, self._last_ms = False, -1
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(self._model)),
            running_mode=vision.RunningMode[RUNNING_MODE[self._posture]],
            num_poses=PEOPLE[self._posture],
        )
        try:
            return vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"the pose model cannot be started: {error}", "Run 'coach doctor'") from error
        except OSError as error:  # a shared library that MediaPipe needs is missing
            problem, remedy = missing_library(error) or (str(error), "'coach doctor' says more")
            raise ModelError(f"the pose model cannot be started: {problem}", remedy) from error


def _pose(landmarks: list[Any], world: list[Any], scale: np.ndarray) -> Pose:
    xy = np.array([(mark.x, mark.y) for mark in landmarks], np.float32) * scale
    metres = np.array([(mark.x, mark.y, mark.z) for mark in world], np.float32)
    visibility = np.array([mark.visibility for mark in landmarks], np.float32)
    if xy.shape != (JOINTS, 2):
        raise ModelError(f"the pose model gave {len(xy)} joints instead of {JOINTS}", "Install the coach again")
    for array in (xy, metres, visibility):
        array.flags.writeable = False
    return Pose(xy, metres, visibility)


def _extent_px(pose: Pose) -> float:
    return float(np.ptp(pose.xy_px, axis=0).max())
