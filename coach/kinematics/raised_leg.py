"""One leg up, the other's foot on the floor: which of the network's legs is which.

The foot on the floor stays where it is. So the other one is the raised leg's, whatever the network calls them; and
where it draws both on one leg, the higher is, since a foot that is drawn between two is lower than the one that is up.
Pure.
"""

from __future__ import annotations

import math

import numpy as np

from coach.kinematics.feet import REACH, Feet, Flags, Points, distance

RAISED, ON_FLOOR, LOWERED = 0.40, 0.30, 0.20  # rise of a foot over the hips, of the leg
RISES_S = 0.2  # for so long, to be believed
# The place on the floor follows the network slowly: of a foot that is hidden the landmark creeps up the other leg by a
# twentieth of the leg in a second.
SETTLES_S = 4.0
LOST_S = 1.0  # with no foot up, and none at the place on the floor, nothing is known


class RaisedLeg:
    """Tells the legs apart from the moment at which one went up until both move, or it is down again.

    up: 0 for the left leg, 1 for the right; places_px: (2, 2) of the left and the right foot.
    """

    def __init__(self, t_s: float, up: int, places_px: Points, exchanged: bool) -> None:
        self.up = up
        self.places_px = places_px.copy()
        self._raised = up ^ exchanged  # the network's foot that is the raised leg's
        self._known_s = t_s

    def step(self, feet: Feet) -> tuple[bool, Flags] | None:
        """Whether the network exchanges the legs, and which of the left and the right one is seen (2,); None if it is
        no longer so that one is up and the other's foot on the floor."""
        up, down = self.up, 1 - self.up
        raised_px, floor_px = self.places_px[up], self.places_px[down]
        near = distance(feet.xy_px, floor_px) < REACH * feet.leg_px
        carried = feet.carried(raised_px, self._raised), feet.carried(floor_px, 1 - self._raised)
        raised = self._raised
        if not near.all():
            raised = int(near.argmin() if near.any() else feet.rise.argmax())
        lower = 1 - raised
        # Pixels near a place that the raised leg covers are that leg's.
        place_free, foot_free = feet.beside(np.stack([floor_px, feet.xy_px[lower]]), raised)
        plain = bool(feet.calm[lower] and place_free and foot_free)
        floor_px = carried[1] if plain else floor_px

        seen = np.zeros(2, bool)
        seen[down] = near[lower]
        seen[up] = self._is_up(feet, raised, near, carried[0])
        if near.any() or feet.rise[raised] > LOWERED:
            self._known_s = feet.t_s
        if self._is_over(feet, raised, seen, floor_px, bool(foot_free)):
            self.places_px[up], self.places_px[down] = carried
            return None
        self._raised = raised
        if seen[up]:
            self.places_px[up] = feet.xy_px[raised]
        settles = 1 - math.exp(-feet.elapsed_s / SETTLES_S) if plain and seen[down] else 0.0
        self.places_px[down] = floor_px + settles * (feet.xy_px[lower] - floor_px)
        return raised != up, seen

    def _is_up(self, feet: Feet, raised: int, near: Flags, place_px: Points) -> bool:
        """Whether the raised leg is where this foot is drawn, and not on the other leg or on its way there."""
        if near[raised] or (near.any() and not feet.apart):
            return False
        higher = feet.xy_px[raised, 1] < place_px[1]
        return bool(feet.calm[raised] or higher or distance(feet.xy_px[raised], place_px) < REACH * feet.leg_px)

    def _is_over(self, feet: Feet, raised: int, seen: Flags, floor_px: Points, foot_free: bool) -> bool:
        lower = 1 - raised
        goes_up = feet.rise_of(floor_px) > ON_FLOOR
        both_move = feet.followed.all() and foot_free
        free = feet.beside(feet.xy_px[None, raised], lower)[0]
        is_down = seen.all() and feet.calm.all() and free and feet.rise[raised] < LOWERED
        return bool(goes_up or both_move or is_down or feet.t_s - self._known_s > LOST_S)
