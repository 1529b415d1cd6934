"""Detects walking: a person who walks has left their place, and what follows is another set. Pure."""

from __future__ import annotations

import math
from collections import deque

from coach.kinematics.body import mid, trunk_px
from coach.types import Pose

# Mid-hip moves this many trunk lengths (about half a metre each) within this many seconds, from any viewpoint except
# straight ahead. A hip hiker or a lean moves it a tenth of that; sitting or lying down moves it as far.
FAR_TRUNKS = 1.0
WITHIN_S = 2.0
STEP_S = 0.25  # between two samples
LEAST_S = 1.0  # shortest walk: a wrong pose is over sooner


class WalkingDetector:
    """Takes poses in order of time and reports each walk once it is over."""

    def __init__(self) -> None:
        self._places: deque[tuple[float, float, float]] = deque()
        self._began_s = math.nan

    def step(self, t_s: float, pose: Pose | None) -> tuple[float, float] | None:
        """The span of a walk, at the moment it has ended; else None."""
        places = self._places
        if pose is None or (places and t_s - places[-1][0] < STEP_S):
            return None
        hips = mid(pose.xy_px, "hip")
        x, y, scale = float(hips[0]), float(hips[1]), trunk_px(pose)
        if not (math.isfinite(x) and math.isfinite(y) and scale > 0):
            return None
        places.append((t_s, x, y))
        while t_s - places[0][0] > WITHIN_S:
            places.popleft()
        if math.hypot(x - places[0][1], y - places[0][2]) > FAR_TRUNKS * scale:
            self._began_s = places[0][0] if math.isnan(self._began_s) else self._began_s
            return None
        began_s, self._began_s = self._began_s, math.nan
        return (began_s, t_s) if t_s - began_s >= LEAST_S else None  # not where it is NaN: nobody walked
