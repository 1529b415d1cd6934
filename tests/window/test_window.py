"""The window: its loop with a screen that needs no display, and the real one on a virtual display."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach.app.engine import CANVAS_PX, canvas_size, run
from coach.app.screen_check import check_screen
from coach.errors import ScreenError
from coach.overlay.free_scene import Count, Scene
from coach.types import Frame, Picture
from coach.video.latest_frame import State
from coach.window.window import Window, framed

REPOSITORY = Path(__file__).parents[2]


class FakeFeed:
    """Hands out frames one by one; None stands for a moment without a picture, a word for a change of state."""

    def __init__(self, *script: Frame | State | None) -> None:
        self._script = list(script)
        self.state: State = "playing"
        self.now_s = 0.0

    def newest(self, timeout_s: float) -> Frame | None:
        if not self._script:
            self.state = "ended"
            return None
        step = self._script.pop(0)
        if isinstance(step, str):
            self.state = step
            return None
        if step is not None:
            self.state = "playing"
        return step


class FakeScreen:
    """Keeps what it is shown, and presses keys after the pictures named."""

    reduced_motion = False

    def __init__(self, keys: Sequence[str] = (), size_px: tuple[int, int] | None = None) -> None:
        self.keys = list(keys)
        self.size_px = size_px
        self.shown: list[Picture] = []
        self.full = False

    def show(self, picture: Picture) -> None:
        self.shown.append(picture.copy())

    def key(self) -> str:
        return self.keys.pop(0) if self.keys else ""

    def toggle_full_screen(self) -> None:
        self.full = not self.full

    def close(self) -> None:
        pass


class FakeEngine:
    def __init__(self, frames: int = 10_000) -> None:
        self.times: list[float] = []
        self.pressed: list[str] = []
        self.without = 0
        self.left = False
        self._frames = frames

    @property
    def done(self) -> bool:
        return self.left or len(self.times) >= self._frames

    def step(self, frame: Frame) -> Scene:
        self.times.append(frame.t_s)
        return Scene(count=Count(len(self.times), 0.5, ""))

    def without_picture(self, t_s: float) -> Scene:
        self.without += 1
        return Scene(sentence="No picture.")

    def press(self, key: str) -> None:
        self.pressed.append(key)
        self.left = self.left or key == "q"


def frames(number: int, size: tuple[int, int] = (320, 240)) -> list[Frame]:
    return [Frame(i / 10, np.full((size[1], size[0], 3), 90, np.uint8)) for i in range(number)]


def play(engine: FakeEngine, feed: Any, screen: FakeScreen, **options: Any) -> None:
    run(engine, feed, screen, **options)


def test_every_picture_is_judged_and_shown_until_the_source_ends() -> None:
    engine, screen = FakeEngine(), FakeScreen()
    play(engine, FakeFeed(*frames(4)), screen)
    assert engine.times == [0.0, 0.1, 0.2, 0.3]
    assert len(screen.shown) == 4


def test_what_is_drawn_has_the_size_of_the_window_so_that_words_stay_sharp() -> None:
    screen = FakeScreen(size_px=(1000, 600))
    play(FakeEngine(), FakeFeed(*frames(1)), screen)
    assert screen.shown[0].shape == (600, 1000, 3)


@pytest.mark.parametrize(
    ("window_px", "drawn_px"),
    [
        (None, CANVAS_PX),
        ((0, 0), CANVAS_PX),
        ((1920, 1080), (1920, 1080)),
        ((3840, 2160), (1920, 1080)),
        ((400, 160), (800, 320)),
        ((2000, 20), CANVAS_PX),
    ],
)
def test_windows_too_large_too_small_or_not_there_are_drawn_for_within_bounds(
    window_px: tuple[int, int] | None, drawn_px: tuple[int, int]
) -> None:
    assert canvas_size(window_px) == drawn_px


def test_a_window_of_another_shape_has_dark_bars() -> None:
    picture = np.full((720, 1280, 3), 200, np.uint8)
    assert framed(picture, 1280, 720) is picture
    assert framed(picture, 0, 0) is picture, "a window that is not there yet"
    assert (framed(picture, 640, 360) == np.full((360, 640, 3), 200)).all()
    wide = framed(picture, 1600, 720)
    assert wide.shape == (720, 1600, 3)
    assert (wide[:, 160:-160] == 200).all()
    assert max(wide[:, :160].max(), wide[:, -160:].max()) < 30
    high = framed(picture, 640, 400)
    assert high.shape == (400, 640, 3)
    assert (high[20:-20] == 200).all()
    assert framed(picture, 1, 900).shape == (900, 1, 3)


def test_the_picture_is_mirrored_only_on_its_way_to_the_screen() -> None:
    frame = frames(1, (1280, 720))[0]
    picture = frame.rgb.copy()
    picture[:, :640] = 200
    seen: list[Picture] = []

    class Watching(FakeEngine):
        def step(self, frame: Frame) -> Scene:
            seen.append(frame.rgb)
            return Scene()

    screen = FakeScreen()
    play(Watching(), FakeFeed(Frame(0.0, picture)), screen)
    assert (seen[0][:, :640] == 200).all()
    assert screen.shown[0][360, 900, 0] > screen.shown[0][360, 380, 0]
    plain = FakeScreen()
    play(Watching(), FakeFeed(Frame(0.0, picture)), plain, mirrored=False)
    assert plain.shown[0][360, 900, 0] < plain.shown[0][360, 380, 0]


@pytest.mark.parametrize("key", ["q", "closed"])
def test_leaving_ends_at_once(key: str) -> None:
    engine = FakeEngine()
    play(engine, FakeFeed(*frames(9)), FakeScreen(["", key]))
    assert len(engine.times) == 2


def test_keys_go_to_the_engine_and_f_to_the_window() -> None:
    engine, screen = FakeEngine(), FakeScreen(["space", "f", "s", "", "7"])
    play(engine, FakeFeed(*frames(6)), screen)
    assert engine.pressed == ["space", "s", "7"]
    assert screen.full


class FakeSpeaker:
    label = "Sound on"

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str, valid_s: float = 3.0, **how: object) -> None:
        self.said.append(text)

    def toggle(self) -> None:
        self.label = "Sound off"


def test_m_turns_the_sound_off_and_the_screen_says_so() -> None:
    engine, screen, sound = FakeEngine(), FakeScreen(["", "m"]), FakeSpeaker()
    play(engine, FakeFeed(*frames(3)), screen, speaker=sound)
    assert sound.label == "Sound off"
    assert engine.pressed == []
    before, now = (picture[-60:, :300] for picture in screen.shown[1:])
    assert (before != now).any()
    without = FakeScreen()
    play(FakeEngine(), FakeFeed(*frames(3)), without)
    assert (without.shown[2] != screen.shown[2]).any()


def test_keys_work_while_no_picture_comes() -> None:
    engine = FakeEngine()
    play(engine, FakeFeed(*frames(1), None, None, None), FakeScreen(["", "s", "", "q"]))
    assert engine.pressed == ["s", "q"]


def test_a_lost_camera_is_said_over_the_last_picture() -> None:
    engine, screen = FakeEngine(), FakeScreen()
    play(engine, FakeFeed(*frames(2), "lost", None, *frames(2)[1:]), screen)
    assert engine.without == 2
    assert len(screen.shown) == 5
    assert (screen.shown[2] != screen.shown[1]).any()


def test_the_window_closes_when_the_engine_is_done() -> None:
    engine = FakeEngine(frames=3)
    play(engine, FakeFeed(*frames(9)), FakeScreen())
    assert len(engine.times) == 3


# -- the real window ---------------------------------------------------------------------------------------------

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only on Linux can the display be missing")


@linux
@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({}, "DISPLAY is not set"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "Wayland"),
        ({"DISPLAY": ":4711"}, "cannot be reached"),
        ({"DISPLAY": "nonsense"}, "cannot be reached"),
    ],
)
@pytest.mark.parametrize("library", [True, False])
def test_without_a_screen_there_is_one_line_and_no_crash(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], problem: str, library: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if not library:
        monkeypatch.setattr("coach.app.screen_check.ctypes.util.find_library", lambda name: None)
    with pytest.raises(ScreenError, match=problem) as caught:
        check_screen()
    assert "coach web" in caught.value.remedy
    with pytest.raises(ScreenError):
        Window()


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A virtual display of its own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb, which stands in for a screen, is not installed")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    if not number:
        server.kill()
        pytest.skip("Xvfb does not start here")
    yield f":{number}"
    server.terminate()
    server.wait(timeout=60)


SHOW = """
import sys, time
import numpy as np
from coach.window.window import Window
window = Window(full_screen=sys.argv[1] == "full")
shown = 0
while True:
    window.show(np.full((720, 1280, 3), (200, 60, 20), np.uint8))
    key = window.key()
    shown += 1
    if shown == 3:
        print("shown", flush=True)
    if key:
        print(key, flush=True)
    if key == "f":
        window.toggle_full_screen()
    if key in ("q", "closed"):
        break
    time.sleep(0.01)
window.close()
"""


def show(display: str, mode: str = "") -> subprocess.Popen[str]:
    shown = subprocess.Popen(
        [sys.executable, "-c", SHOW, mode],
        env={**os.environ, "DISPLAY": display},
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert shown.stdout is not None
    first = shown.stdout.readline()
    assert first == "shown\n", shown.communicate()[1]
    return shown


@linux
@pytest.mark.parametrize("mode", ["", "full"])
def test_on_a_real_display_pictures_show_and_keys_arrive(display: str, mode: str) -> None:
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool, which presses keys, is not installed")
    shown = show(display, mode)
    assert shown.stdout is not None
    for key, name in (("space", "space"), ("S", "s"), ("f", "f"), ("7", "7"), ("Escape", "q")):
        subprocess.run(["xdotool", "key", key], env={**os.environ, "DISPLAY": display}, check=True)
        assert shown.stdout.readline().strip() == name
    _, complaints = shown.communicate(timeout=120)
    assert shown.returncode == 0
    assert complaints == "", "Qt has something to say to the user"


@linux
def test_the_colours_on_the_screen_are_right(display: str, tmp_path: Path) -> None:
    if shutil.which("import") is None:
        pytest.skip("ImageMagick, which takes the screenshot, is not installed")
    # Without a window manager Qt now and then misses that its first window was mapped, and never draws it.
    colours = [_colour_shown(display, tmp_path / f"{attempt}.png") for attempt in range(1)]
    while colours[-1] == (0, 0, 0) and len(colours) < 6:
        colours.append(_colour_shown(display, tmp_path / f"{len(colours)}.png"))
    assert (200, 60, 20) in colours
    assert set(colours) <= {(200, 60, 20), (0, 0, 0)}


def _colour_shown(display: str, picture: Path) -> object:
    from PIL import Image

    shown = show(display)
    colour: object = (0, 0, 0)
    try:
        for _ in range(10):
            subprocess.run(
                ["import", "-window", "root", str(picture)], env={**os.environ, "DISPLAY": display}, check=True
            )
            with Image.open(picture) as screen:
                colour = screen.convert("RGB").getpixel((640, 360))
            if colour != (0, 0, 0):
                break
            time.sleep(0.1)
    finally:
        shown.send_signal(signal.SIGKILL)
        shown.communicate()
    return colour
