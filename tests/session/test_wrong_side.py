"""A side was asked for, and the other one was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.definitions.exercise import load_exercise
from coach.i18n.result_notes import Note, sentences
from coach.perception.recording import Recording
from coach.session.judge import judge
from coach.types import Side
from tests.recordings.thin import thinned

RECORDINGS = Path(__file__).parents[1] / "recordings"


@pytest.mark.parametrize(("name", "exercise"), [("hiker_faults", "hip-hiker"), ("strap_left", "strap-stretch")])
def test_the_side_is_named_as_the_reason(name: str, exercise: str) -> None:
    with Recording(RECORDINGS / f"{name}.observed") as recording:
        seen = list(thinned(recording, 7.5))
    done = judge(seen, [load_exercise(exercise)])
    side = done.sets[0].side
    asked: Side = "left" if side == "right" else "right"
    wrong = judge(seen, [load_exercise(exercise)], asked)
    assert done.notes == () and side is not None
    assert not wrong.sets and wrong.notes == (Note(f"other_side_{asked}"),)
    assert side in sentences(wrong.notes)[0]
    advice = wrong.result("x", 1.0)["view"]["advice"]
    assert advice is None or "exercise" not in advice
