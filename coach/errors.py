"""Errors a user can act on: each says what is wrong, where, and what to do.

Every class is also the builtin that a caller would expect, so that ``except FileNotFoundError`` works.
The command line turns each of them into one line and exit code 2.
"""

from __future__ import annotations


class CoachError(Exception):
    """Something the user can put right. ``remedy`` says how, in one sentence."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}" if self.remedy else self.problem


class SourceNotFoundError(CoachError, FileNotFoundError):
    """The video, camera or folder named does not exist."""


class SourceUnreadableError(CoachError, ValueError):
    """The source exists but holds no video that can be read."""


class CameraError(CoachError, OSError):
    """The camera is absent, busy or went away."""


class ExerciseFileError(CoachError, ValueError):
    """An exercise file is missing, malformed or inconsistent."""


class ModelError(CoachError, OSError):
    """The pose model is missing or damaged."""


class OutputError(CoachError, OSError):
    """A result cannot be written where it was asked to go."""


class ListFileError(CoachError, ValueError):
    """A list of videos is malformed."""


class ClusterError(CoachError, OSError):
    """The scheduler of a cluster cannot be reached, or went away."""


class RecordingError(CoachError, ValueError):
    """A recording of observations cannot be read."""


class HistoryError(CoachError, OSError):
    """The history of sessions cannot be opened, read or written."""


class ProgrammeFileError(CoachError, ValueError):
    """A programme of the guided session is missing, malformed or inconsistent."""


class OptionError(CoachError, ValueError):
    """An option of a command has a value that makes no sense."""


class ScreenError(CoachError, OSError):
    """There is no screen to show a window on."""


class VoiceError(CoachError, OSError):
    """The system cannot speak."""
