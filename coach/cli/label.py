"""``coach label``: say what is true of a video, on a page in the browser."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.browser import link_shower
from coach.cli.lines import said
from coach.cli.options import check_language, needing
from coach.errors import OptionError


def label(
    video: Annotated[Path, typer.Argument(metavar="VIDEO", readable=False, help="The video to watch and mark.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", readable=False, help="Where the marks go; VIDEO's NAME.truth.json if left out."),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of this machine; 0 takes a free one.")] = 0,
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of the page.")] = "en",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the link.")] = False,
    cache: Annotated[
        Path | None,
        typer.Option(metavar="DIR", readable=False, help="Where observations are kept; your cache folder if left out."),
    ] = None,
) -> None:
    """Mark what is true of a video: each repetition, inhalation and fault, and the hold.

    \b
      coach label me.mp4                            writes me.truth.json beside it
      coach label me.mp4 --out anna/me.truth.json   one rater's own file
      coach evaluate .                              how right the coach is, by your marks
      coach evaluate . --raters anna ben            how far two raters agree

    A page opens in your browser: play, slow, picture by picture, and a key for each mark. First mark what you see;
    then the page can show the coach's curves beside it. Nothing leaves this machine.
    """
    check_language(language)
    with needing("web"):
        from coach.web.app import serve_app
        from coach.web.label import make_label_app, prepare
    from coach.app.analyse import choose_exercises
    from coach.evaluate.observations import Cache, default_cache
    from coach.evaluate.truth import SUFFIX
    from coach.video.rate_limiter import JUDGED_FPS

    target = out or video.with_name(video.stem + SUFFIX)
    if not target.name.endswith(SUFFIX):
        raise OptionError(f"--out is '{out}'", f"Name a file that ends in {SUFFIX}")
    labelling = prepare(video, target, choose_exercises("auto"), Cache(cache or default_cache(), JUDGED_FPS), language)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Ctrl-C arrives as an exception, or as a plain return if the parent process ignores that signal.
    with link_shower(no_browser) as show, suppress(KeyboardInterrupt):
        serve_app(lambda keys, known: make_label_app(labelling, keys, known), port, show)
    typer.echo("\n" + (said("label_kept", file=target) if target.exists() else said("label_unsaved")))


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("label", short_help="Mark what is true of a video, on a page in your browser.")(guarded(label))
