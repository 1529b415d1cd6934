"""Nobody, a part, or a whole body; still enough to be measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coach.judging.presence import StillLeg, presence
from coach.kinematics.body import lies
from coach.types import Joint, Observation, Part, Pose
from tests.scripts import SIZE, Lying, Standing, camera_for_lying, camera_for_standing, clock

CAMERA = camera_for_standing()
STANDING = CAMERA.pose(Standing().joints())


def seen(pose: Pose | None) -> Observation:
    return Observation(0.0, SIZE, pose)


def moved(by_x: float, by_y: float) -> Pose:
    return replace(STANDING, xy_px=STANDING.xy_px + np.array([by_x, by_y], np.float32))


def test_there_or_not() -> None:
    assert presence(seen(None)) == "nobody"
    assert presence(seen(STANDING)) == "here"


@pytest.mark.parametrize(("x", "y"), [(0, 160), (0, -260), (700, 0), (-700, 0)])
def test_cut_off_at_any_edge(x: float, y: float) -> None:
    assert presence(seen(moved(x, y))) == "partial"


def test_an_arm_outside_does_not_matter() -> None:
    xy = STANDING.xy_px.copy()
    xy[Joint.LEFT_WRIST] = (5000, 200)
    assert presence(seen(replace(STANDING, xy_px=xy))) == "here"


def test_a_head_outside_does_not_matter_where_it_is_not_needed() -> None:
    xy = STANDING.xy_px.copy()
    xy[[Joint.NOSE, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER], 1] = -60
    seen_so = seen(replace(STANDING, xy_px=xy))
    assert presence(seen_so) == "partial"
    assert presence(seen_so, ("hip", "knee", "ankle", "heel")) == "here"


def test_upright_or_lying() -> None:
    assert not lies(STANDING)
    for foot_end_deg in (-40, 0, 45):
        assert lies(camera_for_lying(foot_end_deg).pose(Lying().joints()))


def test_a_raised_leg_that_is_still() -> None:
    camera = camera_for_lying()
    waits = StillLeg()
    found = [
        waits.step(float(t), camera.pose(Lying(raise_deg=min(90.0, 45 * float(t))).joints()), None, "left", 0.03)
        for t in clock(4)
    ]
    first = next(i for i, body in enumerate(found) if body is not None)
    assert clock(4)[first] > 2.2
    waits.reset()
    assert waits.step(9.0, camera.pose(Lying().joints()), None, "left", 0.03) is None


@pytest.mark.parametrize("fps", [4.0, 5.0, 8.0, 15.0])
@pytest.mark.parametrize("begin_s", [0.0, 7.0, 48.2, 1000.0])
def test_a_leg_is_found_still_at_any_rate_and_time(fps: float, begin_s: float) -> None:
    """At five pictures a second it was up to the rounding of times."""
    pose = camera_for_lying().pose(Lying(raise_deg=90.0).joints())
    waits = StillLeg()
    found = [waits.step(begin_s + number / fps, pose, None, "left", 0.03) for number in range(int(1.3 * fps))]
    assert found[-1] is not None


@pytest.mark.parametrize(("pixels_px", "sure", "is_still"), [(0.0, 1.0, True), (4.0, 1.0, False), (0.0, 0.0, False)])
def test_a_leg_is_still_while_its_joints_jump_if_its_pixels_say_so(
    pixels_px: float, sure: float, is_still: bool
) -> None:
    pose = camera_for_lying().pose(Lying(raise_deg=90.0).joints())
    motion = np.full((len(Part), 3), (pixels_px, 0.0, sure), np.float32)
    waits = StillLeg()
    found = []
    for number in range(12):
        xy = pose.xy_px.copy()
        if number % 4 == 0:
            xy[[Joint.LEFT_KNEE, Joint.LEFT_ANKLE]] += 40.0
        jumping = Pose(xy, pose.world_m, pose.visibility)
        found.append(waits.step(number / 12, jumping, motion, "left", 0.03))
    assert (found[-1] is not None) == is_still
    if found[-1] is not None:
        assert found[-1].xy_px[Joint.LEFT_ANKLE] == pytest.approx(pose.xy_px[Joint.LEFT_ANKLE], abs=0.1)


@pytest.mark.parametrize("known", [True, False])
def test_a_leg_is_still_before_a_camera_that_sways_if_it_is_known_how(known: bool) -> None:
    pose = camera_for_lying().pose(Lying(raise_deg=90.0).joints())
    waits, found, before_px = StillLeg(), None, 0.0
    for number in range(12):
        sways_px = 20.0 * np.sin(2.0 * number)
        motion = np.full((len(Part), 3), (sways_px - before_px, 0.0, 1.0), np.float32)
        motion[Part.CAMERA, 2] = known
        before_px = sways_px
        swaying = Pose(pose.xy_px + np.array([sways_px, 0.0], np.float32), pose.world_m, pose.visibility)
        found = waits.step(number / 12, swaying, motion, "left", 0.03)
    assert (found is not None) == known
