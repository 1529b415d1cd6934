"""Writes the files of a finished analysis from its recorded observations: timeline, report and exports. (I/O)

Like the annotated video, this runs after the analysis, because the exercises are known only then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coach.app.analyse import Analysis
from coach.definitions.exercise import Exercise
from coach.export import export
from coach.perception.recording import Recording
from coach.perception.watched_video import Observed
from coach.report.write import write_report
from coach.session.judge import OnMoment, judge, result_of
from coach.session.result import Result
from coach.session.result_builder import Outcome
from coach.session.snapshot import Snapshot, snapshot
from coach.session.timeline import Timeline
from coach.session.timeline_file import write_timeline
from coach.session.timeline_recorder import TimelineRecorder
from coach.types import Event, Moment, Side
from coach.video.file import VideoFile


def timeline_of(
    observations: Path, exercises: Sequence[Exercise], side: Side | None = None, language: str = "en"
) -> Timeline:
    """The timeline of a recording, judged again for the exercises that were found."""
    with Recording(observations) as recording:
        return analyse_with_timeline(recording, exercises, side, language)[1]


def analyse_with_timeline(
    observed: Observed,
    exercises: Sequence[Exercise],
    side: Side | None = None,
    language: str = "en",
    *,
    on_moment: OnMoment | None = None,
) -> tuple[Analysis, Timeline]:
    """Judge the observations, and keep what every frame showed. With several exercises, a frame shows one of them."""
    with TimelineRecorder(exercises) as timeline:

        def taken(moment: Moment) -> None:
            timeline.add(moment)
            if on_moment is not None:
                on_moment(moment)

        outcome = judge(observed, exercises, side, language, on_moment=taken)
        timeline.add_events(_unsaid(outcome, timeline.events))
        return Analysis(result_of(outcome, observed, language), outcome), timeline.data()


def _unsaid(outcome: Outcome, events: Sequence[Event]) -> tuple[Event, ...]:
    """Events judged only after the last frame, which no moment carried."""
    said = {(done.start_s, done.end_s) for event in events if (done := event.movement or event.hold)}
    late = [Event(m.end_s, "movement", m.side, movement=m) for m in outcome.movements]
    late += [Event(h.end_s, "hold", h.side, hold=h) for h in outcome.holds]
    done_at = [(event, event.movement or event.hold) for event in late]
    return tuple(event for event, done in done_at if done is not None and (done.start_s, done.end_s) not in said)


def with_pictures(data: Timeline, video: Path) -> Timeline:
    """The same timeline with a small picture of each key moment, taken from the video."""
    wanted = sorted(data.keys, key=lambda key: key.t_s)
    found: dict[float, Snapshot] = {}
    with VideoFile(video) as source:
        for t_s, picture in source.decode():
            while wanted and t_s >= wanted[0].t_s - 0.02:
                key = wanted.pop(0)
                found[key.t_s] = snapshot(source.upright.rgb(picture), key.xy_px)
            if not wanted:
                break
    return replace(data, keys=tuple(replace(key, picture=found.get(key.t_s)) for key in data.keys))


def write_artifacts(
    result: Result,
    observations: Path,
    exercises: Sequence[Exercise],
    folder: Path,
    *,
    side: Side | None = None,
    language: str = "en",
    report: bool = True,
    pdf: bool = False,
    pictures_from: Path | None = None,
    kinds: Sequence[str] = (),
    height_m: float | None = None,
) -> list[Path]:
    """Write track.npz, report.html (and .pdf) and the exports named, beside result.json; return the files.

    exercises: those that were done, the one with most evidence first. pictures_from: the video, only where the user
    asked for pictures. Raises OutputError.
    """
    data = timeline_of(observations, exercises, side, language)
    if pictures_from is not None:
        data = with_pictures(data, pictures_from)
    written = [write_timeline(data, folder / "track.npz")]
    if kinds:
        written += export(result, data, folder, kinds, Path(result["source"]).stem or "session", height_m)
    if report:  # last, so that the rest exists if no Chromium is found for the PDF
        data = replace(data, landmarks=None)  # it shows none, and they are most of an hour
        written += write_report(result, data, folder / "report.html", exercise=exercises[0], language=language, pdf=pdf)
    return written
