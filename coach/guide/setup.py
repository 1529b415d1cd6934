"""The set-up: when every check has passed for two seconds, the exercise starts by itself."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from coach.definitions.programme_messages import Messages
from coach.guide.plan import Task
from coach.guide.setup_checks import CHECKS, UNKNOWN, Finding, Measured
from coach.guide.types import Check, CheckName, CheckState
from coach.types import Observation

WINDOW_S = 1.5  # what the checks look back on
DWELL_S = 0.4  # a check changes its finding only after this long
PASS_S = 2.0  # how long everything must pass
PATIENCE_S = 12.0  # after this, advice that is not followed is dropped
STATES: dict[bool | None, CheckState] = {True: "ok", False: "not_ok", None: "unknown"}


class Latch:
    """A finding that changes only once the new one has lasted."""

    def __init__(self) -> None:
        self.finding = UNKNOWN
        self._since_s: float | None = None
        self._other: bool | None = None
        self._first = True

    def step(self, t_s: float, finding: Finding) -> Finding:
        """Take the current finding and return the stable one."""
        if self._first or finding.ok == self.finding.ok:
            self._first = False
            self.finding, self._since_s = finding, None
        elif self._since_s is None or finding.ok != self._other:
            self._since_s, self._other = t_s, finding.ok
        elif t_s - self._since_s >= DWELL_S:
            self.finding, self._since_s = finding, None
        return self.finding


@dataclass(frozen=True, slots=True)
class SetupState:
    """The state of the set-up. remedy: key of the one thing to do. compromised: advice that was dropped."""

    checks: tuple[Check, ...]
    progress: float
    passed: bool
    remedy: str
    compromised: tuple[CheckName, ...]


class Setup:
    """Follows the checks for one task, from observations in order of time."""

    def __init__(self, task: Task, words: Messages) -> None:
        self._task = task
        self._words = words
        self._recent: deque[Measured] = deque()
        self._latches: dict[CheckName, Latch] = {name: Latch() for name in CHECKS}
        self._passing_since_s: float | None = None
        self._advising_s = 0.0
        self._last_s = math.nan

    def step(self, observation: Observation) -> SetupState:
        """Update the checks with one more observation."""
        t_s = observation.t_s
        self._recent.append(Measured.of(observation))
        while t_s - self._recent[0].observation.t_s > WINDOW_S:
            self._recent.popleft()
        findings = {name: self._find(name, t_s) for name in CHECKS}
        failing = [name for name, finding in findings.items() if finding.ok is False]
        blocked = any(findings[name].blocking for name in failing) or findings["person"].ok is not True
        self._wait(t_s, advising=bool(failing) and not blocked)
        patient = self._advising_s < PATIENCE_S
        if blocked or (failing and patient):
            self._passing_since_s = None
        elif self._passing_since_s is None:
            self._passing_since_s = t_s
        passed_s = 0.0 if self._passing_since_s is None else t_s - self._passing_since_s
        remedy = self._remedy(findings, failing) if blocked or patient else ""
        return SetupState(
            checks=tuple(self._check(name, finding) for name, finding in findings.items()),
            progress=min(1.0, passed_s / PASS_S),
            passed=passed_s >= PASS_S,
            remedy=self._standing_safely(remedy),
            compromised=() if blocked or patient else tuple(failing),
        )

    def _find(self, name: CheckName, t_s: float) -> Finding:
        latch = self._latches[name]
        slack = 1.0 if latch.finding.ok else 0.0
        return latch.step(t_s, CHECKS[name](self._recent, self._task, slack))

    def _wait(self, t_s: float, advising: bool) -> None:
        if advising and math.isfinite(self._last_s):
            self._advising_s += t_s - self._last_s
        self._last_s = t_s

    def _remedy(self, findings: dict[CheckName, Finding], failing: list[CheckName]) -> str:
        """The first blocking one, else the first. If nobody is seen in the dark, light comes first."""
        if "light" in failing and "person" in failing:
            return findings["light"].remedy
        blocking = [name for name in failing if findings[name].blocking]
        return next((findings[name].remedy for name in (*blocking, *failing)), "")

    def _check(self, name: CheckName, finding: Finding) -> Check:
        label = f"check_posture_{self._task.exercise.posture}" if name == "posture" else f"check_{name}"
        remedy = self._words(self._standing_safely(finding.remedy)) if finding.ok is False else ""
        return Check(name, self._words(label), STATES[finding.ok], remedy, finding.blocking)

    def _standing_safely(self, remedy: str) -> str:
        """The remedy for a person on a step, who must step down before moving the camera."""
        return f"{remedy}_step" if self._task.exercise.on_a_step and f"{remedy}_step" in self._words else remedy
