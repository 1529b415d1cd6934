"""What a physiotherapist sees first of many people: who stopped, whose pain rises, who is past the goal. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coach.definitions.pain import pain_level
from coach.guide.past import rising
from coach.history.records import SessionRecord
from coach.history.weeks import Week, day_of, weeks
from coach.sharing.session_figures import session_figures, worst_effort, worst_pain

# Somebody who leaves out more than two sessions in a row of what was planned has stopped; nobody within a week.
MISSED = 2.0
LEAST_SILENT_DAYS = 7
SILENT_DAYS = 14  # where nothing was planned
# Past the goal: two sessions as asked in nine of ten, all that was asked for, little pain and no great effort.
GOAL_SESSIONS = 2
GOAL_CLEAN = 0.9
GOAL_EFFORT = 5.0
WEEKS = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands on a day. silent_days: since the last session, None where no day is known.

    stopped: nothing was done for longer than ``patience_days``. pain_rising: over the last two sessions; pain_stop: the
    last session had pain that ends one. past_goal: the last two sessions were done as asked and easily.
    """

    person: str
    last: date | None
    silent_days: int | None
    patience_days: int
    weeks: tuple[Week, ...]
    pains: tuple[int | None, ...]
    efforts: tuple[float | None, ...]
    stopped: bool
    pain_rising: bool
    pain_stop: bool
    past_goal: bool

    @property
    def calls(self) -> int:
        """How much it asks to be looked at: pain before silence before a goal."""
        return 8 * self.pain_stop + 4 * self.pain_rising + 2 * self.stopped + self.past_goal


def standing(person: str, sessions: Sequence[SessionRecord], today: date, most_weeks: int = WEEKS) -> Standing:
    """Of the sessions of one person, oldest first. Those of a day to come, of a clock that was wrong, are left out."""
    known = [each for each in sessions if (day := day_of(each)) is not None and day <= today and each.parts]
    last = max((day for each in known if (day := day_of(each)) is not None), default=None)
    planned = next((each.sessions_per_week for each in reversed(known) if each.sessions_per_week), None)
    patience = SILENT_DAYS if planned is None else max(LEAST_SILENT_DAYS, round((MISSED + 1) * 7 / planned))
    silent = None if last is None else (today - last).days
    pains = tuple(worst_pain(each) for each in known)
    return Standing(
        person=person,
        last=last,
        silent_days=silent,
        patience_days=patience,
        weeks=weeks(known, today, most_weeks),
        pains=pains,
        efforts=tuple(worst_effort(each) for each in known),
        stopped=silent is not None and silent > patience,
        pain_rising=rising([pain or 0 for pain in pains]),
        pain_stop=bool(known) and pains[-1] is not None and pain_level(pains[-1], known[-1].pain_rule) == "stop",
        past_goal=len(known) >= GOAL_SESSIONS and all(_easily_done(each) for each in known[-GOAL_SESSIONS:]),
    )


def _easily_done(session: SessionRecord) -> bool:
    """Whether everything that was asked for was done, as asked, without pain to mind and without great effort."""
    figures = session_figures(session).values()
    pain, effort = worst_pain(session), worst_effort(session)
    sets = (session.record or {}).get("sets", ())
    whole = bool(session.record is None or session.record.get("complete", True))
    enough = all(each["count"] is None or each["count"] >= each["target_from"] for each in sets)
    reached = all(one.target is None or one.counted >= one.target for one in figures)
    clean = all(one.clean_share is not None and one.clean_share >= GOAL_CLEAN for one in figures)
    easy = (pain is None or pain_level(pain, session.pain_rule) == "safe") and (effort is None or effort <= GOAL_EFFORT)
    return bool(figures) and whole and enough and reached and clean and easy
