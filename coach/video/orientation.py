"""Decoded pictures of a video, scaled and turned as a player shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from coach.types import Picture

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# The pose network looks at 256 x 256 pixels of the person: more than this only costs time.
LONGEST_SIDE_PX = 1280

# (a, b, c, d) of a display matrix: x' = a x + c y, y' = b x + d y, with y downwards, each a multiple of 90 degrees.
Turn = tuple[int, int, int, int]
UPRIGHT: Turn = (1, 0, 0, 1)


class Orientation:
    """Turns the pictures of one video into upright RGB.

    The turn is read once, from the first picture, and one scaler serves them all: asking every picture for its side
    data, or for a scaler of its own, keeps it and the scaler's threads in memory until the next garbage collection.
    pixel_aspect: width of a stored pixel over its height.
    """

    def __init__(self, first: VideoFrame, pixel_aspect: float = 1.0) -> None:
        from av.video.reformatter import VideoReformatter

        self._turn = turn_of(first)
        self._pixel_aspect = pixel_aspect
        self._scaler = VideoReformatter()
        width, height = max(1, round(first.width * pixel_aspect)), first.height
        # As a player shows the video: pixels squared, turned upright.
        self.size_px = (height, width) if self._turn[0] == 0 else (width, height)

    def rgb(self, picture: VideoFrame, longest: int = LONGEST_SIDE_PX) -> Picture:
        """A picture as read-only RGB (height, width, 3), at most ``longest`` pixels on its longer side."""
        size = fitted_size(picture.width * self._pixel_aspect, picture.height, longest)
        rgb = np.ascontiguousarray(self._turned(picture, size))
        rgb.flags.writeable = False
        return rgb

    def rgb_of(self, picture: VideoFrame, size_px: tuple[int, int]) -> Picture:
        """A picture as RGB of just this width and height, as displayed."""
        return self._turned(picture, size_px if self._turn[0] else size_px[::-1])

    def _turned(self, picture: VideoFrame, stored_px: tuple[int, int]) -> Picture:
        small = self._scaler.reformat(picture, width=stored_px[0], height=stored_px[1], format="rgb24")
        return turned(small.to_ndarray(), self._turn)


def turn_of(picture: VideoFrame) -> Turn:
    """How the frame has to be turned and flipped to stand upright."""
    matrices: list[Any] = [data for data in cast(Any, picture.side_data) if data.type.name == "DISPLAYMATRIX"]
    return nearest_turn(np.frombuffer(bytes(matrices[0]), np.int32)) if matrices else UPRIGHT


def nearest_turn(matrix: NDArray[np.int32]) -> Turn:
    """The multiple of 90 degrees, with or without a flip, nearest to a display matrix of nine numbers, row by row."""
    a, b, c, d = (int(matrix[i]) for i in (0, 1, 3, 4))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return (-1 if a < 0 else 1), 0, 0, (-1 if d < 0 else 1)
    return 0, (-1 if b < 0 else 1), (-1 if c < 0 else 1), 0


def turned(rgb: NDArray[Any], turn: Turn) -> Picture:
    """A view of a picture (height, width, 3), turned and flipped."""
    a, b, c, d = turn
    if a == 0:
        rgb = rgb.transpose(1, 0, 2)
    return rgb[:: b + d, :: a + c]


def fitted_size(width: float, height: float, longest: int = LONGEST_SIDE_PX) -> tuple[int, int]:
    """Width and height scaled down, never up, so that the longer side is at most ``longest``."""
    scale = min(1.0, longest / max(width, height))
    return max(2, round(width * scale)), max(2, round(height * scale))
