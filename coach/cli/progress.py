"""``coach progress``: what changed from week to week."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import check_language
from coach.files import PAGE_ENDINGS, check_name


def progress(
    person: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose; not needed where there is only one.")
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=104, help="How many weeks back.")] = 12,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a page with charts.")] = None,
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the chart as a picture.")] = None,
    language: Annotated[
        str, typer.Option("--lang", envvar="COACH_LANG", help="Language of what is shown and written.")
    ] = "en",
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the history is.")] = None,
) -> None:
    """Show the weeks: sessions, depth, breaths, share as asked, left against right, pain.

    \b
      coach progress
      coach progress --person anna --weeks 26
      coach progress --html progress.html
    """
    check_language(language)
    if html is not None:
        check_name(html, *PAGE_ENDINGS)
    if png is not None:
        check_name(png, ".png")
    from coach.cli.history_table import show_weeks
    from coach.history import History
    from coach.history.store import now
    from coach.history.weeks import misdated
    from coach.history.weeks import weeks as by_week
    from coach.i18n.report_messages import report_words
    from coach.report.weeks_page import write_chart, write_page

    with History.existing(data_dir) as history:
        name = history.only_person(person)
        sessions = history.sessions(name)
    today = now().date()
    found = by_week(sessions, today, weeks)
    show_weeks(found, name, language)
    wrong = misdated(sessions, today)
    if wrong:
        typer.echo(report_words(language)("misdated", sessions=report_words(language).several("session", wrong)))
    if html is not None:
        typer.echo(write_page(found, name, html, language))
    if png is not None:
        typer.echo(write_chart(found, name, png, language))


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("progress", short_help="Show what changed from week to week.")(guarded(progress))
