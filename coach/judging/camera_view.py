"""From where the camera looks, read from the body itself, and so what it can vouch for."""

from __future__ import annotations

from dataclasses import dataclass

from coach.definitions.exercise import Exercise
from coach.definitions.rules import View
from coach.kinematics.body import Body
from coach.kinematics.supine_axes import find_axes
from coach.types import Side

# Off frontal in degrees. Under 15 a knee that bends forwards cannot be told from a straight one: a bend of 35 degrees
# changes the outline by 0 at a frontal view, 12 at 25 degrees off, 24 at 40 (measured on rendered people).
FRONTAL_DEG, OBLIQUE_DEG, SIDE_DEG = 15.0, 65.0, 115.0
ABOVE_DEG = 55.0  # of the camera over a body that lies


@dataclass(frozen=True, slots=True)
class CameraView:
    """A view: its name, and degrees off frontal (upright) or off side-on (lying), without sign."""

    name: View
    angle_deg: float


def upright_view(body: Body) -> CameraView:
    """The view of a standing person."""
    angle = abs(body.facing_deg)
    if angle < FRONTAL_DEG:
        return CameraView("frontal", angle)
    if angle < OBLIQUE_DEG:
        return CameraView("oblique", angle)
    return CameraView("side" if angle < SIDE_DEG else "back", angle)


def supine_view(start: Body, side: Side) -> CameraView:
    """The view of somebody on their back with this side's leg up: from above, side-on with the leg falling away,
    or diagonally, from the foot end or from the head end."""
    axes = find_axes(start, side)
    if axes.height_deg > ABOVE_DEG:
        return CameraView("above", abs(axes.foot_end_deg))
    if not axes.shows_opening:
        return CameraView("side", abs(axes.foot_end_deg))
    return CameraView("diagonal" if axes.foot_end_deg > 0 else "head-end", abs(axes.foot_end_deg))


def advice(exercise: Exercise, view: CameraView) -> str | None:
    """What to say, in English, of a view that cannot vouch for everything; None where it can."""
    for entry in exercise.camera.advice:
        if entry.view == view.name:
            return exercise.say(entry.say)
    return None
