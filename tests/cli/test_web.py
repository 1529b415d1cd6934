"""``coach web`` as a program: it prints a link, says in one line what is wrong, and keeps everything when stopped."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from coach.history import History
from coach.web.sessions import Settings
from tests.cli.test_app import one_line
from tests.running import running as started
from tests.typed import typed
from tests.web.visitor import Visitor

ROOT = Path(__file__).parent.parent.parent


def command(*options: str) -> list[str]:
    return [sys.executable, "-u", "-m", "coach", "web", "--no-browser", *options]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command("--data-dir", str(tmp_path)), text=True, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        yield process
        process.kill()


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C as a signal")
def test_it_prints_a_link_and_ends_quietly_by_ctrl_c(running: subprocess.Popen[str]) -> None:
    assert running.stdout is not None
    link = next(
        found for line in running.stdout if (found := re.search(r"http://127\.0\.0\.1:(\d+)/\?token=\S+", line))
    )
    with socket.create_connection(("127.0.0.1", int(link[1])), timeout=60) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert b" 403 " in plain.recv(200)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)
    assert out.strip() == "Stopped."
    assert err == ""
    assert running.returncode == 0


def test_what_was_done_is_said_to_be_kept_where_the_history_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begun(history: History) -> int:
        with history.begin("me") as writer:
            return writer.number

    def practised(history: History, settings: Settings) -> None:
        settings.on_kept(begun(history))

    def tidied_up(history: History, settings: Settings) -> None:
        history.delete(1)
        practised(history, settings)

    def thought_better(history: History, settings: Settings) -> None:
        number = begun(history)
        settings.on_kept(number)
        history.delete(number)

    def by_another_program(history: History, settings: Settings) -> None:
        begun(history)

    def said_after(meanwhile: Callable[[History, Settings], None]) -> str:
        def serve(settings: Settings, *_: object) -> None:
            with History.open(tmp_path / "data") as history:
                meanwhile(history, settings)

        monkeypatch.setattr("coach.web.app.serve", serve)
        done = typed("web", "--no-browser", "--data-dir", tmp_path / "data")
        assert done.exit_code == 0, done.output
        return done.stdout

    for meanwhile in (practised, tidied_up):
        assert "What was done is kept" in said_after(meanwhile)
    for meanwhile in (thought_better, by_another_program):
        assert said_after(meanwhile).strip() == "Stopped."


@pytest.mark.parametrize(
    "options",
    [
        ("--exercise", "nothing"),
        ("--programme", "nothing"),
        ("--side", "up"),
        ("--lang", "xx"),
        ("--reps", "0"),
        ("--person", " "),
    ],
)
def test_a_wrong_option_is_one_line(options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def served(*anything: object, **named: object) -> None:
        raise AssertionError("it began to serve")

    monkeypatch.setattr("uvicorn.Server.run", served)
    one_line(typed("web", "--no-browser", *options))


def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            command("--port", port), capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"coach: port {port} cannot be used")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a browser that is a script, on a screen")
def test_the_browser_is_not_told_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/argv.part2 && mv {tmp_path}/argv.part2 {tmp_path}/argv\n')
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(browser))
    monkeypatch.setenv("DISPLAY", ":99")
    with started(tmp_path, "web", module="coach") as program:
        link = Visitor(program, enter=False).link
        program.wait_for((tmp_path / "argv").exists, "a browser is started")
        address = (tmp_path / "argv").read_text().strip()
        assert link.partition("token=")[2] not in address and address.startswith("file:///")
        page = Path(address.removeprefix("file://"))
        assert link in page.read_text()
        assert (stat.S_IMODE(page.stat().st_mode), stat.S_IMODE(page.parent.stat().st_mode)) == (0o600, 0o700)
        assert program.end("SIGTERM") == 0
        assert not page.parent.exists()
