"""Metres by the person's height."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coach.errors import OptionError
from coach.export.metres import LEG_SHARE, TRUNK_SHARE, check_height, scale_of
from coach.export.opensim import MARKERS, markers_m
from coach.session.timeline import Landmarks
from coach.types import Joint
from tests.report.scripted import session, strap_stretch


def landmarks() -> Landmarks:
    found = session()[1].landmarks
    assert found is not None
    return found


@pytest.mark.parametrize("height_m", [1.5, 1.72, 1.95])
def test_legs_and_trunk_have_their_share_of_the_height(height_m: float) -> None:
    marks = landmarks()
    world = marks.world_m * scale_of(marks, height_m).factor
    leg = np.linalg.norm(world[:, Joint.LEFT_HIP] - world[:, Joint.LEFT_KNEE], axis=1)
    leg += np.linalg.norm(world[:, Joint.LEFT_KNEE] - world[:, Joint.LEFT_ANKLE], axis=1)
    hips = (world[:, Joint.LEFT_HIP] + world[:, Joint.RIGHT_HIP]) / 2
    shoulders = (world[:, Joint.LEFT_SHOULDER] + world[:, Joint.RIGHT_SHOULDER]) / 2
    whole = np.median(leg + np.linalg.norm(hips - shoulders, axis=1))
    assert whole == pytest.approx((LEG_SHARE + TRUNK_SHARE) * height_m, rel=0.02)


def test_markers_grow_with_the_height() -> None:
    small, tall = markers_m(landmarks(), 1.5), markers_m(landmarks(), 1.8)
    np.testing.assert_allclose(tall, small * 1.2, rtol=1e-4, atol=1e-4)
    nose = MARKERS.index("Nose")
    assert 1.3 < np.nanmedian(tall[:, nose, 1]) < 2.0


def test_without_a_height_nothing_changes() -> None:
    assert scale_of(landmarks()).factor == 1.0


def test_the_stated_error_is_larger_where_somebody_lies_and_where_no_height_is_known() -> None:
    lying = strap_stretch()[1].landmarks
    assert lying is not None
    assert scale_of(landmarks(), 1.7).error_share < scale_of(landmarks()).error_share
    assert scale_of(landmarks(), 1.7).error_share < scale_of(lying, 1.7).error_share


def test_nobody_has_no_scale() -> None:
    marks = landmarks()
    nobody = replace(marks, world_m=np.full_like(marks.world_m, np.nan), xy_px=np.full_like(marks.xy_px, np.nan))
    assert np.isnan(scale_of(nobody, 1.7).factor)


@pytest.mark.parametrize("height_m", [0.4, 172.0, float("nan")])
def test_no_such_height(height_m: float) -> None:
    with pytest.raises(OptionError, match="out of range"):
        check_height(height_m)
