"""The result folder of an analysed video, with the requested files: the same for one video and for many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coach.app.analyse import Analysis, analyse
from coach.definitions.exercise import Exercise
from coach.errors import OptionError
from coach.perception.recording import Recorder
from coach.perception.stopwatch import Stopwatch
from coach.perception.watched_video import Observed, WatchedVideo, watch
from coach.types import Moment, Side

if TYPE_CHECKING:
    from coach.app.drawing import Drawing

ANNOTATED = "annotated.mp4"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write besides result.json. kinds and height_m are those of coach.export."""

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
        """Whether curves are needed: the observations are then judged once more after the analysis."""
        return self.report or bool(self.kinds)

    @property
    def any(self) -> bool:
        """Whether there is anything more to be left behind."""
        return self.video or self.data


def check_drawable(path: Path, source: str) -> None:
    """Raise OptionError if the pictures to draw on are missing: ``path`` may be a recording."""
    if not Path(source).is_file():
        raise OptionError(
            f"{path}: was recorded from {source}, which is not there", "Leave out --save-video, --clips and --pictures"
        )


@contextmanager
def watching(
    path: Path,
    fps: float,
    exercises: Sequence[Exercise],
    language: str,
    *,
    draw_to: Path | None = None,
    stopwatch: Stopwatch | None = None,
) -> Iterator[tuple[Observed, Drawing | None]]:
    """Open a video, or a recording of one, to be analysed.

    draw_to: where an annotated video goes, if one is wanted. Of a video it is drawn while that is analysed; of a
    recording, which has no pictures, ``write_video`` draws it afterwards. Raises what ``watch`` raises, OutputError.
    """
    with ExitStack() as stack:
        observed = watch(path, fps, stopwatch=stopwatch)
        stack.enter_context(observed)
        drawing = None
        if draw_to is not None and isinstance(observed, WatchedVideo):
            from coach.app.drawing import Drawing

            drawing = stack.enter_context(Drawing(draw_to, observed.info, exercises, language))
            observed.show_pictures_to(drawing.picture)
        yield observed, drawing


def analyse_and_keep(
    observed: Observed,
    exercises: Sequence[Exercise],
    side: Side | None,
    language: str,
    *,
    kept: Path | None,
    fps: float,
    drawing: Drawing | None = None,
    on_moment: Callable[[Moment], None] = lambda moment: None,
) -> Analysis:
    """Judge what was watched; the observations go to the file ``kept``, where one is named, to be used once more."""

    def seen(moment: Moment) -> None:
        if drawing is not None:
            drawing.moment(moment)
        on_moment(moment)

    with nullcontext() if kept is None else Recorder(kept) as recorder:
        found = analyse(observed, exercises, side, language, recorder=recorder, on_moment=seen)
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
    drawing: Drawing | None,
    recording: Path,
    folder: Path,
    wanted: Wanted,
    side: Side | None,
    language: str,
    *,
    on_picture: Callable[[float], None] | None = None,
) -> list[Path]:
    """Make annotated.mp4, and the clips of faults, where they are wanted; return the files.

    drawing: that of ``watching``; where there was none, the video of ``recording`` is drawn on now. Raises OutputError.
    """
    if not wanted.video:
        return []
    from coach.app.annotate import annotate, cut_clips

    target = folder / ANNOTATED
    if drawing is not None:
        faults = drawing.faults(found.outcome)
    else:
        faults = annotate(recording, found.exercises, target, side, language, on_picture=on_picture)
    return [target, *(cut_clips(target, faults, folder / "clips") if wanted.clips else ())]
