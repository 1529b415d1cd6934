"""What a physiotherapist asks of one exercise on one side, and the exercise as that makes it.

A ``[[blocks]]`` table of a programme may say more than how often: how deep, how slowly, for how long, with what load.
``prescribed`` puts all of it into the exercise that is then judged, shown and reported; ``asked`` says it in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from coach.definitions.exercise import Exercise
from coach.i18n.catalog import WordTable
from coach.toml import Part
from coach.units import unit_of

# Asked are 2 seconds each way, and under 1.2 is too fast; what else is asked keeps that share.
TEMPO_SHARE = 0.6
LONGEST_CYCLE_SHARE = 0.8  # of the longest movement that is judged: a slow day must still fit

Depth = Annotated[float, Field(ge=0, le=120)]
WaySeconds = Annotated[float, Field(ge=0.5, le=10)]
Unit = Literal["reps", "breaths", "seconds"]


class Progression(Part):
    """When to ask for more, and how far: the therapist's own rule.

    After so many ``sessions`` in a row with at least ``as_asked`` of ten repetitions as asked, pain of at most ``pain``
    and an effort of at most ``effort`` (CR10), ``more`` is proposed, and never more than ``up_to`` in all.
    """

    sessions: int = Field(default=2, ge=1, le=20)
    as_asked: int = Field(default=9, ge=1, le=10)
    pain: int = Field(default=2, ge=0, le=5)
    effort: int = Field(default=5, ge=0, le=10)
    more: int = Field(ge=1, le=30)
    up_to: int = Field(ge=2, le=300)


class Prescription(Part):
    """What is asked for; what is not said is as the exercise's own file has it.

    depth: from where to where the movement aims, in the unit of the exercise's depth. least_depth: from there on it
    counts. tempo_s: seconds of the way out and of the way back. hold_s: instead of ``breaths``.
    """

    reps: int | None = Field(default=None, ge=1, le=100)
    breaths: int | None = Field(default=None, ge=1, le=30)
    hold_s: int | None = Field(default=None, ge=5, le=300)
    depth: tuple[Depth, Depth] | None = None
    least_depth: Depth | None = None
    tempo_s: tuple[WaySeconds, WaySeconds] | None = None
    load_kg: float | None = Field(default=None, gt=0, le=100)
    step_cm: float | None = Field(default=None, ge=2, le=40)
    note: str = Field(default="", max_length=200)
    progress: Progression | None = None

    @model_validator(mode="after")
    def _fits(self) -> Prescription:
        counts = [name for name in ("reps", "breaths", "hold_s") if getattr(self, name) is not None]
        if len(counts) > 1:
            raise ValueError(f"give only one of {', '.join(f'{name!r}' for name in counts)}")
        if self.depth is not None and not self.depth[0] < self.depth[1]:
            raise ValueError("depth: its first number must be below its second")
        if self.depth is not None and self.least_depth is not None and self.least_depth > self.depth[0]:
            raise ValueError(f"'least_depth' ({self.least_depth:g}) must not be above 'depth' ({self.depth[0]:g})")
        if self.note != self.note.strip() or "\n" in self.note:
            raise ValueError("note: one line, without blanks at its ends")
        return self

    def unit(self, exercise: Exercise) -> Unit:
        """What is counted."""
        if exercise.hold is None:
            return "reps"
        return "seconds" if self.hold_s is not None else "breaths"

    def most(self, exercise: Exercise) -> int:
        """How many repetitions, breaths or seconds at most, as the file says."""
        if exercise.hold is None:
            return self.reps or exercise.target.count
        return self.hold_s or self.breaths or exercise.hold.most_breaths

    def with_count(self, exercise: Exercise, count: int) -> dict[str, Any]:
        """The key and value that ask for so many."""
        return {{"reps": "reps", "breaths": "breaths", "seconds": "hold_s"}[self.unit(exercise)]: count}


def misfits(asked: Prescription, exercise: Exercise) -> Iterator[str]:
    """What of it the exercise cannot do, each with its key."""
    rule = exercise.movement or exercise.hold
    assert rule is not None
    if exercise.hold is None and (asked.breaths is not None or asked.hold_s is not None):
        key = "breaths" if asked.breaths is not None else "hold_s"
        yield f"{key}: {exercise.name} is repeated; give 'reps'"
    if exercise.hold is not None and asked.reps is not None:
        yield f"reps: {exercise.name} is held; give 'breaths' or 'hold_s'"
    # How far a hold's signal goes is no depth: only a movement begins at one.
    begins = exercise.movement.start_above if exercise.movement is not None else 0.0
    if asked.least_depth is not None and asked.least_depth <= begins:
        yield f"least_depth: must be above {begins:g}, where a movement begins"
    least = rule.counts_from if asked.least_depth is None else asked.least_depth
    if asked.depth is not None and asked.depth[0] < least:
        yield f"depth: must not begin below {least:g}, from where on it counts"
    if asked.depth is None and asked.least_depth is not None and asked.least_depth > exercise.target.depth[0]:
        yield f"least_depth: is above {exercise.target.depth[0]:g}, at which the exercise aims; give 'depth' too"
    if asked.tempo_s is not None and exercise.movement is not None:
        longest = LONGEST_CYCLE_SHARE * exercise.movement.max_cycle_s
        if sum(asked.tempo_s) > longest:
            yield f"tempo_s: both ways together must not take more than {longest:g} s"
    if asked.step_cm is not None and not exercise.on_a_step:
        yield f"step_cm: {exercise.name} is not done on a step"
    if asked.progress is not None and asked.progress.up_to <= asked.most(exercise):
        yield f"progress.up_to: must be above {asked.most(exercise)}, where it begins"


def prescribed(
    exercise: Exercise, asked: Prescription, words: Mapping[str, Mapping[str, str]] | None = None
) -> Exercise:
    """The exercise as it is asked for. words: of the programme, by language; without them only its numbers change.

    Raises nothing: what does not fit is found by ``misfits``.
    """
    most = asked.most(exercise)
    target: dict[str, Any] = {"count": most if exercise.hold is None else min(most, exercise.target.count)}
    rule: dict[str, Any] = {}
    if exercise.hold is not None and asked.unit(exercise) == "breaths":
        rule = {"least_breaths": min(most, exercise.hold.least_breaths), "most_breaths": most}
    elif exercise.hold is not None:
        rule, target = {"hold_s": float(most)}, {}
    if asked.depth is not None:
        target["depth"] = asked.depth
    if asked.least_depth is not None:
        rule["counts_from"] = asked.least_depth
    if asked.tempo_s is not None:
        out_s, back_s = (TEMPO_SHARE * way_s for way_s in asked.tempo_s)
        rule |= {"min_phase_s": out_s, "min_back_s": back_s}
    kind = "hold" if exercise.hold is not None else "movement"
    of = exercise.hold or exercise.movement
    assert of is not None
    changed: dict[str, Any] = {
        "target": exercise.target.model_copy(update=target),
        kind: of.model_copy(update=rule),
        "gauges": _gauges(exercise, asked, of.depth),
    }
    changed |= _in_words(exercise, asked, words or {})
    return exercise.model_copy(update=changed)


def _gauges(exercise: Exercise, asked: Prescription, depth: str) -> tuple[Any, ...]:
    """The needle of the depth aims where it is asked to, on a scale that reaches there."""
    if asked.depth is None:
        return exercise.gauges
    low, high = asked.depth
    return tuple(
        gauge.model_copy(update={"target": (low, high), "low": min(gauge.low, low), "high": max(gauge.high, high)})
        if gauge.signal == depth
        else gauge
        for gauge in exercise.gauges
    )


def _in_words(exercise: Exercise, asked: Prescription, words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What is said and read of it: the tempo, and how long it is held, in every language of the programme."""
    said = {language: dict(table) for language, table in exercise.words.items()}
    about = dict(exercise.about)
    changed: dict[str, Any] = {}
    for language, table in words.items():
        here = WordTable(language, table)
        own: dict[str, str] = {}
        if asked.tempo_s is not None:
            own["tempo"] = tempo_text(asked.tempo_s, exercise, here)
            if language in said:
                said[language]["too_fast"] = here("too_fast_asked", tempo=own["tempo"])
        if asked.hold_s is not None:
            own |= {"amount": here("amount_seconds", count="{count}"), "amount_one": ""}
        if language == "en":
            changed |= own
        elif language in about:
            about[language] = about[language].model_copy(update=own)
    return {**changed, "words": said, "about": about}


def tempo_text(tempo_s: tuple[float, float], exercise: Exercise, words: WordTable) -> str:
    """Such as '3 seconds down, 2 seconds up'."""
    out, back = (words.number(way_s, 0 if way_s == int(way_s) else 1) for way_s in tempo_s)
    return words(f"tempo_{exercise.posture}", out=out, back=back)


def asked_for(asked: Prescription, exercise: Exercise, words: WordTable) -> tuple[tuple[str, str], ...]:
    """What is asked beyond how often, each as the key of its sentence and its words."""

    def number(value: float) -> str:
        return words.number(value, 0 if value == int(value) else 1)

    lines: list[tuple[str, str]] = []
    if asked.step_cm is not None:
        lines.append(("asked_step", words("asked_step", height=number(asked.step_cm))))
    if asked.load_kg is not None:
        lines.append(("asked_load", words("asked_load", load=number(asked.load_kg))))
    if asked.tempo_s is not None:
        lines.append(("asked_tempo", words("asked_tempo", tempo=tempo_text(asked.tempo_s, exercise, words))))
    if asked.hold_s is not None:
        lines.append(("asked_hold", words("asked_hold", seconds=asked.hold_s)))
    if asked.depth is not None:
        low, high = (number(end) for end in asked.depth)
        unit = unit_of(exercise.depth_name).symbol
        lines.append(("asked_depth", words("asked_depth", low=low, high=high, unit=unit)))
    if asked.note:
        lines.append(("asked_note", asked.note))
    return tuple(lines)
