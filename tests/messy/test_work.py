"""People as they film themselves, judged from recordings: what holds on the half that was worked with.

The half ``held`` was looked at once; README.md beside this file has the figures of both.
"""

from __future__ import annotations

from pathlib import Path

from coach.app.analyse import choose_exercises
from coach.evaluate.metrics import Figure, figures
from coach.evaluate.observations import judge_recording
from coach.evaluate.score import of_exercise, score
from coach.evaluate.truth import SUFFIX, read_truths

WORK = Path(__file__).parent / "work"


# Key of the figure, and between which values it has to stay.
HOLDS = {
    "nothing": (1.0, 1.0),
    "reps_exact": (0.91, 1.0),  # share of 12 sets; the one before the stretch is not
    "drop_mae": (0.0, 0.6),
    "fault_precision": (0.88, 1.0),
    "clean_faulted": (0, 0),
}


def found() -> dict[str, Figure]:
    scores = []
    for recording in sorted(WORK.glob("*.observed")):
        path = recording.with_suffix(SUFFIX)
        judged = judge_recording(recording, choose_exercises("auto"))
        truths = read_truths(path)
        for truth in truths:  # one for each exercise in the clip
            result = of_exercise(judged.result, truth.exercise) if len(truths) > 1 else judged.result
            scores.append(score(truth, result, judged.not_judged.get(truth.exercise or "", {})))
    return {each.key: each for each in figures(scores)}


def test_the_figures_do_not_get_worse() -> None:
    """In one test, because judging them all takes long and every worker would do it again."""
    values = {key: found_one.value for key, found_one in found().items() if key in HOLDS}
    worse = {
        key: value for key, value in values.items() if value is None or not HOLDS[key][0] <= value <= HOLDS[key][1]
    }
    assert values.keys() == HOLDS.keys() and worse == {}
