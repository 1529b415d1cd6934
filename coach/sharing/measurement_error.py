"""How large a difference between two sessions must be to be one: the minimal detectable change. Pure.

Where both are known, the larger one holds: that of this coach, measured against clips whose truth is known, and that of
the literature, in which the person differs from day to day as well. MDC95 = 1.96 x sqrt(2) x SEM (Weir 2005, Journal of
Strength and Conditioning Research 19(1), 231-240): of two sessions without any change, 95 of 100 pairs differ by less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FACTOR = 1.96 * 2**0.5


@dataclass(frozen=True, slots=True)
class DetectableChange:
    """The least difference that is one. own_sem: standard error of the coach's figure of one set, measured on ``sets``.

    literature: an MDC95 from elsewhere, or None; source: where it is from. At least one of the two is known.
    """

    own_sem: float | None
    sets: int = 0
    literature: float | None = None
    source: str = ""

    @property
    def own(self) -> float | None:
        """The coach's own MDC95; None where it measures nothing."""
        return None if self.own_sem is None else FACTOR * self.own_sem

    @property
    def value(self) -> float:
        """The one that holds."""
        return max(each for each in (self.own, self.literature) if each is not None)


# Of 1232 people with back pain, on the numeric rating scale.
PAIN = DetectableChange(None, literature=1.77, source="doi:10.1055/a-1304-3677")

# By exercise and figure. own_sem: standard deviation, over the sets of tests/messy (all three parts, 24 bodies, as
# people film themselves), of a set's median against the truth, as 'coach evaluate' prints it; between sessions of one
# person and one camera position part of it would cancel out, so it is rather too large. docs/measuring.md has the
# table. Literature: of the pelvis against the thigh in one-leg stance, 90 healthy adults; of passive movements of the
# hip, with osteoarthritis, a standard error of at least 3.1 degrees.
DETECTABLE: Mapping[tuple[str, str], DetectableChange] = {
    ("hip-hiker", "depth_deg"): DetectableChange(
        0.82, 35, literature=4.0, source="Youdas 2007, Journal of Sport Rehabilitation 16, 326-335"
    ),
    ("hip-hiker", "lowering_s"): DetectableChange(0.26, 35),
    ("hip-hiker", "raising_s"): DetectableChange(0.07, 35),
    ("strap-stretch", "depth_deg"): DetectableChange(
        6.0, 14, FACTOR * 3.1, "Pua 2008, Archives of Physical Medicine and Rehabilitation 89, 1146-1154"
    ),
    ("strap-stretch", "held_s"): DetectableChange(0.61, 14),
    ("strap-stretch", "breaths"): DetectableChange(1.8, 14),
    ("strap-stretch", "breath_rate_per_min"): DetectableChange(2.9, 13),
}


def detectable(exercise: str, figure: str) -> DetectableChange | None:
    """Of a figure of an exercise; None where none is known."""
    return DETECTABLE.get((exercise, figure))
