"""A hand on the head pauses and goes on. What was recorded of anybody exercising never does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach.guide.hand_sign import HandSign
from coach.perception.recording import Recording
from coach.types import Joint, Observation, Pose, Side
from tests.guide.people import lying, seen, standing
from tests.guide.theatre import HIKER, STRAP, Theatre, programme

TESTS = Path(__file__).parent.parent
RECORDINGS = sorted([*(TESTS / "recordings").glob("*.observed"), *(TESTS / "messy").glob("*/*.observed")])


def with_hand(pose: Pose, side: str = "left", away: float = 0.0) -> Pose:
    """The same with a hand on the head; away: that much of the picture's height beside it."""
    xy = pose.xy_px.copy()
    head = (xy[Joint.LEFT_EAR] + xy[Joint.RIGHT_EAR]) / 2
    along = head - (xy[Joint.LEFT_HIP] + xy[Joint.RIGHT_HIP]) / 2
    xy[Joint[f"{side.upper()}_WRIST"]] = head + 0.1 * along + np.array([away * 480, 0.0], np.float32)
    return Pose(xy, pose.world_m, pose.visibility)


def given(sign: HandSign, spans: list[tuple[float, Pose | None]]) -> list[float]:
    times, t_s = [], 0.0
    for seconds, pose in spans:
        for _ in range(round(10 * seconds)):
            t_s += 0.1
            if sign.step(t_s, seen(t_s, pose)):
                times.append(round(t_s, 1))
    return times


class TestTheSign:
    def test_after_three_seconds_and_once(self) -> None:
        assert given(HandSign(), [(2, standing()), (6, with_hand(standing())), (2, standing())]) == pytest.approx(
            [5.1], abs=0.15
        )

    def test_not_by_a_hand_that_scratches_twice(self) -> None:
        scratch = [(2.2, with_hand(standing())), (0.6, standing())]
        assert given(HandSign(), [*scratch, *scratch, *scratch]) == []

    def test_a_frame_without_it_is_no_end(self) -> None:
        assert given(HandSign(), [(2, with_hand(standing())), (0.2, None), (1.5, with_hand(standing()))])

    def test_a_second_one_is_a_second_one(self) -> None:
        hand = [(4.0, with_hand(standing(), "right")), (1.0, standing())]
        assert len(given(HandSign(), [*hand, *hand])) == 2

    def test_of_somebody_lying_only_the_free_hand(self) -> None:
        assert given(HandSign("right"), [(6, with_hand(lying(), "left"))]) == []
        assert given(HandSign("right"), [(6, with_hand(lying(), "right"))])

    def test_a_hand_far_from_the_head_is_none(self) -> None:
        assert given(HandSign(), [(6, with_hand(standing(), away=0.35))]) == []


class TestInASession:
    def test_before_the_exercise_a_second_one_begins_the_set_up_anew(self) -> None:
        theatre = Theatre(programme((HIKER, "left"))).play(2.4)
        theatre.play(3.5, with_hand(standing()), phase="calibrating")
        assert theatre.now.stage == "paused"
        theatre.play(1).play(3.5, with_hand(standing()))
        assert theatre.now.stage == "setup"

    @pytest.mark.parametrize(
        ("exercise", "pose", "hand"),
        [(HIKER, standing(), "left"), (HIKER, standing(), "right"), (STRAP, lying(), "right")],
    )
    def test_it_pauses_and_says_how_to_go_on_and_a_second_one_goes_on(
        self, exercise: str, pose: Pose, hand: str
    ) -> None:
        theatre = Theatre(programme((exercise, "left"))).begin(pose)
        theatre.heard()
        theatre.play(3.5, with_hand(pose, hand))
        assert theatre.heard() == ["[paused]", "paused_sign"]
        assert theatre.now.pause == "asked"
        assert theatre.now.sentence == "Paused. Hand on your head to go on."
        theatre.play(20, pose)
        assert theatre.now.stage == "paused"
        theatre.play(3.5, with_hand(pose, hand)).play(4, pose)
        assert theatre.now.stage == "exercise"
        assert [key for key in theatre.heard() if key.startswith("[")] == ["[countdown]", "[exercise]"]
        pauses = theatre.guide.record.pauses
        assert [pause.reason for pause in pauses] == ["asked"]

    def test_the_hand_that_holds_the_strap_pauses_nothing(self) -> None:
        theatre = Theatre(programme((STRAP, "left"))).begin(lying())
        theatre.play(6, with_hand(lying(), "left"), phase="holding", held_s=6.0)
        assert theatre.now.stage == "exercise"

    def test_at_rest_a_hand_may_lie_anywhere(self) -> None:
        theatre = Theatre(programme((HIKER, "left", {"reps": 1, "rest_s": 30}), (HIKER, "right"))).begin().repeat([1])
        theatre.play(6, with_hand(standing()))
        assert theatre.now.stage == "rest"

    def test_it_is_told_before_the_first_set_in_both_languages(self) -> None:
        for language, word in (("en", "hand on your head"), ("de", "Hand")):
            for exercise in (HIKER, STRAP):
                theatre = Theatre(programme((exercise, "left"), explained=True), language=language).play(45)
                said = [
                    speech for moment in theatre.moments for speech in moment.say if speech.key.startswith("talk_sign")
                ]
                assert said and word in said[0].text
                assert len(said[0].text.split()) <= 10


@pytest.mark.parametrize(
    ("name", "hand", "begun_s"), [("hand_sign_standing", None, (3.0, 11.0)), ("hand_sign_lying", "right", (12.0, 20.0))]
)
def test_who_gives_it_is_seen_both_times(name: str, hand: Side | None, begun_s: tuple[float, float]) -> None:
    sign = HandSign(hand)
    with Recording(TESTS / "guide" / "signs" / f"{name}.observed") as recording:
        times = [seen_now.t_s for seen_now in recording if sign.step(seen_now.t_s, seen_now)]
    assert times == pytest.approx([begun + 3.0 for begun in begun_s], abs=0.8)


# An arm that lies straight out, seen from the head end by a camera 0.7 to 1.1 m high: its hand is beside or behind the
# head and looks like one on it, also in the metres of the network, which says the same of somebody who gives the sign.
MISTAKEN = {"b_strap4", "g_strap2", "g_strap7", "i_strap7"}


@pytest.mark.parametrize("path", [each for each in RECORDINGS if each.stem not in MISTAKEN], ids=lambda path: path.stem)
def test_nobody_who_was_recorded_gives_it(path: Path) -> None:
    free = {side: HandSign(side) for side in ("left", "right")}
    both = HandSign()
    observations: list[Observation] = []
    with Recording(path) as recording:
        observations = list(recording)
    lies = _raised_side(path)
    for observation in observations:
        if lies is None:
            assert not both.step(observation.t_s, observation), observation.t_s
        else:
            anchor = "right" if lies == "left" else "left"
            assert not free[anchor].step(observation.t_s, observation), observation.t_s


def _raised_side(path: Path) -> str | None:
    """The side of a stretch, None of anything else: then a hand of either side would do."""
    import json

    truth = path.with_suffix(".truth.json")
    if not truth.is_file():
        return "left" if path.stem == "strap_left" else None
    known = json.loads(truth.read_text(encoding="utf-8"))
    sides = [each["side"] for each in known.get("sets", ()) if each["exercise"] == STRAP]
    return sides[0] if sides else None
