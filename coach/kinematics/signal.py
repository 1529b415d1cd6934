"""``@signal`` turns a function into a named signal; nothing else is needed but a label.

The name is the function's, the unit is the name's ending (``coach.units``), the label is ``signal_NAME`` of
``coach/i18n/locale/report.toml``, in every language.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.kinematics.sided_pose import Measure, SidedPose
from coach.units import unit_of


@dataclass(frozen=True, slots=True)
class Signal:
    """A named measurement of one pose seen from its moving side, relative to its body. Call it to measure.

    unit: as written in a column heading; empty if there is none.
    """

    name: str
    unit: str
    measure: Measure

    def __call__(self, pose: SidedPose) -> float:
        """Its value; NaN if it cannot be measured."""
        value = pose.measured.get(self.name)
        if value is None:
            value = pose.measured[self.name] = self.measure(pose)
        return value


def signal(measure: Measure) -> Signal:
    """Register a measure as the signal of its name."""
    return Signal(measure.__name__, unit_of(measure.__name__).written, measure)
