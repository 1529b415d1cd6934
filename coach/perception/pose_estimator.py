"""Finds people's joints in a picture. The only module that knows MediaPipe.

The same network is run in two ways (docs/measuring.md compares them):

- tracked: one person, looked for where the last picture showed them. Takes two thirds of the time, trembles a quarter
  as much, and keeps left and right, head and foot of somebody lying apart.
- detected: everybody, in every picture anew. For somebody standing who is not alone: the tracker cannot be told whom to
  follow.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from coach.closing import Closing
from coach.errors import ModelError
from coach.perception.image_noise import NoiseFilter
from coach.perception.subject import SMALLEST
from coach.system_libraries import missing_library
from coach.types import JOINTS, Frame, Pose
from coach.video.stderr import quiet_stderr

if TYPE_CHECKING:
    from mediapipe.tasks.python.vision import PoseLandmarker

MODEL_PATH = Path(__file__).parents[1] / "data" / "pose_landmarker_full.task"
MODEL_SHA256 = "b02842a72d01bc172a5aef0abec093b94cbe9c38c38d85b3d02585397d4dda7f"

Posture = Literal["upright", "lying"]
Way = Literal["tracked", "detected"]
PEOPLE: dict[Way, int] = {"tracked": 1, "detected": 2}  # most to find in one picture
RUNNING_MODE: dict[Way, Literal["IMAGE", "VIDEO"]] = {"tracked": "VIDEO", "detected": "IMAGE"}
# Whoever stands alone is looked for by detection this often, to see who else is there and whether the tracker follows
# a person; and for so long after the last sight of somebody else everybody is detected.
LOOK_S = 2.0
SAME = 0.5  # of a pose's box: with more than that inside the box of a larger one, it is a part of that body
ASTRAY = 0.5  # of the body's extent: whom the tracker sees so far from the only person detected is nobody


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


# Two networks may look at the first picture at once, and of an import that fails in one thread the other gets a part.
_IMPORTING = Lock()


def _mediapipe() -> Any:
    """The library, imported with the first picture."""
    with _IMPORTING:
        return _imported()


@cache
def _imported() -> Any:
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

    way: how to run the network; by default tracked, and detected where two people stand in the picture. Raises
    ModelError when the network is missing or damaged.
    """

    def __init__(self, model: Path = MODEL_PATH, way: Way | None = None) -> None:
        check_model(model)
        self._model = model
        self._way = way
        self._posture: Posture = "upright"
        self._networks: dict[Way, _Network] = {}
        self._looked_s = self._company_s = -math.inf
        self._noise = NoiseFilter()

    def close(self) -> None:
        """Free the network."""
        for way in tuple(self._networks):
            self._forget(way)
        self._looked_s = self._company_s = -math.inf

    def prepare(self, posture: Posture) -> None:
        """Choose how to run from now on. A change restarts tracking."""
        if posture != self._posture:
            self._posture = posture
            self.close()

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        """People in the frame, largest first; empty when nobody is found. Frames must come in order of time."""
        if self._way is not None:
            return self._find(frame, self._way)
        if self._posture == "lying" or _within(LOOK_S, frame.t_s, self._looked_s):
            return self._find(frame, "tracked")
        tracked: tuple[Pose, ...] = ()
        if _within(LOOK_S, frame.t_s, self._company_s):
            detected = self._find(frame, "detected")
        else:
            detected, tracked = self._find_both(frame)
        if sum(_extent_px(each) >= SMALLEST * frame.rgb.shape[0] for each in detected) > 1:
            self._company_s = frame.t_s
        if _within(LOOK_S, frame.t_s, self._company_s):
            self._forget("tracked")
            return detected
        self._looked_s = frame.t_s
        if detected and tracked and _are_apart(detected[0], tracked[0]):
            self._forget("tracked")
            return detected
        return tracked

    def _find(self, frame: Frame, way: Way) -> tuple[Pose, ...]:
        """In the dark, who lies is sought in the picture without its noise; who stands only where nobody is found with
        it, as their joints are no better without."""
        if way not in self._networks:
            self._networks[way] = _Network(self._model, way)
        network = self._networks[way]
        if self._posture == "lying":
            return network.find(self._noise.clear(frame))
        found = network.find(frame)
        clear = frame if found else self._noise.clear(frame)
        return found if clear is frame else network.find(clear)

    def _find_both(self, frame: Frame) -> tuple[tuple[Pose, ...], tuple[Pose, ...]]:
        """Who is detected and who is tracked in the frame: both at once, as detection takes longer than tracking."""
        with ThreadPoolExecutor(1, thread_name_prefix="look") as aside:
            detected = aside.submit(self._find, frame, "detected")
            tracked = self._find(frame, "tracked")
            return detected.result(), tracked

    def _forget(self, way: Way) -> None:
        if way in self._networks:
            self._networks.pop(way).close()


class _Network:
    """MediaPipe's landmarker, run in one way. It is loaded with the first picture."""

    def __init__(self, model: Path, way: Way) -> None:
        self._model = model
        self._way: Way = way
        self._landmarker: PoseLandmarker | None = None
        self._warm = False
        self._last_ms = -1

    def close(self) -> None:
        if self._landmarker is not None:
            self._landmarker.close()

    def find(self, frame: Frame) -> tuple[Pose, ...]:
        """People in the frame, largest first."""
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
        return _distinct(sorted(poses, key=_extent_px, reverse=True))

    def _look(self, landmarker: PoseLandmarker, image: Any, t_s: float) -> Any:
        if RUNNING_MODE[self._way] == "IMAGE":
            return landmarker.detect(image)
        # MediaPipe needs whole, strictly rising milliseconds.
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        return landmarker.detect_for_video(image, self._last_ms)

    def _open(self) -> PoseLandmarker:
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(self._model)),
            running_mode=vision.RunningMode[RUNNING_MODE[self._way]],
            num_poses=PEOPLE[self._way],
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


def _distinct(poses: Sequence[Pose]) -> tuple[Pose, ...]:
    """Without the second body that detection makes of somebody's legs in a dim picture. Largest first, as they come."""
    kept: list[Pose] = []
    for pose in poses:
        if not any(_share_inside(pose, larger) > SAME for larger in kept):
            kept.append(pose)
    return tuple(kept)


def _share_inside(pose: Pose, other: Pose) -> float:
    """How much of the pose's box lies in that of the other one, 0 to 1."""
    low, high = pose.xy_px.min(0), pose.xy_px.max(0)
    common = np.minimum(high, other.xy_px.max(0)) - np.maximum(low, other.xy_px.min(0))
    return float(np.prod(common.clip(0)) / max(1e-9, np.prod(high - low)))


def _are_apart(one: Pose, other: Pose) -> bool:
    away = one.xy_px.mean(0) - other.xy_px.mean(0)
    return float(np.hypot(*away)) > ASTRAY * _extent_px(one)


def _within(span_s: float, now_s: float, then_s: float) -> bool:
    """Whether less than this has passed; not so where time went back, as in another video."""
    return 0 <= now_s - then_s < span_s
