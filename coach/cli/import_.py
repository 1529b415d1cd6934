"""``coach import``: what somebody shared, into the history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.errors import BAD_INPUT, SOME_FAILED, complain
from coach.errors import CoachError, OptionError


def import_files(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files that 'coach share' wrote.")],
    person: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose they are here; the name in the file if left out.")
    ] = None,
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of what is said.")] = "en",
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", readable=False, help="Where the history is.")] = None,
) -> None:
    """Add what somebody shared to the history of this computer. Each session is added once, however often it comes.

    \b
      coach import anna.coach.html
      coach import *.coach.html
      coach import anna.coach.html --person "Anna B."    where another Anna is known already

    'coach review' shows everybody. What is no such file, or no longer fits its checksum, is refused; nothing of
    it is added.
    """
    from coach.cli.options import check_language, expanded
    from coach.history import History
    from coach.i18n.sharing_messages import sharing_words
    from coach.sharing.share import take_in

    check_language(language)
    words, paths = sharing_words(language), [Path(name) for name in expanded(files)]
    if person is not None and len(paths) > 1:
        raise OptionError("--person is for one file", "Import the files one by one, each with its name")
    failed = 0
    with History.open(data_dir) as history:
        for path in paths:
            try:
                done = take_in(history, path, person)
            except CoachError as error:
                complain(error)
                failed += 1
                continue
            counts = {"added": done.added, "updated": done.updated, "known": done.known}
            typer.echo(words("import_done", file=path, person=done.person, **counts))
    if failed:
        raise typer.Exit(SOME_FAILED if failed < len(paths) else BAD_INPUT)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("import", short_help="Add what somebody shared to the history.")(guarded(import_files))
