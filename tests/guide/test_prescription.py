"""What a physiotherapist asks beyond how often reaches what is judged, said, shown and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.definitions.exercise import load_exercise
from coach.definitions.prescription import misfits, prescribed
from coach.definitions.programme import Block, load_programme
from coach.errors import ProgrammeFileError
from coach.guide.plan import make_task
from coach.judging.assess_hold import _breath_faults
from coach.judging.breath_cycles import Breathing
from coach.report.page import ReportPart, page
from coach.report.write import as_asked
from coach.types import Event
from tests.guide.people import lying
from tests.guide.theatre import HIKER, STRAP, Theatre, hold, programme

ASKED = {
    "depth": [8, 10],
    "least_depth": 6,
    "tempo_s": [3, 2.5],
    "load_kg": 1.5,
    "step_cm": 15,
    "note": "Left hand only.",
}


def block(**asked: object) -> Block:
    return Block.model_validate({"exercise": HIKER, "side": "left", **asked})


class TestWhatIsJudged:
    def test_numbers_reach_the_rules(self) -> None:
        exercise = prescribed(load_exercise(HIKER), block(**ASKED))
        rule = exercise.movement
        assert rule is not None
        assert (exercise.target.depth, rule.counts_from) == ((8.0, 10.0), 6.0)
        assert (rule.min_phase_s, rule.min_back_s) == pytest.approx((1.8, 1.5))
        assert rule.too_fast(1.7, 2.0) and rule.too_fast(2.0, 1.4) and not rule.too_fast(1.9, 1.6)

    def test_what_is_not_asked_stays(self) -> None:
        plain = load_exercise(HIKER)
        assert prescribed(plain, block()) == plain

    def test_a_hold_in_seconds_is_judged_in_seconds(self) -> None:
        strap = prescribed(load_exercise(STRAP), Block(exercise=STRAP, side="left", hold_s=40))
        assert strap.hold is not None and strap.hold.hold_s == 40.0
        assert strap.asked_for == "40"
        few = Breathing(
            (1.0, 5.0), (2.0, 6.0), (4.0, 8.0), 0.9, 0.5, ((1.0, 2.0), (12.0, 13.0), (24.0, 25.0), (35.0, 36.0))
        )
        assert _breath_faults(strap, few, 0.0, 39.0, ended=True) == ([], [])
        assert "hold_too_short" in _breath_faults(strap, few, 0.0, 30.0, ended=True)[0]
        assert "hold_too_short" in _breath_faults(load_exercise(STRAP), few, 0.0, 39.0, ended=True)[0]


class TestWhatIsShown:
    def test_the_needle_aims_where_it_is_asked_to(self) -> None:
        exercise = prescribed(load_exercise(HIKER), block(depth=[18, 24]))
        depth, knee = exercise.gauges[0], exercise.gauges[1]
        assert (depth.target, depth.high) == ((18.0, 24.0), 24.0)
        assert knee == load_exercise(HIKER).gauges[1]

    def test_it_stands_beside_the_steps(self) -> None:
        theatre = Theatre(programme((HIKER, "left", ASKED))).play(1)
        assert theatre.now.block is not None
        assert theatre.now.block.asked == (
            "Step height: 15 cm.",
            "Load: 1.5 kg.",
            "Tempo: 3 seconds down, 2.5 seconds up.",
            "Depth: 8 to 10°.",
            "Left hand only.",
        )
        assert theatre.now.block.how[-1] == "10 repetitions, 3 seconds down, 2.5 seconds up, then the other side."

    def test_seconds_take_the_place_of_breaths_in_the_steps(self) -> None:
        theatre = Theatre(programme((STRAP, "left", {"hold_s": 30})), language="de").play(1, lying())
        assert theatre.now.block is not None
        assert "30 Sekunden" in theatre.now.block.how[-1]
        assert "Atemzüge" not in " ".join(theatre.now.block.how)


class TestWhatIsSaid:
    def test_it_is_said_before_the_set_and_never_in_degrees(self) -> None:
        theatre = Theatre(programme((HIKER, "left", ASKED))).play(25)
        said = [speech.text for moment in theatre.moments for speech in moment.say]
        for text in ("Step height: 15 cm.", "Load: 1.5 kg.", "Left hand only."):
            assert text in said
        assert not any("°" in text or "degree" in text for text in said)
        heard = theatre.heard()
        assert heard.index("asked_4") < heard.index("[calibrate]")

    def test_too_fast_is_told_with_the_tempo_that_is_asked(self) -> None:
        for language, says in (
            ("en", "Slower: 3 seconds down, 2.5 seconds up."),
            ("de", "Langsamer: 3 Sekunden runter, 2,5 Sekunden rauf."),
        ):
            of = programme((HIKER, "left", {"tempo_s": [3, 2.5]}))
            task = make_task(of.blocks[0], load_exercise(HIKER), of.words, language)
            assert task.exercise.say("too_fast", language) == says
            assert len(says.split()) <= 9

    def test_a_hold_in_seconds_counts_no_breaths_aloud(self) -> None:
        theatre = Theatre(programme((STRAP, "left", {"hold_s": 30})))
        theatre.play(9, lying()).play(1.9, lying(), phase="calibrating").play(3.4, lying(), phase="ready", count=0)
        assert theatre.now.stage == "exercise"
        theatre.heard()
        theatre.breathe(range(1, 9))
        heard = theatre.heard()
        assert not any(key.startswith("count") for key in heard)
        assert [key for key in heard if key in ("halfway", "paced_come_out")] == ["halfway", "paced_come_out"]
        assert theatre.now.count is not None
        assert (theatre.now.count.value, theatre.now.count.label) == (30, "seconds")
        theatre.play(1, lying(), phase="returning", events=[Event(0.0, "hold", hold=hold(8, 32.0))])
        record = theatre.guide.record.sets[0]
        assert (record.unit, record.target, record.count, record.ended_by) == ("seconds", 30, 30, "target")


class TestWhatIsKept:
    def test_the_account_has_it_in_words_and_numbers(self) -> None:
        theatre = Theatre(programme((HIKER, "left", {**ASKED, "reps": 1}))).play(25)
        theatre.play(1.9, phase="calibrating").play(3.4, phase="ready", count=0).repeat([1])
        account = theatre.guide.record.as_dict()["sets"][0]
        assert account["asked"][0] == "Step height: 15 cm."
        assert account["prescription"]["load_kg"] == 1.5
        assert account["prescription"]["tempo_s"] == (3.0, 2.5)


def test_the_report_has_what_was_asked_and_how_hard_it_was() -> None:
    theatre = Theatre(programme((STRAP, "left", {"hold_s": 30, "depth": [20, 40]}), ask_effort=True))
    theatre.play(9, lying()).play(1.9, lying(), phase="calibrating").play(3.4, lying(), phase="ready", count=0)
    theatre.play(2, lying(), phase="holding", held_s=31.0)
    theatre.play(1, lying(), phase="returning", events=[Event(0.0, "hold", hold=hold(7, 32.0))])
    theatre.guide.score(4)
    theatre.play(1, lying())
    (account,) = theatre.guide.record.as_dict()["sets"]
    part = as_asked(ReportPart(account["result"], load_exercise(STRAP)), account)
    assert part.exercise is not None and part.exercise.target.depth == (20.0, 40.0)
    said = page([part])
    for text in ("Asked for: Hold for 30 seconds. Depth: 20 to 40°.", "Effort: 4 of 10"):
        assert text in said
    assert "6 to 8" not in said and "of 6" not in said  # breaths were not asked for


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"exercise": HIKER, "breaths": 4}, "give 'reps'"),
        ({"exercise": HIKER, "hold_s": 20}, "give 'reps'"),
        ({"exercise": STRAP, "reps": 4}, "give 'breaths' or 'hold_s'"),
        ({"exercise": HIKER, "least_depth": 1}, "where a movement begins"),
        ({"exercise": HIKER, "depth": [3, 9]}, "from where on it counts"),
        ({"exercise": HIKER, "least_depth": 9}, "give 'depth' too"),
        ({"exercise": HIKER, "tempo_s": [9, 9]}, "must not take more than"),
        ({"exercise": STRAP, "step_cm": 15}, "not done on a step"),
        ({"exercise": HIKER, "progress": {"more": 2, "up_to": 8}}, "must be above 10"),
    ],
)
def test_what_the_exercise_cannot_do_is_refused(asked: dict[str, object], says: str) -> None:
    of = Block.model_validate({"side": "left", **asked})
    assert any(says in problem for problem in misfits(of, load_exercise(of.exercise)))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("reps = 5\nhold_s = 20", "give only one"),
        ("depth = [9, 8]", "must be below its second"),
        ("depth = [8, 9]\nleast_depth = 8.5", "must not be above"),
        ('note = " x"', "one line"),
        ("load_kg = -1", "load_kg"),
        ("more = 3", "more"),
        ("progress = { sessions = 2, up_to = 14 }", "progress.more"),
    ],
)
def test_a_mistake_in_a_block_is_named(tmp_path: Path, lines: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'schema = 1\nname = "x"\n[[blocks]]\nexercise = "{HIKER}"\nside = "left"\n{lines}\n')
    with pytest.raises(ProgrammeFileError) as raised:
        load_programme(path)
    assert says in str(raised.value)
