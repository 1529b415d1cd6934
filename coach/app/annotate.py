"""The annotated video of a recording, drawn afterwards; and clips of faults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from coach.app.annotated_video import AnnotatedVideo
from coach.definitions.exercise import Exercise
from coach.perception.recording import Recording
from coach.session.fault_spans import FaultSpan, fault_spans
from coach.session.key_moments import KeyMoments
from coach.session.session import Session
from coach.types import Side
from coach.video.cut import cut
from coach.video.file import VideoFile


def annotate(
    recording: Path,
    exercises: Sequence[Exercise],
    target: Path,
    side: Side | None = None,
    language: str = "en",
    *,
    on_picture: Callable[[float], None] | None = None,
) -> tuple[FaultSpan, ...]:
    """Write a copy of the video that was recorded to ``target``, drawn on as its ``recording`` is judged.

    exercises: those that were done. Returns when which fault was seen, to cut clips by. Raises OutputError.
    """
    session, key_moments = Session(exercises, side, language), KeyMoments(exercises)
    with (
        Recording(recording) as observed,
        VideoFile(observed.source) as source,
        AnnotatedVideo(target, source.info, exercises, language) as copy,
        closing(source.decode()) as pictures,
    ):
        moments = map(session.step, observed)
        upcoming = next(moments, None)
        for t_s, picture in pictures:
            while upcoming is not None and upcoming.t_s <= t_s:
                copy.show(upcoming)
                key_moments.add(upcoming)
                upcoming = next(moments, None)
            copy.write(t_s, picture)
            del picture
            if on_picture is not None:
                on_picture(t_s)
        builder = session.finish()
        return fault_spans(builder.movements, builder.holds, key_moments.found)


def cut_clips(video: Path, spans: Sequence[FaultSpan], folder: Path) -> list[Path]:
    """Cut a short video of each fault out of an annotated video; return the files. Raises OutputError."""
    files = []
    for number, span in enumerate(spans, start=1):
        files.append(folder / f"{span.clip_name(number)}.mp4")
        cut(video, files[-1], *span.clip_s)
    return files
