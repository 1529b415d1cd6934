"""Scales and rotates decoded pictures as a player would show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from coach.types import Picture
from coach.video.side_data import side_data

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# The pose network looks at 256 x 256 pixels of the person: more than this only costs time.
LONGEST_SIDE_PX = 1280

SAME_SHAPE = 0.03  # tolerance of the aspect ratio: sizes are rounded to even numbers or whole blocks
SMALL_PX = 16  # below this size the rounding alone exceeds that

# (a, b, c, d) of a display matrix: x' = a x + c y, y' = b x + d y, with y downwards, each a multiple of 90 degrees.
Turn = tuple[int, int, int, int]
UPRIGHT: Turn = (1, 0, 0, 1)


class Orientation:
    """Turns the pictures of one video into upright RGB of one size, whatever size each is stored in.

    The rotation is read once, from the first picture, and one scaler serves all: reading every picture's side data, or
    giving each its own scaler, would keep it and the scaler's threads in memory until the next garbage collection.
    A picture whose shape differs from the first is shown whole, padded with black: nothing is stretched.

    pixel_aspect: width of a stored pixel over its height. stated_px: the size the file claims; it is believed if the
    first picture has that shape but is smaller, as when a browser's recorder starts small.
    size_px: width and height as displayed. sizes: number of stored sizes so far, counting each change.
    """

    def __init__(self, first: VideoFrame, pixel_aspect: float = 1.0, stated_px: tuple[int, int] | None = None) -> None:
        from av.video.reformatter import VideoReformatter

        self._turn = turn_of(first)
        self.pixel_aspect = pixel_aspect
        self._scaler, self._shrinker = VideoReformatter(), VideoReformatter()
        stored = self._last = (first.width, first.height)
        if stated_px is not None and _is_larger(stated_px, stored):
            stored = stated_px
        width, height = max(1, round(stored[0] * pixel_aspect)), stored[1]
        # As a player shows the video: pixels squared, turned upright.
        self.size_px = (height, width) if self._turn[0] == 0 else (width, height)
        self.sizes = 1

    def rgb(self, picture: VideoFrame, longest: int = LONGEST_SIDE_PX) -> Picture:
        """The picture as read-only RGB (height, width, 3), at most ``longest`` pixels on its longer side.

        Raises av.error.FFmpegError or ValueError for a picture that cannot be converted.
        """
        rgb = np.ascontiguousarray(self.rgb_of(picture, fitted_size(*self.size_px, longest)))
        rgb.flags.writeable = False
        return rgb

    def rgb_of(self, picture: VideoFrame, size_px: tuple[int, int], *, shrunk_first: bool = False) -> Picture:
        """The picture as RGB of exactly this displayed width and height.

        shrunk_first: scaled as it is stored, with half as many numbers a pixel, and made RGB then: what looks the same
        takes half the time, in even heights.
        """
        if (picture.width, picture.height) != self._last:
            self._last = (picture.width, picture.height)
            self.sizes += 1
        place = size_px if self._turn[0] else size_px[::-1]
        shown = fitted_into(picture.width * self.pixel_aspect, picture.height, place)
        if shrunk_first and shown != (picture.width, picture.height):
            picture = self._shrinker.reformat(picture, width=shown[0], height=shown[1], format="yuv420p", threads=1)
        small = self._scaler.reformat(picture, width=shown[0], height=shown[1], format="rgb24")
        rgb = _pixels(small)
        return turned(rgb if shown == place else on_black(rgb, place), self._turn)


def _pixels(picture: VideoFrame) -> Picture:
    """The pixels of an RGB frame (height, width, 3), in place: a copy of a 4K picture takes 25 MB."""
    plane = picture.planes[0]
    rgb: Picture = np.ndarray(
        (picture.height, picture.width, 3), np.uint8, cast(Any, plane), strides=(plane.line_size, 3, 1)
    )
    return rgb


def on_black(rgb: Picture, place_px: tuple[int, int]) -> Picture:
    """A picture centred on a black one of this width and height."""
    canvas = np.zeros((place_px[1], place_px[0], 3), np.uint8)
    height, width = rgb.shape[:2]
    left, top = (place_px[0] - width) // 2, (place_px[1] - height) // 2
    canvas[top : top + height, left : left + width] = rgb
    return canvas


def _is_larger(stated_px: tuple[int, int], stored_px: tuple[int, int]) -> bool:
    """Whether a stated size has the same shape, and is larger but at most eight times as wide."""
    if not (0 < stored_px[0] < stated_px[0] <= 8 * stored_px[0] and stored_px[1] > 0):
        return False
    return abs(stated_px[1] / stored_px[1] * stored_px[0] / stated_px[0] - 1) < SAME_SHAPE


def turn_of(picture: VideoFrame) -> Turn:
    """How the frame must be rotated and flipped to stand upright."""
    matrix = next(side_data(picture, "DISPLAYMATRIX"), None)
    return UPRIGHT if matrix is None else nearest_turn(np.frombuffer(matrix, np.int32))


def nearest_turn(matrix: NDArray[np.int32]) -> Turn:
    """The multiple of 90 degrees, with or without a flip, nearest to a display matrix of nine numbers, row by row."""
    a, b, c, d = (int(matrix[i]) for i in (0, 1, 3, 4))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return (-1 if a < 0 else 1), 0, 0, (-1 if d < 0 else 1)
    return 0, (-1 if b < 0 else 1), (-1 if c < 0 else 1), 0


def turned(rgb: NDArray[Any], turn: Turn) -> Picture:
    """A view of a picture (height, width, 3), rotated and flipped."""
    a, b, c, d = turn
    if a == 0:
        rgb = rgb.transpose(1, 0, 2)
    return rgb[:: b + d, :: a + c]


def fitted_into(width: float, height: float, place_px: tuple[int, int]) -> tuple[int, int]:
    """Width and height scaled, up or down, to fit a box; filling it if the shapes are nearly the same."""
    shape = width / height * place_px[1] / place_px[0]
    if abs(shape - 1) < SAME_SHAPE or min(place_px) <= SMALL_PX:
        return place_px
    return (
        (place_px[0], max(2, round(place_px[1] / shape)))
        if shape > 1
        else (max(2, round(place_px[0] * shape)), place_px[1])
    )


def fitted_size(width: float, height: float, longest: int = LONGEST_SIDE_PX) -> tuple[int, int]:
    """Width and height scaled down, never up, so that the longer side is at most ``longest``."""
    scale = min(1.0, longest / max(width, height))
    return max(2, round(width * scale)), max(2, round(height * scale))
