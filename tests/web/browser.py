"""Chromium without a screen, driven over its own debugging socket: nothing to install beside the browser itself."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (  # noqa: SIM905 - read as a command line
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-port=0"
    " --remote-allow-origins=* --use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
).split()
PAGE_LEFT = ("Inspected target navigated", "Execution context was destroyed", "Cannot find context")
PATIENCE_S = 120.0  # a busy machine is slow; a right page does not take longer for it


def chromium() -> str | None:
    """The browser's path, None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Replaced(Exception):
    """The page went to another address while it was asked something."""


class Browser:
    """One browser with one page. camera: a .mjpeg or .y4m file that it shows as its camera. A context manager.

    flags: more of them.
    """

    def __init__(
        self,
        folder: Path,
        camera: Path | None = None,
        size: tuple[int, int] = (1280, 720),
        flags: tuple[str, ...] = (),
    ) -> None:
        path = chromium()
        assert path is not None
        flags = (*FLAGS, *flags, f"--user-data-dir={folder}", f"--window-size={size[0]},{size[1]}")
        if camera is not None:
            flags += (f"--use-file-for-fake-video-capture={camera}",)
        self._process = subprocess.Popen([path, *flags, "about:blank"], stderr=subprocess.DEVNULL)
        self._numbers = itertools.count(1)
        self.events: list[dict[str, Any]] = []
        try:
            self._socket = self._connect(folder)
        except BaseException:
            self._process.kill()
            raise
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def _connect(self, folder: Path) -> Any:
        from websockets.sync.client import connect

        ports = folder / "DevToolsActivePort"
        end_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                port = ports.read_text().split()[0]
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=5) as answer:
                    page = next(each for each in json.load(answer) if each["type"] == "page")
                # A browser that nobody listens to for a while must not be given up.
                return connect(page["webSocketDebuggerUrl"], max_size=None, max_queue=None, ping_interval=None)
            except (OSError, IndexError, StopIteration):
                if time.monotonic() > end_s or self._process.poll() is not None:
                    raise
                time.sleep(0.1)

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(60)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the debugging protocol and its answer."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=PATIENCE_S))
            if message.get("id") == number:
                if "error" in message:
                    lost = any(text in message["error"]["message"] for text in PAGE_LEFT)
                    raise (Replaced if lost else AssertionError)(f"{method}: {message['error']}")
                found: dict[str, Any] = message["result"]
                return found
            self.events.append(message)

    def open(self, address: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=address)

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, script: str, patience_s: float = PATIENCE_S) -> Any:
        """Wait until an expression is true, and give its value. The page may go to another address meanwhile."""
        guarded = f"(() => {{ try {{ return {script} }} catch {{ return null }} }})()"
        end_s = time.monotonic() + patience_s
        while True:
            with contextlib.suppress(Replaced):
                if value := self.run(guarded):
                    return value
            assert time.monotonic() < end_s, f"never came true: {script}; the page says: {self.text()}"
            time.sleep(0.1)

    def until(self, holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Wait until something outside the page is true."""
        end_s = time.monotonic() + patience_s
        while not holds():
            assert time.monotonic() < end_s, "never came true"
            time.sleep(0.1)

    def text(self) -> str:
        """What can be read on the page."""
        return str(self.run("document.body.innerText"))

    def press(self, key: str) -> None:
        """Press and release a key, named as in KeyboardEvent.key."""
        codes = {"Enter": 13, "Tab": 9, " ": 32, "Escape": 27}
        letter = "\r" if key == "Enter" else key if len(key) == 1 else ""
        code = "Space" if key == " " else key if len(key) > 1 else f"Key{key.upper()}"
        number = codes.get(key, ord(key.upper()[0]))
        common = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        more = {"text": letter} if letter else {}
        self.call("Input.dispatchKeyEvent", type="keyDown" if letter else "rawKeyDown", **common, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def resize(self, width: int, height: int, scale: float = 1.0) -> None:
        """The size of the page in its own pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )

    def picture(self, path: Path) -> None:
        """A screenshot."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def complaints(self) -> list[str]:
        """Errors of the page so far: exceptions, and what a policy has blocked."""
        self.run("1")
        found = []
        for event in self.events:
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(event["params"]["exceptionDetails"]))
            elif event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                found.append(str(event["params"]["entry"]["text"]))
        return found

    def hosts(self) -> set[str]:
        """Hosts that the page has asked for anything."""
        from urllib.parse import urlsplit

        asked = [each["params"] for each in self.events if each.get("method") == "Network.requestWillBeSent"]
        return {urlsplit(each["request"]["url"]).netloc for each in asked} - {""}
