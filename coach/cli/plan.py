"""``coach plan``: the days of a programme, for a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.errors import OptionError
from coach.files import check_name

if TYPE_CHECKING:
    from coach.definitions.programme import Programme

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORTEST_DAY = 2  # letters
MINUTES_A_SET = 4  # with set-up and rest
STANDARD_PER_WEEK = 3.0


def plan(
    programme: Annotated[str, typer.Option(metavar="NAME|FILE", help="Which programme.")] = "standard",
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Write the days as a calendar file.")
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=104, help="For how many weeks.")] = 8,
    days: Annotated[
        str | None, typer.Option(metavar="mon,wed,fri", help="On which days; spread evenly if left out.")
    ] = None,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="At what time of the day.")] = "18:00",
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of the entries.")] = "en",
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", readable=False, help="Where the history is.")] = None,
) -> None:
    """Show on which days a programme is done, and write them for a calendar.

    \b
      coach plan                                     the days of the standard programme
      coach plan --ics practice.ics                  for the calendar of the phone or the computer
      coach plan --programme anna.toml --days tue,thu,sat --at 7:30 --ics practice.ics

    Days are named in English or in the language of --lang, by two letters or more.

    The calendar asks once whether to add the entries; importing the file again changes them and adds none. Each reminds
    a quarter of an hour before.
    """
    from coach.app.own_programmes import find_programme
    from coach.cli.options import check_language
    from coach.definitions.programme import STANDARD
    from coach.export.calendar import Practice, write_calendar
    from coach.history.schedule import training_days
    from coach.history.store import now
    from coach.i18n.sharing_messages import sharing_words

    check_language(language)
    if ics is not None:
        check_name(ics, ".ics")
    found = find_programme(programme, data_dir)
    words = sharing_words(language)
    names = words.table["weekdays"].split()
    chosen = _days(days, names) if days is not None else training_days(found.sessions_per_week or STANDARD_PER_WEEK)
    clock = _time(at)
    title = words("sheet_title") if found.name == STANDARD else found.name
    minutes = round(found.warm_up_s / 60) + MINUTES_A_SET * sum(block.sets for block in found.blocks)
    when = words.table["between_numbers"].join(names[day] for day in chosen)
    typer.echo(words("plan_days", name=title, days=when, time=f"{clock:%H:%M}", minutes=minutes))
    if ics is not None:
        about = "\n".join([*_steps(found, language), words("plan_note")])
        at_once = now()
        summary = words("plan_summary", name=title)
        practice = Practice(found.name, summary, about, chosen, clock, minutes, weeks, at_once.date())
        typer.echo(str(write_calendar(practice, ics, at_once)))


def _steps(found: Programme, language: str) -> list[str]:
    """What is to be done, a line each exercise and side."""
    from coach.guide.plan import Plan

    words = found.speak(language)
    return [task.in_words(words) for task in Plan(found, language=language).tasks]


def _days(text: str, names: Sequence[str]) -> tuple[int, ...]:
    """Days from 0, Monday. names: of the seven in the command's language; the English ones are understood, too."""
    named = [_day(part.strip().rstrip(".").casefold(), names) for part in text.split(",") if part.strip()]
    found = {day for day in named if day is not None}
    if None in named or not found:
        raise OptionError(f"--days is '{text}'", f"Choose from {', '.join(names)}")
    return tuple(sorted(found))


def _day(name: str, names: Sequence[str]) -> int | None:
    """The day of which the first letters, two or more, are given: ``di`` is Dienstag, or dimanche."""
    for known in (names, DAY_NAMES):
        found = [day for day, whole in enumerate(known) if whole.casefold().startswith(name)]
        if len(name) >= SHORTEST_DAY and len(found) == 1:
            return found[0]
    return None


def _time(text: str) -> time:
    hour, colon, minute = text.partition(":")
    try:
        if not colon:
            raise ValueError
        return time(int(hour), int(minute))
    except ValueError:
        raise OptionError(f"--at is '{text}'", "Give hours and minutes, as in 18:00") from None


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("plan", short_help="The days of a programme, for a calendar.")(guarded(plan))
