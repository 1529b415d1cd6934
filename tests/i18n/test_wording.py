"""The same word for the same thing wherever somebody reads it, and wordings that are gone for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import coach.i18n
from coach.definitions.exercise import builtin_names, load_exercise
from coach.definitions.programme import load_programme
from coach.i18n.catalog import read_tables

LOCALE = Path(coach.i18n.__file__).parent / "locale"
# What somebody who practises reads or hears; errors of files, and what those who measure read, have the terms of files.
FILES = ("labels.toml", "notes.toml", "report.toml", "sharing.toml", "terminal.toml", "web.toml")
# What did not go as asked is 'to correct', and what did is 'as asked', or, in a line with how many a set asks for, has
# 'nothing to correct': nobody made a mistake, and nothing is unclean.
BLAME = {
    "en": re.compile(r"\b(faults?|mistakes?|faulty|clean|wrongly)\b", re.IGNORECASE),
    "de": re.compile(r"\b(fehler|fehlerhaft|fehlerfrei|sauber\w*|falsch gemacht)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(fautes?|défauts?|erreurs?|proprement)\b", re.IGNORECASE),
}
OF_MEASURING = re.compile(
    r"typischer Fehler|^(Fehler|Erreur)$|erreur (typique|de mesure|de l’abaissement)|Fehler der Absenkung"
    r"|Une erreur s’est produite"
)
GONE = {
    "en": (
        "That one is open", "That stays open", "Turn round", "Not counted. ", "Keep it so", "Without a mistake",
        "Without a fault", "could not vouch", "Reach for a", "the same depth on both sides", "Say 'It hurts'",
        "as of somebody who", "raised and let out",
    ),
    "de": (
        "echte Taubheit", "Halt dich fest, wenn du magst", "Dreh dich um", "oder bis {to}", "führe dich hindurch",
        "langsam heraus", "Dieser Satz bleibt", "Die Hälfte", "Rück so", "Wisch die Linse.", "Mach ein Licht an",
        "Im Zweifel frag", "frag ärztlich", "bleibt offen", "hinunter", "wieder hinauf", "aus der Frontalen",
        "einstehen", "Gurtdehnung", "Leg dich ins Bild", "Ende, oder noch zwei", "Bleib sechs Atemzüge",
        "Von ihrem Platz aus", "Alles war sauber", "behält jede", "Behalten als Einheit", "Steck eine an",
        "Kamera höher richten", "zur Seite gelassen",
    ),
    "fr": ("levée et écartée",),
}  # fmt: skip


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Every text of a language with where it stands."""
    for file in FILES:
        yield from ((f"{file} {key}", text) for key, text in read_tables(LOCALE / file).get(language, {}).items())
    yield from ((f"standard.toml {key}", text) for key, text in load_programme().words[language].items())
    for name in builtin_names():
        exercise = load_exercise(name)
        about = exercise.in_language(language)
        for text in (*exercise.words[language].values(), about.title, about.summary, about.camera_where, *about.how):
            yield name, text


@pytest.mark.parametrize("language", sorted(BLAME))
def test_nobody_is_blamed(language: str) -> None:
    shown = ((where, OF_MEASURING.sub("", re.sub(r"\{\w+\}", "", text))) for where, text in texts(language))
    assert [(where, text) for where, text in shown if BLAME[language].search(text)] == []


@pytest.mark.parametrize(
    ("language", "as_asked", "nothing", "to_correct"),
    [
        ("en", "as asked", "nothing to correct", "to correct"),
        ("de", "wie gewünscht", "nichts zu verbessern", "zu verbessern"),
        ("fr", "comme demandé", "rien à corriger", "à corriger"),
    ],
)
def test_one_word_for_it_everywhere(language: str, as_asked: str, nothing: str, to_correct: str) -> None:
    of = dict(texts(language))
    good = (
        "standard.toml row_clean", "report.toml row_clean", "report.toml tone_clean", "report.toml clean",
        "report.toml mark_clean", "report.toml weeks_clean", "report.toml batch_clean", "sharing.toml figure_clean",
        "terminal.toml session_clean",
    )  # fmt: skip
    assert [where for where in good if as_asked not in of[where].lower()] == []
    counted = (
        "terminal.toml reps_line", "terminal.toml reps_line_target", "terminal.toml done_reps",
        "terminal.toml done_reps_target", "web.toml set_reps", "web.toml set_some",
    )  # fmt: skip
    assert [where for where in counted if nothing not in of[where]] == []
    other = (
        "report.toml tone_fault",
        "report.toml batch_faults",
        "web.toml col_correct",
        "terminal.toml movement_heads",
    )
    assert [where for where in other if to_correct not in of[where].lower()] == []


@pytest.mark.parametrize("language", sorted(GONE))
def test_what_was_awkward_is_gone(language: str) -> None:
    assert [(where, old) for where, text in texts(language) for old in GONE[language] if old in text] == []
