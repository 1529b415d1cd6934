"""Draws the clips of specs.py with the renderer's own body, room, light and camera flaws, and writes exact truth.

The picture is that of the renderer's ``messy.py``; it is only drawn faster (one shader a material, indexed bodies).
Beyond that file: a segment may stand elsewhere (``offset``), be any pose function (``move``), have its own breath
(``pause_s``), and the truth has the true angles and the true joints in the picture of every frame.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib

sys.path.insert(0, os.environ["RENDER_DIR"])

import make as mk
import messy
import moderngl
import numpy as np
from body import Body, minrot, rot
from motion import hip_hiker, strap_stretch
from scene import DFS, FS, VS, Scene, box, look_at, ortho, perspective
from scipy import sparse

IVS = VS.replace("in float m;", "").replace("mat=m;", "mat=5.;").replace("330", "400")
# The nine filtered shadow look-ups as the sixteen texels that they read.
NINE = "for(int i=-1;i<=1;i++) for(int j=-1;j<=1;j++) v+=texture(sh,vec3(s.xy+vec2(i,j)/1536.,s.z-.003)); v/=9.;"
SIXTEEN = """vec2 st=s.xy*1536.-.5; vec2 b=floor(st); vec2 f=st-b; float z=s.z-.003;
 vec4 A=textureGather(sh,b/1536.,z), B=textureGather(sh,(b+vec2(2,0))/1536.,z);
 vec4 C=textureGather(sh,(b+vec2(0,2))/1536.,z), D=textureGather(sh,(b+vec2(2,2))/1536.,z);
 vec4 x=vec4(1.-f.x,1.,1.,f.x), y=vec4(1.-f.y,1.,1.,f.y);
 v=y.x*(x.x*A.w+x.y*A.z+x.z*B.w+x.w*B.z)+y.y*(x.x*A.x+x.y*A.y+x.z*B.x+x.w*B.y)
  +y.z*(x.x*C.w+x.y*C.z+x.z*D.w+x.w*D.z)+y.w*(x.x*C.x+x.y*C.y+x.z*D.x+x.w*D.y); v/=9.;"""
FLOOR = 1
QUICK_FS = FS.replace("#version 330", "#version 400").replace(NINE, SIXTEEN)
DVS = "#version 330\nin vec3 p; uniform mat4 lvp; void main(){gl_Position=lvp*vec4(p,1);}"
BRANCHES = (
    "if(mat>.5&&mat<1.5)",
    "if(mat>1.5&&mat<2.5)",
    "if(mat>2.5&&mat<3.5)",
    "if(mat>3.5&&mat<4.5)",
    "if(mat>4.5)",
)


class QuickBody(Body):
    """The same body; skinned by one sparse product."""

    def pose(self, root_R, root_t, aim=None, local=None, breath=(0, 0)):
        if not hasattr(self, "_skin"):
            n, k = self.WI.shape
            self._skin = sparse.csr_matrix(
                (self.WW.ravel().astype(np.float32), (np.repeat(np.arange(n), k), self.WI.ravel())),
                shape=(n, len(self.bones)),
            )
        aim, local = aim or {}, local or {}
        n = len(self.bones)
        R, T = np.zeros((n, 3, 3)), np.zeros((n, 3))
        aimed = {}
        for key, direction in aim.items():
            limb, side = key.split(".")
            a, b = self.LIMBS[limb]
            aimed[self.i[f"{a}.{side}"]] = (
                self.joint(f"{b}.{side}") - self.joint(f"{a}.{side}"),
                np.asarray(direction, float),
            )
        for k in range(n):
            p = self.parent[k]
            if p < 0:
                R[k] = root_R
                T[k] = root_t - root_R @ ((self.joint("upperleg01.L") + self.joint("upperleg01.R")) / 2)
                continue
            r = R[p] @ local[self.bones[k]] if self.bones[k] in local else R[p].copy()
            if k in aimed:
                rest, want = aimed[k]
                r = minrot(r @ rest, want) @ r
            R[k] = r
            T[k] = R[p] @ self.head[k] + T[p] - R[k] @ self.head[k]
        V = self.V.copy()
        V[:, 2] += self.belly * breath[0] + self.chest * breath[1]
        B = (self._skin @ np.concatenate([R, T[:, :, None]], 2).reshape(n, 12).astype(np.float32)).reshape(-1, 3, 4)
        P = np.einsum("nij,nj->ni", B[:, :, :3], V.astype(np.float32)).astype(float) + B[:, :, 3]
        J = np.einsum("nij,nj->ni", R, self.head) + T
        JT = np.einsum("nij,nj->ni", R, self.tail) + T
        return P, J, JT, R

    def normals(self, P):
        """As the renderer's ``normals``; the sum over the faces of a corner by one sparse product."""
        if not hasattr(self, "_corners"):
            faces = np.tile(np.arange(len(self.F)), 3)
            self._corners = sparse.csr_matrix(
                (np.ones(len(faces)), (self.F.T.ravel(), faces)), shape=(len(self.V), len(self.F))
            )
        a, b, c = P[self.F[:, 0]], P[self.F[:, 1]], P[self.F[:, 2]]
        N = self._corners @ np.cross(b - a, c - a)
        return N / np.maximum(np.linalg.norm(N, axis=1, keepdims=True), 1e-9)


class QuickScene(Scene):
    """The same picture; each material has its own shader, so that only its own texture is computed."""

    def __init__(self, size, seed=0):
        super().__init__(size, seed)
        self.programs = {}
        for m in range(1, 6):
            fs = QUICK_FS
            for k, branch in enumerate(BRANCHES, 1):
                fs = fs.replace(branch, f"if({m}=={k})")
            self.programs[m] = self.ctx.program(IVS, fs)
        head = QUICK_FS.split(" float d=max(")[0]
        self.bare = {}
        for m in range(1, 5):
            fs = head + " o=vec4(a,1); }"
            for k, branch in enumerate(BRANCHES, 1):
                fs = fs.replace(branch, f"if({m}=={k})")
            self.bare[m] = self.ctx.program(IVS, fs)
        top, rest = QUICK_FS.split(" vec3 a=col;")
        known = (
            top
            + " vec3 a=texelFetch(bare,ivec2(gl_FragCoord.xy),0).rgb;\n float d=max("
            + rest.split(" float d=max(")[1]
        )
        self.lit = self.ctx.program(
            IVS, known.replace("uniform vec3 light;", "uniform sampler2D bare; uniform vec3 light;")
        )
        self.colour = self.ctx.texture(size, 4, dtype="f2")
        self.cfbo = self.ctx.framebuffer([self.colour], self.ctx.depth_renderbuffer(size))
        self.shadow = self.ctx.program(DVS, DFS)
        self.built = self.camera = self.last = self.empty = None

    def _build(self):
        cols = [np.concatenate([x[k] for x in self.static]) for k in range(4)]
        a = np.concatenate([cols[0], cols[1], cols[2], cols[0]], 1).astype("f4")
        self.built = []
        for m in (4, 3, 1, 2):
            rows = a[np.round(cols[3]) == m]
            if not len(rows):
                continue
            vb = self.ctx.buffer(np.ascontiguousarray(rows).tobytes())
            self.built.append(
                (
                    m,
                    self.ctx.vertex_array(self.programs[m], [(vb, "3f 3f 3f 12x", "p", "n", "c")]),
                    self.ctx.vertex_array(self.shadow, [(vb, "3f 36x", "p")]),
                    self.ctx.vertex_array(self.bare[m], [(vb, "3f 12x 3f 12x", "p", "c")]),
                    self.ctx.vertex_array(self.lit, [(vb, "3f 3f 24x", "p", "n")]),
                )
            )

    def changed(self, body_parts, VP, sd):
        """The rectangle (x, y, width, height; from the lower left) that holds these bodies and their shadows."""
        w, h = self.size
        P = np.concatenate([part[0] if len(part[0]) < 100 else part[0][::6] for part in body_parts])
        both = np.concatenate([P, P - sd * (np.maximum(P[:, 1:2], 0) / sd[1])])
        q = np.c_[both, np.ones(len(both))] @ VP.T
        if (q[:, 3] < 0.1).any():
            return 0, 0, w, h
        x, y = (q[:, 0] / q[:, 3] * 0.5 + 0.5) * w, (q[:, 1] / q[:, 3] * 0.5 + 0.5) * h
        lo = np.clip(np.floor([x.min() - 14, y.min() - 14]), 0, (w - 1, h - 1)).astype(int)
        hi = np.clip(np.ceil([x.max() + 14, y.max() + 14]), lo + 1, (w, h)).astype(int)
        return int(lo[0]), int(lo[1]), int(hi[0] - lo[0]), int(hi[1] - lo[1])

    def render(
        self,
        body_parts,
        cam,
        sun,
        amb=(0.45, 0.46, 0.5),
        suncol=(0.75, 0.72, 0.66),
        focus=(0, 0.9, 0),
        bg=(0.6, 0.6, 0.6),
    ):
        ctx = self.ctx
        if self.built is None:
            self._build()
        eye, at, up, fov = cam
        w, h = self.size
        VP = perspective(fov, w / h) @ look_at(eye, at, up)
        sd = np.array(sun, float)
        sd /= np.linalg.norm(sd)
        L = ortho(2.4, 0.1, 12) @ look_at(np.array(focus) + sd * 6, focus, (0, 1, 0.01))
        self.shadow["lvp"].write(L.T.astype("f4").tobytes())
        ctx.enable(moderngl.DEPTH_TEST)
        for pr in (*self.programs.values(), self.lit):
            pr["vp"].write(VP.T.astype("f4").tobytes())
            pr["lvp"].write(L.T.astype("f4").tobytes())
            pr["light"].value, pr["eye"].value = tuple(sd), tuple(eye)
            pr["amb"].value, pr["sun"].value, pr["sh"].value = tuple(amb), tuple(suncol), 0
        self.lit["bare"].value = 1
        for pr in self.bare.values():
            pr["vp"].write(VP.T.astype("f4").tobytes())
        if self.camera is None or not np.array_equal(VP, self.camera):
            steady = self.last is not None and np.array_equal(VP, self.last)
            self.camera = VP if steady else None
            self.last = VP
            if steady:
                self.cfbo.use()
                self.cfbo.clear()
                for each in self.built:
                    each[3].render()
                self.empty = self._draw([], (0, 0, w, h), bg).copy()
        if self.camera is None:
            return self._draw(body_parts, (0, 0, w, h), bg)[::-1], VP
        x, y, dx, dy = self.changed(body_parts, VP, sd)
        img = self.empty.copy()
        img[y : y + dy, x : x + dx] = self._draw(body_parts, (x, y, dx, dy), bg)
        return img[::-1], VP

    def _draw(self, body_parts, area, bg):
        """That area of the picture, from the lower left, rows upwards."""
        ctx = self.ctx
        data, index, base, made = [], [], 0, []
        for P, N, C, F, rest in body_parts:
            data.append(np.concatenate([P, N, C, rest], 1).astype("f4"))
            index.append(F.ravel() + base)
            base += len(P)
        self.dfbo.use()
        self.dfbo.clear()
        drawn = [(each[0], each[1 if self.camera is None else 4]) for each in self.built]
        if data:
            vb = ctx.buffer(np.concatenate(data).tobytes())
            ib = ctx.buffer(np.concatenate(index).astype("i4").tobytes())
            vao = ctx.vertex_array(self.programs[5], [(vb, "3f 3f 3f 3f", "p", "n", "c", "r")], ib)
            dvao = ctx.vertex_array(self.shadow, [(vb, "3f 36x", "p")], ib)
            made = [vao, dvao, vb, ib]
            drawn.insert(0, (5, vao))
            dvao.render()
        for m, _, dark, *_ in self.built:
            if m != FLOOR:  # it can shade nothing
                dark.render()
        self.fbo.use()
        self.fbo.scissor = area
        self.fbo.clear(*bg)
        self.dt.use(0)
        self.colour.use(1)
        for _, va in drawn:
            va.render()
        img = np.frombuffer(self.fbo.read(viewport=area, components=3, alignment=1), "u1")
        for each in made:
            each.release()
        return img.reshape(area[3], area[2], 3)


JOINTS = {
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
}
SIDES = (("L", "left"), ("R", "right"))


def breathing(seg, hold):
    """The real curve under a stretch: breath(t), 0 to 1, and where inhalations start, in the segment's time."""
    t, y, ins = messy.wave(seg["wave"])
    shift = ins[seg["first"]] - hold[0] - seg.get("early_s", 0.3)  # recording time minus the segment's
    pause_at, pause_s = None, seg.get("pause_s", 0.0)
    if pause_s:
        pause_at = ins[seg["first"] + seg["pause_after"]]

    def breath(s):
        u = s + shift
        if pause_at is not None and u > pause_at:
            u = max(pause_at, u - pause_s)
        return float(np.interp(u, t, y))

    starts = ins - shift
    if pause_at is not None:
        starts = np.where(ins >= pause_at - 1e-9, starts + pause_s, starts)
    return breath, starts


def stretch(seg, seed):
    """A strap stretch whose hold lasts for whole real breaths: the pose, its truth, its length."""
    _, _, ins = messy.wave(seg["wave"])
    first, n = seg["first"], seg["breaths"]
    periods = np.diff(ins[first : first + n + 1])
    early, late = seg.get("early_s", 0.3), seg.get("late_s", 0.4)
    periods = [float(p) for p in periods]
    periods[0] += early
    hold_extra = late + seg.get("pause_s", 0.0)
    tr, pose, truth, info = strap_stretch(seed=seed, periods=periods, hold_extra=hold_extra, **seg["motion"])
    breath, starts = breathing(seg, truth["hold"])
    belly = seg.get("belly", 0.016)

    def real(body, s):
        p, q = pose(body, s)
        b = breath(s)
        p["breath"] = (belly * b, 0.45 * belly * b)
        return p, dict(q, breath=b)

    h0, h1 = truth["hold"]
    whole = np.append(starts[1:], np.inf) <= h1 + 0.5  # the renderer's rule: its exhalation ends in the hold, too
    inside = starts[whole & (starts >= h0 - 0.5)]
    truth = dict(truth, breaths=len(inside), breath_starts=[round(float(x), 3) for x in inside], recording=seg["wave"])
    truth.pop("breath_ends", None)
    return tr.t, real, truth, info


def build(seg, seed):
    """One segment: its length in seconds, its pose function, its truth, where the step is."""
    if seg["exercise"] == "hip-hiker":
        tr, pose, truth, info = messy.hiker(seed=seed, **seg["motion"])
        return tr.t, pose, truth, info
    if seg["exercise"] == "strap-stretch":
        return stretch(seg, seed)
    length, pose = seg["move"](seed, **seg["motion"])
    return length, pose, {"exercise": None}, {}


def moved(part, turn, offset):
    """A box turned about the upright axis and shifted along the floor."""
    P, N, C, M = part
    R = rot((0, 1, 0), turn)
    return P @ R.T + (offset[0], 0, offset[1]), N @ R.T, C, M


def step_box(r, info, turn, offset):
    x, h = info["stance_x"], info["step"]
    lo, hi = (x - 0.34, x + 0.10) if x < 0 else (x - 0.10, x + 0.34)
    return moved(box((lo, 0, -0.22), (hi, h, 0.26), r.uniform(0.2, 0.7, 3), 3), turn, offset)


def prepare(name, spec):
    """Everything drawn of a clip: scene, bodies, segments with their begin in the clip, camera and light."""
    r = np.random.default_rng(zlib.crc32(name.encode()))
    size, fps = tuple(spec.get("size", (960, 540))), spec.get("fps", 12)
    scene_seed = int(r.integers(1 << 30))
    segs, t0 = [], 0.0
    for seg in spec["segments"]:
        length, pose, truth, info = build(seg, int(r.integers(99)))
        begin, end = seg.get("trim", (0.0, 0.0))
        segs.append(dict(t0=t0, begin=begin, length=length - begin - end, pose=pose, seg=seg, truth=truth, info=info))
        t0 += length - begin - end
    return r, size, fps, scene_seed, segs, t0


def render(name, who, spec, out, only=None):
    """Draws a clip into the folder ``out``; only: draw just these times in seconds, as NAME_k.png, without truth."""
    r, size, fps, scene_seed, segs, total_s = prepare(name, spec)
    s, body = QuickScene(size, scene_seed), QuickBody(mk.NPZ, **spec["body"])
    upright_first = segs[0]["seg"].get("upright", segs[0]["seg"]["exercise"] == "hip-hiker")
    mk.room(s, r, "none", {}, spec.get("mat", not upright_first))
    hikers = [g for g in segs if g["info"].get("step") or g["seg"].get("step")]
    if hikers and not spec.get("no_step"):
        g = hikers[0]
        info = g["info"] if g["info"].get("step") else g["seg"]["step"]
        s.add(step_box(r, info, g["seg"].get("turn", 0.0), g["seg"].get("offset", (0, 0))))
    for b in spec.get("boxes", ()):
        s.add(box(*b))
    at0 = (0, 0.9, 0) if upright_first else (0, 0.32, 0)
    c = dict(dict(az=0, height=1.1, dist=2.6, at=at0, fov=48, roll=0, shake=0.0), **spec.get("cam", {}))
    light = dict(sun=(0.5, 1, 0.8), gain=1.0, noise=4.0, amb=(0.45, 0.46, 0.5), suncol=(0.75, 0.72, 0.66), blur=0.6)
    light.update(spec.get("light", {}))
    walk = spec.get("passer")
    b2 = QuickBody(mk.NPZ, **walk["body"]) if walk else None
    p2 = hip_hiker([], seed=3, lead=1e4, step=0.0, sway=3.0)[1] if walk else None
    ph, fq = r.uniform(0, 6.28, (3, 4)), r.uniform(0.3, 2.2, (3, 4))
    n = int(total_s * fps)
    part = f"{out}/.{name}.part.mp4"
    ff = None
    if only is None:
        ff = subprocess.Popen(
            [
                "ffmpeg",
                "-y",
                "-loglevel",
                "error",
                "-threads",
                "1",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "rgb24",
                "-s",
                f"{size[0]}x{size[1]}",
                "-r",
                str(fps),
            ]
            + [
                "-i",
                "-",
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "27",
                "-pix_fmt",
                "yuv420p",
                "-movflags",
                "+faststart",
                part,
            ],
            stdin=subprocess.PIPE,
        )
    frames, pixels, solid = [], [], []
    for i in range(n) if only is None else [int(t * fps) for t in only]:
        t = i / fps
        g = [g for g in segs if g["t0"] <= t + 1e-9][-1]
        seg = g["seg"]
        p, q = g["pose"](body, t - g["t0"] + g["begin"])
        P, J, JT, _ = body.pose(**p)
        R, off = rot((0, 1, 0), seg.get("turn", 0.0)), seg.get("offset", (0, 0))
        off = np.array([off[0], 0, off[1]])
        P, J, JT = P @ R.T + off, J @ R.T + off, JT @ R.T + off
        parts = [(P, body.normals(P), body.C, body.F, body.V)]
        if seg["exercise"] == "strap-stretch" and q["leg_elevation"] > 45:
            M = "L" if seg["motion"].get("side", "left") == "left" else "R"
            foot, hand = 0.5 * (J[body.i[f"foot.{M}"]] + JT[body.i[f"foot.{M}"]]), J[body.i[f"wrist.{M}"]]
            beyond = foot + 0.06 * (foot - J[body.i[f"lowerleg01.{M}"]]) / 0.4
            parts.append(mk.ribbon([hand, beyond], 0.03, (0.1, 0.1, 0.12)))
        if walk and walk["from"] <= t <= walk["from"] + 6.0:
            x = -3.0 + (t - walk["from"])
            Q = b2.pose(**p2(b2, t)[0])[0] @ rot((0, 1, 0), 80).T + (x, 0, -1.7)
            parts.append((Q, b2.normals(Q), b2.C, b2.F, b2.V))
        az, sh = np.radians(c["az"]), c["shake"] * (np.sin(fq * 6.28 * t + ph)).mean(1)
        up = (np.sin(np.radians(c["roll"] + 40 * sh[2])), np.cos(np.radians(c["roll"] + 40 * sh[2])), 0)
        at = (c["at"][0] + sh[0], c["at"][1] + sh[1], c["at"][2])
        eye = (c["at"][0] + c["dist"] * np.sin(az), c["height"], c["at"][2] + c["dist"] * np.cos(az))
        cam = (eye, at, up, c["fov"])
        img, VP = s.render(
            parts, cam, light["sun"], light["amb"], light["suncol"], focus=(0, 0.9 if upright_first else 0.3, 0)
        )
        img = s.webcam(img, light["noise"], light["blur"], light["gain"])
        if ff is None:
            import cv2

            cv2.imwrite(f"{out}/{name}_{len(frames)}.png", np.ascontiguousarray(img[:, :, ::-1]))
            frames.append(None)
            continue
        ff.stdin.write(img.tobytes())
        rows = [body.i[f"{b}.{A}"] for b in JOINTS.values() for A, _ in SIDES]
        pixels.append(s.project(VP, J[rows]).astype("f4"))
        solid.append(J[rows].astype("f4"))
        frames.append(dict(t=round(t, 3), segment=segs.index(g) + 1, **{k: round(float(v), 2) for k, v in q.items()}))
    if ff is None:
        return
    ff.stdin.close()
    if ff.wait():
        raise RuntimeError(f"{name}: the encoder failed")
    truth = truth_of(name, who, spec, segs, size, fps, n, c, frames)
    np.savez_compressed(
        f"{out}/{name}.joints.npz",
        px=np.array(pixels),
        m=np.array(solid),
        names=[f"{k}_{side}" for k in JOINTS for _, side in SIDES],
    )
    with open(f"{out}/.{name}.part.json", "w") as file:
        json.dump(truth, file, separators=(",", ":"))
    os.replace(f"{out}/.{name}.part.json", f"{out}/{name}.truth.json")
    os.replace(part, f"{out}/{name}.mp4")
    print(name, n, "frames", round(os.path.getsize(f"{out}/{name}.mp4") / 1e6, 2), "MB", flush=True)


def truth_of(name, who, spec, segs, size, fps, n, c, frames):
    """What is true of a clip: the renderer's keys, ``person``, and ``sets`` for takes with more than one set."""
    turn, off = segs[0]["seg"].get("turn", 0.0), segs[0]["seg"].get("offset", (0, 0))
    a = np.radians(turn)  # the camera as the person of the first set sees it
    x, y, z = c["at"][0] - off[0], c["at"][1], c["at"][2] - off[1]
    rel = dict(c, az=round((c["az"] - turn + 180) % 360 - 180, 2))
    rel["at"] = [round(float(x * np.cos(a) - z * np.sin(a)), 3), y, round(float(x * np.sin(a) + z * np.cos(a)), 3)]
    sets, reps, expect = [], [], json.loads(json.dumps(spec["expect"]))
    for k, g in enumerate(segs, 1):
        tru = json.loads(json.dumps(g["truth"]))
        shift = g["t0"] - g["begin"]
        if tru["exercise"] is None:
            continue
        one = dict(
            exercise=tru["exercise"], segment=k, start_s=round(g["t0"], 3), end_s=round(g["t0"] + g["length"], 3)
        )
        if tru["exercise"] == "hip-hiker":
            for rep in tru["reps"]:
                rep.update({key: round(rep[key] + shift, 3) for key in ("start", "bottom", "end")})
            reps += tru["reps"]
            one.update(side=tru["hanging"], reps=tru["reps"], turn=g["seg"].get("turn", 0.0))
        else:
            hold = [round(h + shift, 3) for h in tru["hold"]]
            inside = [f["leg_open"] for f in frames if f["segment"] == k and hold[0] <= f["t"] <= hold[1]]
            one.update(side=tru["side"], hold=hold, breaths=tru["breaths"], recording=tru["recording"])
            one.update(
                breath_starts=[round(b + shift, 3) for b in tru["breath_starts"]],
                leg_open_deg=round(float(np.median(inside)), 2),
            )
        sets.append(one)
    first = sets[0] if sets else {}
    truth = dict(
        clip=name, exercise=first.get("exercise"), person=who, size=size, fps=fps, duration=n / fps, camera=rel
    )
    truth.update(room_az=c["az"], expect=expect, note=spec.get("note", ""), sets=sets)
    if first.get("exercise") == "hip-hiker":
        truth.update(reps=reps, hanging=first["side"])
    elif first:
        truth.update({k: first[k] for k in ("side", "hold", "breaths", "breath_starts", "leg_open_deg")})
        truth["expect"].setdefault("breaths", first["breaths"])
    truth["frames"] = frames
    return truth
