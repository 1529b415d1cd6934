"""How the camera moved, from points of the background. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

FEWEST_POINTS = 12  # say nothing about the camera
AGREES_PX = 0.5  # with the camera's motion
# In noise a sample of two points is worth little, and the largest subset that agrees is one by chance: it was 15 px
# off. All points are weighed instead, by how far they are from what the others say (Geman and McClure's weights).
AGREES_IN_NOISE_PX = 1.5
ROUNDS = 8
LEAST_SPREAD_PX = 0.15
SPREAD = 0.85  # of the median distance in two dimensions: the standard deviation in each
STIFF = 1e-3  # added to the squares of turn and growth, against points that all lie in one place


def camera_fit(start: Array, moved: Array, noisy: bool) -> tuple[Array, float] | None:
    """How the camera moved the picture: a point at x by A x + b, as (2, 3), and the share of points that agree.

    start, moved (n, 2): in pixels from the picture's centre. None where too little is known.
    """
    if len(start) < FEWEST_POINTS:
        return None
    return _weighed(start, moved) if noisy else _sampled(start, moved)


def _sampled(start: Array, moved: Array) -> tuple[Array, float] | None:
    import cv2

    found: Any = cv2.estimateAffinePartial2D(
        start, moved, method=cv2.RANSAC, ransacReprojThreshold=AGREES_PX, maxIters=200, confidence=0.99, refineIters=5
    )
    matrix, inliers = found
    if matrix is None:
        return None
    return (matrix - np.eye(2, 3)).astype(np.float32), float(inliers.mean())


def _weighed(start: Array, moved: Array) -> tuple[Array, float]:
    x, y = start.T.astype(float)
    way = (moved - start).T.astype(float)
    one, none = np.ones_like(x), np.zeros_like(x)
    # Unknown: growth, turn, dx, dy. Equations (2, n, 4): of dx, and of dy.
    equations = np.stack([np.stack([x, -y, one, none], axis=1), np.stack([y, x, none, one], axis=1)])
    stiff = np.diag([STIFF, STIFF, 0.0, 0.0])
    fit = np.array([0.0, 0.0, *np.median(way, axis=1)])
    for _ in range(ROUNDS):
        off = np.hypot(*(way - equations @ fit))
        spread = max(LEAST_SPREAD_PX, SPREAD * float(np.median(off)))
        weighted = equations * ((1 + (off / spread) ** 2) ** -2)[:, None]
        squares = np.einsum("anj,ank->jk", weighted, equations)
        fit = np.linalg.solve(squares + stiff, np.einsum("anj,an->j", weighted, way))
    agree = float((np.hypot(*(way - equations @ fit)) < AGREES_IN_NOISE_PX).mean())
    growth, turn, dx, dy = fit
    return np.array([[growth, -turn, dx], [turn, growth, dy]], np.float32), agree
