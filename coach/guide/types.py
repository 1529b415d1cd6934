"""What the guided session passes to front ends: everything frozen, plain, and already in the chosen language.

A front end calls ``Guide.step`` with each observation (and ``Guide.tick`` when none arrives), shows the GuideMoment it
returns, speaks its ``say`` and turns keys and buttons into the actions named in ``actions``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coach.types import Kind, Moment, Side

Stage = Literal[
    "welcome",  # what this is and is not; waits for confirm_safety
    "setup",  # live checks; passing for two seconds starts by itself
    "calibrate",  # stand or lie still
    "countdown",  # 3, 2, 1
    "exercise",  # repetitions or a hold
    "rest",  # until rest_left_s is 0, or next; also the warm-up
    "paused",  # see pause; counts are kept
    "question",  # of pain, effort, another set, more next time; see QuestionView
    "summary",  # left beside right
    "done",  # the session is over
]

Action = Literal[
    "confirm_safety",
    "pause",
    "resume",
    "next",
    "other_side",
    "hurts",
    "score",  # with a number, 0 to 10
    "choose",  # with the key of one of the options
    "explain",  # say again how the exercise goes
    "end",
]

# Why the session is paused: the person asked, left the picture, is only partly visible, or the camera went silent.
PauseReason = Literal["asked", "left", "partial", "camera"]

# States of a check. "unknown" never blocks and is never shown as wrong.
CheckState = Literal["ok", "not_ok", "unknown"]

CheckName = Literal["person", "whole_body", "distance", "posture", "angle", "level", "light", "sharpness", "frame_rate"]

# What a question is about. Pain: now, before the session, on the morning after the last one, after this one; and
# whether what ended the last one was checked since. A set: how hard it was (CR10), and whether to do another. Next
# time: whether to do more.
Asks = Literal["hurts", "before", "morning", "after", "seen_to", "effort", "another", "progress"]

BreathDirection = Literal["in", "out", ""]

EndedBy = Literal["target", "finished", "skipped", "other_side", "pain", "ended", ""]


@dataclass(frozen=True, slots=True)
class Speech:
    """One sentence to speak now. A front end says the smallest ``priority`` first.

    key: its name in the programme's or the exercise's words. urgent: cut off what is being spoken. valid_s: drop it if
    it cannot begin within this time (a late count is worse than none).
    """

    key: str
    text: str
    priority: int
    urgent: bool = False
    valid_s: float = 4.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the set-up. remedy: what to do, empty unless ``state`` is "not_ok".

    blocking: the session waits for it; the others are advice, waited for only a while.
    """

    name: CheckName
    label: str
    state: CheckState
    remedy: str = ""
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class BlockView:
    """The current part of the programme. number, of, set_number and sets count from 1.

    pictured: whether the exercise's file has an animated picture. asked: what else is asked for, as sentences.
    """

    number: int
    of: int
    exercise: str
    title: str
    kind: Kind
    posture: Literal["upright", "lying"]
    side: Side
    side_label: str
    set_number: int
    sets: int
    set_label: str
    camera_where: str
    camera_angle_deg: tuple[float, float]
    how: tuple[str, ...]
    pictured: bool = False
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountView:
    """The number in the ring. target_from..target_to: 10..10 for repetitions, 6..8 for breaths, 30..30 for seconds.

    value: None if it cannot be counted (an unseen breath is paced, never invented). may_finish: the person has done
    enough and may stop.
    """

    value: int | None
    target_from: int
    target_to: int
    label: str
    may_finish: bool = False
    held_s: float = 0.0


@dataclass(frozen=True, slots=True)
class BreathView:
    """The slow circle of a hold. fill: 0 empty to 1 full. paced: the coach sets the pace, unable to see breathing."""

    direction: BreathDirection
    label: str
    fill: float
    paced: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question, and the advice once it is answered. score: None until it is given.

    asks: what the question is about. least, most: what 0 and 10 mean. options: answers by key and label, such as where
    it hurts, under the heading ``choose``; chosen: the key of the one that was picked. Where the options are the answer
    ("seen_to", "another", "progress") no score is asked for. ends_session: no exercise follows; only ``end`` (and the
    summary) is left.
    """

    question: str
    score: int | None = None
    advice: tuple[str, ...] = ()
    ends_session: bool = False
    asks: Asks = "hurts"
    choose: str = ""
    options: tuple[tuple[str, str], ...] = ()
    chosen: str = ""
    least: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of the comparison, as text; empty strings where there is nothing to say."""

    name: str
    label: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class ExerciseSummary:
    """One exercise, left beside right, and the one thing to remember next time."""

    exercise: str
    title: str
    rows: tuple[SummaryRow, ...]
    next_time: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What is shown after the session. notes: reported pain, and what could not be seen."""

    headline: str
    exercises: tuple[ExerciseSummary, ...]
    notes: tuple[str, ...] = ()
    left_label: str = "Left"
    right_label: str = "Right"


@dataclass(frozen=True, slots=True, eq=False)
class GuideMoment:
    """Everything a front end needs to show one instant of the guided session.

    sentence: the one line at the bottom, in large type; sentence_key: its name. joints: those it is about, to be marked
    on the body (names as in coach.types.Cue). say: new sentences to speak, most urgent first. moment: the judge's view
    of this frame, None if nothing is judged. Fields that do not belong to the stage are None, 0 or empty. actions: what
    the person can do now; others are ignored.
    """

    t_s: float
    stage: Stage
    language: str
    sentence: str
    sentence_key: str
    joints: tuple[str, ...] = ()
    say: tuple[Speech, ...] = ()
    actions: tuple[Action, ...] = ()
    block: BlockView | None = None
    next_block: BlockView | None = None
    notice: tuple[str, ...] = ()  # welcome: paragraphs to read
    checks: tuple[Check, ...] = ()  # setup
    progress: float = 0.0  # setup and calibrate: share of the still time that has passed, 0..1
    countdown: int = 0  # 3, 2, 1
    count: CountView | None = None
    breath: BreathView | None = None
    rest_left_s: float = 0.0
    rest_s: float = 0.0
    pause: PauseReason | None = None
    question: QuestionView | None = None
    summary: Summary | None = None
    part: int = -1  # which set of the session the moment belongs to, counted from 0; -1 outside a set
    moment: Moment | None = None
