"""Whatever the person and the camera do: nothing breaks, nothing that was done is lost, times only rise."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.guide.people import lying, standing
from tests.guide.theatre import HIKER, STRAP, Theatre, programme

ACTIONS = ("confirm_safety", "pause", "resume", "next", "other_side", "hurts", "explain", "end")
PHASES = ("nobody", "partial", "calibrating", "ready", "moving", "raised", "opening", "holding", "returning")
STEPS = st.one_of(
    st.tuples(st.just("act"), st.sampled_from(ACTIONS)),
    st.tuples(st.just("score"), st.integers(0, 10)),
    st.tuples(st.just("wait"), st.floats(0.1, 12)),
    st.tuples(st.just("begin"), st.booleans()),
    st.tuples(st.just("count"), st.integers(1, 3)),
    st.tuples(st.just("phase"), st.sampled_from(PHASES)),
)


def play(theatre: Theatre, kind: str, what: object) -> None:
    guide = theatre.guide
    if kind == "act":
        getattr(guide, str(what))()
    elif kind == "score":
        guide.score(int(str(what)))
    elif kind == "wait":
        theatre.wait(float(str(what)))
    elif kind == "begin":
        pose = lying() if what else standing()
        theatre.play(2.5, pose).play(2.5, pose, phase="calibrating").play(3.5, pose, phase="ready", count=0)
    elif kind == "count":
        phase = theatre.line["phase"]
        theatre.play(1.0, phase=phase, count=theatre.line["count"] + int(str(what)))
    else:
        theatre.play(3.0, lying() if what in PHASES[5:] else standing(), phase=str(what), empty=what == "nobody")


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=30), st.booleans())
def test_any_session_keeps_its_record_and_its_clock(steps: list[tuple[str, object]], confirmed: bool) -> None:
    of = programme((HIKER, "left", {"reps": 4, "sets": 2, "rest_s": 5}), (STRAP, "left"), (HIKER, "right"))
    theatre = Theatre(of, already_confirmed=confirmed)
    kept: tuple[object, ...] = ()
    for kind, what in steps:
        play(theatre, kind, what)
        ended = tuple(each for each in theatre.guide.record.sets if each.ended_by)
        assert ended[: len(kept)] == kept
        kept = ended
    theatre.play(0.2)
    times = [moment.t_s for moment in theatre.moments]
    assert times == sorted(times)
    for moment in theatre.moments:
        assert moment.sentence or moment.stage in ("done", "exercise", "paused")
        assert (moment.pause is not None) == (moment.stage == "paused")
        assert (moment.question is not None) == (moment.stage == "question")
        assert moment.summary is None or moment.stage in ("summary", "done")
        assert 0 <= moment.progress <= 1
        assert moment.rest_left_s <= moment.rest_s
        assert list(moment.say) == sorted(moment.say, key=lambda speech: speech.priority)
    record = theatre.guide.record
    closed = [pause for pause in record.pauses if not math.isnan(pause.end_s)]
    assert len(record.pauses) - len(closed) == (theatre.now.stage == "paused")
    assert all(pause.start_s <= pause.end_s for pause in closed)
    assert record.as_dict()
