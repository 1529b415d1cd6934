"""``coach bench``: how fast the coach is on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from coach.app.bench import Latency
    from coach.app.bench_analyse import Comparison

SAMPLE = "hiker_right_30fps.mp4"
WORKERS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
ROWS = {
    "waiting": "waiting for the one before",
    "model": "pose model",
    "seeing": "picture, other",
    "judging": "judging",
    "drawing": "drawing",
    "answer": "arrival to answer",
}


def live(
    source: Annotated[Path | None, typer.Option(metavar="FILE", help="The video; a sample otherwise.")] = None,
    exercise: Annotated[str, typer.Option(metavar="NAME|FILE|auto", help="What is judged; auto is the most.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Play a video as the camera, and measure the time from each picture's arrival to its result.

    \b
      coach bench live
      coach bench live --source me.mp4 --exercise strap-stretch --json

    It takes as long as the video. Anything else running on the machine slows it down.
    """
    from coach.app.analyse import choose_exercises
    from coach.app.bench import bench_live
    from coach.app.sample_clips import sample_clip

    chosen = source or sample_clip(SAMPLE)
    latency = bench_live(choose_exercises(exercise), chosen)
    if as_json:
        typer.echo(json.dumps(latency.as_dict()))
    else:
        _show(latency)


def analyse(
    source: Annotated[Path | None, typer.Option(metavar="FILE", help="The video; a sample otherwise.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often each loop runs.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Compare an analysis with a bare loop: decode with OpenCV, find a pose in every picture, nothing else.

    \b
      coach bench analyse
      coach bench analyse --source me.mp4 --rounds 3

    The loops take turns, so that other programs slow all of them down. It takes some minutes.
    """
    from coach.app.bench_analyse import bench_analyse
    from coach.app.sample_clips import sample_clip

    compared = bench_analyse(source or sample_clip(SAMPLE), rounds)
    if as_json:
        typer.echo(json.dumps(compared.as_dict()))
    else:
        _show_comparison(compared)


def scale(
    videos: Annotated[
        list[Path] | None, typer.Argument(metavar="VIDEO", help="What is measured; the samples otherwise.")
    ] = None,
    per_day: Annotated[
        list[int] | None, typer.Option(min=1, help="Videos a day to reckon for; may be given several times.")
    ] = None,
    minutes: Annotated[float, typer.Option(help="Assumed: length of a video.")] = 2.0,
    mb_a_minute: Annotated[float, typer.Option(help="Assumed: size of a minute of video, in MB.")] = 130.0,
    link: Annotated[float, typer.Option(help="Assumed: what all workers can read together, in MB a second.")] = 125.0,
    life: Annotated[float, typer.Option(help="Assumed: hours after which a worker dies, on average.")] = 100.0,
    workers: Annotated[
        list[int] | None, typer.Option(min=1, help="Numbers of workers that are measured; 1 and one a processor.")
    ] = None,
    simulated: Annotated[int, typer.Option(min=1, help="Videos of the simulation.")] = 10_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Measure what a minute of video takes, and estimate what many videos a day need.

    \b
      coach bench scale                                    the samples, as in docs/scale.md
      coach bench scale my/*.mp4 --mb-a-minute 60          videos of your own
      coach bench scale --per-day 500 --minutes 5

    Runs real batches, with one worker and with one per processor, which takes some minutes. The simulation uses their
    means and spreads. Prints Markdown.
    """
    from coach.app.capacity import Assumed, Report, measure, needs
    from coach.app.capacity import simulate as play
    from coach.app.sample_clips import sample_clips
    from coach.cli.capacity_table import markdown

    chosen = videos or sample_clips()
    assumed = Assumed(minutes, mb_a_minute, link, life)
    measured = measure(chosen, workers)
    found = Report(
        measured,
        assumed,
        [needs(measured, assumed, count) for count in per_day or (10_000, 1_000_000)],
        [play(measured, assumed, simulated, count) for count in WORKERS],
        simulated,
    )
    typer.echo(json.dumps(found.as_dict()) if as_json else markdown(found))


def _show(latency: Latency) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("ms")
    for title in ("median", "p95", "longest"):
        table.add_column(title, justify="right")
    for name, title in ROWS.items():
        spread = getattr(latency, name)
        style = "bold" if name == "answer" else None
        table.add_row(title, f"{spread.median_ms:.1f}", f"{spread.p95_ms:.1f}", f"{spread.longest_ms:.1f}", style=style)
    console.print(latency.source, markup=False, soft_wrap=True)
    console.print(table)
    verdict = "reached" if latency.met else "missed"
    console.print(
        f"p95 beyond the model's own p95: {latency.beyond_model_ms:.1f} ms "
        f"(target: at most {latency.target_ms:.0f} ms, {verdict})"
    )
    console.print(f"{latency.frames} pictures answered, {latency.dropped} dropped for newer ones")


def _show_comparison(compared: Comparison) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(compared.source, markup=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("")
    for title in ("pictures", "wall, s", "processor, s", "wall / bare", "processor / bare", "target"):
        table.add_column(title, justify="right")
    for name, loops in compared.loops.items():
        target = compared.targets.get(name)
        table.add_row(
            name,
            str(loops[0].pictures),
            f"{median(loop.wall_s for loop in loops):.1f}",
            f"{median(loop.cpu_s for loop in loops):.1f}",
            f"{compared.ratio(name):.2f}",
            f"{compared.cpu_ratio(name):.2f}",
            "" if target is None else f"{target:.2f}",
        )
    console.print(table)
    stages = ", ".join(f"{name} {ms:.1f}" for name, ms in compared.stages_ms.items())
    console.print(f"processor time for a picture, one stage after the other, in ms: {stages}")
    before, after = compared.load
    console.print(f"{compared.processors} processors; load {before:.1f} before and {after:.1f} after")


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    bench = typer.Typer(help="How quick the coach is on this machine.", no_args_is_help=True, rich_markup_mode=None)

    @bench.callback()
    def choose() -> None:
        """How fast the coach is on this machine."""

    bench.command("analyse", short_help="Compare an analysis with a bare loop.")(guarded(analyse))
    bench.command("live", short_help="Measure the time from a picture to its result.")(guarded(live))
    bench.command("scale", short_help="Measure what a minute of video takes, and what many need.")(guarded(scale))
    app.add_typer(bench, name="bench")
