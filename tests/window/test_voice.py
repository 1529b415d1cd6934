"""The voice never holds anybody up and never breaks anything."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from coach.errors import VoiceError
from coach.window.voice import Voice

LONG_S = 120.0


class Processes:
    """Speakers of one sentence each, which speak until they are let go on, or are closed."""

    def __init__(self, problem: VoiceError | None = None, can_speak: bool = True) -> None:
        self.languages: list[str] = []
        self.spoken: list[str] = []
        self.cut: list[str] = []
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.problem, self.can_speak = problem, can_speak

    def open(self, language: str) -> TtsProcess:
        self.languages.append(language)
        return TtsProcess(self)

    def hear(self) -> None:
        """Wait until a sentence has begun."""
        assert self.begun.acquire(timeout=LONG_S)


class TtsProcess:
    def __init__(self, of: Processes) -> None:
        self._of = of
        self._over = threading.Event()
        self._text = ""

    @property
    def can_speak(self) -> bool:
        return self._of.can_speak

    def say(self, text: str) -> None:
        self._text = text
        self._of.spoken.append(text)
        self._of.begun.release()
        if self._of.problem is not None:
            raise self._of.problem
        while not self._over.is_set() and not self._of.go_on.acquire(timeout=0.01):
            pass

    def close(self) -> None:
        self._of.cut.append(self._text)
        self._over.set()


@pytest.fixture
def processes() -> Processes:
    return Processes()


def test_it_speaks_in_the_language_of_the_session(processes: Processes) -> None:
    with Voice("de", open_process=processes.open) as voice:
        voice.say("Halte das Standbein gestreckt.")
        processes.hear()
        assert voice.label == "Ton an"
    assert processes.spoken == ["Halte das Standbein gestreckt."]
    assert set(processes.languages) == {"de"}


def test_the_next_speaker_loads_while_this_one_speaks(processes: Processes) -> None:
    with Voice("en", open_process=processes.open) as voice:
        voice.say("One.")
        processes.hear()
        assert len(processes.languages) == 2


def test_what_is_stale_is_dropped_and_the_newest_is_said(processes: Processes) -> None:
    with Voice("en", open_process=processes.open) as voice:
        voice.say("One.")
        processes.hear()
        for text in ("Two.", "Three.", "Four."):
            voice.say(text)
        processes.go_on.release()
        processes.hear()
        voice.say("Too late.", valid_s=-1.0)
        voice.say("In time.", instead=False, priority=1)
        processes.go_on.release()
        processes.hear()
    assert processes.spoken == ["One.", "Four.", "In time."]


def test_sentences_that_belong_together_are_said_in_order_of_priority(processes: Processes) -> None:
    with Voice("en", open_process=processes.open) as voice:
        voice.say("One.")
        processes.hear()
        voice.say("Well done.", priority=3, instead=False)
        voice.say("Ten.", priority=2, instead=False)
        voice.say("Rest now.", priority=3, instead=False)
        for _ in range(3):
            processes.go_on.release()
            processes.hear()
    assert processes.spoken == ["One.", "Ten.", "Well done.", "Rest now."]


def test_what_is_urgent_cuts_off_what_is_said_and_what_waits(processes: Processes) -> None:
    with Voice("en", open_process=processes.open) as voice:
        voice.say("A very long talk about the strap.")
        processes.hear()
        voice.say("And more of it.", instead=False)
        voice.say("Stop. How strong is the pain, 0 to 10?", urgent=True)
        processes.hear()
        assert processes.cut == ["A very long talk about the strap."]
    assert processes.spoken == ["A very long talk about the strap.", "Stop. How strong is the pain, 0 to 10?"]


def test_sound_turned_off_is_off_at_once_and_can_be_turned_on_again(processes: Processes) -> None:
    with Voice("en", open_process=processes.open) as voice:
        voice.say("Keep your trunk upright.")
        processes.hear()
        voice.toggle()
        assert (voice.label, processes.cut) == ("Sound off", ["Keep your trunk upright."])
        voice.say("Nobody hears this.")
        voice.toggle()
        voice.say("This, yes.")
        processes.hear()
    assert processes.spoken == ["Keep your trunk upright.", "This, yes."]


def test_muted_from_the_start_nothing_is_loaded_until_it_is_wanted(processes: Processes) -> None:
    with Voice("en", muted=True, open_process=processes.open) as voice:
        voice.say("Nobody hears this.")
        assert processes.languages == []
        voice.toggle()
        voice.say("One.")
        processes.hear()
    assert processes.spoken == ["One."]


def test_saying_nothing_says_nothing(processes: Processes) -> None:
    with Voice("en", open_process=processes.open) as voice:
        voice.say("")
    assert processes.spoken == []


def test_without_a_voice_it_is_silent_and_says_so_once() -> None:
    told: list[Any] = []
    processes = Processes(VoiceError("no voice: pyttsx3 is not installed"), can_speak=False)
    with Voice("en", open_process=processes.open, tell=told.append) as voice:
        voice.say("Keep your trunk upright.")
        voice._thread.join(LONG_S)
        assert (voice.silent, voice.label) == (True, "No voice")
        voice.say("Still nothing.")
    assert told == [processes.problem]


def test_a_sound_card_that_went_away_is_told_once_and_may_come_back() -> None:
    told: list[Any] = []
    processes = Processes(VoiceError("no voice: the system does not speak"))
    with Voice("en", open_process=processes.open, tell=told.append) as voice:
        for text in ("One.", "Two."):
            voice.say(text, instead=False)
            processes.hear()
        processes.problem = None
        for text in ("Three.", "Four."):
            voice.say(text, instead=False)
            processes.go_on.release()
            processes.hear()
        assert voice.label == "Sound on"
    assert processes.spoken == ["One.", "Two.", "Three.", "Four."]
    assert len(told) == 1


def test_a_process_that_cannot_begin_is_no_voice() -> None:
    def fail(language: str) -> Any:
        raise OSError("no memory left")

    told: list[VoiceError] = []
    with Voice("en", open_process=fail, tell=told.append) as voice:
        voice._thread.join(LONG_S)
        assert voice.silent
    assert "no memory left" in str(told[0])


def test_leaving_cuts_a_sentence_off(processes: Processes) -> None:
    with Voice("en", open_process=processes.open) as voice:
        voice.say("A very long sentence.")
        processes.hear()
    assert "A very long sentence." in processes.cut
    assert not voice._thread.is_alive()
