"""``coach record``: observations of a video in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.errors import complain
from coach.cli.lines import said
from coach.cli.options import check_fps
from coach.errors import OutputError
from coach.files import check_name


def record(
    video: Annotated[str, typer.Argument(metavar="VIDEO", help="The video to watch.")],
    out: Annotated[Path, typer.Option(metavar="FILE", readable=False, help="Where the recording goes.")],
    fps: Annotated[float, typer.Option(help="Pictures looked at in a second of video, at most.")] = 15.0,
    partial: Annotated[bool, typer.Option("--partial", hidden=True, help="Has no effect any more.")] = False,
) -> None:
    """Save what the model sees in a video, so that it can be judged again quickly.

    \b
      coach record me.mp4 --out me.observed     joints, chest motion and times; no pictures
      coach analyse me.observed                 the same result as the video, without the model

    Useful for trying out thresholds or your own exercise file. coach/perception/recording.py describes the format.
    """
    del partial
    check_fps(fps)
    check_name(out)
    path = Path(video)
    if out.exists() and path.exists() and out.samefile(path):
        raise OutputError(f"{out}: is the video itself", "Choose another file with --out")

    from coach.cli.progress_bar import progress_bar
    from coach.i18n.result_notes import sentences
    from coach.perception.watched_video import WatchedVideo
    from coach.perception.watched_video import record as keep

    with (
        WatchedVideo(video, fps) as watched,
        progress_bar(path.name, watched.duration_s) as move_on,
    ):
        keep(watched, out, move_on)
        notes = sentences(watched.notes)
    for note in notes:
        complain(f"{video}: {note}")
    typer.echo(said("recorded", file=out, size=f"{out.stat().st_size / 1e6:.1f}"))


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("record", short_help="Keep what the model sees, to judge it again.")(guarded(record))
