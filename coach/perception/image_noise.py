"""How noisy a picture is, and how to follow points in it: in the dark, a sensor's noise has stronger corners than a
body has, and people are not found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.types import Frame

Grey = NDArray[np.uint8]

# Of the grey levels' noise, standard deviation: dim rendered rooms have 4 to 8, light ones and real videos up to 0.5.
NOISY, NOISY_NO_MORE = 2.5, 2.0
# Standard deviation of the Gaussian that takes the noise away, as a share of the picture's longer side. The network
# looks for people in 224 pixels of it and for joints in 256, each taken as it is, noise and all. In one take in the
# dark nobody who stands is found in 47 of 100 pictures; with 0.002 in 20, with 0.003 in 1, with 0.004 in 22. Of
# somebody who lies, joints are off by a quarter of the leg in one picture of eight; with 0.0015 to 0.003 in hardly any.
DENOISED = 0.003
LIGHT_S = 0.5  # how long the light is taken to stay as it is
# Difference of two Laplacians: blind to what is flat or a straight slope (Immerkær 1996, "Fast Noise Variance
# Estimation", Computer Vision and Image Understanding 64, 300-302).
_MASK = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_GAIN = 6.0  # the mask's norm
_MEDIAN = 0.6745  # median of the size of a standard normal number; unlike the mean it hardly notices edges
_EVERY = 2  # pixels, each way: enough for a median


@dataclass(frozen=True, slots=True)
class Tuning:
    """How points are sought and followed.

    blur_px: standard deviation of the Gaussian that softens the picture, 0 for none. window_px: of Lucas-Kanade,
    the smallest and the largest.
    block_px: neighbourhood in which a corner is measured. least_corner: smallest eigenvalue of a corner; noise on a
    plain wall has less. agrees_px: how far a point may differ from its part's motion and still agree with it.
    key_pictures: in how many pictures a point may be sought again as it was when it was found, instead of as it was in
    the picture before. Every step errs, in noise by so much that their sum would drift; each picture costs as much as
    following all points does.
    """

    blur_px: float
    window_px: tuple[int, int]
    block_px: int
    least_corner: float
    agrees_px: float
    key_pictures: int

    def window(self, wanted_px: float) -> int:
        """The odd window nearest to the one that is wanted."""
        least, most = self.window_px
        return int(min(max(wanted_px, least), most)) // 2 * 2 + 1


CLEAR = Tuning(blur_px=0.0, window_px=(9, 15), block_px=5, least_corner=2e-5, agrees_px=0.35, key_pictures=1)
DIM = Tuning(blur_px=2.0, window_px=(21, 21), block_px=9, least_corner=2e-6, agrees_px=0.7, key_pictures=5)


def noise_level(grey: Grey) -> float:
    """Standard deviation of the noise in a grey picture (height, width), in grey levels; NaN for a tiny one."""
    import cv2

    if min(grey.shape) < len(_MASK):
        return float("nan")
    rough: Any = cv2.filter2D(grey, cv2.CV_16S, _MASK)
    size = np.abs(rough[1:-1:_EVERY, 1:-1:_EVERY]).ravel()
    middle = len(size) // 2
    return float(np.partition(size, middle)[middle]) / (_GAIN * _MEDIAN)


def tuned_for(grey: Grey, before: Tuning) -> Tuning:
    """How to follow points in a grey picture; before: how they were followed until now, which changes rarely."""
    return DIM if noise_level(grey) > (NOISY if before is CLEAR else NOISY_NO_MORE) else CLEAR


def softened(grey: Grey, tuning: Tuning) -> Grey:
    """The picture as it is followed in."""
    import cv2

    if not tuning.blur_px:
        return grey
    soft: Any = cv2.GaussianBlur(grey, (0, 0), tuning.blur_px)
    return np.asarray(soft)


class Light:
    """How points are to be followed while the light changes: looked at now and then."""

    def __init__(self) -> None:
        self._tuning = CLEAR
        self._tuned_s = -np.inf

    def tuning(self, t_s: float, grey: Callable[[], Grey]) -> Tuning:
        """For the picture at this time, in order of time; grey: gives it, if it is wanted."""
        if not 0 <= t_s - self._tuned_s < LIGHT_S:
            self._tuning, self._tuned_s = tuned_for(grey(), self._tuning), t_s
        return self._tuning


class NoiseFilter:
    """Takes the noise out of pictures in the dark, where the network sees nobody, or people who are not there."""

    def __init__(self) -> None:
        self._light = Light()

    def clear(self, frame: Frame) -> Frame:
        """The frame as it is, or softened if it is noisy. Frames must come in order of time."""
        import cv2

        if self._light.tuning(frame.t_s, lambda: np.asarray(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY))) is CLEAR:
            return frame
        soft: Any = cv2.GaussianBlur(frame.rgb, (0, 0), DENOISED * max(frame.rgb.shape))
        return replace(frame, rgb=soft)
