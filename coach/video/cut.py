"""A stretch cut out of a video, without coding anything anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coach.files import whole
from coach.video.opening import opened
from coach.video.writer import writing_video


def cut(video: Path, path: Path, start_s: float, end_s: float) -> None:
    """Copy what is between two times into a file of its own, whose folder is made.

    It begins at the key frame before. Raises OutputError where it cannot be written.
    """
    with writing_video(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _copy_packets(video, path, start_s, end_s)


def _copy_packets(video: Path, path: Path, start_s: float, end_s: float) -> None:
    """Copy the packets between two times into a file of their own."""
    import av

    with (
        whole(path) as part,
        opened(video) as source,
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
