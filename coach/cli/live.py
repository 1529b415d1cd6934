"""``coach live``: in front of the webcam, in a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import BAD_INPUT, complain
from coach.cli.lines import said
from coach.cli.options import check_side, check_spoken, usable_folder
from coach.errors import CoachError, OptionError

if TYPE_CHECKING:
    from coach.app.engine import Screen
    from coach.definitions.exercise import Exercise
    from coach.history import SessionWriter
    from coach.types import Moment, Side
    from coach.window.voice import Voice


def live(
    exercise: Annotated[
        str | None,
        typer.Argument(metavar="[EXERCISE]", help="One exercise, freely, or auto; without it a guided session."),
    ] = None,
    camera: Annotated[int, typer.Option(min=0, help="Number of the camera; --list-cameras shows them.")] = 0,
    source: Annotated[
        str | None, typer.Option(metavar="FILE|URL", help="A video played as if it were the camera, or a stream.")
    ] = None,
    list_cameras: Annotated[bool, typer.Option("--list-cameras", help="Show the cameras that work, and end.")] = False,
    side: Annotated[str, typer.Option(metavar="auto|left|right", help="Only this side.")] = "auto",
    programme: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="Guided: a programme's name or file.")
    ] = "standard",
    only: Annotated[str | None, typer.Option("--exercise", metavar="NAME|FILE", help="Guided: only this one.")] = None,
    reps: Annotated[int | None, typer.Option(help="Guided: repetitions of a set.")] = None,
    breaths: Annotated[int | None, typer.Option(help="Guided: breaths of a hold.")] = None,
    sets: Annotated[int | None, typer.Option(help="Guided: sets of each exercise and side.")] = None,
    rest: Annotated[float | None, typer.Option(metavar="SECONDS", help="Guided: rest between two sets.")] = None,
    language: Annotated[
        str, typer.Option("--lang", envvar="COACH_LANG", help="Language of what is said and shown.")
    ] = "en",
    mute: Annotated[bool, typer.Option("--mute", help="Show, but do not speak.")] = False,
    full_screen: Annotated[bool, typer.Option("--full-screen", help="Fill the screen from the start.")] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the result of one exercise goes.")] = Path("out"),
    person: Annotated[str, typer.Option(metavar="NAME", help="Whose session it is.")] = "me",
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the history is.")] = None,
) -> None:
    """Practise in front of the camera: it counts, measures, and says immediately what to correct.

    \b
      coach live                                   the whole programme, guided
      coach live --exercise hip-hiker --reps 5     guided, this exercise only
      coach live --programme mine.toml --lang de   your own programme, in German
      coach live strap-stretch --side left         one exercise, without guidance
      coach live hip-hiker --source me.mp4         a video as if it were the camera
      coach live --list-cameras                    which cameras there are

    Keys: space pauses, s changes sides, m mutes, f fills the screen, q or Esc ends; a guided session shows more.

    What you did is shown and stored in the history; closing the window or pressing Ctrl-C loses nothing. Exit code 2:
    it could not begin, the camera was lost, or the session could not be stored; a line says which.
    """
    if list_cameras:
        _list_cameras()
        return
    from coach.history.records import checked_name
    from coach.perception.recording import check_unrecorded

    if source is not None:
        check_unrecorded(source)
    only_side = check_side(side)
    person = checked_name(person)
    picture: int | str = camera if source is None else source
    narrowing = (only, reps, breaths, sets, rest)
    if exercise is None:
        _guided(picture, programme, narrowing, only_side, language, mute, full_screen, person, data_dir)
    elif narrowing != (None,) * 5 or programme != "standard":
        raise OptionError(
            "--programme, --exercise, --reps, --breaths, --sets and --rest belong to a guided session",
            f"Leave out '{exercise}', or use --exercise {exercise}",
        )
    else:
        _free(exercise, picture, only_side, language, mute, full_screen, out, person, data_dir)


def _free(
    exercise: str,
    picture: int | str,
    side: Side | None,
    language: str,
    mute: bool,
    full_screen: bool,
    out: Path,
    person: str,
    data_dir: Path | None,
) -> None:
    """One exercise without a programme."""
    from rich.console import Console

    from coach.app.analyse import choose_exercises
    from coach.app.guided import GuidedSettings, confirm, confirmed
    from coach.app.practice import run_live
    from coach.cli import result_table
    from coach.definitions.programme import load_programme
    from coach.export import result_json
    from coach.history import keep_session

    exercises = choose_exercises(exercise)
    check_spoken(language, exercises)
    known = exercises[0] if len(exercises) == 1 else None
    folder = usable_folder(out)
    unkept = _unkept(data_dir)
    standard = load_programme()
    spoken = language if language in standard.languages else "en"
    recorded = Path(str(picture)).is_file()  # nobody is there to be warned
    settings = GuidedSettings(standard, spoken, person, data_dir)
    with ExitStack() as stack:
        begun: list[SessionWriter] = []

        def keep(moment: Moment) -> None:
            if not begun:  # a missing camera must not leave an empty session behind
                session = keep_session(data_dir, person, exercise=known, source=str(picture))
                begun.append(stack.enter_context(session))
                begun[0].record({"language": language})
            begun[0].step(moment)

        screen, voice = stack.enter_context(_desktop(language, mute, full_screen))
        done = run_live(
            exercises,
            picture,
            screen,
            voice,
            side=side,
            language=language,
            on_start=lambda: typer.echo(said("live_keys"), err=True),
            on_moment=keep if unkept is None else None,
            notice=None if recorded or confirmed(settings) else standard.speak(spoken),
            confirm=lambda: confirm(settings),
        )
        for writer in begun:
            writer.result(done.result)
    # Everything is written before anything is printed: the reader may have gone, as after closing a terminal.
    target = usable_folder(_unused(folder / "live")) / "result.json"
    result_json.write(done.result, target)
    number, lost = (begun[0].number, begun[0].problem) if begun else (0, None)
    left = _write_report(number, lost, exercises, data_dir)
    result_table.show(done.result, Console(), done.exercise.in_language(language).title, language)
    typer.echo("  " + said("live_result", file=target))
    _close(left, done.problem, unkept)


def _guided(
    picture: int | str,
    programme: str,
    narrowing: tuple[str | None, int | None, int | None, int | None, float | None],
    side: Side | None,
    language: str,
    mute: bool,
    full_screen: bool,
    person: str,
    data_dir: Path | None,
) -> None:
    """A programme, from the notice to the summary."""
    from coach.app.guided import GuidedSettings
    from coach.app.guided_engine import run_guided
    from coach.app.own_programmes import find_programme
    from coach.definitions.exercise import title_of

    chosen = find_programme(programme, data_dir)
    if side is not None or narrowing != (None,) * 5:
        only, reps, breaths, sets, rest = narrowing
        chosen = chosen.narrowed(only, side, reps, breaths, sets, rest)
    chosen.speak(language)
    unkept = _unkept(data_dir)
    settings = GuidedSettings(chosen, language, person, data_dir, source=str(picture), kept=unkept is None)
    with _desktop(language, mute, full_screen) as (screen, voice):
        done = run_guided(settings, picture, screen, voice)
    left = _write_report(done.number, done.unkept, chosen.exercises(), data_dir)
    for each in done.record.sets:
        count = said("not_seen") if each.count is None else said("of", count=each.count, target=each.target)
        title = title_of(each.exercise, language)
        typer.echo("  " + said("live_set", exercise=title, side=said(each.side), done=count))
    if not done.record.sets:
        typer.echo("  " + said("live_nothing"))
    _close(left, done.problem, unkept)


@contextmanager
def _desktop(language: str, mute: bool, full_screen: bool) -> Iterator[tuple[Screen, Voice]]:
    """The window and its voice. The window first, because it fails fastest. Raises ScreenError."""
    from coach.window.voice import Voice
    from coach.window.window import Window

    screen = Window(full_screen)
    try:
        with Voice(language, muted=mute, tell=complain) as voice:
            yield screen, voice
    finally:
        screen.close()


def _unkept(data_dir: Path | None) -> CoachError | None:
    """Why the session cannot be stored, to say so before the exercise rather than after; None if it can."""
    from coach.history import History

    try:
        with History.open(data_dir) as history:
            history.check_writable()
    except CoachError as error:
        complain(f"this session will not be kept: {error}")
        return error
    return None


@dataclass(frozen=True)
class _Left:
    """What a session left: its report, what was wrong with it, and why it could not be stored."""

    report: Path | None = None
    problem: CoachError | None = None
    unkept: CoachError | None = None


def _write_report(
    number: int, unkept: CoachError | None, exercises: Sequence[Exercise], data_dir: Path | None
) -> _Left:
    """Write the report of a stored session; number 0 means there is none. unkept: why the history lost it."""
    from coach.report.write import try_report

    if unkept is not None or not number:
        return _Left(unkept=unkept)
    report = try_report(data_dir, number, exercises)
    return _Left(problem=report) if isinstance(report, CoachError) else _Left(report)


def _close(left: _Left, ended_by: CoachError | None, unkept: CoachError | None) -> None:
    """Say what was written and what went wrong. unkept: what was already said about the history."""
    for problem in (left.unkept, left.problem):
        if problem is not None:
            complain(problem)
    if left.report is not None:
        typer.echo("  " + said("live_report", file=left.report))
    if ended_by is not None:
        complain(ended_by)
    if any(problem is not None for problem in (ended_by, unkept, left.unkept)):
        raise typer.Exit(BAD_INPUT)


def _unused(folder: Path) -> Path:
    """The folder, or the first of ``name-2``, ``name-3`` ... that does not exist yet."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def _list_cameras() -> None:
    from coach.video.camera import list_cameras

    cameras = list_cameras()
    for each in cameras:
        rate = f", {each.fps:.0f} pictures a second" if each.fps == each.fps else ""
        typer.echo(f"{each.number}: {each.size_px[0]} x {each.size_px[1]}{rate}")
    if not cameras:
        complain("no camera opens. Plug one in, close programs that use it, and allow this program to use the camera")
        raise typer.Exit(BAD_INPUT)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("live", short_help="The same in a window, or one exercise freely.")(guarded(live))
