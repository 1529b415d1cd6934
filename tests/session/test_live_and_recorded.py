"""What is said while a recording runs, against the result at its end: no count differs, times by under a picture."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from coach.definitions.exercise import load_exercise
from coach.perception.recording import Recording
from coach.session.result_builder import ResultBuilder
from coach.session.session import Session
from coach.types import Hold, Moment, Movement

RECORDINGS = Path(__file__).parents[1] / "recordings"
MESSY = Path(__file__).parents[1] / "messy" / "work"
CLIPS = (
    (RECORDINGS / "hiker_faults.observed", "hip-hiker"),
    (RECORDINGS / "strap_left.observed", "strap-stretch"),
    (MESSY / "w_mixed_sway.observed", "hip-hiker"),
    (MESSY / "w_at_once.observed", "hip-hiker"),
    (MESSY.parent / "twenty_first" / "u_hiker6.observed", "hip-hiker"),  # from 1.6 m, in a room with verticals
)


@cache
def judged(path: Path, exercise: str) -> tuple[list[Moment], ResultBuilder]:
    """Every moment of a recording, and what came of it."""
    session = Session([load_exercise(exercise)])
    with Recording(path) as observed:
        moments = [session.step(observation) for observation in observed]
    return moments, session.finish()


@pytest.mark.parametrize(("path", "exercise"), CLIPS, ids=[path.stem for path, _ in CLIPS])
def test_what_was_said_at_once_is_what_the_result_says(path: Path, exercise: str) -> None:
    moments, outcome = judged(path, exercise)
    times, counts = [moment.t_s for moment in moments], [moment.status.count for moment in moments]
    events = [event for moment in moments for event in moment.events]
    said = [done for event in events for done in (event.movement, event.hold) if done is not None]
    listed: list[Movement | Hold] = [*outcome.movements, *outcome.holds]
    picture_s = max(later - earlier for earlier, later in zip(times[:-1], times[1:], strict=True))

    # Only what the end of the recording cuts off may be told after it.
    late = listed[len(said) :]
    assert all(times[-1] - done.end_s < 1.5 for done in late)
    assert [done.counted for done in said] == [done.counted for done in listed[: len(said)]]
    for then, now in zip(said, listed, strict=False):
        assert then.side == now.side and then.uncounted_reason == now.uncounted_reason
        assert abs(then.start_s - now.start_s) < picture_s and abs(then.end_s - now.end_s) < picture_s
        assert set(then.faults) == set(now.faults)
    reps = sum(isinstance(done, Movement) and done.counted for done in said)
    if exercise == "hip-hiker":
        assert max(counts) == reps, "nothing was counted aloud that was taken back"


def test_breaths_counted_aloud_are_those_of_the_result_or_one_fewer() -> None:
    """What was said aloud is never taken back; the last breath may be whole only once the hold is over."""
    moments, outcome = judged(*CLIPS[1])
    aloud = max(moment.status.count for moment in moments)
    [hold] = outcome.holds
    assert hold.breaths is not None
    assert hold.breaths - 1 <= aloud <= hold.breaths
