"""A guided session with the real judge: a moving figure of points, and what was seen in a clip of the stretch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from coach.guide.guide import Guide
from coach.perception.recording import Recording
from coach.types import Observation, Pose
from tests.guide.people import dipping, seen, standing
from tests.guide.theatre import HIKER, STRAP, programme

FPS = 15
STRETCH = Path(__file__).parent.parent / "recordings" / "strap_left.observed"


class Play:
    """Feeds a Guide and keeps what was said."""

    def __init__(self, guide: Guide) -> None:
        self.guide, self.frame, self.log = guide, 0, [""]

    def show(self, seconds: float, pose: Callable[[float], Pose | None]) -> Play:
        return self.feed(seen(0, pose(n / FPS)) for n in range(round(seconds * FPS)))

    def feed(self, observations: Iterable[Observation]) -> Play:
        for observation in observations:
            self.frame += 1
            moment = self.guide.step(replace(observation, t_s=self.frame / FPS))
            self.log += [f"{s.key} {s.text}" if s.key == "count" else s.key for s in moment.say]
        return self

    def heard(self) -> list[str]:
        log, self.log = self.log, [""]
        return log[1:]


def dips(depth_deg: float) -> Callable[[float], Pose]:
    """Four seconds each: two down, two up."""
    return lambda t_s: dipping(depth_deg * (0.5 - 0.5 * math.cos(2 * math.pi * t_s / 4)))


def still(t_s: float) -> Pose:
    return standing()


def test_hip_hikers_are_counted_shallow_ones_explained_and_leaving_keeps_the_count() -> None:
    play = Play(Guide(programme((HIKER, "left", {"reps": 4})), already_confirmed=True))
    play.show(9, still).heard()
    play.show(8, dips(11)).show(2, still)
    assert play.heard() == ["count 1", "count 2"]
    play.show(4, dips(4)).show(2, still)
    assert play.heard() == ["too_shallow"]
    play.show(5, lambda t_s: None)
    assert play.heard() == ["paused_left"]
    play.show(4, still)
    assert play.heard() == ["welcome_back", "calibrate_upright", "resumed"]
    play.show(8, dips(11)).show(2, still)
    said = [key for key in play.heard() if key != "praise"]
    # With the shallow one it is four tries: enough, and one more is welcome.
    assert said == ["count 3", "may_finish_tries", "count 4", "reps_done", "summary", "next_time"]
    record = play.guide.record.sets[0]
    assert [m.counted for m in record.movements] == [True, True, False, True, True]
    assert record.result["summary"]["reps"] == 4
    assert record.result["exercise"] == HIKER
    assert play.guide.record.complete


def test_a_pause_in_the_middle_of_a_movement_invents_no_repetition() -> None:
    play = Play(Guide(programme((HIKER, "left", {"reps": 4})), already_confirmed=True))
    play.show(9, still).show(4, dips(11)).show(2, still).show(2, dips(11))
    play.guide.pause()
    play.show(20, dips(11))
    play.guide.resume()
    play.show(7, still).heard()
    assert play.guide.record.sets[0].count == 1
    play.show(4, dips(11)).show(2, still)
    assert "count 2" in play.heard()


def test_a_leg_that_opens_before_the_set_begins_is_held_from_its_beginning() -> None:
    recorded = list(Recording(STRETCH))
    guide = Guide(programme((STRAP, "left")), already_confirmed=True)
    said, began_s = [], math.nan
    for observation in recorded:  # the leg is up from 7.5 s, open from 11.7 s to 37.1 s
        # Somebody else in the picture until the leg has opened: so long the set-up waits.
        moment = guide.step(replace(observation, people=2 if observation.t_s < 11 else 1))
        said += [(observation.t_s, speech.text) for speech in moment.say if speech.key == "count"]
        if math.isnan(began_s) and moment.stage == "exercise":
            began_s = observation.t_s
    assert 14 < began_s < 20
    assert len(said) >= 3 and said[0][0] < began_s + 8
    (hold,) = guide.record.sets[0].holds
    assert hold.counted and hold.side == "left"
    assert (hold.start_s, hold.end_s) == pytest.approx((began_s, 37.1), abs=0.3)
    assert hold.breaths is not None and abs(hold.breaths - len(said)) <= 1
    assert min(hold.breath_start_s) >= began_s


def test_a_strap_hold_of_a_clip_reaches_its_breaths() -> None:
    recorded = list(Recording(STRETCH))
    lies = [*recorded[:22], *recorded[21::-1]]
    play = Play(Guide(programme((STRAP, "left")), already_confirmed=True))
    play.feed(lies[n % len(lies)] for n in range(15 * FPS)).feed(recorded)
    said = [key for key in play.heard() if key.startswith(("talk_", "count ", "may_", "hold_", "summary", "breath_"))]
    record = play.guide.record.sets[0]
    assert record.count == 6
    assert not record.paced
    assert [key for key in said if key.startswith("breath_")] == []
    assert "talk_bend_knee" in said
    assert said[-1] in ("hold_done", "summary", "may_finish", "talk_return", "count 6")
