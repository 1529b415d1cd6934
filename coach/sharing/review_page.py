"""The physiotherapist's page: everybody, who is to be looked at first, and sessions side by side. (I/O)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from coach import __version__
from coach.files import saving
from coach.history import History
from coach.history.records import SessionRecord
from coach.i18n.report_messages import Messages
from coach.i18n.sharing_messages import sharing_words
from coach.report.template import environment, style
from coach.sharing.attention import LEAST_SILENT_DAYS, SILENT_DAYS, WEEKS, Standing, standing
from coach.sharing.page import TEMPLATES
from coach.sharing.side_by_side import NONE, beside, error_lines, side_by_side

LAST_SHOWN = 5  # pains and efforts in the table of all


@dataclass(frozen=True, slots=True, eq=False)
class Reviewed:
    """One person: where they stand, and what they did, oldest first."""

    standing: Standing
    sessions: Sequence[SessionRecord]


def review(history: History, today: date, person: str | None = None) -> list[Reviewed]:
    """Everybody, or the one named: pain first, then who stopped, then who is past the goal. Raises HistoryError."""
    names = history.people() if person is None else [history.only_person(person)]
    found = []
    for name in names:
        sessions = history.sessions(name)
        if sessions:
            found.append(Reviewed(standing(name, sessions, today), sessions))
    return sorted(found, key=lambda each: (-each.standing.calls, each.standing.person.casefold()))


def look_at(found: Standing, words: Messages) -> list[str]:
    """What is to be looked at of a person, as sentences."""
    said = []
    if found.pain_stop:
        said.append(words("review_pain_stop"))
    if found.pain_rising:
        said.append(words("review_pain_rising"))
    if found.stopped:
        said.append(words("review_stopped", days=found.silent_days))
    if found.past_goal:
        said.append(words("review_past_goal"))
    return said


def last_session(found: Standing, words: Messages) -> str:
    """When somebody did something last."""
    if found.silent_days is None:
        return words("review_never")
    near = {0: "review_today", 1: "review_yesterday"}.get(found.silent_days)
    return words(near) if near else words("review_days_ago", days=found.silent_days)


def review_page(people: Sequence[Reviewed], today: date, language: str = "en") -> str:
    """The page as HTML."""
    words = sharing_words(language)
    return (
        environment(TEMPLATES)
        .get_template("review.html.j2")
        .render(
            words=words,
            title=words("review_title"),
            facts=[words.several("review", len(people)), words("review_facts", day=words.day_in_table(today))],
            style=style("report.css") + style("sharing.css", folder=TEMPLATES),
            people=[_person(each, number, words) for number, each in enumerate(people, 1)],
            weeks_head=words("review_weeks", weeks=WEEKS),
            errors_of=error_lines([one for each in people for one in beside(each.sessions)], words),
            rules=[
                words("review_rule_stopped", least=LEAST_SILENT_DAYS, otherwise=SILENT_DAYS),
                words("review_rule_rising"),
                words("review_rule_goal"),
            ],
            footer=words("made_by", version=__version__),
        )
    )


def write_review(people: Sequence[Reviewed], path: Path, today: date, language: str = "en") -> Path:
    """Write the page, whole or not at all. Raises OutputError."""
    text = review_page(people, today, language)
    with saving(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def weeks_text(found: Standing, words: Messages) -> str:
    """Sessions of each week, the oldest first, against the plan where there is one: ``3, 2, 0, 1 of 3``."""
    if not found.weeks:
        return NONE
    done = words.table["between_numbers"].join(str(week.sessions) for week in found.weeks)
    planned = found.weeks[-1].planned
    return words("of", count=done, target=words.bare(planned)) if planned else done


def scores_text(scores: Sequence[float | None], words: Messages) -> str:
    """The last scores, the oldest first; a dash where none was named."""
    told = [NONE if score is None else words.bare(score) for score in scores[-LAST_SHOWN:]]
    return words.table["between_numbers"].join(told) if any(score is not None for score in scores) else NONE


def _person(person: Reviewed, number: int, words: Messages) -> dict[str, Any]:
    found, shown = person.standing, beside(person.sessions)
    return {
        "name": found.person,
        "anchor": f"person-{number}",
        "last": last_session(found, words),
        "weeks": weeks_text(found, words),
        "pain": scores_text(found.pains, words),
        "effort": scores_text(found.efforts, words),
        "look": [{"text": text, "goal": text == words("review_past_goal")} for text in look_at(found, words)],
        "compared": side_by_side(shown, words, numbers=True) if shown else None,
    }
