"""``coach doctor``: whether everything is there."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.cli.errors import SOME_FAILED
from coach.cli.options import check_language


def doctor(
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of what it says.")] = "en",
) -> None:
    """Check Python, packages, the pose model, cameras and the screen, and say how to fix what is wrong.

    Exit code 0 unless something is broken that the analysis of videos needs.
    """
    from rich.console import Console

    from coach.app.doctor import examine
    from coach.i18n.error_messages import translated
    from coach.i18n.terminal_messages import terminal_words

    check_language(language)
    words = terminal_words(language)
    widest = max(len(words(key)) for key in ("doctor_fine", "doctor_broken", "doctor_missing"))
    console = Console(highlight=False)
    broken = False
    for check in examine():
        broken |= check.essential and not check.fine
        colour, key = (
            ("green", "doctor_fine")
            if check.fine
            else ("red", "doctor_broken")
            if check.essential
            else ("yellow", "doctor_missing")
        )
        console.print(f"[{colour}]{words(key):<{widest}}[/{colour}] {translated(check.name, language):<22}", end="")
        console.print(translated(check.says, language), markup=False, soft_wrap=True)
        if not check.fine:
            console.print(f"{'':{widest}} {translated(check.remedy, language)}", markup=False, soft_wrap=True)
    console.print(words("doctor_bad") if broken else words("doctor_good"))
    if broken:
        raise typer.Exit(SOME_FAILED)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("doctor", short_help="Check that everything needed is there.")(guarded(doctor))
