"""The page of a shared file: what one person practised, for any browser, with the data inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from coach import __version__
from coach.definitions.exercise import Exercise
from coach.history.records import SessionRecord
from coach.history.weeks import weeks
from coach.i18n.report_messages import Messages
from coach.i18n.sharing_messages import sharing_words
from coach.report.page import content
from coach.report.template import environment, style
from coach.report.weeks_chart import weeks_svg
from coach.report.weeks_page import tables
from coach.report.write import session_facts, session_pains, session_parts
from coach.sharing.bundle import Bundle, SharedSession, bundle_data
from coach.sharing.embedded_data import element
from coach.sharing.session_figures import worst_effort, worst_pain
from coach.sharing.side_by_side import beside, error_lines, side_by_side

TEMPLATES = Path(__file__).parent / "templates"
MOST_IN_FULL = 12  # sessions whose curves are drawn, the newest; each takes about 100 kB


def share_page(
    bundle: Bundle,
    today: date,
    most_weeks: int = 4,
    language: str = "en",
    exercises: Sequence[Exercise] = (),
    file_name: str = "FILE",
) -> str:
    """The page as HTML. exercises: those known besides the builtin ones. file_name: what it will be called."""
    from markupsafe import Markup

    words = sharing_words(language)
    records = [each.record for each in bundle.sessions]
    several = len(records) > 1  # one session says all of it by itself
    found = weeks(records, today, most_weeks) if several else ()
    shown = beside(records) if several else []
    full = bundle.sessions[: -MOST_IN_FULL - 1 : -1]
    return (
        environment(TEMPLATES)
        .get_template("share.html.j2")
        .render(
            words=words,
            title=words("share_title", person=bundle.person),
            style=style("report.css") + style("sharing.css", folder=TEMPLATES),
            facts=_facts(bundle, records, words),
            chart=Markup(weeks_svg(found, language=language)) if found else "",
            chart_narrow=Markup(weeks_svg(found, narrow=True, language=language)) if found else "",
            tables=[{"title": title, "heads": heads, "rows": rows} for title, heads, rows in tables(found, language)],
            compared=side_by_side(shown, words) if shown else None,
            errors_of=error_lines(shown, words),
            sessions=[_session(each, words, exercises, f"s{number}-") for number, each in enumerate(full)],
            older=len(bundle.sessions) - len(full),
            file_name=file_name,
            data=Markup(element(bundle_data(bundle))),
            footer=words("made_by", version=__version__),
        )
    )


def _facts(bundle: Bundle, records: Sequence[SessionRecord], words: Messages) -> list[str]:
    days = [words.day_in_table(each.started_at.date()) for each in records if each.start_known]
    facts = [words("share_facts_period", first=days[0], last=days[-1])] if days and days[0] != days[-1] else days[:1]
    facts.append(words.several("session", len(records)))
    facts.append(words("share_made", day=words.day_in_table(bundle.made_at.astimezone().date())))
    return facts


def _session(session: SharedSession, words: Messages, exercises: Sequence[Exercise], name: str) -> dict[str, Any]:
    """One session as the report shows it, and its heading."""
    record = session.record
    parts = session_parts(record, session.timelines.get, exercises)
    shown = content(parts, session_pains(record, words), words, "N", name)
    pain, effort = worst_pain(record), worst_effort(record)
    said = [words("summary_no_pain") if not pain else words("summary_pain", score=pain)]
    if effort is not None:
        said.append(words("summary_effort", score=words.bare(effort)))
    facts = session_facts(record, words)
    facts.remove(record.person)
    return {
        "head": facts[0] if facts else words("review_never"),
        "said": [*facts[1:], *said],
        "hurts": bool(pain),
        "shown": shown,
    }
