"""The voice never holds anybody up and never breaks anything."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from coach.faces.voice import Voice

LONG_S = 10.0


class Engine:
    """What pyttsx3 gives: speaks until it is let go on."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.spoken: list[str] = []
        self.voice = ""

    def getProperty(self, name: str) -> Any:
        assert name == "voices"
        return [SimpleNamespace(id="english", languages=[b"\x05en-gb"]), SimpleNamespace(id="german", languages=["de"])]

    def setProperty(self, name: str, value: str) -> None:
        assert name == "voice"
        self.voice = value

    def say(self, text: str) -> None:
        self.spoken.append(text)

    def runAndWait(self) -> None:
        self.begun.set()
        self.go_on.wait(LONG_S)
        self.go_on.clear()


def test_it_speaks_in_the_language_of_the_session() -> None:
    engine = Engine()
    with Voice("de", lambda: engine) as voice:
        voice.say("Halte das Standbein gestreckt.")
        assert engine.begun.wait(LONG_S)
        engine.go_on.set()
    assert engine.spoken == ["Halte das Standbein gestreckt."]
    assert engine.voice == "german"


def test_a_voice_without_language_codes_is_known_by_its_name() -> None:
    class Named(Engine):
        def getProperty(self, name: str) -> Any:
            names = ("Microsoft Zira Desktop - English", "Microsoft Hedda Desktop - German")
            return [SimpleNamespace(id=name, name=name, languages=[]) for name in names]

    engine = Named()
    with Voice("de", lambda: engine) as voice:
        voice.say("Eins.")
        assert engine.begun.wait(LONG_S)
        engine.go_on.set()
    assert engine.voice.endswith("German")


def test_what_is_stale_is_dropped_and_the_newest_is_said() -> None:
    engine = Engine()
    with Voice("en", lambda: engine) as voice:
        voice.say("One.")
        assert engine.begun.wait(LONG_S)
        engine.begun.clear()
        for text in ("Two.", "Three.", "Four."):
            voice.say(text)
        engine.go_on.set()
        assert engine.begun.wait(LONG_S)
        engine.begun.clear()
        voice.say("Too late.", valid_s=-1.0)
        engine.go_on.set()
        voice_is_idle = threading.Event()
        assert not voice_is_idle.wait(0.05)
    assert engine.spoken == ["One.", "Four."]


def test_sentences_that_belong_together_are_said_in_order_of_priority() -> None:
    engine = Engine()
    with Voice("en", lambda: engine) as voice:
        voice.say("One.")
        assert engine.begun.wait(LONG_S)
        voice.say("Well done.", priority=3, instead=False)
        voice.say("Ten.", priority=2, instead=False)
        voice.say("Rest now.", priority=3, instead=False)
        for _ in range(3):
            engine.begun.clear()
            engine.go_on.set()
            assert engine.begun.wait(LONG_S)
        engine.go_on.set()
    assert engine.spoken == ["One.", "Ten.", "Well done.", "Rest now."]


def test_saying_nothing_says_nothing() -> None:
    engine = Engine()
    with Voice("en", lambda: engine) as voice:
        voice.say("")
    assert engine.spoken == []


@pytest.mark.parametrize("error", [ImportError("no pyttsx3"), OSError("no sound card"), RuntimeError("no driver")])
def test_without_a_voice_it_is_silent_and_harmless(error: Exception) -> None:
    def fail() -> Any:
        raise error

    with Voice("en", fail) as voice:
        voice.say("Keep your trunk upright.")
        voice._thread.join(LONG_S)
        assert voice.silent
        voice.say("Still nothing.")


def test_a_voice_that_breaks_while_speaking_falls_silent() -> None:
    class Breaking(Engine):
        def runAndWait(self) -> None:
            raise RuntimeError("the sound card went away")

    with Voice("en", Breaking) as voice:
        voice.say("One.")
        voice._thread.join(LONG_S)
        assert voice.silent


def test_leaving_does_not_wait_for_the_end_of_a_sentence() -> None:
    engine = Engine()
    with Voice("en", lambda: engine) as voice:
        voice.say("A very long sentence.")
        assert engine.begun.wait(LONG_S)
    engine.go_on.set()


def test_the_system_s_own_voice_or_none_at_all() -> None:
    with Voice() as voice:
        voice.say("")
