"""Speaks one sentence through the system's own voice, in a process that lives no longer than the sentence.

pyttsx3 loses sentences after the first on some systems, cannot be interrupted on most, and wants the main thread on
macOS. A process for each sentence has none of these faults, and ending the process cuts the sentence off. It loads
before it is needed: a mouth that is open and waits begins to speak at once.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from coach.children import python_environment
from coach.errors import VoiceError
from coach.leftovers import temporary_folder

WORDS_PER_MINUTE = 165
LETTER_S = 0.15  # no voice is slower
# The codes that are liked best come first: many systems have a dozen Englishes.
LANGUAGE_CODES = {"en": ("en-us", "en-gb", "en"), "de": ("de-de", "de")}
# Some systems say no language codes but speak of it in the voice's name: 'Microsoft Hedda Desktop - German'.
LANGUAGE_NAMES = {"en": "english", "de": "german"}
NO_LIBRARY, NO_SYSTEM = 4, 5  # exit codes of the process
# What pyttsx3 and the player it calls write when a sentence could not be heard; it takes no notice itself.
NOT_HEARD = ("aplay:", "playback error")
REMEDIES = {
    NO_LIBRARY: "pip install 'exercise-coach[voice]', or use --mute",
    NO_SYSTEM: "On Linux install espeak-ng and alsa-utils, or use --mute",
    0: "Check loudspeakers and sound settings; on Linux install alsa-utils",
}


class TtsProcess:
    """A process that waits for its one sentence. command: what it runs, this module where left out."""

    def __init__(
        self, language: str, command: Sequence[str] = (sys.executable, "-m", "coach.window.tts_process")
    ) -> None:
        # Drivers leave the sound of a sentence behind that was cut off.
        self._folder = temporary_folder("voice")
        self._process = subprocess.Popen(
            [*command, language],
            env={**python_environment(), "TMPDIR": self._folder.name},
            cwd=self._folder.name,  # empty: nothing that lies where we are is taken for a module
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C ends the session, which then still has something to say
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._begun = self._closed = False

    def say(self, text: str) -> None:
        """Speak and wait for the end. Raises VoiceError where it was not heard, unless it was closed meanwhile."""
        self._begun = True
        try:
            _, complaint = self._process.communicate(json.dumps(text) + "\n")
        except (OSError, ValueError):  # it is gone
            complaint = ""
        code = self._process.wait()
        self._folder.cleanup()
        if self._closed:
            return
        lines = [line for line in complaint.splitlines() if line.strip()]
        unheard = [line for line in lines if any(sign in line.lower() for sign in NOT_HEARD)]
        if code == NO_LIBRARY:
            raise VoiceError("no voice: pyttsx3 is not installed", REMEDIES[NO_LIBRARY])
        if code or unheard:
            why = f" ({(unheard or lines)[-1].strip()})" if lines else ""
            raise VoiceError(f"no voice: the system does not speak{why}", REMEDIES.get(code, REMEDIES[NO_SYSTEM]))

    def close(self) -> None:
        """Be silent at once, in the middle of a word."""
        self._closed = True
        if self._process.poll() is None:
            with suppress(OSError):
                if hasattr(os, "killpg"):  # the player it started as well
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()
        if not self._begun:
            self._process.communicate()
            self._folder.cleanup()

    @property
    def can_speak(self) -> bool:
        """Whether a further process could do better where this one failed."""
        return self._process.returncode not in (NO_LIBRARY, NO_SYSTEM)


def choose_voice(engine: Any, language: str) -> None:
    """Take the language's voice that is liked best; the system's own choice where it has none."""
    liked = LANGUAGE_CODES.get(language, (language,))
    best: tuple[int, Any] | None = None
    for voice in engine.getProperty("voices") or ():
        rank = min((_rank(code, liked) for code in voice.languages or ()), default=len(liked) + 1)
        spoken = LANGUAGE_NAMES.get(language)
        if rank > len(liked) and spoken is not None and spoken in str(getattr(voice, "name", "")).lower():
            rank = len(liked)
        if rank <= len(liked) and (best is None or rank < best[0]):
            best = (rank, voice.id)
    if best is not None:
        engine.setProperty("voice", best[1])


def _rank(code: Any, liked: Sequence[str]) -> int:
    """Place among the codes that are liked; behind them the language's others; behind all what is foreign."""
    text = code.decode("ascii", "ignore") if isinstance(code, bytes) else str(code)
    text = text.strip("\x05\x02 ").lower().replace("_", "-")
    if text in liked:
        return liked.index(text)
    return len(liked) if text.split("-")[0] == liked[-1] else len(liked) + 1


def main(language: str) -> int:
    """Wait for a sentence on standard input and speak it."""
    try:
        speech: Any = importlib.import_module("pyttsx3")
    except ImportError:
        return NO_LIBRARY
    try:
        engine = speech.init()
        engine.setProperty("rate", WORDS_PER_MINUTE)
        choose_voice(engine, language)
    except Exception as error:  # no driver, no voices: each system fails in its own way
        sys.stderr.write(f"{error}\n")
        return NO_SYSTEM
    line = sys.stdin.readline()
    if not line:
        return 0
    text = json.loads(line)
    said = threading.Event()
    engine.connect("finished-utterance", lambda **_: said.set())
    engine.say(text)
    engine.runAndWait()
    said.wait(1.0 + LETTER_S * len(text))  # some drivers return before they have spoken
    return 0


if __name__ == "__main__":
    # What the driver prints is a complaint as well.
    os.dup2(2, 1)
    code = main(sys.argv[1])
    sys.stderr.flush()
    os._exit(code)  # at the end drivers may hang, or crash
