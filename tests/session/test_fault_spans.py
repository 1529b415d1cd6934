"""When each fault is to be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coach.session.fault_spans import FaultSpan, fault_spans
from coach.session.timeline import KeyMoment
from coach.types import Hold, Movement


def test_a_fault_of_a_repetition_is_the_repetition_and_of_a_hold_its_worst_moment() -> None:
    lean = Movement(1, "left", 2.0, 3.5, 5.0, True, None, ("trunk_lean", "leg_swing"), 9.0, (8.0, 10.0), 1.5, 1.5)
    clean = replace(lean, number=2, faults=())
    shallow = replace(lean, number=3, counted=False, uncounted_reason="too_shallow")
    held = Hold(1, "right", 10.0, 40.0, 7, (), 12.0, 0.9, 38.0, True, None, ("pelvis_roll", "breath_held"))
    worst = KeyMoment(11.0, "fault", "right", 1, "pelvis_roll", (64, 48), np.zeros((33, 2), np.float32))
    assert fault_spans([lean, clean, shallow], [held], [worst]) == (
        FaultSpan("trunk_lean", "left", 2.0, 5.0),
        FaultSpan("leg_swing", "left", 2.0, 5.0),
        FaultSpan("pelvis_roll", "right", 10.0, 13.0),
        FaultSpan("breath_held", "right", 38.0, 40.0),
    )


def test_a_clip_shows_what_was_before_and_after_and_never_lasts_long() -> None:
    assert FaultSpan("unsteady", None, 4.0, 5.0).clip_s == (2.5, 6.5)
    assert FaultSpan("unsteady", None, 0.5, 90.0).clip_s == (0.0, 20.0)
