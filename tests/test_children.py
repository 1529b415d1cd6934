"""What lies in the folder where the coach is started is never run, by any process that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace

import pytest

from coach.children import python_environment, started_safely
from coach.report.pdf import find_chromium
from coach.window.tts_process import TtsProcess

ROOT = Path(__file__).parent.parent
# Modules of Python's own that processes import at their start.
SHADOWED = ("json", "signal", "threading", "tempfile", "subprocess", "multiprocessing", "pickle", "coach", "pyttsx3")


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of modules that leave a trace; to be started in."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    for name in SHADOWED:
        (folder / f"{name}.py").write_text(
            f"open({str(tmp_path / 'run')!r}, 'a').write({name!r})\nraise SystemExit(9)\n"
        )
    program = folder / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    monkeypatch.chdir(folder)
    return tmp_path / "run"


def test_the_voice_runs_no_file_of_the_folder_it_is_started_in(hostile: Path, tmp_path: Path) -> None:
    voice = tmp_path / "library"
    voice.mkdir()
    spoken = tmp_path / "spoken"
    (voice / "pyttsx3.py").write_text(
        f"class Engine:\n"
        f"    def getProperty(self, name): return []\n"
        f"    def setProperty(self, name, value): pass\n"
        f"    def connect(self, topic, heard): self.heard = heard\n"
        f"    def say(self, text): open({str(spoken)!r}, 'w').write(text)\n"
        f"    def runAndWait(self): self.heard()\n"
        f"def init(): return Engine()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(voice)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", environment)
        process = TtsProcess("en")
    process.say("Good.")
    assert spoken.read_text() == "Good."
    assert not hostile.exists()


WORKERS = """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context
    from coach.children import started_safely
    import os
    if __name__ == "__main__":
        with started_safely(), ProcessPoolExecutor(1, get_context("spawn")) as pool:
            assert pool.submit(abs, -3).result() == 3
"""


BATCH = """
    import operator
    from coach.app.batch.workers import LocalWorkers
    if __name__ == "__main__":
        engine = LocalWorkers(1, operator.is_)
        engine.submit("a video")
        pipe = engine._workers[0].pipe
        assert (pipe.recv(), pipe.recv()) == ((0, 0.0), False)
        engine.close()
"""


def started(script: Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONSAFEPATH", None)
    return subprocess.run([python, str(script)], env=environment, capture_output=True, text=True, check=False)


def test_workers_run_no_file_of_the_folder_they_are_started_in(hostile: Path, tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(textwrap.dedent(WORKERS))
    done = started(script)
    assert done.returncode == 0, done.stderr
    assert not hostile.exists()


def test_workers_of_a_batch_neither(hostile: Path, tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(textwrap.dedent(BATCH))
    done = started(script)
    assert done.returncode == 0, done.stderr
    assert not hostile.exists()


# Python 3.10 takes no notice of the variable that keeps later ones from the folder they are started in.
OLD = """
    import sys
    from types import SimpleNamespace
    import coach.children
    coach.children.sys = SimpleNamespace(version_info=(3, 10, 14), platform=sys.platform)
    coach.children.SAFE = "IGNORED"
"""


@pytest.mark.parametrize("workers", ["WORKERS", "BATCH"])
def test_with_an_old_python_workers_are_started_elsewhere(hostile: Path, tmp_path: Path, workers: str) -> None:
    script = tmp_path / "main.py"
    script.write_text(textwrap.dedent(OLD) + textwrap.dedent(globals()[workers]))
    done = started(script)
    assert done.returncode == 0, done.stderr
    assert not hostile.exists()


def test_an_old_python_comes_back_to_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.children.sys", SimpleNamespace(version_info=(3, 10, 14), platform=sys.platform))
    monkeypatch.chdir(tmp_path)
    with started_safely():
        elsewhere = Path.cwd()
        assert elsewhere != tmp_path and list(elsewhere.iterdir()) == []
    assert Path.cwd() == tmp_path and not elsewhere.exists()


def test_a_browser_that_lies_here_is_not_the_one_that_prints(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COACH_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", os.pathsep.join([".", ""]))
    monkeypatch.setattr("coach.report.pdf.PLACES", ())
    assert find_chromium() is None


def test_a_relative_place_of_modules_is_meant_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "lib")
    assert python_environment()["PYTHONPATH"].split(os.pathsep) == [str(tmp_path / "lib"), str(ROOT)]
