"""What Python programs use: analyse, record and judge, and the typed values that they give.

The package ``coach`` itself offers the same names, each loaded when it is first used.
"""

from coach.api.result import AnalysisResult, ExerciseSet, Hold, Repetition
from coach.api.run import analyse, exercise_names, judge, record
from coach.session.timeline import Landmarks, Timeline

__all__ = [
    "AnalysisResult",
    "ExerciseSet",
    "Hold",
    "Landmarks",
    "Repetition",
    "Timeline",
    "analyse",
    "exercise_names",
    "judge",
    "record",
]
