"""How a command ends: exit codes, and the one line that says why."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path

from coach.broken_packages import cannot_be_loaded
from coach.errors import CoachError

SOME_FAILED = 1
BAD_INPUT = 2
OUR_FAULT = 3
# The language of the command that is running; COACH_LANG is the default of every '--lang'.
SPOKEN: ContextVar[str] = ContextVar("spoken", default="en")


def spoken(language: str | None = None) -> str:
    """Set the language of what this command says about errors, and return it. None: COACH_LANG, else English."""
    chosen = language or os.environ.get("COACH_LANG") or "en"
    SPOKEN.set(chosen)
    return chosen


def complain(sentence: object) -> None:
    """Print one line on standard error in the command's language, whatever characters a file name in it holds.

    Where a file has several mistakes, they follow it, a line each.
    """
    if isinstance(sentence, CoachError) and len(sentence.mistakes) > 1:
        head = CoachError(f"{sentence.named}: has several mistakes", sentence.remedy)
        lines = [f"coach: {_in_language(head)}", *(f"  {_in_language(mistake)}" for mistake in sentence.mistakes)]
    else:
        lines = [f"coach: {_in_language(sentence)}"]
    encoding = sys.stderr.encoding or "ascii"
    with suppress(OSError, ValueError):  # there may be no reader: a closed terminal, a closed pipe
        for line in lines:
            sys.stderr.write(f"{_shown(line).encode(encoding, 'replace').decode(encoding)}\n")
        sys.stderr.flush()


def _shown(line: str) -> str:
    """One line of what can be shown. French has narrow spaces before its colons."""
    return "".join(letter if letter.isprintable() else "?" for letter in re.sub("[\n\u00a0\u202f]", " ", line))


def told_of_package(error: BaseException) -> bool:
    """Whether a package that cannot be loaded is behind this error, which is said. Never where COACH_DEBUG is set."""
    broken = None if os.environ.get("COACH_DEBUG") else cannot_be_loaded(error)
    if broken is not None:
        complain(broken)
    return broken is not None


def _in_language(sentence: object) -> str:
    language = SPOKEN.get()
    if language == "en":
        return str(sentence)
    from coach.i18n.error_messages import translated_error, translated_text

    if isinstance(sentence, CoachError):
        return translated_error(sentence, language)
    return translated_text(str(sentence), language)


def unforeseen(path: Path, error: Exception) -> str:
    """The line for an unexpected error with one video."""
    if isinstance(error, MemoryError):
        return f"{path}: takes more memory than there is. Make the pictures smaller first"
    if isinstance(error, OSError):
        return f"{path}: {error.strerror or error}. Make room or check permissions, then try again"
    return f"{path}: something went wrong that should not: {type(error).__name__}: {error}. COACH_DEBUG=1 shows where"
