"""Bodies worth drawing, found among the Moments as they pass. Memory grows with what was done, not with frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

import numpy as np

from coach.definitions.exercise import Exercise
from coach.session.snapshot import Snapshot, snapshot
from coach.session.timeline import KeyKind, KeyMoment
from coach.types import Event, FloatArray, Hold, Moment, Movement, Picture, Side, Signals

# The last two minutes, and skeletons of five a second, are kept until an event says which of them matters.
RECENT_S = 120.0
RECENT_STEP_S = 0.2


class KeyMoments:
    """Collects the key moments of a session.

    exercises: those that may be done; their rules say when a fault was at its worst. pictures: keep small pictures,
    too; ``add`` must then be given the frame's picture.
    """

    def __init__(self, exercises: Iterable[Exercise] = (), pictures: bool = False) -> None:
        self._exercises = {exercise.name: exercise for exercise in exercises}
        self._exercise: Exercise | None = None
        self._pictures = pictures
        self._found: list[KeyMoment] = []
        self._bodies: deque[tuple[float, FloatArray, Snapshot | None]] = deque()
        self._watched = {fault.signal for exercise in exercises for fault in exercise.faults}
        self._signals: deque[tuple[float, Mapping[Side, Mapping[str, float]]]] = deque()
        self._size_px = (0, 0)

    @property
    def found(self) -> tuple[KeyMoment, ...]:
        """Those so far."""
        return tuple(self._found)

    def drop(self) -> None:
        """Forget those so far; what is recent stays known."""
        self._found = []

    def add(self, moment: Moment, rgb: Picture | None = None) -> None:
        """Take one moment, in order of time."""
        self._size_px = moment.observation.size_px
        self._exercise = self._exercises.get(moment.status.exercise)
        self._remember(moment, rgb)
        self.add_events(moment.events)

    def add_events(self, events: Iterable[Event]) -> None:
        """Take events, including those after the last frame."""
        for event in events:
            if event.movement is not None:
                m = event.movement
                self._keep("deepest", m.peak_s, m.side, m.number, m.uncounted_reason or "")
                self._keep_faults(m)
            elif event.hold is not None:
                h = event.hold
                self._keep("hold", (h.start_s + h.end_s) / 2, h.side, h.number, h.uncounted_reason or "")
                self._keep_faults(h)
            elif event.name == "fault_began":
                self._keep("fault", event.t_s, event.side, 0, event.detail)

    def _remember(self, moment: Moment, rgb: Picture | None) -> None:
        t_s, pose = moment.t_s, moment.observation.pose
        # Their values alone: signals that are measured when asked for hold the whole pose.
        self._signals.append((t_s, {side: _values(of, self._watched) for side, of in moment.signals.items()}))
        while self._signals[0][0] < t_s - RECENT_S:
            self._signals.popleft()
        if pose is None or (self._bodies and t_s - self._bodies[-1][0] < RECENT_STEP_S):
            return
        picture = snapshot(rgb, pose.xy_px) if self._pictures and rgb is not None else None
        self._bodies.append((t_s, pose.xy_px, picture))
        while self._bodies[0][0] < t_s - RECENT_S:
            self._bodies.popleft()

    def _keep_faults(self, done: Movement | Hold) -> None:
        """The moment of each fault: when its signal was furthest from its value at the movement's start."""
        shown = {key.detail for key in self._found if key.kind == "fault" and done.start_s <= key.t_s <= done.end_s}
        for name in done.faults:
            rule = self._exercise.fault(name) if self._exercise else None
            if rule is None or name in shown:
                continue
            course = [
                (t_s, signals[done.side][rule.signal])
                for t_s, signals in self._signals
                if done.start_s <= t_s <= done.end_s and rule.signal in signals.get(done.side, {})
            ]
            course = [(t_s, value) for t_s, value in course if np.isfinite(value)]
            if not course:
                continue
            start, sign = course[0][1], -1.0 if rule.below is not None else 1.0
            worst = max(course, key=lambda at: abs(at[1] - start) if rule.either_way else sign * at[1])
            self._keep("fault", worst[0], done.side, done.number, name)

    def _keep(self, kind: KeyKind, t_s: float, side: Side | None, number: int, detail: str) -> None:
        if not self._bodies:
            return
        found_s, xy_px, picture = min(self._bodies, key=lambda item: abs(item[0] - t_s))
        if abs(found_s - t_s) < 1.0:
            # A copy: in a recording a body is part of hundreds, which would all stay in memory.
            self._found.append(KeyMoment(t_s, kind, side, number, detail, self._size_px, xy_px.copy(), picture))


def _values(signals: Signals, names: Iterable[str]) -> dict[str, float]:
    return {name: signals.values[name] for name in names if name in signals.values}
