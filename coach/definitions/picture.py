"""The animated picture: key poses of a drawn figure, from the table ``[picture]`` of an exercise's file.

Points are x and y in a square of 100 by 100, y downwards, for somebody whose left side moves; for the right side
everything is mirrored. Between two poses, points are interpolated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from coach.toml import Part
from coach.types import Side

SIZE = 100.0
Share = Annotated[float, Field(ge=0, le=1)]
Point = tuple[float, float]
Role = Literal["thing", "body", "moving", "tie"]
# From point to point: trunk and limbs. "chest" and "pelvis" are the midpoints of shoulders and hips.
BODY: tuple[tuple[str, str], ...] = (
    ("head", "chest"),
    ("shoulder_other", "shoulder_moving"),
    ("chest", "pelvis"),
    ("shoulder_other", "elbow_other"),
    ("elbow_other", "hand_other"),
    ("shoulder_moving", "elbow_moving"),
    ("elbow_moving", "hand_moving"),
    ("hip_other", "knee_other"),
    ("knee_other", "foot_other"),
    ("foot_other", "toe_other"),
)
# The limbs that the exercise is about.
MOVING: tuple[tuple[str, str], ...] = (
    ("hip_other", "hip_moving"),
    ("hip_moving", "knee_moving"),
    ("knee_moving", "foot_moving"),
    ("foot_moving", "toe_moving"),
)
POINTS = frozenset(name for line in (*BODY, *MOVING) for name in line) - {"chest", "pelvis"}


class Thing(Part):
    """A prop: an open line, or an outline if ``closed``."""

    points: tuple[Point, ...] = Field(min_length=2)
    closed: bool = False


class Key(Part):
    """The pose reached at this share of the cycle."""

    at: Share
    pose: str


class Picture(Part):
    """Key poses and props. seconds: length of one cycle. ties: points joined by a strap."""

    seconds: float = Field(gt=0.5, le=60)
    keys: tuple[Key, ...] = Field(min_length=2)
    poses: Mapping[str, Mapping[str, Point]]
    things: tuple[Thing, ...] = ()
    ties: tuple[tuple[str, str], ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Picture:
        problems = []
        times = [key.at for key in self.keys]
        if times != sorted(times) or times[0] != 0.0 or times[-1] != 1.0:
            problems.append("'keys' must begin at 0, end at 1 and rise")
        if self.keys[0].pose != self.keys[-1].pose:
            problems.append("'keys' must end with the pose with which they begin")
        problems += [
            f"no pose is called '{name}'" for name in sorted({key.pose for key in self.keys} - set(self.poses))
        ]
        named = [set(points) for points in self.poses.values()]
        if any(points != named[0] for points in named):
            problems.append("every pose needs the same points")
        unknown = sorted(set().union(*named) - POINTS)
        if unknown:
            problems.append(f"unknown points: {', '.join(unknown)}; known: {', '.join(sorted(POINTS))}")
        problems += [
            f"a tie joins '{end}', which no pose has" for tie in self.ties for end in tie if end not in named[0]
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def farthest(self) -> float:
        """The share of the cycle at which the figure is farthest from its start."""
        first = self.points(0.0)

        def away(share: float) -> float:
            return sum(math.dist(point, first[name]) for name, point in self.points(share).items())

        return max((key.at for key in self.keys), key=away)

    def points(self, share: float) -> dict[str, Point]:
        """Every point at this share of the cycle, 0 to 1, for somebody whose left side moves."""
        following = next((n for n, key in enumerate(self.keys) if key.at >= share and n), len(self.keys) - 1)
        one, other = self.keys[following - 1], self.keys[following]
        way = (share - one.at) / (other.at - one.at) if other.at > one.at else 1.0
        way = 0.5 - 0.5 * math.cos(math.pi * min(1.0, max(0.0, way)))  # eased, as slowly as it should be done
        before, after = self.poses[one.pose], self.poses[other.pose]
        return {name: _between(point, after[name], way) for name, point in before.items()}

    def lines(self, share: float, side: Side) -> tuple[Line, ...]:
        """Everything drawn at this share of the cycle, from back to front, except the head."""
        points = dict(self.points(share))
        for name, both in (("chest", "shoulder"), ("pelvis", "hip")):
            if f"{both}_other" in points and f"{both}_moving" in points:
                points[name] = _between(points[f"{both}_other"], points[f"{both}_moving"], 0.5)
        drawn = [Line("thing", tuple(thing.points), thing.closed) for thing in self.things]
        for role, pairs in _ROLES:
            drawn += [Line(role, (points[a], points[b])) for a, b in pairs if a in points and b in points]
        drawn += [Line("tie", (points[a], points[b])) for a, b in self.ties]
        return tuple(drawn) if side == "left" else tuple(line.mirrored() for line in drawn)

    def head(self, share: float, side: Side) -> Point | None:
        """The centre of the head."""
        point = self.points(share).get("head")
        return _mirrored(point) if point is not None and side == "right" else point


_ROLES: tuple[tuple[Role, tuple[tuple[str, str], ...]], ...] = (("body", BODY), ("moving", MOVING))


@dataclass(frozen=True, slots=True)
class Line:
    """Joined points; their kind decides how they look."""

    role: Role
    points: tuple[Point, ...]
    closed: bool = False

    def mirrored(self) -> Line:
        """The same, mirrored for the other side."""
        return Line(self.role, tuple(_mirrored(point) for point in self.points), self.closed)


def _mirrored(point: Point) -> Point:
    return SIZE - point[0], point[1]


def _between(one: Point, other: Point, way: float) -> Point:
    return one[0] + way * (other[0] - one[0]), one[1] + way * (other[1] - one[1])
