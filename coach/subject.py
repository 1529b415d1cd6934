"""Which of the people in the picture is being coached. Pure: poses and times in, one pose out."""

from __future__ import annotations

import numpy as np

from coach.types import Joint, Pose

SMALLEST = 0.22  # of the picture's height: phantom people on furniture are smaller, a usable person is larger
LARGEST_JUMP = 0.35  # of the body's extent within JUMP_S: further away is somebody else
JUMP_S = 1.0
FORGET_S = 4.0  # after so long out of sight whoever is largest is the subject
BODY = [int(j) for j in Joint if j not in (Joint.LEFT_WRIST, Joint.RIGHT_WRIST, Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW)]


class Subject:
    """Follows one person by place and size, so that a bystander or a phantom never takes over."""

    def __init__(self) -> None:
        self._centre: np.ndarray | None = None
        self._extent = 0.0
        self._seen_s = -np.inf

    def choose(self, t_s: float, poses: tuple[Pose, ...], size_px: tuple[int, int]) -> tuple[Pose | None, int]:
        """The subject's pose or None, and how many people of a person's size there are."""
        people = [(pose, *_place(pose)) for pose in poses]
        people = [person for person in people if person[2] >= SMALLEST * size_px[1]]
        if not people:
            return None, 0
        if self._centre is None or t_s - self._seen_s > FORGET_S:
            chosen = max(people, key=lambda person: person[2])
        else:
            centre, reach = self._centre, self._reach(t_s)
            near = [person for person in people if np.linalg.norm(person[1] - centre) <= reach]
            near = [person for person in near if 0.5 <= person[2] / self._extent <= 2.0]
            if not near:
                return None, len(people)
            chosen = min(near, key=lambda person: float(np.linalg.norm(person[1] - centre)))
        self._centre, self._extent, self._seen_s = chosen[1], chosen[2], t_s
        return chosen[0], len(people)

    def _reach(self, t_s: float) -> float:
        away_s = t_s - self._seen_s
        return LARGEST_JUMP * self._extent * max(1.0, away_s / JUMP_S)


def _place(pose: Pose) -> tuple[np.ndarray, float]:
    points = pose.xy_px[BODY]
    return points.mean(0), float(np.ptp(points, axis=0).max())
