"""Speaks sentences, the most urgent first, with the system's own voice, if the extra ``voice`` is installed.

Speaking takes seconds, so a thread waits for it. Sentences that have waited too long or been superseded are dropped: a
late correction is worse than none. If there is no voice, that is reported once, and the session continues.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from heapq import heappop, heappush
from types import TracebackType
from typing import Protocol

from coach.errors import VoiceError
from coach.overlay.free_scene import labels
from coach.window.tts_process import TtsProcess

STALE_S = 3.0


class Speaking(Protocol):
    """Says one sentence."""

    def say(self, text: str) -> None:
        """Speak and wait for the end. Raises VoiceError if it was not heard."""
        ...

    def close(self) -> None:
        """Be silent at once."""
        ...

    @property
    def can_speak(self) -> bool:
        """Whether it is worth trying again after a failed sentence."""
        ...


class Voice:
    """Speaks one sentence after the other. A context manager.

    open_process: creates the speaker of one sentence in a language. tell: called once if something is wrong with the
    voice. silent: there is no voice, and nothing will be spoken.
    """

    def __init__(
        self,
        language: str = "en",
        *,
        muted: bool = False,
        open_process: Callable[[str], Speaking] = TtsProcess,
        tell: Callable[[VoiceError], None] = lambda problem: None,
    ) -> None:
        self._language = language
        self._open_process = open_process
        self._tell = tell
        self._news = threading.Condition()
        self._waiting: list[tuple[int, int, float, str]] = []
        self._number = 0
        self._ready: Speaking | None = None
        self._speaking: Speaking | None = None
        self._stopped = self._told = self._unheard = False
        self.muted = muted
        self.silent = False
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)

    def __enter__(self) -> Voice:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._news:
            self._stopped = True
            self._hush()
        self._thread.join(timeout=2.0)

    @property
    def label(self) -> str:
        """Whether the voice is on, in words for the screen."""
        state = "no_voice" if self.silent or self._unheard else "sound_off" if self.muted else "sound_on"
        return labels(self._language)[state]

    def toggle(self) -> None:
        """Mute at once, or unmute."""
        with self._news:
            self.muted = not self.muted
            self._hush()

    def say(
        self, text: str, valid_s: float = STALE_S, *, priority: int = 0, instead: bool = True, urgent: bool = False
    ) -> None:
        """Speak as soon as the voice is free, smallest ``priority`` first; not at all if that takes too long.

        Returns at once. valid_s: seconds after which the sentence is stale. instead: drop what is still waiting.
        urgent: also cut off what is being spoken.
        """
        with self._news:
            if self.silent or self.muted or not text:
                return
            if urgent:
                self._hush()
            elif instead:
                self._waiting.clear()
            self._number += 1
            heappush(self._waiting, (priority, self._number, time.monotonic() + valid_s, text))
            self._news.notify()

    def _hush(self) -> None:
        self._waiting.clear()
        if self._speaking is not None:
            self._speaking.close()
        self._news.notify()

    def _run(self) -> None:
        while self._wait():
            if self._ready is None:
                self._ready = self._open()
                continue
            text = self._take()
            if text:
                self._say(text)
        if self._ready is not None:
            self._ready.close()

    def _wait(self) -> bool:
        """Wait for something to do. Returns whether there may be more."""
        with self._news:
            self._news.wait_for(
                lambda: self._stopped or self.silent or self._waiting or (self._ready is None and not self.muted)
            )
            return not self._stopped and not self.silent

    def _open(self) -> Speaking | None:
        try:
            return self._open_process(self._language)
        except OSError as error:
            self._fail(VoiceError(f"no voice: {error}"), for_good=True)
            return None

    def _take(self) -> str:
        """The next sentence that is not stale, and its speaker; empty if there is none."""
        with self._news:
            while self._waiting:
                _, _, until_s, text = heappop(self._waiting)
                if time.monotonic() <= until_s:
                    self._speaking, self._ready = self._ready, None
                    return text
        return ""

    def _say(self, text: str) -> None:
        speaking = self._speaking
        assert speaking is not None
        self._ready = self._open()  # loads while this one speaks
        try:
            speaking.say(text)
        except VoiceError as error:
            self._fail(error, for_good=not speaking.can_speak)
        else:
            self._unheard = False
        with self._news:
            self._speaking = None

    def _fail(self, problem: VoiceError, for_good: bool) -> None:
        self._unheard, self.silent = True, for_good
        if not self._told:
            self._told = True
            self._tell(problem)
