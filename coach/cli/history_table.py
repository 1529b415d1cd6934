"""The history as tables and lines to read in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from coach.definitions.exercise import builtin_names, load_exercise, title_of
from coach.export.history import numbered_sets
from coach.history.records import SessionRecord
from coach.history.weeks import Week
from coach.i18n.report_messages import Messages, report_words
from coach.i18n.terminal_messages import terminal_words
from coach.report.weeks_page import tables
from coach.session.result import Result, by_set, called, depth, items_of
from coach.types import SIDES
from coach.units import unit_of

DATED = 2  # columns that are never wrapped: number and date


def session_table(sessions: Sequence[SessionRecord], language: str = "en") -> None:
    """One line per session."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console, words = Console(highlight=False), terminal_words(language)
    if not sessions:
        console.print(words("history_none"))
        return
    table = Table(box=None, pad_edge=False)
    for number, name in enumerate(words("history_heads").split("|")):
        table.add_column(name, justify="left" if number else "right", no_wrap=number < DATED)
    for session in sessions:
        done = "\n".join(one_line(each, words) for result in session.results for each in by_set(result))
        pain = max((pain.score for pain in session.pains if pain.score is not None), default=None)
        ended = "" if session.finished else words("history_cut_off")
        state = words("history_damaged") if session.damaged else ended
        about = (str(session.number), when(session, words), session.person, done or words("history_nothing"))
        cells = (*about, "" if pain is None else f"{pain}/10", state)
        table.add_row(*(Text(cell) for cell in cells))  # not as markup: a name may have brackets
    console.print(table)
    console.print("\n" + words("history_more"))
    if any(session.damaged for session in sessions):
        console.print(words("history_repair"))


def when(session: SessionRecord, words: Messages) -> str:
    """Date and time of a session, if known."""
    # Not strftime: it drops leading zeros of early years, and fails on some systems.
    return session.started_at.isoformat(" ", "minutes")[:16] if session.start_known else words("day_unknown")


def one_line(result: Result, words: Messages | None = None) -> str:
    """A set in a few words: ``hip-hiker left: 9 of 10, 8 as asked``. words: None says it in English."""
    words = words or terminal_words()
    items = items_of(result)
    sides = words.all_of(words(side) for side in SIDES if any(item["side"] == side for item in items))
    summary = result["summary"]
    head = words("done_head", exercise=_exercise(result["exercise"], words), sides=sides)
    if result["holds"]:
        held = words.seconds(summary["held_s"] or 0.0)
        if summary["breaths"] is None:
            return head + words("done_unseen", held=held)
        return head + words("done_held", held=held, breaths=words.several("breath", summary["breaths"]))
    target = summary["target_reps"]
    key = "done_reps_target" if target else "done_reps"
    return head + words(key, reps=summary["reps"], target=target, clean=summary["clean_reps"])


def _exercise(name: str | None, words: Messages) -> str:
    """What an exercise is called: by its name in English, else by its title."""
    return str(name) if name is None or words.language == "en" else title_of(name, words.language)


def show_session(session: SessionRecord, language: str = "en") -> None:
    """One session in full."""
    from rich.console import Console

    console, words = Console(highlight=False), terminal_words(language)

    def say(text: str = "") -> None:
        console.print(text, markup=False, soft_wrap=True)

    day = words.day_and_hour(session.started_at) if session.start_known else words("day_unknown")
    say(words("session_head", number=session.number, person=session.person, day=day))
    if session.damaged:
        say(words("session_damaged", what=", ".join(session.damaged)))
    if session.programme:
        say(words("session_programme", programme=session.programme))
    if not session.finished:
        say(words("session_cut_off", time=f"{session.saved_at:%H:%M:%S}"))
    for number, part, result in numbered_sets(session):
        if result is None or not result["exercise"]:
            exercise = _exercise(part.exercise, words) if part.exercise else words("session_no_exercise")
            say("\n" + words("session_empty", number=number, exercise=exercise))
            continue
        say("\n" + words("session_set", number=number, done=one_line(result, words)))
        own = load_exercise(result["exercise"]) if result["exercise"] in builtin_names() else None
        for item in items_of(result):
            found = depth(item)
            faults = ", ".join(words.fault(called(item, name), own) for name in item["faults"])
            uncounted = words("session_uncounted", reason=words.reason(item["uncounted_reason"], own))
            verdict = (faults or words("session_clean")) if item["counted"] else uncounted
            angle = ""
            if found is not None and found.value is not None:
                angle = f"{words.number(found.value, 1)}{unit_of(found.name).symbol}"
            start, side = words.number(item["start_s"], 1), words(item["side"])
            say(f"  {item['number']:2}  {start:>6} s  {side:6}  {angle:>6}  {verdict}")
    for pain in session.pains:
        key = "session_unrated" if pain.score is None else "session_pain"
        say("\n" + words(key, score=pain.score, set=pain.part + 1))
    say("\n" + words("session_report", number=session.number))


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
        for number, head in enumerate(heads):
            # As wide as what is in it and a heading's longest word: headings wrap, nothing is cut.
            width = max(len(text) for text in (*head.split(), *(row[number] for row in rows)))
            table.add_column(Text(head), justify="right" if number else "left", width=width)
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
        console.print()
