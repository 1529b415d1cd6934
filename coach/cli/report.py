"""``coach report``: a report made again from saved data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import complain
from coach.cli.lines import said
from coach.cli.options import check_language
from coach.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.definitions.exercise import Exercise
    from coach.session.result import Result


def report(
    result: Annotated[str, typer.Argument(metavar="RESULT", help="A result.json, or the number of a session.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the report goes, or with --pdf its print alone.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print it to PDF too (extra 'pdf', or a Chromium).")] = False,
    exercise: Annotated[
        str | None, typer.Option(metavar="FILE.toml", help="The exercise's file, where it is one of your own.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--lang", envvar="COACH_LANG", help="Its language; without it the session's, or English."),
    ] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where the history is.")] = None,
) -> None:
    """Make a report again from saved data: one HTML file that needs nothing else.

    \b
      coach report out/me/result.json         writes out/me/report.html
      coach report out/me/result.json --pdf   and out/me/report.pdf, on A4
      coach report 12                         session 12 of the history, as 'coach history' lists it
      coach report 12 --exercise mine.toml    where an exercise of your own was done in it
    """
    if language is not None:
        check_language(language)
    from coach.definitions.exercise import load_exercise
    from coach.report.pdf import check_page_name

    if out is not None:
        check_page_name(out, pdf)
    own = load_exercise(exercise) if exercise is not None else None
    if result.isascii() and result.isdigit() and len(result) < 20:
        from coach.history import History
        from coach.report.write import write_history_report

        with History.existing(data_dir) as history:
            _say_unknown(history.session(int(result)).results, own)
            target = out or Path(f"session-{result}.html")
            known = (own,) if own is not None else ()
            written = write_history_report(history, int(result), target, known, language=language, pdf=pdf)
    else:
        from coach.app.batch.entries import VIDEO_ENDINGS
        from coach.report.write import write_report
        from coach.session.timeline_file import read_timeline, timeline_path

        path = Path(result)
        if path.suffix.lower() in VIDEO_ENDINGS and path.is_file():
            raise RecordingError(
                f"{path}: is a video or a recording, not a result", f"Run: coach analyse {path} --report"
            )
        found = read_result(path)
        _say_unknown([found], own)
        beside = timeline_path(path)
        timeline = read_timeline(beside) if beside.is_file() else None
        if timeline is None:
            complain(said("report_bare", file=beside))
        target = out or path.with_name("report.html" if path.name == "result.json" else f"{path.stem}.report.html")
        written = write_report(found, timeline, target, exercise=own, language=language or "en", pdf=pdf)
    for file in written:
        typer.echo(str(file))


def _say_unknown(results: Sequence[Result], own: Exercise | None) -> None:
    """Say of which exercises there are only figures, because their files are not known here."""
    from coach.definitions.exercise import builtin_names

    done = {name for result in results if (name := result["exercise"])}
    for name in sorted(done - {*builtin_names(), own.name if own is not None else ""}):
        complain(said("report_no_file", exercise=name))


def read_result(path: Path) -> Result:
    """A result.json of this version or an earlier one. Raises RecordingError if it is not one."""
    from coach.reading import MOST_RESULT_BYTES, read_json
    from coach.session.result_reading import checked_result

    remedy = "Give the result.json that 'coach analyse --out' wrote"
    found = read_json(path, RecordingError, remedy, MOST_RESULT_BYTES)
    try:
        return checked_result(found)
    except ValueError as error:
        raise RecordingError(f"{path}: is no result of this coach ({error})", remedy) from error


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("report", short_help="Make a report again from saved data.")(guarded(report))
