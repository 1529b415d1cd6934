"""Moments to the result: verdicts of each exercise's judge are collected, sorted into sets and written down."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from coach.definitions.exercise import Exercise
from coach.i18n.result_notes import BEGUN, LYING, NOT_ANY, NOT_IT, Note, sentences
from coach.kinematics.body import lies
from coach.session.picture_trust import HEADLESS
from coach.session.result import SCHEMA, HoldItem, MovementItem, Result, SetItem, ViewItem
from coach.session.result_items import listed, set_item, summed
from coach.session.sets import AWAY_S, Attempt, Set, cue_spans, evidence, numbered, one_set, recognised, sets_of
from coach.session.walking import WalkingDetector
from coach.to_json import as_text, number, whole
from coach.types import Cue, Event, Hold, Moment, Movement, Side

ABSENT = ("nobody", "partial")  # phases in which the person cannot be judged
NONE_OF_IT = Note("none_of_it")


class ResultBuilder:
    """Collects the verdicts of one exercise's judge. Memory grows with repetitions and cues, not with frames.

    named: whether the user named this exercise. If not, there must be evidence for it, or the result names no exercise
    and lists nothing.
    """

    def __init__(self, exercise: Exercise, named: bool = False) -> None:
        self.exercise = exercise
        self.named = named
        self.notes: tuple[Note, ...] = ()  # until it is over nothing is known to have been wrong with the picture
        self.movements: list[Movement] = []
        self.holds: list[Hold] = []
        self.cues: list[Cue] = []
        self.frames = 0
        self.seen = 0
        self.other_posture = 0  # pictures in which the person lay where the exercise is done upright, or the reverse
        self.first_s = math.nan
        self.last_s = math.nan
        self.away: list[tuple[float, float]] = []  # when the person was away for long, or walked
        self.phase_s: dict[str, float] = {}  # how long each phase lasted, in all
        self.asked: Side | None = None  # the side that was asked for, where it was done on the other one
        self._views: list[tuple[float, ViewItem]] = []
        self._absent_s = math.nan
        self._walking = WalkingDetector()

    def add(self, moment: Moment) -> None:
        """Take one moment."""
        t_s, status, pose = moment.t_s, moment.status, moment.observation.pose
        self.frames += 1
        if pose is not None:
            self.seen += 1
            self.other_posture += lies(pose) == (self.exercise.posture == "upright")
        self.first_s = t_s if math.isnan(self.first_s) else self.first_s
        lasted_s = 0.0 if math.isnan(self.last_s) else t_s - self.last_s
        self.phase_s[status.phase] = self.phase_s.get(status.phase, 0.0) + lasted_s
        self.last_s = t_s
        if status.phase not in ABSENT:
            if t_s - self._absent_s >= AWAY_S:
                self.away.append((self._absent_s, t_s))
            self._absent_s = math.nan
        elif math.isnan(self._absent_s):
            self._absent_s = t_s
        walk = self._walking.step(t_s, pose)
        if walk is not None:
            self.away.append(walk)
        if moment.cue is not None:
            self.cues.append(moment.cue)
        if math.isfinite(status.view_angle_deg):
            view: ViewItem = {"angle_deg": whole(status.view_angle_deg), "advice": status.view_advice}
            if not self._views or self._views[-1][1] != view:
                self._views.append((t_s, view))
        self.close(moment.events)

    def close(self, events: Iterable[Event]) -> None:
        """Take the final events, which have no frame."""
        for event in events:
            if event.name == "other_side":
                self.asked = event.side
            if event.movement is not None:
                self.movements.append(event.movement)
            if event.hold is not None:
                self.holds.append(event.hold)

    def attempts(self) -> list[Attempt]:
        """Every movement and hold."""
        telling = {fault.name for fault in self.exercise.faults}
        if self.exercise.hold is not None:
            telling.add(self.exercise.hold.counts_reason)
        done: list[Movement | Hold] = [*self.movements, *self.holds]
        return [Attempt(self.exercise.name, item, item.uncounted_reason in telling) for item in done]

    @property
    def in_another_posture(self) -> bool:
        """Whether the person mostly lay where the exercise is done upright, or the reverse."""
        return self.other_posture > self.seen / 2

    def view(self, at_s: float = math.inf) -> ViewItem:
        """The view at this time: as last measured until then."""
        known = [view for t_s, view in self._views if t_s <= at_s] or [view for _, view in self._views[:1]]
        return known[-1] if known else {"angle_deg": None, "advice": None}

    def recognised(self) -> bool:
        """Whether there is evidence for the exercise."""
        return recognised(self.attempts())

    def evidence(self) -> float:
        """How strong the evidence is that this exercise is the one being done."""
        return evidence(self.attempts())

    def result(
        self, source: str, duration_s: float | None = None, single: bool = False, notes: Sequence[str] = ()
    ) -> Result:
        """The result if only this exercise was judged; see ``Outcome.result``."""
        return Outcome.of([self], self.cues).result(source, duration_s, single, notes)


@dataclass(frozen=True, eq=False)
class Outcome:
    """The final outcome, from one builder per exercise that was looked for.

    builders: all have seen the same frames. cues: what was said. sets: in order of time, with numbered movements and
    holds. notes: on what kept small movements from being followed. recorded: nobody could be told to stand still.
    """

    builders: tuple[ResultBuilder, ...]
    cues: tuple[Cue, ...]
    sets: tuple[Set, ...]
    notes: tuple[Note, ...] = ()
    recorded: bool = False

    @classmethod
    def of(cls, builders: Sequence[ResultBuilder], cues: Iterable[Cue], notes: Iterable[Note] = ()) -> Outcome:
        """Sort the judges' findings into sets."""
        attempts = [each for builder in builders for each in builder.attempts()]
        asked = {builder.asked for builder in builders} - {None}
        notes = [*notes, *(Note(f"other_side_{side}") for side in asked if not attempts)]
        named = frozenset(builder.exercise.name for builder in builders if builder.named)
        away = {builder.exercise.name: builder.away for builder in builders}
        return cls(tuple(builders), tuple(cues), tuple(numbered(sets_of(attempts, away, named))), tuple(notes))

    def widened(self, by: float) -> Outcome:
        """The same with every depth's interval widened by this much on either side, because of its video."""

        def wider(attempt: Attempt) -> Attempt:
            low, high = attempt.item.depth_interval
            return replace(attempt, item=replace(attempt.item, depth_interval=(low - by, high + by)))

        sets = (replace(one, attempts=tuple(wider(each) for each in one.attempts)) for one in self.sets)
        return replace(self, sets=tuple(sets))

    def as_one_set(self) -> Outcome:
        """The same as a single set, if its start and end were decided elsewhere."""
        return replace(self, sets=tuple(one_set([each for one in self.sets for each in one.attempts])))

    def of_video(self) -> Outcome:
        """The same of a recorded video, with a note where one exercise was named and something else was done: in front
        of a camera the person is told so at once."""
        only, video = self.builders[0], replace(self, recorded=True)
        if len(self.builders) > 1 or not only.named or not only.seen or only.attempts():
            return video
        otherwise = only.in_another_posture or video._missing(only) == NOT_IT
        return replace(video, notes=(*self.notes, NONE_OF_IT)) if otherwise else video

    @property
    def exercise(self) -> Exercise:
        """The exercise with the most evidence; if none was found, the one with the most attempts."""
        return max(self.builders, key=lambda each: (self._evidence(each), each.evidence())).exercise

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Exercises that have a set, the one with the most evidence first; without any set, just the main one."""
        done = [each for each in self.builders if any(one.exercise == each.exercise.name for one in self.sets)]
        return tuple(each.exercise for each in sorted(done, key=lambda each: -self._evidence(each))) or (self.exercise,)

    @property
    def movements(self) -> list[Movement]:
        """Every repetition of every set, in order of time."""
        done = [each.item for one in self.sets for each in one.attempts if isinstance(each.item, Movement)]
        return sorted(done, key=lambda item: item.number)

    @property
    def holds(self) -> list[Hold]:
        """Every hold of every set, in order of time."""
        done = [each.item for one in self.sets for each in one.attempts if isinstance(each.item, Hold)]
        return sorted(done, key=lambda item: item.number)

    def result(
        self, source: str, duration_s: float | None = None, single: bool = False, notes: Sequence[str] = ()
    ) -> Result:
        """The JSON contract as a dictionary of plain values; NaN becomes None.

        single: treat it as one set, whatever the pauses. notes: sentences about the video.
        """
        if single:
            return self.as_one_set().result(source, duration_s, notes=notes)
        first = self.builders[0]
        main = next(each for each in self.builders if each.exercise is self.exercise)
        done = bool(self.sets) or main.named
        span = first.last_s - first.first_s
        movements, holds = listed(self.sets, {each.exercise.name: each.exercise for each in self.builders})
        return {
            "schema": SCHEMA,
            "source": as_text(source),
            "exercise": main.exercise.name if done else None,
            "duration_s": number(first.last_s if duration_s is None else duration_s, 2),
            "analysed_fps": number((first.frames - 1) / span if span > 0 else math.nan, 1),
            "seen_ratio": number(first.seen / first.frames if first.frames else math.nan, 3),
            "notes": list(notes),
            "view": main.view() if self._counted else self._what_was_missing(main.view()),
            "sets": self._sets(movements, holds),
            "movements": movements,
            "holds": holds,
            "summary": summed(movements, holds, self._target(), self.cues if done else ()),
        }

    @property
    def _counted(self) -> bool:
        done: list[Movement | Hold] = [*self.movements, *self.holds]
        return any(item.counted for item in done)

    def _evidence(self, builder: ResultBuilder) -> float:
        return evidence(each for one in self.sets if one.exercise == builder.exercise.name for each in one.attempts)

    def _target(self) -> int | None:
        """Target of repetitions per set of the exercise done; None if none has repetitions."""
        of = next((each for each in self.exercises if each.kind == "repetitions"), None)
        return of.target.count if of is not None else None

    def _sets(self, movements: Sequence[MovementItem], holds: Sequence[HoldItem]) -> list[SetItem]:
        builders = {each.exercise.name: each for each in self.builders}
        data: list[SetItem] = []
        for i, (one, (since_s, until_s)) in enumerate(zip(self.sets, cue_spans(self.sets), strict=True)):
            builder = builders[one.exercise]
            ours = [each for each in movements if each["set"] == i + 1]
            held = [each for each in holds if each["set"] == i + 1]
            cues = [cue for cue in self.cues if since_s <= cue.t_s < until_s]
            of = builder.exercise
            target = of.target.count if of.kind == "repetitions" else None
            span = (round(float(one.start_s), 2), round(float(one.end_s), 2))
            view, summary = builder.view(one.end_s), summed(ours, held, target, cues)
            data.append(set_item(i + 1, one.exercise, one.side, span, of.kind, held, view, summary))
        return data

    def _what_was_missing(self, view: ViewItem) -> ViewItem:
        """Why nothing counted although somebody was seen, as the view's advice."""
        if NONE_OF_IT in self.notes:
            return {"angle_deg": view["angle_deg"], "advice": None}
        near = max(self.builders, key=_here_s)
        missing = self._missing(near)
        if missing is None:
            return view
        if missing == BEGUN:
            view = near.view()
        sentence = sentences([missing])[0] if isinstance(missing, Note) else near.exercise.words["en"][missing]
        advice = sentence if view["advice"] is None else f"{sentence} {view['advice']}"
        return {"angle_deg": view["angle_deg"], "advice": advice}

    def _missing(self, near: ResultBuilder) -> Note | str | None:
        """As a note, or a key of the exercise's words; None if nobody was seen, or a note of the outcome says it."""
        reasons = Counter(each.item.uncounted_reason for each in near.attempts())
        if not near.seen:
            return None
        if _here_s(near) <= near.phase_s.get("partial", 0.0):
            return "partial"
        if any(note != HEADLESS for note in self.notes):  # which makes left and right unsure, and nothing else
            return None
        nothing = NOT_IT if len(self.builders) == 1 else NOT_ANY
        if reasons:
            reason = str(reasons.most_common(1)[0][0])
            return reason if reason in near.exercise.words["en"] else nothing
        if near.phase_s.get("opening", 0.0) > 0:
            return BEGUN
        if not self.recorded and near.phase_s.get("calibrating", 0.0) > _here_s(near) / 2:
            return "calibrating"
        lay = near.exercise.posture == "lying" and not near.in_another_posture
        return LYING if lay and not near.phase_s.get("raised", 0.0) else nothing


def _here_s(builder: ResultBuilder) -> float:
    """How long the person could be judged."""
    return sum(s for phase, s in builder.phase_s.items() if phase not in ABSENT)
