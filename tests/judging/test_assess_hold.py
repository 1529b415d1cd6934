"""One finished hold, judged from its samples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coach.definitions.exercise import load_exercise
from coach.judging.assess_hold import assess_hold
from coach.judging.breath_cycles import Breathing
from coach.judging.camera_view import CameraView
from coach.judging.hold_segmenter import HoldSpan
from coach.judging.respiration import BreathTracker
from coach.judging.samples import Samples
from coach.types import Hold
from tests.scripts import Lying, breathing_grids, camera_for_lying, clock, depth_of_breath, dip, observe

STRAP = load_exercise("strap-stretch")
assert STRAP.hold is not None
RULE = STRAP.hold
GOOD = {"anchor_arm_deg": 90.0, "raised_knee_flexion_deg": 3.0, "leg_elevation_deg": 90.0}
SIDE, DIAGONAL = CameraView("side", 3.0), CameraView("diagonal", 45.0)


def judged(
    held_s: float = 25.0,
    opening_s: float = 3.0,
    closing_s: float = 3.0,
    *,
    view: CameraView = SIDE,
    breath_s: float = 0.0,
    unseen: tuple[float, float] = (0.0, 0.0),
    returned: bool = True,
    **values: Any,
) -> Hold | None:
    """A hold that begins at 5 s. breath_s: one breath takes so long; 0 is no motion of the chest."""
    t_s = clock(held_s + 20)
    start_s = 5.0 - opening_s
    share = np.array([dip(t, start_s, opening_s, held_s, closing_s) for t in t_s])
    signals = {name: np.full_like(t_s, GOOD.get(name, 0.0)) for name in STRAP.signals}
    signals[RULE.signal] = 40 * share
    signals[RULE.depth] = 40 * share
    signals |= {name: np.broadcast_to(value, t_s.shape).astype(float) for name, value in values.items()}
    away = (t_s > unseen[0]) & (t_s < unseen[1])
    for name in signals:
        signals[name] = np.where(away, np.nan, signals[name])
    breath = BreathTracker()
    if breath_s:
        seen = observe(lambda _: Lying("left", 90), t_s, camera_for_lying(0, "right", 22))
        for observation, grid in zip(seen, breathing_grids(t_s, depth_of_breath(t_s, breath_s, 5.0))):
            breath.add(replace(observation, chest_px=grid))
    span = HoldSpan(start_s + opening_s / 3, 5 + held_s + closing_s * 0.6, returned)
    return assess_hold(STRAP, view, Samples("left", t_s, signals), span, breath)


@pytest.mark.parametrize(("opening_s", "closing_s"), [(2.0, 2.0), (3.0, 4.0), (4.5, 2.0)])
def test_edges(opening_s: float, closing_s: float) -> None:
    found = judged(25, opening_s, closing_s)
    assert found is not None
    assert (found.start_s, found.end_s) == pytest.approx((5.0, 30.0), abs=0.4)
    assert found.depth == pytest.approx(40, abs=0.5)
    assert found.uncounted_reason is None and found.faults == ()


def test_breaths_decide_whether_it_was_long_enough() -> None:
    enough, few = judged(26, breath_s=4.2), judged(13, breath_s=4.0)
    assert enough is not None and enough.breaths == 6
    assert enough.faults == ()
    assert few is not None and few.faults == ("hold_too_short",)


@pytest.mark.parametrize(("quality", "most", "told"), [(0.9, 5, True), (0.5, 5, False), (0.9, 6, False)])
def test_one_breath_too_few_is_told_only_where_readings_agree(
    quality: float, most: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = [5.0 + 4 * i for i in range(5)]
    start_s, peak_s, end_s = (tuple(each + after for each in begun) for after in (0.0, 1.5, 4.0))
    five = Breathing(start_s, peak_s, end_s, quality, 0.0, tuple(zip(start_s, peak_s, strict=True)), most)
    monkeypatch.setattr(BreathTracker, "between", lambda *_, **__: five)
    found = judged(22)
    assert found is not None and found.breaths == 5
    assert found.faults == (("hold_too_short",) if told else ())
    assert found.not_judged == (() if told else ("hold_too_short",))


def test_where_breaths_cannot_be_seen_the_time_has_to_do() -> None:
    long, short = judged(25), judged(9)
    assert long is not None and long.breaths is None and long.faults == ()
    assert short is not None and short.faults == ("hold_too_short",)


def test_a_hold_whose_breaths_cannot_be_seen_may_have_been_of_quick_ones() -> None:
    found = judged(16)
    assert found is not None and found.faults == () and "hold_too_short" in found.not_judged


def test_of_a_hold_that_may_have_gone_on_out_of_sight_its_length_is_not_told() -> None:
    found = judged(9, returned=False)
    assert found is not None and found.faults == () and "hold_too_short" in found.not_judged


def test_one_breath_in_half_a_minute_is_one_that_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Breathing((9.0,), (11.0,), (13.0,), 1.0, 0.0, ((9.0, 11.0),))
    monkeypatch.setattr(BreathTracker, "between", lambda *_, **__: one)
    monkeypatch.setattr(Breathing, "is_held", lambda *_, **__: False)
    found = judged(28)
    assert found is not None and found.faults == () and "hold_too_short" in found.not_judged


@pytest.mark.parametrize(("held_s", "view", "counts"), [(25, DIAGONAL, True), (8, DIAGONAL, False), (25, SIDE, False)])
def test_a_leg_that_falls_towards_an_oblique_camera_may_look_lowered(
    held_s: float, view: CameraView, counts: bool
) -> None:
    """Like a leg that is on its way down to the floor; but nobody stops there for half a minute."""
    found = judged(held_s, view=view, leg_elevation_deg=25.0)
    assert (found is not None and found.uncounted_reason != "leg_not_up") is counts


@pytest.mark.parametrize(
    ("fault", "values"),
    [
        ("raised_knee_bent", {"raised_knee_flexion_deg": 35.0}),
        ("pelvis_roll", {"pelvis_roll_deg": 20.0}),
        ("anchor_arm_in", {"anchor_arm_deg": 20.0}),
        ("grounded_leg_moved", {"grounded_foot_shift_pct": 45.0}),
    ],
)
def test_faults_and_views(fault: str, values: dict[str, float]) -> None:
    rule = STRAP.fault(fault)
    assert rule is not None
    found = judged(**values)
    assert found is not None and found.faults == (fault,) and fault not in found.not_judged
    above = judged(view=CameraView("above", 3.0), **values)
    assert above is not None
    told = not rule.views or "above" in rule.views
    assert (fault in above.faults, fault in above.not_judged) == (told, not told)


def test_for_a_moment_only_it_is_no_fault() -> None:
    t_s = clock(45)
    for name, bad, good in (("raised_knee_flexion_deg", 50.0, 3.0), ("anchor_arm_deg", 20.0, 90.0)):
        found = judged(**{name: np.where((t_s > 12) & (t_s < 15), bad, good)})
        assert found is not None and found.faults == ()


def test_too_fast_out_or_back() -> None:
    for opening_s, closing_s in ((0.3, 3.0), (3.0, 0.3)):
        found = judged(25, opening_s, closing_s)
        assert found is not None and found.faults == ("too_fast",)


def test_how_fast_a_way_was_is_not_told_where_the_leg_was_unseen_on_it() -> None:
    for opening_s, closing_s, unseen in ((0.8, 3.0, (4.2, 4.8)), (3.0, 0.8, (30.1, 30.7))):
        for away, faults in (((0.0, 0.0), ("too_fast",)), (unseen, ())):
            found = judged(25, opening_s, closing_s, unseen=away)
            assert found is not None and found.faults == faults


@pytest.mark.parametrize("from_s", [3.2, 3.5])
def test_how_fast_a_leg_opened_that_was_under_way_at_first_is_not_told(from_s: float) -> None:
    """A video that begins while the leg opens: what is left of it is a short way, and not a fast one."""
    found = judged(25, unseen=(0.0, from_s))
    assert found is not None and found.counted and found.start_s == pytest.approx(5.0, abs=0.4)
    assert found.faults == () and "too_fast" in found.not_judged


def test_a_pause_while_the_leg_opens_does_not_move_the_hold() -> None:
    t_s = clock(45)
    share = np.array([dip(t if t < 3.2 else max(3.2, t - 1.0), 2.0, 2.4, 25.0, 3.0) for t in t_s])
    found = judged(25, **{RULE.signal: 40 * share})
    assert found is not None and (found.start_s, found.end_s) == pytest.approx((5.4, 30.4), abs=0.5)


def test_a_hold_whose_opening_is_not_told_counts_all_the_same() -> None:
    t_s = clock(45)
    for told in (False, np.arange(len(t_s)) % 3 == 0):
        found = judged(view=DIAGONAL, **{RULE.depth: np.where(told, 12.0, np.nan)})
        assert found is not None and found.uncounted_reason is None and np.isnan(found.depth)


def test_not_open_enough_where_the_view_can_tell() -> None:
    shallow = {RULE.depth: 6.0}
    diagonal, side = judged(view=DIAGONAL, **shallow), judged(view=SIDE, **shallow)
    assert diagonal is not None and diagonal.uncounted_reason == "leg_not_open"
    assert side is not None and side.uncounted_reason is None and np.isnan(side.depth)


def test_hardly_seen_is_left_open() -> None:
    found = judged(25, unseen=(6.5, 29.0))
    assert found is not None and found.uncounted_reason == "not_seen"
    assert "unsteady" in found.not_judged


def test_two_glimpses_of_a_leg_are_no_hold() -> None:
    """A leg that is raised twice: out of place on its way, and down in between, where it is not looked for."""
    assert judged(4.0, unseen=(5.4, 8.6)) is None
    glimpsed = judged(6.0, unseen=(5.6, 10.4))
    assert glimpsed is not None and glimpsed.uncounted_reason == "not_seen"
    seen = judged(6.0)
    assert seen is not None and seen.counted


def test_no_hold_of_breaths_lasts_three_seconds() -> None:
    assert judged(3.0) is None


def test_too_short_to_be_a_hold() -> None:
    assert judged(0.2, 1.0, 1.0) is None
