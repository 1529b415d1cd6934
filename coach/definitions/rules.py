"""The rules of an exercise file: when a movement or a hold counts, what belongs to it, and what to correct.

Data with its checks only; judging is elsewhere. ``coach/definitions/exercise.py`` reads them, and
``exercises/README.md`` explains every key.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from coach.kinematics.skeleton import joint_problem
from coach.toml import Part

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", max_length=60)]
Seconds = Annotated[float, Field(ge=0, le=120)]
Level = Annotated[float, Field(ge=-1000, le=1000)]  # of a signal, in its own unit: degrees or % of the leg
LONGEST_CYCLE_S = 18.0  # the judge looks back 20 s
View = Literal["frontal", "oblique", "side", "back", "diagonal", "head-end", "above"]


class Fault(Part):
    """A mistake in a movement that still counts: the signal stays above (or below) a bound for a while.

    The bound is relative to the person's own start unless ``absolute``, and applies to both signs if ``either_way``;
    the fault ends at ``release``. In a hold, ``share`` is the part of it during which the bound must be exceeded.
    ``views`` are those from which the camera can tell; from any other the fault is reported as not judged, but from
    those of ``found_from`` it can be told where it is there. ``ways`` are names of its two directions, where the signal
    is negative and where it is positive: each with a sentence of its own.
    """

    name: Name
    signal: str
    above: Level | None = None
    below: Level | None = None
    release: Level
    dwell_s: Seconds = 0.0
    share: float = Field(default=0.0, ge=0, le=1)
    absolute: bool = False
    either_way: bool = False
    priority: int = Field(default=5, ge=1, le=9)
    joints: tuple[str, ...] = Field(default=(), max_length=33)
    views: tuple[View, ...] = ()
    found_from: tuple[View, ...] = ()
    ways: tuple[Name, Name] | None = None

    def way(self, value: float) -> str:
        """The name of the direction in which the signal has this value; the fault's own name if it has none."""
        return self.name if self.ways is None else self.ways[value > 0]

    def shown_from(self, view: str | None) -> bool:
        """Whether the camera can tell from this view; an unknown view gets the benefit of the doubt."""
        return not self.views or view is None or view in self.views

    def found_in(self, view: str | None) -> bool:
        """Whether the camera can tell from this view that the fault is there."""
        return self.shown_from(view) or view in self.found_from

    @model_validator(mode="after")
    def _one_bound(self) -> Fault:
        if (self.above is None) == (self.below is None):
            raise ValueError("give exactly one of 'above' and 'below'")
        if self.above is not None and self.release >= self.above:
            raise ValueError(f"'release' ({self.release}) must be lower than 'above' ({self.above})")
        if self.below is not None and self.release <= self.below:
            raise ValueError(f"'release' ({self.release}) must be higher than 'below' ({self.below})")
        if self.either_way and min(self.above or 0.0, self.release) < 0:
            raise ValueError("'either_way' compares without the sign: its bounds cannot be below zero")
        if self.ways is not None and not self.either_way:
            raise ValueError("'ways' names both directions: 'either_way' must be true")
        for problem in filter(None, map(joint_problem, self.joints)):
            raise ValueError(f"joints: {problem}")
        return self


class Gate(Part):
    """A condition on a signal at the movement's deepest point, relative to the start.

    A movement that fails it is something else, and is neither counted nor listed; or, if the gate has a ``reason``, it
    is listed as not counted for that reason. ``at_least_per_unit`` grows with the movement's depth; ``either_way``
    ignores the sign. ``when = "rest"`` tests the level before and after the movement instead, against the person's
    calibrated start.
    """

    signal: str
    at_least: Level | None = None
    at_most: Level | None = None
    at_least_per_unit: Level | None = None
    either_way: bool = False
    when: Literal["deepest", "rest"] = "deepest"
    reason: Name | None = None
    why: str

    @model_validator(mode="after")
    def _some_bound(self) -> Gate:
        if self.at_least is None and self.at_most is None and self.at_least_per_unit is None:
            raise ValueError("give 'at_least', 'at_most' or 'at_least_per_unit'")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"'at_least' ({self.at_least}) must not be above 'at_most' ({self.at_most})")
        if self.either_way and self.at_most is not None and self.at_most < 0:
            raise ValueError("'either_way' compares without the sign: 'at_most' cannot be below zero")
        return self

    def passes(self, value: float, lowering: float) -> bool:
        """Whether a change of the gate's signal fits a movement of depth ``lowering``. NaN passes."""
        value = abs(value) if self.either_way else value
        least = -np.inf if self.at_least is None else self.at_least
        if self.at_least_per_unit is not None:
            least = max(least, self.at_least_per_unit * lowering)
        return not (value < least or (self.at_most is not None and value > self.at_most))


class Way(Part):
    """How long the way out and the way back take at least; ``min_back_s`` is ``min_phase_s`` where it is not given."""

    min_phase_s: Seconds = 0.7
    min_back_s: Seconds | None = None

    def too_fast(self, out_s: float, back_s: float) -> bool:
        """Whether one of the two was done too fast."""
        return out_s < self.min_phase_s or back_s < (self.min_phase_s if self.min_back_s is None else self.min_back_s)


class MovementRule(Way):
    """When a repetition starts, ends and counts.

    ``signal`` finds the movement, ``depth`` measures it. Below ``listed_from`` it is not even an attempt; from
    ``counts_from`` it counts. ``instead`` names faults that explain a missing depth, tried in order before
    'too_shallow'. ``foot_along``: the moving foot must travel at least this % of leg length per unit of movement, in
    any direction, or it is something else. The 90 % interval of the depth is +- hypot(error, error_share x depth); if
    ``depth_error`` names a signal with each picture's standard error, 1.645 times that is included as well.
    """

    signal: str
    depth: str
    start_above: Level
    end_below: Level
    counts_from: Level
    listed_from: Level = 0.0
    min_cycle_s: Seconds = 0.8
    max_cycle_s: float = Field(default=15.0, gt=0, le=LONGEST_CYCLE_S)
    error: float = Field(default=1.0, gt=0, le=100)
    error_share: float = Field(default=0.1, ge=0, le=1)
    depth_error: str | None = None
    foot_along: float = Field(default=0.0, ge=0, le=100)
    instead: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _split(self) -> MovementRule:
        if not self.end_below < self.start_above < self.counts_from:
            raise ValueError("must rise: end_below < start_above < counts_from")
        if self.end_below <= 0:
            raise ValueError(f"'end_below' ({self.end_below}) must be above zero, which is where it rests")
        if self.min_cycle_s >= self.max_cycle_s:
            raise ValueError(f"'min_cycle_s' ({self.min_cycle_s}) must be below 'max_cycle_s' ({self.max_cycle_s})")
        return self


class HoldRule(Way):
    """When a hold starts, ends and counts.

    ``signal`` is the distance from the start posture; ``depth`` measures the stretch, which counts from
    ``counts_from``, and otherwise has ``counts_reason``, if the view is one of ``depth_views`` or more than
    ``depth_beyond_deg`` off side-on; from any other view the distance travelled is used. Fast wandering of ``signal``
    beyond ``unsteady_above`` is unsteadiness. It is too short under ``least_breaths``, or under ``hold_s`` seconds if
    that is given.

    ``start_signal`` must be ``start_at_least`` in the start posture, or the hold is not counted, with
    ``start_reason``. The 90 % interval of the depth is +- ``error``, or +- ``error_elsewhere`` from a view that
    does not show it.
    """

    signal: str
    depth: str
    start_above: Level
    end_below: Level
    counts_from: Level
    counts_reason: Name = "too_shallow"
    depth_views: tuple[View, ...] = ()
    depth_beyond_deg: float = Field(default=180.0, ge=0, le=180)
    least_s: float = Field(default=1.0, ge=0.3, le=30)
    least_breaths: int = Field(default=6, ge=1, le=100)
    most_breaths: int = Field(default=8, ge=1, le=100)
    breath_gap_s: Seconds = 15.0
    hold_s: float | None = Field(default=None, ge=1, le=600)
    unsteady_above: float = Field(default=float("inf"), gt=0)
    start_signal: str | None = None
    start_at_least: Level = 0.0
    start_reason: Name | None = None
    error: float = Field(default=6.0, gt=0, le=180)
    error_elsewhere: float = Field(default=14.0, gt=0, le=180)

    def depth_shown_from(self, view: str | None, angle_deg: float) -> bool:
        """Whether the camera can tell the depth from this view; an unknown view gets the benefit of the doubt."""
        return not self.depth_views or view is None or view in self.depth_views or angle_deg > self.depth_beyond_deg

    @model_validator(mode="after")
    def _rising(self) -> HoldRule:
        if not 0 < self.end_below < self.start_above:
            raise ValueError("must rise: 0 < end_below < start_above")
        if self.least_breaths > self.most_breaths:
            raise ValueError(
                f"'least_breaths' ({self.least_breaths}) must not be above 'most_breaths' ({self.most_breaths})"
            )
        if (self.start_signal is None) != (self.start_reason is None):
            raise ValueError("give both 'start_signal' and 'start_reason', or neither")
        return self
