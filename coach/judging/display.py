"""What both kinds of judge display: the needles, and the view of the person."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from functools import lru_cache

from coach.definitions.exercise import Exercise
from coach.judging.camera_view import CameraView, advice
from coach.types import Gauge, Side, Signals, Status


class Display:
    """The latest signals, over which needles are smoothed."""

    def __init__(self, exercise: Exercise, over_s: float) -> None:
        self._exercise = exercise
        self._over_s = over_s
        self._lately: deque[tuple[float, Mapping[Side, Signals]]] = deque()
        self._seen_from = lru_cache(maxsize=4)(self._of_view)  # asked at every picture, and a view stays for long

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

    def status(
        self,
        phase: str,
        waiting_for: str,
        count: int,
        side: Side | None,
        measured: Side | None,
        view: CameraView | None,
    ) -> Status:
        """What to show now. measured: the side whose signals are shown, or None: before anything can be measured, every
        needle is still.
        """
        told, say = self._seen_from(view)

        def shown(signal: str) -> float:
            return math.nan if measured is None or signal not in told else self.value(signal, measured)

        return Status(
            exercise=self._exercise.name,
            kind=self._exercise.kind,
            phase=phase,
            waiting_for=waiting_for,
            side=side,
            count=count,
            target=self._exercise.target.count,
            gauges=tuple(
                Gauge(each.signal, each.label, shown(each.signal), each.unit, each.low, each.high, each.target)
                for each in self._exercise.gauges
            ),
            view_angle_deg=view.angle_deg if view else float("nan"),
            view_advice=say,
        )

    def _of_view(self, view: CameraView | None) -> tuple[frozenset[str], str | None]:
        """The signals whose needles can be shown from a view, and what to say of it."""
        signals = {each.signal for each in self._exercise.gauges}
        if view is None:
            return frozenset(signals), None
        told = frozenset(s for s in signals if self._exercise.shown_from(s, view.name, view.angle_deg))
        return told, advice(self._exercise, view)
