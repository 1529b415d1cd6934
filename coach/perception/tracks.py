"""Points that are followed from picture to picture, and what is remembered of each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(slots=True)
class Tracks:
    """Points being tracked.

    xy: (n, 2) positions in the scaled picture. region: the index of the region of each. own, part: how far the point,
    and the part it was assigned to, have recently moved relative to the camera. behind: whether the point stayed
    behind while its part moved: floor near a foot, wall between the legs.

    offset: (n, 2, 2) where the point would be had its part not moved since the first picture: by the part's motion, and
    by that of a planted foot. place: (n, 2) where it is on its part, from the part's axis.
    """

    xy: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))
    region: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    own: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))
    part: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))
    behind: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    key: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    origin: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))
    offset: Array = field(default_factory=lambda: np.empty((0, 2, 2), np.float32))
    place: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))

    def keep(self, which: NDArray[np.bool_]) -> None:
        """Keep only these."""
        self.xy, self.region = self.xy[which], self.region[which]
        self.own, self.part, self.behind = self.own[which], self.part[which], self.behind[which]
        self.key, self.origin = self.key[which], self.origin[which]
        self.offset, self.place = self.offset[which], self.place[which]

    def add(self, xy: Array, region: NDArray[np.int8], key: int, moved: Array, place: Array) -> None:
        """Add these, found in the picture of this number.

        moved: (n, 2, 2) how far the part of each has moved until now; see ``offset``. place: see there.
        """
        self.xy, self.region = np.concatenate([self.xy, xy]), np.concatenate([self.region, region])
        self.own, self.part = (np.concatenate([each, np.zeros_like(xy)]) for each in (self.own, self.part))
        self.behind = np.concatenate([self.behind, np.zeros(len(xy), bool)])
        self.key, self.origin = np.concatenate([self.key, np.full(len(xy), key)]), np.concatenate([self.origin, xy])
        self.offset = np.concatenate([self.offset, xy[:, None] - moved]).astype(np.float32)
        self.place = np.concatenate([self.place, place])

    def found_anew(self, which: NDArray[np.bool_], key: int) -> None:
        """From now on these count as found where they are, in the picture of this number."""
        self.key[which] = key
        self.origin[which] = self.xy[which]
