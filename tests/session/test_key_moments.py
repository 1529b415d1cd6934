"""Bodies worth drawing: what is kept of them, and how little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coach.session.key_moments import RECENT_S, RECENT_STEP_S, KeyMoments
from coach.types import Moment, Pose
from tests.report.scripted import Script, hip_hiker, hip_hikers, session

FAULTY = Script(faults={2: ("trunk_lean",)}, uncounted={3: "too_shallow"}, away=(16.0, 17.5))


def test_they_are_those_of_the_timeline() -> None:
    moments = KeyMoments([hip_hiker()])
    for moment in hip_hikers(FAULTY):
        moments.add(moment)
    told = [
        (key.t_s, key.kind, key.side, key.number, key.detail, key.xy_px.tolist()) for key in session(FAULTY)[1].keys
    ]
    assert [(key.t_s, key.kind, key.side, key.number, key.detail, key.xy_px.tolist()) for key in moments.found] == told
    moments.drop()
    assert moments.found == ()


def test_what_is_known_does_not_grow_with_the_session() -> None:
    moments, most = KeyMoments([hip_hiker()]), 0
    script = Script(repetitions=60)
    for moment in hip_hikers(script):
        moments.add(moment)
        most = max(most, len(moments._signals))
    assert most <= RECENT_S * script.fps + 1 < script.duration_s * script.fps
    assert len(moments._bodies) <= RECENT_S / RECENT_STEP_S + 1


def test_a_body_does_not_keep_those_that_it_was_read_with() -> None:
    """A recording gives hundreds of bodies as parts of one array."""

    def read(moment: Moment) -> Moment:
        pose = moment.observation.pose
        if pose is None:
            return moment
        many = np.stack([pose.xy_px] * 500)
        return replace(
            moment, observation=replace(moment.observation, pose=Pose(many[0], pose.world_m, pose.visibility))
        )

    moments = KeyMoments([hip_hiker()])
    for moment in hip_hikers(FAULTY):
        moments.add(read(moment))
    assert moments.found
    assert all(key.xy_px.base is None for key in moments.found)
