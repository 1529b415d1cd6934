"""One leg up, the other's foot on the floor: which of the network's legs is which.

The foot on the floor stays where it is. So the other one is the raised leg's, whatever the network calls them; and
where it draws both on one leg, the higher is, since a foot that is drawn between two is lower than the one that is up.
Pure.
"""

from __future__ import annotations

import math

from coach.kinematics.feet import Feet, Flags, Points
from coach.kinematics.geometry import Vector, plus

RAISED, ON_FLOOR, LOWERED = 0.40, 0.30, 0.20  # rise of a foot over the hips, of the leg
RISES_S = 0.2  # for so long, to be believed
# The place on the floor follows the network slowly: of a foot that is hidden the landmark creeps up the other leg by a
# twentieth of the leg in a second.
SETTLES_S = 4.0
LOST_S = 1.0  # with no foot up, and none at the place on the floor, nothing is known


class RaisedLeg:
    """Tells the legs apart from the moment at which one went up until both move, or it is down again.

    up: 0 for the left leg, 1 for the right; places_px: of the left and the right foot.
    """

    def __init__(self, t_s: float, up: int, places_px: Points, exchanged: bool) -> None:
        self.up = up
        self.places_px = list(places_px)
        self._raised = up ^ exchanged  # the network's foot that is the raised leg's
        self._known_s = t_s

    def step(self, feet: Feet) -> tuple[bool, Flags] | None:
        """Whether the network exchanges the legs, and which of the left and the right one is seen; None if it is
        no longer so that one is up and the other's foot on the floor."""
        up, down = self.up, 1 - self.up
        raised_px, floor_px = self.places_px[up], self.places_px[down]
        near = feet.near(feet.xy_px[0], floor_px), feet.near(feet.xy_px[1], floor_px)
        carried = feet.carried(raised_px, self._raised), feet.carried(floor_px, 1 - self._raised)
        raised = self._raised
        if not all(near):
            left, right = feet.rise
            raised = near.index(False) if any(near) else int(right > left)
        lower = 1 - raised
        # Pixels near a place that the raised leg covers are that leg's.
        foot_free = feet.beside(feet.xy_px[lower], raised)
        plain = feet.calm[lower] and foot_free and feet.beside(floor_px, raised)
        floor_px = carried[1] if plain else floor_px

        seen_up, seen_down = self._is_up(feet, raised, near, carried[0]), near[lower]
        seen = (seen_down, seen_up) if up else (seen_up, seen_down)
        if any(near) or feet.rise[raised] > LOWERED:
            self._known_s = feet.t_s
        if self._is_over(feet, raised, seen, floor_px, foot_free):
            self.places_px[up], self.places_px[down] = carried
            return None
        self._raised = raised
        if seen_up:
            self.places_px[up] = feet.xy_px[raised]
        settles = 1 - math.exp(-feet.elapsed_s / SETTLES_S) if plain and seen_down else 0.0
        self.places_px[down] = plus(floor_px, plus(feet.xy_px[lower], floor_px, -1.0), settles)
        return raised != up, seen

    def _is_up(self, feet: Feet, raised: int, near: Flags, place_px: Vector) -> bool:
        """Whether the raised leg is where this foot is drawn, and not on the other leg or on its way there."""
        if near[raised] or (any(near) and not feet.apart):
            return False
        foot_px = feet.xy_px[raised]
        return feet.calm[raised] or foot_px[1] < place_px[1] or feet.near(foot_px, place_px)

    def _is_over(self, feet: Feet, raised: int, seen: Flags, floor_px: Vector, foot_free: bool) -> bool:
        lower = 1 - raised
        goes_up = feet.rise_of(floor_px) > ON_FLOOR
        both_move = all(feet.followed) and foot_free
        lowered = all(seen) and all(feet.calm) and feet.rise[raised] < LOWERED
        is_down = lowered and feet.beside(feet.xy_px[raised], lower)
        return goes_up or both_move or is_down or feet.t_s - self._known_s > LOST_S
