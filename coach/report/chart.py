"""What the report's time chart shows: panels of curves, bounds and marks, ready to be drawn. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from coach.definitions.exercise import Exercise
from coach.definitions.rules import Fault
from coach.i18n.report_messages import Messages, headed, report_words
from coach.kinematics.filters import smooth
from coach.session.result import Item, Result, depth, items_of
from coach.session.timeline import Timeline
from coach.types import SIDES, Side

Array = NDArray[np.float64]
Style = Literal["first", "second"]
MarkKind = Literal["clean", "fault", "uncounted"]

SIGMA_S = 0.1  # the judge's own smoothing of a finished movement (coach.judging.assess_repetition)
MOST_POINTS = 1600
GAP_S = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A curve: t_s (n,), values (n,) with NaN where nothing was measured. label: tells it from others in its panel."""

    label: str
    t_s: Array
    values: Array
    style: Style = "first"


@dataclass(frozen=True, slots=True)
class Bound:
    """A threshold across the panel. label: one line or two."""

    value: float
    label: str
    style: Style = "first"


@dataclass(frozen=True, slots=True)
class Mark:
    """A judged movement or hold: its interval, its deepest point and the verdict."""

    number: int
    side: Side
    start_s: float
    peak_s: float
    end_s: float
    kind: MarkKind
    depth: float
    depth_interval: tuple[float, float]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One pair of axes. judged: False if the camera's view could not vouch for these curves."""

    name: str
    unit: str
    lines: tuple[Line, ...]
    bounds: tuple[Bound, ...] = ()
    aim: tuple[float, float] | None = None
    judged: bool = True

    @property
    def title(self) -> str:
        """The name as a heading."""
        return headed(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """Everything on one time axis: from start_s to end_s, marks and rows on top, panels below.

    Names are already in the report's language; noun: what the marks are.
    """

    language: str
    noun: str
    start_s: float
    end_s: float
    marks: tuple[Mark, ...]
    breaths_s: tuple[float, ...]
    unseen: tuple[tuple[float, float], ...]
    faults: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]
    panels: tuple[Panel, ...]


def chart(
    result: Result,
    timeline: Timeline | None,
    exercise: Exercise,
    language: str = "en",
    window_s: tuple[float, float] | None = None,
) -> Chart:
    """The chart of one result. Without a timeline there are marks but no curves. window_s: None shows everything."""
    words = report_words(language)
    marks = tuple(mark(item) for item in items_of(result))
    start_s, end_s = window_s or (0.0, max([result["duration_s"] or 0.0, *(m.end_s for m in marks), 1.0]))
    faults: dict[str, list[tuple[float, float]]] = {}
    for m in marks:
        for name in m.faults:
            faults.setdefault(name, []).append((m.start_s, m.end_s))
    for name, spans in (_fault_spans(timeline) if timeline is not None else {}).items():
        if name in faults:
            faults[name] = spans
    return Chart(
        language=words.language,
        noun=words("chart_holds" if exercise.kind == "hold" else "chart_repetitions"),
        start_s=start_s,
        end_s=end_s,
        marks=marks,
        breaths_s=tuple(t for hold in result["holds"] for t in hold["breath_start_s"] or ()),
        unseen=unseen(timeline) if timeline is not None else (),
        faults=tuple((words.fault(name, exercise), tuple(spans)) for name, spans in sorted(faults.items())),
        panels=_panels_of(marks, timeline, exercise, language) if timeline is not None and len(timeline) > 1 else (),
    )


def mark(item: Item) -> Mark:
    """A movement or hold of the result as a mark."""
    found = depth(item)
    value = float("nan") if found is None or found.value is None else found.value
    middle = (item["start_s"] + item["end_s"]) / 2
    return Mark(
        number=item["number"],
        side=item["side"],
        start_s=item["start_s"],
        peak_s=cast(float, item.get("peak_s", middle)),
        end_s=item["end_s"],
        kind="uncounted" if not item["counted"] else "fault" if item["faults"] else "clean",
        depth=value,
        depth_interval=(found and found.interval) or (value, value),
        faults=tuple(item["faults"]),
    )


def unseen(timeline: Timeline, least_s: float = 0.5) -> tuple[tuple[float, float], ...]:
    """Intervals in which nobody, or only part of a body, was in view."""
    away = ~timeline.seen | np.isin(timeline.phase, ("nobody", "partial"))
    spans = []
    edges = np.flatnonzero(np.diff(np.concatenate(([0], away.astype(np.int8), [0]))))
    for first, last in edges.reshape(-1, 2):
        start, end = float(timeline.t_s[first]), float(timeline.t_s[min(last, len(timeline) - 1)])
        if end - start >= least_s:
            spans.append((start, end))
    return tuple(spans)


def _panels_of(marks: Sequence[Mark], timeline: Timeline, exercise: Exercise, language: str) -> tuple[Panel, ...]:
    """The panels; the depth is marked as not judged if no mark has one."""
    shown = panels(timeline, exercise, language)
    if shown and marks and not any(np.isfinite(m.depth) for m in marks):
        shown = (replace(shown[0], judged=False), *shown[1:])
    return shown


def panels(timeline: Timeline, exercise: Exercise, language: str = "en") -> tuple[Panel, ...]:
    """The depth first, then knees, trunk, pelvis and the other signals that faults are judged by."""
    words = report_words(language)
    rule = exercise.movement or exercise.hold
    assert rule is not None
    hold = exercise.hold
    main = rule.depth
    least = f"{words.bare(rule.counts_from)}{words.unit(main)}"
    bound = Bound(rule.counts_from, words("counts_from", value=least))
    first = _line(timeline, main, words, "first", absolute=hold is not None)
    shown = [Panel(words.quantity(main), words.unit(main).strip(), (first,), (bound,), exercise.target.depth)]
    if hold is not None:
        found_by = _line(timeline, hold.signal, words, "first", absolute=True)
        start = Bound(hold.start_above, words("hold_from", value=words.bare(hold.start_above)))
        shown.append(Panel(words.quantity(hold.signal), words.unit(hold.signal).strip(), (found_by,), (start,)))
    groups: dict[str, list[Fault]] = {}
    for fault in exercise.faults:
        if fault.signal != main:
            groups.setdefault(_group(fault.signal), []).append(fault)
    for group in sorted(groups, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)):
        shown.append(_fault_panel(timeline, group, groups[group], words, absolute=hold is not None))
    return tuple(panel for panel in shown if any(np.isfinite(line.values).any() for line in panel.lines))


def _fault_panel(timeline: Timeline, group: str, faults: Sequence[Fault], words: Messages, absolute: bool) -> Panel:
    styles: tuple[Style, Style] = ("first", "second")
    lines: dict[str, Line] = {}
    bounds = []
    for fault in faults:
        style = lines[fault.signal].style if fault.signal in lines else styles[min(len(lines), 1)]
        lines.setdefault(fault.signal, _line(timeline, fault.signal, words, style, absolute or fault.absolute))
        limit = fault.above if fault.above is not None else fault.below
        assert limit is not None
        bounds.append(Bound(limit, words.bare(limit), style))
        if fault.either_way:
            bounds.append(Bound(-limit, words.bare(-limit), style))
    name = words(f"group_{group}") if len(lines) > 1 else words.quantity(faults[0].signal)
    blind = never_judged(timeline)
    judged = not all(fault.name in blind for fault in faults)
    return Panel(name, words.unit(faults[0].signal).strip(), tuple(lines.values()), tuple(bounds), judged=judged)


def _line(timeline: Timeline, signal: str, words: Messages, style: Style, absolute: bool) -> Line:
    raw = timeline.signal(signal).astype(np.float64)
    values = np.where(np.isfinite(raw), smooth(timeline.t_s, raw, SIGMA_S), np.nan)
    values = values if absolute else values - rest_level(timeline, values)
    t_s, values = thinned(timeline.t_s, values, MOST_POINTS)
    return Line(words.table.get(f"line_{signal}", words.quantity(signal)), t_s, values, style)


def not_judged(timeline: Timeline) -> tuple[Counter[str], int]:
    """How often each fault could not be judged, and out of how many movements and holds."""
    done = [item for event in timeline.events for item in (event.movement, event.hold) if item is not None]
    return Counter(name for item in done for name in item.not_judged), len(done)


def never_judged(timeline: Timeline) -> frozenset[str]:
    """Faults that could not be judged in any movement or hold."""
    times, of = not_judged(timeline)
    return frozenset(name for name, count in times.items() if count == of)


def rest_level(timeline: Timeline, values: Array) -> Array:
    """A signal's level at rest over time: its median while ready, between two calibrations, for each side."""
    level = np.full(len(timeline), np.nan)
    calibrated = [event.t_s for event in timeline.events if event.name == "calibrated"]
    edges = [-np.inf, *calibrated, np.inf]
    judged = timeline.judged_side()
    for start, end in pairwise(edges):
        inside = (timeline.t_s >= start) & (timeline.t_s < end)
        for side in (*SIDES, ""):
            here = inside & (judged == side)
            quiet = here & (timeline.phase == "ready") & np.isfinite(values)
            known = quiet if quiet.any() else here & np.isfinite(values)
            if known.any():
                level[here] = np.median(values[known])
    return level


def thinned(t_s: Array, values: Array, most: int) -> tuple[Array, Array]:
    """At most about ``most`` points that keep every peak (minimum and maximum of each bucket); gaps become NaN."""
    if len(t_s) > most:
        keep: list[int] = []
        for bucket in np.array_split(np.arange(len(t_s)), most // 2):
            known = bucket[np.isfinite(values[bucket])]
            ends = known[[values[known].argmin(), values[known].argmax()]] if len(known) else bucket[:1]
            keep += sorted({int(index) for index in ends})
        t_s, values = t_s[keep], values[keep]
    steps = np.diff(t_s)
    gaps = np.flatnonzero(steps > max(GAP_S, 4 * float(np.median(steps)) if len(steps) else 0.0)) + 1
    return np.insert(t_s, gaps, t_s[gaps - 1]), np.insert(values, gaps, np.nan)


def _fault_spans(timeline: Timeline) -> dict[str, list[tuple[float, float]]]:
    """When faults began and ended, for judges that report this as it happens."""
    spans: dict[str, list[tuple[float, float]]] = {}
    began: dict[str, float] = {}
    for event in timeline.events:
        if event.name == "fault_began":
            began.setdefault(event.detail, event.t_s)
        elif event.name == "fault_ended" and event.detail in began:
            spans.setdefault(event.detail, []).append((began.pop(event.detail), event.t_s))
    for name, start in began.items():
        spans.setdefault(name, []).append((start, float(timeline.t_s[-1]) if len(timeline) else start))
    return spans


_ORDER = ("knee", "trunk", "pelvis", "arm")
_GROUPS = {"knee": "knee", "trunk": "trunk", "pelvi": "pelvis", "hip": "pelvis", "arm": "arm", "shoulder": "arm"}


def _group(signal: str) -> str:
    return next((group for part, group in _GROUPS.items() if part in signal), signal)
