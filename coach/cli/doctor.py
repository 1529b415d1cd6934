"""``coach doctor``: whether everything is there."""

from __future__ import annotations

import typer

from coach.cli.errors import SOME_FAILED


def doctor() -> None:
    """Check Python, packages, the pose model, cameras and the screen, and say how to fix what is wrong.

    Exit code 0 unless something is broken that the analysis of videos needs.
    """
    from rich.console import Console

    from coach.app.doctor import examine

    console = Console(highlight=False)
    broken = False
    for check in examine():
        broken |= check.essential and not check.fine
        mark = (
            "[green]ok     [/green]"
            if check.fine
            else "[red]broken [/red]"
            if check.essential
            else "[yellow]missing[/yellow]"
        )
        console.print(f"{mark} {check.name:<22}", end="")
        console.print(check.says, markup=False, soft_wrap=True)
        if not check.fine:
            console.print(f"        {check.remedy}", markup=False, soft_wrap=True)
    console.print("Something is broken: see above." if broken else "Videos can be analysed.")
    if broken:
        raise typer.Exit(SOME_FAILED)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("doctor", short_help="Check that everything needed is there.")(guarded(doctor))
