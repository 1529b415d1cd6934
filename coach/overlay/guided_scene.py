"""What one instant of a guided session looks like: its GuideMoment as a Scene, and what the keys do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from coach.definitions.picture import Picture
from coach.definitions.programme_messages import CONDITIONS, NOTICE_PAGES, Messages
from coach.guide.types import Action, Asks, BlockView, CountView, GuideMoment, Stage
from coach.kinematics.skeleton import joint_rows
from coach.overlay.free_scene import (
    Circle,
    Count,
    Figure,
    Key,
    Page,
    Scale,
    Scene,
    Spot,
    Table,
    Tick,
    labels,
)
from coach.types import Observation

# Key, and what it does where applicable. 'enter' also submits a typed pain score.
KEYS: tuple[tuple[str, Action], ...] = (
    ("enter", "confirm_safety"),
    ("space", "pause"),
    ("space", "resume"),
    ("n", "next"),
    ("s", "other_side"),
    ("h", "explain"),
    ("p", "hurts"),
    ("q", "end"),
)
# These are shown as a row of keys; the others below the sentence, but not during exercise.
ALWAYS: tuple[Action, ...] = ("pause", "resume", "hurts", "end")
# Questions about the whole session, not about the exercise before or after them.
OF_THE_SESSION: tuple[Asks, ...] = ("before", "morning", "seen_to", "after", "progress")
WITH_HINTS: tuple[Stage, ...] = ("welcome", "setup", "rest", "paused", "question", "summary")
STATES: Mapping[str, bool | None] = {"ok": True, "not_ok": False, "unknown": None}


def notice_scene(words: Messages, page: int) -> Scene:
    """One page of the notice before the first session, from 0, and the keys that turn it, agree and end."""
    last = page == len(NOTICE_PAGES) - 1
    key = labels(words.language)["key_enter"]
    lines = tuple(f"•  {words(each)}" if each in CONDITIONS else words(each) for each in NOTICE_PAGES[page])
    does = words("action_confirm_safety") if last else labels(words.language)["read_on"]
    return Scene(
        title=words("title"),
        sentence="" if last else words("welcome"),
        hints=_pair(key, does, words),
        keys=(Key("Q", words("action_end")),),
        page=Page("", lines),
    )


def guided_scene(
    guided: GuideMoment,
    observation: Observation | None,
    words: Messages,
    typed: str = "",
    pictures: Mapping[str, Picture] | None = None,
    notice_page: int = 0,
) -> Scene:
    """The scene of this moment over the picture of this observation.

    typed: digits of a pain score so far. pictures: animated ones, by exercise. notice_page: the page of the notice
    being read, from 0.
    """
    if guided.stage == "welcome":
        return notice_scene(words, notice_page)
    block = guided.block or guided.next_block
    side = block.side if block is not None else None
    moment = guided.moment
    title, subtitle = words("title"), ""
    of_session = guided.question is not None and guided.question.asks in OF_THE_SESSION
    if block is not None and not of_session:
        title = block.title
        parts = [block.side_label, *([block.set_label] if block.sets > 1 else [])]
        subtitle = " · ".join(parts)
        subtitle = subtitle[:1].upper() + subtitle[1:]
    exercising = guided.stage == "exercise"
    circle = None
    if exercising and guided.breath is not None and guided.breath.direction:
        circle = Circle(guided.breath.fill, guided.breath.label, guided.breath.paced)
    spot = _spot(block, words) if block is not None else None
    figure = _figure(guided, block, pictures or {})
    page = _page(guided, words)
    # A number is shown large; a page with a heading speaks for itself.
    said = guided.sentence.isdigit() or (page is not None and page.heading)
    return Scene(
        title=title,
        subtitle=subtitle,
        sentence="" if said else guided.sentence,
        hints=_hints(guided, words),
        keys=_keys(guided, ALWAYS, words),
        count=_count(guided, words) if figure is None or guided.stage == "rest" else None,
        gauges=moment.status.gauges[:1] if moment is not None and exercising and circle is None else (),
        circle=circle,
        pose=observation.pose if observation is not None else None,
        pose_size_px=observation.size_px if observation is not None else (1, 1),
        marks=joint_rows(guided.joints, side),
        ticks=tuple(Tick(check.label, STATES[check.state]) for check in guided.checks),
        silhouette=spot if guided.stage == "setup" and guided.progress == 0 else None,
        place=spot if guided.stage in ("setup", "rest") and figure is None else None,
        figure=figure,
        big=str(guided.countdown or ""),
        scale=_scale(guided, typed),
        page=page,
        notes=block.asked if block is not None and guided.stage in ("setup", "rest") else (),
    )


def _spot(block: BlockView, words: Messages) -> Spot:
    about_deg = 5 * round(sum(block.camera_angle_deg) / 10)
    return Spot(block.posture, block.side, labels(words.language)[f"place_{block.posture}"].format(degrees=about_deg))


def _figure(guided: GuideMoment, block: BlockView | None, pictures: Mapping[str, Picture]) -> Figure | None:
    """The animated picture during set-up and waiting; the map if the camera's angle is the problem."""
    picture = pictures.get(block.exercise) if block is not None else None
    askew = any(check.name == "angle" and check.state == "not_ok" for check in guided.checks)
    if picture is None or block is None or guided.stage not in ("setup", "rest") or askew:
        return None
    return Figure(picture, block.exercise, block.side, guided.t_s)


def _count(guided: GuideMoment, words: Messages) -> Count | None:
    if guided.stage == "rest":
        share = 1 - guided.rest_left_s / guided.rest_s if guided.rest_s > 0 else 1.0
        return Count(math.ceil(guided.rest_left_s), share, "s")
    if guided.stage == "setup":
        return Count("✓", guided.progress, "") if guided.progress > 0 else None
    if guided.stage == "calibrate":
        return Count("…", guided.progress, "")
    return _count_of(guided.count, words) if guided.count is not None else None


def _count_of(view: CountView, words: Messages) -> Count:
    least, most = view.target_from, view.target_to
    if most <= 0:
        return Count(view.value, 0.0, view.label)
    goal = f"{least}–{most}" if least < most else str(most)
    below = f"{labels(words.language)['of']} {goal}{' s' if view.label == words('label_seconds') else ''}"
    return Count(view.value, min(1.0, (view.value or 0) / most), below, least / most)


def _keys(guided: GuideMoment, among: Iterable[Action], words: Messages) -> tuple[Key, ...]:
    names = labels(words.language)
    return tuple(
        Key(names.get("key_" + key, key.upper()), words("action_" + action))
        for key, action in KEYS
        if action in guided.actions and action in among
    )


def _pair(name: str, text: str, words: Messages) -> str:
    return labels(words.language)["pair"].format(name=name, text=text)


def _hints(guided: GuideMoment, words: Messages) -> str:
    if guided.stage not in WITH_HINTS:
        return ""
    if guided.question is not None and guided.question.asks in ("another", "progress"):
        return ""  # the numbers before the answers are the keys
    if "score" in guided.actions:
        skip = "  ·  " + _pair("N", labels(words.language)["leave_out"], words) if "next" in guided.actions else ""
        return labels(words.language)["type_score"] + skip
    if "choose" in guided.actions and "next" in guided.actions:
        return _pair("N", labels(words.language)["leave_out"], words)
    keys = _keys(guided, set(guided.actions) - set(ALWAYS), words)
    return "  ·  ".join(_pair(key.name, key.does, words) for key in keys)


def _scale(guided: GuideMoment, typed: str) -> Scale | None:
    if "score" not in guided.actions or guided.question is None:
        return None
    return Scale(int(typed) if typed else None, guided.question.least, guided.question.most)


def _page(guided: GuideMoment, words: Messages) -> Page | None:
    asked = guided.question
    if asked is not None and (asked.advice or asked.options):
        choices = tuple(f"{number}   {label}" for number, (_, label) in enumerate(asked.options, start=1))
        if "choose" not in guided.actions:
            choices = tuple(f"✓   {label}" for key, label in asked.options if key == asked.chosen)
        if not asked.advice:
            return Page(asked.choose or asked.question, choices)
        choose = [asked.choose] if asked.choose and "choose" in guided.actions else []
        return Page(asked.advice[0], (*asked.advice[1:], *choose, *choices))
    summary = guided.summary
    if summary is None:
        return None
    tables: list[Table] = []
    lines: list[str] = []
    for exercise in summary.exercises:
        head = (exercise.title, summary.left_label, summary.right_label)
        tables.append((head, *((row.label, row.left or "–", row.right or "–") for row in exercise.rows)))
        lines.append(
            exercise.next_time if len(summary.exercises) == 1 else _pair(exercise.title, exercise.next_time, words)
        )
    return Page(summary.headline, (*lines, *summary.notes), tuple(tables))
