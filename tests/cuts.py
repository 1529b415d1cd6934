"""Short cuts of the samples, so that tests with the real model stay quick."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import SAMPLES


def cut(name: str, until_s: float, target: Path) -> Path:
    """Copy the beginning of a sample, without coding it anew."""
    import av

    with av.open(str(SAMPLES / name)) as source, av.open(str(target), "w") as out:
        pictures = source.streams.video[0]
        copy = out.add_stream_from_template(pictures)
        for packet in source.demux(pictures):
            if packet.dts is None or packet.time_base is None:
                continue
            if float(packet.dts * packet.time_base) >= until_s:
                break
            packet.stream = copy
            out.mux(packet)
    return target
