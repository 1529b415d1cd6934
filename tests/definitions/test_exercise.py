"""Exercise files: what is wrong is said with file, line or key, and remedy; a file is all it takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coach.definitions.exercise import Exercise, builtin_names, load_exercise, parted, title_of, translated
from coach.definitions.rules import Gate
from coach.errors import ExerciseFileError
from coach.i18n.result_notes import BEGUN, NOT_IT, sentences
from coach.toml import shipped_folder
from tests.perturbation.ways import mirrored
from tests.scripts import Standing, camera_for_standing, movements, rep, seen_standing, verdicts

ARM_RAISE = Path(__file__).parents[1] / "exercises" / "arm-raise.toml"
GOOD = ARM_RAISE.read_text(encoding="utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problem(path: Path | str) -> str:
    with pytest.raises(ExerciseFileError) as raised:
        load_exercise(path)
    assert raised.value.remedy, "what to do"
    assert "\n" not in str(raised.value), "one line"
    return str(raised.value)


def test_the_exercises_that_come_with_it() -> None:
    assert builtin_names() == ("hip-hiker", "strap-stretch")
    assert sorted(path.name for path in shipped_folder("exercises").glob("*.toml")) == [
        "hip-hiker.toml",
        "strap-stretch.toml",
    ]


def test_an_unknown_name_says_which_there_are() -> None:
    text = problem("hip-hopper")
    assert "hip-hopper" in text and "hip-hiker" in text and ".toml" in text


def test_a_builtin_name_is_kept_for_what_is_built_in(file: Callable[[str], Path]) -> None:
    hiker = (shipped_folder("exercises") / "hip-hiker.toml").read_text(encoding="utf-8")
    assert load_exercise(file(f"# a copy\n{hiker}")) == load_exercise("hip-hiker")
    own = hiker.replace("counts_from = 5.0", "counts_from = 13.0")
    assert "the name 'hip-hiker' is a built-in one. Give it a name of its own" in problem(file(own))
    assert load_exercise(file(own.replace('"hip-hiker"', '"deep-hiker"', 1))).name == "deep-hiker"


def test_no_such_file(tmp_path: Path) -> None:
    assert "nowhere.toml" in problem(tmp_path / "nowhere.toml")


def test_not_text_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00\x80")
    assert "bytes.toml" in problem(tmp_path / "bytes.toml")
    (tmp_path / "folder.toml").mkdir()
    assert "folder.toml" in problem(tmp_path / "folder.toml")


def test_no_toml_names_the_line(file: Callable[[str], Path]) -> None:
    broken = GOOD.replace("count = 3", "count = = 3")
    line = broken.splitlines().index("count = = 3") + 1
    text = problem(file(broken))
    assert "mine.toml" in text and f"line {line}" in text


def test_what_ends_too_early_names_its_last_line(file: Callable[[str], Path]) -> None:
    assert "Invalid value (on line 2, the last one)" in problem(file("schema = 1\na = [\n"))
    assert "line 1" in problem(file("a = "))


def test_a_programme_file_is_told_as_that(file: Callable[[str], Path]) -> None:
    text = problem(shipped_folder("programmes") / "standard.toml")
    assert "standard.toml: is a programme file. Check it with: coach programme check" in text
    assert "is missing" in problem(file(""))


def test_what_our_own_rules_find_stands_among_the_other_mistakes_by_line(file: Callable[[str], Path]) -> None:
    path = file(
        GOOD.replace("dwell_s = 0.3", "dwell_s = 0.3\nshare = 0.5").replace('praise = "Good."', 'praise = "{x}"')
    )
    with pytest.raises(ExerciseFileError) as told:
        load_exercise(path)
    lines = path.read_text().splitlines()
    share, praise = (1 + next(n for n, line in enumerate(lines) if line.startswith(key)) for key in ("share", "praise"))
    assert [mistake.problem.partition(":")[0] for mistake in told.value.mistakes] == [
        f"line {share}, faults.1.share",
        f"line {praise}, words.en.praise may have no braces, and has {{x}}",
    ]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("count = 3", 'count = "many"', "target.count"),
        ("count = 3", "count = 0", "target.count"),
        ("start_above = 15.0", "start_over = 15.0", "movement.start_over"),
        ("end_below = 8.0", "end_below = 20.0", "movement"),
        ("release = 5.0", "release = 9.0", "release"),
        ("above = 8.0\n", "above = 8.0\nbelow = 3.0\n", "faults.1"),
        ('signal = "trunk_lean_deg"', 'signal = "trunk_leaning"', "trunk_leaning"),
        ('depth = "shoulder_abduction_deg"', 'depth = "elbow"', "elbow"),
        ('name = "arm-raise"', 'name = "Arm Raise"', "name"),
        ('kind = "repetitions"', 'kind = "hold"', "[hold]"),
        ('posture = "upright"', 'posture = "sitting"', "posture"),
        ("schema = 1", "schema = 2", "schema"),
        ('nobody = "I cannot see you."\n', "", "nobody"),
        ('trunk_lean = "Keep your trunk upright."\n', "", "trunk_lean"),
        ("[words.en]", "[words.fr]", "words.en"),
        ('counted = "{count}"', 'counted = "{number}"', "words.en.counted may have {count}, and has {number}"),
        ('praise = "Good."', 'praise = "Good, {count}."', "words.en.praise may have no braces, and has {count}"),
        ("depth = [80.0, 100.0]", "depth = [80.0]", "target.depth"),
        ("dwell_s = 0.3", "dwell_s = -1.0", "dwell_s"),
        ("dwell_s = 0.3", 'dwell_s = "short"', "dwell_s: must be a number"),
        (
            'posture = "upright"',
            'postur = "upright"',
            "posture: is missing; line 6, postur: is no key that is known here",
        ),
        (
            "Keep your trunk upright.",
            "Keep it " + "very " * 8 + "upright.",
            "words.en.trunk_lean has more than 9 words",
        ),
    ],
)
def test_a_wrong_key_is_named(old: str, new: str, named: str, file: Callable[[str], Path]) -> None:
    assert old in GOOD
    text = problem(file(GOOD.replace(old, new, 1)))
    assert "mine.toml" in text and named in text
    assert "validation error" not in text.lower() and "pydantic" not in text.lower()


def test_all_that_is_wrong_is_said_at_once(file: Callable[[str], Path]) -> None:
    text = problem(file(GOOD.replace("count = 3", "count = 0").replace("release = 5.0", "release = 9.0")))
    assert "target.count" in text and "release" in text


def test_an_unknown_signal_says_which_there_are(file: Callable[[str], Path]) -> None:
    text = problem(file(GOOD.replace('signal = "trunk_lean_deg"', 'signal = "trunk_leaning"', 1)))
    assert "trunk_lean_deg" in text and "pelvic_drop_deg" in text


def test_words_in_another_language_fall_back_to_english() -> None:
    exercise = load_exercise(ARM_RAISE)
    assert exercise.say("praise", "de") == exercise.say("praise") == "Good."
    assert exercise.say("counted", count=7) == "7"
    lean = exercise.fault("trunk_lean")
    assert lean is not None and lean.above == 8.0
    assert exercise.fault("nothing") is None


ABOUT = """
[about.de]
title = "Armheben"
summary = "Im Stand."
how = ["Steh aufrecht.", "Heb einen Arm.", "Senk ihn."]
side_is = "die Seite des Arms"
camera_where = "Vor dir."

[about.de.gauges]
shoulder_abduction_deg = "Arm"

[about.de.faults]
trunk_lean = "Rumpf geneigt"
too_fast = "zu flott"
"""


def test_what_is_read_of_it_falls_back_to_english(file: Callable[[str], Path]) -> None:
    exercise = load_exercise(file(GOOD + ABOUT))
    german, french = exercise.in_language("de"), exercise.in_language("fr")
    assert (german.title, german.how[2], german.camera_where) == ("Armheben", "Senk ihn.", "Vor dir.")
    assert german.faults == {"trunk_lean": "Rumpf geneigt", "too_fast": "zu flott"}
    assert french == exercise.in_language("en")
    assert (french.title, french.how, french.side_is) == (exercise.title, exercise.how, exercise.side_is)
    assert (french.summary, french.camera_where) == (exercise.summary, exercise.camera.where)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('title = "Armheben"\n', "", "about.de.title"),
        ('summary = "Im Stand."', 'sumary = "Im Stand."', "about.de.sumary"),
        (', "Senk ihn."', "", "about.de.how has 2 steps, and in English there are 3"),
        ("shoulder_abduction_deg =", "arm =", "[about.de.gauges] has unknown keys: arm"),
        ("trunk_lean =", "trunk_leen =", "[about.de.faults] has unknown keys: trunk_leen"),
        ("about.de", "about.en", "[about.en] is not needed"),
    ],
)
def test_what_is_wrong_with_another_language_is_named(
    old: str, new: str, named: str, file: Callable[[str], Path]
) -> None:
    assert named in problem(file(GOOD + ABOUT.replace(old, new)))


def test_sentences_of_another_language_are_the_english_ones(file: Callable[[str], Path]) -> None:
    words = GOOD[GOOD.index("[words.en]") :].replace("[words.en]", "[words.de]")
    assert load_exercise(file(GOOD + words)).say("praise", "de") == "Good."
    assert "[words.de] has unknown keys: title" in problem(file(f'{GOOD}{words}title = "Armheben"\n'))
    assert "words.de.counted must have {count}" in problem(file(GOOD + words.replace("{count}", "{number}")))


def test_a_sentence_is_found_again_in_another_language() -> None:
    exercise = load_exercise("hip-hiker")
    advice = exercise.say("view_frontal")
    assert exercise.translated(advice, "de") == exercise.say("view_frontal", "de") != advice
    assert exercise.translated(advice, "it") == exercise.translated(advice, "en") == advice
    assert exercise.translated("Said by nobody.", "de") == "Said by nobody."


def test_titles_of_exercises_by_name() -> None:
    assert (title_of("hip-hiker"), title_of("hip-hiker", "de")) == ("Hip hiker", "Beckenabsenken an der Stufe")
    assert title_of("arm-raise", "de") == "Arm raise"


def test_an_exercise_cannot_be_changed() -> None:
    with pytest.raises(Exception, match="frozen"):
        load_exercise(ARM_RAISE).name = "other"  # type: ignore[misc]


def test_gates() -> None:
    gate = Gate(signal="x", at_least=-2, at_most=5, why="")
    assert [gate.passes(v, 0) for v in (-3, -2, 5, 6, np.nan)] == [False, True, True, False, True]
    either = Gate(signal="x", at_most=5, either_way=True, why="")
    assert [either.passes(v, 0) for v in (-6, -5, 6)] == [False, True, False]
    growing = Gate(signal="x", at_least_per_unit=0.5, why="")
    assert [growing.passes(4, depth) for depth in (6, 10)] == [True, False]


@pytest.fixture
def arm_raise() -> Exercise:
    return load_exercise(ARM_RAISE)


def test_a_file_is_all_it_takes(arm_raise: Exercise) -> None:
    """Raised, half raised, raised with a lean; seen from the front, by either arm."""
    script = [rep(0, arm_deg=95), rep(0, arm_deg=45), rep(0, arm_deg=90, lean_deg=14), rep(0, arm_deg=95)]
    seen = seen_standing(script, camera=camera_for_standing(5))
    found = movements(arm_raise, seen)
    expected = ["left", "left -too_shallow", "left +trunk_lean", "left"]
    assert verdicts(found) == expected
    assert found[0].depth == pytest.approx(87, abs=8)
    assert verdicts(movements(arm_raise, mirrored(seen))) == [v.replace("left", "right") for v in expected]


def test_the_third_exercise_is_not_confused_with_a_hip_hiker(arm_raise: Exercise) -> None:
    assert movements(arm_raise, seen_standing([rep(12)] * 2)) == []
    assert movements(load_exercise("hip-hiker"), seen_standing([rep(0, arm_deg=95)] * 2, Standing())) == []


def test_what_a_result_says_of_the_view_is_translated_sentence_by_sentence() -> None:
    """A reason and the camera's place stand together in it."""
    strap = load_exercise("strap-stretch")
    both = f"{strap.say('leg_not_up')} {strap.say('view_diagonal')}"
    assert strap.translated(both, "de") == f"{strap.say('leg_not_up', 'de')} {strap.say('view_diagonal', 'de')}"
    nothing = f"{sentences([NOT_IT])[0]} {strap.say('view_diagonal')}"
    french = f"{sentences([NOT_IT], 'fr')[0]} {strap.say('view_diagonal', 'fr')}"
    assert strap.translated(nothing, "fr") == french
    assert strap.translated("Something of its own.", "de") == "Something of its own."


def test_where_no_exercise_was_found_its_sentences_may_be_of_any() -> None:
    hiker, strap = load_exercise("hip-hiker"), load_exercise("strap-stretch")
    both = f"{sentences([BEGUN])[0]} {strap.say('view_diagonal')}"
    german = f"{sentences([BEGUN], 'de')[0]} {strap.say('view_diagonal', 'de')}"
    assert translated(both, "de", [hiker, strap]) == german


def test_why_nothing_counted_is_parted_from_what_the_camera_could_not_show() -> None:
    exercises = [load_exercise("hip-hiker"), load_exercise("strap-stretch")]
    why, camera = exercises[1].say("leg_not_up"), exercises[1].say("view_head_end")
    assert parted(f"{why} {camera}", exercises) == (why, camera)
    assert parted(camera, exercises) == ("", camera)
    assert parted("Something of its own.", exercises) == ("Something of its own.", "")
    assert parted("", exercises) == ("", "")
