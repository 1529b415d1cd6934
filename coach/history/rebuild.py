"""The result of an interrupted set, from the events saved until then. Pure."""

from __future__ import annotations

from dataclasses import replace

from coach.definitions.exercise import builtin_names, load_exercise
from coach.errors import CoachError
from coach.history.records import PartRecord
from coach.session.result import items_of
from coach.session.result_builder import ResultBuilder
from coach.session.result_reading import checked_result


def completed(part: PartRecord) -> PartRecord:
    """The part with a result that holds every saved movement and hold; unchanged if its exercise is unknown.

    Raises ValueError if the events do not make a result.
    """
    done = [event for event in part.events if event.movement or event.hold]
    held = len(items_of(part.result)) if part.result else 0
    if part.exercise not in builtin_names() or len(done) <= held:
        return part
    try:
        builder = ResultBuilder(load_exercise(part.exercise), named=True)
    except CoachError:
        return part
    builder.close(part.events)
    return replace(part, result=checked_result(builder.result("", duration_s=part.events[-1].t_s)))
