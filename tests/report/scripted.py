"""Whole sessions as moments, scripted: what a judge would say, without a judge."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from coach.definitions.exercise import Exercise, load_exercise
from coach.session.result import Result
from coach.session.result_builder import ResultBuilder
from coach.session.timeline import Timeline
from coach.session.timeline_recorder import TimelineRecorder
from coach.toml import shipped_folder
from coach.types import Event, Hold, Joint, Moment, Movement, Observation, Pose, Side, Signals, Status, joint
from tests.conftest import standing_pose

SIZE = (640, 480)
CYCLE_S = 4.0
FIRST_S = 3.0


@dataclass(frozen=True, eq=False)  # so that its moments can be remembered
class Script:
    """A set of hip hikers: ``faults`` and ``uncounted`` by number; away: when nobody is in the picture; lean: to which
    leg, empty if the exercise does not tell.
    """

    repetitions: int = 4
    side: Side = "left"
    fps: float = 15.0
    depth_deg: float = 10.0
    faults: Mapping[int, tuple[str, ...]] | None = None
    uncounted: Mapping[int, str] | None = None
    away: tuple[float, float] | None = None
    not_judged: tuple[str, ...] = ()
    lean: str = "standing"

    @property
    def ways(self) -> dict[str, str]:
        return {"trunk_lean": f"trunk_lean_to_{self.lean}_leg"} if self.lean else {}

    @property
    def duration_s(self) -> float:
        return FIRST_S + self.repetitions * CYCLE_S + 1.0


@cache
def hip_hiker() -> Exercise:
    return load_exercise("hip-hiker")


def hip_hikers(script: Script) -> Iterator[Moment]:
    """Every moment of the set: calm, then one movement every four seconds."""
    return iter(_hip_hikers(script))


@lru_cache(maxsize=4)
def _hip_hikers(script: Script) -> tuple[Moment, ...]:
    return tuple(_played(script))


def _played(script: Script) -> Iterator[Moment]:
    names = [part.signal for part in hip_hiker().faults]
    told = 0
    for i in range(round(script.duration_s * script.fps) + 1):
        t_s = i / script.fps
        seen = script.away is None or not script.away[0] <= t_s < script.away[1]
        share = _bump(t_s, script.repetitions)
        values = {"pelvic_drop_deg": script.depth_deg * share, "body_lowering_deg": script.depth_deg * share}
        number = int((t_s - FIRST_S) // CYCLE_S) + 1
        for name in names:
            broken = any(_rule(fault).signal == name for fault in _faults(script, number))
            values[name] = 30.0 * share if broken else 0.0
        other: Side = "right" if script.side == "left" else "left"
        signals = {
            script.side: Signals(t_s, script.side, values if seen else dict.fromkeys(values, math.nan)),
            other: Signals(t_s, other, dict.fromkeys(values, 0.0)),
        }
        events: tuple[Event, ...] = (Event(t_s, "calibrated"),) if i == 20 else ()
        if told < number - 1 <= script.repetitions:
            told += 1
            movement = movement_of(script, told)
            events += (Event(t_s, "movement", script.side, movement=movement, number=told),)
        status = Status(
            exercise="hip-hiker",
            kind="repetitions",
            phase="nobody" if not seen else "moving" if share > 0.1 else "ready",
            waiting_for="ready",
            side=script.side if told else None,
            count=told,
            target=10,
            view_angle_deg=35.0,
        )
        pose = lowered(share * 20, script.side) if seen else None
        yield Moment(t_s, Observation(t_s, SIZE, pose, int(seen)), status, events, None, signals)


def movement_of(script: Script, number: int) -> Movement:
    start = FIRST_S + (number - 1) * CYCLE_S
    reason = (script.uncounted or {}).get(number)
    return Movement(
        number=number,
        side=script.side,
        start_s=start,
        peak_s=start + 1.5,
        end_s=start + 3.0,
        counted=reason is None,
        uncounted_reason=reason,
        faults=_faults(script, number),
        depth=script.depth_deg,
        depth_interval=(script.depth_deg - 2, script.depth_deg + 2),
        lowering_s=1.5,
        raising_s=1.5,
        not_judged=script.not_judged,
        fault_ways=script.ways if "trunk_lean" in _faults(script, number) else {},
    )


def session(script: Script | None = None, landmarks: bool = True) -> tuple[Result, Timeline]:
    """Result and timeline of a set of hip hikers."""
    script = script or Script()
    builder = ResultBuilder(hip_hiker(), named=True)
    with TimelineRecorder([hip_hiker()], landmarks=landmarks) as timeline:
        for moment in hip_hikers(script):
            builder.add(moment)
            timeline.add(moment)
        return builder.result("anna/clip.mp4"), timeline.data()


def renamed_hiker(folder: Path) -> Path:
    """The file of an exercise of one's own, my-hiker: the hip hiker under another title and another name."""
    text = (shipped_folder("exercises") / "hip-hiker.toml").read_text(encoding="utf-8")
    text = text.replace('name = "hip-hiker"', 'name = "my-hiker"', 1).replace('"Hip hiker"', '"Hip hiker of mine"', 1)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def held(breaths: int | None = 6, counted: bool = True, not_judged: tuple[str, ...] = ()) -> Hold:
    """A hold from 5 to 35 seconds."""
    starts = tuple(6.0 + 4.5 * i for i in range(breaths or 0))
    reason = None if counted else "not_seen"
    return Hold(1, "right", 5.0, 35.0, breaths, starts, 13.3, 0.8, 40.0, counted, reason, (), not_judged)


def strap_stretch(hold: Hold | None = None) -> tuple[Result, Timeline, Exercise]:
    """Result and timeline of one hold of the strap stretch."""
    exercise = load_exercise("strap-stretch")
    rule = exercise.hold
    assert rule is not None
    hold = hold or held()
    builder = ResultBuilder(exercise, named=True)
    with TimelineRecorder([exercise]) as timeline:
        for i in range(40 * 10):
            t_s = i / 10
            out = float(np.clip(min(t_s - 4, 36 - t_s), 0, 1))
            values = {fault.signal: 0.0 for fault in exercise.faults} | {rule.signal: 40 * out, rule.depth: 40 * out}
            events = (Event(t_s, "hold", hold.side, hold=hold),) if i == 370 else ()
            phase = "holding" if out == 1 else "raised"
            status = Status("strap-stretch", "hold", phase, phase, side=hold.side, view_angle_deg=10.0)
            signals = {hold.side: Signals(t_s, hold.side, values)}
            moment = Moment(t_s, Observation(t_s, SIZE, lying(), 1), status, events, None, signals)
            builder.add(moment)
            timeline.add(moment)
        return builder.result("clip.mp4"), timeline.data(), exercise


def lowered(px: float, side: Side) -> Pose:
    """Somebody standing whose foot of one side hangs so many pixels lower."""
    pose = standing_pose(SIZE)
    xy, world = pose.xy_px.copy(), pose.world_m.copy()
    for name in ("ankle", "heel", "toe"):
        xy[joint(name, side), 1] += px
        world[joint(name, side), 1] += px / 240
    return replace(pose, xy_px=xy, world_m=world)


def lying() -> Pose:
    """The standing figure turned on its back."""
    pose = standing_pose(SIZE)
    middle = pose.xy_px[[Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(0)
    turned = (pose.xy_px - middle)[:, ::-1] * np.array([1, -1], np.float32) + np.array(SIZE, np.float32) / 2
    return replace(pose, xy_px=turned.astype(np.float32))


def _faults(script: Script, number: int) -> tuple[str, ...]:
    return (script.faults or {}).get(number, ())


def _rule(name: str):  # type: ignore[no-untyped-def]
    rule = hip_hiker().fault(name)
    assert rule is not None
    return rule


def _bump(t_s: float, repetitions: int) -> float:
    """0 at rest, 1 at the deepest point, for three seconds of every four."""
    doing = FIRST_S <= t_s < FIRST_S + repetitions * CYCLE_S
    within = (t_s - FIRST_S) % CYCLE_S if doing else CYCLE_S
    return math.sin(math.pi * within / 3.0) ** 2 if within < 3.0 else 0.0
