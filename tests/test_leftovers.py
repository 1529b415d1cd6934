"""What a killed coach left behind is taken away, and nothing that anybody still uses."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coach import leftovers, processes
from coach.files import whole
from coach.leftovers import MOST_NOTES, NOTES, TemporaryFolder, part_of, sweep
from tests.running import left, surroundings

posix = pytest.mark.skipif(os.name != "posix", reason="locks folders and looks at processes as POSIX does")
HOLDING = """
    import sys, time
    from pathlib import Path
    from coach.leftovers import part_of, temporary_folder
    folder = temporary_folder("web")
    (Path(folder.name) / "video").write_text("somebody")
    part_of(Path("elsewhere") / "annotated.mp4").write_text("somebody")
    print("READY", flush=True)
    time.sleep(100)
"""


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Another process that writes a video into ``home/elsewhere``, with its temporary folders in ``home/tmp``."""
    for name in ("elsewhere", "tmp"):
        (home / name).mkdir(exist_ok=True)
    command = [sys.executable, "-c", textwrap.dedent(HOLDING)]
    with subprocess.Popen(command, cwd=home, env=surroundings(home), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "READY\n"
        try:
            yield
        finally:
            process.kill()


@posix
def test_only_what_nobody_holds_is_swept(tmp_path: Path) -> None:
    place, elsewhere = tmp_path / "tmp", tmp_path / "elsewhere"
    with held(tmp_path):
        assert sweep(place) == [] and len(left(tmp_path)) == 3
    for name in ("coach-notes", "coach-web-1.x-", "coach-web-", "coach-web-0.0-abc"):  # not ours, by their names
        (place / name).mkdir()
    (elsewhere / ".mine.1-0123abcd.part").write_text("mine")
    removed = sweep(place)
    assert len(removed) == 3 and not any(path.exists() for path in removed)
    assert (elsewhere / ".mine.1-0123abcd.part").is_file() and (place / "coach-notes").is_dir()
    assert sweep(place) == []


@posix
def test_what_is_in_use_stays_whatever_is_believed_of_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "runs", lambda pid, start=None: False)
    with held(tmp_path):
        assert sweep(tmp_path / "tmp") == [] and len(left(tmp_path)) == 3
    assert len(sweep(tmp_path / "tmp")) == 3


@posix
def test_a_number_that_was_given_again_is_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if processes.started(os.getpid()) is None:
        pytest.skip("this system does not tell when a process began")
    mine = f"{os.getpid()}.{processes.started(os.getpid())}.{processes.place()}"
    names = (f"coach-web-{mine}-a", f"coach-web-{mine.replace('.', '.9', 1)}-a")
    for name in names:
        (tmp_path / name).mkdir()
    assert sweep(tmp_path) == [tmp_path / names[1]]


@posix
def test_a_folder_of_another_machine_is_its_own_affair(tmp_path: Path) -> None:
    """Machines may share the place of temporary folders; the number of a process says nothing about the other one."""
    for place in (processes.place(), "0123456789"):
        (tmp_path / f"coach-web-{2**22 - 3}.5.{place}-a").mkdir()
    assert [path.name for path in sweep(tmp_path)] == [f"coach-web-{2**22 - 3}.5.{processes.place()}-a"]


@posix
def test_a_drive_that_locks_nothing_is_swept_by_the_process_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "_lock", lambda folder: None)
    with held(tmp_path):
        assert sweep(tmp_path / "tmp") == []
    assert len(sweep(tmp_path / "tmp")) == 3


def test_a_note_names_no_file_of_anybody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = tmp_path / "thesis.tex"
    victim.write_text("years")
    number = 2**22 - 3
    link = tmp_path / f".x.{number}-0123abcd.part"
    link.symlink_to(victim)
    folder = tmp_path / f"coach-parts-{number}.5.{processes.place()}-a"
    folder.mkdir()
    (folder / NOTES).write_bytes(f"{victim}\0{link}\0{tmp_path}\0".encode())
    assert sweep(tmp_path) == [folder]
    assert victim.read_text() == "years" and link.is_symlink()


def test_a_folder_is_let_go_of_when_it_is_removed() -> None:
    before = _open_files()
    for _ in range(3):
        with TemporaryFolder("web") as folder:
            assert Path(folder).is_dir()
    assert not Path(folder).exists() and _open_files() == before


def _open_files() -> int:
    place = Path("/proc/self/fd")
    return len(list(place.iterdir())) if place.is_dir() else 0


def test_notes_stay_short_and_name_what_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_kept", [])
    with whole(tmp_path / "long.mp4") as part:
        part.write_text("somebody")
        for _ in range(2 * MOST_NOTES):
            with whole(tmp_path / "short.json") as other:
                other.write_text("{}")
        noted = (Path(leftovers._notes()._folder.name) / NOTES).read_bytes().split(b"\0")
    assert os.fsencode(part) in noted and len(noted) <= MOST_NOTES + 2


def test_threads_that_write_at_once_all_write(tmp_path: Path) -> None:
    problems = []

    def write(number: int) -> None:
        try:
            for _ in range(50):
                with whole(tmp_path / "report.html") as part:
                    part.write_text(str(number))
        except OSError as error:
            problems.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [] and [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_name_that_fits_only_by_itself_can_be_written(tmp_path: Path) -> None:
    part = part_of(tmp_path / ("é" * 124 + ".json"))
    part.write_text("x")
    assert part.parent == tmp_path
