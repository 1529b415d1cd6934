"""``coach exercises``: what can be coached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.options import check_language

if TYPE_CHECKING:
    from rich.console import Console

    from coach.definitions.exercise import Exercise
    from coach.i18n.report_messages import Messages


def exercises(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One of them, or an exercise file.")] = None,
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of what is shown.")] = "en",
) -> None:
    """List the exercises, or show one: how to do it, where to put the camera, and what is checked.

    \b
      coach exercises
      coach exercises hip-hiker
      coach exercises mine.toml      also checks the file
    """
    from rich.console import Console
    from rich.text import Text

    check_language(language)
    from coach.definitions.exercise import builtin_names, load_exercise
    from coach.i18n.report_messages import report_words

    console, words = Console(), report_words(language)
    if name is not None:
        _show(load_exercise(name), console, words)
        return
    for each in builtin_names():
        about = load_exercise(each).in_language(language)
        console.print(Text.assemble((each, "bold"), f"  {about.title}"))
        console.print(f"  {about.summary}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"\n{words('more_about', name=builtin_names()[0])}", highlight=False)


def _show(exercise: Exercise, console: Console, words: Messages) -> None:
    from rich.text import Text

    about = exercise.in_language(words.language)
    noun = "repetition" if exercise.kind == "repetitions" else "breath"
    count = words(f"{noun}_one" if exercise.asked_for == "1" else f"{noun}_many", count=exercise.asked_for)
    depth = words.quantity(exercise.depth_name)
    low, high = (words.bare(end) for end in exercise.target.depth)
    lines = [
        about.summary,
        "",
        words("how_head"),
        *(f"  {number}. {step}" for number, step in enumerate(about.how, start=1)),
        "",
        words("where_head"),
        f"  {about.camera_where}",
        "",
        words("counted_head"),
        f"  {words('counted_of_side', count=count, side_is=about.side_is)}",
        f"  {words('reach_for', depth=depth, low=low, high=high, unit=words.unit(exercise.depth_name))}",
        "",
        words("corrected_head"),
        *(f"  {words.fault(each, exercise)}: {exercise.say(each, words.language)}" for each in exercise.correctable),
    ]
    console.print(Text.assemble((about.title, "bold"), f"  {exercise.name}"))
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("exercises", short_help="What can be coached, how it is done and filmed.")(guarded(exercises))
