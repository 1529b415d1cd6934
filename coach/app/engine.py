"""The window's loop: newest frame in, scene out, keys to actions. Screen and voice are passed in."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from coach.overlay.free_scene import Key, Scene
from coach.overlay.renderer import Overlay
from coach.types import Frame, Picture
from coach.video.latest_frame import LatestFrame

CANVAS_PX = (1280, 720)  # while the window's size is unknown
SHORTEST_SIDE_PX, LONGEST_SIDE_PX = 320, 1920  # of what is drawn; smaller and larger windows scale it
WAIT_S = 0.03  # for a picture, before keys are checked again


class Engine(Protocol):
    """What the window shows: an exercise, or a whole guided session."""

    @property
    def done(self) -> bool:
        """Whether it is over."""
        ...

    def step(self, frame: Frame) -> Scene:
        """Take one frame, in order of time, and return the scene to show with it."""
        ...

    def without_picture(self, t_s: float) -> Scene:
        """The scene while the camera sends nothing; t_s: on the frames' clock."""
        ...

    def press(self, key: str) -> None:
        """Handle a key: a letter, a digit, ``space``, ``enter`` or ``backspace``. q (also Esc) asks to end."""
        ...


class Screen(Protocol):
    """Where pictures go and keys come from."""

    @property
    def size_px(self) -> tuple[int, int] | None:
        """Width and height in which to draw, None while unknown."""
        ...

    @property
    def reduced_motion(self) -> bool:
        """Whether the person wants nothing to move that need not."""
        ...

    def show(self, picture: Picture) -> None:
        """Show a picture (height, width, 3) RGB, which is overwritten later."""
        ...

    def key(self) -> str:
        """The key pressed since the last call: empty for none, ``closed`` once the window has gone."""
        ...

    def toggle_full_screen(self) -> None:
        """Toggle full screen."""
        ...

    def close(self) -> None:
        """Close the window."""
        ...


class Speaker(Protocol):
    """What speaks beside the window: ``coach.window.voice.Voice``."""

    @property
    def label(self) -> str:
        """Whether it is on, in words for the screen."""
        ...

    def say(
        self, text: str, valid_s: float = ..., *, priority: int = ..., instead: bool = ..., urgent: bool = ...
    ) -> None:
        """Speak a sentence, unless it has waited for longer than ``valid_s`` seconds."""
        ...

    def toggle(self) -> None:
        """Mute or unmute."""
        ...


def run(
    engine: Engine, feed: LatestFrame, screen: Screen, speaker: Speaker | None = None, *, mirrored: bool = True
) -> None:
    """Show the engine's scenes for the newest frames until it is done, the source ends or the window is closed.

    The window handles two keys itself: f toggles full screen, m toggles the sound. Ctrl-C raises KeyboardInterrupt.
    """
    overlay = Overlay(still=screen.reduced_motion)

    def show(picture: Picture, scene: Scene) -> None:
        if speaker is not None:
            scene = replace(scene, keys=(Key("M", speaker.label), *scene.keys))
        screen.show(overlay.draw(picture, scene, size_px=canvas_size(screen.size_px), mirrored=mirrored))

    last: Picture | None = None
    while not engine.done:
        frame = feed.newest(WAIT_S)
        if frame is not None:
            scene = engine.step(frame)
            last = frame.rgb
            show(last, scene)
        elif feed.state == "ended":
            return
        elif feed.state == "lost" and last is not None:
            show(last, engine.without_picture(feed.now_s))
        key = screen.key()
        if key == "closed":
            return
        if key == "f":
            screen.toggle_full_screen()
        elif key == "m" and speaker is not None:
            speaker.toggle()
        elif key:
            engine.press(key)


def canvas_size(window_px: tuple[int, int] | None) -> tuple[int, int]:
    """What to draw for a window of this size: the same, so that words are sharp, within bounds."""
    width, height = window_px or CANVAS_PX
    if min(width, height) < 1:
        return CANVAS_PX
    scale = min(1.0, LONGEST_SIDE_PX / max(width, height))
    scale = max(scale, SHORTEST_SIDE_PX / min(width, height))
    return (round(width * scale), round(height * scale)) if max(width, height) < 8 * min(width, height) else CANVAS_PX
