"""Questions on the command line, in the language of the command that is running."""

from __future__ import annotations

import typer

from coach.cli.lines import said


def confirmed(text: str, default: bool) -> bool:
    """Yes or no, in words of the language or in English; Enter is the default."""
    shown = said("choice_default_yes" if default else "choice_default_no")
    while True:
        answer = str(typer.prompt(f"{text} [{shown}]", default="", show_default=False)).strip().lower()
        for key, meant in (("answers_yes", True), ("answers_no", False)):
            if answer in said(key).split():
                return meant
        if not answer:
            return default
        typer.echo("  " + said("answer_yes_or_no"))


def number_between(text: str, default: float, low: float, high: float) -> float:
    """A number between the two; asked again until it is one."""
    shown = f"{default:g}"
    while True:
        answer = str(typer.prompt(text, default=shown)).strip().replace(",", ".")
        try:
            value = float(answer)
        except ValueError:
            value = float("nan")
        if low <= value <= high:
            return value
        typer.echo("  " + said("programme_number", low=f"{low:g}", high=f"{high:g}"))
