"""Says which set comes next, and to change sides where a step is used."""

from __future__ import annotations

from coach.guide.plan import Step, Task
from coach.guide.speech_queue import NEXT, TALK, Speaker
from coach.types import Side, other_side


class Announcer:
    """Announces sets. It is told which one begins, so that it knows which side was done last."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._last_side: tuple[str, Side] | None = None  # exercise and side, until a change of sides was looked for

    def begins(self, task: Task) -> None:
        """A set of this task begins."""
        self._last_side = (task.exercise.name, task.side)

    def introduce(self, t_s: float, step: Step) -> None:
        """The set that is set up now."""
        key = "block_intro_sets" if step.task.sets > 1 else "block_intro"
        self._speaker.say(t_s, key, NEXT, **step.place(self._speaker.words))
        self._change_sides(t_s, step)

    def rest(self, t_s: float, step: Step, rest_s: float) -> None:
        """The rest that begins now, and the set after it."""
        self._speaker.say(t_s, "rest", NEXT, show=False, seconds=round(rest_s))
        key = "next_set" if step.set_number > 1 else "next_up"
        self._speaker.say(t_s, key, TALK, show=False, valid_s=10.0, **step.place(self._speaker.words))
        self._change_sides(t_s, step)

    def other_side(self, t_s: float, step: Step) -> None:
        """The set on the other side, which the person asked for."""
        self._speaker.say(t_s, "side_changed", NEXT, **step.place(self._speaker.words))
        self._change_sides(t_s, step)

    def _change_sides(self, t_s: float, step: Step) -> None:
        """On a step, the person is never asked to turn round or to turn their back to the camera."""
        task = step.task
        if task.exercise.on_a_step and self._last_side == (task.exercise.name, other_side(task.side)):
            self._speaker.say(t_s, "change_sides_step", NEXT, valid_s=12.0)
        self._last_side = None
