"""Whether the person is present in the exercise's posture, and since when not. Time is passed in."""

from __future__ import annotations

from coach.definitions.exercise import Exercise
from coach.judging.presence import Presence, presence
from coach.kinematics.body import lies
from coach.types import Event, Observation


class Attendance:
    """Follows one person for one exercise.

    absent_s: after this long out of sight they count as lost; until then nothing changes.
    there: how they were last seen; lost: whether they are away, as at the beginning.
    """

    def __init__(self, exercise: Exercise, absent_s: float) -> None:
        self._exercise = exercise
        self._absent_s = absent_s
        self._seen_s = float("nan")
        self.there: Presence = "nobody"
        self.lost = True

    def step(self, observation: Observation) -> Event | None:
        """Take one observation, in order of time; returns whether the person came back, or was lost."""
        t_s = observation.t_s
        self.there = self._presence(observation)
        if self.there == "here":
            self._seen_s = t_s
            if self.lost:
                self.lost = False
                return Event(t_s, "returned")
        elif not self.lost and not t_s - self._seen_s < self._absent_s:
            self.lost = True
            return Event(t_s, "lost", detail=self.there)
        return None

    def _presence(self, observation: Observation) -> Presence:
        """A person in full view who lies instead of standing, or vice versa, counts as partly present."""
        there = presence(observation, self._exercise.camera.needs)
        if there != "here" or observation.pose is None:
            return there
        return "here" if lies(observation.pose) != (self._exercise.posture == "upright") else "partial"
