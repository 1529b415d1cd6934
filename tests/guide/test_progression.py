"""More of an exercise: proposed as the file says, taken over only when the person agrees, never beyond the file."""

from __future__ import annotations

from typing import Any

import pytest

from coach.definitions.programme import Programme
from coach.guide.past import past_of
from coach.guide.progression import at_level, proposals
from tests.guide.theatre import HIKER, STRAP, Theatre, movement, programme

RULE = {"sessions": 2, "as_asked": 9, "pain": 2, "effort": 5, "more": 2, "up_to": 13}


def of(*sides: str, **changes: Any) -> Programme:
    blocks = [(HIKER, side, {"reps": 10, "progress": {**RULE, **changes}}) for side in sides or ("left",)]
    return programme(*blocks, ask_pain=True, ask_effort=True)


def account(
    reps: int = 10,
    good: int | None = None,
    effort: int | None = 4,
    pain: int | None = 0,
    side: str = "left",
    **more: Any,
) -> dict[str, Any]:
    """A session with one set, of which so many were as asked."""
    good = reps if good is None else good
    movements = [{"counted": True, "faults": [] if n < good else ["trunk_lean"]} for n in range(reps)]
    one = {"exercise": HIKER, "side": side, "target": reps, "effort": effort, "result": {"movements": movements}}
    pains = [] if pain is None else [{"when": "after", "score": pain}]
    return {"programme": "test", "sets": [one], "pains": [], "pain_reports": pains, "progress": [], **more}


def answer(to: int, agreed: bool = True, asked: int = 10, before: int = 10) -> dict[str, Any]:
    return {
        "exercise": HIKER, "side": "left", "unit": "reps", "asked": asked, "from": before, "to": to, "agreed": agreed,
    }  # fmt: skip


class TestWhenItIsProposed:
    def test_after_as_many_good_sessions_as_the_file_asks_for(self) -> None:
        assert proposals(of(), [account()]) == ()
        (found,) = proposals(of(), [account(), account()])
        assert (found.exercise, found.sides, found.now, found.to) == (HIKER, ("left",), 10, 12)

    @pytest.mark.parametrize(
        "worse",
        [
            account(good=8),
            account(reps=9),
            account(effort=6),
            account(effort=None),
            account(pain=3),
            account(pains=[{"exercise": HIKER, "side": "left", "score": None}]),
            account(pains=[{"exercise": HIKER, "side": "left", "score": 3}]),
            account(side="right"),
            {**account(), "programme": "another"},
        ],
    )
    def test_not_after_one_that_was_not(self, worse: dict[str, Any]) -> None:
        assert proposals(of(), [worse, account()]) == ()

    def test_nine_of_ten_are_enough_and_pain_elsewhere_does_not_matter(self) -> None:
        elsewhere = account(good=9, pains=[{"exercise": STRAP, "side": "left", "score": 2}])
        assert proposals(of(), [elsewhere, account(good=9)])

    def test_not_while_pain_rises(self) -> None:
        assert proposals(of(), [account(pain=0), account(pain=1), account(pain=2)]) == ()

    def test_both_sides_are_one_question(self) -> None:
        both = [{**account(), "sets": [*account()["sets"], *account(side="right")["sets"]]} for _ in range(2)]
        (found,) = proposals(of("left", "right"), both)
        assert found.sides == ("left", "right")

    def test_after_an_answer_the_sessions_count_anew(self) -> None:
        answered = account(progress=[answer(12, agreed=False)])
        assert proposals(of(), [account(), answered, account()]) == ()
        assert proposals(of(), [account(), answered, account(), account()])


class TestWhatWasAgreedOn:
    def test_it_is_done_next_time(self) -> None:
        accounts = [account(), account(progress=[answer(12)])]
        assert [block.reps for block in at_level(of(), accounts).blocks] == [12]
        assert [block.reps for block in at_level(of(), [account(progress=[answer(12, agreed=False)])]).blocks] == [10]

    def test_never_beyond_what_the_file_allows(self) -> None:
        accounts = [account(progress=[answer(12)]), account(reps=12), account(reps=12)]
        (found,) = proposals(of(), accounts)
        assert (found.now, found.to) == (12, 13)
        assert [block.reps for block in at_level(of(), [account(progress=[answer(40)])]).blocks] == [13]
        at_the_end = [account(progress=[answer(13)]), account(reps=13), account(reps=13)]
        assert proposals(of(), at_the_end) == ()

    def test_a_file_that_was_changed_begins_anew(self) -> None:
        changed = programme((HIKER, "left", {"reps": 6, "progress": RULE}), ask_pain=True, ask_effort=True)
        assert [block.reps for block in at_level(changed, [account(progress=[answer(12)])]).blocks] == [6]

    def test_without_a_rule_nothing_changes(self) -> None:
        plain = programme((HIKER, "left", {"reps": 10}))
        assert at_level(plain, [account(progress=[answer(12)])]).blocks == plain.blocks


def lead(theatre: Theatre, reps: int, effort: int = 4) -> list[str]:
    """One whole session in which everything is as asked, up to the questions of its end."""
    theatre.play(1)
    while theatre.now.question is not None and theatre.now.question.asks in ("before", "morning"):
        theatre.guide.score(0)
        theatre.play(0.5)
    theatre.begin()
    theatre.heard()
    theatre.repeat(range(1, reps + 1))
    theatre.guide.score(effort)
    theatre.play(0.5)
    theatre.guide.score(0)
    theatre.play(0.5)
    return theatre.heard()


def session(past: list[dict[str, Any]], **changes: Any) -> Theatre:
    rule = {**RULE, "sessions": 2, **changes}
    one = programme(
        (HIKER, "left", {"reps": 2, "progress": {**rule, "more": 1, "up_to": 3}}), ask_pain=True, ask_effort=True
    )
    return Theatre(one, past=past_of(past))


class TestAWholeSession:
    def test_effort_then_pain_then_the_proposal_then_the_summary(self) -> None:
        first = session([])
        said = lead(first, 2)
        order = [key for key in said if key in ("reps_done", "effort_ask", "pain_after", "progress_ask", "summary")]
        assert order == ["reps_done", "effort_ask", "pain_after", "summary"]
        kept = first.guide.record.as_dict()
        assert kept["sets"][0]["effort"] == 4
        second = session([kept])
        said = lead(second, 2)
        assert said[-1] == "progress_ask"
        assert second.now.sentence == "Hip hiker, left side: next time 3 repetitions instead of 2?"
        assert second.now.actions == ("choose", "next", "end")
        second.guide.choose("more")
        second.play(0.5)
        assert "progress_agreed" in second.heard()
        assert second.now.summary is not None
        assert "Hip hiker: next time 3 repetitions, as you agreed." in second.now.summary.notes
        third = session([kept, second.guide.record.as_dict()])
        lead(third, 3)
        assert third.guide.record.sets[0].target == 3
        assert third.now.stage == "summary"

    def test_who_says_no_or_nothing_stays(self) -> None:
        kept = session([])
        lead(kept, 2)
        before = kept.guide.record.as_dict()
        for reply in ("same", ""):
            second = session([before])
            lead(second, 2)
            if reply:
                second.guide.choose(reply)
            else:
                second.guide.next()
            second.play(0.5)
            assert second.now.stage == "summary"
            third = session([before, second.guide.record.as_dict()])
            lead(third, 2)
            assert third.guide.record.sets[0].target == 2

    def test_hard_sessions_propose_nothing(self) -> None:
        kept = session([])
        lead(kept, 2, effort=7)
        second = session([kept.guide.record.as_dict()])
        assert "progress_ask" not in lead(second, 2, effort=7)
        assert second.now.stage == "summary"


class TestEffort:
    def asked(self, **more: Any) -> Theatre:
        return Theatre(programme((HIKER, "left", {"reps": 1, "rest_s": 30}), (HIKER, "right", more), ask_effort=True))

    def test_it_is_asked_after_each_set_and_answered_with_one_tap(self) -> None:
        theatre = self.asked().begin()
        theatre.heard()
        theatre.repeat([1])
        assert theatre.now.question is not None
        assert (theatre.now.question.asks, theatre.now.question.least) == ("effort", "nothing at all")
        assert theatre.now.actions == ("score", "next", "hurts", "end")
        theatre.guide.score(3)
        theatre.play(0.2)
        assert theatre.now.stage == "rest"
        assert theatre.guide.record.sets[0].effort == 3

    def test_nobody_has_to_get_up_for_it(self) -> None:
        theatre = self.asked().begin().repeat([1])
        theatre.heard()
        theatre.play(21)
        assert theatre.now.stage == "rest"
        assert theatre.guide.record.sets[0].effort is None
        # What was waited for the answer was rest.
        assert theatre.now.rest_left_s <= 10

    def test_a_set_that_was_skipped_is_not_asked_about(self) -> None:
        theatre = self.asked().begin()
        theatre.guide.next()
        theatre.play(0.2)
        assert theatre.now.stage != "question"

    def test_it_may_hurt_while_it_is_asked(self) -> None:
        theatre = self.asked().begin().repeat([1])
        theatre.guide.hurts()
        theatre.guide.score(1)
        theatre.guide.choose("hip")
        theatre.guide.next()
        theatre.play(1)
        assert theatre.guide.record.pains[0].exercise == HIKER
        assert theatre.now.stage == "rest"
        assert theatre.now.next_block is not None and theatre.now.next_block.side == "right"

    def test_it_stands_in_the_summary(self) -> None:
        theatre = Theatre(programme((HIKER, "left", {"reps": 1}), ask_effort=True)).begin().repeat([1])
        theatre.guide.score(6)
        theatre.play(1)
        assert theatre.now.summary is not None
        rows = {row.name: row for row in theatre.now.summary.exercises[0].rows}
        assert (rows["effort"].label, rows["effort"].left) == ("Effort", "6 of 10")


class TestOneMoreSet:
    def theatre(self, **past: Any) -> Theatre:
        return Theatre(programme((HIKER, "left", {"reps": 1, "more_sets": 1, "rest_s": 5}), (HIKER, "right"))).begin()

    def test_it_is_offered_once_and_done(self) -> None:
        theatre = self.theatre().repeat([1])
        assert "another_ask" in theatre.heard()
        theatre.guide.choose("one_more")
        theatre.play(0.2)
        assert theatre.now.stage == "rest"
        assert theatre.now.next_block is not None
        assert (theatre.now.next_block.side, theatre.now.next_block.set_label) == ("left", "Set 2 of 2")
        theatre.play(6).begin().repeat([1])
        assert "another_ask" not in theatre.heard()
        assert theatre.now.next_block is not None and theatre.now.next_block.side == "right"

    def test_enough_is_enough(self) -> None:
        theatre = self.theatre().repeat([1])
        theatre.guide.choose("enough")
        theatre.play(0.2)
        assert theatre.now.next_block is not None and theatre.now.next_block.side == "right"

    def test_silence_is_no_wish_for_more(self) -> None:
        theatre = self.theatre().repeat([1]).play(22)
        assert theatre.now.block is None or theatre.now.block.side == "right"

    def test_nobody_who_was_hurt_there_is_asked(self) -> None:
        of = programme((HIKER, "left", {"reps": 1, "sets": 2, "more_sets": 1, "rest_s": 5}))
        theatre = Theatre(of).begin()
        theatre.guide.hurts()
        theatre.guide.score(1)
        theatre.guide.next()
        theatre.play(6).begin().repeat([1])
        assert "another_ask" not in theatre.heard()


def test_the_standard_programme_offers_a_second_stretch() -> None:
    from coach.definitions.programme import load_programme

    straps = [block for block in load_programme().blocks if block.exercise == STRAP]
    assert [(block.sets, block.more_sets) for block in straps] == [(1, 1), (1, 1)]


def test_movements_have_what_the_rule_looks_at() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 1}))).begin().repeat([1])
    items = theatre.guide.record.as_dict()["sets"][0]["result"]["movements"]
    assert [(item["counted"], item["faults"]) for item in items] == [(True, [])]
    assert movement(1).faults == ()
