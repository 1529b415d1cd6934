"""``@signal`` turns a function into a named signal; nothing else is needed but a label.

The name is the function's, the unit is the name's ending (``coach.units``), the label is ``signal_NAME`` of
``coach/i18n/locale/report.toml``, in every language.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from coach.kinematics.sided_pose import Measure, SidedPose
from coach.units import unit_of

Found = TypeVar("Found")


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
        return self.measure(pose)


def once(find: Callable[[SidedPose], Found]) -> Callable[[SidedPose], Found]:
    """What a function finds in a pose, found once in each: signals build on one another."""

    @functools.wraps(find)
    def found(pose: SidedPose) -> Found:
        known = pose.known
        if find not in known:
            known[find] = find(pose)
        value: Found = known[find]
        return value

    return found


def signal(measure: Measure) -> Signal:
    """Register a measure as the signal of its name."""
    return Signal(measure.__name__, unit_of(measure.__name__).written, once(measure))
