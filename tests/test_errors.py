"""What an error says of one mistake and of several."""

from __future__ import annotations

from coach.errors import CoachError

SIDE = CoachError("line 2: side is 'up'", "Use left or right")


def test_one_mistake_is_said_with_its_own_remedy_or_that_of_all() -> None:
    assert str(CoachError("a.csv", "Mend it", [SIDE])) == "a.csv: line 2: side is 'up'. Use left or right"
    assert str(CoachError("a.toml", "Mend it", [CoachError("name: is missing")])) == "a.toml: name: is missing. Mend it"


def test_several_are_said_each_with_its_remedy_and_then_that_of_all() -> None:
    error = CoachError("a.csv", "Mend them", [SIDE, CoachError("line 3: names no video")])
    assert str(error) == "a.csv: line 2: side is 'up'. Use left or right; line 3: names no video. Mend them"
    assert (error.named, error.remedy) == ("a.csv", "Mend them")
