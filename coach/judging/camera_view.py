"""The camera's viewpoint, read from the body itself, and so what the view can show."""

from __future__ import annotations

from dataclasses import dataclass

from coach.definitions.exercise import Exercise
from coach.definitions.rules import View
from coach.kinematics.body import Body
from coach.kinematics.supine_axes import find_axes
from coach.types import Side

# Degrees from frontal. Below 15 a knee that bends forwards cannot be distinguished from a straight one: a bend of 35
# degrees changes the outline by 0 in a frontal view, 12 at 25 degrees, 24 at 40 (measured on rendered people).
FRONTAL_DEG, OBLIQUE_DEG, SIDE_DEG = 15.0, 65.0, 115.0
FOOT_END_DEG = 20.0  # from side-on: the view of a leg that falls away is diagonal from here
ABOVE_DEG = 55.0  # elevation of the camera above a lying body


@dataclass(frozen=True, slots=True)
class CameraView:
    """A view: its name, and degrees from frontal (upright) or from side-on (lying), unsigned."""

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
    """The view of a person lying with this side's leg up: from above, side-on with the leg falling away, or diagonal,
    from the foot end or the head end."""
    axes = find_axes(start, side)
    if axes.height_deg > ABOVE_DEG:
        return CameraView("above", abs(axes.foot_end_deg))
    if not axes.near and axes.foot_end_deg < FOOT_END_DEG:
        return CameraView("side", abs(axes.foot_end_deg))
    return CameraView("diagonal" if axes.foot_end_deg > 0 else "head-end", abs(axes.foot_end_deg))


def advice(exercise: Exercise, view: CameraView) -> str | None:
    """What to say, in English, about a view that cannot show everything; None if it can."""
    for entry in exercise.camera.advice:
        if entry.view == view.name and view.angle_deg <= entry.below_deg:
            return exercise.say(entry.say)
    return None
