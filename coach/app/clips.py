"""Short videos of faults, cut out of an annotated video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.files import whole
from coach.session.timeline import KeyMoment
from coach.types import Hold, Movement, Side
from coach.video.writer import writing_video

LONGEST_CLIP_S = 20.0
WORST_S = 2.0  # of a hold before and after the worst moment of a fault


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """One fault from when it began to when it ended, in seconds from the start of the video."""

    name: str
    side: Side | None
    start_s: float
    end_s: float


def fault_spans(
    movements: Sequence[Movement], holds: Sequence[Hold], keys: Sequence[KeyMoment] = ()
) -> tuple[FaultSpan, ...]:
    """When to look for each fault of what counted: a whole repetition; of a hold, when the fault was at its worst.

    keys: key moments of the session's track, which say when that was; where they do not, the end of the hold.
    """
    spans = [FaultSpan(fault, m.side, m.start_s, m.end_s) for m in movements if m.counted for fault in m.faults]
    for hold in holds:
        for fault in hold.faults if hold.counted else ():
            worst = [
                key.t_s
                for key in keys
                if key.kind == "fault" and key.detail == fault and hold.start_s <= key.t_s <= hold.end_s
            ]
            middle = worst[0] if worst else hold.end_s
            start_s, end_s = max(hold.start_s, middle - WORST_S), min(hold.end_s, middle + WORST_S)
            spans.append(FaultSpan(fault, hold.side, start_s, end_s))
    return tuple(sorted(spans, key=lambda span: span.start_s))


def cut_clips(video: Path, spans: Sequence[FaultSpan], folder: Path, around_s: float = 1.5) -> list[Path]:
    """Cut one short video for each span out of an annotated video, without coding anything anew.

    A clip starts at the key frame before (at most a second earlier) and lasts at most 20 s. Returns the files
    written, named by number, side and fault. Raises OutputError when they cannot be written.
    """
    files = []
    for number, span in enumerate(spans, start=1):
        name = "-".join([f"{number:02d}", *([span.side] if span.side else []), span.name])
        path = folder / f"{name}.mp4"
        start_s = max(0.0, span.start_s - around_s)
        end_s = min(span.end_s + around_s, start_s + LONGEST_CLIP_S)
        with writing_video(path):
            folder.mkdir(parents=True, exist_ok=True)
            _cut(video, path, start_s, end_s)
        files.append(path)
    return files


def _cut(video: Path, path: Path, start_s: float, end_s: float) -> None:
    """Copy the packets between two times into a file of their own."""
    import av

    with (
        whole(path) as part,
        av.open(str(video.absolute())) as source,
        av.open(str(part.absolute()), "w", format="mp4", options={"movflags": "faststart"}) as out,
    ):
        pictures = source.streams.video[0]
        copies: dict[int, Any] = {pictures.index: out.add_stream_from_template(pictures)}
        for sound in source.streams.audio[:1]:
            copies[sound.index] = out.add_stream_from_template(sound)
        source.seek(int(start_s * 1_000_000))
        first_s: float | None = None
        for packet in source.demux([stream for stream in source.streams if stream.index in copies]):
            if packet.dts is None or packet.pts is None or packet.time_base is None:
                continue
            is_picture = packet.stream.index == pictures.index
            if first_s is None:
                if not (is_picture and packet.is_keyframe):
                    continue
                first_s = float(packet.pts * packet.time_base)
            if float(packet.dts * packet.time_base) > end_s:
                if is_picture:
                    break
                continue
            shift = round(first_s / packet.time_base)
            packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
            if not is_picture and packet.pts < 0:
                continue
            packet.stream = copies[packet.stream.index]
            out.mux(packet)
