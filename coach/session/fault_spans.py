"""When in a video each fault can be seen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.session.timeline import KeyMoment
from coach.types import Hold, Movement, Side

WORST_S = 2.0  # of a hold before and after the worst moment of a fault
AROUND_S = 1.5  # shown before and after
LONGEST_S = 20.0


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """One fault from when it began to when it ended, in seconds from the start of the video."""

    name: str
    side: Side | None
    start_s: float
    end_s: float

    @property
    def clip_s(self) -> tuple[float, float]:
        """The span of its clip: from a little before to a little after, at most 20 s."""
        start_s = max(0.0, self.start_s - AROUND_S)
        return start_s, min(self.end_s + AROUND_S, start_s + LONGEST_S)

    def clip_name(self, number: int) -> str:
        """The name of its clip: by number, side and fault."""
        return "-".join([f"{number:02d}", *([self.side] if self.side else []), self.name])


def fault_spans(
    movements: Sequence[Movement], holds: Sequence[Hold], keys: Sequence[KeyMoment] = ()
) -> tuple[FaultSpan, ...]:
    """When each fault of what counted can be seen: the whole repetition, or the worst moment of a hold.

    keys: key moments of the session's timeline, which say when that was; without them, the end of the hold.
    """
    spans = [FaultSpan(fault, m.side, m.start_s, m.end_s) for m in movements if m.counted for fault in m.faults]
    for hold in holds:
        for fault in hold.faults if hold.counted else ():
            worst = [
                key.t_s
                for key in keys
                if key.kind == "fault" and key.detail == fault and hold.start_s <= key.t_s <= hold.end_s
            ]
            middle = worst[0] if worst else hold.end_s
            start_s, end_s = max(hold.start_s, middle - WORST_S), min(hold.end_s, middle + WORST_S)
            spans.append(FaultSpan(fault, hold.side, start_s, end_s))
    return tuple(sorted(spans, key=lambda span: span.start_s))
