"""Pages from templates, and the style sheets that go into them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment(*folders: Path) -> Environment:
    """Templates of these folders and of the report. Everything is escaped except ``Markup``.

    Kept, because a template is compiled once in an environment.
    """
    from jinja2 import Environment, FileSystemLoader

    return Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def style(*names: str, folder: Path = TEMPLATES) -> Markup:
    """Style sheets as they go into a page."""
    from markupsafe import Markup

    return Markup("".join((folder / name).read_text(encoding="utf-8") for name in names))
