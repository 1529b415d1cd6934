"""What is to be seen, before any pixel."""

from __future__ import annotations

import math

import pytest

from coach.definitions.exercise import load_exercise
from coach.i18n.catalog import read_tables, word_problems
from coach.overlay.free_scene import CUE_SHOWN_S, LABELS, ScenePresenter
from coach.types import Joint
from tests.moments import DROP, KNEE, cue, empty_moment, moment

HIKER = load_exercise("hip-hiker")


@pytest.fixture
def presenter() -> ScenePresenter:
    return ScenePresenter([HIKER])


def test_title_side_count_and_what_is_waited_for(presenter: ScenePresenter) -> None:
    scene = presenter.scene(moment())
    assert (scene.title, scene.subtitle) == ("Hip hiker", "Left side")
    assert scene.count is not None
    assert (scene.count.value, scene.count.fill, scene.count.below) == (6, 0.6, "of 10")
    assert scene.sentence == HIKER.say("ready")


def test_a_language_changes_every_word() -> None:
    scene = ScenePresenter([HIKER], "de").scene(moment())
    assert scene.subtitle == "Linke Seite"
    assert scene.sentence == HIKER.say("ready", "de")


def test_every_language_has_every_label() -> None:
    assert word_problems(read_tables(LABELS), ()) == []


def test_a_cue_stays_for_as_long_as_it_takes_to_read_it(presenter: ScenePresenter) -> None:
    said = cue(1.0)
    assert presenter.scene(moment(1.0, said)).sentence == said.text
    later = presenter.scene(moment(1.0 + CUE_SHOWN_S - 0.1))
    assert later.sentence == said.text
    assert presenter.scene(moment(1.0 + CUE_SHOWN_S)).sentence == HIKER.say("ready")


def test_a_newer_cue_takes_the_place_of_the_last(presenter: ScenePresenter) -> None:
    presenter.scene(moment(1.0, cue(1.0)))
    assert presenter.scene(moment(1.5, cue(1.5, "Keep your trunk upright."))).sentence == "Keep your trunk upright."


def test_a_spoken_number_is_not_a_sentence(presenter: ScenePresenter) -> None:
    assert presenter.scene(moment(1.0, cue(1.0, "6"))).sentence == HIKER.say("ready")


def test_out_of_sight_the_count_stays_and_the_sentence_says_what_to_do(presenter: ScenePresenter) -> None:
    presenter.scene(moment(1.0, cue(1.0)))
    scene = presenter.scene(empty_moment(1.2))
    assert scene.count is not None
    assert scene.count.value == 6
    assert scene.sentence == HIKER.say("nobody")
    assert scene.pose is None
    assert scene.marks == ()


def test_only_the_joint_of_the_present_cue_is_marked(presenter: ScenePresenter) -> None:
    assert presenter.scene(moment(1.0)).marks == ()
    assert presenter.scene(moment(1.1, cue(1.1))).marks == (Joint.RIGHT_KNEE,)
    assert presenter.scene(moment(9.0)).marks == ()


def test_an_unknown_exercise_still_shows_its_count() -> None:
    scene = ScenePresenter([]).scene(moment())
    assert scene.title == "hip-hiker"
    assert scene.count is not None
    assert scene.count.value == 6
    assert scene.sentence == ""


def test_breaths_have_a_goal_from_to_and_a_notch(presenter: ScenePresenter) -> None:
    strap = load_exercise("strap-stretch")
    scene = ScenePresenter([strap]).scene(
        moment(exercise="strap-stretch", kind="hold", phase="holding", count=4, target=8, waiting_for="")
    )
    assert scene.count is not None
    assert strap.hold is not None
    least, most = strap.hold.least_breaths, strap.hold.most_breaths
    assert scene.count.below == f"of {least}–{most}"
    assert scene.count.enough == pytest.approx(least / most)


def test_in_a_hold_the_breathing_circle_takes_the_place_of_the_large_gauge(presenter: ScenePresenter) -> None:
    assert presenter.scene(moment()).gauges == (DROP, KNEE)
    assert presenter.scene(moment()).circle is None
    holding = presenter.scene(moment(phase="holding", breath_phase=0.25))
    assert holding.gauges == (KNEE,)
    assert holding.circle is not None


@pytest.mark.parametrize(
    ("phase", "fill", "label"), [(0.0, 0.0, "In"), (0.25, 0.5, "In"), (0.5, 1.0, "Out"), (0.75, 0.5, "Out")]
)
def test_the_circle_follows_the_breath(presenter: ScenePresenter, phase: float, fill: float, label: str) -> None:
    circle = presenter.scene(moment(phase="holding", breath_phase=phase)).circle
    assert circle is not None
    assert (circle.fill, circle.label, circle.paced) == (pytest.approx(fill), label, False)


def test_a_breath_that_is_not_seen_is_paced_and_says_so(presenter: ScenePresenter) -> None:
    circles = [presenter.scene(moment(t_s, phase="holding", breath_phase=math.nan)).circle for t_s in (2.5, 7.5)]
    assert all(circle is not None and circle.paced for circle in circles)
    assert [circle.label for circle in circles if circle] == ["In", "Out"]
