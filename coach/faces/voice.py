"""Speaks sentences through the system's own voice, where the extra ``voice`` (pyttsx3) is installed.

Speaking takes seconds, so a thread does it. What has waited too long, or is overtaken by something newer, is dropped:
a late correction is worse than none. Where there is no voice nothing happens.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from heapq import heappop, heappush
from types import TracebackType
from typing import Any

STALE_S = 3.0
WORDS_PER_MINUTE = 165
# Some systems say no language codes but speak of it in the voice's name: 'Microsoft Hedda Desktop - German'.
LANGUAGE_NAMES = {"en": "english", "de": "german"}


class Voice:
    """Says the newest sentence when the one before is over. A context manager.

    make_engine: what builds the speaking engine, inside the thread that uses it; pyttsx3.init where left out.
    """

    def __init__(self, language: str = "en", make_engine: Callable[[], Any] | None = None) -> None:
        self._language = language
        self._make_engine = make_engine or _system_voice
        self._news = threading.Condition()
        self._waiting: list[tuple[int, int, float, str]] = []
        self._said = 0
        self._stopped = False
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
            self._news.notify()
        # A system voice cannot be interrupted safely from here; as a daemon it does not keep the program alive.
        self._thread.join(timeout=0.5)

    def say(self, text: str, valid_s: float = STALE_S, *, priority: int = 0, instead: bool = True) -> None:
        """Speak as soon as the voice is free, smallest ``priority`` first; not at all if that takes too long.

        Returns at once. valid_s: seconds after which the sentence is stale. instead: forget what still waits.
        """
        if self.silent or not text:
            return
        with self._news:
            if instead:
                self._waiting.clear()
            self._said += 1
            heappush(self._waiting, (priority, self._said, time.monotonic() + valid_s, text))
            self._news.notify()

    def _run(self) -> None:
        try:
            engine = self._make_engine()
            _choose_voice(engine, self._language)
        except Exception:  # no driver, no sound card, no such library: each system fails in its own way
            self.silent = True
            return
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopped or self._waiting)
                if self._stopped:
                    return
                _, _, until_s, text = heappop(self._waiting)
            if time.monotonic() > until_s:
                continue
            try:
                engine.say(text)
                engine.runAndWait()
            except Exception:  # as above; the session goes on without a voice
                self.silent = True
                return


def _system_voice() -> Any:
    import pyttsx3

    engine = pyttsx3.init()
    engine.setProperty("rate", WORDS_PER_MINUTE)
    return engine


def _choose_voice(engine: Any, language: str) -> None:
    """Take the first voice of the language; the system's own choice where it has none."""
    for voice in engine.getProperty("voices") or ():
        codes = [code.decode("ascii", "ignore") if isinstance(code, bytes) else str(code) for code in voice.languages]
        named = LANGUAGE_NAMES.get(language, language) in str(getattr(voice, "name", "")).lower()
        if named or any(code.strip("\x05\x02 ").lower().startswith(language) for code in codes):
            engine.setProperty("voice", voice.id)
            return
