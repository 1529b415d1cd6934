"""What one instant of a guided session looks like: its GuideMoment as a Scene, and which keys do what."""

from __future__ import annotations

import math
from collections.abc import Mapping

from coach.guide.types import Action, CountView, GuideMoment, Stage
from coach.guide.words import Words
from coach.scene import Circle, Count, Page, Scene, Tick, joint_rows, labels
from coach.types import Observation

# Key, and what it does where that can be done. 'enter' also gives a pain score that was typed.
KEYS: tuple[tuple[str, Action], ...] = (
    ("enter", "confirm_safety"),
    ("space", "pause"),
    ("space", "resume"),
    ("n", "next"),
    ("s", "other_side"),
    ("p", "hurts"),
    ("q", "end"),
)
# While exercising nobody reads keys; they are shown before and after.
WITH_KEYS: tuple[Stage, ...] = ("welcome", "setup", "rest", "paused", "pain", "summary")
STATES: Mapping[str, bool | None] = {"ok": True, "not_ok": False, "unknown": None}


def guided_scene(guided: GuideMoment, observation: Observation | None, words: Words, typed: str = "") -> Scene:
    """The scene of this moment over the picture of this observation. typed: digits of a pain score so far."""
    block = guided.block or guided.next_block
    side = block.side if block is not None else None
    moment = guided.moment
    title, subtitle = words("title"), ""
    if block is not None:
        title = block.title
        parts = [block.side_label, *([block.set_label] if block.sets > 1 else [])]
        subtitle = " · ".join(parts)
        subtitle = subtitle[:1].upper() + subtitle[1:]
    gauges = moment.status.gauges if moment is not None and guided.stage in ("exercise", "paused") else ()
    circle = None
    if guided.breath is not None and guided.breath.direction:
        circle = Circle(guided.breath.fill, guided.breath.label, guided.breath.paced)
        gauges = gauges[1:]
    return Scene(
        title=title,
        subtitle=subtitle,
        sentence="" if guided.sentence.isdigit() else guided.sentence,
        hints=_hints(guided, words, typed),
        count=_count(guided, words),
        gauges=gauges,
        circle=circle,
        pose=observation.pose if observation is not None else None,
        pose_size_px=observation.size_px if observation is not None else (1, 1),
        marks=joint_rows(guided.joints, side),
        ticks=tuple(Tick(check.label, STATES[check.state]) for check in guided.checks),
        silhouette=block.posture if guided.stage == "setup" and block is not None else "",
        big=_big(guided, typed),
        page=_page(guided),
    )


def _count(guided: GuideMoment, words: Words) -> Count | None:
    if guided.stage == "rest":
        share = 1 - guided.rest_left_s / guided.rest_s if guided.rest_s > 0 else 1.0
        return Count(math.ceil(guided.rest_left_s), share, "s")
    if guided.stage == "setup":
        return Count("", guided.progress, "") if guided.progress > 0 else None
    if guided.stage == "calibrate":
        return Count("", guided.progress, "")
    return _count_of(guided.count, words) if guided.count is not None else None


def _count_of(view: CountView, words: Words) -> Count:
    least, most = view.target_from, view.target_to
    if most <= 0:
        return Count(view.value, 0.0, view.label)
    goal = f"{least}–{most}" if least < most else str(most)
    below = f"{labels(words.language)['of']} {goal}"
    return Count(view.value, min(1.0, (view.value or 0) / most), below, least / most)


def _hints(guided: GuideMoment, words: Words, typed: str) -> str:
    if guided.stage not in WITH_KEYS:
        return ""
    names = labels(words.language)
    hints = [
        f"{names.get('key_' + key, key.upper())}: {words('action_' + action)}"
        for key, action in KEYS
        if action in guided.actions
    ]
    if "pain_score" in guided.actions:
        hints.insert(0, f"0–10, {names['key_enter']}" + (f": {typed}" if typed else ""))
    return "  ·  ".join(hints)


def _big(guided: GuideMoment, typed: str) -> str:
    if guided.countdown:
        return str(guided.countdown)
    if guided.stage == "pain" and guided.pain is not None and guided.pain.score is None:
        return typed or "?"
    return ""


def _page(guided: GuideMoment) -> Page | None:
    if guided.stage == "welcome":
        return Page("", guided.notice)
    if guided.pain is not None and guided.pain.advice:
        return Page("", guided.pain.advice)
    summary = guided.summary
    if summary is None:
        return None
    rows: list[tuple[str, ...]] = []
    lines = list(summary.notes)
    for exercise in summary.exercises:
        rows.append((exercise.title, summary.left_label, summary.right_label))
        rows += [(row.label, row.left or "–", row.right or "–") for row in exercise.rows]
        lines.append(exercise.next_time if len(summary.exercises) == 1 else f"{exercise.title}: {exercise.next_time}")
    return Page("", tuple(lines), tuple(rows))
