"""The animated picture on the canvas."""

from __future__ import annotations

import numpy as np

from coach.definitions.exercise import load_exercise
from coach.overlay.free_scene import Figure, Scene
from coach.overlay.renderer import Overlay
from coach.types import Picture

PICTURE = np.full((360, 640, 3), 90, np.uint8)


def drawn(overlay: Overlay, name: str, t_s: float) -> Picture:
    picture = load_exercise(name).picture
    assert picture is not None
    return overlay.draw(PICTURE, Scene(figure=Figure(picture, name, "left", t_s))).copy()


def test_the_figure_moves() -> None:
    overlay = Overlay()
    assert (drawn(overlay, "hip-hiker", 0.0) != drawn(overlay, "hip-hiker", 1.0)).any()


def test_for_reduced_motion_it_stands_still_and_shows_both_ends() -> None:
    for name in ("hip-hiker", "strap-stretch"):
        overlay = Overlay(still=True)
        still = drawn(overlay, name, 0.0)
        assert (still == drawn(overlay, name, 1.0)).all()
        moving = Overlay()
        picture = load_exercise(name).picture
        assert picture is not None
        farthest = drawn(moving, name, picture.farthest * picture.seconds)
        empty = Overlay().draw(PICTURE, Scene())
        inked = (farthest != empty).any(axis=2)
        # Everything of the farthest position is there, and something of the start beside it.
        assert (still != empty).any(axis=2)[inked].mean() > 0.97
        assert ((still != empty).any(axis=2) & ~inked).sum() > 30
