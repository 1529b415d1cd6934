"""Errors a user can act on: each says what is wrong, where, and what to do.

Every class also derives from the built-in that a caller would expect, so that ``except FileNotFoundError`` works.
The command line turns each of them into one line, or one line a mistake, and exit code 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

MOST_MISTAKES = 20  # told of one thing: nobody reads more


class CoachError(Exception):
    """Something the user can fix. ``remedy`` says how, in one sentence.

    mistakes: all that is wrong with what ``problem`` then only names, as a file: where in it, what, and a remedy if it
    has one of its own. The attribute ``problem`` says both; the remedy of a single one is that of the error.
    """

    def __init__(self, problem: str, remedy: str = "", mistakes: Sequence[CoachError] = ()) -> None:
        self.named = problem
        self.mistakes = tuple(mistakes[:MOST_MISTAKES])
        if len(mistakes) > MOST_MISTAKES:
            self.mistakes += (CoachError("and more"),)
        alone = mistakes[0] if len(mistakes) == 1 else None
        said = alone.problem if alone else "; ".join(map(str, self.mistakes))
        self.problem: str = f"{problem}: {said}" if said else problem
        self.remedy: str = (alone and alone.remedy) or remedy
        super().__init__(self.problem)

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}" if self.remedy else self.problem


class SourceNotFoundError(CoachError, FileNotFoundError):
    """The named video, camera or folder does not exist."""


class SourceUnreadableError(CoachError, ValueError):
    """The source exists but holds no readable video."""


class CameraError(CoachError, OSError):
    """The camera is absent, busy or disconnected."""


class ExerciseFileError(CoachError, ValueError):
    """An exercise file is missing, malformed or inconsistent."""


class ModelError(CoachError, OSError):
    """The pose model is missing or damaged."""


class OutputError(CoachError, OSError):
    """A result cannot be written where it should go."""


class ListFileError(CoachError, ValueError):
    """A list of videos is malformed."""


class ClusterError(CoachError, OSError):
    """A cluster's scheduler cannot be reached, or has gone."""


class RecordingError(CoachError, ValueError):
    """A recording of observations cannot be read."""


class HistoryError(CoachError, OSError):
    """The history of sessions cannot be opened, read or written."""


class ProgrammeFileError(CoachError, ValueError):
    """A programme for guided sessions is missing, malformed or inconsistent."""


class OptionError(CoachError, ValueError):
    """A command's option has an invalid value."""


class ScreenError(CoachError, OSError):
    """There is no screen to show a window on."""


class VoiceError(CoachError, OSError):
    """The system cannot speak."""


class MissingPackageError(CoachError, ImportError):
    """Something was asked for that needs a package which is not installed."""


class SharedFileError(CoachError, ValueError):
    """A file of shared sessions cannot be read, or holds what it may not."""


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was raised from, outermost first; at most five."""
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__
