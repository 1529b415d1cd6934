"""One video of a batch from beginning to end, on whatever machine: what a worker does. (I/O)"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from coach import __version__
from coach.app.batch import claims
from coach.app.batch.entries import Entry
from coach.app.batch.keys import Parts, Settings, content_hash, digest, with_content
from coach.app.batch.store import KEY_FILE, Store, open_store, read_json, write_json
from coach.app.batch.thumbnail import PoseSamples, thumbnail
from coach.app.batch.urls import fetch, is_url, stamp_of_url
from coach.app.result_folder import ANNOTATED, analyse_and_keep, check_drawable, watching, write_data, write_video
from coach.broken_packages import cannot_be_loaded
from coach.definitions.exercise import Exercise
from coach.ending import end_behind
from coach.errors import CoachError, OptionError, RecordingError, SourceNotFoundError, SourceUnreadableError
from coach.types import Moment, Side

# Progress callback: pictures since the last call, and the share of the video that is done.
OnProgress = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A video and the requested outputs. out: the batch's folder, or its address. Small, and can be sent anywhere.

    known: the stamp of an existing result, for a worker that cannot see the folder.
    """

    entry: Entry
    exercises: tuple[Exercise, ...]
    side: Side | None
    settings: Settings
    base: Parts
    out: str
    known: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a job. ``kept``: its result existed already; ``busy``: another worker has claimed it.

    files: to be written on behalf of a worker that cannot.
    """

    status: Literal["done", "kept", "failed", "busy"]
    error: str = ""
    pictures: int = 0
    files: tuple[tuple[str, bytes], ...] = ()


# The keys of what is written about a video, and their types.
SEEN = {"stamp": str, "content": str, "folder": str}
FAILED = {"base": str, "content": str, "error": str, "final": bool}


def run_job(job: Job, on_progress: OnProgress | None = None) -> Outcome:
    """Do what remains of a job. Problems with the video never raise: they are its outcome.

    Raises OutputError if the batch's folder cannot be written to, which affects all videos.
    """
    store = open_store(job.out)
    if job.base["version"] != __version__:
        return _fail(store, job, "", f"this worker has coach {__version__}, the batch {job.base['version']}", False)
    try:
        content, stamp, fetched = "", _stamp(job.entry.place), None
        if stamp == job.known:
            return Outcome("kept")
        with ExitStack() as stack:
            seen = read_json(store, seen_name(job.entry), **SEEN)
            if seen is not None and seen["stamp"] == stamp:
                content = seen["content"]
            else:
                fetched = _local(job.entry, store, stack)
                content = content_hash(fetched)
            folder = _folder(job, content)
            done = _standing(store, job, content, folder)
            if done is None:
                return _claimed(store, job, stamp, content, folder, fetched, stack, on_progress or (lambda *_: None))
            _remember(store, job, stamp, content, folder)
            return done
    except (SourceNotFoundError, SourceUnreadableError) as error:
        return _fail(store, job, "", str(error).replace(job.entry.place, job.entry.name), False)
    except OSError as error:
        if isinstance(error, CoachError):
            raise
        return _fail(store, job, "", f"{job.entry.name}: cannot be read ({error.strerror or error})", False)


def _claimed(
    store: Store,
    job: Job,
    stamp: str,
    content: str,
    folder: str,
    fetched: Path | None,
    stack: ExitStack,
    on_progress: OnProgress,
) -> Outcome:
    if store.claims is not None:
        key = folder.rpartition("-")[2]
        claim = claims.take(store.claims, key)
        if isinstance(claim, claims.Busy):
            return Outcome("busy", claim.holder)
        if isinstance(claim, claims.WornOut):
            why = f"its worker died {claim.deaths} times over it (killed, or out of memory)"
            outcome = _fail(store, job, content, f"{job.entry.name}: {why}", False)
            claims.clear(store.claims, key)
            return outcome
        stack.callback(claim.release)
        done = _standing(store, job, content, folder)  # perhaps by the worker that released the claim
        if done is not None:
            _remember(store, job, stamp, content, folder)
            return done
    video = fetched or _local(job.entry, store, stack)
    return _analyse(store, job, stamp, content, folder, video, on_progress)


def _analyse(
    store: Store, job: Job, stamp: str, content: str, folder: str, video: Path, on_progress: OnProgress
) -> Outcome:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    count = 0

    def pictures(number: int, share: float) -> None:
        nonlocal count
        count += number
        on_progress(number, share)

    with store.work() as place:
        made = place / folder
        made.mkdir()
        error, final = "", False
        try:
            notes = analyse_video(job, video, made, pictures)
        except (SourceUnreadableError, RecordingError) as problem:
            error, final = str(problem), True
        except (SourceNotFoundError, OptionError) as problem:
            error = str(problem)
        except CoachError:  # a problem of this machine, not of this video: no space, no model
            raise
        except MemoryError:
            raise
        except Exception as problem:
            end = end_behind(problem)
            if end is not None:
                raise end from problem
            broken = cannot_be_loaded(problem)
            if broken is not None:  # nor is that of the video
                raise broken from problem
            error = f"{job.entry.name}: something went wrong that should not: {type(problem).__name__}: {problem}"
        if not is_url(job.entry.place) and _stamp(job.entry.place) != stamp:
            error, final = f"{job.entry.name}: was changed while it was analysed", False
        if error:
            error = error.replace(str(video), job.entry.name)
            outcome = _fail(store, job, content, error, final, stamp, folder)
        else:
            parts = with_content(job.base, content, job.entry.file_name)
            text = json.dumps({"schema": 1, "parts": parts, "notes": notes}, indent=1, sort_keys=True)
            (made / KEY_FILE).write_text(text + "\n", encoding="utf-8")
            store.put(made, folder)
            _remember(store, job, stamp, content, folder)
            outcome = Outcome("done", pictures=count)
    store.note(
        {
            "at": round(time.time(), 3),
            "name": job.entry.name,
            "folder": folder,
            "status": outcome.status,
            "pictures": count,
            "wall_s": round(time.perf_counter() - wall_s, 3),
            "cpu_s": round(time.process_time() - cpu_s, 3),
            "peak_mb": peak_mb(),
        }
    )
    return outcome


def analyse_video(job: Job, video: Path, folder: Path, on_progress: OnProgress) -> list[str]:
    """Write all requested outputs of a video into a folder; returns warnings about the video.

    Raises what the analysis raises.
    """
    from coach.export import result_json
    from coach.perception.recording import is_recording

    settings, wanted, samples = job.settings, job.settings.wanted, PoseSamples()
    with ExitStack() as stack:
        draw_to = folder / ANNOTATED if wanted.video else None
        opened = watching(video, settings.fps, job.exercises, settings.language, draw_to=draw_to)
        observed, drawing = stack.enter_context(opened)
        if wanted.video or wanted.pictures:
            check_drawable(video, observed.source)
        pictures_of = Path(observed.source)
        kept = folder / "observations" if wanted.data and not is_recording(video) else None
        passes = 2 if wanted.video and drawing is None else 1
        duration_s = observed.duration_s

        def moment_seen(moment: Moment) -> None:
            samples.add(moment.observation)
            on_progress(1, moment.t_s / duration_s / passes if duration_s > 0 else 0.0)

        found = analyse_and_keep(
            observed,
            job.exercises,
            job.side,
            settings.language,
            kept=kept,
            fps=settings.fps,
            drawing=drawing,
            on_moment=moment_seen,
        )
        notes = list(found.result["notes"])
    # The name alone: a video's location is not part of its result, and differs between machines.
    found.result["source"] = job.entry.file_name
    _, absent = write_data(found, kept or video, folder, wanted, pictures_of, job.side, settings.language)
    notes += [f"nobody was found: no .{kind}" for kind in absent]
    write_video(
        found,
        drawing,
        video,
        folder,
        wanted,
        job.side,
        settings.language,
        on_picture=lambda t_s: on_progress(0, 0.5 + t_s / duration_s / 2 if duration_s > 0 else 0.5),
    )
    if kept is not None:
        kept.unlink()
    result_json.write(found.result, folder / "result.json")
    drawn = thumbnail(found.result, samples, settings.language)
    if drawn:
        (folder / "skeleton.svg").write_text(drawn, encoding="utf-8")
    return notes


def folder_name(base: Parts, content: str, file_name: str) -> str:
    """``NAME-KEY``: the part of a video's name that every file system accepts, and the key."""
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in Path(file_name).stem)[:60]
    return f"{safe or 'video'}-{digest(with_content(base, content, file_name))}"


def _folder(job: Job, content: str) -> str:
    return folder_name(job.base, content, job.entry.file_name)


def seen_name(entry: Entry) -> str:
    """Where a video's content hash is recorded."""
    return f".batch/seen/{entry.id}.json"


def failed_name(entry: Entry) -> str:
    """Where the reason for a missing result is recorded."""
    return f".batch/failed/{entry.id}.json"


def stands_already(store: Store, job: Job) -> Outcome | None:
    """Whether nothing is left to do, judged by a video's size and time alone, without reading it."""
    seen = read_json(store, seen_name(job.entry), **SEEN)
    try:
        if seen is None or seen["stamp"] != _stamp(job.entry.place):
            return None
    except CoachError:
        return None
    return _standing(store, job, seen["content"], _folder(job, seen["content"]))


def known_stamp(store: Store, job: Job) -> str:
    """The stamp of a result, if the video itself cannot be seen from here."""
    seen = read_json(store, seen_name(job.entry), **SEEN)
    if seen is None or _standing(store, job, seen["content"], _folder(job, seen["content"])) is None:
        return ""
    return str(seen["stamp"])


def peak_mb() -> float | None:
    """Peak memory of this process so far, in MB; None if the system does not report it."""
    try:
        import resource
    except ImportError:
        return None
    import sys

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1e6 if sys.platform == "darwin" else 1e3), 1)


def _standing(store: Store, job: Job, content: str, folder: str) -> Outcome | None:
    """Done, or failed because of the video itself; None if there is work left."""
    if store.has(folder):
        return Outcome("kept")
    failed = read_json(store, failed_name(job.entry), **FAILED)
    if failed and failed["final"] and (failed["base"], failed["content"]) == (digest(job.base), content):
        return Outcome("failed", failed["error"])
    return None


def _remember(store: Store, job: Job, stamp: str, content: str, folder: str) -> None:
    known = {"stamp": stamp, "content": content, "folder": folder}
    if read_json(store, seen_name(job.entry)) != known:
        write_json(store, seen_name(job.entry), known)
    if store.has(folder):
        store.remove(failed_name(job.entry))


def _fail(store: Store, job: Job, content: str, error: str, final: bool, stamp: str = "", folder: str = "") -> Outcome:
    """Record why there is no result. final: caused by the video itself, so that another try would fail the same way."""
    if final:
        known = {"stamp": stamp, "content": content, "folder": folder}
        write_json(store, seen_name(job.entry), known)
    record = {"base": digest(job.base), "content": content, "error": error, "final": final}
    write_json(store, failed_name(job.entry), record)
    return Outcome("failed", error)


def fail(job: Job, error: str) -> Outcome:
    """Record a failure that the worker could no longer record."""
    return _fail(open_store(job.out), job, "", error, False)


def _stamp(place: str) -> str:
    """A stamp that changes when the video does. Raises SourceNotFoundError."""
    if is_url(place):
        return stamp_of_url(place)
    try:
        stat = Path(place).stat()
    except OSError as error:
        raise SourceNotFoundError(f"{place}: no such file", "Check the name") from error
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _local(entry: Entry, store: Store, stack: ExitStack) -> Path:
    """The video as a local file, under its own name."""
    if not is_url(entry.place):
        return Path(entry.place)
    place: Path = stack.enter_context(store.work())
    target = place / (entry.file_name or "video")
    fetch(entry.place, target)
    return target


def jobs_for(
    entries: Sequence[Entry],
    exercises_of: Callable[[str], Sequence[Exercise]],
    exercise: str,
    side: Side | None,
    settings: Settings,
    out: str,
) -> list[Job]:
    """One job per entry. exercise and side: defaults where the list says nothing. Raises ExerciseFileError."""
    from coach.app.batch.keys import base_parts

    known: dict[tuple[str, Any], tuple[tuple[Exercise, ...], Parts]] = {}
    jobs = []
    for entry in entries:
        name, own = entry.exercise or exercise, (entry.side or side)
        if (name, own) not in known:
            chosen = tuple(exercises_of(name))
            known[name, own] = chosen, base_parts(settings, chosen, own)
        chosen, base = known[name, own]
        jobs.append(Job(entry, chosen, own, settings, base, out))  # type: ignore[arg-type]
    return jobs
