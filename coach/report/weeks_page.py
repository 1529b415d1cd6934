"""Progress as tables of texts, as a page, and as a picture. (I/O)"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coach import __version__
from coach.definitions.exercise import title_of
from coach.errors import OutputError
from coach.files import saving
from coach.history.weeks import SideWeek, Week
from coach.i18n.report_messages import Messages, report_words
from coach.types import SIDES

Rows = list[list[str]]
NONE = "–"


def tables(weeks: Sequence[Week], language: str = "en") -> list[tuple[str, list[str], Rows]]:
    """Title, heads and rows: first what was done, then each exercise, left beside right."""
    words = report_words(language)
    done: Rows = []
    for week in weeks:
        pain = NONE if week.pain is None else f"{week.pain}/10"
        done.append(
            [
                words.day_in_table(week.monday),
                _of(week.sessions, week.planned, words),
                _percent(week.adherence, words),
                _of(week.sets_done, week.sets_planned, words),
                _percent(week.clean_share, words),
                pain,
            ]
        )
    heads = [words(key) for key in ("week_from", "sessions", "of_plan", "sets", "clean", "pain_highest")]
    out = [(words("progress_done"), heads, done)]
    for name in dict.fromkeys(name for week in weeks for name in week.exercises):
        sides = [one for week in weeks for one in week.exercises.get(name, {}).values()]
        if any(one.breaths is not None or one.held_s is not None for one in sides):
            figures = (("open", _depth), ("row_breaths", _breaths), ("held", _held))
        else:
            figures = (("row_counted", _counted), ("depth", _depth), ("clean", _clean))
        heads = [words("week_from")]
        heads += [words("figure_of_side", figure=words(key), side=words(side)) for key, _ in figures for side in SIDES]
        rows = []
        for week in weeks:
            by_side = week.exercises.get(name, {})
            cells = [NONE if side not in by_side else say(by_side[side], words) for _, say in figures for side in SIDES]
            rows.append([words.day_in_table(week.monday), *cells])
        out.append((title_of(name, words.language), heads, rows))
    return out


def write_page(weeks: Sequence[Week], person: str, path: Path, language: str = "en") -> Path:
    """The chart and the tables as one HTML file. Raises OutputError."""
    return _write(path, progress_html(weeks, person, language).encode())


def write_chart(weeks: Sequence[Week], person: str, path: Path, language: str = "en") -> Path:
    """The chart as PNG. Raises OutputError, also if there is nothing to draw."""
    from coach.report.weeks_chart import weeks_png

    if not weeks:
        raise OutputError(f"there is nothing to draw of {person} yet", "Keep a session first, with 'coach live'")
    return _write(path, weeks_png(weeks, language))


def progress_html(weeks: Sequence[Week], person: str, language: str = "en") -> str:
    """The page as text; the web front end shows the same."""
    from markupsafe import Markup

    from coach.report.template import environment, style
    from coach.report.weeks_chart import weeks_svg

    words = report_words(language)
    count = words.several("session", sum(week.sessions for week in weeks))
    return (
        environment()
        .get_template("progress.html.j2")
        .render(
            words=words,
            title=words("progress_of", person=person),
            style=style("report.css"),
            facts=[words.several("week", len(weeks)), count],
            weeks=weeks,
            chart=Markup(weeks_svg(weeks, language=language)) if weeks else "",
            chart_narrow=Markup(weeks_svg(weeks, narrow=True, language=language)) if weeks else "",
            tables=[{"title": title, "heads": heads, "rows": rows} for title, heads, rows in tables(weeks, language)],
            footer=words("made_by", version=__version__),
        )
    )


def _write(path: Path, content: bytes) -> Path:
    with saving(path) as part:
        part.write_bytes(content)
    return path


def _of(done: int, planned: float | None, words: Messages) -> str:
    return words("of", count=done, target=words.bare(planned)) if planned else str(done)


def _percent(share: float | None, words: Messages) -> str:
    return NONE if share is None else words.percent(share)


def _counted(one: SideWeek, words: Messages) -> str:
    return str(one.counted)


def _depth(one: SideWeek, words: Messages) -> str:
    return NONE if one.depth_deg is None else f"{words.number(one.depth_deg, 1)}°"


def _clean(one: SideWeek, words: Messages) -> str:
    return _percent(one.clean_share, words)


def _breaths(one: SideWeek, words: Messages) -> str:
    return NONE if one.breaths is None else words.number(one.breaths, 1)


def _held(one: SideWeek, words: Messages) -> str:
    return NONE if one.held_s is None else words("seconds", seconds=words.number(one.held_s))
