"""A video file as simply as OpenCV reads it: something to compare with. No true times, no turns, no repairs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coach.types import Frame


def opencv_frames(path: Path) -> Iterator[Frame]:
    """Every picture of a file, with times by its stated rate."""
    import cv2

    capture = cv2.VideoCapture(str(path))
    fps = capture.get(cv2.CAP_PROP_FPS) or 30.0
    number = 0
    try:
        while (read := capture.read())[0]:
            rgb: Any = cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB)
            yield Frame(number / fps, rgb)
            number += 1
    finally:
        capture.release()
