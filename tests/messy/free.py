"""People, cameras and flaws that go together as chance will have it: every option of the renderer drawn on its own.

The clips of specs.py test one kind of trouble each. Here a phone may sway, stand low and be in the dark at once, while
somebody begins at once, holds on to a chair and makes three kinds of fault.

usage: free.py OUT_DIR twentieth|twenty_first|...|twenty_seventh [NAME ...]      (RENDER_DIR: where the renderer lies)
"""

from __future__ import annotations

import os
import sys

import film
import make as mk
import numpy as np
import specs as sp
from messy import chair, human, mixed, wall
from scene import look_at, perspective

HAIR = {"male": ("short01", "short02", "short03", "short04", "afro01"),
        "female": ("bob01", "bob02", "ponytail01", "long01", "braid01", "afro01")}  # fmt: skip
CLOTHES = {"male": ("male_casualsuit01", "male_casualsuit02", "male_casualsuit03", "male_casualsuit05", "male_casualsuit06", "male_worksuit01"),
           "female": ("female_casualsuit01", "female_casualsuit02", "female_sportsuit01")}  # fmt: skip
SIZES = ((960, 540), (960, 540), (540, 960), (640, 480), (480, 640), (1280, 720))
LIGHTS = ({}, {}, {}, sp.DIM, sp.WARM, sp.SIDELIGHT)
WAVES = {"nk_rest_5min": (5, 60, 7), "biosppy": (2, 4, 6), "music_listener_speakers": (10, 95, 7),
         "fed_supine_pos2_4s": (2, 8, 7), "fed_supine_pos2_8s": (2, 4, 6), "fed_supine_pos2_12s": (2, 4, 4)}  # fmt: skip


def hides(lo, hi, eye, point) -> bool:
    """Whether the box stands between the camera and that point."""
    with np.errstate(divide="ignore"):
        t = np.sort([(np.array(lo) - eye) / (point - eye), (np.array(hi) - eye) / (point - eye)], axis=0)
    return bool(max(t[0].max(), 0) < min(t[1].min(), 1))


def shown(spec, name) -> bool:
    """Whether hips, knees and feet stay in the picture, large enough to be judged, whenever an exercise is done."""
    _, size, fps, _, segs, _ = film.prepare(name, spec)
    body, c = film.QuickBody(mk.NPZ, **spec["body"]), spec["cam"]
    at = np.array(c["at"])
    az = np.radians(c["az"])
    eye = (at[0] + c["dist"] * np.sin(az), c["height"], at[2] + c["dist"] * np.cos(az))
    roll = np.radians(c["roll"])
    view = perspective(c["fov"], size[0] / size[1]) @ look_at(eye, at, (np.sin(roll), np.cos(roll), 0))
    lying = segs[0]["seg"]["exercise"] == "strap-stretch"
    wanted = [body.i[f"{bone}.{side}"] for bone in ("upperleg01", "lowerleg01", "foot") for side in "LR"]
    wanted += [body.i[f"upperarm01.{side}"] for side in "LR"] if lying else []
    for g in segs:
        turn = film.rot((0, 1, 0), g["seg"].get("turn", 0.0))
        times = np.linspace(0.1, 0.9, 9) if lying else [0.5]
        for t in times:
            _, head, tail, _ = body.pose(**g["pose"](body, g["begin"] + t * g["length"])[0])
            points = np.concatenate([head[wanted], tail[[body.i["foot.L"], body.i["foot.R"]]]]) @ turn.T
            q = np.c_[points, np.ones(len(points))] @ view.T
            if any(hides(lo, hi, eye, point) for lo, hi, *_ in spec.get("boxes", ()) for point in points):
                return False
            x, y = (q[:, 0] / q[:, 3] * 0.5 + 0.5), (q[:, 1] / q[:, 3] * 0.5 + 0.5)
            if min(x.min(), 1 - x.max(), y.min(), 1 - y.max()) < 0.04:
                return False
            if not lying and np.ptp(y) < 0.3:
                return False
            if lying and max(np.ptp(x) * size[0], np.ptp(y) * size[1]) < 0.4 * min(size):
                return False
    return True


def free(half, letter, seed, hikers, stretches):
    """Add that many clips of each exercise, each of a body of its own."""
    r = np.random.default_rng(seed)
    pick = lambda *a: a[r.integers(len(a))]
    u = lambda a, b: float(round(r.uniform(a, b), 3))
    seldom = lambda share: r.random() < share

    def somebody():
        s = pick("male", "female")
        return sp.P(s, pick("caucasian", "african", "asian"), pick("fair", "tan", "brown", "dark"), pick(*HAIR[s]),
                    pick("brown", "black", "grey", "blond", "red"), pick(*CLOTHES[s]), tuple(u(0.15, 0.75) for _ in range(3)),
                    tuple(u(0.1, 0.5) for _ in range(3)), height=u(-0.2, 0.3), weight=u(0.25, 0.85), age=u(0.1, 0.95),
                    muscle=u(0.3, 0.8))  # fmt: skip

    def filmed(name, segments, expect, camera, **spec):
        who = f"{letter}_{name}"
        sp.BODIES[who] = somebody()
        while True:
            c = dict(
                camera(),
                fov=u(42, 66),
                roll=u(-3, 3) if seldom(0.5) else 0.0,
                shake=u(0.004, 0.02) if seldom(0.5) else 0.0,
            )
            drawn = dict(spec, body=sp.BODIES[who], segments=segments, expect=expect, cam=c, size=pick(*SIZES), light=pick(*LIGHTS),
                         fps=pick(10, 12, 12, 15))  # fmt: skip
            if shown(drawn, who):
                break
        sp.clip(
            half,
            who,
            who,
            note(drawn),
            segments,
            expect,
            **{k: v for k, v in drawn.items() if k not in ("body", "segments", "expect")},
        )

    def one_side(side, n, turn, **more):
        fault_kinds = ["cheat", "shallow", "lean", "stance", "hang", "swing", "fast"]
        if seldom(0.5):
            reps, expect = (
                human(
                    n,
                    int(r.integers(1e6)),
                    u(8.5, 12),
                    u(1, 2),
                    incomplete=pick(0.0, 0.0, 2.0),
                    hike=pick(0.0, 0.0, 3.0),
                ),
                dict(reps=n, faulty=0),
            )
        else:
            places = r.permutation(n)[: int(r.integers(2, 6))] + 1
            reps, expect = mixed(n, int(r.integers(1e6)), {int(k): pick(*fault_kinds) for k in sorted(places)})
        return sp.hiker(reps=reps, hanging=side, turn=turn, lead=u(0.15, 2.2), tail=u(0.2, 1.5), **more), expect

    for k in range(hikers):
        side = pick("left", "right")
        other = "right" if side == "left" else "left"
        turn = u(155, 205) if seldom(0.25) else 0.0
        both = seldom(0.25)
        support = None if both else pick(None, None, None, "wall", "chair")
        x = -1 if side == "left" else 1  # where the stance leg is
        about = dict(
            step=u(0.1, 0.2),
            arms="hips" if support is None and seldom(0.2) else "down",
            hang_knee=u(0, 9) if seldom(0.3) else 0.0,
        )
        n = int(r.integers(3, 5)) if both else int(r.integers(5, 9))
        between = {} if both or seldom(0.6) else {int(r.integers(1, n)): pick("look", "talk", "touch", "scratch")}
        boxes = {"wall": [wall(0.84 * x)], "chair": chair(0.42 * x), None: []}[support]
        if turn and support:
            turn = 0.0  # what they hold on to is built for somebody who faces the camera
        first, expect = one_side(
            side, n, turn, support=support, between=between, **about, **(dict(exit=2.6 * x) if both else {})
        )
        segments = [first]
        if both:
            second, more = one_side(other, n, 180.0 - turn if seldom(0.3) else turn, enter=-2.6 * x, **about)
            segments.append(second)
            expect = dict(
                reps=expect["reps"] + more["reps"],
                **{
                    key: {**expect.get(key, {}), **{str(int(k) + n): v for k, v in more.get(key, {}).items()}}
                    for key in ("faults", "uncounted")
                },
            )
        else:
            expect = dict(expect, side=side)
        passer = dict(passer=dict(body=somebody(), **{"from": u(4, 14)})) if seldom(0.2) else {}
        filmed(f"hiker{k + 1}", segments, expect, lambda: dict(az=u(-48, 48), dist=u(2.0, 3.6), height=u(0.5, 1.7), at=(u(-0.25, 0.25), u(0.65, 1.0), 0)), boxes=boxes, **passer)  # fmt: skip
    for k in range(stretches):
        side, wave = pick("left", "right"), pick(*WAVES)
        low, high, most = WAVES[wave]
        n = most if seldom(0.75) else 3
        faults = [f for f in ("raised_knee_bent", "pelvis_roll", "anchor_arm_in") if seldom(0.25)]
        wrong = dict(knee=u(34, 42) if "raised_knee_bent" in faults else u(0, 8), roll=u(20, 26) if "pelvis_roll" in faults else 0.0,
                     arm_out="anchor_arm_in" not in faults)  # fmt: skip
        stretch = sp.st(wave, int(r.integers(low, high)), n, side=side, head=pick("left", "right"), open_deg=u(25, 52), raise_deg=u(72, 92),
                        lead=u(0.2, 1.8), belly=u(0.011, 0.02), **wrong)  # fmt: skip
        expect = dict(side=side, faults=faults + (["hold_too_short"] if n < 6 else []))
        filmed(f"strap{k + 1}", [stretch], expect, lambda: dict(az=u(-55, 55), dist=u(1.8, 3.2), height=u(0.6, 1.8), at=(u(-0.2, 0.2), u(0.25, 0.5), 0)))  # fmt: skip


def note(spec):
    """What the clip tests, in a line."""
    c, light = spec["cam"], {id(sp.DIM): "dim", id(sp.WARM): "warm", id(sp.SIDELIGHT): "light from the side"}
    words = [
        f"camera {c['az']:.0f} deg, {c['dist']:.1f} m off, {c['height']:.1f} m high",
        "x".join(map(str, spec["size"])),
    ]
    words += [f"sways {100 * c['shake']:.1f} cm"] if c["shake"] else []
    words += [light[id(spec["light"])]] if spec["light"] else []
    words += [f"turned {seg['turn']:.0f}" for seg in spec["segments"] if seg.get("turn")]
    words += [m["support"] for m in (seg["motion"] for seg in spec["segments"]) if m.get("support")]
    words += ["somebody walks through"] if spec.get("passer") else []
    return "; ".join(words)


SETS = {
    "twentieth": ("i", 20270601, 14, 8),
    "twenty_first": ("u", 20270602, 14, 8),
    "twenty_second": ("e", 20270603, 14, 8),
    "twenty_third": ("x", 20270604, 14, 8),
    "twenty_fourth": ("f", 20270605, 14, 8),
    "twenty_fifth": ("g", 20270606, 14, 8),
    "twenty_sixth": ("b", 20270607, 14, 8),
    "twenty_seventh": ("l", 20270608, 14, 8),
}

if __name__ == "__main__":
    out, half, *names = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    free(half, *SETS[half])
    for name in names or [name for name, clip in sp.CLIPS.items() if clip[0] == half]:
        film.render(name, sp.CLIPS[name][1], sp.CLIPS[name][3], out)
