"""The lines that a command prints, in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.cli.errors import SPOKEN

if TYPE_CHECKING:
    from coach.types import Status


def said(key: str, **values: object) -> str:
    """A line of locale/terminal.toml in the language of the command that is running."""
    from coach.i18n.terminal_messages import terminal_words

    return terminal_words(SPOKEN.get())(key, **values)


def sessions(count: int) -> str:
    """So many sessions, in that language."""
    from coach.i18n.terminal_messages import terminal_words

    return terminal_words(SPOKEN.get()).several("session", count)


def so_far(status: Status) -> str:
    """What has been counted of the set under way; empty before the first."""
    from coach.i18n.terminal_messages import terminal_words

    return terminal_words(SPOKEN.get()).several(f"so_far_{status.kind}", status.count) if status.count else ""
