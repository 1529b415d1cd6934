"""Short videos of faults, cut out of an annotated video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.types import Moment, Side
from coach.writing import writing_video

LONGEST_CLIP_S = 20.0


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """One fault from when it began to when it ended, in seconds from the start of the video."""

    name: str
    side: Side | None
    start_s: float
    end_s: float


class FaultSpans:
    """Collects when faults began and ended. Memory grows with faults, not with frames."""

    def __init__(self) -> None:
        self._ended: list[FaultSpan] = []
        self._open: dict[tuple[str, Side | None], float] = {}
        self._last_s = 0.0

    def add(self, moment: Moment) -> None:
        """Take one moment."""
        self._last_s = moment.t_s
        for event in moment.events:
            key = (event.detail, event.side)
            if event.name == "fault_began":
                self._open.setdefault(key, event.t_s)
            elif event.name == "fault_ended":
                self._ended.append(FaultSpan(*key, self._open.pop(key, event.t_s), event.t_s))

    def spans(self) -> tuple[FaultSpan, ...]:
        """All faults so far in order of their start; one that goes on ends now."""
        still = [FaultSpan(*key, start_s, self._last_s) for key, start_s in self._open.items()]
        return tuple(sorted([*self._ended, *still], key=lambda span: span.start_s))


def cut_clips(video: Path, spans: Sequence[FaultSpan], folder: Path, around_s: float = 1.5) -> list[Path]:
    """Cut one short video for each span out of an annotated video, without coding anything anew.

    A clip starts at the key frame before (at most a second earlier) and lasts at most 20 s. Returns the files
    written, named by number, side and fault. Raises OutputError when they cannot be written.
    """
    files = []
    for number, span in enumerate(spans, start=1):
        name = "-".join([f"{number:02d}", *([span.side] if span.side else []), span.name])
        path = folder / f"{video.stem}-{name}.mp4"
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

    part = path.with_name(path.name + ".part")
    try:
        with (
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
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
