"""What is stored where, and what is never sent, in plain words. The same text for terminal and page."""

from __future__ import annotations

from pathlib import Path

from coach.history.records import Holdings


def privacy_lines(folder: Path, holdings: Holdings | None, cache: Path) -> list[str]:
    """The statement, as lines.

    holdings: what ``folder`` holds, None if nothing was ever stored. cache: the cache of ``coach evaluate``.
    """
    return [
        "What is never sent",
        "  Nothing leaves this computer: no picture, no joint, no count, no statistics. The coach opens no connection",
        "  to other computers, but for a camera whose address you give. Its web page is served to this computer only.",
        "",
        "What is not kept",
        "  Pictures and videos. They are looked at and forgotten, unless you ask for them with --save-video,",
        "  --clips or --pictures; those files are then where you put them.",
        "",
        "What is kept of a live session",
        "  The name you gave, day and time, camera or file, repetitions, holds, breaths, angles over time, faults,",
        "  pain marks, the drawn skeleton of a few moments, a report. When you confirmed the safety page.",
        "  'coach live EXERCISE' also writes its result under --out.",
        "",
        "Where it is, and how much",
        *(f"  {line}" for line in _where(folder, holdings)),
        "  The folder can be opened by your user account only. It is not encrypted: who can log in as you can read it,",
        "  and your backups may hold copies.",
        "",
        "What else is stored",
        f"  Programmes that were made on the page: {folder / 'programmes'}, one file each, with the name you gave.",
        "  Analysing a video keeps its results where you say (--out), and nothing in the history.",
        "  'coach evaluate' keeps the joints and chest motion of its clips, no pictures, so as not to watch them",
        *(f"  {line}" for line in _cached(cache)),
        "  While a video is analysed, its joints are in a temporary folder, and so is a video dropped on the page.",
        "  They are removed at the end; what a coach leaves that was killed, the next start removes.",
        "  Your browser keeps the page's volume and whether it is muted, and a cookie until it is closed.",
        "",
        "How to see, take or delete it",
        "  coach history                     lists the sessions",
        "  coach history export mine.json    everything in one file, to take with you",
        "  coach history delete 12           one session, and the name with a person's last one",
        "  coach history delete --all        everything but programmes, overwritten on the disk",
        "  Or delete the folders. Reports, results and exports that you saved elsewhere are yours to delete.",
    ]


def _cached(cache: Path) -> list[str]:
    files = list(cache.glob("*.observed")) if cache.is_dir() else []
    held = f"{_count(len(files), 'clip')}, {_size(sum(file.stat().st_size for file in files))}" if files else "empty"
    return [f"again: {cache} ({held})."]


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
    if holdings.damaged:
        lines.append(f"{_count(holdings.damaged, 'damaged copy', 'damaged copies')}, from 'coach history repair'.")
    return lines


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"
