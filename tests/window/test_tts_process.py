"""One sentence, spoken by a process of its own; in place of the system's voice stands one that writes to a file."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coach.errors import VoiceError
from coach.window.tts_process import TtsProcess, choose_voice

LONG_S = 120.0
SPEECH = """
import os, sys, time
from types import SimpleNamespace

class Engine:
    def __init__(self):
        self.done = None
    def getProperty(self, name):
        return [SimpleNamespace(id="english", name="", languages=["en-us"]),
                SimpleNamespace(id="german", name="", languages=["de"])]
    def setProperty(self, name, value):
        if name == "voice":
            self.voice = value
    def connect(self, topic, heard):
        self.heard = heard
    def say(self, text):
        self.text = text
    def runAndWait(self):
        with open(os.environ["SPOKEN"], "a", encoding="utf-8") as spoken:
            spoken.write(f"{self.voice}: {self.text}")
        {act}
        self.heard(name=None, completed=True)

def init():
    {begin}
    return Engine()
"""


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPOKEN", str(tmp_path / "spoken"))
    return tmp_path / "spoken"


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, act: str = "pass", begin: str = "pass") -> None:
    """A pyttsx3 that does this while it speaks, and this when it begins."""
    text = SPEECH.replace("{act}", act).replace("{begin}", begin)
    (folder / "pyttsx3.py").write_text(text, encoding="utf-8")
    here = [str(folder), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in here if path))


def test_it_speaks_one_sentence_in_its_language(spoken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch)
    TtsProcess("de").say("Lass die Hüfte am Boden.")
    assert spoken.read_text(encoding="utf-8") == "german: Lass die Hüfte am Boden."


def test_closing_it_cuts_the_sentence_off_and_is_no_mistake(
    spoken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, act="time.sleep(600)")
    process, problems = TtsProcess("en"), list[VoiceError]()

    def say() -> None:
        try:
            process.say("A very long sentence.")
        except VoiceError as error:
            problems.append(error)

    speaking = threading.Thread(target=say)
    speaking.start()
    while not spoken.exists() and speaking.is_alive():
        speaking.join(0.02)
    process.close()
    speaking.join(LONG_S)
    assert not speaking.is_alive()
    assert problems == []
    process.close()


@pytest.mark.skipif(sys.platform == "win32", reason="the player is a process of its own on Linux and macOS")
def test_the_player_that_was_started_is_cut_off_too(
    spoken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, act="os.system('echo $$ > $SPOKEN.player; exec sleep 600')")
    process, player = TtsProcess("en"), tmp_path / "spoken.player"
    speaking = threading.Thread(target=process.say, args=("One.",))
    speaking.start()
    while not (player.exists() and player.read_text()) and speaking.is_alive():
        speaking.join(0.02)
    process.close()
    speaking.join(LONG_S)
    assert not speaking.is_alive(), "a player that plays on holds its end of the pipe"


def test_one_that_never_spoke_leaves_nothing_behind() -> None:
    process = TtsProcess("en", (sys.executable, "-c", "import sys; sys.stdin.readline()"))
    folder = Path(process._folder.name)
    assert folder.is_dir()
    process.close()
    assert not folder.exists()
    assert process._process.returncode is not None


@pytest.mark.parametrize(
    ("act", "begin", "problem", "remedy", "again"),
    [
        ("pass", "raise ImportError('no comtypes')", "no comtypes", "espeak-ng", False),
        ("pass", "raise RuntimeError('could not initialize espeak')", "could not initialize espeak", "espeak", False),
        ("os.system('echo sh: 1: aplay: not found >&2')", "pass", "aplay: not found", "loudspeakers", True),
        ("print('Playback error: no device', flush=True)", "pass", "no device", "loudspeakers", True),
        ("os._exit(9)", "pass", "does not speak", "espeak-ng", True),
    ],
)
def test_what_goes_wrong_is_said_in_plain_words(
    spoken: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    act: str,
    begin: str,
    problem: str,
    remedy: str,
    again: bool,
) -> None:
    install(tmp_path, monkeypatch, act, begin)
    process = TtsProcess("en")
    with pytest.raises(VoiceError) as caught:
        process.say("One.")
    assert caught.value.problem.startswith("no voice")
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert process.can_speak is again


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    hide = "import sys; sys.modules['pyttsx3'] = None; from coach.window.tts_process import main; sys.exit(main('en'))"
    process = TtsProcess("en", (sys.executable, "-c", hide))
    with pytest.raises(VoiceError, match="not installed") as caught:
        process.say("One.")
    assert "[voice]', or use --mute" in caught.value.remedy
    assert not process.can_speak


class Engine:
    """What pyttsx3 tells of its voices."""

    def __init__(self, *voices: tuple[str, str, list[Any]]) -> None:
        self._voices = [SimpleNamespace(id=key, name=name, languages=codes) for key, name, codes in voices]
        self.voice = "the system's own"

    def getProperty(self, name: str) -> Any:
        assert name == "voices"
        return self._voices

    def setProperty(self, name: str, value: str) -> None:
        assert name == "voice"
        self.voice = value


ENGLISHES = (
    ("caribbean", "English (Caribbean)", ["en-029"]),
    ("scotland", "English (Scotland)", ["en-gb-scotland"]),
    ("america", "English (America)", ["en-us"]),
    ("german", "German", ["de"]),
)


@pytest.mark.parametrize(
    ("voices", "language", "chosen"),
    [
        (ENGLISHES, "en", "america"),
        (ENGLISHES, "de", "german"),
        (ENGLISHES[:2], "en", "caribbean"),
        (ENGLISHES[:2], "de", "the system's own"),
        ((("old", "english", [b"\x05en-gb"]), ("de", "german", [b"\x05de"])), "de", "de"),
        ((("anna", "Anna", ["de_DE"]), ("daniel", "Daniel", ["en_GB"])), "en", "daniel"),
        ((("zira", "Microsoft Zira - English", []), ("hedda", "Microsoft Hedda - German", [])), "de", "hedda"),
        ((("new", "Denver", ["den"]),), "de", "the system's own"),
    ],
)
def test_the_voice_of_the_language_that_is_liked_best(voices: Any, language: str, chosen: str) -> None:
    engine = Engine(*voices)
    choose_voice(engine, language)
    assert engine.voice == chosen
