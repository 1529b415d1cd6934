"""The window's loop: newest frame in, scene out, keys to actions. Screen and voice are passed in."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from coach.overlay.free_scene import Key, Scene
from coach.overlay.renderer import Overlay
from coach.types import Frame, Picture
from coach.video.latest_frame import LatestFrame

SHORTEST_SIDE_PX = 720  # smaller pictures are enlarged before text is drawn, so that it stays sharp
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

    def show(self, picture: Picture) -> None:
        """Show a picture (height, width, 3) RGB."""
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
    overlay = Overlay(banded=True)

    def show(picture: Picture, scene: Scene) -> None:
        if speaker is not None:
            scene = replace(scene, keys=(Key("M", speaker.label), *scene.keys))
        screen.show(overlay.draw(picture, scene, mirrored=mirrored))

    last: Picture | None = None
    while not engine.done:
        frame = feed.newest(WAIT_S)
        if frame is not None:
            scene = engine.step(frame)
            last = enlarged(frame.rgb)
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


def enlarged(picture: Picture) -> Picture:
    """The picture with its shorter side at 720 pixels, if it is smaller."""
    import cv2

    scale = SHORTEST_SIDE_PX / min(picture.shape[:2])
    if scale <= 1:
        return picture
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    larger: Picture = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR).astype("uint8", copy=False)
    return larger
