"""The timeline of a session: what every analysed frame showed, as arrays, for report, exports and history. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coach.session.snapshot import Snapshot
from coach.types import JOINTS, SIDES, Cue, Event, FloatArray, Side

KeyKind = Literal["deepest", "fault", "hold"]
AT_ONCE = 100  # stretches that are joined


@dataclass(frozen=True, slots=True, eq=False)
class KeyMoment:
    """A body at a time worth drawing: the deepest point of a movement, the middle of a hold, or a fault.

    xy_px: (33, 2) in pixels of a picture of ``size_px``. number: of the movement or hold; 0 for a fault.
    picture: what the camera saw of it, only where the user asked to keep pictures.
    """

    t_s: float
    kind: KeyKind
    side: Side | None
    number: int
    detail: str
    size_px: tuple[int, int]
    xy_px: FloatArray
    picture: Snapshot | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """Every landmark of every frame, NaN where nobody was found.

    xy_px: (n, 33, 2). world_m: (n, 33, 3), axes as in ``coach.types.Pose``. visibility: (n, 33).
    """

    xy_px: FloatArray
    world_m: FloatArray
    visibility: FloatArray

    @classmethod
    def empty(cls, frames: int) -> Landmarks:
        """Room for so many frames, to be filled."""
        shapes = (frames, JOINTS, 2), (frames, JOINTS, 3), (frames, JOINTS)
        return cls(*(np.empty(shape, np.float32) for shape in shapes))

    def __repr__(self) -> str:
        return f"Landmarks({len(self.xy_px)} frames)"


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """A finished timeline.

    t_s: (n,) seconds. phase: (n,) names of phases. side: (n,) 'left', 'right' or ''. seen: (n,) found somebody.
    values: (n,) arrays by name; 'left/NAME' and 'right/NAME' are signals, 'gauge/NAME' needles, 'status/NAME' others.
    """

    t_s: NDArray[np.float64]
    phase: NDArray[np.str_]
    side: NDArray[np.str_]
    seen: NDArray[np.bool_]
    values: Mapping[str, FloatArray] = field(default_factory=dict)
    size_px: tuple[int, int] = (0, 0)
    events: tuple[Event, ...] = ()
    cues: tuple[Cue, ...] = ()
    keys: tuple[KeyMoment, ...] = ()
    landmarks: Landmarks | None = None

    def __len__(self) -> int:
        return len(self.t_s)

    def __repr__(self) -> str:
        return f"Timeline({len(self)} frames, {len(self.signals)} signals, {len(self.events)} events)"

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the signals that ``signal`` gives."""
        parts = (name.partition("/") for name in self.values)
        return tuple(dict.fromkeys(name for side, _, name in parts if side in SIDES))

    def signal(self, name: str, side: Side | None = None) -> FloatArray:
        """One signal over time: of ``side``, or of the side judged at each moment. NaN where it was not measured."""
        absent = np.full(len(self), np.nan, np.float32)
        if side is not None:
            return self.values.get(f"{side}/{name}", absent)
        judged = self.judged_side()
        out = absent
        for one in SIDES:
            out = np.where(judged == one, self.values.get(f"{one}/{name}", absent), out)
        return out.astype(np.float32)

    def between(self, start_s: float, end_s: float) -> Timeline:
        """The part between these seconds."""
        here = (self.t_s >= start_s) & (self.t_s <= end_s)
        marks = self.landmarks
        return replace(
            self,
            t_s=self.t_s[here],
            phase=self.phase[here],
            side=self.side[here],
            seen=self.seen[here],
            values={name: values[here] for name, values in self.values.items()},
            events=tuple(event for event in self.events if start_s <= _about_s(event) <= end_s),
            cues=tuple(cue for cue in self.cues if start_s <= cue.t_s <= end_s),
            keys=tuple(key for key in self.keys if start_s <= key.t_s <= end_s),
            landmarks=marks and Landmarks(marks.xy_px[here], marks.world_m[here], marks.visibility[here]),
        )

    def judged_side(self) -> NDArray[np.str_]:
        """The side of each frame; where unknown, the next known one, and after the last known, that one."""
        known = np.flatnonzero(self.side != "")
        if not len(known):
            return self.side
        following = np.searchsorted(known, np.arange(len(self)))
        return self.side[known[np.minimum(following, len(known) - 1)]]


def _about_s(event: Event) -> float:
    """The time of an event; for a movement or hold, which is judged later, the time it ended."""
    done = event.movement or event.hold
    return event.t_s if done is None else done.end_s


def joined(parts: Iterable[Timeline]) -> Timeline:
    """Several stretches of one timeline, in order of time, joined. Landmarks only if every stretch has them.

    They are taken by hundreds: an hour's thousands of short ones, each of fifty small arrays, would take 130 MB.
    """
    each, longer = iter(parts), list[Timeline]()
    while some := list(islice(each, AT_ONCE)):
        longer.append(_joined(some))
    return longer[0] if len(longer) == 1 else _joined(longer)


def _joined(parts: Sequence[Timeline]) -> Timeline:
    kept = [part for part in parts if len(part) or part.events or part.keys]
    if not kept:
        return Timeline(np.empty(0), np.empty(0, np.str_), np.empty(0, np.str_), np.empty(0, np.bool_))
    names = list(dict.fromkeys(name for part in kept for name in part.values))
    marks = [part.landmarks for part in kept if len(part)]
    return Timeline(
        t_s=np.concatenate([part.t_s for part in kept]),
        phase=np.concatenate([part.phase for part in kept]),
        side=np.concatenate([part.side for part in kept]),
        seen=np.concatenate([part.seen for part in kept]),
        values={
            name: np.concatenate([part.values.get(name, np.full(len(part), np.nan, np.float32)) for part in kept])
            for name in names
        },
        size_px=kept[-1].size_px,
        events=tuple(event for part in kept for event in part.events),
        cues=tuple(cue for part in kept for cue in part.cues),
        keys=tuple(key for part in kept for key in part.keys),
        landmarks=joined_landmarks([mark for mark in marks if mark]) if marks and all(marks) else None,
    )


def joined_landmarks(parts: list[Landmarks]) -> Landmarks:
    """Landmarks of several stretches as one."""
    return Landmarks(
        np.concatenate([part.xy_px for part in parts]),
        np.concatenate([part.world_m for part in parts]),
        np.concatenate([part.visibility for part in parts]),
    )
