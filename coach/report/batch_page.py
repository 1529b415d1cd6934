"""Many videos on one self-contained page: one row each, sortable and searchable, without a network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coach import __version__
from coach.definitions.exercise import builtin_names, load_exercise, title_of
from coach.i18n.error_messages import translated_line
from coach.i18n.report_messages import Messages, report_words
from coach.report.template import TEMPLATES, environment, style
from coach.session.result import Result, deepest, items_of

MOST_ROWS = 10_000  # a browser can show this many at once; each takes about 2 kB
HEADS = ("video", "person", "date", "exercise", "side", "counted", "clean", "depth", "faults", "state")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A video. state: done, failed or waiting. result: if done. link: the report, or the next best file.

    drawing: its skeleton as ``<svg>``, drawn from numbers. note: why it failed, or what is odd about it.
    """

    name: str
    person: str
    date: str
    state: str
    result: Result | None = None
    link: str = ""
    drawing: str = ""
    note: str = ""


def batch_page(rows: Sequence[BatchRow], language: str = "en") -> str:
    """The page as HTML."""
    from markupsafe import Markup

    words = report_words(language)
    script = (TEMPLATES / "batch.js").read_text(encoding="utf-8").strip()
    states = {state: sum(row.state == state for row in rows) for state in ("done", "failed", "waiting")}
    return (
        environment()
        .get_template("batch.html.j2")
        .render(
            words=words,
            title=words("batch_title", count=len(rows)),
            summary=words("batch_summary", **states),
            style=style("report.css", "batch.css"),
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            heads=[words(f"batch_{head}") for head in HEADS],
            rows=[_row(row, words) for row in rows[:MOST_ROWS]],
            first=words("batch_first", shown=MOST_ROWS, count=len(rows)) if len(rows) > MOST_ROWS else "",
            footer=words("batch_made_by", version=__version__),
        )
    )


def _row(row: BatchRow, words: Messages) -> dict[str, Any]:
    from markupsafe import Markup

    return {
        "name": row.name,
        "pieces": Markup("<wbr>").join(re.split(r"(?<=[/_-])", row.name)),  # where a long name may be broken
        "link": "/".join(quote(part) for part in row.link.split("/")),
        "drawing": Markup(row.drawing),
        "state": row.state,
        "note": translated_line(row.note, row.name, words.language),
        "cells": [
            _cell(row.person),
            _cell(row.date),
            *_figures(row.result, words),
            {"text": words(f"batch_{row.state}"), "sort": ("failed", "waiting", "done").index(row.state)},
        ],
    }


def _figures(result: Result | None, words: Messages) -> list[dict[str, Any]]:
    """Exercise, side, counted, clean, depth, faults."""
    if result is None:
        return [_cell("")] * 6
    if result["exercise"] is None:
        return [_cell(words("batch_none")), *[_cell("")] * 5]
    summary = result["summary"]
    items = [item for item in items_of(result) if item["counted"]]
    sides = words.all_of(words(side) for side in dict.fromkeys(item["side"] for item in items))
    if result["holds"]:
        held, breaths = words.seconds(summary["held_s"] or 0.0), summary["breaths"]
        counted = (
            words("batch_held_only", held=held) if breaths is None else words("batch_held", held=held, breaths=breaths)
        )
        amount, clean = summary["held_s"] or 0.0, sum(not item["faults"] for item in items)
    else:
        target = summary["target_reps"]
        amount, clean = summary["reps"], summary["clean_reps"]
        counted = words("batch_of_target", reps=amount, target=target) if target else str(amount)
    largest = deepest(items)
    faults = summary["faults"]
    exercise = load_exercise(result["exercise"]) if result["exercise"] in builtin_names() else None
    return [
        _cell(title_of(result["exercise"], words.language)),
        _cell(sides),
        {"text": counted, "sort": amount},
        {"text": str(clean), "sort": clean},
        {"text": "" if largest is None else f"{words.number(largest, 1)}°", "sort": -1 if largest is None else largest},
        {
            "text": ", ".join(f"{count}\u00a0×\u00a0{words.fault(name, exercise)}" for name, count in faults.items()),
            "sort": sum(faults.values()),
        },
    ]


def _cell(text: str) -> dict[str, Any]:
    return {"text": text, "sort": text.lower()}
