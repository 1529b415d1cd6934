"""``coach share``: one file for the physiotherapist."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import check_language
from coach.errors import OptionError
from coach.files import PAGE_ENDINGS, check_name


def share(
    what: Annotated[
        str | None, typer.Argument(metavar="[N|DIR]", help="A session's number, or a folder with results.")
    ] = None,
    person: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose sessions; not needed where there is only one person.")
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks back.")] = 4,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="The file; NAME.coach.html if left out.")
    ] = None,
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of the page.")] = "en",
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", readable=False, help="Where the history is.")] = None,
) -> None:
    """Write one file for a physiotherapist: sessions, curves, pain, left and right, and the data inside.

    \b
      coach share                          the last four weeks, in NAME.coach.html
      coach share --person anna --weeks 8
      coach share 12                       one session, as 'coach history' lists it
      coach share results --person anna    what 'coach analyse --out results' wrote

    It opens in any browser, without a network. Nothing is sent: you hand the file over. 'coach import FILE' adds it to
    the history on another computer.
    """
    check_language(language)
    if out is not None:
        check_name(out, *PAGE_ENDINGS)
    from coach.history import History
    from coach.history.store import now
    from coach.i18n.sharing_messages import sharing_words
    from coach.sharing import share as sharing

    at = now()
    if what is not None and not (what.isascii() and what.isdigit() and len(what) < 20):
        bundle = sharing.of_folder(Path(what), person, at)
    else:
        with History.existing(data_dir) as history:
            bundle = (
                sharing.of_person(history, person, weeks, at)
                if what is None
                else sharing.of_session(history, int(what), at)
            )
        if what is not None and person is not None and person.casefold() != bundle.person.casefold():
            raise OptionError(f"session {what} is of {bundle.person}, not of {person}", "Leave out --person")
    target = out or Path(sharing.file_name(bundle.person))
    written = sharing.write_share(bundle, target, at.date(), weeks=weeks, language=language)
    words = sharing_words(language)
    count = words.several("session", len(bundle.sessions))
    size = words.number(written.stat().st_size / 1e6, 1)
    typer.echo(words("share_done", file=written, sessions=count, person=bundle.person, size=size))


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("share", short_help="Write one file for a physiotherapist.")(guarded(share))
