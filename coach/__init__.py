"""Exercise coach: watches two physiotherapy exercises through one camera and says how they go.

    import coach

    result = coach.analyse("me.mp4")                            # watch and judge a video
    result.repetitions, result.holds, result.timeline           # what was done, as typed values and arrays
    coach.record("me.mp4", "me.observed")                       # keep what is seen, without pictures
    coach.judge("me.observed", "hip-hiker")                     # and judge it again in a moment

The names in ``__all__`` are the public surface; docs/python.md describes each, and what a new version may change.
They are loaded when they are first used: importing ``coach`` by itself loads nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.api import (
        AnalysisResult,
        ExerciseSet,
        Hold,
        Landmarks,
        Repetition,
        Timeline,
        analyse,
        exercise_names,
        judge,
        record,
    )
    from coach.errors import CoachError

__version__ = "0.1.0"

__all__ = [
    "AnalysisResult",
    "CoachError",
    "ExerciseSet",
    "Hold",
    "Landmarks",
    "Repetition",
    "Timeline",
    "__version__",
    "analyse",
    "exercise_names",
    "judge",
    "record",
]

if not TYPE_CHECKING:  # a type checker knows the names above, and complains of any other

    def __getattr__(name):
        """Load a public name when it is first used (PEP 562)."""
        import importlib

        if name not in __all__:
            raise AttributeError(f"module 'coach' has no attribute '{name}'")
        # Not an import statement: nothing below may depend on what stands at the top.
        home = importlib.import_module("coach.errors" if name == "CoachError" else "coach.api")
        return getattr(home, name)

    def __dir__():
        return sorted({*globals(), *__all__})
