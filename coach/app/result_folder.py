"""The result folder of an analysed video, with the requested files: the same for one video and for many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from coach.app.analyse import Analysis, analyse
from coach.definitions.exercise import Exercise
from coach.errors import OptionError
from coach.perception.recording import Recorder
from coach.perception.watched_video import Observed
from coach.types import Moment, Side


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be left behind besides result.json. kinds and height_m are those of coach.export."""

    video: bool = False
    clips: bool = False
    report: bool = False
    pdf: bool = False
    pictures: bool = False
    kinds: tuple[str, ...] = ()
    height_m: float | None = None

    @classmethod
    def of(
        cls,
        *,
        save_video: bool = False,
        clips: bool = False,
        report: bool = False,
        pdf: bool = False,
        pictures: bool = False,
        kinds: tuple[str, ...] = (),
        height_m: float | None = None,
    ) -> Wanted:
        """From the options of a command, each implying what it needs."""
        return cls(save_video or clips, clips, report or pdf or pictures, pdf, pictures, kinds, height_m)

    @property
    def data(self) -> bool:
        """Whether curves are needed."""
        return self.report or bool(self.kinds)

    @property
    def any(self) -> bool:
        """Whether the observations are needed again after the analysis."""
        return self.video or self.data


def check_drawable(path: Path, source: str) -> None:
    """Raise OptionError if the pictures to draw on are missing: ``path`` may be a recording."""
    if not Path(source).is_file():
        raise OptionError(
            f"{path}: was recorded from {source}, which is not there", "Leave out --save-video, --clips and --pictures"
        )


def analyse_and_keep(
    observed: Observed,
    exercises: Sequence[Exercise],
    side: Side | None,
    language: str,
    *,
    kept: Path | None,
    fps: float,
    on_moment: Callable[[Moment], None] | None = None,
) -> Analysis:
    """Judge the observations; they are saved to the file ``kept``, if given, to be used again."""
    with nullcontext() if kept is None else Recorder(kept) as recorder:
        found = analyse(observed, exercises, side, language, recorder=recorder, on_moment=on_moment)
        if recorder is not None:
            recorder.describe(observed.source, observed.duration_s, fps, observed.notes)
    return found


def write_data(
    found: Analysis, kept: Path, folder: Path, wanted: Wanted, video: Path, side: Side | None, language: str
) -> tuple[list[Path], list[str]]:
    """Write report and exports. Returns the files, and the kinds that are missing because nobody was found.

    ``video`` is opened only if pictures are wanted. Raises OutputError.
    """
    if not wanted.data:
        return [], []
    from coach.app.artifacts import write_artifacts

    files = write_artifacts(
        found.result,
        kept,
        found.exercises,
        folder,
        side=side,
        language=language,
        report=wanted.report,
        pdf=wanted.pdf,
        pictures_from=video if wanted.pictures else None,
        kinds=wanted.kinds,
        height_m=wanted.height_m,
    )
    return files, [kind for kind in wanted.kinds if not any(file.suffix == f".{kind}" for file in files)]


def write_video(
    found: Analysis,
    kept: Path,
    folder: Path,
    wanted: Wanted,
    video: Path,
    side: Side | None,
    language: str,
    *,
    on_picture: Callable[[float], None] | None = None,
) -> list[Path]:
    """Write annotated.mp4 and the clips of faults, if wanted; return the files. Raises OutputError."""
    if not wanted.video:
        return []
    from coach.app.annotate import annotate, cut_clips

    target = folder / "annotated.mp4"
    faults = annotate(video, kept, found.exercises, target, side, language, on_picture=on_picture)
    return [target, *(cut_clips(target, faults, folder / "clips") if wanted.clips else ())]
