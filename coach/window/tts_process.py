"""Speaks one sentence with the system's own voice, in a process that lives only as long as the sentence.

On some systems pyttsx3 loses sentences after the first, on most it cannot be interrupted, and on macOS it needs the
main thread. One process per sentence avoids all this, and ending the process cuts the sentence off. Processes are
started in advance, so that a waiting one speaks immediately.
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
from coach.extras import install_extra
from coach.leftovers import temporary_folder

WORDS_PER_MINUTE = 165
LETTER_S = 0.15  # the slowest voice per letter
# Preferred language codes first: many systems have a dozen variants of English.
LANGUAGE_CODES = {"en": ("en-us", "en-gb", "en"), "de": ("de-de", "de"), "fr": ("fr-fr", "fr")}
# Some systems give no language code but name the language in the voice: 'Microsoft Hedda Desktop - German'.
LANGUAGE_NAMES = {"en": "english", "de": "german", "fr": "french"}
NO_LIBRARY, NO_SYSTEM = 4, 5  # exit codes of the process
# Messages of pyttsx3 and its player when a sentence could not be played; pyttsx3 itself ignores them.
NOT_HEARD = ("aplay:", "playback error")
REMEDIES = {
    NO_SYSTEM: "On Linux install espeak-ng and alsa-utils, or use --mute",
    0: "Check loudspeakers and sound settings; on Linux install alsa-utils",
}


class TtsProcess:
    """A process that waits for its one sentence. command: what it runs; defaults to this module."""

    def __init__(
        self, language: str, command: Sequence[str] = (sys.executable, "-m", "coach.window.tts_process")
    ) -> None:
        # Drivers leave sound files behind when a sentence is cut off.
        self._folder = temporary_folder("voice")
        self._process = subprocess.Popen(
            [*command, language],
            env={**python_environment(), "TMPDIR": self._folder.name},
            cwd=self._folder.name,  # an empty folder, so that nothing in the current one is taken for a module
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C ends the session, which then still has its last sentence to speak
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._begun = self._closed = False

    def say(self, text: str) -> None:
        """Speak and wait for the end. Raises VoiceError if it was not heard, unless it was closed meanwhile."""
        self._begun = True
        try:
            _, complaint = self._process.communicate(json.dumps(text) + "\n")
        except (OSError, ValueError):  # it has gone
            complaint = ""
        code = self._process.wait()
        self._folder.cleanup()
        if self._closed:
            return
        lines = [line for line in complaint.splitlines() if line.strip()]
        unheard = [line for line in lines if any(sign in line.lower() for sign in NOT_HEARD)]
        if code == NO_LIBRARY:
            raise VoiceError("no voice: pyttsx3 is not installed", f"{install_extra('voice')}, or use --mute")
        if code or unheard:
            why = f" ({(unheard or lines)[-1].strip()})" if lines else ""
            raise VoiceError(f"no voice: the system does not speak{why}", REMEDIES.get(code, REMEDIES[NO_SYSTEM]))

    def close(self) -> None:
        """Stop at once, even in the middle of a word."""
        self._closed = True
        if self._process.poll() is None:
            with suppress(OSError):
                if hasattr(os, "killpg"):  # including the player it started
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()
        if not self._begun:
            self._process.communicate()
            self._folder.cleanup()

    @property
    def can_speak(self) -> bool:
        """Whether another process could succeed where this one failed."""
        return self._process.returncode not in (NO_LIBRARY, NO_SYSTEM)


def choose_voice(engine: Any, language: str) -> None:
    """Choose the preferred voice for a language; the system's default if it has none."""
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
    """Rank: preferred codes first, then the language's other variants, then everything else."""
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
    except Exception as error:  # no driver or no voices: each system fails in its own way
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
    said.wait(1.0 + LETTER_S * len(text))  # some drivers return before they have finished speaking
    return 0


if __name__ == "__main__":
    # Output of the driver counts as an error too.
    os.dup2(2, 1)
    code = main(sys.argv[1])
    sys.stderr.flush()
    os._exit(code)  # drivers may hang or crash at exit
