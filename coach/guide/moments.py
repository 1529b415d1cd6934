"""A GuideMoment from where the session is: the shown sentence, the parts a stage has, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping

from coach.definitions.programme_messages import NOTICE, Messages
from coach.guide.flow import STILL_S, Flow
from coach.guide.pain import QUESTIONS
from coach.guide.plan import Step
from coach.guide.types import Action, BlockView, GuideMoment, PainView, Stage
from coach.types import Moment

ALMOST = 0.95  # of the calibration's bar, until the judge says that it is done

ACTIONS: Mapping[Stage, tuple[Action, ...]] = {
    "welcome": ("confirm_safety", "end"),
    "setup": ("pause", "next", "other_side", "explain", "hurts", "end"),
    "calibrate": ("pause", "next", "other_side", "hurts", "end"),
    "countdown": ("pause", "next", "other_side", "hurts", "end"),
    "exercise": ("pause", "next", "other_side", "hurts", "end"),
    "rest": ("pause", "next", "other_side", "explain", "hurts", "end"),
    "paused": ("pause", "next", "other_side", "hurts", "end"),
    "pain": ("pain_score", "end"),
    "summary": ("hurts", "end"),
    "done": (),
}
IN_SET: tuple[Stage, ...] = ("calibrate", "countdown", "exercise", "paused")


def allowed(flow: Flow) -> tuple[Action, ...]:
    """What the person can do now."""
    actions = ACTIONS[flow.stage]
    if flow.stage == "paused" and flow.pause == "asked":
        return ("resume", *actions[1:])
    if flow.stage == "pain" and flow.pain is not None:
        return _allowed_in_pain(flow.pain)
    if flow.stage == "summary" and flow.recorder.last_set is None:
        return ("end",)
    return actions


def _allowed_in_pain(pain: PainView) -> tuple[Action, ...]:
    """A score is given, or the question left out unless it hurts now; afterwards where, and on."""
    choice: tuple[Action, ...] = ("pain_choice",) if pain.options and not pain.chosen else ()
    if pain.asks == "seen_to":
        return (*choice, "end")
    if pain.score is None:
        return ("pain_score", "end") if pain.asks == "hurts" else ("pain_score", "next", "end")
    return (*choice, "end") if pain.ends_session else (*choice, "next", "end")


def block_view(step: Step | None, of: int, words: Messages) -> BlockView | None:
    """What a face shows of a set, in words."""
    if step is None:
        return None
    exercise, sets = step.task.exercise, step.task.sets
    about = exercise.in_language(words.language)
    return BlockView(
        number=step.number,
        of=of,
        exercise=exercise.name,
        title=about.title,
        kind=exercise.kind,
        posture=exercise.posture,
        side=step.task.side,
        side_label=words.side(step.task.side),
        set_number=step.set_number,
        sets=sets,
        set_label=words("set_of", set=step.set_number, sets=sets),
        camera_where=about.camera_where,
        camera_angle_deg=exercise.camera.angle_deg,
        how=about.how,
        pictured=exercise.picture is not None,
    )


def make_moment(flow: Flow, moment: Moment | None, part: int) -> GuideMoment:
    """What the faces see of this instant; it takes what is to be spoken."""
    key, text, joints = flow.speaker.shown(flow.now_s, _base(flow))
    stage, run, words = flow.stage, flow.run, flow.words
    over = stage in ("welcome", "summary", "done")
    # During a rest the plan already stands at what comes next.
    now, following = (None, flow.plan.now) if stage == "rest" else (flow.plan.now, flow.plan.next)
    in_set = run is not None and stage in IN_SET
    return GuideMoment(
        t_s=flow.now_s,
        stage=stage,
        language=words.language,
        sentence=text,
        sentence_key=key,
        joints=joints,
        say=flow.speaker.take(),
        actions=allowed(flow),
        block=None if over else block_view(now, flow.plan.length, words),
        next_block=None if over else block_view(following, flow.plan.length, words),
        notice=tuple(words(key) for key in NOTICE) if stage == "welcome" else (),
        checks=flow.setup_state.checks if stage == "setup" and flow.setup_state is not None else (),
        progress=_progress(flow),
        countdown=flow.count_left if stage == "countdown" else 0,
        # While the numbers of the countdown run, no other one stands beside them.
        count=run.count_view() if run is not None and in_set and stage != "countdown" else None,
        breath=run.breath_view(flow.now_s) if run is not None and in_set else None,
        rest_left_s=min(flow.rest_s, max(0.0, flow.rest_until_s - flow.now_s)) if stage == "rest" else 0.0,
        rest_s=flow.rest_s if stage == "rest" else 0.0,
        pause=flow.pause,
        pain=flow.pain if stage == "pain" else None,
        summary=flow.summary if stage in ("summary", "done") else None,
        part=part,
        moment=moment,
    )


def _progress(flow: Flow) -> float:
    if flow.stage == "setup" and flow.setup_state is not None:
        return flow.setup_state.progress
    if flow.stage == "calibrate":
        return min(ALMOST, (flow.now_s - flow.since_s) / STILL_S)
    return 0.0


def _base(flow: Flow) -> tuple[str, str]:
    """Key and text of the sentence that stands while nothing else was just said."""
    words, run, step = flow.words, flow.run, flow.plan.now
    if flow.stage in ("exercise", "paused") and run is not None and flow.pause in (None, "partial"):
        return run.waiting_for()
    if flow.stage == "summary" and flow.summary is not None:
        return "summary", flow.summary.headline
    keys: dict[Stage, str] = {
        "welcome": "welcome",
        "setup": _setup_key(flow),
        "calibrate": f"calibrate_{step.task.exercise.posture}" if step is not None else "",
        "countdown": "countdown",
        "rest": "warm_up" if flow.warming_up else "next_set" if step is not None and step.set_number > 1 else "next_up",
        "paused": f"paused_{flow.pause}",
        "pain": _pain_key(flow),
    }
    key = keys.get(flow.stage, "")
    place = flow.place(step) if step is not None else {}
    return key, words(key, count=flow.count_left, **place) if key else ""


def _pain_key(flow: Flow) -> str:
    pain = flow.pain
    if pain is None or (pain.score is None and not pain.ends_session):
        return QUESTIONS[pain.asks if pain is not None else "hurts"]
    return flow.pain_advice


def _setup_key(flow: Flow) -> str:
    state = flow.setup_state
    if state is not None and state.remedy:
        return state.remedy
    if state is not None and state.progress > 0:
        return "setup_good_enough" if state.compromised else "setup_good"
    return "setup_wait"
