"""``coach review``: the physiotherapist's page of everybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.options import check_language
from coach.files import PAGE_ENDINGS, check_name

if TYPE_CHECKING:
    from coach.i18n.report_messages import Messages
    from coach.sharing.review_page import Reviewed


def review(
    person: Annotated[str | None, typer.Option(metavar="NAME", help="Only this person.")] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", readable=False, help="Where the page goes.")] = Path(
        "review.html"
    ),
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of the page.")] = "en",
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", readable=False, help="Where the history is.")] = None,
) -> None:
    """Show everybody in the history: who stopped, whose pain rises, who is past the goal; sessions side by side.

    \b
      coach review                      a table here, and review.html
      coach review --person anna --lang de

    A difference between sessions is called one only beyond the measurement error, and it is said where the camera stood
    elsewhere.
    """
    check_language(language)
    check_name(out, *PAGE_ENDINGS)
    from coach.history import History
    from coach.history.store import now
    from coach.i18n.sharing_messages import sharing_words
    from coach.sharing.review_page import review as reviewed
    from coach.sharing.review_page import write_review

    today = now().date()
    with History.existing(data_dir) as history:
        people = reviewed(history, today, person)
    _show(people, sharing_words(language))
    typer.echo(write_review(people, out, today, language))


def _show(people: list[Reviewed], words: Messages) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from coach.sharing.review_page import last_session, look_at, weeks_text

    if not people:
        typer.echo(words("review_none"))
        return
    table = Table(box=None, pad_edge=False)
    for head in (words("review_person"), words("review_last"), words("sessions"), words("review_look")):
        table.add_column(Text(head))
    for each in people:
        found = each.standing
        look = "\n".join(look_at(found, words)) or words("review_nothing")
        table.add_row(
            *(Text(cell) for cell in (found.person, last_session(found, words), weeks_text(found, words), look))
        )
    Console().print(table)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("review", short_help="Show everybody: who stopped, whose pain rises.")(guarded(review))
