"""A guided session by script: observations, a judge that says what the script says, and a log of all that was said.

The log holds the keys of the sentences in the order in which they were spoken, and '[stage]' for each new stage.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from coach.definitions.exercise import Exercise
from coach.definitions.programme import Programme, programmes_folder
from coach.errors import ProgrammeFileError
from coach.guide.guide import Guide
from coach.guide.types import GuideMoment
from coach.session.result_builder import ResultBuilder
from coach.toml import read_toml
from coach.types import Cue, Event, Hold, Moment, Movement, Observation, Pose, Side, Status
from tests.guide.people import lying, seen, standing

FPS = 10
COUNTED = ("count", "countdown")
HIKER, STRAP = "hip-hiker", "strap-stretch"


@cache
def _standard() -> dict[str, Any]:
    return read_toml(programmes_folder() / "standard.toml", ProgrammeFileError)


def programme(*blocks: tuple[Any, ...], explained: bool = False, **changes: Any) -> Programme:
    """A programme of (exercise, side, more), the rest as in the standard one, without warm-up and questions.

    explained: how an exercise goes is said in the set-up, as in the standard one.
    """
    standard = _standard() | {"ask_pain": False, "ask_effort": False, "warm_up_s": 0}
    if not explained:
        standard["talk"] = [line for line in standard["talk"] if line["phase"] != "setup"]
    tables = [{"exercise": name, "side": side, **(more[0] if more else {})} for name, side, *more in blocks]
    return Programme.model_validate({**standard, "name": "test", "blocks": tables, **changes})


def movement(number: int, side: Side = "left", **changes: Any) -> Movement:
    """A good repetition."""
    good = Movement(number, side, 0.0, 1.0, 2.0, True, None, (), 10.0, (8.0, 12.0), 1.5, 1.6)
    return replace(good, **changes)


def hold(breaths: int | None, held_s: float = 30.0, side: Side = "left", **changes: Any) -> Hold:
    """A good hold."""
    good = Hold(1, side, 0.0, held_s, breaths, (), 12.0, 0.9, 38.0, True, None, ())
    return replace(good, **changes)


class ScriptedJudge:
    """Says what the theatre says, and keeps it as the real one does."""

    def __init__(self, theatre: Theatre, of: Exercise, side: Side, language: str) -> None:
        self.theatre, self.exercise, self.side, self.language = theatre, of, side, language
        self.builder = ResultBuilder(of)
        self.observations: list[Observation] = []
        self.began_s: list[float] = []

    def watch(self, observation: Observation) -> None:
        """Nothing is made of the set-up."""

    def step(self, observation: Observation) -> Moment:
        self.observations.append(observation)
        line = self.theatre.line
        if observation.pose is None and line["phase"] not in ("nobody", "partial"):
            status = Status(self.exercise.name, self.exercise.kind, "nobody", "nobody", self.side)
            status = replace(status, count=line["count"])
            moment = Moment(observation.t_s, observation, status)
        else:
            moment = self._moment(observation, line)
        self.builder.add(moment)
        return moment

    def _moment(self, observation: Observation, line: dict[str, Any]) -> Moment:
        t_s, cue = observation.t_s, line.pop("cue", None)
        status = Status(
            exercise=self.exercise.name,
            kind=self.exercise.kind,
            phase=line["phase"],
            waiting_for="ready" if line["phase"] == "moving" else line["phase"],
            side=self.side,
            count=line["count"],
            target=self.exercise.target.count,
            held_s=line.get("held_s", 0.0),
            breath_quality=line.get("quality", 0.9),
            breath_phase=line.get("breath_phase", math.nan),
        )
        events = tuple(line.pop("events", ()))
        said = Cue(t_s, cue, self.exercise.say(cue, self.language), 20, ("shoulders",)) if cue else None
        return Moment(t_s, observation, status, events, said)

    def begin(self, t_s: float) -> None:
        self.began_s.append(t_s)

    def finish(self) -> ResultBuilder:
        return self.builder


class Theatre:
    """Plays a script to a Guide, ten frames a second."""

    def __init__(self, of: Programme, start_s: float = 0.0, **options: Any) -> None:
        self.judges: list[ScriptedJudge] = []
        self.line: dict[str, Any] = {"phase": "calibrating", "count": 0}
        self.frame = round(start_s * FPS)
        self.log: list[str] = []
        self.moments: list[GuideMoment] = []
        self.guide = Guide(of, make_judging=self._judge, **{"already_confirmed": True, **options})

    def _judge(self, of: Exercise, side: Side, language: str) -> ScriptedJudge:
        self.judges.append(ScriptedJudge(self, of, side, language))
        self.line = {"phase": "calibrating", "count": 0}
        return self.judges[-1]

    @property
    def now(self) -> GuideMoment:
        """The last moment."""
        return self.moments[-1]

    def heard(self) -> list[str]:
        """What was logged since this was last asked."""
        log, self.log = self.log, []
        return log

    def play(self, seconds: float, pose: Pose | None = None, phase: str = "", count: int = -1, **line: Any) -> Theatre:
        """Show a pose (standing) while the judge says this. cue and events come with the first frame only.

        empty=True shows nobody; people and brightness go to the observation.
        """
        look = {key: line.pop(key) for key in ("people", "brightness", "sharpness") if key in line}
        empty = line.pop("empty", False)
        self.line = {
            "phase": phase or self.line["phase"],
            "count": count if count >= 0 else self.line["count"],
            **line,
        }
        for _ in range(round(seconds * FPS)):
            self.frame += 1
            shown = None if empty else pose or standing()
            self._take(self.guide.step(seen(self.frame / FPS, shown, **look)))
        return self

    def wait(self, seconds: float) -> Theatre:
        """Let time pass without a picture."""
        for _ in range(round(seconds * FPS)):
            self.frame += 1
            self._take(self.guide.tick(self.frame / FPS))
        return self

    def begin(self, pose: Pose | None = None) -> Theatre:
        """Set-up, calibration and countdown, until the exercise has just begun."""
        self.play(2.4, pose)
        self.play(1.9, pose, phase="calibrating")
        self.play(3.4, pose, phase="ready", count=0)
        assert self.now.stage == "exercise", self.log
        return self

    def repeat(self, numbers: Iterable[int], **changes: Any) -> Theatre:
        """Counted repetitions, three seconds each."""
        for number in numbers:
            event = Event(self.frame / FPS, "movement", movement=movement(number, **changes), number=number)
            self.play(2.0, phase="moving")
            self.play(1.0, phase="ready", count=number, events=[event])
        return self

    def breathe(self, numbers: Iterable[int], pose: Pose | None = None, since_s: float = 0.0) -> Theatre:
        """Counted breaths of a hold, four seconds each."""
        for number in numbers:
            self.play(4.0, pose or lying(), phase="holding", count=number, held_s=since_s + 4.0 * number)
        return self

    def _take(self, moment: GuideMoment) -> None:
        if not self.moments or moment.stage != self.moments[-1].stage:
            self.log.append(f"[{moment.stage}]")
        for speech in moment.say:
            self.log.append(f"{speech.key} {speech.text}" if speech.key in COUNTED else speech.key)
        self.moments.append(moment)
