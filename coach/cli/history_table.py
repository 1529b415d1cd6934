"""The history as tables and lines to read in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from coach.export.history import numbered_sets
from coach.history.records import SessionRecord
from coach.history.weeks import Week
from coach.i18n.report_messages import plain, report_words
from coach.report.weeks_page import tables
from coach.session.result import Result, by_set, depth, items_of
from coach.types import SIDES
from coach.units import unit_of


def session_table(sessions: Sequence[SessionRecord]) -> None:
    """One line per session."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not sessions:
        console.print("No session is kept yet. 'coach live' keeps each one.")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("No.", "When", "Who", "What was done", "Pain", ""):
        table.add_column(name, justify="right" if name == "No." else "left", no_wrap=name in ("No.", "When"))
    for session in sessions:
        done = "\n".join(one_line(each) for result in session.results for each in by_set(result)) or "nothing was found"
        pain = max((pain.score for pain in session.pains if pain.score is not None), default=None)
        state = "damaged" if session.damaged else "" if session.finished else "cut off"
        cells = (str(session.number), when(session), session.person, done, "" if pain is None else f"{pain}/10", state)
        table.add_row(*(Text(cell) for cell in cells))  # not as markup: a name may have brackets
    console.print(table)
    console.print("\n'coach history show N' for one, 'coach report N' for its report.", highlight=False)
    if any(session.damaged for session in sessions):
        console.print("'coach history repair' mends what is damaged, as far as it can be read.", highlight=False)


def day_of(session: SessionRecord) -> str:
    """Date and time in words: ``02 March 2026, 18:00``."""
    return f"{session.started_at:%d %B %Y, %H:%M}" if session.start_known else "of a day that is not known"


def when(session: SessionRecord) -> str:
    """Date and time of a session, if known."""
    # Not strftime: it drops leading zeros of early years, and fails on some systems.
    return session.started_at.isoformat(" ", "minutes")[:16] if session.start_known else "day not known"


def one_line(result: Result) -> str:
    """A set in a few words: ``hip-hiker left: 9 of 10, 8 as asked``."""
    items = items_of(result)
    sides = [side for side in SIDES if any(item["side"] == side for item in items)]
    summary, words = result["summary"], report_words()
    head = f"{result['exercise']} {' and '.join(sides)}: "
    if result["holds"]:
        breaths = "breaths not seen" if summary["breaths"] is None else words.several("breath", summary["breaths"])
        return f"{head}held {words.seconds(summary['held_s'] or 0.0)}, {breaths}"
    target = f" of {summary['target_reps']}" if summary["target_reps"] else ""
    return f"{head}{summary['reps']}{target}, {summary['clean_reps']} as asked"


def show_session(session: SessionRecord) -> None:
    """One session in full."""
    from rich.console import Console

    console = Console(highlight=False)

    def say(text: str = "") -> None:
        console.print(text, markup=False, soft_wrap=True)

    day = report_words().day_and_hour(session.started_at) if session.start_known else when(session)
    say(f"Session {session.number}: {session.person}, {day}")
    if session.damaged:
        say(f"Damaged: this could not be read: {', '.join(session.damaged)}. 'coach history repair' mends it.")
    if session.programme:
        say(f"Programme: {session.programme}")
    if not session.finished:
        say(f"It was cut off; saved until {session.saved_at:%H:%M:%S}.")
    for number, part, result in numbered_sets(session):
        if result is None or not result["exercise"]:
            say(f"\nSet {number}: {part.exercise or 'no exercise was found'}, nothing counted")
            continue
        say(f"\nSet {number}: {one_line(result)}")
        for item in items_of(result):
            found = depth(item)
            faults = ", ".join(plain(name) for name in item["faults"]) or "as asked"
            verdict = faults if item["counted"] else f"not counted: {report_words().reason(item['uncounted_reason'])}"
            angle = "" if found is None or found.value is None else f"{found.value:5.1f} {unit_of(found.name).ending}"
            say(f"  {item['number']:2}  {item['start_s']:6.1f} s  {item['side']:5}  {angle:10} {verdict}")
    for pain in session.pains:
        say(f"\nPain {'not rated' if pain.score is None else f'{pain.score} of 10'} in set {pain.part + 1}.")
    say(f"\nIts report: coach report {session.number}")


def show_weeks(weeks: Sequence[Week], person: str, language: str = "en") -> None:
    """The tables on the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    if not weeks:
        console.print(report_words(language)("progress_none_of", person=person), markup=False)
        return
    for title, heads, rows in tables(weeks, language):
        # Not as markup: names may have brackets.
        table = Table(title=Text(f"{title}, {person}"), title_justify="left", box=None, pad_edge=False)
        for head in heads:
            table.add_column(Text(head), justify="left" if head == heads[0] else "right")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
        console.print()
