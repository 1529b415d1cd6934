"""``coach bench``: how quick the coach is on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.errors import SourceNotFoundError

if TYPE_CHECKING:
    from coach.app.bench import Latency

SAMPLE = Path("samples") / "hiker_right_30fps.mp4"
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
    """Play a video as the camera, and measure from each picture's arrival to its answer.

    \b
      coach bench live
      coach bench live --source me.mp4 --exercise strap-stretch --json

    It lasts as long as the video. Everything else on the machine slows it down.
    """
    from coach.app.analyse import choose_exercises
    from coach.app.bench import bench_live

    chosen = source or _sample()
    latency = bench_live(choose_exercises(exercise), chosen)
    if as_json:
        typer.echo(json.dumps(latency.as_dict()))
    else:
        _show(latency)


def _sample() -> Path:
    """A sample clip, here or beside the package."""
    for folder in (Path(), Path(__file__).parents[2]):
        if (folder / SAMPLE).is_file():
            return folder / SAMPLE
    raise SourceNotFoundError("the sample clips are not here", "Name a video with --source FILE")


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
    console.print(latency.source, markup=False)
    console.print(table)
    verdict = "reached" if latency.met else "missed"
    console.print(
        f"p95 beyond the model's own p95: {latency.beyond_model_ms:.1f} ms "
        f"(target: at most {latency.target_ms:.0f} ms, {verdict})"
    )
    console.print(f"{latency.frames} pictures answered, {latency.dropped} dropped for newer ones")


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    bench = typer.Typer(help="How quick the coach is on this machine.", no_args_is_help=True, rich_markup_mode=None)

    @bench.callback()
    def choose() -> None:
        """How quick the coach is on this machine."""

    bench.command("live")(guarded(live))
    app.add_typer(bench, name="bench")
