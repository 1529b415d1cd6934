"""Movements that are neither exercise, and the way from standing to lying, as pose functions of the renderer's body.

Each takes a seed and its own keywords and returns its duration in seconds and ``pose(body, t) -> (pose, angles)``.
"""

from __future__ import annotations

import film  # noqa: F401  (puts the renderer on the path)
import numpy as np
from body import rot
from motion import Sway, Track, smooth, strap_stretch
from scipy.spatial.transform import Rotation, Slerp

ANKLE_M = 0.085
UP = np.array([0.0, 1.0, 0.0])


def repeats(n, seed, lead=1.5, way=(1.0, 1.8), hold=(0.1, 0.8), rest=(0.2, 0.9), tail=1.2):
    """n repetitions of u from 0 to 1 and back, no two alike."""
    r, tr = np.random.default_rng(seed), Track(u=0.0)
    tr.wait(lead)
    for _ in range(n):
        tr.move(r.uniform(*way), u=float(r.uniform(0.85, 1.0))).wait(r.uniform(*hold)).move(r.uniform(*way), u=0.0)
        tr.wait(r.uniform(*rest))
    return tr.wait(tail)


def leg_to(body, side, hip, ankle, forward):
    """Directions of thigh and shank that bring the ankle there, the knee bent towards forward."""
    thigh_m = np.linalg.norm(body.joint(f"lowerleg01.{side}") - body.joint(f"upperleg01.{side}"))
    shank_m = np.linalg.norm(body.joint(f"foot.{side}") - body.joint(f"lowerleg01.{side}"))
    d = ankle - hip
    u, far = d / np.linalg.norm(d), min(np.linalg.norm(d), 0.9995 * (thigh_m + shank_m))
    ahead = forward - (forward @ u) * u
    ahead = ahead / np.linalg.norm(ahead)
    c = np.clip((thigh_m**2 + far**2 - shank_m**2) / (2 * thigh_m * far), -1, 1)
    thigh = c * u + np.sqrt(1 - c * c) * ahead
    shank = hip + far * u - (hip + thigh_m * thigh)
    return thigh, shank / np.linalg.norm(shank)


def middle(body):
    return (body.joint("upperleg01.L") + body.joint("upperleg01.R")) / 2


def hip_of(body, side, root_R, root_t):
    return root_t + root_R @ (body.joint(f"upperleg01.{side}") - middle(body))


def toes(body, side):
    """The foot's direction where the body stands at rest."""
    d = body.joint(f"toe2-1.{side}") - body.joint(f"foot.{side}")
    return d / np.linalg.norm(d)


def upright(body, floor=0.0):
    """Height of the hips of somebody who stands straight, and where both ankles are."""
    ankles = {}
    for side in "LR":
        x = body.joint(f"foot.{side}")[0]
        ankles[side] = np.array([x * 0.9, floor + ANKLE_M, 0.0])
    return middle(body)[1] - body.joint("foot.L")[1] + floor + ANKLE_M - 0.004, ankles


def arms_down(wave=0.0):
    out = {}
    for side, x in (("L", 1), ("R", -1)):
        out[f"upperarm.{side}"] = np.array([x * (0.22 + 0.02 * wave), -1, 0.02])
        out[f"forearm.{side}"] = np.array([x * 0.08, -1, 0.18])
    return out


def standing(body, root_R, root_t, ankles, feet=None, arms=None, lean=0.0, wave=None):
    """A pose on two planted feet; lean: forward bend of the trunk in degrees."""
    aim = dict(arms or arms_down())
    for side in "LR":
        aim[f"thigh.{side}"], aim[f"shank.{side}"] = leg_to(
            body, side, hip_of(body, side, root_R, root_t), ankles[side], np.array([0, 0, 1.0])
        )
        aim[f"foot.{side}"] = toes(body, side) if feet is None else feet[side]
    local = {b: rot((1, 0, 0), lean / 3) for b in ("spine05", "spine04", "spine03")}
    w = np.zeros(6) if wave is None else wave
    local["head"] = rot((0, 1, 0), 4 * w[4]) @ rot((1, 0, 0), 4 - 0.6 * lean + 3 * w[5])
    return dict(root_R=root_R, root_t=root_t, aim=aim, local=local, breath=(0.0, 0.0))


def squat(seed, n=6, depth_m=0.36, arms="front"):
    tr, sway = repeats(n, seed), Sway(seed, 1.2)

    def pose(body, t):
        u, w = tr.at(t)["u"], sway(t)
        h, ankles = upright(body)
        reach = {}
        for side, x in (("L", 1), ("R", -1)):
            a = smooth(min(1.0, u * 1.4)) * np.radians(80)
            reach[f"upperarm.{side}"] = np.array([x * 0.2, -np.cos(a), np.sin(a) + 0.02])
            reach[f"forearm.{side}"] = np.array([x * 0.05, -np.cos(a), np.sin(a) + 0.15])
        root = np.array([0.006 * w[0], h - depth_m * u, -0.42 * depth_m * u + 0.005 * w[1]])
        p = standing(
            body, rot((1, 0, 0), 24 * u), root, ankles, arms=reach if arms == "front" else None, lean=16 * u, wave=w
        )
        return p, dict(u=u)

    return tr.t, pose


def calf_raise(seed, n=7, angle_deg=27.0):
    tr, sway = repeats(n, seed, way=(0.7, 1.3)), Sway(seed, 1.2)

    def pose(body, t):
        u, w = tr.at(t)["u"], sway(t)
        h, ankles = upright(body)
        feet, lifted = {}, {}
        for side in "LR":
            foot_m = np.linalg.norm(body.joint(f"toe2-1.{side}") - body.joint(f"foot.{side}"))
            feet[side] = rot((1, 0, 0), angle_deg * u) @ toes(body, side)
            lifted[side] = ankles[side] + foot_m * (toes(body, side) - feet[side])
        rise = lifted["L"] - ankles["L"]
        root = np.array([0.006 * w[0], h, 0.004 * w[1]]) + rise * (0, 1, 0.8)
        return standing(body, np.eye(3), root, lifted, feet=feet, wave=w), dict(u=u)

    return tr.t, pose


def side_raise(seed, n=6, side="left", angle_deg=33.0, lean_deg=5.0):
    tr, sway = repeats(n, seed), Sway(seed, 1.2)
    M, s = ("L", 1) if side == "left" else ("R", -1)

    def pose(body, t):
        u, w = tr.at(t)["u"], sway(t)
        h, ankles = upright(body)
        shift = smooth(min(1.0, t / 1.2)) * 0.07  # the weight goes to the standing leg
        root = np.array([-s * shift + 0.005 * w[0], h - 0.003, 0.004 * w[1]])
        p = standing(body, rot((0, 0, 1), 2 * s * u), root, ankles, wave=w)
        a = np.radians(angle_deg * u)
        out = rot((0, 0, 1), np.degrees(a) * s)
        for part in ("thigh", "shank"):
            p["aim"][f"{part}.{M}"] = out @ p["aim"][f"{part}.{M}"]
        p["aim"][f"foot.{M}"] = out @ toes(body, M)
        for b in ("spine05", "spine04", "spine03"):
            p["local"][b] = rot((0, 0, 1), s * lean_deg * u / 3)
        return p, dict(u=u)

    return tr.t, pose


def step_down(seed, n=5, side="left", step=0.16):
    """Stands with one leg on the step and lowers the other foot to the floor in front by bending the knee."""
    tr, sway = repeats(n, seed, way=(1.2, 2.0)), Sway(seed, 1.0)
    M, O, s = ("L", "R", 1) if side == "left" else ("R", "L", -1)

    def pose(body, t):
        u, w = tr.at(t)["u"], sway(t)
        h, ankles = upright(body, step)
        x = -s * 0.06
        ankles[O] = np.array([x, step + ANKLE_M, 0.0])
        hipx = x + s * abs(body.joint(f"upperleg01.{O}")[0]) - s * 0.02
        root = np.array([hipx + 0.004 * w[0], h - 0.004 - (step - 0.03) * u, -0.03 * u])
        R = rot((1, 0, 0), 8 * u)
        ankles[M] = np.array([hip_of(body, M, R, root)[0], ANKLE_M + 0.02 + (step - 0.02) * (1 - u), 0.1 + 0.16 * u])
        return standing(body, R, root, ankles, lean=10 * u, wave=w), dict(u=u)

    return tr.t, pose


def lying(seed, head):
    """The strap stretch's own body on the mat, moved by values given at each time; both arms by the sides."""
    base, pose, _, _ = strap_stretch(side="left", breaths=3, seed=seed, head=head)
    hdir = np.array([-1.0, 0, 0]) if head == "left" else np.array([1.0, 0, 0])

    def at(body, t, breath_m=0.010, **values):
        base.keys = {k: [(0.0, float(values.get(k, 0.0)))] for k in ("bend", "lift", "open", "knee", "roll", "arm")}
        p, _ = pose(body, t)
        b = 0.5 - 0.5 * np.cos(2 * np.pi * t / 3.9)
        p["breath"] = (breath_m * b, 0.45 * breath_m * b)
        left = np.cross(hdir, UP)
        for side, x in (("L", 1), ("R", -1)):
            p["aim"][f"upperarm.{side}"] = x * left * 0.3 - hdir - UP * 0.08
            p["aim"][f"forearm.{side}"] = x * left * 0.12 - hdir - UP * 0.03
        return p

    return at, hdir


def leg_raise(seed, n=5, side="left", head="left", angle_deg=55.0):
    """Straight-leg raises lying on the back, the other knee bent."""
    tr = repeats(n, seed, lead=2.0)
    at, _ = lying(seed, head)
    M, O = ("L", "R") if side == "left" else ("R", "L")

    def pose(body, t):
        u = tr.at(t)["u"]
        p = at(body, t, bend=1.0, lift=angle_deg * u)
        if side == "right":  # the base moves the left leg: change both legs over
            q = at(body, t, bend=1.0, lift=angle_deg * u)
            left = np.cross(np.array([-1.0, 0, 0]) if head == "left" else np.array([1.0, 0, 0]), UP)
            for part in ("thigh", "shank", "foot"):
                for a, b in ((M, O), (O, M)):
                    v = np.asarray(q["aim"][f"{part}.{b}"], float)
                    p["aim"][f"{part}.{a}"] = v - 2 * (v @ left) * left
        return p, dict(u=u)

    return tr.t, pose


def bridge(seed, n=5, head="left", height_m=0.17):
    tr = repeats(n, seed, lead=2.0, hold=(0.5, 1.5))
    at, hdir = lying(seed, head)

    def pose(body, t):
        u = tr.at(t)["u"]
        p = at(body, t, bend=1.0)
        left = np.cross(hdir, UP)
        O = "R"
        thigh_m = np.linalg.norm(body.joint(f"lowerleg01.{O}") - body.joint(f"upperleg01.{O}"))
        shank_m = np.linalg.norm(body.joint(f"foot.{O}") - body.joint(f"lowerleg01.{O}"))
        rest_R, rest_t = p["root_R"], p["root_t"].copy()
        trunk_m = np.linalg.norm(body.joint("upperarm01.L") - body.joint("upperleg01.L"))
        tilt = np.degrees(np.arcsin(height_m * u / trunk_m))
        p["root_R"] = rot(left, -tilt if head == "left" else -tilt) @ rest_R
        p["root_t"] = rest_t + UP * height_m * u + hdir * trunk_m * (1 - np.cos(np.radians(tilt)))
        for side, x in (("L", 1), ("R", -1)):
            hip0 = hip_of(body, side, rest_R, rest_t)
            a = np.radians(55)
            knee = hip0 + thigh_m * (-hdir * np.cos(a) + UP * np.sin(a))
            dy = knee[1] - ANKLE_M
            ankle = knee + np.array([0, -dy, 0]) + hdir * np.sqrt(max(0.0, shank_m**2 - dy * dy)) * 0.0
            ankle = ankle - hdir * 0.5 * np.sqrt(max(0.0, shank_m**2 - dy * dy))
            p["aim"][f"thigh.{side}"], p["aim"][f"shank.{side}"] = leg_to(
                body, side, hip_of(body, side, p["root_R"], p["root_t"]), ankle, UP - 0.2 * hdir
            )
            p["aim"][f"foot.{side}"] = -hdir - 0.05 * UP
        # the neck gives way, so that the head stays on the mat
        p["local"]["neck01"] = rot((1, 0, 0), tilt * 0.9)
        return p, dict(u=u)

    return tr.t, pose


def bicycle(seed, seconds=20.0, head="left", period_s=2.2):
    at, hdir = lying(seed, head)
    r = np.random.default_rng(seed)
    period_s = period_s * r.uniform(0.9, 1.15)

    def pose(body, t):
        p = at(body, t)
        on = smooth(t / 2.0) * (1 - smooth((t - seconds + 2.0) / 2.0))
        for side, phase in (("L", 0.0), ("R", np.pi)):
            c = np.sin(2 * np.pi * t / period_s + phase)
            hip, knee = np.radians(on * (65 + 25 * c)), np.radians(on * (55 + 35 * c))
            for part, a in (("thigh", hip), ("shank", hip - knee)):
                p["aim"][f"{part}.{side}"] = (
                    -hdir * np.cos(a) + UP * np.sin(a) + np.cross(hdir, UP) * (0.05 if side == "L" else -0.05)
                )
            p["aim"][f"foot.{side}"] = UP * 0.9 * (1 - on) - hdir * (0.35 + 0.5 * on) + UP * 0.5 * on
        return p, dict(u=on)

    return seconds, pose


def lie_down(seed, head="left", walk_m=2.6, feet_m=0.5, side="left", **stretch):
    """Walks in from the head's side, sits down on the mat and lies down to begin the strap stretch with these keywords."""
    _, target, _, _ = strap_stretch(side=side, head=head, seed=seed, **stretch)
    hdir = np.array([-1.0, 0, 0]) if head == "left" else np.array([1.0, 0, 0])
    left = np.cross(hdir, UP)
    turned = np.column_stack([left, UP, -hdir])
    walk_s = walk_m / 1.1
    times = np.cumsum([0.0, walk_s, 0.8, 1.8, 1.0, 2.0])  # in, stand, crouch down to sitting, sit, lie back

    def keys(body):
        h, ankles = upright(body)
        planted = {k: turned @ a - hdir * feet_m for k, a in ankles.items()}

        def on_feet(root_t, root_R, arms):
            aim = {}
            for k in "LR":
                aim[f"thigh.{k}"], aim[f"shank.{k}"] = leg_to(
                    body, k, hip_of(body, k, root_R, root_t), planted[k], -hdir + 0.3 * UP
                )
                aim[f"foot.{k}"] = turned @ toes(body, k)
            aim.update({k: turned @ np.asarray(v) for k, v in arms.items()})
            return dict(root_R=root_R, root_t=root_t, aim=aim)

        back = {
            f"{part}.{k}": (x * 0.35, -1.0, -0.55) for part in ("upperarm", "forearm") for k, x in (("L", 1), ("R", -1))
        }
        stand = on_feet(np.array([0, h, 0]) - hdir * feet_m, turned, arms_down())
        crouch = on_feet(np.array([0, 0.42, 0]) - hdir * (feet_m - 0.22), rot(left, 30) @ turned, back)
        sit = on_feet(np.array([0, 0.115, 0.0]), rot(left, -8) @ turned, back)
        lie, _ = target(body, 0.0)
        return stand, crouch, sit, lie

    cache: dict[int, tuple] = {}

    def pose(body, t):
        if id(body) not in cache:
            cache[id(body)] = keys(body)
        stand, crouch, sit, lie = cache[id(body)]
        if t < walk_s:
            p = dict(stand, aim=dict(stand["aim"]))
            x = (walk_s - t) * 1.1
            p["root_t"] = stand["root_t"] + hdir * x
            g = 24 * np.sin(2 * np.pi * 0.85 * t) * min(1.0, x / 0.3)
            for k, y in (("L", 1), ("R", -1)):
                p["aim"][f"thigh.{k}"] = rot(left, -y * g) @ -UP
                p["aim"][f"shank.{k}"] = rot(left, -y * g + 12 + 10 * np.sin(2 * np.pi * 0.85 * t + y)) @ -UP
                p["aim"].pop(f"foot.{k}")
                p["aim"][f"upperarm.{k}"] = rot(left, y * g * 0.6) @ np.asarray(stand["aim"][f"upperarm.{k}"])
            return dict(p, local={}, breath=(0.0, 0.0)), {}
        steps = [
            (times[1], stand),
            (times[2], stand),
            (times[2] + 0.9, crouch),
            (times[3], sit),
            (times[4], sit),
            (times[5], lie),
        ]
        for (ta, a), (tb, b) in zip(steps, steps[1:], strict=False):
            if t <= tb or b is lie:
                break
        u = float(smooth((t - ta) / max(tb - ta, 1e-6)))
        R = Slerp([0, 1], Rotation.from_matrix([a["root_R"], b["root_R"]]))(u).as_matrix()
        aim = {}
        for k in b["aim"]:
            va, vb = np.asarray(a["aim"][k], float), np.asarray(b["aim"][k], float)
            va, vb = va / np.linalg.norm(va), vb / np.linalg.norm(vb)
            aim[k] = (1 - u) * va + u * vb + 1e-3 * UP
        root = (1 - u) * a["root_t"] + u * b["root_t"]
        return dict(root_R=R, root_t=root, aim=aim, local={}, breath=(0.0, 0.0)), {}

    return float(times[-1]), pose
