"""An exercise was named, and the other one was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.definitions.exercise import load_exercise
from coach.i18n.result_notes import sentences
from coach.perception.recording import Recording
from coach.session.judge import judge, result_of
from coach.session.result_builder import NONE_OF_IT
from tests.recordings.thin import thinned

RECORDINGS = Path(__file__).parents[1] / "recordings"


@pytest.mark.parametrize(("name", "named"), [("hiker_faults", "strap-stretch"), ("strap_left", "hip-hiker")])
def test_the_exercise_is_to_blame_and_not_the_camera(name: str, named: str) -> None:
    with Recording(RECORDINGS / f"{name}.observed") as recording:
        seen = list(thinned(recording, 7.5))
        result = result_of(judge(seen, [load_exercise(named)]), recording, "de")
        either = result_of(judge(seen, [load_exercise("hip-hiker"), load_exercise("strap-stretch")]), recording)
    assert (result["exercise"], result["sets"]) == (named, [])
    assert sentences([NONE_OF_IT], "de")[0] in result["notes"]
    assert load_exercise(named).say("partial") not in (result["view"]["advice"] or "")
    assert either["notes"] == [], "of none that was named"
