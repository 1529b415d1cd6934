"""Where the trunk is, and that the box around it stays put."""

from __future__ import annotations

import numpy as np

from coach.kinematics.trunk_box import settled_box, trunk_box
from coach.types import Pose
from tests.conftest import standing_pose

SIZE = (640, 480)


def test_the_box_is_cut_to_the_picture_and_refused_when_too_small() -> None:
    box = trunk_box(standing_pose(SIZE, 0.05), SIZE)
    assert box is not None
    assert box[0] == 0
    assert trunk_box(standing_pose(SIZE, 0.5, 0.02), SIZE) is None
    pose = standing_pose(SIZE)
    nowhere = Pose(np.full((33, 2), np.nan, np.float32), pose.world_m, pose.visibility)
    assert trunk_box(nowhere, SIZE) is None


def test_the_box_stays_put_until_the_trunk_has_moved() -> None:
    box = settled_box(None, standing_pose(SIZE), SIZE)
    assert box == trunk_box(standing_pose(SIZE), SIZE)
    assert settled_box(box, standing_pose(SIZE, 0.51), SIZE) == box
    away = settled_box(box, standing_pose(SIZE, 0.8), SIZE)
    assert away == trunk_box(standing_pose(SIZE, 0.8), SIZE) != box
    assert settled_box(box, None, SIZE) is None
