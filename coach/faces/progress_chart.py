"""Progress as tables on the terminal, as a page, and as a picture. (I/O)"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coach import __version__
from coach.errors import OutputError
from coach.history.progress import SideWeek, Week
from coach.report import words
from coach.types import SIDES

Rows = list[list[str]]
NONE = "-"


def tables(weeks: Sequence[Week]) -> list[tuple[str, list[str], Rows]]:
    """Title, heads and rows: first what was done, then each exercise, left beside right."""
    done: Rows = []
    for week in weeks:
        planned = f"{week.sessions} of {week.planned:g}" if week.planned else str(week.sessions)
        sets = f"{week.sets_done} of {week.sets_planned}" if week.sets_planned else str(week.sets_done)
        clean = NONE if week.clean_share is None else f"{week.clean_share:.0%}"
        kept = NONE if week.adherence is None else f"{week.adherence:.0%}"
        pain = NONE if week.pain is None else f"{week.pain}/10"
        done.append([_day(week), planned, kept, sets, clean, pain])
    out = [("What was done", ["Week from", "Sessions", "Of the plan", "Sets", "Clean", "Pain, highest"], done)]
    for name in dict.fromkeys(name for week in weeks for name in week.exercises):
        title = name.replace("-", " ").capitalize()
        sides = [one for week in weeks for one in week.exercises.get(name, {}).values()]
        if any(one.breaths is not None or one.held_s is not None for one in sides):
            figures = (("Open", _depth), ("Breaths", _breaths), ("Held", _held))
        else:
            figures = (("Counted", _counted), ("Depth", _depth), ("Clean", _clean))
        heads = ["Week from", *(f"{figure} {side}" for figure, _ in figures for side in SIDES)]
        rows = []
        for week in weeks:
            by_side = week.exercises.get(name, {})
            cells = [NONE if side not in by_side else say(by_side[side]) for _, say in figures for side in SIDES]
            rows.append([_day(week), *cells])
        out.append((title, heads, rows))
    return out


def show_weeks(weeks: Sequence[Week], person: str) -> None:
    """The tables on the terminal."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not weeks:
        console.print(f"No session of {person} is kept yet. 'coach live' keeps each one.", markup=False)
        return
    for title, heads, rows in tables(weeks):
        table = Table(title=f"{title}, {person}", title_justify="left", box=None, pad_edge=False)
        for head in heads:
            table.add_column(head, justify="left" if head == heads[0] else "right")
        for row in rows:
            table.add_row(*row)
        console.print(table)
        console.print()


def write_page(weeks: Sequence[Week], person: str, path: Path) -> Path:
    """The chart and the tables as one HTML file. Raises OutputError."""
    return _write(path, progress_html(weeks, person).encode())


def write_chart(weeks: Sequence[Week], person: str, path: Path) -> Path:
    """The chart as PNG. Raises OutputError, also where there is nothing to draw."""
    from coach.report.weeks import weeks_png

    if not weeks:
        raise OutputError(f"there is nothing to draw of {person} yet", "Keep a session first, with 'coach live'")
    return _write(path, weeks_png(weeks))


def progress_html(weeks: Sequence[Week], person: str) -> str:
    """The page as text; the web face shows the same."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    from coach.report.page import TEMPLATES
    from coach.report.weeks import weeks_svg

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    count = words.several(sum(week.sessions for week in weeks), "session")
    return environment.get_template("progress.html.j2").render(
        title=f"Progress of {person}",
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        facts=[words.several(len(weeks), "week"), count],
        weeks=weeks,
        chart=Markup(weeks_svg(weeks)) if weeks else "",
        chart_narrow=Markup(weeks_svg(weeks, narrow=True)) if weeks else "",
        tables=[{"title": title, "heads": heads, "rows": rows} for title, heads, rows in tables(weeks)],
        not_medical=words.NOT_MEDICAL,
        footer=f"Made by the exercise coach {__version__} on this computer. Nothing was sent anywhere.",
    )


def _write(path: Path, content: bytes) -> Path:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})", "Choose another folder") from error
    return path


def _day(week: Week) -> str:
    return f"{week.monday:%Y-%m-%d}"


def _counted(one: SideWeek) -> str:
    return str(one.counted)


def _depth(one: SideWeek) -> str:
    return NONE if one.depth_deg is None else f"{one.depth_deg:.1f}°"


def _clean(one: SideWeek) -> str:
    return NONE if one.clean_share is None else f"{one.clean_share:.0%}"


def _breaths(one: SideWeek) -> str:
    return NONE if one.breaths is None else f"{one.breaths:.1f}"


def _held(one: SideWeek) -> str:
    return NONE if one.held_s is None else f"{one.held_s:.0f} s"
