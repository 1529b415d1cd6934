"""What lowered the body, told from how far the hanging foot and the hips went."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from coach.kinematics.pelvic_model import (
    HIPS_BENT,
    HIPS_SHARE,
    SHANK_SHARE,
    TILT_BENT,
    TILT_BENT_FACING,
    TILT_LEANING_PCT,
    TILT_SHARE,
    Posture,
    Readings,
    bend_deg,
    bend_pct,
    fit,
)

NAN = math.nan


def seen(
    drop: float = 0.0, stance: float = 0.0, hanging: float = 0.0, *, knees: bool = False, **more: float
) -> Posture:
    """The fit of what a drop and two knees do, in % of the leg. knees: whether the view shows them. more: added."""
    foot = drop + stance - hanging + more.pop("foot", 0.0)
    hips = HIPS_SHARE * drop + HIPS_BENT * stance + more.pop("hips", 0.0)
    bent = (bend_deg(stance), bend_deg(hanging)) if knees else (NAN, NAN)
    return fit(Readings(foot, hips, more.pop("swing", 0.0), *bent, **more))


@pytest.mark.parametrize("knees", [True, False])
@pytest.mark.parametrize("drop", [1.5, 4.0, 7.0])
def test_a_clean_drop(drop: float, knees: bool) -> None:
    found = seen(drop, knees=knees)
    assert found.drop_pct == pytest.approx(drop, abs=0.05)
    assert found.stance_pct == pytest.approx(0, abs=0.05)
    assert found.hanging_pct == pytest.approx(0, abs=0.05)
    assert found.misfit < 0.5 and found.drop_error_pct < 0.5


@pytest.mark.parametrize("knees", [True, False])
def test_a_bent_standing_knee_alone_is_hardly_a_drop(knees: bool) -> None:
    found = seen(stance=4.0, knees=knees)
    assert found.stance_pct == pytest.approx(4.0, abs=0.8)
    assert abs(found.drop_pct) < 1.6


@pytest.mark.parametrize(
    ("drop", "stance", "hanging", "sure", "told"),
    [(0, 3.4, 0, 1, True), (4, 3.4, 0, 1, True), (4, 0, 0, 1, False), (4, 3.4, 0, 0.4, False), (4.4, 0, 6.6, 1, False)],
    ids=["knee", "drop and knee", "drop", "in the dark", "the other knee"],
)
def test_when_a_standing_knee_that_is_not_seen_has_surely_bent(
    drop: float, stance: float, hanging: float, sure: float, told: bool
) -> None:
    found = seen(drop, stance, hanging, foot_sure=sure, hips_sure=sure)
    assert (found.stance_pct - 1.645 * found.stance_error_pct > bend_pct(15)) == told


def test_a_trunk_that_leans_tells_less_of_a_knee_that_is_not_seen() -> None:
    upright, leaning = (seen(4.0, hips=0.9, lean_deg=lean_deg) for lean_deg in (0.0, 15.0))
    assert leaning.drop_pct == pytest.approx(4.0, abs=0.6)
    assert abs(leaning.drop_pct - 4.0) < abs(upright.drop_pct - 4.0)


def tilt(drop: float = 0.0, stance: float = 0.0) -> float:
    """How the pelvis of somebody who faces the camera is seen to tilt."""
    return TILT_SHARE * drop + (TILT_BENT + TILT_BENT_FACING) * stance


def test_where_the_hips_went_a_little_too_far_a_tilt_tells_the_drop_of_a_bent_standing_knee() -> None:
    paths, both = (seen(4.0, 3.4, hips=0.8, tilt=tilted) for tilted in (NAN, tilt(4.0, 3.4)))
    assert abs(both.drop_pct - 4.0) < abs(paths.drop_pct - 4.0)
    assert both.drop_error_pct < paths.drop_error_pct


def test_where_they_went_a_little_too_short_a_level_pelvis_tells_a_bent_standing_knee_alone() -> None:
    paths, both = (seen(stance=4.0, hips=-0.4, faces=-1.0, tilt=tilted) for tilted in (NAN, -0.2))
    assert abs(both.drop_pct) < abs(paths.drop_pct)


def test_a_tilt_leaves_a_clean_drop_whose_paths_agree_as_it_is() -> None:
    assert seen(5.0, tilt=tilt(drop=3.0)).drop_pct == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize(
    ("doubtful", "level"), [({"swing": 35.0}, 0.0), ({"lean_deg": 20.0}, -20 * TILT_LEANING_PCT)], ids=["swing", "lean"]
)
def test_of_a_leg_that_swings_and_a_trunk_that_leans_a_tilt_tells_less(
    doubtful: dict[str, float], level: float
) -> None:
    def changed(level: float, **more: float) -> float:
        return abs(seen(4.0, 3.4, tilt=level, **more).drop_pct - seen(4.0, 3.4, **more).drop_pct)

    assert changed(level, **doubtful) < changed(0.0)


def test_movements_are_found_without_the_tilt() -> None:
    told = Readings(5.0, 3.4, 0.0, NAN, NAN, tilt=2.0)
    assert fit(told.paths) == fit(Readings(5.0, 3.4, 0.0, NAN, NAN)) != fit(told)


def test_a_drop_with_a_bent_standing_knee_that_is_seen() -> None:
    found = seen(4.0, stance=3.0, knees=True)
    assert (found.drop_pct, found.stance_pct) == pytest.approx((4.0, 3.0), abs=0.2)


def test_a_bent_hanging_knee_that_is_seen_is_no_less_of_a_drop() -> None:
    found = seen(4.0, hanging=3.0, knees=True)
    assert (found.drop_pct, found.hanging_pct) == pytest.approx((4.0, 3.0), abs=0.2)


def test_from_the_front_a_standing_shank_tells_a_drop_with_a_bent_hanging_knee_from_two_bent_knees() -> None:
    """The foot goes up, and the hips down by as much, in both."""
    drop = seen(4.2, hanging=5.2, shank=0.0, shank_sure=1.0)
    both = seen(stance=2.2, hanging=3.2, shank=SHANK_SHARE * 2.2, shank_sure=1.0)
    assert drop.drop_pct == pytest.approx(4.2, abs=0.6) and drop.hanging_pct == pytest.approx(5.2, abs=0.8)
    # The trunk counts a little less for a knee (HIPS_BENT): what the shank leaves open is shared out differently.
    assert abs(both.drop_pct) < 1.0 and both.stance_pct == pytest.approx(2.2, abs=0.4)
    unknown = seen(4.2, hanging=5.2)
    assert unknown.drop_error_pct > 1.5 * drop.drop_error_pct


def test_a_standing_knee_that_is_hardly_seen_to_bend_tells_its_share_of_a_drop() -> None:
    """Where the hips are off by half a percent, which alone makes a degree of drop two."""
    hips_off = {"hips": 0.5, "shank": 1.9 * SHANK_SHARE * 3.0, "shank_sure": 0.5}
    unseen = seen(4.0, stance=3.0, **hips_off)
    hardly_seen = seen(4.0, stance=3.0, stance_knee_least_deg=bend_deg(2.5), **hips_off)
    assert unseen.drop_pct < 2.9
    assert hardly_seen.drop_pct == pytest.approx(4.0, abs=0.8)


def test_of_a_leg_that_swung_the_foot_tells_little_and_the_hips_the_drop() -> None:
    """From the front, 20 degrees out: what its foot's way is off by is no knee."""
    for off_pct in (-3.2, 0.0, 2.8):
        found = seen(4.2, foot=off_pct, swing=30.0)
        assert found.drop_pct == pytest.approx(4.2, abs=0.6)
        assert found.stance_pct == pytest.approx(0.0, abs=0.3)


def test_a_foot_that_its_own_knee_lifted_says_nothing_of_the_standing_one() -> None:
    found = seen(4.2, hanging=6.6)
    assert found.drop_pct == pytest.approx(4.2, abs=0.4)
    assert found.stance_pct + 1.645 * found.stance_error_pct < 2.0


def test_a_shank_that_tells_a_little_more_changes_the_drop_a_little() -> None:
    for shank_sure in (0.3, 0.45, 0.8):
        drops = [seen(4.0, hanging=4.0, shank=i / 50, shank_sure=shank_sure).drop_pct for i in range(150)]
        assert max(abs(later - earlier) for earlier, later in pairwise(drops)) < 0.4


def test_a_shank_in_the_dark_tells_no_more_than_none() -> None:
    assert seen(4.2, hanging=5.2, shank=0.0, shank_sure=0.2).drop_error_pct > 1.5 * (
        seen(4.2, hanging=5.2, shank=0.0, shank_sure=1.0).drop_error_pct
    )


def test_knees_never_lengthen_a_leg() -> None:
    found = seen(4.0, hips=-1.5)
    assert found.stance_pct == 0 and found.hanging_pct >= 0
    assert found.drop_pct == pytest.approx(4.0, abs=0.5)


def test_a_trunk_that_is_hardly_seen_takes_nothing_from_the_drop() -> None:
    """Dim and noisy, from the front: the trunk's few points are off by 1 % of the leg, and the feet are seen well."""
    doubtful = seen(6.5, hips=1.0, foot_sure=0.9, hips_sure=0.45)
    sure = seen(6.5, hips=1.0)
    assert doubtful.drop_pct == pytest.approx(6.5, abs=0.6)
    assert sure.drop_pct < 5.5, "seen as well as that it was the standing knee"


def test_the_error_grows_with_doubt_and_with_a_swing() -> None:
    errors = [seen(5.0, foot_sure=sure, hips_sure=sure).drop_error_pct for sure in (1.0, 0.6, 0.3)]
    assert errors == sorted(errors) and errors[-1] > 2 * errors[0]
    assert seen(5.0, foot_sure=0.0, hips_sure=0.0).drop_error_pct > errors[0], "only joints told"
    assert seen(5.0, swing=15.0).drop_error_pct > seen(5.0).drop_error_pct


@pytest.mark.parametrize("missing", ["foot", "hips"])
def test_without_either_way_nothing_is_told(missing: str) -> None:
    assert math.isnan(seen(5.0, **{missing: NAN}).drop_pct)


@pytest.mark.parametrize("knee_deg", [0.0, 10.0, 45.0, 90.0])
def test_how_much_a_bent_knee_shortens_a_leg(knee_deg: float) -> None:
    assert bend_pct(knee_deg) == pytest.approx(100 * (1 - math.cos(math.radians(knee_deg / 2))))
    assert bend_deg(bend_pct(knee_deg)) == pytest.approx(knee_deg, abs=1e-4)


def test_a_standing_knee_took_no_less_than_it_surely_bent() -> None:
    unseen, told = (fit(Readings(4.8, 3.25, 0.0, math.nan, math.nan, stance_knee_least_deg=deg)) for deg in (0.0, 40.0))
    assert told.stance_pct > 2 * unseen.stance_pct and told.drop_pct < unseen.drop_pct / 2
    assert fit(Readings(4.8, 3.25, 0.0, math.nan, math.nan, stance_knee_least_deg=5.0)) == unseen, "the fit has more"
