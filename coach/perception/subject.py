"""Which of the people in the picture is being coached. Pure: poses and times in, one pose out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coach.types import Joint, Pose

SMALLEST = 0.22  # of the picture's height: phantom people on furniture are smaller, a usable person is larger
LARGEST_JUMP = 0.35  # of the body's extent within JUMP_S: a longer jump is somebody else
JUMP_S = 1.0
FORGET_S = 4.0  # after this long out of sight the subject is chosen anew
# A camera is aimed at the person who exercises: of two people, the one nearer the middle is meant, even if the other
# looks half as large again.
ASIDE = 0.8  # of the size is discounted at the left and right edges of the picture
MIDDLE = 0.5  # of the picture's width: someone outside it gives way to someone inside who ...
LEAST_RIVAL = 0.5  # ... is at least half as large ...
GIVE_WAY_S = 3.0  # ... and has been there this long, as when someone arrives to exercise in front of a bystander
SETTLE_S = 1.0  # ... or at once, just after the choice: the network needs a few frames to find everyone
Person = tuple[Pose, np.ndarray, float]  # with the body's middle and its extent, in pixels
BODY = [int(j) for j in Joint if j not in (Joint.LEFT_WRIST, Joint.RIGHT_WRIST, Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW)]


class Subject:
    """Follows one person by place and size, so that a bystander or a phantom never takes over."""

    def __init__(self) -> None:
        self._centre: np.ndarray | None = None
        self._extent = 0.0
        self._seen_s = self._chosen_s = -np.inf
        self._rival_s: float | None = None

    def choose(self, t_s: float, poses: tuple[Pose, ...], size_px: tuple[int, int]) -> tuple[Pose | None, int]:
        """The subject's pose or None, and how many people of plausible size there are."""
        people = [(pose, *_place(pose)) for pose in poses]
        people = [person for person in people if person[2] >= SMALLEST * size_px[1]]
        if not people:
            return None, 0
        if self._centre is None or t_s - self._seen_s > FORGET_S or self._gives_way(t_s, people, size_px[0]):
            self._chosen_s, self._rival_s = t_s, None
            chosen = max(people, key=lambda person: person[2] * (1 - ASIDE * _aside(person[1], size_px[0])))
        else:
            centre, reach = self._centre, self._reach(t_s)
            near = [person for person in people if np.linalg.norm(person[1] - centre) <= reach]
            near = [person for person in near if 0.5 <= person[2] / self._extent <= 2.0]
            if not near:
                return None, len(people)
            chosen = min(near, key=lambda person: float(np.linalg.norm(person[1] - centre)))
        self._centre, self._extent, self._seen_s = chosen[1], chosen[2], t_s
        return chosen[0], len(people)

    def _gives_way(self, t_s: float, people: Sequence[Person], width_px: int) -> bool:
        """Whether the subject is at the side while someone else has been in the middle for long enough."""
        assert self._centre is not None
        large = [person for person in people if person[2] >= LEAST_RIVAL * self._extent]
        rivals = [person for person in large if _aside(person[1], width_px) <= MIDDLE]
        if not rivals or _aside(self._centre, width_px) <= MIDDLE:
            self._rival_s = None
        elif self._rival_s is None:
            self._rival_s = t_s
        patience_s = 0.0 if t_s - self._chosen_s < SETTLE_S else GIVE_WAY_S
        return self._rival_s is not None and t_s - self._rival_s >= patience_s

    def _reach(self, t_s: float) -> float:
        away_s = t_s - self._seen_s
        return LARGEST_JUMP * self._extent * max(1.0, away_s / JUMP_S)


def _aside(centre: np.ndarray, width_px: int) -> float:
    """0 in the middle of the picture, 1 at its left or right edge."""
    return min(1.0, abs(float(centre[0]) / width_px - 0.5) * 2)


def _place(pose: Pose) -> tuple[np.ndarray, float]:
    points = pose.xy_px[BODY]
    return points.mean(0), float(np.ptp(points, axis=0).max())
