"""Real breathing as windows with reference inhalations: recordings of people, stretched in time and disturbed.

The recordings (chest belts and a phone on the chest, see the folder's README.md) are not part of the repository; where
they are missing nothing is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.judging.breath_cycles import RATE_HZ

Array = NDArray[np.float64]
BANK = Path(__file__).parents[2] / "shared" / "breath" / "breath.npz"
# Seconds of each recording: one part was worked with, the other set aside.
WORK: Mapping[str, tuple[float, float]] = {
    "nk_rest_5min": (0, 180),
    "fed_supine_pos2_4s": (0, 999),
    "fed_supine_pos2_8s": (0, 999),
    "fed_supine_pos2_12s": (0, 999),
    "music_listener_speakers": (0, 250),
}
ASIDE: Mapping[str, tuple[float, float]] = {
    "nk_rest_5min": (180, 300),
    "biosppy": (0, 999),
    "fed_supine_pos2_16s": (0, 999),
    "music_listener_speakers": (250, 500),
}
PERIODS_S = (3.0, 3.6, 5.0, 7.0, 10.0, 14.0, 17.0, 20.0)  # the median breath is stretched to these
STRETCH = (0.5, 6.5)  # and a recording by no more than this
EDGE_S = 0.5


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of depth (n,), up is in, RATE_HZ apart at t_s (n,), and how many whole breaths are in it."""

    name: str
    period_s: float
    t_s: Array
    depth: Array
    breaths: int


def recording(name: str, bank: Path = BANK) -> tuple[Array, Array, Array]:
    """Times, curve (2nd to 98th percentile: 0 to 1) and reference inhalation starts, by SciPy's peak finder on the
    whole recording: minima that stand out by a fifth of that range, 1.2 s apart at least."""
    from scipy.signal import butter, find_peaks, sosfiltfilt

    with np.load(bank) as stored:
        t_s, raw = stored[name].astype(float)
    curve = sosfiltfilt(butter(2, (0.03, 1.5), "band", fs=20, output="sos"), raw)
    low, high = np.percentile(curve, [2, 98])
    curve = (curve - low) / (high - low)
    return t_s, curve, t_s[find_peaks(-curve, distance=24, prominence=0.2)[0]]


def windows(parts: Mapping[str, tuple[float, float]], each: int, seed: int, disturbed: bool) -> Iterator[Window]:
    """``each`` windows of 20 to 90 s of every part at every period."""
    generator = np.random.default_rng(seed)
    for name, (begin_s, end_s) in parts.items():
        t_s, curve, starts = recording(name)
        inside = (t_s >= begin_s) & (t_s < end_s)
        t_s, curve = t_s[inside] - begin_s, curve[inside]
        starts = starts[(starts >= begin_s) & (starts < end_s)] - begin_s
        usual_s = float(np.median(np.diff(starts)))
        for period_s in PERIODS_S:
            stretch, lead_s = period_s / usual_s, 5 * period_s / usual_s
            whole_s = float(t_s[-1]) * stretch
            if not STRETCH[0] <= stretch <= STRETCH[1] or whole_s < 25 + 2 * lead_s:
                continue
            for _ in range(each):
                length_s = generator.uniform(20, min(90, whole_s - 2 * lead_s - 2))
                first_s = generator.uniform(lead_s, whole_s - length_s - lead_s)
                yield _window(
                    name, period_s, t_s * stretch, curve, starts * stretch, first_s, length_s, generator, disturbed
                )


def talking(each: int, seed: int) -> Iterator[Window]:
    """Somebody who talks: quickly in, and out slowly and unevenly."""
    generator = np.random.default_rng(seed)
    for _ in range(each):
        t_s = np.arange(0, 130, 0.05)
        curve, starts, at_s = np.zeros_like(t_s), [], 0.0
        while at_s < 130:
            in_s, out_s, depth = generator.uniform(0.4, 0.9), generator.uniform(2.2, 7.0), generator.uniform(0.6, 1.3)
            starts.append(at_s)
            rising = (t_s >= at_s) & (t_s < at_s + in_s)
            curve[rising] = depth * (0.5 - 0.5 * np.cos(np.pi * (t_s[rising] - at_s) / in_s))
            falling = (t_s >= at_s + in_s) & (t_s < at_s + in_s + out_s)
            share = (t_s[falling] - at_s - in_s) / out_s
            ripple = np.sin(2 * np.pi * generator.uniform(0.4, 1.2) * t_s[falling]) * np.sin(np.pi * share)
            curve[falling] = depth * ((1 - share) ** generator.uniform(0.8, 1.3) + 0.06 * ripple)
            at_s += in_s + out_s
        length_s, first_s = generator.uniform(20, 90), generator.uniform(2, 35)
        yield _window("talking", 5.0, t_s, curve, np.array(starts), first_s, length_s, generator, False)


def _window(
    name: str,
    period_s: float,
    t_s: Array,
    curve: Array,
    starts: Array,
    first_s: float,
    length_s: float,
    generator: np.random.Generator,
    disturbed: bool,
) -> Window:
    last_s = first_s + length_s
    clock = np.arange(first_s, last_s, 1 / RATE_HZ)
    depth = np.interp(clock, t_s, curve)
    if disturbed:  # a heart that beats, a camera's noise, a tilt, a slow wandering
        beat = generator.uniform(0, 0.1) * np.sin(2 * np.pi * generator.uniform(0.9, 1.4) * clock)
        noise = generator.normal(0, generator.uniform(0, 0.08), len(clock))
        tilt = generator.uniform(-0.015, 0.015) * (clock - first_s)
        wander = np.cumsum(generator.normal(0, generator.uniform(0, 0.01), len(clock)))
        depth = depth + beat + noise + tilt + wander
    # A breath is whole where it begins, and the next one begins, in the window, give or take half a second.
    ends = np.append(starts[1:], np.inf)
    breaths = int(np.sum((starts >= first_s - EDGE_S) & (ends <= last_s + EDGE_S)))
    return Window(name, period_s, clock, depth, breaths)
