"""Builds a GuideMoment from the session's state: the shown sentence, the stage's parts, and the possible actions."""

from __future__ import annotations

from coach.definitions.programme_messages import NOTICE, Messages
from coach.guide.machine import Machine
from coach.guide.plan import Step
from coach.guide.stages import STAGES
from coach.guide.types import BlockView, GuideMoment, Stage
from coach.types import Moment


def block_view(step: Step | None, of: int, words: Messages) -> BlockView | None:
    """What front ends show about a set, in words."""
    if step is None:
        return None
    exercise, about, sets = step.task.exercise, step.task.about, step.task.sets
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
        asked=tuple(text for _, text in step.task.asked),
    )


def make_moment(machine: Machine, moment: Moment | None, part: int) -> GuideMoment:
    """What front ends see of this instant; empties the outbox of sentences."""
    key, text, joints = machine.speaker.shown(machine.now_s, _base(machine))
    stage, run, words = machine.stage, machine.run, machine.words
    over = stage in ("welcome", "summary", "done")
    # During a rest the plan is already at the next set.
    now, following = (None, machine.plan.now) if stage == "rest" else (machine.plan.now, machine.plan.next)
    checked = machine.setup_state if stage == "setup" else None
    countdown = machine.countdown if stage == "countdown" else None
    rest = machine.rest if stage == "rest" else None
    in_set = run is not None and STAGES[stage].in_set
    return GuideMoment(
        t_s=machine.now_s,
        stage=stage,
        language=words.language,
        sentence=text,
        sentence_key=key,
        joints=joints,
        say=machine.speaker.take(),
        actions=machine.actions,
        block=None if over else block_view(now, machine.plan.length, words),
        next_block=None if over else block_view(following, machine.plan.length, words),
        notice=tuple(words(key) for key in NOTICE) if stage == "welcome" else (),
        checks=checked.checks if checked is not None else (),
        progress=_progress(machine),
        countdown=countdown.left if countdown is not None else 0,
        # No other number is shown during the countdown.
        count=run.count_view() if run is not None and in_set and stage != "countdown" else None,
        breath=run.breath_view(machine.now_s) if run is not None and in_set else None,
        rest_left_s=rest.left_s(machine.now_s) if rest is not None else 0.0,
        rest_s=rest.length_s if rest is not None else 0.0,
        pause=machine.pause.reason if machine.pause is not None else None,
        question=machine.questions.view if stage == "question" else None,
        summary=machine.summary if stage in ("summary", "done") else None,
        part=part,
        moment=moment,
    )


def _progress(machine: Machine) -> float:
    if machine.stage == "setup" and machine.setup_state is not None:
        return machine.setup_state.progress
    if machine.stage == "calibrate" and machine.calibration is not None:
        return machine.calibration.progress(machine.now_s)
    return 0.0


def _base(machine: Machine) -> tuple[str, str]:
    """Key and text of the sentence shown when nothing has just been said."""
    words, run, step, pause = machine.words, machine.run, machine.plan.now, machine.pause
    goes_on = machine.stage == "exercise" or (pause is not None and pause.reason == "partial")
    if goes_on and run is not None:
        return run.waiting_for()
    if machine.stage == "question":
        return machine.questions.shown_key, machine.questions.shown_text
    if machine.stage == "summary" and machine.summary is not None:
        return "summary", machine.summary.headline
    keys: dict[Stage, str] = {
        "welcome": "welcome",
        "setup": _setup_key(machine),
        "calibrate": f"calibrate_{step.task.exercise.posture}" if step is not None else "",
        "countdown": "countdown",
        "rest": _rest_key(machine),
        "paused": "" if pause is None else "paused_sign" if pause.by_sign else f"paused_{pause.reason}",
    }
    key = keys.get(machine.stage, "")
    place = step.place(words) if step is not None else {}
    count = machine.countdown.left if machine.countdown is not None else 0
    return key, words(key, count=count, **place) if key else ""


def _rest_key(machine: Machine) -> str:
    step = machine.plan.now
    if machine.rest is not None and machine.rest.warm_up:
        return "warm_up"
    return "next_set" if step is not None and step.set_number > 1 else "next_up"


def _setup_key(machine: Machine) -> str:
    state = machine.setup_state
    if state is not None and state.remedy:
        return state.remedy
    if state is not None and state.progress > 0:
        return "setup_good_enough" if state.compromised else "setup_good"
    return "setup_wait"
