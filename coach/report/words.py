"""What the report says in words: reasons, limits and accuracy. Never a diagnosis, never blame."""

from __future__ import annotations

REASONS = {
    "too_shallow": "it was not deep enough",
    "stance_knee_bent": "the standing knee bent, so the pelvis did not drop",
    "not_returned": "it did not come back to the start",
    "not_seen": "it was not seen to the end, so it stays open",
    "leg_not_open": "the leg did not open far enough",
    "hold_too_short": "it was too short",
}

NOT_MEDICAL = (
    "This is a record of an exercise, measured by one camera. It is no diagnosis. If pain gets worse, stop and ask a "
    "doctor or physiotherapist."
)

ACCURACY_DEPTH = (
    "Angles from one camera are estimates. The thin bar at each depth spans {low:g} to {high:g} degrees to either side "
    "and should hold the true value in about nine of ten cases. Measured by hand, changes under about 4 degrees cannot "
    "be told from chance. Compare yourself with yourself, with the camera in the same place."
)
ACCURACY_DEPTH_PLAIN = (
    "Angles from one camera are estimates, good to a few degrees at best. Compare yourself with yourself, with the "
    "camera in the same place."
)
ACCURACY_BREATH = (
    "Breaths are counted from the motion of the chest in the picture. Its quality, 0 to 1, says how clear the rhythm "
    "was; where it is not clear, nothing is counted."
)
ACCURACY_BASIS_HOLD = "Curves are smoothed over a tenth of a second. Dotted lines are where a fault begins."
ACCURACY_BASIS = (
    "Every curve is the change from your own quiet start, smoothed over a tenth of a second. Dotted lines are where a "
    "fault begins."
)


def reason(name: str | None) -> str:
    """Why something was not counted, as the end of a sentence."""
    if not name:
        return "no reason was noted"
    return REASONS.get(name, f"of this: {plain(name)}")


def plain(name: str) -> str:
    """A fault's name in plain words: ``trunk_lean`` -> ``trunk lean``."""
    return name.replace("_", " ")


def clock(t_s: float) -> str:
    """Seconds as minutes and seconds: 75.2 -> ``1:15``."""
    whole = int(t_s + 0.5)
    return f"{whole // 60}:{whole % 60:02d}"


def seconds(value: float) -> str:
    """A duration: ``8 s``, ``1 min 15 s``."""
    whole = int(value + 0.5)
    return f"{whole} s" if whole < 100 else f"{whole // 60} min {whole % 60} s"


def several(count: int, one: str, many: str | None = None) -> str:
    """``1 breath``, ``7 breaths``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
