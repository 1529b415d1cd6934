"""The report of a session as one self-contained HTML file, and as PDF. (I/O)"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from coach.definitions.exercise import Exercise, load_exercise
from coach.definitions.pain import care_after
from coach.definitions.prescription import Prescription, misfits, prescribed
from coach.errors import CoachError, OutputError
from coach.history import History, SessionRecord
from coach.i18n.report_messages import Messages, clock, report_words
from coach.report.page import ReportPart, page
from coach.report.pdf import save_page
from coach.session.result import Result
from coach.session.timeline import Timeline

log = logging.getLogger(__name__)


def write_report(
    result: Result,
    timeline: Timeline | None,
    path: str | Path,
    *,
    exercise: Exercise | None = None,
    language: str = "en",
    pdf: bool = False,
) -> list[Path]:
    """Write the report of one result, with ``pdf`` also its A4 print, and return the files written.

    timeline: of the same session; None gives a report without curves and skeletons. exercise: None uses the built-in
    one of that name; without one, only the figures are reported. Pictures appear if the timeline's key moments hold
    any. path: ends in .html; with ``pdf`` it may be that of the print alone. Raises OutputError if it cannot be
    written, or if nothing is there to print ``pdf`` with; the page, where it was asked for, exists even then.
    """
    part = ReportPart(result, exercise or exercise_of(result), timeline)
    return write_session_report([part], path, language=language, pdf=pdf)


def write_session_report(
    parts: Sequence[ReportPart],
    path: str | Path,
    *,
    title: str | None = None,
    facts: Sequence[str] = (),
    pains: Sequence[str] = (),
    language: str = "en",
    pdf: bool = False,
    source: str = "result.json",
) -> list[Path]:
    """The same for a session of several sets. facts: such as the date; pains: one sentence per score.

    source: what 'coach report' can make it from again.
    """
    return save_page(page(parts, title, facts, pains, language, source), Path(path), pdf)


def write_history_report(
    history: History,
    number: int,
    path: str | Path,
    exercises: Sequence[Exercise] = (),
    *,
    language: str | None = None,
    pdf: bool = False,
) -> list[Path]:
    """The report of a session in the history, made again from stored data. Raises HistoryError, OutputError.

    exercises: known ones besides the built-in. language: None means that of the session.
    """
    session = history.session(number)
    words = report_words(language or session.language)
    parts = session_parts(session, lambda part: history.timeline(number, part), exercises)
    facts, pains = session_facts(session, words), session_pains(session, words)
    return write_session_report(
        parts, path, facts=facts, pains=pains, language=words.language, pdf=pdf, source=str(number)
    )


def session_parts(
    session: SessionRecord, timeline_of: Callable[[int], Timeline | None], exercises: Sequence[Exercise] = ()
) -> list[ReportPart]:
    """The sets of a session in which something was found, with their curves. timeline_of: of a part by its number."""
    done = _set_accounts(session.record)
    return [
        as_asked(
            ReportPart(
                part.result,
                exercise_of(part.result, exercises),
                timeline_of(part.number),
                care_after(session.pains_of(part.exercise), session.pain_rule) if part.exercise else None,
            ),
            done.get(part.number, {}),
        )
        for part in session.parts
        if part.result
    ]


def session_facts(session: SessionRecord, words: Messages) -> list[str]:
    """When and whose it was, and whether it is whole."""
    facts = [words.day_and_hour(session.started_at)] if session.start_known else []
    facts.append(session.person)
    if not session.finished:
        facts.append(words("cut_off"))
    if session.damaged:
        facts.append(words("damaged"))
    return facts


def session_pains(session: SessionRecord, words: Messages) -> list[str]:
    """One sentence a pain mark."""
    pains = []
    for pain in session.pains:
        place = {"set": pain.part + 1, "time": clock(pain.t_s)}
        rated = pain.score is not None
        pains.append(words("pain_mark", score=pain.score, **place) if rated else words("pain_unrated", **place))
    return pains


def _set_accounts(record: Mapping[str, Any] | None) -> dict[int, Mapping[str, Any]]:
    """By part, what a session's account says of its sets; what cannot be read of it is left out."""
    sets = (record or {}).get("sets")
    known = [each for each in sets if isinstance(each, dict)] if isinstance(sets, list) else []
    return {each["part"]: each for each in known if isinstance(each.get("part"), int)}


def as_asked(part: ReportPart, account: Mapping[str, Any]) -> ReportPart:
    """The part with what was asked of its set, and how hard that was, as the session's account has it."""
    exercise, effort = part.exercise, account.get("effort")
    try:
        asked = Prescription.model_validate(account.get("prescription", {}))
    except ValidationError:
        asked = Prescription()
    if exercise is not None and not any(misfits(asked, exercise)):
        exercise = prescribed(exercise, asked)
    asked_lines = account.get("asked")
    lines = tuple(str(line) for line in asked_lines) if isinstance(asked_lines, list) else ()
    return replace(part, exercise=exercise, asked=lines, effort=effort if isinstance(effort, int) else None)


def keep_report(history: History, number: int, exercises: Sequence[Exercise] = (), *, pdf: bool = False) -> Path:
    """Write the report of a session, in its language, into the history's folder: it is deleted with the session.

    For front ends, after a session has ended. Raises HistoryError, OutputError.
    """
    path = history.report_path(number)
    write_history_report(history, number, path, exercises, pdf=pdf)
    history.set_report(number, path)
    return path


def try_report(folder: str | Path | None, number: int, exercises: Sequence[Exercise] = ()) -> Path | CoachError | None:
    """Write the report of a session that has just ended, and return its path or what went wrong. Never raises.

    folder: of the history. exercises: those that were done. Returns None if nothing was found: no report is needed.
    """
    try:
        with History.open(folder) as history:
            return keep_report(history, number, exercises) if history.session(number).results else None
    except CoachError as error:
        return error
    except Exception as error:  # a drawing error must not spoil the end of a session
        log.exception("the report of session %d could not be drawn", number)
        return OutputError(
            f"the report of session {number} could not be drawn ({error})", f"Try again: coach report {number}"
        )


def exercise_of(result: Result, exercises: Sequence[Exercise] = ()) -> Exercise | None:
    """The exercise of a result, from those given or built in; None if none was found or its file is unknown."""
    name = result.get("exercise")
    if not name:
        return None
    for exercise in exercises:
        if exercise.name == name:
            return exercise
    try:
        return load_exercise(name)
    except CoachError:
        return None
