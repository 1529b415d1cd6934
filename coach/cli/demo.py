"""``coach demo``: the sample clips, analysed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", readable=False, help="Where to write.")] = Path("out/demo"),
    save_video: Annotated[bool, typer.Option("--video/--no-video", help="Write annotated videos.")] = True,
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of the cues.")] = "en",
) -> None:
    """Analyse the sample clips that come with the coach: a table for each here, annotated videos under out/demo.

    It needs no camera and no video of your own, and takes about as long as the clips: a few minutes.
    """
    from coach.app.sample_clips import sample_clips
    from coach.cli.analyse import analyse

    analyse([str(clip) for clip in sample_clips()], out=out, save_video=save_video, language=language)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("demo", short_help="Analyse the sample clips.")(guarded(demo))
