"""``coach programme``: asked, checked and printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
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


def test_nothing_at_all_is_no_programme_and_is_asked_again() -> None:
    done = run("new", "anna.toml", answers="Anna\n\n\n" + "n\n" * 4 + "n\ny\n" + ENTER * 4 + "n\nn\n")
    assert done.exit_code == 0, done.output
    assert done.output.count("A programme needs at least one exercise.") == 1
    assert [(block.exercise, block.side) for block in load_programme("anna.toml").blocks] == [("hip-hiker", "right")]


def test_the_same_as_the_other_side_rests_the_same_or_is_asked() -> None:
    """A hip hiker rests longer after its second side, before the next exercise; a stretch does not."""
    left = ["y", "", "5", "45", "n"]
    done = run("new", "anna.toml", answers="\n".join(["Anna", "", "", *left, "y", "y", "", "n", "n"]) + "\n")
    assert done.exit_code == 0, done.output
    assert "The same as the other side [Y/n]: y\n  Seconds of rest after it [60]: \n" in done.output
    assert [block.rest_s for block in load_programme("anna.toml").blocks][:2] == [45, 60]
    short = ["y", "", "", "5", "45", "n"]
    done = run("new", "ben.toml", answers="\n".join(["Ben", "", "", "n", "n", *short, "y", "y"]) + "\n")
    assert done.exit_code == 0, done.output
    assert [(block.breaths, block.rest_s) for block in load_programme("ben.toml").blocks] == [(5, 45), (5, 45)]


def test_what_is_no_number_is_asked_again() -> None:
    done = run("new", "anna.toml", answers="Anna\nmany\n99\n4\n" + ENTER * 40)
    assert done.output.count("A number from 0 to 21, please.") == 2
    assert load_programme("anna.toml").sessions_per_week == 4


@pytest.fixture
def ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is pressed where the answers end."""

    def prompt(*arguments: Any, **options: Any) -> Any:
        try:
            return asked(*arguments, **options)
        except typer.Abort as end:
            if not isinstance(end.__context__, EOFError):
                raise
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise typer.Abort from None  # as a prompt does

    asked = typer.prompt
    monkeypatch.setattr(typer, "prompt", prompt)


def blocks() -> list[tuple[str, str]]:
    return [(block.exercise, block.side) for block in load_programme("anna.toml").blocks]


EVERY = [(exercise, side) for exercise in ("hip-hiker", "strap-stretch") for side in ("left", "right")]


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_keeps_what_was_answered_and_the_same_command_goes_on() -> None:
    done = run("new", "anna.toml", answers="Anna\n2\n5\ny\n3\n")
    assert done.exit_code == 130
    assert "what was not answered is as it was. 'coach programme new anna.toml' goes on." in done.output
    mine = load_programme("anna.toml")
    assert (mine.name, mine.sessions_per_week, mine.warm_up_s, mine.blocks[0].sets) == ("Anna", 2, 300, 3)
    assert mine.blocks[1:] == load_programme().blocks[1:]
    again = run("new", "anna.toml", answers=ENTER * 60)
    assert again.exit_code == 0, again.output
    assert load_programme("anna.toml").blocks[0].sets == 3


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("answers", ["", "\n\n"])
def test_ctrl_c_before_any_answer_writes_nothing(home: Path, answers: str) -> None:
    done = run("new", "anna.toml", answers=answers)
    assert done.exit_code == 130
    assert done.stderr == "coach: stopped\n"
    assert not list(home.glob("*.toml"))
    text = 'schema = 1\nname = "Anna"\n[[blocks]]\nexercise = "hip-hiker"\nside = "left"\n'
    (home / "anna.toml").write_text(text)
    assert run("new", "anna.toml", answers=answers).exit_code == 130
    assert (home / "anna.toml").read_text() == text


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize(
    ("answers", "left"),
    [("n\n", EVERY[1:]), ("n\n" * 3, EVERY[3:]), ("n\n" * 4, EVERY), ("n\n" * 5, EVERY[1:])],
    ids=["one", "all but one", "none, asked again", "once more"],
)
def test_after_ctrl_c_what_was_not_asked_about_is_there(answers: str, left: list[tuple[str, str]]) -> None:
    assert run("new", "anna.toml", answers="Anna\n\n\n" + answers).exit_code == 130
    assert blocks() == left


@pytest.mark.usefixtures("ctrl_c")
def test_after_ctrl_c_a_question_without_an_answer_keeps_what_the_file_had(home: Path) -> None:
    text = 'schema = 1\nname = "Anna"\n[[blocks]]\nexercise = "strap-stretch"\nside = "left"\nbreaths = 5\n'
    (home / "anna.toml").write_text(text + '[words.en]\nrest_ends = "Soon."\n')
    assert run("new", "anna.toml", answers="\n\n\ny\n2\ns\n").exit_code == 130
    mine = load_programme("anna.toml")
    assert [(block.sets, block.breaths, block.hold_s) for block in mine.blocks] == [(2, 5, None)]
    assert mine.speak("en")("rest_ends") == "Soon."


@pytest.mark.usefixtures("ctrl_c")
def test_after_ctrl_c_the_other_side_is_the_same_with_its_own_rest() -> None:
    answers = ["Anna", "", "", "y", "", "5", "45", "n", "y", "y"]
    assert run("new", "anna.toml", answers="\n".join(answers) + "\n").exit_code == 130
    assert [(block.reps, block.rest_s) for block in load_programme("anna.toml").blocks][:2] == [(5, 45), (5, 60)]


@pytest.mark.usefixtures("ctrl_c")
def test_after_ctrl_c_what_half_an_answer_would_contradict_is_as_it_was() -> None:
    """A depth of 2 to 3 needs a lower least depth, the question that comes next."""
    assert run("new", "anna.toml", answers="Anna\n2\n\ny\n3\n\n\ny\n2\n3\n").exit_code == 130
    assert load_programme("anna.toml").sessions_per_week == 2
    assert load_programme("anna.toml").blocks == load_programme().blocks


def test_where_the_answers_end_they_are_kept_too() -> None:
    done = run("new", "anna.toml", answers="Anna\n2\n")
    assert done.exit_code == 1
    assert "goes on" in done.output
    assert load_programme("anna.toml").sessions_per_week == 2


def test_what_is_there_is_changed_and_its_own_sentences_stay(home: Path) -> None:
    text = 'schema = 1\nname = "Anna"\n[[blocks]]\nexercise = "hip-hiker"\nside = "left"\nreps = 6\n'
    (home / "anna.toml").write_text(text + '[pain]\nstop_from = 4\n[words.en]\nrest_ends = "Soon."\n')
    done = run("new", "anna.toml", answers="Anna\n\n\n\n3\n" + ENTER * 5)
    assert done.exit_code == 0, done.output
    assert "anna.toml is there and will be changed" in done.output
    mine = load_programme("anna.toml")
    assert [(block.sets, block.reps) for block in mine.blocks] == [(3, 6)]
    assert (mine.pain.stop_from, mine.speak("en")("rest_ends")) == (4, "Soon.")


def test_where_it_cannot_go_is_said_before_the_first_question(home: Path) -> None:
    done = run("new", "nodir/a.toml", answers=ENTER * 60)
    assert done.exit_code == 2
    assert "What is it called" not in done.output
    assert "cannot be written (No such file or directory). Make that folder, or choose another" in done.stderr
    (home / "bad.toml").write_text("a = [")
    assert "What is it called" not in run("new", "bad.toml", answers=ENTER * 60).output


def test_short_blocks_are_tables_too_to_which_a_person_can_add(home: Path) -> None:
    run("new", "anna.toml", answers="Anna\n\n\nn\nn\n" + ENTER * 40)
    text = (home / "anna.toml").read_text()
    assert text.count("[[blocks]]") == 2
    (home / "anna.toml").write_text(text + "[blocks.progress]\nmore = 2\nup_to = 16\n")
    assert load_programme("anna.toml").blocks[-1].progress is not None


def test_a_check_says_what_it_asks_for_as_the_sheet_does() -> None:
    assert run("check", "standard").output.splitlines()[:4] == [
        "standard",
        "  3 times a week",
        "  First walk on the spot for 3 min",
        "  1. Hip hiker, left side: 1 set of 10 repetitions, then 30 s of rest",
    ]
    german = run("check", "standard", "--lang", "de").output
    assert "3. Beindehnung mit Gurt, linke Seite: 1 Satz, je 6–8 Atemzüge, danach 30 s Pause" in german


def test_a_check_says_each_mistake_on_a_line_of_its_own(home: Path) -> None:
    block = '[[blocks]]\nexercise = "hip-hiker"\nside = "up"\nreps = 0\n'
    (home / "bad.toml").write_text(f'schema = 1\nnam = "x"\n{block}')
    done = run("check", "bad.toml")
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "coach: bad.toml: has several mistakes. Mend these keys; programmes/README.md explains each",
        "  name: is missing",
        "  line 2, nam: is no key that is known here",
        "  line 5, blocks.1.side: must be 'left' or 'right'",
        "  line 6, blocks.1.reps: must be 1 or more",
    ]
    assert "bad.toml: hat mehrere Fehler. Berichtige" in run("check", "bad.toml", "--lang", "de").stderr
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
    done = run("new", "anna.toml", "--lang", "de", answers="Anna\n\n\nvielleicht\nnein\nn\nj\n\n\n\n\nn\nJa\n\n")
    assert done.exit_code == 0, done.output
    assert "Bitte j oder n." in done.output
    assert "[J/n]" in done.output
    assert "[Y/n]" not in done.output
    assert [block.exercise for block in load_programme("anna.toml").blocks] == ["strap-stretch"] * 2
