"""However a command ends, results of what was done are there, and nothing that is half done.

Each command with each way to end it is tried by ``make fuzz``; a share of them, each command and each way, always.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from coach.children import ctrl_c_comes_later
from coach.history import History
from tests.app.batch.stand_ins import short_recording
from tests.conftest import write_video
from tests.fuzz.amount import THOROUGH
from tests.running import Running, left, next_start, running, surroundings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

WAYS = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130, "pipe": 0}
Check = Callable[[Path, Running], None]


@dataclass(frozen=True)
class Case:
    """A command that is ended in the middle, and what is to be there afterwards.

    code: its exit code, where a signal is a way to end it like any other. by_itself: it ends soon without being told.
    """

    arguments: tuple[str, ...]
    until: Callable[[Path, Running], bool]
    check: Check
    code: int | None = None
    by_itself: bool = True


def sees(seconds: float) -> Callable[[Path, Running], bool]:
    return lambda home, program: program.seen_s() >= seconds


def second_is_seen(home: Path, program: Running) -> bool:
    return (home / "out/a/report.html").exists()  # the last of the first


def analysed(home: Path, program: Running) -> None:
    names = {path.name for path in (home / "out/a").iterdir()}
    assert names == {"result.json", "track.npz", "report.html", "annotated.mp4"}
    for path in home.glob("out/b/*"):
        assert path.stat().st_size


def practised(home: Path, program: Running) -> None:
    assert len(list(home.glob("out/live/result.json"))) == 1
    kept(home, program)
    with History.open(home / "data") as history:
        assert history.timeline(1).t_s.size
    assert list((home / "data/reports").iterdir())


def kept(home: Path, program: Running) -> None:
    with History.open(home / "data") as history:
        (session,) = history.sessions()
        assert session.ended_at is not None


def recorded(home: Path, program: Running) -> None:
    assert not (home / "a.observed").exists() or program.process.returncode == 0


def evaluated(home: Path, program: Running) -> None:
    assert len(list((home / "kept").rglob("*.observed"))) >= 1


def in_hand(home: Path, program: Running) -> bool:
    return len(list(home.glob("out/.batch/claims/*"))) == 2


def batched(home: Path, program: Running) -> None:
    assert list((home / "out/.batch/claims").iterdir()) == []
    assert list((home / "out/.batch/work").iterdir()) == []
    assert (home / "out/table.csv").is_file() and (home / "out/index.html").is_file()
    for folder in home.glob("out/videos/*"):
        assert {"result.json", "key.json"} <= {path.name for path in folder.iterdir()}


def nothing(home: Path, program: Running) -> None:
    assert not (home / "out").exists()


CASES = {
    "analyse": Case(
        ("analyse", "a.mp4", "b.mp4", "--out", "out", "--save-video", "--report"), second_is_seen, analysed
    ),
    "record": Case(("record", "b.mp4", "--out", "a.observed"), sees(1), recorded),
    "evaluate": Case(
        ("evaluate", "clips", "--cache", "kept"), lambda home, _: any((home / "kept").rglob("*.observed")), evaluated
    ),
    "evaluate --jobs": Case(
        ("evaluate", "clips", "--cache", "kept", "--jobs", "2"),
        lambda home, _: any((home / "kept").rglob("*.observed")),
        evaluated,
    ),
    "live": Case(("live", "hip-hiker", "--source", "b.mp4", "--mute"), sees(1.5), practised, 0, False),
    "live, guided": Case(("live", "--source", "long.mp4", "--mute"), sees(0.1), kept, 0, False),
    "bench live": Case(("bench", "live", "--source", "short.mp4"), sees(1), nothing),
    "batch": Case(("batch", "many", "--out", "out", "--workers", "2"), in_hand, batched),
}


@pytest.fixture(autouse=True)
def hang_ups_are_heard() -> Iterator[None]:
    """Also in tests that nohup started: what they start would inherit its deaf ear."""
    if not hasattr(signal, "SIGHUP"):
        yield
        return
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Videos and recordings to work on."""
    home = tmp_path_factory.mktemp("furnished")
    write_video(home / "a.mp4", frames=4)
    write_video(home / "short.mp4", frames=60)  # for those that go on to its end where nobody reads them any more
    write_video(home / "b.mp4", frames=200)
    write_video(home / "long.mp4", frames=900)
    (home / "clips").mkdir()
    for name, frames in (("c", 4), ("d", 100)):
        write_video(home / f"clips/{name}.mp4", frames=frames)
        (home / f"clips/{name}.truth.json").write_text(json.dumps({"exercise": "hip-hiker", "hanging": "left"}))
    for i in range(4):
        short_recording(home / f"many/{i}.observed", 20.0, source=f"{i}.mp4")
    return home


PAIRS = list(product(CASES, WAYS))


@pytest.mark.parametrize(
    ("name", "way"), PAIRS if THOROUGH else [(name, list(WAYS)[(i + 1) % len(WAYS)]) for i, name in enumerate(CASES)]
)
def test_what_was_done_is_there_and_nothing_is_left(name: str, way: str, tmp_path: Path, furnished: Path) -> None:
    case = CASES[name]
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    with running(tmp_path, *case.arguments) as program:
        program.wait_for(lambda: case.until(tmp_path, program), "it is in the middle")
        code = program.end(way)
        assert "Traceback" not in "\n".join(program.complaints), "\n".join(program.complaints)
        assert code == (WAYS[way] if case.code is None else case.code), program.complaints
        case.check(tmp_path, program)
        assert left(tmp_path) == []


@pytest.mark.parametrize("way", [way for way in WAYS if way != "pipe"] if THOROUGH else ["SIGTERM", "SIGHUP"])
def test_a_page_that_is_ended_keeps_its_session(way: str, tmp_path: Path) -> None:
    pytest.importorskip("uvicorn")
    from tests.web.visitor import Visitor

    with running(tmp_path, "web", "--no-browser") as program, Visitor(program).tab() as tab:
        tab.begin(exercise="hip-hiker", side="left")
        assert tab.show()["type"] == "moment"
        assert program.end(way) == 0, program.complaints
        assert program.complaints == [] and "is kept" in program.lines[-1]
        with History.open(tmp_path / "data") as history:
            (session,) = history.sessions()
            assert session.ended_at is not None
        assert left(tmp_path) == []


LOST = """
    import os, signal, sys, time
    from coach.ending import Stopped, end_tidily

    class Fragile:
        def __del__(self):
            os.kill(os.getpid(), getattr(signal, sys.argv[1]))
            time.sleep(0.2)

    end_tidily()
    fragile = Fragile()
    try:
        del fragile
        for _ in range(3000):
            time.sleep(0.01)
        print("went on")
    except KeyboardInterrupt as error:
        print(type(error).__name__)
"""


@pytest.mark.parametrize(
    ("way", "comes"), [("SIGTERM", "Stopped"), ("SIGHUP", "Stopped"), ("SIGINT", "KeyboardInterrupt")]
)
def test_an_end_that_comes_where_nothing_can_be_raised_comes_again(way: str, comes: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(LOST), way]
    done = subprocess.run(command, env=surroundings(tmp_path), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{comes}\n", "")


EARLY = """
    import os, signal, sys, time
    from coach.__main__ import main

    class End:
        def find_spec(self, name, path=None, target=None):
            if name == module:
                sys.meta_path.remove(self)
                os.kill(os.getpid(), getattr(signal, way))
                time.sleep(0.2)

    way, module = sys.argv[1:]
    sys.argv = ["coach", "exercises"]
    sys.meta_path.insert(0, End())
    main()
"""


@pytest.mark.parametrize("module", ["typer", "ctypes", "coach.cli.exercises"])
@pytest.mark.parametrize("way", [way for way in WAYS if way != "pipe"])
def test_an_end_while_it_is_loaded_is_no_error(way: str, module: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(EARLY), way, module]
    done = subprocess.run(command, env=surroundings(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == WAYS[way] and done.stderr in ("", "coach: stopped\n"), done
    assert left(tmp_path) == []


WRAPPED = """
    import os, signal, sys, time
    from coach.__main__ import main
    from coach.history import History

    def made(*words, **named):
        try:
            os.kill(os.getpid(), getattr(signal, way))
            time.sleep(0.2)
        except BaseException as error:  # as Python 3.11 does while a class is made
            raise RuntimeError("Error calling __set_name__") from error

    way, History.existing = sys.argv[1], made
    sys.argv = ["coach", "history"]
    main()
"""


@pytest.mark.parametrize("way", [way for way in WAYS if way != "pipe"])
def test_an_end_that_became_another_error_is_still_that_end(way: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(WRAPPED), way]
    done = subprocess.run(command, env=surroundings(tmp_path), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (WAYS[way], "coach: stopped\n")


STARTING = "from coach.ending import leave_quietly; leave_quietly(); import time; time.sleep(60)"


def test_ctrl_c_while_a_process_is_loaded_is_no_traceback(tmp_path: Path) -> None:
    for delay_s in (0.0, 0.02, 0.1):
        with ctrl_c_comes_later():
            child = subprocess.Popen(
                [sys.executable, "-c", STARTING], env=surroundings(tmp_path), stderr=subprocess.PIPE, text=True
            )
        time.sleep(delay_s)
        child.send_signal(signal.SIGINT)
        assert (child.communicate(timeout=60)[1], child.returncode) == ("", 130)


def test_an_end_at_a_question_is_that_end(tmp_path: Path) -> None:
    with History.open(tmp_path / "data") as history, history.begin("me", source="camera", exercise="hip-hiker"):
        pass
    code = "import builtins, os, signal; builtins.input = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\n"
    asked = code + "import sys; sys.argv = ['coach', 'history', 'delete', '1']; from coach.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", asked], env=surroundings(tmp_path), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (143, "coach: stopped\n")


SHORT = {
    "exercises": ("exercises",),
    "privacy": ("privacy",),
    "doctor": ("doctor",),
    "history": ("history",),
    "history show": ("history", "show", "1"),
    "history export": ("history", "export", "mine.json"),
    "progress": ("progress",),
    "report": ("report", "1", "--out", "report.html"),
    "help": ("--help",),
}
DELAYS_S = (0.1, 0.4, 0.8, 1.2, 2.0)


def test_a_short_command_whose_reader_has_gone_says_nothing(tmp_path: Path) -> None:
    with History.open(tmp_path / "data") as history, history.begin("me", source="camera", exercise="hip-hiker"):
        pass
    for name in SHORT if THOROUGH else ("exercises", "history"):
        read, write = os.pipe()
        os.close(read)
        command = [sys.executable, "-m", "coach", *SHORT[name]]
        done = subprocess.run(
            command, cwd=tmp_path, env=surroundings(tmp_path), stdout=write, stderr=subprocess.PIPE, check=False
        )
        os.close(write)
        assert (done.returncode, done.stderr) == (0, b""), name
        assert left(tmp_path) == []


@pytest.mark.skipif(not THOROUGH, reason="one after the other, each at several moments: for make fuzz")
@pytest.mark.parametrize("name", SHORT)
def test_a_short_command_ends_by_a_signal_at_any_time(name: str, tmp_path: Path) -> None:
    with History.open(tmp_path / "data") as history, history.begin("me", source="camera", exercise="hip-hiker"):
        pass
    for way, delay_s in product(("SIGTERM", "SIGHUP", "SIGINT"), DELAYS_S):
        (tmp_path / "mine.json").unlink(missing_ok=True)  # an export replaces nothing
        with running(tmp_path, *SHORT[name], module="coach") as program:
            try:
                program.process.wait(delay_s)
            except subprocess.TimeoutExpired:
                code = program.end(way)
                # Before Python has read our first line, there is nothing to tidy: the system ends it, or Python itself
                # tells of Ctrl-C in what it was loading.
                ours = any(f"{os.sep}coach{os.sep}" in line for line in program.complaints)
                early = code == 128 - WAYS[way] or (way == "SIGINT" and code == 1 and not ours)
                assert early or code in (0, WAYS[way]), (way, delay_s, program.complaints)
                assert early or "Traceback" not in "\n".join(program.complaints), (way, delay_s)
            assert left(tmp_path) == [] or program.process.returncode < 0
    next_start(tmp_path)
    assert left(tmp_path) == []


def test_what_a_kill_leaves_is_gone_after_the_next_start(tmp_path: Path) -> None:
    write_video(tmp_path / "b.mp4", frames=200)
    with running(tmp_path, "analyse", "b.mp4", "--out", "out", "--report") as program:
        program.wait_for(lambda: program.seen_s() > 1, "it is in the middle")
        program.kill()
    assert left(tmp_path)
    next_start(tmp_path)
    assert left(tmp_path) == []
