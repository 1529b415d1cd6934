"""How a command shows a local page: it prints the link, and opens it where there is a screen."""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from coach.cli.lines import said
from coach.leftovers import temporary_folder


@contextmanager
def link_shower(no_browser: bool) -> Iterator[Callable[[str], None]]:
    """Prints each link it is called with; the first is opened in the browser too, unless ``no_browser``."""
    shown = False
    with temporary_folder("link") as folder:

        def show(link: str) -> None:
            nonlocal shown
            typer.echo(f"{said('web_link')}\n\n  {link}\n\n{said('web_end')}")
            if not shown and not no_browser and _has_screen():
                import webbrowser

                webbrowser.open(private_page(Path(folder), link))
            shown = True

        yield show


def private_page(folder: Path, link: str) -> str:
    """The address of a page in a private folder that redirects to the link.

    Other users of this machine can see a browser's command line and could use the link first. Only this user can read
    the page.
    """
    page = folder / "coach.html"
    address = html.escape(link, quote=True)
    page.touch(0o600)
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>coach</title>'
        f'<meta http-equiv="refresh" content="0;url={address}"><a href="{address}">coach</a>\n',
        encoding="utf-8",
    )
    return page.as_uri()


def _has_screen() -> bool:
    """Whether a graphical browser can open; one in a terminal has no camera."""
    return not sys.platform.startswith("linux") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))
