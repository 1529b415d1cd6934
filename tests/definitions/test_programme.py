"""Programme files: what is read, how it is narrowed, and what is said of a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.definitions.exercise import load_exercise
from coach.definitions.pain import PainRule
from coach.definitions.programme import Block, load_programme
from coach.errors import CoachError, ProgrammeFileError
from coach.guide.plan import Plan, make_task
from tests.guide.theatre import HIKER, STRAP, programme

BLOCK = '[[blocks]]\nexercise = "hip-hiker"\nside = "left"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_standard_programme_is_that_of_the_exercises() -> None:
    blocks = [(block.exercise, block.side) for block in load_programme().blocks]
    assert blocks == [(HIKER, "left"), (HIKER, "right"), (STRAP, "left"), (STRAP, "right")]


def test_a_file_only_needs_what_differs(tmp_path: Path) -> None:
    path = write(tmp_path, f'schema = 1\nname = "short"\n{BLOCK}reps = 5\n[words.en]\nrest_ends = "Nearly."\n')
    mine, standard = load_programme(path), load_programme()
    assert mine.speak("en")("rest_ends") == "Nearly."
    assert mine.speak("en")("count", count=3) == "3"
    assert mine.speak("de")("rest_ends") == standard.speak("de")("rest_ends")
    assert mine.talk == standard.talk
    assert mine.pain == standard.pain


def test_how_often_a_week_is_the_programmes_own_wish(tmp_path: Path) -> None:
    assert load_programme().sessions_per_week == 3
    own = write(tmp_path, f'schema = 1\nname = "x"\nsessions_per_week = 3.5\n{BLOCK}')
    assert load_programme(own).sessions_per_week == 3.5
    assert load_programme(own).narrowed(side="left").sessions_per_week == 3.5
    silent = write(tmp_path, f'schema = 1\nname = "x"\n{BLOCK}')
    assert load_programme(silent).sessions_per_week is None


def test_an_own_exercise_may_lie_beside_the_programme(tmp_path: Path) -> None:
    from coach.toml import shipped_folder

    text = (shipped_folder("exercises") / "hip-hiker.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text.replace('"hip-hiker"', '"own"', 1), encoding="utf-8")
    own = BLOCK.replace("hip-hiker", "own.toml")
    mine = load_programme(write(tmp_path, f'schema = 1\nname = "short"\n{own}'))
    assert Plan(mine).exercises[0].name == "own"


def test_an_own_talk_through_takes_the_place_of_the_standard_one(tmp_path: Path) -> None:
    talk = '[[talk]]\nexercise = "strap-stretch"\nphase = "holding"\nsay = "talk_hold"\n'
    mine = load_programme(write(tmp_path, f'schema = 1\nname = "short"\n{BLOCK}{talk}'))
    assert [line.phase for line in mine.talk if line.exercise == STRAP] == ["holding"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = \n", "line 1"),
        ('schema = 1\nname = "x"\n', "blocks: is missing"),
        (f'schema = 2\nname = "x"\n{BLOCK}', "line 1, schema: must be 1"),
        (f'schema = 1\nname = "x"\n{BLOCK}repetitions = 3\n', "blocks.1.repetitions"),
        (f'schema = 1\nname = "x"\n{BLOCK}reps = 0\n', "blocks.1.reps"),
        (f'schema = 1\nname = "x"\n{BLOCK}reps = 3\nbreaths = 3\n', "give only one of 'reps', 'breaths'"),
        (f'schema = 1\nname = "x"\n{BLOCK}breaths = 3\n', "blocks.1.breaths: hip-hiker is repeated; give 'reps'"),
        (f'schema = 1\nname = "x"\n{BLOCK.replace("hip-hiker", "squat")}', "unknown exercise 'squat'"),
        (f'schema = 1\nname = "x"\n{BLOCK.replace("left", "both")}', "blocks.1.side"),
        ('schema = 1\nname = "x"\nblocks = 3\n', "blocks"),
        (f'schema = 1\nname = "x"\n{BLOCK}[pain]\nstop_from = 9\n', "pain.stop_from"),
        (f'schema = 1\nname = "x"\n{BLOCK}[pain]\nstop_from = 2\n', "'caution_from' (3) must not be above"),
        (f'schema = 1\nname = "x"\n{BLOCK}[words.en]\nhello = "Hi"\n', "[words.de] lacks: hello"),
        (f'schema = 1\nname = "x"\n{BLOCK}[words.de]\nhello = "Hi"\n', "[words.de] has unknown keys: hello"),
        (f'schema = 1\nname = "x"\n{BLOCK}[words.it]\nrest_ends = "Fine."\n', "[words.it] lacks: "),
        (f'schema = 1\nname = "x"\n{BLOCK}[words.en]\nrest = "Rest."\n', "words.de.rest must have no braces"),
        (f'schema = 1\nname = "x"\n{BLOCK}[words.de]\nrest = "Pause {{oops"\n', "words.de.rest"),
        (f'schema = 1\nname = "x"\n{BLOCK}words = 3\n', "words"),
        (
            f'schema = 1\nname = "x"\nsessions_per_week = 0\n{BLOCK}',
            "sessions_per_week: must be more than 0",
        ),
        (f'schema = 1\nname = "x"\nsessions_per_week = 22\n{BLOCK}', "sessions_per_week"),
        (f'schema = 1\nname = "x"\nsessions_per_week = "often"\n{BLOCK}', "sessions_per_week"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_remedy(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ProgrammeFileError) as raised:
        load_programme(path)
    assert says in str(raised.value)
    assert str(path) in raised.value.problem
    assert raised.value.remedy


def test_a_programme_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeFileError, match="no such file"):
        load_programme(tmp_path / "none.toml")
    with pytest.raises(ProgrammeFileError, match=r"unknown programme 'none'.*Choose one of standard"):
        load_programme("none")


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProgrammeFileError, match="cannot be read as text"):
        load_programme(path)


def test_a_language_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ProgrammeFileError, match=r"does not speak 'it'.*de, en, fr"):
        load_programme().speak("it")


def test_narrowing() -> None:
    standard = load_programme()
    only = standard.narrowed(exercise=STRAP, side="right", breaths=3, sets=2, rest_s=5)
    assert [(b.exercise, b.side, b.breaths, b.sets, b.rest_s) for b in only.blocks] == [(STRAP, "right", 3, 2, 5.0)]
    both = standard.narrowed(reps=4, breaths=5)
    assert [(b.reps, b.breaths) for b in both.blocks] == [(4, None), (4, None), (None, 5), (None, 5)]
    assert [b.side for b in standard.narrowed(side="left").blocks] == ["left", "left"]


def test_narrowing_to_an_exercise_that_the_programme_has_not_does_both_sides() -> None:
    of = programme((HIKER, "left")).narrowed(exercise=STRAP)
    assert [(b.exercise, b.side) for b in of.blocks] == [(STRAP, "left"), (STRAP, "right")]
    assert [b.side for b in programme((HIKER, "left")).narrowed(side="right").blocks] == ["right"]


def test_narrowing_out_of_range_or_to_nothing_known_is_refused() -> None:
    with pytest.raises(ProgrammeFileError, match="reps"):
        load_programme().narrowed(reps=0)
    with pytest.raises(CoachError, match="unknown exercise 'squat'"):
        load_programme().narrowed(exercise="squat")


def test_a_narrower_target_narrows_the_judge_too() -> None:
    three = make_task(Block(exercise=STRAP, side="left", breaths=3), load_exercise(STRAP))
    assert (three.target_from, three.target_to) == (3, 3)
    assert three.exercise.hold is not None
    assert three.exercise.hold.least_breaths == 3
    assert three.exercise.target.count == 3
    plain = make_task(Block(exercise=STRAP, side="left"), load_exercise(STRAP))
    assert (plain.target_from, plain.target_to) == (6, 8)
    five = make_task(Block(exercise=HIKER, side="left", reps=5), load_exercise(HIKER))
    assert five.exercise.target.count == 5


def test_a_target_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(ProgrammeFileError, match="give 'reps'"):
        make_task(Block(exercise=HIKER, side="left", breaths=5), load_exercise(HIKER))
    with pytest.raises(ProgrammeFileError, match="give 'breaths'"):
        make_task(Block(exercise=STRAP, side="left", reps=5), load_exercise(STRAP))


def test_the_plan_goes_through_sets_and_blocks_and_ends() -> None:
    plan = Plan(programme((HIKER, "left", {"sets": 2}), (HIKER, "right")))
    seen = []
    while plan.now is not None:
        seen.append((plan.now.number, plan.now.task.side, plan.now.set_number))
        plan.advance()
    assert seen == [(1, "left", 1), (1, "left", 2), (2, "right", 1)]
    assert plan.next is None
    assert plan.advance() is None
    assert plan.other_side() is None


def test_leaving_out_a_side_leaves_the_rest() -> None:
    plan = Plan(programme((HIKER, "left", {"sets": 2}), (HIKER, "right"), (HIKER, "left"), (STRAP, "left")))
    plan.advance()
    step = plan.leave_out(HIKER, "left")
    assert step is not None
    assert (step.task.side, step.set_number, plan.length) == ("right", 1, 2)


def test_the_pain_rule_may_not_be_laxer_than_its_model() -> None:
    with pytest.raises(ValueError, match="less than or equal to 6"):
        PainRule(stop_from=7)


def test_the_readmes_programme_is_valid(tmp_path: Path) -> None:
    from coach.definitions.programme import programmes_folder

    readme = (programmes_folder() / "README.md").read_text(encoding="utf-8")
    example = readme.split("```toml\n")[1].split("```")[0]
    assert [block.reps for block in load_programme(write(tmp_path, example)).blocks] == [6, 6]


def test_the_readme_explains_every_key() -> None:
    from coach.definitions.programme import Block, Programme, programmes_folder

    readme = (programmes_folder() / "README.md").read_text(encoding="utf-8")
    keys = {*Block.model_fields, *PainRule.model_fields, *Programme.model_fields} - {"schema_", "words"}
    assert [key for key in sorted(keys) if key not in readme] == []


def test_the_guide_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    code = "import sys, coach.guide.guide; print([m for m in ('cv2', 'mediapipe', 'scipy', 'av') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_warm_up_belongs_to_the_whole_programme() -> None:
    standard = load_programme()
    assert standard.warm_up_s == 180
    assert standard.ask_pain
    assert standard.narrowed(side="left").warm_up_s == 180
    alone = standard.narrowed(HIKER)
    assert (alone.warm_up_s, alone.ask_pain) == (0, True)


def test_only_lines_of_the_set_up_are_said_the_first_time_alone(tmp_path: Path) -> None:
    talk = '[[talk]]\nexercise = "strap-stretch"\nphase = "holding"\nsay = "talk_hold"\nfirst = true\n'
    with pytest.raises(ProgrammeFileError, match="'first' belongs to lines whose phase is 'setup'"):
        load_programme(write(tmp_path, f'schema = 1\nname = "short"\n{BLOCK}{talk}'))


def test_every_mistake_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'schema = 1\nname = "x"\n\n[[blocks]]\nexercise = "hip-hiker"\nside = "left"\nreps = 3\n'
        '\n[[blocks]]  # the other side\nexercise = "hip-hiker"\nside = "middle"\nreps = 0\n'
        "[blocks.progress]\nrest = 1\n"
    )
    with pytest.raises(ProgrammeFileError) as told:
        load_programme(path)
    assert [str(mistake) for mistake in told.value.mistakes] == [
        "line 11, blocks.2.side: must be 'left' or 'right'",
        "line 12, blocks.2.reps: must be 1 or more",
        "line 13, blocks.2.progress.more: is missing",
        "line 13, blocks.2.progress.up_to: is missing",
        "line 14, blocks.2.progress.rest: is no key that is known here",
    ]
    assert told.value.named == str(path)


def test_mistakes_that_were_found_in_any_order_are_said_in_that_of_the_lines(tmp_path: Path) -> None:
    blocks = [f'[[blocks]]\nexercise = "{HIKER}"\nside = "left"\n{count}\n' for count in ("breaths = 3", "hold_s = 9")]
    path = write(tmp_path, f'schema = 1\nname = "x"\n{"".join(blocks)}[words.it]\nrest = "Pausa."\n')
    with pytest.raises(ProgrammeFileError) as told:
        load_programme(path)
    assert told.value.mistakes[0].problem.startswith("line 11, [words.it] lacks: ")
    path.write_text(path.read_text().partition("[words.it]")[0])
    with pytest.raises(ProgrammeFileError) as told:
        load_programme(path)
    assert [str(mistake) for mistake in told.value.mistakes] == [
        "line 6, blocks.1.breaths: hip-hiker is repeated; give 'reps'",
        "line 10, blocks.2.hold_s: hip-hiker is repeated; give 'reps'",
    ]


def test_no_more_mistakes_are_said_than_anybody_reads(tmp_path: Path) -> None:
    path = write(tmp_path, f'schema = 1\nname = "x"\n{BLOCK}' + "".join(f"key{n} = 1\n" for n in range(50)))
    with pytest.raises(ProgrammeFileError) as told:
        load_programme(path)
    assert (len(told.value.mistakes), str(told.value.mistakes[-1])) == (21, "and more")


def test_an_exercise_file_is_told_as_that(tmp_path: Path) -> None:
    from coach.toml import shipped_folder

    with pytest.raises(ProgrammeFileError, match=r"hip-hiker\.toml: is an exercise file\. .*: coach exercises"):
        load_programme(shipped_folder("exercises") / "hip-hiker.toml")


def test_a_table_within_a_block_is_found_where_the_block_before_it_has_none(tmp_path: Path) -> None:
    path = write(tmp_path, f'schema = 1\nname = "x"\n{BLOCK}{BLOCK}[blocks.progress]\nmore = 0\nup_to = 12\n')
    with pytest.raises(ProgrammeFileError, match=r"line 10, blocks\.2\.progress\.more: must be 1 or more"):
        load_programme(path)
