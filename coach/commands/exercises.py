"""``coach exercises``: what can be coached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from coach.exercise import Exercise


def exercises(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One of them, or an exercise file.")] = None,
) -> None:
    """List the exercises, or show one: how to do it, where the camera goes, what is checked.

    \b
      coach exercises
      coach exercises hip-hiker
      coach exercises mine.toml      also checks the file
    """
    from rich.console import Console

    from coach.exercise import builtin_names, load_exercise

    console = Console()
    if name is not None:
        _show(load_exercise(name), console)
        return
    for each in builtin_names():
        exercise = load_exercise(each)
        console.print(f"[bold]{each}[/bold]  {exercise.title}", highlight=False)
        console.print(f"  {exercise.summary}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"\nMore about one: coach exercises {builtin_names()[0]}", highlight=False)


def _show(exercise: Exercise, console: Console) -> None:
    unit = "repetitions" if exercise.kind == "repetitions" else "breaths"
    low, high = exercise.target.depth
    lines = [
        exercise.summary,
        "",
        "How to do it",
        *(f"  {number}. {step}" for number, step in enumerate(exercise.how, start=1)),
        "",
        "Where the camera goes",
        f"  {exercise.camera.where}",
        "",
        "What is counted",
        f"  {exercise.target.count} {unit} a side; side means {exercise.side_is}.",
        f"  Reach for a {exercise.depth_name.rsplit('_', 1)[0].replace('_', ' ')} of {low:g} to {high:g} degrees.",
        "",
        "What is corrected",
        *(f"  {fault.name.replace('_', ' ')}: {exercise.say(fault.name)}" for fault in exercise.faults),
    ]
    console.print(f"[bold]{exercise.title}[/bold]  {exercise.name}", highlight=False)
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli import guarded

    app.command("exercises")(guarded(exercises))
