"""What many videos take, as Markdown for a terminal or a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coach.app.capacity import Measured, Needs, Report


def markdown(report: Report) -> str:
    """All tables of the report."""
    measured, assumed = report.measured, report.assumed
    parts = [
        "**Measured**, on videos of "
        f"{measured.minutes:.1f} minutes in all, {measured.source_bytes / 1e6 / measured.minutes:.1f} MB a minute",
        _table(("a minute of video takes", ""), _measured(measured)),
        "**From one worker to more**, on this machine",
        _table(("workers", "wall, s", "speed-up", "processor, s"), _curve(measured)),
        f"**A day's videos**, of {assumed.minutes:g} minutes and {assumed.mb_a_minute:g} MB a minute each (assumed)",
        _table(("", *(f"{need.videos:,} videos" for need in report.needs)), _needs(report)),
        f"**Simulated**: {report.simulated_videos:,} such videos; {assumed.link_mb_s:g} MB/s for all workers together; "
        f"a worker lives {assumed.life_h:g} h (assumed)",
        _table(
            ("workers", "hours", "speed-up", "efficiency", "tail, s", "lost and tried again", "failed", "waits for"),
            _simulated(report),
        ),
    ]
    return "\n\n".join(parts)


def _measured(measured: Measured) -> list[tuple[str, ...]]:
    pictures = sum(each.pictures for each in measured.videos[measured.most_workers])
    seconds = sum(each.cpu_s for each in measured.videos[measured.most_workers])
    return [
        ("processor time", f"{measured.cpu_s_a_minute:.1f} s"),
        ("... of a picture", f"{1000 * seconds / max(pictures, 1):.1f} ms"),
        ("... standard deviation between videos and runs", f"{100 * measured.spread:.0f} %"),
        ("results and state on disk", f"{measured.stored_mb_a_minute:.2f} MB"),
        ("memory of a worker, at most", f"{measured.peak_mb:.0f} MB"),
        ("to see that a video is done", f"{1000 * measured.look_s:.1f} ms"),
        ("to hand one out and hear of its end", f"{1000 * measured.hand_s:.1f} ms"),
    ]


def _curve(measured: Measured) -> list[tuple[str, ...]]:
    base = measured.wall_s[min(measured.wall_s)]
    return [
        (
            str(workers),
            f"{wall_s:.1f}",
            f"{base / wall_s:.2f}",
            f"{sum(each.cpu_s for each in measured.videos[workers]):.1f}",
        )
        for workers, wall_s in sorted(measured.wall_s.items())
    ]


def _needs(report: Report) -> list[tuple[str, ...]]:
    rows: tuple[tuple[str, Callable[[Needs], str]], ...] = (
        ("processor hours", lambda n: f"{n.cpu_h:,.0f}"),
        ("cores, 70 % busy round the clock", lambda n: f"{n.cores:,.0f}"),
        ("memory of their workers", lambda n: f"{n.cores * report.measured.peak_mb / 1000:,.0f} GB"),
        ("videos read, on average", lambda n: f"{n.in_mb_s:,.0f} MB/s"),
        ("videos kept, if they are", lambda n: f"{n.in_gb:,.0f} GB a day"),
        ("results and state kept", lambda n: f"{n.stored_gb:,.1f} GB a day"),
        ("files of them", lambda n: f"{n.files:,} a day"),
        ("workers that the link feeds", lambda n: f"{n.link_workers:,.0f}"),
        ("handing out, share of one process's time", lambda n: f"{100 * n.hand_out_share:.2f} %"),
    )
    return [(name, *(say(need) for need in report.needs)) for name, say in rows]


def _simulated(report: Report) -> list[tuple[str, ...]]:
    return [
        (
            str(one.workers),
            f"{one.wall_s / 3600:,.2f}",
            f"{one.speed_up:,.1f}",
            f"{100 * one.efficiency:.0f} %",
            f"{one.tail_s:,.0f}",
            str(one.lost),
            str(one.failed),
            one.waiting_for,
        )
        for one in report.simulated
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
