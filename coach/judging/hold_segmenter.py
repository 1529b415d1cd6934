"""Cuts a stream of one value into holds: away from the start, still for a while, and back. Time is passed in."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal

from coach.definitions.rules import HoldRule
from coach.kinematics.geometry import median

BACK = 0.35  # of the plateau: closer to the start than this, the hold is over
# 'Still' means without drift: the two halves of 1.5 times the minimum hold differ by less than this share of the
# level, or by this little. A leg trembling about one place is also held, if unsteadily.
DWELL, DRIFT_SHARE, DRIFT_LEAST = 1.5, 0.12, 1.0

BEYOND, BEYOND_LEAST = 1.4, 10.0  # of the plateau: further out than this, the body went somewhere else
GONE_S = 2.0  # for this long

# With no sample for longer, pictures are missing: what leg and breath did meanwhile is unknown.
NO_SAMPLES_S = 3.0

HoldPhase = Literal["waiting", "opening", "holding", "returning"]


@dataclass(frozen=True, slots=True)
class HoldSpan:
    """A finished departure from the start; whether it was seen to return, or went on somewhere else.

    broken_off: pictures are missing after it.
    """

    start_s: float
    end_s: float
    seen: bool
    gone: bool = False
    broken_off: bool = False


class HoldSegmenter:
    """Finds holds in a value that is about zero at the start posture and grows away from it.

    Away above ``start_above``; holding once the value has been still for ``least_s``; over below ``end_below``, or
    below 35 % of its own plateau. Missing values freeze it; after ``gap_s`` without a value it ends where it was last
    seen, and after 3 s without any sample it is broken off there: whatever follows is another hold.
    """

    def __init__(self, rule: HoldRule, gap_s: float = 8.0) -> None:
        self._rule = rule
        self._gap_s = gap_s
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.phase: HoldPhase = "waiting"
        self._seen_s = self._sampled_s = float("nan")
        self._start_s = float("nan")
        self._least = 0.0
        self._recent: deque[tuple[float, float]] = deque()
        self._plateau = 0.0
        self._near_s = float("nan")

    @property
    def away(self) -> bool:
        """Whether the value is away from the start."""
        return self.phase != "waiting"

    def step(self, t_s: float, value: float) -> HoldSpan | None:
        """Take one sample, in order of time; returns a hold that ends with it."""
        broken_off = t_s - self._sampled_s > NO_SAMPLES_S
        self._sampled_s = t_s
        if broken_off and self.away:
            return self._close(self._seen_s, seen=False, broken_off=True)
        if not math.isfinite(value):
            if self.away and t_s - self._seen_s > self._gap_s:
                return self._close(self._seen_s, seen=False)
            return None
        self._seen_s = t_s
        if not self.away:
            self._least = min(self._least, value)
            if value > self._rule.start_above + self._least:
                self.phase, self._start_s = "opening", t_s
                self._recent.clear()
                self._plateau, self._near_s = 0.0, t_s
            return None
        self._follow(t_s, value)
        if value < max(self._rule.end_below, BACK * self._plateau):
            # The rest of the return is not a new departure.
            self._least = value
            return self._close(t_s, seen=True)
        if not self._plateau or value < BEYOND * self._plateau + BEYOND_LEAST:
            self._near_s = t_s
        elif t_s - self._near_s > GONE_S:
            return self._close(self._near_s, seen=True, gone=True)
        return None

    def cut(self, end_s: float) -> HoldSpan | None:
        """End what is under way: the video stops, or the person left the exercise."""
        return self._close(min(end_s, self._seen_s), seen=False) if self.away else None

    def _follow(self, t_s: float, value: float) -> None:
        recent = self._recent
        recent.append((t_s, value))
        window_s = DWELL * self._rule.least_s
        while len(recent) > 2 and t_s - recent[1][0] >= window_s:
            recent.popleft()
        middle_s = (recent[0][0] + t_s) / 2
        early = [v for t, v in recent if t <= middle_s]
        late = [v for t, v in recent if t > middle_s] or early
        level = median(v for _, v in recent)
        drift = abs(sum(late) / len(late) - sum(early) / len(early))
        if t_s - recent[0][0] >= 0.9 * window_s and drift < max(DRIFT_LEAST, DRIFT_SHARE * level):
            self.phase = "holding"
            self._plateau = max(self._plateau, level)
        elif self.phase == "holding" and level < 0.75 * self._plateau:
            self.phase = "returning"

    def _close(self, end_s: float, seen: bool, gone: bool = False, broken_off: bool = False) -> HoldSpan | None:
        held = self._plateau > 0
        span = HoldSpan(self._start_s, end_s, seen, gone, broken_off)
        self.phase = "waiting"
        return span if held else None
