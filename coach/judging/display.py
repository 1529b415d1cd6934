"""What both kinds of judge display: the needles, and the view of the person."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

from coach.definitions.exercise import Exercise
from coach.judging.camera_view import CameraView, advice
from coach.types import Gauge, Side, Signals, Status


class Display:
    """The latest signals, over which needles are smoothed."""

    def __init__(self, exercise: Exercise, over_s: float) -> None:
        self._exercise = exercise
        self._over_s = over_s
        self._lately: deque[tuple[float, Mapping[Side, Signals]]] = deque()

    def add(self, t_s: float, signals: Mapping[Side, Signals]) -> None:
        """Take the signals of one picture, in order of time."""
        self._lately.append((t_s, signals))
        while t_s - self._lately[0][0] > self._over_s:
            self._lately.popleft()

    def value(self, name: str, side: Side) -> float:
        """A signal's recent mean; NaN if it was not measured."""
        values = [found[side][name] for _, found in self._lately if side in found]
        known = [value for value in values if math.isfinite(value)]
        return sum(known) / len(known) if known else math.nan

    def status(self, phase: str, side: Side | None, measured: Side | None, view: CameraView | None) -> Status:
        """What to show now; a judge adds its count. measured: the side whose signals are shown, or None: before
        anything can be measured, every needle is still.
        """
        name = view.name if view else None

        def shown(signal: str) -> float:
            if measured is None or not self._exercise.shown_from(signal, name):
                return float("nan")
            return self.value(signal, measured)

        return Status(
            exercise=self._exercise.name,
            kind=self._exercise.kind,
            phase=phase,
            waiting_for=phase,
            side=side,
            target=self._exercise.target.count,
            gauges=tuple(
                Gauge(each.signal, each.label, shown(each.signal), each.unit, each.low, each.high, each.target)
                for each in self._exercise.gauges
            ),
            view_angle_deg=view.angle_deg if view else float("nan"),
            view_advice=advice(self._exercise, view) if view else None,
        )
