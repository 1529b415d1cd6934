"""``coach privacy``: what is kept, where, and what is never sent."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

WIDEST = 100  # longer lines are hard to read


def privacy(
    data_dir: Annotated[Path | None, typer.Option("--data-dir", metavar="DIR", help="Where the history is.")] = None,
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of what is shown.")] = "en",
) -> None:
    """Say in plain words what is stored where, how much there is, how to delete it, and what is never sent."""
    from coach.app.privacy import privacy_lines
    from coach.cli.options import check_language
    from coach.evaluate.observations import default_cache
    from coach.history import History
    from coach.history.database import data_folder, holds_history

    check_language(language)
    folder = data_folder(data_dir)
    holdings = None
    if holds_history(folder):  # asking must not create a history
        with History.open(folder) as history:
            holdings = history.holdings()
    width = min(shutil.get_terminal_size().columns, WIDEST)
    for line in privacy_lines(folder, holdings, default_cache(), language, width):
        typer.echo(line)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("privacy", short_help="Say what is stored where, and what is never sent.")(guarded(privacy))
