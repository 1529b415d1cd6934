"""A programme on paper: one page of HTML for A4, with the pictures, from the same file as the guided session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coach.definitions.exercise import Exercise, load_exercise
from coach.definitions.prescription import asked_for, prescribed
from coach.definitions.programme import STANDARD, Block, Programme
from coach.definitions.programme_messages import Messages as Said
from coach.i18n.report_messages import Messages, headed, report_words
from coach.report.pdf import save_page
from coach.report.picture_svg import still_svg
from coach.report.template import environment, style

DAYS = 8  # columns to write into


def sheet(programme: Programme, language: str = "en") -> str:
    """The page as HTML that needs no other file. Raises ProgrammeFileError for a language it does not speak."""
    words, said = report_words(language), programme.speak(language)
    return (
        environment()
        .get_template("sheet.html.j2")
        .render(
            words=words,
            title=words("sheet_title") if programme.name == STANDARD else programme.name,
            style=style("sheet.css"),
            facts=facts(programme, words),
            items=[_item(name, blocks, words, said) for name, blocks in _by_exercise(programme.blocks)],
            days=DAYS,
            pain=words("sheet_pain", below=programme.pain.caution_from, stop=programme.pain.stop_from),
            stop=words("sheet_stop"),
            emergency=said("notice_emergency"),
        )
    )


def facts(programme: Programme, words: Messages) -> list[str]:
    """What it asks for as a whole: how often, and the warm-up."""
    lines = []
    if programme.sessions_per_week is not None:
        lines.append(words("sheet_week", count=words.bare(programme.sessions_per_week)))
    if programme.warm_up_s > 0:
        lines.append(words("sheet_warm_up", length=words.seconds(programme.warm_up_s)))
    return lines


def write_sheet(programme: Programme, path: Path, language: str = "en", pdf: bool = False) -> list[Path]:
    """Write it, with ``pdf`` also its print: see save_page. Raises OutputError, ProgrammeFileError."""
    return save_page(sheet(programme, language), path, pdf)


def _by_exercise(blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    found: dict[str, list[Block]] = {}
    for block in blocks:
        found.setdefault(block.exercise, []).append(block)
    return list(found.items())


def _item(name: str, blocks: Sequence[Block], words: Messages, said: Said) -> dict[str, Any]:
    from markupsafe import Markup

    exercise = load_exercise(name)
    first = prescribed(exercise, blocks[0], {said.language: said.table})
    about = first.in_language(words.language)
    sides = list(dict.fromkeys(block.side for block in blocks))
    return {
        "title": about.title,
        "how": about.how,
        "pictures": [
            {
                "drawing": Markup(still_svg(exercise.picture, side, f"{about.title}, {words(side)}", paper=True)),
                "side": headed(words(side)),
            }
            for side in sides
            if exercise.picture is not None
        ],
        "side_is": words("sheet_side", side_is=about.side_is),
        "asked": _asked(exercise, blocks, words, said),
    }


def _asked(exercise: Exercise, blocks: Sequence[Block], words: Messages, said: Said) -> list[dict[str, Any]]:
    """The prescription per side; sides with the same one share a line."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for block in blocks:
        lines.setdefault(tuple(prescription(exercise, block, words, said)), []).append(words(block.side))
    return [
        {"sides": headed(words.all_of(dict.fromkeys(sides))), "first": texts[0], "more": texts[1:]}
        for texts, sides in lines.items()
    ]


def prescription(exercise: Exercise, block: Block, words: Messages, said: Said) -> list[str]:
    """What a block asks for, a sentence each: first how much, with the rest after it."""
    task = prescribed(exercise, block, {said.language: said.table})
    about = task.in_language(words.language)
    amount = about.amount_of(task.asked_for)
    lines = [
        words("sheet_dose", sets=words.several("set", block.sets), amount=amount, rest=words.seconds(block.rest_s))
    ]
    if block.more_sets:
        lines.append(words("sheet_more_sets", count=block.more_sets))
    lines += [text for key, text in asked_for(block, exercise, said) if key != "asked_hold"]
    rule = block.progress
    if rule is not None:
        more = said(f"amount_{block.unit(exercise)}", count=rule.more)
        values = {"sessions": rule.sessions, "as_asked": rule.as_asked, "pain": rule.pain, "effort": rule.effort}
        lines.append(words("sheet_pain_progress", **values, more=more, up_to=rule.up_to))
    return lines
