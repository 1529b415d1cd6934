"""Real faults: full and read-only disks, damage, locks, later versions, and a process killed while it writes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from coach.errors import HistoryError
from coach.history import History, keep_session
from coach.history import writer as writer_module
from coach.history.database import FILE, connect, is_whole
from coach.history.repair import repair
from coach.history.schema import MIGRATIONS
from coach.session.timeline_file import encode
from tests.fuzz.amount import THOROUGH
from tests.history.test_store import FAULTY, Clock, until, whole_session
from tests.report.scripted import hip_hikers

POSIX = sys.platform != "win32"
AT = datetime(2026, 3, 2, 18, 30)


def fill(folder: Path, sessions: int = 3) -> list[int]:
    with History.open(folder, Clock()) as history:
        numbers = [whole_session(history, f"person {i}") for i in range(sessions)]
    until(lambda: all(thread.name != "coach-history" for thread in threading.enumerate()))  # on a busy machine
    return numbers


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "small"
    place.mkdir()
    if not POSIX or not shutil.which("mount"):
        pytest.skip("needs a system that can mount a small file system")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "coach-test", str(place)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no right to mount a small file system: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "RETRY_S", 0.05)
    monkeypatch.setattr(writer_module, "PATIENCE_S", 0.3)


def take_the_rest(place: Path) -> Path:
    hog = place / "hog"
    with hog.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    return hog


@pytest.mark.usefixtures("impatient")
def test_a_disk_that_fills_up_stops_no_session_and_harms_nothing(small_disk: Path) -> None:
    before = fill(small_disk, 1)
    with History.open(small_disk, Clock()) as history:
        writer = history.begin("anna", exercise="hip-hiker")
        take_the_rest(small_disk)
        moments = list(hip_hikers(FAULTY))
        for moment in moments:
            writer.step(moment)
            writer.pain(1, moment.t_s)
        until(lambda: writer.problem is not None)
        writer.end()
        assert "disk is full" in str(writer.problem)
        assert "Free some space" in str(writer.problem)
    with History.open(small_disk) as history:
        assert len(history.session(before[0]).parts[0].events) > 3
    assert is_whole(small_disk / FILE)


@pytest.mark.usefixtures("impatient")
def test_what_waited_is_saved_once_there_is_room_again(small_disk: Path) -> None:
    with History.open(small_disk, Clock()) as history:
        writer = history.begin("anna", exercise="hip-hiker")
        hog = take_the_rest(small_disk)
        for moment in hip_hikers(FAULTY):
            writer.step(moment)
        until(lambda: writer.problem is not None)
        hog.unlink()
        until(lambda: writer.problem is None)
        writer.end()
        until(lambda: history.session(writer.number).finished)
        kept = history.session(writer.number)
        assert sum(bool(event.movement) for event in kept.parts[0].events) == 4


def test_another_session_can_begin_while_one_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packing, go_on = threading.Event(), threading.Event()

    def slowly(*words: Any, **named: Any) -> bytes:
        packing.set()
        assert go_on.wait(120)
        return encode(*words, **named)

    monkeypatch.setattr(writer_module, "encode", slowly)
    with History.open(tmp_path, Clock()) as history:
        monkeypatch.setattr(writer_module, "PATIENCE_S", 0.0)  # its thread is not waited for
        first = history.begin("anna", exercise="hip-hiker")
        for moment in hip_hikers(FAULTY):
            first.step(moment)
        first.end()
        assert packing.wait(120)
        with closing(connect(tmp_path / FILE, busy_s=0.0)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        go_on.set()
        until(lambda: history.session(first.number).finished)


def test_no_room_even_to_begin(small_disk: Path) -> None:
    take_the_rest(small_disk)
    with pytest.raises(HistoryError, match="disk is full"):
        History.open(small_disk / "data")
    with keep_session(small_disk, "anna") as writer:
        writer.step(next(hip_hikers(FAULTY)))
    assert "disk is full" in str(writer.problem)


@pytest.mark.skipif(not POSIX, reason="needs file size limits")
def test_a_quota_is_a_clear_message_and_harms_nothing(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    code = """
        import resource, sys
        from coach.history import History, writer
        writer.RETRY_S, writer.PATIENCE_S = 0.05, 0.3
        from tests.history.test_store import FAULTY, hip_hikers
        size = 200_000
        with History.open(sys.argv[1]) as history:
            session = history.begin("anna", exercise="hip-hiker")
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            for _ in range(20):
                for moment in hip_hikers(FAULTY):
                    session.step(moment)
            session.end()
            print(session.problem)
    """
    done = run(code, str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "what was saved before is intact" in done.stdout
    assert "Traceback" not in done.stderr
    assert is_whole(tmp_path / FILE)
    with History.open(tmp_path) as history:
        assert history.session(1).finished


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


KILLED = """
    import os, random, signal, sys, time
    from pathlib import Path
    from coach.history import History, writer
    writer.GATHER_S, writer.PIECE_S = 0.001, 0.1
    from coach.history.database import FILE, is_whole
    from tests.history.test_store import FAULTY, hip_hikers

    folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
    random.seed(7)
    moments = list(hip_hikers(FAULTY))
    finished = set()

    def write(done):
        with History.open(folder) as history:
            while True:
                session = history.begin("anna", exercise="hip-hiker")
                for moment in moments:
                    session.step(moment)
                    if moment.events:
                        session.pain(3, moment.t_s)
                session.end()
                assert session.problem is None, session.problem
                os.write(done, b"%d\\n" % session.number)

    with History.open(folder):
        pass
    for _ in range(rounds):
        read, done = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                write(done)
            finally:
                os._exit(1)
        os.close(done)
        time.sleep(random.uniform(0.0, 0.12))
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        finished |= {int(line) for line in os.read(read, 65536).split()}
        os.close(read)
        assert is_whole(folder / FILE)
        with History.open(folder) as history:
            kept = {session.number: session for session in history.sessions()}
        assert finished <= {number for number, session in kept.items() if session.finished}
    with History.open(folder) as history:
        for number in kept:
            session = history.session(number)
            told = [event.movement.number for part in session.parts for event in part.events if event.movement]
            assert told == list(range(1, len(told) + 1))
            history.timeline(number)
    print(len(kept), len(finished))
"""


@pytest.mark.skipif(not POSIX, reason="needs fork and SIGKILL")
def test_killed_at_any_moment_the_history_stays_whole(tmp_path: Path) -> None:
    done = run(KILLED, str(tmp_path), "300" if THOROUGH else "40")
    assert done.returncode == 0, done.stderr
    kept, _ = map(int, done.stdout.split())
    assert kept > 4


def test_a_database_cut_in_the_middle_is_said_and_left_alone(tmp_path: Path) -> None:
    fill(tmp_path, 6)
    path = tmp_path / FILE
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    cut = path.read_bytes()
    with pytest.raises(HistoryError, match=r"damaged; it was left as it is.*repair"):
        History.open(tmp_path)
    with keep_session(tmp_path, "anna") as writer:
        writer.step(next(hip_hikers(FAULTY)))
    assert "damaged" in str(writer.problem)
    assert path.read_bytes() == cut


def test_a_repair_saves_what_can_be_read_and_keeps_the_damaged_file(tmp_path: Path) -> None:
    numbers = fill(tmp_path, 6)
    path = tmp_path / FILE
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 4])
    cut = path.read_bytes()
    done = repair(tmp_path, AT)
    assert done.kept_at is not None
    assert done.kept_at.name == "history-damaged-20260302-183000.db"
    assert done.kept_at.read_bytes() == cut
    assert is_whole(path)
    with History.open(tmp_path) as history:
        kept = [session.number for session in history.sessions()]
        assert len(kept) == done.sessions > 0
        assert set(kept) <= set(numbers)
        whole_session(history)
    assert repair(tmp_path, AT).kept_at is None


def test_rubbish_is_put_aside_too(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this was never a database" * 400)
    with pytest.raises(HistoryError, match="damaged"):
        History.open(tmp_path)
    done = repair(tmp_path, AT)
    assert done.sessions == 0
    assert done.kept_at is not None
    with History.open(tmp_path) as history:
        assert history.sessions() == []
    with pytest.raises(HistoryError, match="no history to repair"):
        repair(tmp_path / "elsewhere", AT)


def test_a_later_version_is_not_touched(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 6}")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(HistoryError, match=r"newer coach.*Update the coach"):
        History.open(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("CREATE TABLE mail (text TEXT)")
    with pytest.raises(HistoryError, match="another program"):
        History.open(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        assert [row[0] for row in database.execute("SELECT name FROM sqlite_master")] == ["mail"]


@pytest.mark.usefixtures("impatient")
def test_a_locked_database_is_said_and_saved_to_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.history.database.BUSY_S", 0.05)
    monkeypatch.setattr("coach.history.database.connect.__defaults__", (0.05,))
    with History.open(tmp_path, Clock()) as history:
        writer = history.begin("anna", exercise="hip-hiker")
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(HistoryError, match=r"in use by another program.*Close it"):
                history.begin("ben")
            with pytest.raises(HistoryError, match="in use"):
                history.delete(writer.number)
            for moment in hip_hikers(FAULTY):
                writer.step(moment)
            until(lambda: writer.problem is not None)
            assert "in use" in str(writer.problem)
            other.execute("ROLLBACK")
        until(lambda: writer.problem is None)
        writer.end()
        assert sum(bool(event.movement) for event in history.session(writer.number).parts[0].events) == 4


READ_ONLY = """
    import os, sys
    from coach.history import History, keep_session
    from coach.errors import HistoryError
    if os.geteuid() == 0:
        os.setuid(65534)
    with History.open(sys.argv[1]) as history:
        print(history.read_only, len(history.sessions()), history.session(1).person)
        try:
            history.begin("anna")
        except HistoryError as error:
            print(error)
        try:
            history.delete(1)
        except HistoryError as error:
            print(error)
    with keep_session(sys.argv[2], "anna") as writer:
        print(writer.problem)
"""


@pytest.mark.skipif(not POSIX, reason="Windows has other permissions")
def test_a_read_only_folder_can_be_read_and_says_so(tmp_path: Path) -> None:
    home, bare = tmp_path / "home", tmp_path / "bare"
    fill(home, 1)
    bare.mkdir()
    # The reader may be somebody else (root gives its rights away to be refused), so everybody may read.
    for folder in (*tmp_path.parents[:3], tmp_path):
        if folder.owner() == tmp_path.owner() and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o055)
    (home / FILE).chmod(0o444)
    home.chmod(0o555)
    bare.chmod(0o555)
    try:
        done = run(READ_ONLY, str(home), str(bare))
    finally:
        home.chmod(0o700)
        bare.chmod(0o700)
    if "PermissionError" in done.stderr or "ModuleNotFoundError" in done.stderr:
        pytest.skip("this Python or checkout cannot be read by an ordinary user")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "True 1 person 0"
    assert all("Allow writing to the folder" in line for line in lines[1:])
    assert len(lines) == 4


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HistoryError, match="is not a folder"):
        History.open(tmp_path / "file")
    (tmp_path / "data" / FILE).mkdir(parents=True)
    with pytest.raises(HistoryError):
        History.open(tmp_path / "data")


def test_nothing_is_left_running(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "coach-history"])
