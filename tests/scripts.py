"""Scripted observations: a stick figure with real joints in three dimensions, seen by a simple camera.

Coordinates are metres, y up. Somebody who stands has x to their left and z forwards; somebody who lies on their back
has x towards their head and z to their left. Both are right-handed, so left is never right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.definitions.exercise import Exercise
from coach.judging.judge import make_judge
from coach.kinematics.body import Body
from coach.kinematics.parts import middles
from coach.kinematics.paths import Ways
from coach.kinematics.standing_person import Measures
from coach.types import JOINTS, SIDES, Event, Hold, Joint, Movement, Observation, Part, Pose, Side, joint, other_side

Array = NDArray[np.float64]

LEG_M = 0.84  # hip to ankle; thigh and shank are half of it each
HIPS_M = 0.265 * LEG_M  # between the hips, as the pose network draws them
TRUNK_M = LEG_M / 1.6
SHOULDERS_M = 0.36
SIZE = (1280, 720)
FPS = 7.5  # pictures a second, unless a test asks for more: what a slow machine manages
LEFT, UP, FORWARD = np.eye(3)  # of somebody who stands
HEAD = np.array([1.0, 0.0, 0.0])  # of somebody who lies


def out_sign(side: Side) -> float:
    return 1.0 if side == "left" else -1.0


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera that looks at a point; roll_deg turns the picture clockwise."""

    at: tuple[float, float, float]
    target: tuple[float, float, float]
    roll_deg: float = 0.0
    size_px: tuple[int, int] = SIZE
    fov_deg: float = 48.0

    @property
    def focal_px(self) -> float:
        """Its focal length."""
        return float(self.size_px[1] / 2 / np.tan(np.radians(self.fov_deg / 2)))

    @property
    def converges_per_px(self) -> float:
        """One over how far below the middle of its picture a plumb line vanishes."""
        across = np.hypot(self.at[0] - self.target[0], self.at[2] - self.target[2])
        return float((self.at[1] - self.target[1]) / across / self.focal_px)

    def pose(self, points: Array) -> Pose:
        """What an estimator without any error would say of joints (33, 3)."""
        seen = (points - np.asarray(self.at)) @ axes(self).T
        width, height = self.size_px
        xy = seen[:, :2] / seen[:, 2:] * self.focal_px + np.array([width / 2, height / 2])
        middle = (seen[Joint.LEFT_HIP] + seen[Joint.RIGHT_HIP]) / 2
        return Pose(xy.astype(np.float32), (seen - middle).astype(np.float32), np.ones(JOINTS, np.float32))


@cache
def axes(camera: Camera) -> Array:
    """Rows: its right, its down, and forwards."""
    forward = np.subtract(camera.target, camera.at)
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, UP)
    right = right / np.linalg.norm(right)
    down = np.cross(forward, right)
    a = np.radians(camera.roll_deg)
    c, s = np.cos(a), np.sin(a)
    return np.stack([c * right - s * down, s * right + c * down, forward])


def camera_for_standing(
    az_deg: float = 35.0, distance_m: float = 2.8, height_m: float = 1.0, roll_deg: float = 0.0
) -> Camera:
    """Off frontal by az_deg, positive towards the person's left."""
    a = np.radians(az_deg)
    return Camera((distance_m * float(np.sin(a)), height_m, distance_m * float(np.cos(a))), (0.0, 0.85, 0.0), roll_deg)


def camera_for_lying(
    foot_end_deg: float = 0.0, towards: Side = "right", height_deg: float = 28.0, distance_m: float = 2.6
) -> Camera:
    """Off side-on by foot_end_deg, positive towards the feet, on the side ``towards`` of the person."""
    f, h = np.radians(foot_end_deg), np.radians(height_deg)
    place = np.array([-np.sin(f) * np.cos(h), np.sin(h), out_sign(towards) * np.cos(f) * np.cos(h)])
    target = np.array([0.0, 0.32, 0.0])
    at = target + distance_m * place
    return Camera((float(at[0]), float(at[1]), float(at[2])), (0.0, 0.32, 0.0))


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody on a step. The moving side hangs; the pelvis turns about the stance hip. Angles in degrees.

    lean_deg: towards the stance side. swing_deg: the hanging leg out to its side. thigh_deg: the hanging thigh raised
    forwards. arm_deg: the moving side's arm away from the trunk. squat_deg: both knees bent, both feet planted.
    """

    side: Side = "left"
    drop_deg: float = 0.0
    stance_knee_deg: float = 0.0
    hanging_knee_deg: float = 0.0
    lean_deg: float = 0.0
    swing_deg: float = 0.0
    thigh_deg: float = 0.0
    arm_deg: float = 8.0
    squat_deg: float = 0.0
    step_m: float = 0.0
    tall: float = 1.0

    def joints(self) -> Array:
        """(33, 3) metres."""
        out = out_sign(self.side) * LEFT
        half = LEG_M / 2
        points = np.zeros((JOINTS, 3))
        drop, lean = np.radians(self.drop_deg), np.radians(self.lean_deg)
        bent = np.radians(max(self.stance_knee_deg, self.squat_deg)) / 2

        stance = other_side(self.side)
        ankle = -out * HIPS_M / 2 + 0.08 * UP
        knee = ankle + half * (np.cos(bent) * UP + np.sin(bent) * FORWARD)
        hip = ankle + 2 * half * np.cos(bent) * UP
        self._leg(points, stance, hip, knee, ankle)

        own_hip = hip + HIPS_M * (np.cos(drop) * out - np.sin(drop) * UP)
        swing, thigh = np.radians(self.swing_deg), np.radians(self.thigh_deg)
        down = np.sin(swing) * out - np.cos(swing) * UP
        bent = np.radians(max(self.hanging_knee_deg, self.squat_deg)) / 2
        if self.thigh_deg:
            own_knee = own_hip + half * (np.cos(thigh) * down + np.sin(thigh) * FORWARD)
            own_ankle = own_knee - half * UP
        else:
            own_knee = own_hip + half * (np.cos(bent) * down + np.sin(bent) * FORWARD)
            own_ankle = own_hip + 2 * half * np.cos(bent) * down
        self._leg(points, self.side, own_hip, own_knee, own_ankle)

        middle = (hip + own_hip) / 2
        spine = np.cos(lean) * UP - np.sin(lean) * out
        across = np.cos(lean) * out + np.sin(lean) * UP
        neck = middle + TRUNK_M * spine
        points[:11] = neck + 0.22 * spine + 0.08 * FORWARD
        for side in SIDES:
            sign = 1.0 if side == self.side else -1.0
            arm = np.radians(self.arm_deg if side == self.side else 8.0)
            along = np.sin(arm) * sign * across - np.cos(arm) * spine
            shoulder = neck + sign * SHOULDERS_M / 2 * across
            points[joint("shoulder", side)] = shoulder
            points[joint("elbow", side)] = shoulder + 0.28 * along
            points[joint("wrist", side)] = shoulder + 0.54 * along
        return points * self.tall + self.step_m * LEFT

    @staticmethod
    def _leg(points: Array, side: Side, hip: Array, knee: Array, ankle: Array) -> None:
        points[joint("hip", side)], points[joint("knee", side)], points[joint("ankle", side)] = hip, knee, ankle
        points[joint("heel", side)] = ankle - 0.05 * UP - 0.04 * FORWARD
        points[joint("toe", side)] = ankle - 0.06 * UP + 0.14 * FORWARD


@dataclass(frozen=True, slots=True)
class Lying:
    """Somebody on their back with the leg of ``side`` raised by raise_deg from the floor and fallen out by open_deg.

    arm_deg: the other arm away from the trunk. The other leg is bent, its foot flat, and goes along as the pelvis
    rolls by roll_deg.
    """

    side: Side = "left"
    raise_deg: float = 90.0
    open_deg: float = 0.0
    knee_deg: float = 0.0
    arm_deg: float = 90.0
    roll_deg: float = 0.0
    slide_m: float = 0.0
    both: bool = False

    def joints(self) -> Array:
        """(33, 3) metres."""
        out = out_sign(self.side) * FORWARD  # z is to the left of somebody who lies
        points = np.zeros((JOINTS, 3))
        half = LEG_M / 2
        middle = 0.1 * UP
        neck = middle + TRUNK_M * HEAD
        points[:11] = neck + 0.2 * HEAD + 0.05 * UP
        raised, opened = np.radians(self.raise_deg), np.radians(self.open_deg)
        upward = np.cos(opened) * UP + np.sin(opened) * out
        bent = np.radians(self.knee_deg) / 2
        along = np.sin(raised) * upward - np.cos(raised) * HEAD
        forward = np.sin(raised) * HEAD + np.cos(raised) * upward
        for side in SIDES:
            sign = 1.0 if side == self.side else -1.0
            hip = middle + sign * HIPS_M / 2 * out
            if side == self.side or self.both:
                knee = hip + half * (np.cos(bent) * along + np.sin(bent) * forward)
                ankle = hip + 2 * half * np.cos(bent) * along
                heel, toe = ankle + 0.05 * along - 0.03 * forward, ankle + 0.05 * along + 0.15 * forward
            else:
                lift = HIPS_M * float(np.sin(np.radians(self.roll_deg)))
                # How far the network draws the hip from the floor does not matter: the leg that goes along does.
                hip = hip + lift * UP
                ankle = -0.5 * HEAD + sign * HIPS_M / 2 * out + 0.06 * UP + (2 * lift + self.slide_m) * out
                knee = -0.25 * HEAD + sign * HIPS_M / 2 * out + 0.38 * UP + lift * UP
                heel, toe = ankle - 0.05 * UP + 0.04 * HEAD, ankle - 0.05 * UP - 0.15 * HEAD
            for name, place in (("hip", hip), ("knee", knee), ("ankle", ankle), ("heel", heel), ("toe", toe)):
                points[joint(name, side)] = place
            shoulder = neck + sign * SHOULDERS_M / 2 * out
            arm = np.radians(self.arm_deg)
            reach = np.sin(arm) * sign * out - np.cos(arm) * HEAD
            if side == self.side:  # it holds the strap
                reach = ankle - shoulder
                reach = reach / np.linalg.norm(reach)
            points[joint("shoulder", side)] = shoulder
            points[joint("elbow", side)] = shoulder + 0.27 * reach
            points[joint("wrist", side)] = shoulder + 0.5 * reach
        return points


Posture = Standing | Lying
Script = Callable[[float], Posture | None]


def standing_body(pose: Pose) -> Body:
    """The measures of somebody who stands like this, whose ways are those of the joints."""
    measures = Measures()
    for i in range(5):
        measures.step(i / 10, pose)
    body = measures.body(pose.xy_px, Ways(middles(pose.xy_px), np.zeros(len(Part), np.float32)))
    assert body is not None
    return replace(body, paths=middles(body.xy_px))


def ramp(t_s: float, start_s: float, end_s: float) -> float:
    """0 before, 1 after, minimum jerk between: how people move a limb from rest to rest."""
    x = float(np.clip((t_s - start_s) / (end_s - start_s), 0, 1))
    return x**3 * (10 - 15 * x + 6 * x * x)


def dip(t_s: float, start_s: float, down_s: float, pause_s: float, up_s: float) -> float:
    """0, down to 1, and back to 0."""
    turn_s = start_s + down_s + pause_s
    return ramp(t_s, start_s, start_s + down_s) - ramp(t_s, turn_s, turn_s + up_s)


@dataclass(frozen=True, slots=True)
class Rep:
    """One scripted repetition: what differs from standing at its deepest point."""

    deepest: dict[str, float]
    down_s: float = 1.6
    pause_s: float = 0.3
    up_s: float = 1.6
    rest_s: float = 1.0

    @property
    def length_s(self) -> float:
        return self.down_s + self.pause_s + self.up_s + self.rest_s


def rep(drop_deg: float = 11.0, *, pace: float = 1.0, **deepest: float) -> Rep:
    """A drop of so many degrees, with what else goes wrong. pace 0.25 takes a quarter of the usual time."""
    return Rep({"drop_deg": drop_deg, **deepest}, 1.6 * pace, 0.3 * pace, 1.6 * pace)


FIRST_S = 3.0  # time to calibrate


def standing(reps: Iterable[Rep], start: Standing | None = None) -> tuple[Script, float]:
    """A set of repetitions after three still seconds: its script and its length."""
    start = start or Standing()
    plan: list[tuple[float, Rep]] = []
    t0 = FIRST_S
    for each in reps:
        plan.append((t0, each))
        t0 += each.length_s

    def script(t_s: float) -> Standing:
        changes: dict[str, float] = {}
        for begin_s, each in plan:
            share = dip(t_s, begin_s, each.down_s, each.pause_s, each.up_s)
            for name, value in each.deepest.items():
                usual = getattr(start, name)
                changes[name] = changes.get(name, usual) + share * (value - usual)
        return replace(start, **changes)

    return script, t0 + 1.5


@dataclass(frozen=True, slots=True)
class Stretch:
    """A scripted strap stretch: leg up, out, held, back and down. Times in seconds."""

    start: Lying = Lying()
    open_deg: float = 40.0
    up_s: float = 4.0
    out_s: float = 7.0
    opening_s: float = 3.0
    held_s: float = 26.0
    closing_s: float = 3.0
    knee_deg: float = 0.0
    arm_deg: float = 90.0
    roll_deg: float = 0.0
    slide_m: float = 0.0

    @property
    def hold(self) -> tuple[float, float]:
        return self.out_s + self.opening_s, self.out_s + self.opening_s + self.held_s

    @property
    def length_s(self) -> float:
        return self.hold[1] + self.closing_s + 6.0

    def __call__(self, t_s: float) -> Lying:
        away = dip(t_s, self.out_s, self.opening_s, self.held_s, self.closing_s)
        down = ramp(t_s, self.length_s - 3.0, self.length_s - 1.5)
        return replace(
            self.start,
            raise_deg=90.0 * (ramp(t_s, self.up_s - 2.0, self.up_s) - down) + 2.0,
            open_deg=self.open_deg * away,
            knee_deg=self.knee_deg,
            arm_deg=self.arm_deg,
            roll_deg=self.roll_deg * away,
            slide_m=self.slide_m * away,
        )


def clock(duration_s: float, fps: float = FPS, jitter: float = 0.0, seed: int = 0) -> Array:
    """Frame times; jitter is a share of the frame interval."""
    times = np.arange(0.0, duration_s, 1 / fps)
    shift = np.random.default_rng(seed).uniform(-jitter / 2, jitter / 2, len(times)) / fps
    return np.maximum.accumulate(np.maximum(times + shift, 0.0))


def observe(
    script: Script, times: Iterable[float], camera: Camera, *, noise_px: float = 0.0, seed: int = 0
) -> list[Observation]:
    """What an estimator would see; None in the script is nobody."""
    generator = np.random.default_rng(seed)
    seen = []
    for t_s in times:
        posture = script(float(t_s))
        pose = None if posture is None else camera.pose(posture.joints())
        if pose is not None and noise_px:
            noise = generator.normal(0, noise_px, pose.xy_px.shape).astype(np.float32)
            pose = Pose(pose.xy_px + noise, pose.world_m, pose.visibility)
        seen.append(Observation(float(t_s), camera.size_px, pose, int(pose is not None)))
    return seen


def seen_standing(reps: Iterable[Rep], start: Standing | None = None, **more: Any) -> list[Observation]:
    """A set of repetitions as the usual camera sees it. more: camera, fps, jitter, noise_px, seed."""
    script, duration_s = standing(reps, start)
    return watched(script, duration_s, more.pop("camera", camera_for_standing()), **more)


def watched(script: Script, duration_s: float, camera: Camera, **more: Any) -> list[Observation]:
    """A script as a camera sees it. more: fps, jitter, noise_px, seed."""
    times = clock(duration_s, more.pop("fps", FPS), more.pop("jitter", 0.0), more.get("seed", 0))
    return observe(script, times, camera, **more)


def with_breath(
    observations: Sequence[Observation], period_s: float, sway_period_s: float = 0.0, noise: float = 0.03
) -> list[Observation]:
    """The same with the chest's motion: a breath every period_s."""
    times = np.array([o.t_s for o in observations])
    grids = breathing_grids(times, depth_of_breath(times, period_s), noise=noise, sway_period_s=sway_period_s)
    return [replace(o, chest_px=grid) for o, grid in zip(observations, grids, strict=True)]


def depth_of_breath(t_s: Array, period_s: float, first_s: float = 0.0) -> Array:
    """0 empty to 1 full: in for 40 % of the time, out for 45 %, then a pause. Empty before ``first_s``."""
    share = np.mod(t_s - first_s, period_s) / period_s
    depth = np.array([ramp(s, 0.0, 0.4) - ramp(s, 0.4, 0.85) for s in share])
    return np.where(t_s < first_s, 0.0, depth)


def breathing_grids(
    t_s: Array, depth: Array, *, noise: float = 0.03, sway_period_s: float = 0.0, seed: int = 0
) -> list[NDArray[np.float32]]:
    """Motion of the picture of a trunk that lies side-on (12, 20, 2) from frame to frame: chest and belly, in its upper
    half, rise by depth (n,) x 3 px, and an arm over the upper right corner sways with a period of its own."""
    rows, columns = np.mgrid[0:12, 0:20]
    chest = np.exp(-(((rows - 3) / 3.0) ** 2) - ((columns - 10) / 4.0) ** 2)
    arm = np.exp(-(((rows - 1) / 2.0) ** 2) - ((columns - 18) / 2.0) ** 2)
    place = np.zeros((len(t_s), 12, 20, 2))
    place[..., 1] -= 3.0 * depth[:, None, None] * chest
    if sway_period_s:
        place[..., 0] += 2.0 * np.sin(2 * np.pi * t_s / sway_period_s)[:, None, None] * arm
    moved = np.diff(place, axis=0, prepend=place[:1])
    moved += np.random.default_rng(seed).normal(0, noise, moved.shape)
    return list(moved.astype(np.float32))


def judged(exercise: Exercise, observations: Iterable[Observation], side: Side | None = None) -> list[Event]:
    """All events of one exercise."""
    judge = make_judge(exercise, side)
    events = [event for observation in observations for event in judge.step(observation).events]
    return [*events, *judge.finish()]


def movements(exercise: Exercise, observations: Iterable[Observation], side: Side | None = None) -> list[Movement]:
    """The judged repetitions, counted or not."""
    return [event.movement for event in judged(exercise, observations, side) if event.movement is not None]


def holds(exercise: Exercise, observations: Iterable[Observation], side: Side | None = None) -> list[Hold]:
    """The judged holds, counted or not."""
    return [event.hold for event in judged(exercise, observations, side) if event.hold is not None]


def verdicts(found: Iterable[Movement | Hold]) -> list[str]:
    """In short: 'left', 'right +too_fast', 'left -too_shallow'."""
    short = []
    for each in found:
        reason = "" if each.uncounted_reason is None else f" -{each.uncounted_reason}"
        short.append(each.side + reason + "".join(f" +{fault}" for fault in each.faults))
    return short
