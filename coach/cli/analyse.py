"""``coach analyse``: recorded videos."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.broken_packages import cannot_be_loaded
from coach.cli.errors import BAD_INPUT, OUR_FAULT, SOME_FAILED, complain, unforeseen
from coach.cli.lines import said, so_far
from coach.cli.options import check_fps, check_side, check_spoken, expanded, folder_of, usable_folder
from coach.ending import code_of, end_behind
from coach.errors import CoachError
from coach.leftovers import temporary_folder

if TYPE_CHECKING:
    from coach.app.analyse import Analysis
    from coach.app.drawing import Drawing
    from coach.app.result_folder import Wanted
    from coach.definitions.exercise import Exercise
    from coach.perception.stopwatch import Stopwatch
    from coach.perception.watched_video import Observed
    from coach.types import Side


def analyse(
    videos: Annotated[list[str], typer.Argument(metavar="VIDEO", help="Videos, or recordings of 'coach record'.")],
    exercise: Annotated[
        str, typer.Option(metavar="auto|NAME|FILE.toml", help="What is done in them; auto finds out.")
    ] = "auto",
    side: Annotated[str, typer.Option(metavar="auto|left|right", help="Judge only this side.")] = "auto",
    fps: Annotated[float, typer.Option(help="Pictures looked at in a second of video, at most.")] = 15.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a video, and nothing else.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", readable=False, help="Write DIR/NAME/result.json for each.")
    ] = None,
    save_video: Annotated[
        bool, typer.Option("--save-video", help="Write DIR/NAME/annotated.mp4, which shows what was seen.")
    ] = False,
    clips: Annotated[
        bool, typer.Option("--clips", help="Cut a short video of each fault out of annotated.mp4.")
    ] = False,
    report: Annotated[bool, typer.Option("--report", help="Write DIR/NAME/report.html, with curves.")] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print the report to PDF too (extra 'pdf', or a Chromium).")
    ] = False,
    pictures: Annotated[
        bool, typer.Option("--pictures", help="Put real pictures into the report, not only drawn skeletons.")
    ] = False,
    export: Annotated[
        str | None, typer.Option(metavar="KINDS", help="Data for other programs: csv,parquet,trc,mot,c3d,bids.")
    ] = None,
    height_m: Annotated[
        float | None,
        typer.Option("--height-m", metavar="1.72", help="The person's height, by which metres are scaled."),
    ] = None,
    partial: Annotated[bool, typer.Option("--partial", hidden=True, help="Has no effect any more.")] = False,
    timings: Annotated[bool, typer.Option("--timings", help="Say on standard error where the time went.")] = False,
    language: Annotated[
        str, typer.Option("--lang", envvar="COACH_LANG", help="Language of the cues and the report.")
    ] = "en",
) -> None:
    """Analyse recorded videos: repetitions, holds, breaths, and what to correct.

    \b
      coach analyse me.mp4                        finds out which exercise and side
      coach analyse me.mp4 --exercise hip-hiker   looks for this one only
      coach analyse me.mp4 --exercise mine.toml   an exercise of your own
      coach analyse *.mp4 --out results           a result.json for each
      coach analyse *.mp4 --json > all.ndjson     one line for each
      coach analyse me.mp4 --save-video           writes out/me/annotated.mp4
      coach analyse me.mp4 --report               writes out/me/report.html
      coach analyse me.mp4 --export csv,trc       joints, angles, repetitions for other programs

    Exit code 0: all were analysed, whatever was found. 1: some could not be. 2: none could. 130: stopped by Ctrl-C.
    """
    del partial  # everything readable is always analysed; the option remains for existing scripts
    wanted_side, _ = check_side(side), check_fps(fps)

    from coach.app.analyse import choose_exercises
    from coach.app.result_folder import Wanted
    from coach.video.file import check_readable

    kinds, height_m = _exported(export, height_m)
    wanted = Wanted.of(
        save_video=save_video,
        clips=clips,
        report=report,
        pdf=pdf,
        pictures=pictures,
        kinds=kinds,
        height_m=height_m,
    )
    exercises = choose_exercises(exercise)
    check_spoken(language, exercises)
    folder = usable_folder(out or Path("out")) if out or wanted.any else None
    run = _Run(exercises, wanted_side, fps, language, as_json, folder, wanted, timings)
    names = expanded(videos)
    failed, worst = 0, BAD_INPUT
    try:
        for name in names:
            try:
                check_readable(name)
                run.one(Path(name))
            except CoachError as error:
                complain(error)
                failed += 1
            except (BrokenPipeError, typer.Exit, typer.Abort):  # the reader has gone: not the video's fault
                raise
            except Exception as error:
                # Whatever happens to one video, the others are analysed.
                end = end_behind(error)
                if end is not None:
                    raise end from error
                if os.environ.get("COACH_DEBUG"):
                    raise
                broken = cannot_be_loaded(error)
                if broken is not None:  # it would be the same with every other
                    raise broken from error
                complain(unforeseen(Path(name), error))
                failed += 1
                worst = worst if isinstance(error, (OSError, MemoryError)) else OUR_FAULT
    except KeyboardInterrupt as error:
        kept = f" and kept in {folder}" if folder and run.finished else ""
        complain(f"stopped; {run.finished} of {len(names)} videos are finished{kept}")
        raise typer.Exit(code_of(error)) from None
    if failed:
        raise typer.Exit(SOME_FAILED if run.finished else worst)


def _exported(kinds: str | None, height_m: float | None) -> tuple[tuple[str, ...], float | None]:
    """The kinds of data and the height that were asked for, checked; what writes them is loaded only then."""
    if kinds is None and height_m is None:
        return (), None
    from coach.export import check_kinds, parse_kinds
    from coach.export.metres import check_height

    parsed = parse_kinds(kinds) if kinds else ()
    check_kinds(parsed)
    return parsed, check_height(height_m)


@dataclass
class _Run:
    """One call of the command: its options, and what it has written so far."""

    exercises: Sequence[Exercise]
    side: Side | None
    fps: float
    language: str
    as_json: bool
    folder: Path | None
    wanted: Wanted
    timings: bool
    taken: set[str] = field(default_factory=set)
    finished: int = 0

    def one(self, path: Path) -> None:
        """Analyse one video and show what was found."""
        from coach.app.result_folder import ANNOTATED, check_drawable, watching
        from coach.perception.recording import is_recording
        from coach.perception.stopwatch import Stopwatch

        stopwatch = Stopwatch()
        with ExitStack() as stack:
            place = stack.enter_context(self._place(path)) if self.folder else None
            kept = None
            if self.wanted.data and not is_recording(path):
                # Plotted afterwards from the observations: only then is the exercise known.
                kept = Path(stack.enter_context(temporary_folder("video"))) / "observations"
            draw_to = place / ANNOTATED if place and self.wanted.video else None
            with watching(path, self.fps, self.exercises, self.language, draw_to=draw_to, stopwatch=stopwatch) as (
                observed,
                drawing,
            ):
                if self.wanted.video or self.wanted.pictures:
                    check_drawable(path, observed.source)
                found = self._analyse(path, observed, kept, drawing)
            for note in found.result["notes"] if self.as_json else ():
                complain(f"{path}: {note}")
            if place is not None:
                from coach.export import result_json

                result_json.write(found.result, place / "result.json")
            if (
                not self.wanted.any
            ):  # counted before it is shown, so that stopping right after the result still counts it
                self.finished += 1
            try:
                self._show(found)
            except OSError:
                self.finished -= place is None  # nobody has it
                raise
            if place is not None:
                self._say(place / "result.json")
            if self.timings:
                _show_timings(stopwatch, found.result["duration_s"])
            if self.wanted.any and place is not None:
                self._write_artifacts(found, drawing, kept or path, place, Path(observed.source))
                self.finished += 1

    def _show(self, found: Analysis) -> None:
        if self.as_json:
            from coach.export import result_json

            typer.echo(result_json.to_line(found.result))
            return
        from rich.console import Console

        from coach.cli import result_table

        title = found.exercise.in_language(self.language).title
        result_table.show(found.result, Console(), title, self.language)

    @contextmanager
    def _place(self, path: Path) -> Iterator[Path]:
        """The folder of a video's results; where there are none in the end, there is no folder either."""
        assert self.folder is not None
        place = folder_of(path, self.folder, self.taken)
        try:
            yield place
        except BaseException:
            with suppress(OSError):
                place.rmdir()
                self.taken.discard(place.name)
            raise

    def _analyse(self, path: Path, observed: Observed, kept: Path | None, drawing: Drawing | None) -> Analysis:
        from coach.app.result_folder import analyse_and_keep
        from coach.cli.progress_bar import progress_bar

        with progress_bar(path.name, observed.duration_s) as move_on:
            return analyse_and_keep(
                observed,
                self.exercises,
                self.side,
                self.language,
                kept=kept,
                fps=self.fps,
                drawing=drawing,
                on_moment=lambda moment: move_on(moment.t_s, lambda: so_far(moment.status)),
            )

    def _write_artifacts(
        self, found: Analysis, drawing: Drawing | None, recording: Path, place: Path, video: Path
    ) -> None:
        """Write what is made after the analysis. recording: of the observations, where any are needed."""
        from coach.app.result_folder import write_data, write_video
        from coach.cli.progress_bar import progress_bar
        from coach.export import IN_METRES

        written, absent = write_data(found, recording, place, self.wanted, video, self.side, self.language)
        for file in written:
            self._say(file)
        if self.wanted.height_m is not None and IN_METRES & set(self.wanted.kinds):
            self._say_scale(self.wanted.height_m, found.exercise.posture)
        if absent:
            complain(f"{video}: nobody was found: {', '.join(f'no .{kind}' for kind in absent)}")
        if drawing is None and self.wanted.video:
            with progress_bar(f"drawing {video.name}", found.result["duration_s"]) as move_on:
                files = write_video(
                    found, None, recording, place, self.wanted, self.side, self.language, on_picture=move_on
                )
        else:
            files = write_video(found, drawing, recording, place, self.wanted, self.side, self.language)
        for file in files:
            self._say(file)

    def _say_scale(self, height_m: float, posture: str) -> None:
        from coach.export.metres import ERROR_SHARE

        error = ERROR_SHARE["height", "lying" if posture == "lying" else "standing"]
        line = said("scale", height=f"{height_m:g}", error=f"{100 * error:.0f}")
        typer.echo(f"  {line}", err=self.as_json)

    def _say(self, written: Path) -> None:
        typer.echo(f"  {said('wrote', file=written)}", err=self.as_json)


def _show_timings(stopwatch: Stopwatch, duration_s: float | None) -> None:
    total_s, spent_s = stopwatch.total_s, stopwatch.spent_s
    model_s = spent_s["model"]
    rest_s = total_s - model_s - spent_s["start"] - spent_s["reading"]
    parts = (
        ("loading the model", spent_s["start"]),
        ("waiting for pictures", spent_s["reading"]),
        ("pose model", model_s),
        ("all the rest", rest_s),
    )
    for name, seconds in parts:
        typer.echo(f"{name:<22}{seconds:8.2f} s {100 * seconds / total_s:6.1f} %", err=True)
    pace = f", {duration_s / total_s:.1f} times as fast as real time" if duration_s else ""
    typer.echo(f"{'in all':<22}{total_s:8.2f} s{pace}", err=True)
    typer.echo(f"not the pose model    {100 * (1 - model_s / total_s):15.1f} %", err=True)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("analyse", short_help="Analyse recorded videos.")(guarded(analyse))
