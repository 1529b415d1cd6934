"""``coach live``: in front of a camera."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.commands.options import check_side, usable_folder
from coach.commands.outcome import BAD_INPUT, complain


def live(
    exercise: Annotated[
        str, typer.Argument(metavar="EXERCISE", help="A name, a file, or auto: whichever is done.")
    ] = "auto",
    camera: Annotated[int, typer.Option(min=0, help="Number of the camera; --list-cameras shows them.")] = 0,
    source: Annotated[
        str | None, typer.Option(metavar="FILE|URL", help="A video played as if it were a camera, or a stream.")
    ] = None,
    side: Annotated[str, typer.Option(metavar="auto|left|right", help="Judge only this side.")] = "auto",
    mute: Annotated[bool, typer.Option("--mute", help="Do not speak.")] = False,
    full_screen: Annotated[bool, typer.Option("--full-screen", help="Fill the screen.")] = False,
    language: Annotated[str, typer.Option("--lang", help="Language of what is said.")] = "en",
    out: Annotated[Path, typer.Option(metavar="DIR", readable=False, help="Where the result is written.")] = Path(
        "out"
    ),
    list_cameras: Annotated[bool, typer.Option("--list-cameras", help="List the cameras that open.")] = False,
) -> None:
    """Practise in front of a camera, in a window.

    \b
      coach live hip-hiker                        the first camera
      coach live strap-stretch --side left        only the left leg
      coach live --camera 1 --full-screen         another camera, the whole screen
      coach live hip-hiker --source me.mp4        a video as if it were the camera
      coach live --list-cameras

    Keys: space pauses, s changes sides, f fills the screen, q or Esc ends. The result is printed and written to
    DIR/live/result.json.
    """
    if list_cameras:
        _list_cameras()
        return
    wanted_side = check_side(side)
    folder = usable_folder(out)

    from rich.console import Console

    from coach.analysis import choose_exercises
    from coach.faces import as_json, table
    from coach.live import run_live

    exercises = choose_exercises(exercise)
    done = run_live(
        exercises,
        camera if source is None else source,
        side=wanted_side,
        language=language,
        mute=mute,
        full_screen=full_screen,
    )
    place = _unused(folder / "live")
    usable_folder(place)
    as_json.write(done.result, place / "result.json")
    table.show(done.result, Console(), done.exercise.title)
    typer.echo(f"  result: {place / 'result.json'}")
    if done.problem is not None:
        complain(done.problem)
        raise typer.Exit(BAD_INPUT)


def _unused(folder: Path) -> Path:
    """The folder, or the first of ``name-2``, ``name-3`` ... that is not there yet."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def _list_cameras() -> None:
    from coach.camera import list_cameras

    cameras = list_cameras()
    for each in cameras:
        rate = f", {each.fps:.0f} pictures a second" if each.fps == each.fps else ""
        typer.echo(f"{each.number}: {each.size_px[0]} x {each.size_px[1]}{rate}")
    if not cameras:
        complain("no camera opens. Plug one in, close programs that use it, and allow this program to use the camera")
        raise typer.Exit(BAD_INPUT)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli import guarded

    app.command("live")(guarded(live))
