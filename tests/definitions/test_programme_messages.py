"""One suite for every programme file and every language: complete, short, friendly, no medical claims."""

from __future__ import annotations

import re

import pytest

from coach.definitions.exercise import builtin_names, load_exercise
from coach.definitions.programme import builtin_programmes, load_programme
from coach.definitions.programme_messages import NOTICE, REMEDIES, REQUIRED
from coach.guide.questions import ADVICE
from coach.i18n.catalog import placeholders

PROGRAMMES = [load_programme(name) for name in builtin_programmes()]
SPEECHES = [(programme, language) for programme in PROGRAMMES for language in programme.languages]
EXERCISES = [load_exercise(name) for name in builtin_names()]
EXERCISE_SPEECHES = [(exercise, language) for exercise in EXERCISES for language in exercise.words]
CLAIMS = re.compile(r"\b(heal|cure|diagnosed|injured|therap(y|ies)|heilt|geheilt|verletzt|therapie)\b", re.IGNORECASE)


@pytest.mark.parametrize(("programme", "language"), SPEECHES, ids=lambda each: getattr(each, "name", each))
class TestProgrammes:
    def test_every_sentence_is_there(self, programme, language) -> None:
        assert set(programme.words[language]) >= REQUIRED
        assert set(programme.words[language]) == set(programme.words["en"])

    def test_what_to_do_takes_at_most_nine_words(self, programme, language) -> None:
        for key in REMEDIES:
            assert len(programme.words[language][key].split()) <= 9, key

    def test_whatever_is_said_in_an_exercise_takes_at_most_ten_words(self, programme, language) -> None:
        read = {*NOTICE, *(key for keys in ADVICE.values() for key in keys)}
        for key, sentence in programme.words[language].items():
            if key not in read and not key.startswith(("note_", "action_")):
                assert len(sentence.split()) <= 10, key

    def test_nothing_is_claimed(self, programme, language) -> None:
        for key, sentence in programme.words[language].items():
            if key not in NOTICE:
                assert not CLAIMS.search(sentence), key

    def test_every_sentence_can_be_said_with_its_values(self, programme, language) -> None:
        speak = programme.speak(language)
        for key, sentence in programme.words[language].items():
            values = dict.fromkeys(placeholders(sentence), "x")
            assert "{" not in speak(key, **values)

    def test_every_line_of_the_talk_is_there_for_both_sides(self, programme, language) -> None:
        for line in programme.talk:
            for side in ("left", "right"):
                sentence = programme.speak(language).sided(line.say, side)
                assert 2 <= len(sentence.split()) <= 9, line.say

    def test_it_plays(self, programme, language) -> None:
        from coach.guide.guide import Guide

        moment = Guide(programme, language).tick(0.1)
        assert moment.stage == "welcome"
        assert moment.say


@pytest.mark.parametrize(("exercise", "language"), EXERCISE_SPEECHES, ids=lambda each: getattr(each, "name", each))
class TestExercises:
    def test_every_correction_takes_at_most_nine_words(self, exercise, language) -> None:
        for key, sentence in exercise.words[language].items():
            if not key.startswith("view_"):  # advice on the camera is read, not called out in a movement
                assert len(sentence.split()) <= 9, key

    def test_nothing_is_claimed(self, exercise, language) -> None:
        for key, sentence in exercise.words[language].items():
            assert not CLAIMS.search(sentence), key


def test_there_is_a_second_language() -> None:
    assert {"en", "de"} <= set(load_programme().languages)
    assert all({"en", "de"} <= set(exercise.words) for exercise in EXERCISES)
