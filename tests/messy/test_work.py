"""People as they film themselves, judged from recordings: what holds on the half that was worked with.

The half ``held`` was looked at once; README.md beside this file has the figures of both.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.app.analyse import choose_exercises
from coach.evaluate.metrics import Figure, figures
from coach.evaluate.observations import judge_recording
from coach.evaluate.score import of_exercise, score
from coach.evaluate.truth import SUFFIX, read_truths

WORK = Path(__file__).parent / "work"


@pytest.fixture(scope="module")
def figure() -> dict[str, Figure]:
    scores = []
    for recording in sorted(WORK.glob("*.observed")):
        path = recording.with_suffix(SUFFIX)
        judged = judge_recording(recording, choose_exercises("auto"))
        truths = read_truths(path)
        for truth in truths:  # one for each exercise in the clip
            found = of_exercise(judged.result, truth.exercise) if len(truths) > 1 else judged.result
            scores.append(score(truth, found, judged.not_judged.get(truth.exercise or "", {})))
    return {each.key: each for each in figures(scores)}


def test_other_exercises_count_nothing(figure: dict[str, Figure]) -> None:
    assert figure["nothing"].met


@pytest.mark.parametrize(
    ("key", "at_least", "at_most"),
    [
        ("reps_exact", 0.91, 1.0),  # share of 12 sets; the one before the stretch is not
        ("drop_mae", 0.0, 0.8),
        ("fault_precision", 0.88, 1.0),
        ("clean_faulted", 0, 0),
    ],
)
def test_the_figures_do_not_get_worse(figure: dict[str, Figure], key: str, at_least: float, at_most: float) -> None:
    value = figure[key].value
    assert value is not None
    assert at_least <= value <= at_most
