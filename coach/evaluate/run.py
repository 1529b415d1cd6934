"""The findings of one evaluation, also as plain data. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from coach import __version__
from coach.evaluate.complaints import complaints
from coach.evaluate.leave_one_out import Refit, refitted
from coach.evaluate.metrics import FaultFigure, Figure, all_faults, depths_of, fault_figures, figures
from coach.evaluate.people import group_people
from coach.evaluate.quantities import Agreement, PersonBias, agreements, biases
from coach.evaluate.score import ClipScore
from coach.evaluate.set_errors import SetFigure, set_figures
from coach.evaluate.truth import Truth
from coach.kinematics.upright import HIP_CENTRE_SHARE
from coach.to_json import plain

By = Literal["person", "exercise", "view"]
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Scored:
    """A clip with its truth and its score."""

    truth: Truth
    score: ClipScore


@dataclass(frozen=True, slots=True)
class Group:
    """Figures over some of the clips."""

    name: str
    clips: tuple[str, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures over all clips, by fault, and by group if requested. failed: clips that could not be analysed."""

    clips: tuple[Scored, ...]
    failed: Mapping[str, str]
    figures: tuple[Figure, ...]
    faults: tuple[FaultFigure, ...]
    by: By | None
    groups: tuple[Group, ...]
    refits: tuple[Refit, ...]
    people: Mapping[str, str]
    agreements: tuple[Agreement, ...] = ()
    biases: tuple[PersonBias, ...] = ()
    set_figures: tuple[SetFigure, ...] = ()


def evaluate(
    clips: Sequence[Scored],
    failed: Mapping[str, str],
    by: By | None = None,
    listed_people: Mapping[str, str] | None = None,
    counts_from_deg: float = 5.0,
) -> Evaluation:
    """Figures of some clips. listed_people: who is in which clip, for truth files that do not say."""
    scores = [clip.score for clip in clips]
    people = group_people(
        {clip.truth.clip: clip.truth.person for clip in clips},
        listed_people or {},
        {clip.truth.clip: clip.truth.measures for clip in clips},
    )
    groups = _groups(clips, by, people)
    refits: list[Refit] = []
    if by == "person":
        scores_of = {clip.score.clip: clip.score for clip in clips}
        refits = refitted(
            {group.name: depths_of(scores_of[name] for name in group.clips) for group in groups}, counts_from_deg
        )
    agreed = agreements(scores, people)
    return Evaluation(
        clips=tuple(clips),
        failed=dict(failed),
        figures=tuple(figures(scores)),
        faults=(*fault_figures(scores), all_faults(scores)),
        by=by,
        groups=tuple(groups),
        refits=tuple(refits),
        people=people,
        agreements=tuple(agreed),
        biases=tuple(biases(agreed)),
        set_figures=tuple(set_figures([each for score in scores for each in score.set_errors])),
    )


def _groups(clips: Sequence[Scored], by: By | None, people: Mapping[str, str]) -> list[Group]:
    if by is None:
        return []
    names = {
        clip.truth.clip: {
            "person": people[clip.truth.clip],
            "exercise": clip.truth.exercise or "none",
            "view": f"{clip.truth.view}, lying" if clip.truth.hold is not None else clip.truth.view,
        }[by]
        for clip in clips
    }
    found = []
    for name in sorted(set(names.values())):
        chosen = [clip.score for clip in clips if names[clip.truth.clip] == name]
        found.append(Group(name, tuple(score.clip for score in chosen), tuple(figures(chosen))))
    return found


def spread(groups: Sequence[Group], key: str) -> tuple[float, float]:
    """Lowest and highest value of a figure over groups; NaN for both if there is none."""
    values = [f.value for group in groups for f in group.figures if f.key == key and math.isfinite(f.value) and f.of]
    return (min(values), max(values)) if values else (math.nan, math.nan)


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """Plain values for JSON: NaN becomes None. docs/measuring.md names every key."""
    data = {
        "schema": SCHEMA,
        "coach": __version__,
        "clips": [
            {**asdict(clip.score), "person": evaluation.people[clip.truth.clip], "view": clip.truth.view}
            | {"wrong": complaints(clip.score)}
            for clip in evaluation.clips
        ],
        "failed": dict(evaluation.failed),
        "figures": [asdict(figure) for figure in evaluation.figures],
        "faults": [
            {**asdict(fault), "precision": fault.precision, "recall": fault.recall, "f1": fault.f1}
            for fault in evaluation.faults
        ],
        "agreement": [
            {**asdict(each), "mdc95": each.icc.mdc95, "reliability": each.icc.words} for each in evaluation.agreements
        ],
        "between_sessions": [{**asdict(each), "mdc95": each.mdc95} for each in evaluation.set_figures],
        "bias_by_person": [asdict(each) for each in evaluation.biases],
        "by": evaluation.by,
        "groups": [asdict(group) for group in evaluation.groups],
        "leave_one_person_out": {
            "constant": "HIP_CENTRE_SHARE",
            "value": HIP_CENTRE_SHARE,
            "refits": [asdict(refit) for refit in evaluation.refits],
        }
        if evaluation.refits
        else None,
    }
    return cast("dict[str, Any]", plain(data, 4))
