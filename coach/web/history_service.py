"""The history as the page shows it: session summaries, reports, progress and deletion. (I/O)"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from coach.definitions.exercise import Exercise, title_of
from coach.errors import CoachError
from coach.history import History, SessionRecord
from coach.session.result import Result, by_set, items_of
from coach.types import SIDES

WEEKS = 4  # on the start page
MOST_SHOWN = 200  # sessions on one screen, the newest first


class UnknownSessionError(LookupError):
    """The history has no session with this number."""


class HistoryService:
    """The history in ``folder`` (None: the user's own). May be used from several threads; one draws at a time.

    Titles and progress are in the page's language, a report is in its session's. exercises: known ones besides the
    built-in.

    Everything raises HistoryError if the history cannot be opened.
    """

    def __init__(self, folder: Path | None, language: str = "en", exercises: Sequence[Exercise] = ()) -> None:
        self._folder = folder
        self._language = language
        self._exercises = exercises
        self._drawing = threading.Lock()

    def shown(self, person: str, running: int | None = None, per_week: float | None = None) -> dict[str, Any]:
        """Everyone's names, and the sessions of one person as plain values. running: the session not to show.

        per_week: how often the programme of the page asks for a session.
        """
        with History.open(self._folder) as history:
            people = history.people()
            kept = history.sessions(person)
        sessions = [one for one in kept if one.number != running]
        newest = [self._short(one) | {"last": len(kept) == 1} for one in sessions[: -MOST_SHOWN - 1 : -1]]
        plan = self._plan(sessions, per_week)
        return {"people": people, "person": person, "total": len(sessions), "sessions": newest, "plan": plan}

    @staticmethod
    def _plan(sessions: Sequence[SessionRecord], per_week: float | None) -> dict[str, Any]:
        """When to practise next, and the last four weeks, the oldest first."""
        from coach.history.schedule import next_day
        from coach.history.weeks import day_of, monday, weeks

        today = date.today()
        done = [each for each in sessions if each.parts]
        days = [day for each in done if (day := day_of(each)) is not None]
        asked = per_week or next((each.sessions_per_week for each in reversed(done) if each.sessions_per_week), None)
        by_monday = {week.monday: week.sessions for week in weeks(done, today, WEEKS)}
        first = monday(today) - timedelta(weeks=WEEKS - 1)
        shown = [first + timedelta(weeks=i) for i in range(WEEKS)]
        return {
            "next": next_day(days, asked, today).isoformat(),
            "today": today.isoformat(),
            "per_week": asked,
            "weeks": [{"monday": day.isoformat(), "sessions": by_monday.get(day, 0)} for day in shown],
        }

    def report(self, number: int) -> str:
        """A session's report as HTML, written now if need be. Raises UnknownSessionError, CoachError."""
        with self._drawing, History.open(self._folder) as history:
            self._check(history, number)
            path = history.reports_folder / f"session-{number}.html"
            # Only files the history wrote itself are served, wherever a tampered database may point.
            if history.session(number).report_path != str(path) or not path.is_file():
                self._keep(history, number)
            return path.read_text(encoding="utf-8")

    def keep_report(self, number: int) -> CoachError | None:
        """Write the report after a session in which something was done. Errors are returned, not raised."""
        from coach.report.write import try_report

        with self._drawing:
            done = try_report(self._folder, number, self._exercises)
        return done if isinstance(done, CoachError) else None

    def progress(self, person: str) -> str:
        """The weeks of one person as HTML."""
        from coach.history.weeks import day_of, weeks
        from coach.report.weeks_page import progress_html

        with History.open(self._folder) as history:
            sessions = history.sessions(person)
        today = date.today()
        shown = weeks(sessions, today)
        if not any(week.sessions for week in shown):  # after a long break, the weeks before it
            days = [day for session in sessions if (day := day_of(session)) is not None and day <= today]
            shown = weeks(sessions, max(days, default=today))
        with self._drawing:
            return progress_html(shown, person, self._language)

    def share(self, person: str) -> tuple[str, str]:
        """One file for a physiotherapist: its name and content. The last four weeks, or those of the last session."""
        from coach.history.store import now
        from coach.history.weeks import day_of
        from coach.sharing.page import share_page
        from coach.sharing.share import file_name, of_person

        at = now()
        with History.open(self._folder) as history:
            days = [day for session in history.sessions(person) if (day := day_of(session)) is not None]
            since_last = (at.date() - max(days, default=at.date())).days // 7
            bundle = of_person(history, person, WEEKS + since_last, at)
        name = file_name(bundle.person)
        with self._drawing:
            return name, share_page(
                bundle, at.date(), WEEKS + since_last, self._language, self._exercises, file_name=name
            )

    def delete(self, number: int) -> None:
        """Delete a session and its report. Raises UnknownSessionError."""
        with self._drawing, History.open(self._folder) as history:
            self._check(history, number)
            history.delete(number)

    def _keep(self, history: History, number: int) -> None:
        from coach.report.write import keep_report

        keep_report(history, number, self._exercises)

    @staticmethod
    def _check(history: History, number: int) -> None:
        if not history.has(number):
            raise UnknownSessionError(number)

    def _short(self, session: SessionRecord) -> dict[str, Any]:
        scores = [pain.score for pain in session.pains if pain.score is not None]
        return {
            "number": session.number,
            "started_at": session.started_at.isoformat(),
            "finished": session.finished,
            "damaged": bool(session.damaged),
            "sets": [self._set(each) for result in session.results for each in by_set(result)],
            "pains": len(session.pains),
            "pain": max(scores, default=None),
        }

    def _set(self, result: Result) -> dict[str, Any]:
        """Exercise, side and amounts; counts are None if they could not be seen."""
        items = items_of(result)
        summary = result["summary"]
        hold = bool(result["holds"])
        return {
            "title": title_of(result["exercise"], self._language),
            "sides": [side for side in SIDES if any(item["side"] == side for item in items)],
            "hold": hold,
            "count": summary["breaths"] if hold else summary["reps"],
            "target": None if hold else summary["target_reps"],
            "clean": None if hold else summary["clean_reps"],
            "held_s": summary["held_s"] if hold else None,
        }
