"""A small drawn skeleton of a video at its deepest point. Pure."""

from __future__ import annotations

from coach.i18n.report_messages import report_words
from coach.report import skeleton_svg
from coach.session.result import Item, Result, depth, items_of
from coach.session.timeline import KeyMoment
from coach.types import FloatArray, Observation

STEP_S = 0.2  # an hour of poses takes 5 MB


class PoseSamples:
    """Poses from a video, five a second."""

    def __init__(self) -> None:
        self._kept: list[tuple[float, tuple[int, int], FloatArray]] = []

    def add(self, observation: Observation) -> None:
        """Take one, in order of time."""
        if observation.pose is None or (self._kept and observation.t_s - self._kept[-1][0] < STEP_S):
            return
        self._kept.append((observation.t_s, observation.size_px, observation.pose.xy_px))

    def at(self, t_s: float) -> tuple[float, tuple[int, int], FloatArray] | None:
        """The one closest to a time, at most a second away."""
        nearest = min(self._kept, key=lambda kept: abs(kept[0] - t_s), default=None)
        return nearest if nearest is not None and abs(nearest[0] - t_s) <= 1.0 else None


def deepest_item(result: Result) -> Item | None:
    """The movement or hold that went furthest, preferring those that count."""
    items = items_of(result)
    counted = [item for item in items if item["counted"]] or items
    measured = [(found.value, -item["number"], item) for item in counted if (found := depth(item)) and found.value]
    return max(measured, key=lambda each: each[:2])[2] if measured else None


def thumbnail(result: Result, samples: PoseSamples, language: str = "en") -> str:
    """An ``<svg>`` of the body there; '' if nothing was done or nobody was seen."""
    item = deepest_item(result)
    if item is None:
        return ""
    peak_s = item.get("peak_s")
    found = samples.at(peak_s if isinstance(peak_s, float) else (item["start_s"] + item["end_s"]) / 2)
    if found is None:
        return ""
    key = KeyMoment(found[0], "deepest", item["side"], item["number"], "", found[1], found[2])
    return skeleton_svg.draw(key, skeleton_svg.extent([key]), report_words(language)("skeleton"))
