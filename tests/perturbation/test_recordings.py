"""Real observations made worse: the verdicts stay, or become 'cannot tell'; they never turn into something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach.app.analyse import choose_exercises
from coach.perception.recording import Recording
from coach.session.result_builder import ResultBuilder
from coach.session.session import Session
from coach.types import Observation, Pose, Side
from tests.conftest import SAMPLES
from tests.perturbation.ways import dropped, jittered, mirrored, noisy, scaled, smaller, tilted, unseen
from tests.recordings.thin import thinned

RECORDINGS = Path(__file__).parent.parent / "recordings"
JUDGED_FPS = 7.5  # of most ways: half as many pictures are enough, and no easier to judge
Way = Callable[[list[Observation]], list[Observation]]


def fewer(seen: list[Observation]) -> list[Observation]:
    return list(thinned(seen, JUDGED_FPS))


# Pixels are those of a person about 500 high: the model's own noise is below one of them.
WAYS: dict[str, Way] = {
    "as recorded": lambda seen: seen,
    "noise of 1.5 px": lambda seen: noisy(seen, 1.5),
    "noise of 2 px": lambda seen: noisy(fewer(seen), 2.0, seed=1),
    "a fifth of the frames dropped": lambda seen: dropped(seen, 0.2),
    "nobody found in every tenth frame": lambda seen: unseen(fewer(seen), 0.1),
    "times off by 25 ms": lambda seen: jittered(fewer(seen), 0.025),
    "half the resolution": lambda seen: scaled(fewer(seen), 0.5),
    "4K": lambda seen: scaled(fewer(seen), 3.0),
    "further away": lambda seen: smaller(fewer(seen), 0.7),
    "tilted by 6 degrees": lambda seen: tilted(fewer(seen), 6.0),
    "tilted by -6 degrees": lambda seen: tilted(fewer(seen), -6.0),
    "everything at once": lambda seen: jittered(dropped(noisy(tilted(seen, 4.0), 1.0), 0.1), 0.015),
}

# Everything is also judged as if done on the other side; the ways that have a direction are tried on both.
CASES = [(way, False) for way in WAYS] + [
    (way, True) for way in ("as recorded", "tilted by 6 degrees", "tilted by -6 degrees", "everything at once")
]
cases = pytest.mark.parametrize(
    ("way", "swapped"), CASES, ids=[f"{way}, sides swapped" if swapped else way for way, swapped in CASES]
)


@cache
def recorded(name: str) -> tuple[Observation, ...]:
    with Recording(RECORDINGS / f"{name}.observed") as recording:
        return tuple(recording)


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.truth.json").read_text())
    return found


def as_seen(way: str, name: str, swapped: bool) -> list[Observation]:
    """A recording changed in a way; swapped: and as if done on the other side, in fewer pictures."""
    seen = WAYS[way](list(recorded(name)))
    return mirrored(fewer(seen)) if swapped else seen


def judge(observations: list[Observation], exercise: str) -> ResultBuilder:
    session = Session(choose_exercises(exercise))
    for observation in observations:
        session.step(observation)
    return session.finish()


def true_rep_of(movement: Any, reps: list[dict[str, float]]) -> int:
    """Number of the real movement that a found one overlaps, from 1; 0 for none."""
    return next(
        (i for i, r in enumerate(reps, 1) if r["start"] - 0.5 < movement.peak_s < r["end"] + 0.5),
        0,
    )


@cases
def test_hip_hikers(way: str, swapped: bool) -> None:
    seen = as_seen(way, "hiker_faults", swapped)
    side: Side = "right" if swapped else "left"
    builder = judge(seen, "hip-hiker")
    real = truth("hiker_faults")

    shallow = {int(number) for number in real["expect"]["uncounted"]}
    expected = {int(number): set(faults) for number, faults in real["expect"]["faults"].items()}
    counted = [m for m in builder.movements if m.counted]
    numbers = [true_rep_of(m, real["reps"]) for m in counted]
    assert {m.side for m in counted} == {side}
    assert 0 not in numbers and not shallow & set(numbers), "counted what was not done"
    assert len(numbers) == len(set(numbers)), "counted one movement twice"
    clean = set(range(1, 11)) - shallow - set(expected)
    assert clean <= set(numbers), "a clean repetition was not counted"
    # Far more than the model's own noise costs faulty repetitions; what is clean is always counted.
    assert way == "noise of 2 px" or len(numbers) >= 8
    for number, movement in zip(numbers, counted):
        if number in clean:
            assert movement.faults == (), f"a fault was invented on repetition {number}"
        missing = expected.get(number, set()) - set(movement.faults) - set(movement.not_judged)
        if way == "as recorded":
            assert not missing
    told = sum(bool(expected[n] <= {*m.faults, *m.not_judged}) for n, m in zip(numbers, counted) if n in expected)
    assert told >= len(numbers) - 5, "of five faults"


@cases
def test_strap_stretch(way: str, swapped: bool) -> None:
    builder = judge(as_seen(way, "strap_left", swapped), "strap-stretch")
    real = truth("strap_left_30fps")
    (hold,) = builder.holds
    assert hold.counted
    assert hold.side == ("right" if swapped else "left")
    assert hold.start_s == pytest.approx(real["hold"][0], abs=0.7)
    assert hold.end_s == pytest.approx(real["hold"][1], abs=0.7)
    assert hold.breaths is None or abs(hold.breaths - real["breaths"]) <= 1
    assert set(hold.faults) <= {"hold_too_short"} if hold.breaths == real["breaths"] - 1 else hold.faults == ()


@pytest.mark.parametrize(("name", "exercise"), [("hiker_faults", "hip-hiker"), ("strap_left", "strap-stretch")])
@pytest.mark.parametrize("way", ["as recorded", "everything at once"])
def test_the_exercise_is_told(name: str, exercise: str, way: str) -> None:
    builder = judge(fewer(WAYS[way](list(recorded(name)))), "auto")
    assert builder.exercise.name == exercise
    result = builder.result("x")
    assert (result["summary"]["reps"] > 0) == (exercise == "hip-hiker")
    assert bool(result["holds"]) == (exercise == "strap-stretch")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["strap_left", "hiker_faults"])
@pytest.mark.parametrize("every", [1, 10])
def test_people_who_are_a_single_point_end_nothing(name: str, every: int) -> None:
    """As in a damaged recording: there is no leg, and no length to divide by."""

    def point(pose: Pose) -> Pose:
        return Pose(np.zeros_like(pose.xy_px) + pose.xy_px.mean(0), pose.world_m, pose.visibility)

    with Recording(RECORDINGS / f"{name}.observed") as recording:
        seen = fewer(list(recording))
    spoiled = [
        replace(each, pose=point(each.pose)) if each.pose is not None and number % every == 0 else each
        for number, each in enumerate(seen)
    ]
    session = Session(choose_exercises("auto"))
    for each in spoiled:
        session.step(each)
    session.finish()
