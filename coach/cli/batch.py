"""``coach batch``: thousands of videos."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import BAD_INPUT, SOME_FAILED, SPOKEN, complain
from coach.cli.lines import said
from coach.cli.options import check_fps, check_language, check_side, check_spoken, usable_folder
from coach.ending import code_of
from coach.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.app.batch.job import Job
    from coach.app.batch.run import Standing
    from coach.app.batch.store import Store
    from coach.app.batch.table import Row
    from coach.app.batch.workers import Engine
    from coach.definitions.exercise import Exercise

SPEED_OVER_S = 600.0  # videos are of many lengths: the time left follows from the last ten minutes
MOST_SAID = 20  # failures reported one by one while it runs; the table has all


def batch(
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="FOLDER|VIDEO|LIST.csv|URL", help="What is to be analysed.")
    ] = None,
    out: Annotated[
        str | None, typer.Option(metavar="DIR|URL", help="Where results, table and page go; started again, it goes on.")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Videos at the same time; 0 is one a processor.")] = 0,
    shard: Annotated[str | None, typer.Option(metavar="I/N", help="Only every N-th video, from the I-th.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:8786", help="Do it on a Dask cluster instead.")
    ] = None,
    status: Annotated[
        str | None, typer.Option(metavar="DIR|URL", help="Say how far a batch is, and make its table and page anew.")
    ] = None,
    exercise: Annotated[
        str, typer.Option(metavar="auto|NAME|FILE.toml", help="What is done where a list does not say.")
    ] = "auto",
    side: Annotated[
        str, typer.Option(metavar="auto|left|right", help="The side to judge where a list does not say.")
    ] = "auto",
    fps: Annotated[float, typer.Option(help="Pictures looked at in a second of video, at most.")] = 15.0,
    save_video: Annotated[bool, typer.Option("--save-video", help="An annotated.mp4 for each.")] = False,
    clips: Annotated[bool, typer.Option("--clips", help="A short video of each fault, too.")] = False,
    report: Annotated[bool, typer.Option("--report", help="A report.html for each.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="The report as PDF, too.")] = False,
    pictures: Annotated[bool, typer.Option("--pictures", help="Real pictures in the report.")] = False,
    export: Annotated[
        str | None, typer.Option(metavar="KINDS", help="Data for other programs: csv,parquet,trc,mot,c3d,bids.")
    ] = None,
    language: Annotated[
        str, typer.Option("--lang", envvar="COACH_LANG", help="Language of cues, reports and page.")
    ] = "en",
) -> None:
    """Analyse many videos, on all processors or many machines: a folder per video, one table, one page.

    \b
      coach batch videos --out results                 everything below a folder
      coach batch list.csv --out results --report      a list: video,person,date,exercise,side
      coach batch videos --out results --shard 2/8     the second of eight machines that share the folder
      coach batch videos --out results --scheduler tcp://host:8786
      coach batch --status results

    A video already analysed with the same options is skipped: after Ctrl-C, a power cut or new videos, the same
    command continues. docs/scale.md says how long it takes.

    Exit code 0: all were analysed. 1: some could not be. 2: none could. 130: stopped by Ctrl-C, finished ones are kept.
    """
    if status is not None:
        if inputs or out:
            raise OptionError("--status stands alone", "Leave out the videos and --out")
        _show_status(status)
        return
    if not inputs or out is None:
        raise OptionError("batch needs videos and a place for the results", "coach batch VIDEOS --out DIR")
    wanted_side, _ = check_side(side), check_fps(fps)
    check_language(language)
    part = _check_shard(shard)

    from coach.app.analyse import choose_exercises
    from coach.app.batch.entries import find_entries, shard_of
    from coach.app.batch.job import jobs_for
    from coach.app.batch.keys import Settings
    from coach.app.batch.store import FolderStore, open_store
    from coach.app.batch.table import write_plan
    from coach.app.batch.urls import is_url
    from coach.app.result_folder import Wanted
    from coach.export import check_kinds, parse_kinds

    kinds = parse_kinds(export) if export else ()
    check_kinds(kinds)
    wanted = Wanted.of(save_video=save_video, clips=clips, report=report, pdf=pdf, pictures=pictures, kinds=kinds)
    settings = Settings(fps, language, wanted)

    @cache
    def exercises_of(name: str) -> Sequence[Exercise]:
        chosen = choose_exercises(name)
        check_spoken(language, chosen)
        return chosen

    place = out if is_url(out) else str(usable_folder(Path(out)).resolve())
    entries, remarks = find_entries(inputs, None if is_url(out) else Path(out), exercises_of)
    for remark in remarks:
        complain(remark)
    jobs = jobs_for(entries, exercises_of, exercise, wanted_side, settings, place)
    store = open_store(place)
    if isinstance(store, FolderStore):
        store.sweep()
    write_plan(store, jobs, language)
    chosen = shard_of(jobs, part)
    _say_what_is_redone(store, chosen, out)
    _Run(chosen, store, out).all(scheduler, workers)


def _check_shard(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise OptionError(f"--shard is '{text}'", "Use 1/4 to 4/4 for four machines")
    return int(found[1]), int(found[2])


def _say_what_is_redone(store: Store, jobs: Sequence[Job], out: str) -> None:
    from coach.app.batch.table import redone
    from coach.i18n.error_messages import translated

    found = redone(store, jobs)
    for reasons, count in found.items():
        why = "; ".join(translated(each, SPOKEN.get()) for each in reasons)
        complain(said("batch_again", count=count, why=why))
    if found:
        complain(said("batch_stays", folder=f"{out}/videos"))


@dataclass
class _Run:
    """One run of the command."""

    jobs: Sequence[Job]
    store: Store
    out: str
    said: int = 0

    def all(self, scheduler: str | None, workers: int) -> None:
        """Do everything, and say how it ended."""
        from coach.app.batch.run import Standing, end, run_batch
        from coach.cli.batch_standing import PictureRate, counts
        from coach.cli.progress_bar import progress_bar

        standing, rate = Standing(len(self.jobs)), PictureRate()

        def changed(now: Standing) -> None:
            nonlocal standing
            standing = now
            move_on(now.completed, lambda: counts(now, rate.at(time.monotonic(), now.pictures)))

        stopped = 0
        engine = self._engine(scheduler, workers)
        try:
            with progress_bar(f"{len(self.jobs)} videos", len(self.jobs), SPEED_OVER_S) as move_on:
                run_batch(self.jobs, engine, self.store, on_change=changed, on_failure=self._failed)
        except KeyboardInterrupt as error:
            stopped = code_of(error)
        finally:
            with _undisturbed() if stopped else nullcontext():
                end(engine, self.store)
        self._table()
        done = said("batch_done", done=standing.done, total=standing.total)
        before = said("batch_before", count=standing.kept) if standing.kept else ""
        failed = said("batch_failed", count=standing.failed) if standing.failed else ""
        if stopped:
            complain(said("batch_stopped", done=f"{done}{failed}"))
            raise typer.Exit(stopped)
        typer.echo(f"{done}{before}{failed}: {self.out}")
        if standing.failed:
            raise typer.Exit(SOME_FAILED if standing.done else BAD_INPUT)

    def _engine(self, scheduler: str | None, workers: int) -> Engine:
        from coach.app.batch.workers import LocalWorkers, processors

        if scheduler is None:
            return LocalWorkers(min(workers or processors(), len(self.jobs)) or 1)
        from coach.app.batch.cluster import Cluster

        return Cluster(scheduler, self.store)

    def _failed(self, job: Job, error: str) -> None:
        self.said += 1
        if self.said <= MOST_SAID:
            complain(error)
        elif self.said == MOST_SAID + 1:
            complain(said("batch_more_failed"))

    def _table(self) -> None:
        from coach.app.batch.table import read_plan, write_table

        write_table(self.store, read_plan(self.store, self.out))


def _show_status(place: str) -> None:
    from coach.app.batch.store import open_store
    from coach.app.batch.table import read_plan, rows_of, write_table
    from coach.errors import OutputError

    store = open_store(place)
    plan = read_plan(store, place)
    rows = list(rows_of(store, plan, figures=False))
    in_hand = [row for row in rows if row.holder]
    counts = {state: sum(row.state == state for row in rows) for state in ("done", "failed", "waiting")}
    standing = {"done": counts["done"], "failed": counts["failed"], "waiting": counts["waiting"] - len(in_hand)}
    typer.echo(said("batch_status", total=len(rows), held=len(in_hand), **standing))
    for row in in_hand:
        typer.echo("  " + said("batch_held", name=row.entry.name, holder=row.holder))
    for row in rows:
        if row.state == "failed":
            typer.echo("  " + said("batch_lost", name=row.entry.name, error=_error_of(row)))
    try:
        write_table(store, plan)
    except OutputError as error:
        complain(error)


def _error_of(row: Row) -> str:
    from coach.i18n.error_messages import translated_line

    return translated_line(row.error, row.entry.name, SPOKEN.get())


@contextmanager
def _undisturbed() -> Iterator[None]:
    """While the workers are being stopped, another Ctrl-C does not leave them running."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # others come only once: coach.ending
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("batch", short_help="Analyse many videos, on many processors or machines.")(guarded(batch))
