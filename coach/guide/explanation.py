"""Explains an exercise while the person sets up or rests before it: in full the first time, briefly afterwards.

The sentences are those of the programme's talk-through; of a person's own exercise, for which it has none, the steps
are read out. Then comes what is asked of it, such as the load.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from coach.definitions.programme import Talk
from coach.guide.plan import Step
from coach.guide.speech_queue import TALK, Speaker
from coach.guide.talk_through import GAP_S, TalkThrough

HEARD_S = 3.0  # after its last sentence, before the set begins
STEP, ASKED = "how", "asked"  # prefixes of the keys of an exercise's own steps, and of what is asked
UNHEARD = ("asked_depth",)  # of what is asked: shown but not spoken, as degrees mean little to the ear
WORD_S = 0.45  # that a spoken word takes


class Explanation:
    """Says the lines whose phase is ``setup``. known: exercises that the person has done before."""

    def __init__(self, talk: Sequence[Talk], known: Collection[str], speaker: Speaker) -> None:
        self._lines = [line for line in talk if line.phase == "setup"]
        self._known = set(known)
        self._speaker = speaker
        self._step: Step | None = None
        self._talk: TalkThrough | None = None
        self._texts: dict[str, str] = {}

    def begin(self, step: Step, lead_s: float, again: bool = False) -> None:
        """Explain this set from now on, once. again: in full, although it was explained before.

        lead_s: before the first sentence, so that what is said before it has been heard.
        """
        if not again and self._step is not None and _same(step, self._step):
            return
        name = step.task.exercise.name
        full = again or name not in self._known
        self._step = step
        self._known.add(name)
        lines = [line for line in self._lines if line.exercise == name]
        if not lines and full and step.task.block.exercise.endswith(".toml"):
            lines = self._own_steps(step)
        lines = [line for line in lines if full or not line.first]
        lines += self._asked(step, lines)
        later_s = lead_s - min((line.after_s for line in lines), default=0.0)
        later = [line.model_copy(update={"after_s": line.after_s + later_s}) for line in lines]
        self._talk = TalkThrough(later) if later else None

    def _own_steps(self, step: Step) -> list[Talk]:
        """Where the camera goes, and every step."""
        return self._read_out(step, STEP, [step.task.about.camera_where, *step.task.about.how], 0.0)

    def _asked(self, step: Step, before: Sequence[Talk]) -> list[Talk]:
        """What is asked of it, after everything else."""
        texts = [text for key, text in step.task.asked if key not in UNHEARD]
        begin_s = max((line.after_s + self._length_s(step, line.say) for line in before), default=0.0)
        return self._read_out(step, ASKED, texts, begin_s)

    def _read_out(self, step: Step, key: str, texts: Sequence[str], begin_s: float) -> list[Talk]:
        lines = []
        for number, text in enumerate(texts, start=1):
            say = f"{key}_{number}"
            self._texts[say] = text
            lines.append(Talk(exercise=step.task.exercise.name, phase="setup", say=say, after_s=min(begin_s, 300.0)))
            begin_s += self._length_s(step, say)
        return lines

    def _length_s(self, step: Step, key: str) -> float:
        """How long a sentence takes to be spoken."""
        return GAP_S + WORD_S * max(0, len(self._text(step, key).split()) - 4)

    def _text(self, step: Step, key: str) -> str:
        return self._texts[key] if key in self._texts else self._speaker.words.sided(key, step.task.side)

    def step(self, t_s: float) -> bool:
        """Say the next sentence when it is due; returns whether everything has been said and heard."""
        if self._talk is None or self._step is None:
            return True
        line = self._talk.step(t_s, "setup")
        if line is not None:
            self._speaker.say_text(t_s, line, self._text(self._step, line), TALK, valid_s=10.0)
        return self._talk.finished and t_s - self._speaker.last_s >= HEARD_S

    def end(self) -> None:
        """The set begins: stop explaining."""
        self._talk = None


def _same(one: Step, other: Step) -> bool:
    """Whether it is the same set, on the same side."""
    return (one.number, one.set_number, one.task.exercise.name, one.task.side) == (
        other.number,
        other.set_number,
        other.task.exercise.name,
        other.task.side,
    )
