"""Two sessions side by side: what differs beyond the measurement error, and whether they can be compared. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coach.sharing.measurement_error import DetectableChange, detectable
from coach.sharing.session_figures import SideFigures

# The advised place of the camera spans 15 degrees (30 to 45 off frontal); beyond that it is another view.
VIEW_DIFFERS_DEG = 15.0
COMPARED = ("depth_deg", "held_s", "breaths", "breath_rate_per_min", "lowering_s", "raising_s")

Verdict = Literal["more", "less", "uncertain", "unknown"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure in two sessions. verdict: beyond the measurement error, within it, or no error is known."""

    figure: str
    before: float
    after: float
    error: DetectableChange | None
    verdict: Verdict

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """One side of one exercise in two sessions. view_differs_deg: by how much, where that is too much to compare."""

    before: SideFigures
    after: SideFigures
    differences: tuple[Difference, ...]
    view_differs_deg: float | None
    view_known: bool


def compare(before: SideFigures, after: SideFigures) -> Comparison:
    """What differs. Both are of the same side of the same exercise."""
    found = []
    for figure in COMPARED:
        a, b = getattr(before, figure), getattr(after, figure)
        if a is not None and b is not None:
            found.append(difference(figure, a, b, detectable(after.exercise, figure)))
    known = before.view_angle_deg is not None and after.view_angle_deg is not None
    apart = abs((after.view_angle_deg or 0.0) - (before.view_angle_deg or 0.0)) if known else 0.0
    return Comparison(before, after, tuple(found), apart if apart > VIEW_DIFFERS_DEG else None, known)


def difference(figure: str, before: float, after: float, error: DetectableChange | None) -> Difference:
    """One figure in two sessions, judged by its measurement error."""
    return Difference(figure, before, after, error, _verdict(after - before, error))


def _verdict(change: float, error: DetectableChange | None) -> Verdict:
    if error is None:
        return "unknown"
    if abs(change) <= error.value:
        return "uncertain"
    return "more" if change > 0 else "less"
