"""What is stored where, and what is never sent, in plain words. The same text for terminal and page."""

from __future__ import annotations

from pathlib import Path

from coach.history.records import Holdings


def privacy_lines(folder: Path, holdings: Holdings | None) -> list[str]:
    """The statement, one line each; ``holdings`` is None where nothing was ever kept."""
    return [
        "What is never sent",
        "  Nothing leaves this computer: no picture, no joint, no count, no statistics. The coach opens no connection",
        "  to other computers. Its web page is served to this computer only.",
        "",
        "What is not kept",
        "  Pictures and videos. They are looked at and forgotten, unless you ask for them with --save-video,",
        "  --clips or --pictures; those files are then where you put them.",
        "",
        "What is kept of a live session",
        "  The name you gave, day and time, repetitions, holds, breaths, angles over time, faults, pain marks, and the",
        "  drawn skeleton of a few moments. That you read the safety page. Analysing a video keeps nothing of this.",
        "",
        "Where it is, and how much",
        *(f"  {line}" for line in _where(folder, holdings)),
        "  The folder can be opened by your user account only. It is not encrypted: who can log in as you can read it,",
        "  and your backups may hold copies.",
        "",
        "How to see, take or delete it",
        "  coach history                     lists the sessions",
        "  coach history export mine.json    everything in one file, to take with you",
        "  coach history delete 12           one session",
        "  coach history delete --all        everything, overwritten on the disk",
        "  Or delete the folder.",
    ]


def _where(folder: Path, holdings: Holdings | None) -> list[str]:
    if holdings is None:
        return [f"{folder}: nothing is kept yet."]
    span = ""
    if holdings.first_at and holdings.last_at:
        span = f", from {holdings.first_at:%d %B %Y} to {holdings.last_at:%d %B %Y}"
    lines = [
        f"{folder}",
        f"{_count(holdings.sessions, 'session')} of {_count(holdings.people, 'person', 'people')}{span},"
        f" {_count(holdings.pains, 'pain mark')}: {_size(holdings.database_bytes)}.",
    ]
    if holdings.reports:
        lines.append(f"{_count(holdings.reports, 'report')}: {_size(holdings.report_bytes)}.")
    return lines


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"
