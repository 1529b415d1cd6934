"""Our own people, as they film themselves: 8 bodies in each part, none of them in any other clip.

usage: specs.py OUT_DIR SET [NAME ...]      (RENDER_DIR: where the renderer lies)
       specs.py OUT_DIR probe NAME T [T ...]      pictures at these seconds, to see what a clip will show
"""

from __future__ import annotations

import os
import sys
import zlib

import film
import numpy as np
from bodies import person
from messy import chair, hk, human, mixed, wall
from others import bicycle, bridge, calf_raise, leg_raise, lie_down, side_raise, squat, step_down

P = person
BODIES = {
    "w1": P(
        "female",
        "asian",
        "tan",
        "ponytail01",
        "black",
        "female_sportsuit01",
        (0.6, 0.2, 0.35),
        (0.15, 0.15, 0.3),
        weight=0.35,
        height=-0.06,
        age=0.1,
    ),
    "w2": P(
        "male",
        "caucasian",
        "fair",
        "short03",
        "blond",
        "male_casualsuit01",
        (0.25, 0.42, 0.3),
        (0.3, 0.28, 0.24),
        weight=0.6,
        height=0.12,
        muscle=0.4,
        age=0.35,
    ),
    "w3": P(
        "male",
        "asian",
        "tan",
        "short04",
        "black",
        "male_casualsuit03",
        (0.62, 0.6, 0.25),
        (0.18, 0.2, 0.26),
        weight=0.42,
        height=-0.08,
        muscle=0.6,
    ),
    "w4": P(
        "female",
        "african",
        "dark",
        "braid01",
        "black",
        "female_casualsuit01",
        (0.75, 0.6, 0.2),
        (0.16, 0.18, 0.3),
        weight=0.72,
        height=0.02,
        age=0.45,
    ),
    "w5": P(
        "male",
        "caucasian",
        "fair",
        "short02",
        "grey",
        "male_casualsuit05",
        (0.5, 0.22, 0.2),
        (0.4, 0.38, 0.34),
        age=0.95,
        weight=0.5,
        muscle=0.3,
    ),
    "w6": P(
        "female",
        "caucasian",
        "fair",
        "long01",
        "red",
        "female_sportsuit01",
        (0.3, 0.3, 0.34),
        (0.1, 0.22, 0.2),
        height=0.25,
        weight=0.4,
        muscle=0.6,
    ),
    "w7": P(
        "male",
        "african",
        "brown",
        "afro01",
        "black",
        "male_worksuit01",
        (0.28, 0.34, 0.5),
        (0.28, 0.3, 0.4),
        weight=0.82,
        muscle=0.65,
        height=0.0,
        age=0.3,
    ),
    "w8": P(
        "female",
        "asian",
        "fair",
        "bob01",
        "grey",
        "female_casualsuit02",
        (0.5, 0.5, 0.56),
        (0.3, 0.22, 0.22),
        age=0.88,
        weight=0.62,
        height=-0.1,
    ),
    "h1": P(
        "female",
        "caucasian",
        "tan",
        "bob02",
        "blond",
        "female_casualsuit02",
        (0.2, 0.36, 0.5),
        (0.2, 0.2, 0.22),
        weight=0.85,
        height=-0.05,
        age=0.3,
    ),
    "h2": P(
        "male",
        "african",
        "dark",
        "short03",
        "black",
        "male_casualsuit02",
        (0.2, 0.5, 0.6),
        (0.26, 0.3, 0.36),
        muscle=0.85,
        weight=0.42,
        height=0.15,
    ),
    "h3": P(
        "female",
        "african",
        "brown",
        "afro01",
        "brown",
        "female_sportsuit01",
        (0.7, 0.7, 0.66),
        (0.36, 0.12, 0.3),
        weight=0.28,
        height=0.1,
    ),
    "h4": P(
        "male",
        "caucasian",
        "fair",
        "short01",
        "red",
        "male_casualsuit06",
        (0.22, 0.26, 0.34),
        (0.42, 0.36, 0.26),
        height=0.25,
        weight=0.35,
        muscle=0.45,
    ),
    "h5": P(
        "female",
        "asian",
        "tan",
        "long01",
        "black",
        "female_casualsuit01",
        (0.4, 0.55, 0.42),
        (0.24, 0.24, 0.24),
        age=0.6,
        weight=0.5,
        height=-0.04,
    ),
    "h6": P(
        "male",
        "asian",
        "tan",
        "short02",
        "grey",
        "male_casualsuit04",
        (0.2, 0.42, 0.34),
        (0.2, 0.22, 0.2),
        age=0.9,
        weight=0.72,
        height=-0.12,
        muscle=0.4,
    ),
    "h7": P(
        "female",
        "caucasian",
        "fair",
        "braid01",
        "grey",
        "female_sportsuit01",
        (0.24, 0.42, 0.62),
        (0.2, 0.2, 0.2),
        age=0.92,
        weight=0.7,
        height=0.1,
    ),
    "h8": P(
        "male",
        "caucasian",
        "brown",
        "short04",
        "black",
        "male_casualsuit03",
        (0.36, 0.5, 0.6),
        (0.14, 0.14, 0.16),
        muscle=0.95,
        weight=0.62,
        height=0.05,
        age=0.15,
    ),
    "t1": P(
        "male",
        "caucasian",
        "tan",
        "short01",
        "brown",
        "male_casualsuit02",
        (0.6, 0.3, 0.25),
        (0.25, 0.25, 0.34),
        height=0.05,
        weight=0.55,
        muscle=0.5,
        age=0.4,
    ),
    "t2": P(
        "female",
        "african",
        "dark",
        "bob02",
        "black",
        "female_casualsuit01",
        (0.35, 0.5, 0.6),
        (0.22, 0.2, 0.26),
        weight=0.6,
        height=0.08,
        age=0.5,
    ),
    "t3": P(
        "female",
        "asian",
        "fair",
        "ponytail01",
        "brown",
        "female_sportsuit01",
        (0.2, 0.25, 0.45),
        (0.16, 0.16, 0.2),
        weight=0.32,
        height=-0.1,
        age=0.2,
    ),
    "t4": P(
        "male",
        "asian",
        "tan",
        "short02",
        "black",
        "male_casualsuit01",
        (0.55, 0.55, 0.6),
        (0.2, 0.24, 0.3),
        weight=0.48,
        height=0.02,
        muscle=0.55,
        age=0.55,
    ),
    "t5": P(
        "female",
        "caucasian",
        "fair",
        "bob01",
        "grey",
        "female_casualsuit02",
        (0.6, 0.45, 0.35),
        (0.24, 0.22, 0.28),
        weight=0.75,
        height=-0.02,
        age=0.85,
    ),
    "t6": P(
        "male",
        "african",
        "brown",
        "short04",
        "black",
        "male_casualsuit05",
        (0.3, 0.45, 0.3),
        (0.3, 0.28, 0.26),
        weight=0.7,
        height=0.18,
        muscle=0.5,
        age=0.3,
    ),
    "t7": P(
        "female",
        "caucasian",
        "tan",
        "long01",
        "brown",
        "female_sportsuit01",
        (0.6, 0.25, 0.3),
        (0.18, 0.18, 0.24),
        weight=0.45,
        height=0.2,
        muscle=0.5,
    ),
    "t8": P(
        "male",
        "caucasian",
        "fair",
        "short03",
        "grey",
        "male_casualsuit06",
        (0.4, 0.42, 0.5),
        (0.36, 0.33, 0.28),
        weight=0.6,
        height=0.1,
        age=0.9,
        muscle=0.35,
    ),
}
PASSERS = {
    "work": P(
        "female",
        "caucasian",
        "tan",
        "bob01",
        "blond",
        "female_casualsuit01",
        (0.2, 0.2, 0.5),
        (0.5, 0.5, 0.5),
        weight=0.3,
        height=0.3,
    ),
    "held": P(
        "male", "asian", "fair", "short01", "black", "male_casualsuit01", (0.5, 0.5, 0.2), (0.2, 0.2, 0.3), weight=0.3
    ),
}
PORTRAIT = (540, 960)
DIM = dict(gain=0.5, noise=12.0, blur=0.9)
WARM = dict(amb=(0.5, 0.42, 0.34), suncol=(0.8, 0.66, 0.5), sun=(-0.6, 1, 0.7), noise=6.0)
SIDELIGHT = dict(sun=(1.2, 0.9, 0.2), amb=(0.34, 0.36, 0.42), noise=6.0)

CLIPS: dict[str, tuple[str, str, str, dict]] = {}  # name: half, who, what it tests, spec


def clip(half, name, who, tests, segments, expect, **spec):
    CLIPS[name] = (half, who, tests, dict(spec, body=BODIES[who], segments=segments, expect=expect, note=tests))


def clean(side, n):
    return dict(reps=n, side=side, faulty=0)


def st(
    wave,
    first,
    breaths,
    early_s=0.3,
    late_s=0.4,
    pause_s=0.0,
    pause_after=0,
    trim=(0.0, 0.0),
    offset=(0, 0),
    belly=0.016,
    **motion,
):
    """A strap stretch held for that many breaths of a recording, from its inhalation number first."""
    return dict(exercise="strap-stretch", wave=wave, first=first, breaths=breaths, early_s=early_s, late_s=late_s, pause_s=pause_s,
                pause_after=pause_after, trim=trim, offset=offset, belly=belly, motion=dict(dict(lead=1.4, tail=0.7, breaths=breaths), **motion))  # fmt: skip


def hiker(turn=0.0, offset=(0, 0), trim=(0.0, 0.0), **motion):
    return dict(hk(**motion), turn=turn, offset=offset, trim=trim)


def move(function, upright=True, turn=0.0, offset=(0, 0), step=None, **motion):
    return dict(exercise=None, move=function, upright=upright, turn=turn, offset=offset, motion=motion, step=step)


def with_step(side):
    return dict(step=0.16, stance_x=-0.06 if side == "left" else 0.06)


NOTHING = dict(reps=0)
MAT = ((-1.05, 0, 0.59), (1.05, 0.012, 1.31), (0.3, 0.45, 0.5), 3)
R1, X1 = mixed(8, 7101, {2: "cheat", 3: "lean", 5: "hang", 7: "swing", 8: "stance"})
R2, X2 = mixed(8, 7102, {1: "stance", 4: "fast", 5: "shallow", 6: "cheat"})
R3, X3 = mixed(7, 7103, {2: "swing", 4: "cheat", 6: "hang"})
S1, Y1 = mixed(8, 8101, {1: "hang", 3: "stance", 4: "cheat", 6: "lean", 7: "fast"})
S2, Y2 = mixed(8, 8102, {2: "shallow", 3: "swing", 5: "cheat", 7: "stance"})
S3, Y3 = mixed(7, 8103, {3: "lean", 4: "hang", 6: "cheat"})
VARIED = dict(down=1.7, up=1.6)

# The order is the order of rendering: most wanted first, both halves by turns.
clip(
    "work",
    "w_sway_portrait",
    "w1",
    "phone in the hand (sway 2 cm), portrait",
    [hiker(reps=human(6, 7001, 10.0), hanging="left")],
    clean("left", 6),
    size=PORTRAIT,
    cam=dict(az=33, dist=2.7, fov=62, shake=0.020),
)
clip(
    "held",
    "h_sway_portrait",
    "h3",
    "phone in the hand (sway 2 cm), portrait",
    [hiker(reps=human(6, 8001, 10.0), hanging="right")],
    clean("right", 6),
    size=PORTRAIT,
    cam=dict(az=-31, dist=2.6, fov=64, shake=0.022),
)
clip(
    "work",
    "w_head_out",
    "w6",
    "tall, near camera: head out of the picture",
    [hiker(reps=human(7, 7002, 10.5), hanging="right", lead=2.0)],
    clean("right", 7),
    cam=dict(az=-32, dist=2.1, height=0.95, at=(0, 0.80, 0), fov=46),
)
clip(
    "held",
    "h_head_out",
    "h4",
    "tall, near camera: head out of the picture",
    [hiker(reps=human(7, 8002, 10.0), hanging="left", lead=1.8)],
    clean("left", 7),
    cam=dict(az=35, dist=2.2, height=1.0, at=(0, 0.856, 0), fov=46.5),
)
clip(
    "work",
    "w_at_once",
    "w3",
    "starts at once, ends at once; camera on a cushion (sway 1 cm)",
    [hiker(reps=human(7, 7003, 9.5, 1.8), hanging="left", lead=0.15, tail=0.2)],
    clean("left", 7),
    cam=dict(az=37, dist=2.6, shake=0.010),
)
clip(
    "held",
    "h_at_once",
    "h1",
    "starts at once; camera on a cushion (sway 1.2 cm)",
    [hiker(reps=human(7, 8003, 9.5, 1.8), hanging="right", lead=0.2, tail=0.3)],
    clean("right", 7),
    cam=dict(az=-34, dist=2.7, shake=0.012),
)
clip(
    "work",
    "w_mixed_oblique",
    "w4",
    "five faults: cheat, lean, hang, swing, stance",
    [hiker(reps=R1, hanging="right")],
    dict(X1, side="right"),
    cam=dict(az=-37, dist=2.6),
)
clip(
    "held",
    "h_mixed_oblique",
    "h2",
    "five faults: hang, stance, cheat, lean, fast",
    [hiker(reps=S1, hanging="left")],
    dict(Y1, side="left"),
    cam=dict(az=36, dist=3.0),
)
clip(
    "work",
    "w_mixed_sway",
    "w2",
    "stance, fast, shallow, cheat; phone in the hand (sway 1.5 cm), portrait",
    [hiker(reps=R2, hanging="left")],
    dict(X2, side="left"),
    size=PORTRAIT,
    cam=dict(az=34, dist=2.8, fov=64, shake=0.015),
)
clip(
    "held",
    "h_mixed_sway",
    "h5",
    "shallow, swing, cheat, stance; phone in the hand (sway 1.5 cm), portrait",
    [hiker(reps=S2, hanging="right")],
    dict(Y2, side="right"),
    size=PORTRAIT,
    cam=dict(az=-36, dist=2.6, fov=64, shake=0.015),
)
clip(
    "work",
    "w_head_out_at_once",
    "w2",
    "head out, starts at once, a hand on a chair",
    [hiker(reps=human(7, 7004, 10.0), hanging="right", lead=0.2, tail=0.3, support="chair")],
    clean("right", 7),
    boxes=chair(0.42),
    cam=dict(az=-26, dist=2.3, height=0.9, at=(0.05, 0.81, 0), fov=42.7),
    light=WARM,
)
clip(
    "held",
    "h_head_out_at_once",
    "h7",
    "head out, starts at once, a hand on the wall",
    [hiker(reps=human(7, 8004, 9.5), hanging="left", lead=0.2, tail=0.3, support="wall")],
    clean("left", 7),
    boxes=[wall(-0.82)],
    cam=dict(az=28, dist=2.1, height=0.95, at=(0, 0.737, 0), fov=42.4),
    light=WARM,
)
clip(
    "work",
    "w_strap_rest",
    "w1",
    "real resting breath with a sigh, side-on, raised leg far",
    [st("nk_rest_5min", 16, 7, side="left", head="left", open_deg=38)],
    dict(side="left"),
    cam=dict(az=5, dist=2.2, height=1.2),
)
clip(
    "held",
    "h_strap_rest",
    "h3",
    "real resting breath, side-on, raised leg far",
    [st("nk_rest_5min", 52, 7, side="right", head="right", open_deg=42)],
    dict(side="right"),
    cam=dict(az=-3, dist=2.3, height=1.2),
)
clip(
    "work",
    "w_both_behind",
    "w7",
    "both sides in one take, the second seen from behind",
    [
        hiker(reps=human(4, 7005, 10.5), hanging="left", exit=-2.6),
        hiker(reps=human(4, 7006, 10.5), hanging="right", enter=2.6, turn=180.0),
    ],
    dict(reps=8, faulty=0),
    cam=dict(az=24, dist=2.6),
)
clip(
    "held",
    "h_both_behind",
    "h8",
    "both sides in one take, the second seen from behind",
    [
        hiker(reps=human(4, 8005, 10.5), hanging="right", exit=2.6),
        hiker(reps=human(4, 8006, 10.0), hanging="left", enter=-2.6, turn=180.0),
    ],
    dict(reps=8, faulty=0),
    cam=dict(az=-26, dist=2.6),
)
clip(
    "work",
    "w_neg_floor",
    "w3",
    "squats, then calf raises",
    [move(squat, n=4), move(calf_raise, n=5)],
    NOTHING,
    cam=dict(az=25, dist=2.7),
)
clip(
    "held",
    "h_neg_floor",
    "h8",
    "calf raises, then squats with the arms down",
    [move(calf_raise, n=5), move(squat, n=4, arms="down", depth_m=0.32)],
    NOTHING,
    cam=dict(az=-20, dist=2.7),
)
clip(
    "work",
    "w_uneven_wall",
    "w5",
    "uneven: incomplete returns, hikes above level, short rests; hand on the wall; looks round, scratches",
    [
        hiker(
            reps=human(7, 7007, 10.0, 1.8, incomplete=2.0, hike=3.5),
            hanging="left",
            support="wall",
            between={2: "look", 5: "scratch"},
        )
    ],
    clean("left", 7),
    boxes=[wall(-0.84)],
    cam=dict(az=33, dist=2.6),
)
clip(
    "held",
    "h_uneven_chair",
    "h6",
    "uneven: incomplete returns, hikes above level, short rests; hand on a chair; bends to touch the foot, scratches",
    [
        hiker(
            reps=human(7, 8007, 10.0, 1.8, incomplete=2.0, hike=3.5),
            hanging="right",
            support="chair",
            between={3: "touch", 5: "scratch"},
        )
    ],
    clean("right", 7),
    boxes=chair(0.42),
    cam=dict(az=-33, dist=2.5),
)
clip(
    "work",
    "w_strap_slow_diagonal",
    "w6",
    "slow breath of 8 s, 45 degrees from the foot end",
    [st("fed_supine_pos2_8s", 2, 5, side="left", head="right", open_deg=40, lead=1.2, tail=0.5)],
    dict(side="left", faults=["hold_too_short"]),
    cam=dict(az=-45, dist=2.2, height=1.25),
)
clip(
    "held",
    "h_strap_slow_diagonal",
    "h5",
    "slow breath of 12 s, 45 degrees from the foot end",
    [st("fed_supine_pos2_12s", 4, 4, side="right", head="left", open_deg=42, lead=1.2, tail=0.5)],
    dict(side="right", faults=["hold_too_short"]),
    cam=dict(az=45, dist=2.2, height=1.25),
)
clip(
    "work",
    "w_both_front",
    "w8",
    "both sides in one take, walking out and in, facing the camera",
    [
        hiker(reps=human(4, 7008, 9.5), hanging="left", enter=2.6, exit=-2.7, lead=1.0, tail=0.6),
        hiker(reps=human(4, 7009, 9.5), hanging="right", enter=-2.4, lead=0.8, offset=(-0.36, 0)),
    ],
    dict(reps=8, faulty=0),
    cam=dict(az=16, dist=2.6),
)
clip(
    "held",
    "h_both_front",
    "h7",
    "both sides in one take, walking out and in, facing the camera",
    [
        hiker(reps=human(4, 8008, 9.5), hanging="right", enter=-2.6, exit=2.7, lead=1.0, tail=0.6),
        hiker(reps=human(4, 8009, 9.5), hanging="left", enter=2.4, lead=0.8, offset=(0.36, 0)),
    ],
    dict(reps=8, faulty=0),
    cam=dict(az=-18, dist=2.6),
)
clip(
    "work",
    "w_strap_faults",
    "w4",
    "knee bent and pelvis rolled; real breath of a listener; from the foot end",
    [st("music_listener_speakers", 16, 7, side="right", head="left", knee=36, roll=22, open_deg=38)],
    dict(side="right", faults=["raised_knee_bent", "pelvis_roll"]),
    cam=dict(az=42, dist=2.2, height=1.25),
)
clip(
    "held",
    "h_strap_faults",
    "h1",
    "knee bent, anchor arm in; real breath of a listener; side-on, raised leg far",
    [st("music_listener_speakers", 32, 7, side="right", head="right", knee=37, arm_out=False, open_deg=36)],
    dict(side="right", faults=["raised_knee_bent", "anchor_arm_in"]),
    cam=dict(az=-12, dist=2.2, height=1.25),
)
clip(
    "work",
    "w_behind",
    "w6",
    "seen from behind throughout",
    [hiker(reps=human(7, 7010, 10.5), hanging="right", turn=165.0)],
    clean("right", 7),
    cam=dict(az=-10, dist=2.6),
)
clip(
    "held",
    "h_behind",
    "h2",
    "seen from behind throughout",
    [hiker(reps=human(7, 8010, 10.5), hanging="left", turn=195.0)],
    clean("left", 7),
    cam=dict(az=14, dist=3.0),
)
clip(
    "work",
    "w_neg_step_down",
    "w1",
    "step-downs",
    [move(step_down, n=4, side="left", step=with_step("left"))],
    NOTHING,
    cam=dict(az=32, dist=2.6),
)
clip(
    "held",
    "h_neg_step_down",
    "h4",
    "step-downs",
    [move(step_down, n=4, side="right", step=with_step("right"))],
    NOTHING,
    cam=dict(az=-30, dist=3.0),
)
clip(
    "work",
    "w_hiker_then_strap",
    "w8",
    "hip hikers, walks out, lies down, strap stretch, in one take",
    [
        hiker(reps=human(3, 7011, 10.0), hanging="left", exit=-2.8, lead=2.0, tail=0.4),
        move(lie_down, offset=(0, 0.95), head="left", side="left", open_deg=40),
        st("nk_rest_5min", 3, 6, side="left", head="left", offset=(0, 0.95), lead=0.8, trim=(0.0, 3.2)),
    ],
    dict(reps=3, side="left", faulty=0),
    fps=10,
    boxes=[MAT],
    mat=False,
    cam=dict(az=18, dist=3.0, at=(0, 0.7, 0.3), height=1.2, fov=54),
)
clip(
    "held",
    "h_hiker_then_strap",
    "h6",
    "hip hikers, walks out, lies down, strap stretch, in one take",
    [
        hiker(reps=human(3, 8011, 10.0), hanging="right", exit=2.8, lead=2.0, tail=0.4),
        move(lie_down, offset=(0, 0.95), head="right", side="right", open_deg=40),
        st("fed_supine_pos2_4s", 1, 6, side="right", head="right", offset=(0, 0.95), lead=0.8, trim=(0.0, 3.2)),
    ],
    dict(reps=3, side="right", faulty=0),
    fps=10,
    boxes=[MAT],
    mat=False,
    cam=dict(az=-18, dist=3.0, at=(0, 0.7, 0.3), height=1.2, fov=54),
)
clip(
    "work",
    "w_dim_frontal",
    "w7",
    "frontal, dim and noisy, depths from 6.5 to 16 degrees; somebody walks through behind",
    [
        hiker(
            reps=[dict(VARIED, drop=d, rest=q) for d, q in ((13, 0.3), (7, 0.6), (16, 0.2), (9, 1.0), (11, 0.3))],
            hanging="right",
            lead=1.5,
            tail=1.0,
        )
    ],
    clean("right", 5),
    passer=dict(body=PASSERS["work"], **{"from": 8.0}),
    cam=dict(az=3, dist=2.8),
    light=DIM,
)
clip(
    "held",
    "h_dim_frontal",
    "h4",
    "frontal, dim and noisy, depths from 6.5 to 16 degrees; somebody walks through behind",
    [
        hiker(
            reps=[dict(VARIED, drop=d, rest=q) for d, q in ((8.5, 0.2), (15, 0.5), (6.5, 0.3), (12.5, 1.0), (10, 0.2))],
            hanging="left",
            lead=1.5,
            tail=1.0,
        )
    ],
    clean("left", 5),
    passer=dict(body=PASSERS["held"], **{"from": 8.0}),
    cam=dict(az=-4, dist=3.0),
    light=DIM,
)
clip(
    "work",
    "w_neg_lying",
    "w5",
    "straight-leg raises, then bridges, lying",
    [move(leg_raise, upright=False, n=3, side="right", head="left"), move(bridge, upright=False, n=2, head="left")],
    NOTHING,
    cam=dict(az=12, dist=2.3, height=1.2),
)
clip(
    "held",
    "h_neg_lying",
    "h7",
    "straight-leg raises, then bicycle legs, lying",
    [
        move(leg_raise, upright=False, n=3, side="left", head="right"),
        move(bicycle, upright=False, seconds=11.0, head="right"),
    ],
    NOTHING,
    cam=dict(az=-40, dist=2.3, height=1.2),
)
clip(
    "work",
    "w_strap_above_short",
    "w3",
    "seen from above, three breaths only",
    [st("nk_rest_5min", 8, 3, side="left", head="right", open_deg=40)],
    dict(side="left", faults=["hold_too_short"]),
    cam=dict(az=-20, dist=1.2, height=2.4, fov=56),
)
clip(
    "held",
    "h_strap_above_short",
    "h5",
    "seen from above, two breaths only",
    [st("fed_supine_pos2_8s", 5, 2, side="right", head="left", open_deg=40)],
    dict(side="right", faults=["hold_too_short"]),
    cam=dict(az=20, dist=1.2, height=2.4, fov=56),
)
clip(
    "work",
    "w_depths_passer",
    "w3",
    "every depth from 6 to 16 degrees; somebody walks through behind",
    [
        hiker(
            reps=[
                dict(VARIED, drop=d, rest=q)
                for d, q in ((12, 0.3), (6.5, 0.6), (15.5, 0.2), (8.5, 1.2), (10.5, 0.2), (14, 0.5), (7.5, 0.3))
            ],
            hanging="right",
        )
    ],
    clean("right", 7),
    passer=dict(body=PASSERS["work"], **{"from": 9.0}),
    cam=dict(az=-35, dist=2.7),
)
clip(
    "held",
    "h_depths_passer",
    "h3",
    "every depth from 6 to 16 degrees; somebody walks through behind",
    [
        hiker(
            reps=[
                dict(VARIED, drop=d, rest=q)
                for d, q in ((9, 0.2), (15, 0.4), (6.5, 0.3), (12, 1.0), (8, 0.2), (16, 0.5), (10, 0.3))
            ],
            hanging="left",
        )
    ],
    clean("left", 7),
    passer=dict(body=PASSERS["held"], **{"from": 12.0}),
    cam=dict(az=36, dist=2.6),
)
clip(
    "work",
    "w_strap_far_pause",
    "w2",
    "side-on, raised leg far; the breath is held for 18 s",
    [st("music_listener_speakers", 45, 6, side="left", head="left", open_deg=42, pause_s=17.0, pause_after=3)],
    dict(side="left", faults=["breath_held"]),
    cam=dict(az=6, dist=2.3, height=1.15),
)
clip(
    "held",
    "h_strap_far_slow",
    "h2",
    "side-on, raised leg far; slow breath of 16 s",
    [st("fed_supine_pos2_16s", 5, 3, side="right", head="right", open_deg=40, lead=0.6, tail=0.3)],
    dict(side="right", faults=["hold_too_short"]),
    cam=dict(az=-6, dist=2.3, height=1.15),
)
clip(
    "work",
    "w_neg_side_raise",
    "w2",
    "side leg raises",
    [move(side_raise, n=5, side="left")],
    NOTHING,
    cam=dict(az=20, dist=2.9),
)
clip(
    "held",
    "h_neg_side_raise",
    "h6",
    "side leg raises",
    [move(side_raise, n=5, side="right")],
    NOTHING,
    cam=dict(az=-22, dist=2.6),
)
clip(
    "work",
    "w_mixed_side_light",
    "w6",
    "swing, cheat, hang; seen from the other side; light from the side",
    [hiker(reps=R3, hanging="left")],
    dict(X3, side="left"),
    cam=dict(az=-30, dist=2.7),
    light=SIDELIGHT,
)
clip(
    "held",
    "h_mixed_side_light",
    "h8",
    "lean, hang, cheat; seen from the other side; light from the side",
    [hiker(reps=S3, hanging="right")],
    dict(Y3, side="right"),
    cam=dict(az=32, dist=2.7),
    light=SIDELIGHT,
)

# Rendered last, and looked at once.
T1, Z1 = mixed(8, 9101, {2: "stance", 4: "cheat", 5: "lean", 7: "hang"})
T2, Z2 = mixed(8, 9102, {1: "swing", 3: "cheat", 5: "fast", 7: "stance"})
clip(
    "third",
    "t_sway",
    "t1",
    "phone in the hand, portrait",
    [hiker(reps=human(7, 9001, 10.0), hanging="left")],
    clean("left", 7),
    size=PORTRAIT,
    cam=dict(az=30, dist=2.7, fov=63, shake=0.02),
)
clip(
    "third",
    "t_mixed",
    "t2",
    "stance, cheat, lean, hang",
    [hiker(reps=T1, hanging="right")],
    dict(Z1, side="right"),
    cam=dict(az=-34, dist=2.7),
)
clip(
    "third",
    "t_head_out",
    "t7",
    "head out of the picture",
    [hiker(reps=human(7, 9002, 10.0), hanging="right", lead=1.6)],
    clean("right", 7),
    cam=dict(az=-30, dist=2.15, height=0.95, at=(0, 0.81, 0), fov=45),
)
clip(
    "third",
    "t_both",
    "t4",
    "both sides, the second from behind",
    [
        hiker(reps=human(4, 9003, 10.0), hanging="left", exit=-2.6),
        hiker(reps=human(4, 9004, 10.0), hanging="right", enter=2.6, turn=180.0),
    ],
    dict(reps=8, faulty=0),
    cam=dict(az=22, dist=2.6),
)
clip(
    "third",
    "t_strap_side",
    "t3",
    "real resting breath, side-on",
    [st("nk_rest_5min", 30, 7, side="left", head="left", open_deg=40)],
    dict(side="left"),
    cam=dict(az=2, dist=2.2, height=1.2),
)
clip(
    "third",
    "t_dim",
    "t6",
    "frontal, dim and noisy",
    [
        hiker(
            reps=[dict(VARIED, drop=d, rest=q) for d, q in ((9.5, 0.3), (14, 0.5), (7, 0.2), (11.5, 1.0), (8.5, 0.3))],
            hanging="left",
            lead=1.4,
            tail=1.0,
        )
    ],
    clean("left", 5),
    cam=dict(az=5, dist=2.8),
    light=DIM,
)
clip(
    "third",
    "t_mixed_sway",
    "t8",
    "swing, cheat, fast, stance; phone in the hand",
    [hiker(reps=T2, hanging="left")],
    dict(Z2, side="left"),
    size=PORTRAIT,
    cam=dict(az=33, dist=2.8, fov=63, shake=0.014),
)
clip(
    "third",
    "t_take",
    "t5",
    "hip hikers, then the strap stretch",
    [
        hiker(reps=human(4, 9005, 10.0), hanging="left", exit=-2.8, lead=1.5, tail=0.4),
        move(lie_down, offset=(0, 0.95), head="left", side="left", open_deg=38),
        st("nk_rest_5min", 40, 6, side="left", head="left", offset=(0, 0.95), lead=0.8, trim=(0.0, 3.2)),
    ],
    dict(reps=4, side="left", faulty=0),
    fps=10,
    boxes=[MAT],
    mat=False,
    cam=dict(az=16, dist=3.0, at=(0, 0.7, 0.3), height=1.2, fov=54),
)
clip(
    "third",
    "t_strap_faults",
    "t6",
    "knee bent and pelvis rolled, from the foot end",
    [st("music_listener_speakers", 24, 7, side="right", head="left", knee=36, roll=22, open_deg=40)],
    dict(side="right", faults=["raised_knee_bent", "pelvis_roll"]),
    cam=dict(az=40, dist=2.2, height=1.25),
)
clip(
    "third",
    "t_once_wall",
    "t5",
    "starts at once, uneven, a hand on the wall",
    [
        hiker(
            reps=human(7, 9006, 9.5, 1.8, incomplete=2.0, hike=3.0), hanging="left", lead=0.2, tail=0.3, support="wall"
        )
    ],
    clean("left", 7),
    boxes=[wall(-0.84)],
    cam=dict(az=31, dist=2.6, shake=0.008),
)
clip(
    "third",
    "t_behind",
    "t1",
    "from behind",
    [hiker(reps=human(7, 9007, 10.0), hanging="right", turn=170.0)],
    clean("right", 7),
    cam=dict(az=-12, dist=2.7),
)
clip(
    "third",
    "t_strap_slow",
    "t2",
    "slow breath of 8 s, from above the head end side",
    [st("fed_supine_pos2_8s", 3, 6, side="left", head="right", open_deg=42, lead=1.0, tail=0.5)],
    dict(side="left"),
    cam=dict(az=-40, dist=2.2, height=1.25),
)
clip(
    "third",
    "t_strap_short",
    "t7",
    "three breaths only, side-on",
    [st("music_listener_speakers", 60, 3, side="right", head="right", open_deg=38)],
    dict(side="right", faults=["hold_too_short"]),
    cam=dict(az=-4, dist=2.3, height=1.2),
)
clip(
    "third",
    "t_neg_up",
    "t8",
    "squats, side leg raises",
    [move(squat, n=4), move(side_raise, n=4, side="left")],
    NOTHING,
    cam=dict(az=22, dist=2.8),
)
clip(
    "third",
    "t_neg_step",
    "t3",
    "step-downs, calf raises",
    [move(step_down, n=3, side="left", step=with_step("left")), move(calf_raise, n=4)],
    NOTHING,
    cam=dict(az=-28, dist=2.6),
)
clip(
    "third",
    "t_neg_lying",
    "t4",
    "bridges, leg raises",
    [move(bridge, upright=False, n=2, head="left"), move(leg_raise, upright=False, n=3, side="left", head="left")],
    NOTHING,
    cam=dict(az=-15, dist=2.3, height=1.2),
)


def drawn(half, letter, seed):
    """A set of kinds as before, every number of it drawn by a seed; looked at once."""
    r = np.random.default_rng(seed)
    pick = lambda *a: a[r.integers(len(a))]
    u = lambda a, b: float(round(r.uniform(a, b), 3))
    for i in range(1, 9):
        s = pick("male", "female")
        BODIES[f"{letter}{i}"] = P(
            s,
            pick("caucasian", "african", "asian"),
            pick("fair", "tan", "dark"),
            pick("short01", "short02", "short03") if s == "male" else pick("bob01", "bob02", "ponytail01", "long01"),
            pick("brown", "black", "grey", "blond"),
            pick("male_casualsuit01", "male_casualsuit02", "male_casualsuit06")
            if s == "male"
            else pick("female_casualsuit01", "female_casualsuit02", "female_sportsuit01"),
            tuple(u(0.2, 0.6) for _ in range(3)),
            tuple(u(0.14, 0.36) for _ in range(3)),
            height=u(-0.15, 0.25),
            weight=u(0.3, 0.75),
            age=u(0.15, 0.9),
            muscle=u(0.35, 0.6),
        )

    def c(name, who, tests, segs, expect, **k):
        clip(half, f"{letter}_{name}", f"{letter}{who}", tests, segs, expect, **k)

    def hk1(n, **k):
        side = pick("left", "right")
        seed = int(r.integers(1e6))
        return side, hiker(
            reps=human(n, seed, u(9, 11.5), **{a: b for a, b in k.items() if a in ("incomplete", "hike", "spread")}),
            hanging=side,
            **{a: b for a, b in k.items() if a not in ("incomplete", "hike", "spread")},
        )

    def az(side, lo=18, hi=38):
        return (1 if side == "left" else -1) * u(lo, hi)

    s, h = hk1(7)
    c(
        "sway",
        1,
        "phone in the hand, portrait",
        [h],
        clean(s, 7),
        size=PORTRAIT,
        cam=dict(az=az(s), dist=2.7, fov=63, shake=u(0.012, 0.02)),
    )
    A, XA = mixed(8, int(r.integers(1e6)), {1: "lean", 3: "stance", 6: "cheat", 7: "swing"})
    s = pick("left", "right")
    c(
        "mixed",
        2,
        "lean, stance, cheat, swing",
        [hiker(reps=A, hanging=s)],
        dict(XA, side=s),
        cam=dict(az=az(s, 20, 36), dist=u(2.5, 2.8)),
    )
    B, XB = mixed(8, int(r.integers(1e6)), {2: "hang", 4: "fast", 5: "cheat", 8: "stance"})
    s = pick("left", "right")
    c(
        "mixed_sway",
        3,
        "hang, fast, cheat, stance; phone in the hand",
        [hiker(reps=B, hanging=s)],
        dict(XB, side=s),
        size=PORTRAIT,
        cam=dict(az=az(s, 22, 36), dist=2.8, fov=63, shake=0.013),
    )
    s, h = hk1(7, lead=u(0.2, 1.6))
    c(
        "head_out",
        4,
        "head out of the picture",
        [h],
        clean(s, 7),
        cam=dict(az=az(s), dist=2.15, height=0.95, at=(0, 0.81, 0), fov=45),
    )
    s = pick("left", "right")
    o = "right" if s == "left" else "left"
    c(
        "both",
        5,
        "both sides, walking out between",
        [
            hiker(reps=human(4, int(r.integers(1e6)), 10.0), hanging=s, exit=-2.6),
            hiker(reps=human(4, int(r.integers(1e6)), 10.0), hanging=o, enter=2.6),
        ],
        dict(reps=8, faulty=0),
        cam=dict(az=u(-25, 25), dist=2.6),
    )
    s = pick("left", "right")
    c(
        "dim",
        6,
        "frontal, dim and noisy",
        [hiker(reps=human(5, int(r.integers(1e6)), 10.5), hanging=s, lead=1.2)],
        clean(s, 5),
        cam=dict(az=u(-8, 8), dist=u(2.6, 2.9)),
        light=DIM,
    )
    s, h = hk1(7, lead=0.2, tail=0.3, incomplete=2.0, hike=3.0, support="wall")
    c(
        "once_wall",
        7,
        "starts at once, uneven, a hand on the wall",
        [h],
        clean(s, 7),
        boxes=[wall(-0.84 if s == "left" else 0.84)],
        cam=dict(az=az(s, 25, 34), dist=2.6),
    )
    s, h = hk1(7, turn=u(165, 190))
    c("behind", 8, "from behind", [h], clean(s, 7), cam=dict(az=u(-15, 15), dist=2.7))

    def strap(name, who, tests, wave, first, n, azim, expect=None, **k):
        s = pick("left", "right")
        e = dict(dict(side=s), **(expect or {}))
        c(
            name,
            who,
            tests,
            [st(wave, first, n, side=s, head=pick("left", "right"), open_deg=u(32, 45), **k)],
            e,
            cam=dict(az=azim, dist=u(2.1, 2.35), height=1.2),
        )

    strap("strap_side", 2, "real breath, side-on", "music_listener_speakers", int(r.integers(60, 95)), 7, u(-5, 5))
    strap("strap_foot", 4, "real breath, diagonal", "nk_rest_5min", int(r.integers(5, 60)), 7, u(32, 45))
    strap(
        "strap_faults",
        7,
        "knee bent and pelvis rolled",
        "nk_rest_5min",
        int(r.integers(5, 60)),
        6,
        u(-44, -32),
        dict(faults=["raised_knee_bent", "pelvis_roll"]),
        knee=u(34, 40),
        roll=u(20, 26),
    )
    strap("strap_slow", 6, "slow breath of 8 s", "fed_supine_pos2_8s", 2, 6, u(-40, 40))
    strap("strap_rest", 8, "real breath, side-on", "biosppy", 2, 6, u(-12, 12))
    c(
        "neg_up",
        1,
        "squats, side leg raises",
        [move(squat, n=3), move(side_raise, n=4, side="right")],
        NOTHING,
        cam=dict(az=u(-30, 30), dist=2.8),
    )
    c(
        "neg_lying",
        5,
        "leg raises, bridges",
        [
            move(leg_raise, upright=False, n=3, side="right", head="right"),
            move(bridge, upright=False, n=2, head="right"),
        ],
        NOTHING,
        cam=dict(az=u(-20, 20), dist=2.3, height=1.2),
    )
    if half == "fourth":
        return
    s = pick("left", "right")
    h = pick("left", "right")
    c(
        "take",
        3,
        "hip hikers, then the strap stretch",
        [
            hiker(reps=human(4, int(r.integers(1e6)), 10.0), hanging=s, exit=-2.8, lead=u(0.8, 2.0), tail=0.4),
            move(lie_down, offset=(0, 0.95), head=h, side=s, open_deg=38),
            st("nk_rest_5min", int(r.integers(5, 60)), 6, side=s, head=h, offset=(0, 0.95), lead=0.8, trim=(0.0, 3.2)),
        ],
        dict(reps=4, side=s, faulty=0),
        fps=10,
        boxes=[MAT],
        mat=False,
        cam=dict(az=u(8, 22), dist=3.0, at=(0, 0.7, 0.3), height=1.2, fov=54),
    )
    C, XC = mixed(8, int(r.integers(1e6)), {2: "cheat", 4: "stance", 5: "hang", 7: "lean"})
    s = pick("left", "right")
    c(
        "mixed_near",
        6,
        "cheat, stance, hang, lean",
        [hiker(reps=C, hanging=s, lead=u(0.3, 1.5))],
        dict(XC, side=s),
        cam=dict(az=az(s, 12, 30), dist=u(2.4, 2.7)),
    )
    s, h = hk1(6)
    c("dim_oblique", 8, "oblique, dim and noisy", [h], clean(s, 6), cam=dict(az=az(s), dist=u(2.6, 2.9)), light=DIM)


drawn("fourth", "q", 20261127)
drawn("fifth", "v", 20261199)
drawn("sixth", "y", 20261203)
drawn("seventh", "z", 20261217)
drawn("eighth", "k", 20261230)
drawn("ninth", "n", 20270115)
drawn("tenth", "o", 20270203)
drawn("eleventh", "p", 20270219)
drawn("twelfth", "r", 20270310)
drawn("thirteenth", "s", 20270311)
drawn("fourteenth", "m", 20270312)
drawn("fifteenth", "l", 20270313)
drawn("sixteenth", "g", 20270401)
drawn("seventeenth", "j", 20270402)
drawn("eighteenth", "a", 20270501)
drawn("nineteenth", "b", 20270502)
drawn("heights", "c", 20270503)
drawn("heights", "d", 20270504)
for name in [name for name, clip in CLIPS.items() if clip[0] in ("nineteenth", "heights")]:
    if "strap" not in name and (name[0] != "b" or name not in ("b_take", "b_neg_lying")):
        del CLIPS[name]
    elif CLIPS[name][0] == "heights":
        # The camera stands where nobody asked for it: from the height of a chair's seat to that of the eyes.
        r = np.random.default_rng(zlib.crc32(name.encode()))
        height, dist = (float(round(r.uniform(*span), 2)) for span in ((0.5, 1.8), (1.9, 2.9)))
        CLIPS[name][3]["cam"].update(height=height, dist=dist, at=(0, 0.32, 0))


if __name__ == "__main__":
    out, half, *names = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    if half == "probe":
        film.render(names[0], CLIPS[names[0]][1], CLIPS[names[0]][3], out, only=[float(t) for t in names[1:]])
    else:
        for name in names or [n for n, c in CLIPS.items() if c[0] == half and not os.path.exists(f"{out}/{n}.mp4")]:
            film.render(name, CLIPS[name][1], CLIPS[name][3], out)
