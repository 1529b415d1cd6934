"""The annotated video: a copy of a video with what the coach saw drawn on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from coach.definitions.exercise import Exercise
from coach.overlay.free_scene import Scene, ScenePresenter
from coach.overlay.renderer import Overlay, shown_px
from coach.types import Moment, Picture
from coach.video.file import VideoInfo
from coach.video.writer import VideoCopy

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

LEAST_DRAWN_PX = 48  # smaller pictures have no room for a word, and are written as they are


class AnnotatedVideo:
    """Writes every picture of a video with what the coach saw drawn on it. A context manager.

    ``show`` takes each moment as it is judged, ``write`` each decoded picture with its time from the start; a picture
    shows the newest moment. The file appears only when everything is written; after an error or Ctrl-C there is none.
    Raises OutputError if it cannot be written.
    """

    def __init__(self, path: Path, info: VideoInfo, exercises: Sequence[Exercise], language: str = "en") -> None:
        self._presenter = ScenePresenter(exercises, language)
        self._overlay = Overlay()
        self._scene = Scene()
        self._copy = VideoCopy(path, info)

    def __enter__(self) -> AnnotatedVideo:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._copy.__exit__(kind, error, trace)

    def show(self, moment: Moment) -> None:
        """From now on pictures show this moment."""
        self._scene = self._presenter.scene(moment)

    def shrunk(self, picture: VideoFrame) -> VideoFrame:
        """A picture that has to wait, no larger than it will be written; ``VideoCopy.shrunk``."""
        return self._copy.shrunk(picture)

    def write(self, t_s: float, picture: VideoFrame) -> None:
        """Take the next picture of the source, with its time from the start in seconds."""
        size_px = self._copy.size_px
        if min(size_px) < LEAST_DRAWN_PX:
            self._copy.write(t_s, picture, lambda rgb: rgb)
        else:
            self._copy.write(t_s, picture, self._drawn, shown_px(self._scene, size_px, size_px))

    def _drawn(self, rgb: Picture) -> Picture:
        return self._overlay.draw(rgb, self._scene, size_px=self._copy.size_px, whole_px=self._copy.size_px)
