"""Assembles a report's page: one string of HTML that needs no other file and no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coach import __version__
from coach.definitions.exercise import Exercise, builtin_names, load_exercise, title_of
from coach.definitions.pain import Care
from coach.i18n.report_messages import Messages, clock, headed, report_words
from coach.report import skeleton_svg, text
from coach.report.chart import chart, mark
from coach.report.chart_svg import draw_chart
from coach.report.picture_svg import still_svg
from coach.report.template import environment, style
from coach.session.result import Result, by_set, called, items_of
from coach.session.timeline import KeyMoment, Timeline
from coach.types import SIDES, Side

MOST_KEYS = 24
AROUND_S = 3.0  # shown before and after a set
AFTER_PAIN: Mapping[Care, str] = {"easier": "after_pain_easier", "ask": "after_pain_ask"}


@dataclass(frozen=True, slots=True, eq=False)
class ReportPart:
    """One set: its result, its exercise (None if none was found or its file is unknown), and the timeline if any.

    care: what to say after pain in its exercise; it replaces all other advice. window_s: the seconds to show, for a
    set within a longer recording. asked: what was asked beyond how often, as sentences; effort: how hard it was (CR10),
    None if unknown.
    """

    result: Result
    exercise: Exercise | None
    timeline: Timeline | None = None
    care: Care | None = None
    window_s: tuple[float, float] | None = None
    asked: tuple[str, ...] = ()
    effort: int | None = None


def parts_by_set(part: ReportPart) -> list[ReportPart]:
    """A recording of several sets as one part per set; any other unchanged."""
    pieces = by_set(part.result)
    if len(pieces) == 1:
        return [part]
    parts = []
    for piece in pieces:
        (one,) = piece["sets"]
        window_s = (max(0.0, one["start_s"] - AROUND_S), one["end_s"] + AROUND_S)
        timeline = part.timeline.between(*window_s) if part.timeline is not None else None
        parts.append(
            replace(part, result=piece, exercise=_known(part, one["exercise"]), timeline=timeline, window_s=window_s)
        )
    return parts


def _known(part: ReportPart, name: str) -> Exercise | None:
    if part.exercise is not None and part.exercise.name == name:
        return part.exercise
    return load_exercise(name) if name in builtin_names() else None


def page(
    parts: Sequence[ReportPart],
    title: str | None = None,
    facts: Sequence[str] = (),
    pains: Sequence[str] = (),
    language: str = "en",
    source: str = "result.json",
) -> str:
    """The report as HTML. facts: short ones for the line below the title; pains: one sentence per score.

    source: what 'coach report' can make it from again.
    """
    words = report_words(language)
    shown = content(parts, pains, words, source)
    if title is None:
        title = words.all_of(str(block["title"]) for block in shown["headlines"]) or words("no_exercise")
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            words=words,
            title=title,
            style=style("report.css"),
            facts=[*facts, *_facts(parts, words)],
            shown=shown,
            footer=words("made_by", version=__version__),
        )
    )


def content(
    parts: Sequence[ReportPart], pains: Sequence[str], words: Messages, source: str, name: str = "chart"
) -> dict[str, Any]:
    """What ``session.html.j2`` shows of one session: figures, curves, key moments and sentences, set by set.

    name: begins the identifiers of its charts, for a page with several sessions.
    """
    by_exercise: dict[str, list[ReportPart]] = {}
    sets = [piece for part in parts for piece in parts_by_set(part)]
    for part in sets:
        if part.result["exercise"]:
            by_exercise.setdefault(part.result["exercise"], []).append(part)
    done = [part for part in sets if part.exercise is not None and part.result["exercise"]]
    of_videos = (line for part in done for line in part.result.get("notes", ()))
    accuracy = (line for part in done for line in text.accuracy(part.result, _file(part), words.language))
    return {
        "headlines": [_headline(name, group, words, source) for name, group in by_exercise.items()],
        "pains": pains,
        "parts": [_part(part, i if len(done) > 1 else None, words, f"{name}{i}") for i, part in enumerate(done, 1)],
        "video": list(dict.fromkeys(of_videos)) if len(done) > 1 else [],
        "accuracy": list(dict.fromkeys(accuracy)),
    }


def _headline(name: str, parts: Sequence[ReportPart], words: Messages, source: str) -> dict[str, Any]:
    """The figures of one exercise, with a sentence on what its side means, or a hint to supply its file."""
    exercise = parts[0].exercise
    about = exercise.in_language(words.language) if exercise is not None else None
    return {
        "title": about.title if about is not None else title_of(name, words.language),
        "rows": text.headline([part.result for part in parts], exercise, words.language),
        "pictures": _pictures(exercise, parts, words),
        "note": words("sides_mean", side_is=about.side_is) if about is not None else words("no_file", source=source),
    }


def _pictures(exercise: Exercise | None, parts: Sequence[ReportPart], words: Messages) -> list[dict[str, Any]]:
    """The exercise drawn for each side that was done; empty if its file has no picture."""
    from markupsafe import Markup

    if exercise is None or exercise.picture is None:
        return []
    title = exercise.in_language(words.language).title
    done = {item["side"] for part in parts for item in (*part.result["movements"], *part.result["holds"])}
    sides: list[Side] = [side for side in SIDES if side in done]
    return [
        {
            "drawing": Markup(still_svg(exercise.picture, side, f"{title}, {words(side)}", paper=True)),
            "side": words(side),
        }
        for side in sides
    ]


def _file(part: ReportPart) -> Exercise:
    assert part.exercise is not None
    return part.exercise


def _facts(parts: Sequence[ReportPart], words: Messages) -> list[str]:
    names = list(dict.fromkeys(Path(part.result["source"]).name for part in parts if part.result.get("source")))
    length = sum(part.result["duration_s"] or 0.0 for part in parts)
    seen = [part.result["seen_ratio"] for part in parts if part.result["seen_ratio"] is not None]
    facts = [", ".join(names[:3])] if names else []
    facts.append(words.seconds(length))
    if seen and min(seen) < 0.98:
        facts.append(words("seen_share", share=words.percent(min(seen))))
    return facts


def _part(part: ReportPart, number: int | None, words: Messages, name: str) -> dict[str, Any]:
    from markupsafe import Markup

    exercise, timeline = _file(part), part.timeline
    said = text.notes(part.result, timeline, exercise, words.language, alone=number is None)
    shown = chart(part.result, timeline, exercise, words.language, part.window_s)
    wide, narrow = draw_chart(shown, name)
    title = exercise.in_language(words.language).title
    sides = words.all_of(words(side) for side in dict.fromkeys(item["side"] for item in items_of(part.result)))
    pictured = timeline is not None and any(key.picture for key in timeline.keys)
    return {
        "title": f"{number}. {title}, {sides}" if number else None,
        "chart": Markup(wide),
        "chart_narrow": Markup(narrow),
        "gone": bool(shown.unseen),
        "moments": _keys(part.result, timeline, exercise, words) if timeline is not None else [],
        "moments_note": words("moments_pictured" if pictured else "moments_drawn"),
        "lying": exercise.posture == "lying",
        "next_time": (words(AFTER_PAIN[part.care]),) if part.care else said.next_time,
        "asked": words("asked_line", asked=" ".join(part.asked)) if part.asked else "",
        "effort": words("effort_line", score=part.effort) if part.effort is not None else "",
        "uncounted": said.uncounted,
        "camera": said.camera,
    }


def _keys(result: Result, timeline: Timeline, exercise: Exercise, words: Messages) -> list[dict[str, Any]]:
    from markupsafe import Markup

    items = items_of(result)
    marks = [mark(item) for item in items]
    keys = _chosen(timeline.keys)
    size = skeleton_svg.extent(keys)
    cards = []
    for key in keys:
        of = next((each for each in marks if each.start_s <= key.t_s <= each.end_s), None)
        rule = exercise.fault(key.detail) if key.kind == "fault" else None
        number = of.number if of is not None else key.number
        name = words("moment_hold" if exercise.kind == "hold" else "moment_repetition", number=number)
        if key.kind == "fault":
            way = key.detail if of is None else called(items[marks.index(of)], key.detail)
            caption, tone = headed(words.fault(way, exercise)), "fault"
            detail = name if key.number else words(key.side) if key.side else ""
        else:
            caption, tone = name, of.kind if of else "clean"
            unit = words.unit(exercise.depth_name)
            if of is not None and exercise.kind == "hold":
                unit = text.margin([items[marks.index(of)]], words) + unit
            detail = f"{words.number(of.depth, 1)}{unit}" if of and of.depth == of.depth else ""
            if tone == "uncounted" and detail:
                detail = words("moment_not_counted", depth=detail)
            detail = detail or words(f"tone_{tone}")
        spoken = words("skeleton_pictured" if key.picture else "skeleton")
        cards.append(
            {
                "tone": tone,
                "caption": caption,
                "detail": words("moment_at", what=detail, time=clock(key.t_s)),
                "pictured": key.picture is not None,
                "drawing": Markup(skeleton_svg.draw(key, size, spoken, rule.joints if rule else ())),
            }
        )
    return cards


def _chosen(keys: Sequence[KeyMoment]) -> list[KeyMoment]:
    """In order of time; if there are too many, faults take precedence and deepest points are thinned evenly."""
    ordered = sorted(keys, key=lambda key: (key.t_s, key.kind))
    if len(ordered) <= MOST_KEYS:
        return ordered
    faults = [key for key in ordered if key.kind == "fault"][: MOST_KEYS // 2]
    others = [key for key in ordered if key.kind != "fault"]
    step = max(1, -(-len(others) // (MOST_KEYS - len(faults))))
    return sorted([*faults, *others[::step]], key=lambda key: (key.t_s, key.kind))
