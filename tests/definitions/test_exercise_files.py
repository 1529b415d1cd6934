"""One contract for every exercise file: what a file promises must hold for each of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from coach.definitions.exercise import Exercise, load_exercise
from coach.judging.judge import make_judge
from coach.kinematics.catalogue import SIGNALS
from coach.session.session import Session
from coach.toml import shipped_folder
from coach.types import SIDES, Joint, Observation, Side, joint
from tests.scripts import Lying, Standing, camera_for_lying, camera_for_standing, clock, observe

FILES = sorted([*shipped_folder("exercises").glob("*.toml"), *(Path(__file__).parents[1] / "exercises").glob("*.toml")])
SIZE = (1280, 720)
MEDICAL = re.compile(r"\b(diagnos\w*|cure\w*|heal\w*|treat\w*|therap\w*|pain)\b", re.IGNORECASE)


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def exercise(file: Path) -> Exercise:
    return load_exercise(file)


def test_it_is_called_as_its_file(file: Path, exercise: Exercise) -> None:
    assert exercise.name == file.stem


def test_signals_exist_and_units_stand_in_names(exercise: Exercise) -> None:
    rule = exercise.movement or exercise.hold
    assert rule is not None
    for part in (*exercise.faults, *exercise.gates, *exercise.gauges):
        assert part.signal in SIGNALS
    assert rule.signal in SIGNALS and rule.depth in SIGNALS
    assert exercise.depth_name.endswith(("_deg", "_pct"))


def test_noise_at_the_edge_cannot_chatter(exercise: Exercise) -> None:
    for fault in exercise.faults:
        gap = fault.above - fault.release if fault.above is not None else fault.release - (fault.below or 0)
        assert gap > 0
        assert fault.dwell_s > 0 or fault.share > 0
    rule = exercise.movement or exercise.hold
    assert rule is not None and rule.end_below < rule.start_above


def test_names_are_unique_and_priorities_are_an_order(exercise: Exercise) -> None:
    names = [fault.name for fault in exercise.faults]
    assert len(names) == len(set(names))
    priorities = [fault.priority for fault in exercise.faults]
    assert len(priorities) == len(set(priorities))


def test_whatever_a_judge_can_say_has_words(exercise: Exercise) -> None:
    reasons = {"not_seen", "too_fast"}
    if exercise.movement is not None:
        reasons |= {"too_shallow", "not_returned", *exercise.movement.instead}
    else:
        reasons |= {*exercise.reasons, "unsteady", "breath_held", "hold_too_short"}
    phases = {"nobody", "partial", "calibrating", "ready"}
    faults = {fault.name for fault in exercise.faults}
    said = {advice.say for advice in exercise.camera.advice}
    for language, words in exercise.words.items():
        assert reasons | phases | faults | said | {"praise", "finished", "counted"} <= set(words), language


def test_words_are_short_plain_and_make_no_medical_claim(exercise: Exercise) -> None:
    for language, words in exercise.words.items():
        for key, text in words.items():
            assert text == text.strip() and text
            assert len(text) <= (140 if key.startswith("view_") else 60), (language, key)
            assert not MEDICAL.search(text), (language, key)
            if key not in ("counted", "uncounted"):
                assert text[-1] in ".!?", (language, key)


def test_why_it_does_not_count_is_short(exercise: Exercise) -> None:
    rule = exercise.movement or exercise.hold
    assert rule is not None
    reasons: tuple[str, ...] = ("leg_not_up", "leg_not_open")
    if exercise.movement:
        reasons = ("too_shallow", "not_returned", *exercise.movement.instead)
    for language, words in exercise.words.items():
        for reason in reasons if "uncounted" in words else ():
            said = exercise.say("uncounted", language, why=words[reason])
            assert words[reason] in said and len(said.split()) <= 9, said


def test_the_other_side_has_words_for_both_or_for_none(exercise: Exercise) -> None:
    assert len({f"other_side_{side}" in exercise.words["en"] for side in SIDES}) == 1


def test_every_language_says_the_same_things(exercise: Exercise) -> None:
    spoken = set(exercise.words["en"])
    for language, words in exercise.words.items():
        assert spoken <= set(words), language
        for key in spoken:
            assert re.findall(r"{\w*}", words[key]) == re.findall(r"{\w*}", exercise.words["en"][key]), (language, key)


def test_what_is_read_is_whole_plain_and_makes_no_medical_claim(exercise: Exercise) -> None:
    for language in ("en", *exercise.about):
        about = exercise.in_language(language)
        for text in (about.summary, about.camera_where, *about.how):
            assert text[-1] == "." and text == text.strip() and not MEDICAL.search(text), (language, text)
        for text in (about.title, about.side_is, *about.gauges.values(), *about.faults.values()):
            assert text and text[-1] not in ".!?" and text == text.strip(), (language, text)
        assert {gauge.signal for gauge in exercise.gauges} == set(about.gauges) or language == "en"
        assert {fault.name for fault in exercise.faults} <= set(about.faults) or language == "en"


def test_a_language_that_is_spoken_can_be_read(exercise: Exercise) -> None:
    assert set(exercise.words) == {"en", *exercise.about}


def test_joints_to_be_marked_are_joints(exercise: Exercise) -> None:
    """A joint's name, alone for both sides or with whose it is."""
    names = {name.lower().split("_", 1)[-1] for name in Joint.__members__}
    for fault in exercise.faults:
        for name in fault.joints:
            whose, _, what = name.rpartition(" ")
            assert what.rstrip("s") in names, name
            assert whose in ("", "stance", "hanging", "moving", "other"), name
    assert joint("knee", "left") == Joint.LEFT_KNEE


def test_gauges_show_their_target(exercise: Exercise) -> None:
    for gauge in exercise.gauges:
        assert gauge.low <= gauge.target[0] < gauge.target[1] <= gauge.high
    assert exercise.target.depth[0] < exercise.target.depth[1]
    assert exercise.camera.angle_deg[0] < exercise.camera.angle_deg[1]


def observations(exercise: Exercise, still: bool = True) -> list[Observation]:
    if exercise.posture == "upright":
        return observe(lambda t: Standing(), clock(8), camera_for_standing(), noise_px=0.3)
    return observe(lambda t: Lying(), clock(8), camera_for_lying(), noise_px=0.3)


@pytest.mark.parametrize("side", [None, "left", "right"])
def test_nothing_is_counted_of_somebody_who_is_still(exercise: Exercise, side: Side | None) -> None:
    session = Session([exercise], side)
    moments = [session.step(o) for o in observations(exercise)]
    result = session.finish().result("still.mp4")
    assert result["movements"] == result["holds"] == [] and result["summary"]["reps"] == 0
    assert moments[-1].status.phase in ("ready", "raised")
    assert len(moments[-1].status.gauges) == len(exercise.gauges)


def test_nobody_half_a_body_and_nonsense_are_borne(exercise: Exercise) -> None:
    judge = make_judge(exercise)
    whole = observations(exercise)[0].pose
    assert whole is not None
    generator = np.random.default_rng(0)
    for i, t_s in enumerate(clock(12)):
        poses = [None, whole, type(whole)(whole.xy_px + 900, whole.world_m, whole.visibility)]
        wild = generator.uniform(-50, 1300, whole.xy_px.shape).astype(np.float32)
        poses.append(type(whole)(wild, whole.world_m, whole.visibility))
        verdict = judge.step(Observation(float(t_s), SIZE, poses[i % 4]))
        assert verdict.status.exercise == exercise.name
    assert not [e for e in judge.finish() if (e.movement or e.hold) is not None]


def test_every_phase_a_judge_shows_is_known(exercise: Exercise) -> None:
    known = {
        "repetitions": {"nobody", "partial", "calibrating", "ready", "moving"},
        "hold": {"nobody", "partial", "calibrating", "ready", "raised", "opening", "holding", "returning"},
    }[exercise.kind]
    judge = make_judge(exercise)
    seen = [Observation(0.0, SIZE, None), *observations(exercise)[1:]]
    for o in seen:
        status = judge.step(o).status
        assert status.phase in known
        assert status.waiting_for in exercise.words["en"]
