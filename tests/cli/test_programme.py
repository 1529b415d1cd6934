"""``coach programme``: asked, checked and printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import Result

from coach.definitions.programme import load_programme
from tests.typed import typed


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, answers: str = "") -> Result:
    return typed("programme", *arguments, answers=answers)


ENTER = "\n"


def test_enter_all_the_way_is_the_standard_programme_under_its_own_name() -> None:
    assert run("new", "anna.toml", answers=ENTER * 60).exit_code == 0
    mine, standard = load_programme("anna.toml"), load_programme()
    assert mine.name == "anna"
    assert mine.blocks == standard.blocks
    assert (mine.warm_up_s, mine.sessions_per_week) == (180, 3)


def test_what_is_answered_is_written() -> None:
    hiker = ["2", "8", "45", "y", "9", "13", "6", "3", "3", "1.5", "15", "Barefoot", "y", "2", "9", "2", "5", "1", "12"]
    answers = ["Anna", "2", "0", "y", *hiker, "y", "y"]
    done = run("new", "anna.toml", answers="\n".join(answers) + ENTER * 40)
    assert done.exit_code == 0, done.output
    left, right, *_ = load_programme("anna.toml").blocks
    assert (left.sets, left.reps, left.rest_s, left.depth, left.least_depth) == (2, 8, 45, (9, 13), 6)
    assert (left.tempo_s, left.load_kg, left.step_cm, left.note) == ((3, 3), 1.5, 15, "Barefoot")
    assert left.progress is not None and (left.progress.more, left.progress.up_to) == (1, 12)
    assert right.model_dump(exclude={"side", "rest_s"}) == left.model_dump(exclude={"side", "rest_s"})


def test_what_is_not_done_is_left_out() -> None:
    done = run("new", "anna.toml", answers="Anna\n\n\nn\n" + ENTER * 5 + "n\nn\n")
    assert done.exit_code == 0, done.output
    assert [(block.exercise, block.side) for block in load_programme("anna.toml").blocks] == [("hip-hiker", "right")]


def test_nothing_at_all_is_no_programme() -> None:
    run("new", "anna.toml", answers="Anna\n\n\n" + "n\n" * 4)
    assert load_programme("anna.toml").blocks


def test_what_is_no_number_is_asked_again() -> None:
    done = run("new", "anna.toml", answers="Anna\nmany\n99\n4\n" + ENTER * 40)
    assert done.output.count("A number from 0 to 21, please.") == 2
    assert load_programme("anna.toml").sessions_per_week == 4


def test_broken_off_keeps_what_was_answered_and_can_go_on() -> None:
    done = run("new", "anna.toml", answers="Anna\n2\n5\ny\n3\n")
    assert "goes on" in done.output
    mine = load_programme("anna.toml")
    assert (mine.name, mine.sessions_per_week, mine.warm_up_s, mine.blocks[0].sets) == ("Anna", 2, 300, 3)
    again = run("new", "anna.toml", answers=ENTER * 60)
    assert again.exit_code == 0
    assert load_programme("anna.toml").blocks[0].sets == 3


def test_a_check_says_what_it_asks_for_or_what_is_wrong(home: Path) -> None:
    assert "Hip hiker, left side: 1 x 10 repetitions" in run("check", "standard").output
    assert "Beindehnung mit Gurt, linke Seite: 1 x 6–8 Atemzüge" in run("check", "standard", "--lang", "de").output
    (home / "bad.toml").write_text('schema = 1\nname = "x"\n[[blocks]]\nexercise = "hip-hiker"\nside = "up"\n')
    done = run("check", "bad.toml")
    assert done.exit_code == 2
    assert "blocks.0.side" in done.output
    assert run("check", "nobody").exit_code == 2
    assert run("new", "anna").exit_code == 2


def test_a_sheet_is_one_file(home: Path) -> None:
    done = run("sheet", "standard", "--out", "sheet.html", "--lang", "de")
    assert done.output.strip() == "sheet.html"
    assert "Beckenabsenken" in (home / "sheet.html").read_text()


def test_one_that_the_page_made_is_found_by_its_name(home: Path) -> None:
    from coach.app.own_programmes import save_programme

    slug = save_programme({"name": "Anna", "blocks": [{"exercise": "hip-hiker", "side": "left"}]}, home / "home")
    assert slug == "anna"
    assert run("check", "anna").output.startswith("Anna")


def test_the_questions_are_in_the_language_that_was_asked_for() -> None:
    answers = "n\n" * 2 + "\n" * 10
    asked = run("new", "anna.toml", "--lang", "de", answers="\n\n\n" + answers)
    assert "Beckenabsenken an der Stufe, links: wird das gemacht" in asked.output
    assert "Halten in Atemzügen oder Sekunden [Atemzüge]" in asked.output
    assert not [word for word in ("Sets", "Repetitions", "side", "breaths", "rest after") if word in asked.output]


def test_where_nobody_answers_no_programme_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = run("new", "anna.toml")
    assert asked.exit_code == 2
    assert "anna.toml: was not written, as nobody answers" in asked.stderr
    assert not (tmp_path / "anna.toml").exists()


def test_yes_and_no_are_understood_in_the_language_of_the_questions() -> None:
    """'j' was 'Error: invalid input', in English."""
    done = run("new", "anna.toml", "--lang", "de", answers="Anna\n\n\nvielleicht\nnein\nn\nj\n\n\n\n\nn\nJa\n")
    assert done.exit_code == 0, done.output
    assert "Bitte j oder n." in done.output
    assert "[J/n]" in done.output
    assert "[Y/n]" not in done.output
    assert [block.exercise for block in load_programme("anna.toml").blocks] == ["strap-stretch"] * 2
