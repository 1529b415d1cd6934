"""Breaths counted aloud, and when somebody is told to go on breathing: by readings of a script."""

from __future__ import annotations

import pytest

from coach.definitions.exercise import load_exercise
from coach.judging.breath_counter import EVERY_S, BreathCount
from coach.judging.breath_cycles import Breathing
from coach.judging.respiration import BreathTracker

STRAP = load_exercise("strap-stretch")
assert STRAP.hold is not None
GAP_S = STRAP.hold.breath_gap_s
LAST_S = 32.5  # when the last inhalation of a script ended


def breathing(full_s: float, quality: float = 0.9) -> Breathing:
    """Six breaths a minute, as in slow practice; the last inhalation was full at that time."""
    inhaled = (*((at, at + 1.5) for at in (1.0, 11.0, 21.0)), (full_s - 1.5, full_s))
    return Breathing((1.0, 11.0), (2.5, 12.5), (11.0, 21.0), quality, 0.5, inhaled)


class Scripted(BreathTracker):
    """Reads what the script says, the last of it for ever."""

    def __init__(self, *readings: Breathing) -> None:
        self.readings = list(readings)

    def between(self, start_s: float, end_s: float) -> Breathing:
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]


def told_s(tracker: BreathTracker, from_s: float, until_s: float) -> list[float]:
    """When it begins to be told."""
    count, told = BreathCount(tracker, GAP_S), []
    count.begin(0.0)
    t_s = from_s
    while t_s < until_s:
        before = count.held
        count.step(t_s)
        told += [t_s] if count.held and not before else []
        t_s += EVERY_S
    return told


def test_it_takes_fifteen_seconds_without_an_inhalation_and_a_second_reading() -> None:
    assert GAP_S == 15.0
    (told,) = told_s(Scripted(breathing(LAST_S)), LAST_S, LAST_S + 40)
    assert told == pytest.approx(LAST_S + GAP_S + EVERY_S)


def test_a_quick_breather_has_as_long() -> None:
    """2.5 of one's own breaths without a new one are a held breath once the hold is over, but not said before."""
    inhaled = tuple((at, at + 1.0) for at in (4.0, 8.0, 12.0, 16.0))
    quick = Breathing((4.0, 8.0), (5.0, 9.0), (8.0, 12.0), 0.9, 0.5, inhaled)
    assert quick.is_held(0.0, 16.0 + 13.0, GAP_S)
    (told,) = told_s(Scripted(quick), 17.0, 50.0)
    assert told >= 16.0 + GAP_S


def test_one_reading_alone_tells_nothing() -> None:
    late, pause = breathing(LAST_S + GAP_S), breathing(LAST_S)
    wavering = Scripted(*[late, pause] * 10, late)
    assert told_s(wavering, LAST_S + GAP_S + 1, LAST_S + GAP_S + 10) == []


def test_of_a_breath_that_is_not_seen_well_nothing_is_told() -> None:
    assert told_s(Scripted(breathing(LAST_S, quality=0.2)), LAST_S, LAST_S + 40) == []


def test_it_is_told_once_however_the_readings_waver() -> None:
    unseen, pause = breathing(LAST_S, quality=0.2), breathing(LAST_S)
    script = Scripted(*[pause, pause, unseen, unseen] * 6, pause)
    assert len(told_s(script, LAST_S + GAP_S + 1, LAST_S + 40)) == 1
