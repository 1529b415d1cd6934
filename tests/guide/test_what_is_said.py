"""What somebody must hear, in which order, and what nobody may ever hear: guided sessions by script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.definitions.exercise import load_exercise
from coach.definitions.programme import load_programme
from coach.definitions.programme_messages import CONDITIONS, NOTICE
from coach.guide.past import Past, past_of, rising
from coach.guide.session_log import PainMark
from coach.toml import shipped_folder
from coach.types import Event
from tests.guide.people import lying, standing
from tests.guide.theatre import HIKER, STRAP, Theatre, movement, programme

IN_FULL = [
    "talk_camera_standing",
    "talk_camera_turned",
    "talk_step",
    "talk_hand",
    "talk_knees",
    "talk_sink",
    "talk_sign",
]
IN_SHORT = ["talk_step", "talk_hand"]
BACKWARDS = re.compile(
    r"\b(step back|come closer|geh\w* zurück|komm\w* näher|turn round|dreh dich um"
    r"|reculez|approchez-vous|rapprochez-vous|retournez-vous)\b",
    re.IGNORECASE,
)
UNSAFE = re.compile(
    r"^(Turn|Move|Come|Step back|Dreh dich|Geh|Komm|Tournez-vous|Déplacez-vous|Venez)"
    r" (a little|to the middle|etwas|in die|un peu|au milieu)",
    re.IGNORECASE,
)


def explained(*blocks: tuple, **options: object) -> Theatre:
    return Theatre(programme(*blocks, explained=True), **options)  # type: ignore[arg-type]


def begun(theatre: Theatre) -> Theatre:
    """Set-up, with whatever is explained in it, until the exercise has just begun."""
    for _ in range(60):
        if theatre.now.stage != "setup":
            break
        theatre.play(1.0)
    theatre.play(1.9, phase="calibrating").play(3.4, phase="ready", count=0)
    assert theatre.now.stage == "exercise", theatre.log
    return theatre


def texts(theatre: Theatre) -> list[str]:
    spoken = [speech.text for moment in theatre.moments for speech in moment.say]
    return spoken + [moment.sentence for moment in theatre.moments]


def shallow(number: int) -> Event:
    dip = movement(number, counted=False, uncounted_reason="too_shallow", depth=4.2)
    return Event(0.0, "movement", movement=dip, number=0)


class TestHowItGoes:
    def test_a_hip_hiker_is_explained_in_full_before_it_begins(self) -> None:
        theatre = explained((HIKER, "left")).play(1)
        begun(theatre)
        heard = theatre.heard()
        assert [key for key in heard if key.startswith("talk_")] == IN_FULL
        assert heard.index("talk_sign") < heard.index("[calibrate]") < heard.index("go_repetitions")
        said = " ".join(texts(theatre))
        for word in ("step", "rail, wall or heavy chair", "knees straight", "never to the floor", "Camera"):
            assert word in said

    def test_the_other_side_is_explained_in_short_and_the_step_is_turned_first(self) -> None:
        theatre = explained((HIKER, "left", {"reps": 1, "rest_s": 30}), (HIKER, "right", {"reps": 1})).play(1)
        begun(theatre).repeat([1])
        theatre.heard()
        begun(theatre.play(31))
        heard = theatre.heard()
        assert [key for key in heard if key.startswith("talk_")] == IN_SHORT
        assert "Firm step: whole left foot on it, right hanging." in texts(theatre)
        assert "Step down. Turn the step, or move the camera." in texts(theatre)

    def test_who_has_done_it_before_hears_it_in_short(self) -> None:
        theatre = explained((HIKER, "left"), past=Past(known=frozenset({HIKER}), worst=(0,))).play(1)
        begun(theatre)
        assert [key for key in theatre.heard() if key.startswith("talk_")] == IN_SHORT

    def test_the_button_says_it_again_in_full(self) -> None:
        theatre = explained((HIKER, "left"), past=Past(known=frozenset({HIKER}), worst=(0,))).play(1)
        assert "explain" in theatre.now.actions
        theatre.guide.explain()
        begun(theatre)
        assert [key for key in theatre.heard() if key.startswith("talk_")] == IN_FULL

    def test_steps_and_camera_are_there_to_be_shown_in_setup_and_rest(self) -> None:
        theatre = Theatre(programme((HIKER, "left", {"reps": 1, "rest_s": 30}), (STRAP, "left"))).play(1)
        assert theatre.now.block is not None
        assert "Keep a hand on a rail, a wall or a heavy chair." in theatre.now.block.how
        assert theatre.now.block.camera_where
        theatre.play(1.4).play(1.9, phase="calibrating").play(3.4, phase="ready", count=0).repeat([1])
        assert theatre.now.stage == "rest"
        assert theatre.now.next_block is not None
        assert any("strap" in step for step in theatre.now.next_block.how)


class TestAnExerciseOfOnesOwn:
    def own(self, tmp_path: Path) -> str:
        path = tmp_path / "mine.toml"
        text = (shipped_folder("exercises") / "hip-hiker.toml").read_text(encoding="utf-8")
        path.write_text(text.replace('name = "hip-hiker"', 'name = "mine"', 1), encoding="utf-8")
        return str(path)

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_camera_and_every_step_are_read_out_before_its_first_set(self, tmp_path: Path, language: str) -> None:
        name = self.own(tmp_path)
        theatre = explained((name, "left", {"rest_s": 30}), (name, "right"), language=language).play(90)
        heard = [key for key in theatre.heard() if key.startswith("how_")]
        about = load_exercise(name).in_language(language)
        assert heard == [f"how_{number}" for number in range(1, len(about.how) + 2)]
        spoken = [speech.text for moment in theatre.moments for speech in moment.say if speech.key in heard]
        assert spoken == [about.camera_where, *about.how]

    def test_the_other_side_is_not_read_out_again(self, tmp_path: Path) -> None:
        name = self.own(tmp_path)
        theatre = explained((name, "left", {"reps": 1, "rest_s": 30}), (name, "right")).play(1)
        for _ in range(120):
            if theatre.now.stage == "setup":
                theatre.play(1.0)
        theatre.play(1.9, phase="calibrating").play(3.4, phase="ready", count=0).repeat([1])
        theatre.heard()
        theatre.play(40)
        assert not any(key.startswith("how_") for key in theatre.heard())


class TestTheStep:
    """A hand on something firm, how high the step is, and that the foot stays off the floor: read and heard."""

    @pytest.mark.parametrize(
        ("language", "read", "heard"),
        [
            (
                "en",
                ("firm step 10 to 20 cm", "one foot whole on it", "a rail, a wall or a heavy chair",
                 "a few centimetres", "does not touch the floor"),
                ("Firm step: whole right foot on it", "rail, wall or heavy chair", "never to the floor"),
            ),
            (
                "de",
                ("feste, rutschsichere Stufe von 10 bis 20 cm", "ein Fuß ganz darauf",
                 "Geländer, Wand oder einem schweren", "einige Zentimeter", "berührt den Boden nicht"),
                ("Feste Stufe: rechter Fuß ganz darauf", "Geländer, Wand oder schwerem Stuhl", "nie bis zum Boden"),
            ),
            (
                "fr",
                ("marche stable et antidérapante de 10 à 20 cm", "un pied entièrement dessus",
                 "une rampe, un mur ou une chaise lourde", "quelques centimètres", "ne touche pas le sol"),
                ("pied droit entièrement dessus", "rampe, mur ou chaise lourde", "jamais au sol"),
            ),
        ],
    )  # fmt: skip
    def test_it_is_read_and_heard_in_every_language(
        self, language: str, read: tuple[str, ...], heard: tuple[str, ...]
    ) -> None:
        theatre = explained((HIKER, "left"), language=language).play(1)
        assert theatre.now.block is not None
        how = " ".join(theatre.now.block.how)
        begun(theatre)
        spoken = " ".join(speech.text for moment in theatre.moments for speech in moment.say)
        assert [each for each in read if each not in how] == []
        assert [each for each in heard if each not in spoken] == []
        for optional in ("if you need", "if you like", "wenn du magst", "si vous voulez", "au besoin"):
            assert optional not in how + spoken.split(".")[0]


class TestOnAStep:
    @pytest.mark.parametrize("language", ["en", "de", "fr"])
    @pytest.mark.parametrize(
        "pose",
        [standing(bottom=1.05), standing(top=-0.3), standing(middle=0.98), standing(top=0.4, bottom=0.7),
         standing(top=-0.05, bottom=1.05), standing(turn_deg=0), standing(turn_deg=80), lying()],
    )  # fmt: skip
    def test_nobody_is_told_to_step_back_or_aside(self, pose: object, language: str) -> None:
        theatre = Theatre(programme((HIKER, "left")), language=language).play(10, pose)  # type: ignore[arg-type]
        assert any("fix_" in key for key in theatre.heard())
        for text in texts(theatre):
            assert not BACKWARDS.search(text) and not UNSAFE.search(text), text

    def test_the_camera_is_moved_only_after_stepping_down(self) -> None:
        theatre = Theatre(programme((HIKER, "left"))).play(10, standing(top=0.4, bottom=0.7))
        assert "Step down, then move the camera closer." in texts(theatre)

    def test_somebody_cut_off_in_the_set_is_told_to_step_down(self) -> None:
        for language, down in (("en", "Step down"), ("de", "Steig ab"), ("fr", "Descendez")):
            assert load_exercise(HIKER).say("partial", language).startswith(down)

    def test_who_lies_is_not_told_to_turn_round(self) -> None:
        for language in ("en", "de", "fr"):
            theatre = Theatre(programme((STRAP, "left")), language=language).play(10, lying(turn_deg=85))
            assert "fix_lying_turn" in theatre.heard()
            assert not any(BACKWARDS.search(text) for text in texts(theatre))


class TestTheNotice:
    def test_help_at_once_comes_before_what_is_to_be_asked(self) -> None:
        assert NOTICE.index("notice_emergency") < NOTICE.index("notice_when_not")
        assert {"notice_night", "notice_hip", "notice_pregnancy", "notice_balance"} <= set(CONDITIONS)
        assert load_programme().notice_version >= 2

    @pytest.mark.parametrize(
        ("language", "at_once", "ask_first"),
        [
            (
                "en",
                ("numbness between the legs", "urine or stool", "quickly growing weakness", "swollen and hot calf",
                 "cannot bear weight after a fall"),
                ("operation on hip, knee or back", "brittle bones", "tingling that runs down", "light touch", "night",
                 "fever", "outer side of the hip", "groin", "pregnancy", "balance", "a fall in the last year",
                 "worse, or is no better after two to three days"),
            ),
            (
                "de",
                ("Taubheitsgefühl zwischen den Beinen", "Urin oder Stuhl", "rasch schwächer", "geschwollen und heiß",
                 "nach einem Sturz oder Unfall nicht auftreten"),
                ("Operation an Hüfte, Knie oder Rücken", "brüchige Knochen", "Kribbeln, das ins Bein zieht",
                 "leichte Berührung", "nachts", "Fieber", "außen an der Hüfte", "Leiste", "Schwangerschaft",
                 "Gleichgewicht", "Sturz im letzten Jahr", "nach zwei bis drei Tagen nicht besser"),
            ),
            (
                "fr",
                ("engourdissement entre les jambes", "urines ou les selles", "s’aggrave vite", "gonflé et chaud",
                 "ne supporte pas le poids après une chute"),
                ("opération de la hanche, du genou ou du dos", "os fragiles", "fourmillements qui y descendent",
                 "effleurement", "la nuit", "fièvre", "côté de la hanche", "aine", "grossesse", "équilibre", "chute au",
                 "ne s’améliore pas après deux à trois jours"),
            ),
        ],
    )  # fmt: skip
    def test_what_needs_help_at_once_and_what_is_to_be_asked(
        self, language: str, at_once: tuple[str, ...], ask_first: tuple[str, ...]
    ) -> None:
        words = load_programme().speak(language)
        asked = " ".join(words(key) for key in CONDITIONS)
        assert [each for each in at_once if each not in words("notice_emergency")] == []
        assert [each for each in ask_first if each not in asked] == []

    @pytest.mark.parametrize(
        ("language", "agreed"),
        [
            ("en", "None of this applies, or I have asked and may exercise"),
            ("de", "Nichts davon trifft zu, oder ich habe gefragt und darf üben"),
            ("fr", "Rien de cela ne me concerne, ou j’ai demandé et je peux pratiquer"),
        ],
    )
    def test_who_has_asked_may_exercise(self, language: str, agreed: str) -> None:
        assert load_programme().speak(language)("action_confirm_safety") == agreed

    @pytest.mark.parametrize(
        ("language", "practice", "treatment"),
        [
            ("en", "supports practice", "treatment"),
            ("de", "beim Üben", "Behandlung"),
            ("fr", "entraînement", "traitement"),
        ],
    )
    def test_what_it_is_for_is_said_once_and_plainly(self, language: str, practice: str, treatment: str) -> None:
        words = load_programme().speak(language)
        (said,) = [text for key in NOTICE if "diagnos" in (text := words(key)).lower()]
        assert practice in said and treatment in said
        assert NOTICE.index("notice_is_not") < NOTICE.index("notice_emergency")


class TestNobodyIsPushed:
    def test_as_many_tries_as_asked_for_are_enough(self) -> None:
        theatre = Theatre(programme((HIKER, "left", {"reps": 3}))).begin()
        theatre.heard()
        for number in range(1, 4):
            theatre.play(2, phase="moving").play(1, phase="ready", events=[shallow(number)])
        assert theatre.heard() == ["may_finish_tries"]
        assert theatre.now.count is not None and theatre.now.count.may_finish
        theatre.play(12, phase="ready")
        assert theatre.guide.record.sets[0].ended_by == "finished"
        assert theatre.guide.record.sets[0].count == 0
        assert "reps_done" in theatre.heard()

    def test_another_try_is_waited_for(self) -> None:
        theatre = Theatre(programme((HIKER, "left", {"reps": 1}))).begin()
        theatre.play(1, phase="ready", events=[shallow(1)]).play(8, phase="ready").play(8, phase="moving")
        theatre.play(5, phase="ready")
        assert theatre.now.stage == "exercise"

    def test_after_pain_nothing_asks_for_more_there(self) -> None:
        theatre = Theatre(programme((HIKER, "left", {"sets": 2, "rest_s": 5}), (HIKER, "right"))).begin()
        theatre.guide.hurts()
        theatre.guide.score(1)
        theatre.guide.next()
        theatre.play(6).begin()
        assert theatre.now.block is not None and theatre.now.block.side == "left"
        theatre.heard()
        theatre.play(2, phase="moving").play(1, phase="ready", events=[shallow(1)], cue="too_shallow")
        theatre.play(2, phase="moving").play(1, phase="ready", cue="trunk_lean")
        assert theatre.heard() == ["trunk_lean"]

    def test_all_that_asks_for_more_leaves_it_to_comfort(self) -> None:
        comfort = {
            "en": ("if comfortable", "if you can"),
            "de": ("wenn es angenehm ist", "wenn es geht"),
            "fr": ("si c’est confortable", "si possible"),
        }
        for name in (HIKER, STRAP):
            exercise = load_exercise(name)
            for language, phrases in comfort.items():
                for key in exercise.asks_for_more & set(exercise.words[language]):
                    assert any(phrase in exercise.say(key, language).lower() for phrase in phrases), (key, language)


class TestPain:
    def asking(self, past: Past | None = None) -> Theatre:
        of = programme((HIKER, "left", {"reps": 1}), ask_pain=True)
        return Theatre(of, past=past).play(1)

    def test_it_is_asked_before_and_after(self) -> None:
        theatre = self.asking()
        assert theatre.heard() == ["[question]", "pain_before"]
        assert theatre.now.actions == ("score", "next", "end")
        theatre.guide.score(0)
        theatre.begin().repeat([1])
        assert theatre.now.stage == "question"
        assert "pain_after" in theatre.heard()
        theatre.guide.score(2)
        theatre.guide.choose("hip")
        theatre.play(1)
        assert theatre.now.stage == "summary"
        reports = theatre.guide.record.as_dict()["pain_reports"]
        assert reports == [
            {"when": "before", "score": 0, "place": None},
            {"when": "after", "score": 2, "place": "hip"},
        ]

    def test_a_question_may_be_left_out(self) -> None:
        theatre = self.asking()
        theatre.guide.next()
        theatre.play(1)
        assert theatre.now.stage == "setup"

    def test_the_morning_after_is_asked_for_where_there_was_a_last_time(self) -> None:
        theatre = self.asking(Past(worst=(2,)))
        theatre.guide.score(0)
        theatre.play(1)
        assert theatre.heard() == ["[question]", "pain_before", "pain_morning"]

    def test_strong_pain_before_is_no_day_for_it(self) -> None:
        theatre = self.asking()
        theatre.guide.score(7)
        theatre.play(1)
        assert theatre.heard() == ["[question]", "pain_before", "pain_not_today", "pain_advice"]
        theatre.guide.next()
        theatre.play(20)
        assert theatre.now.stage == "summary"
        assert not theatre.judges

    def test_after_a_stop_the_next_session_asks_whether_it_was_seen_to(self) -> None:
        theatre = self.asking(Past(worst=(8,), stopped=True))
        assert theatre.heard() == ["[question]", "pain_seen_to"]
        assert theatre.now.actions == ("choose", "end")
        theatre.guide.choose("yes")
        theatre.play(1)
        assert theatre.heard() == ["pain_before"]
        assert theatre.guide.record.seen_to is True

    def test_not_seen_to_is_not_gone_on_with(self) -> None:
        theatre = self.asking(Past(worst=(8,), stopped=True))
        theatre.guide.choose("no")
        theatre.play(1)
        assert "pain_advice" in theatre.heard()
        assert theatre.now.actions == ("end",)

    def test_nothing_is_answered_to_a_nought_but_good(self) -> None:
        theatre = Theatre(programme((HIKER, "left"))).begin()
        theatre.guide.hurts()
        theatre.guide.score(0)
        theatre.play(1)
        assert theatre.heard()[-1] == "pain_none"
        assert not any("smaller" in text for text in texts(theatre))

    def test_it_hurts_can_be_pressed_at_the_summary_too(self) -> None:
        theatre = Theatre(programme((HIKER, "left", {"reps": 1}))).begin().repeat([1])
        assert theatre.now.stage == "summary"
        assert "hurts" in theatre.now.actions
        theatre.guide.hurts()
        theatre.guide.score(4)
        theatre.guide.choose("knee")
        theatre.guide.next()
        theatre.play(1)
        assert theatre.now.stage == "summary"
        assert theatre.now.summary is not None
        assert theatre.now.summary.notes == ("Hip hiker, left side, standing on the right leg: pain 4 of 10, knee.",)
        mark = theatre.guide.record.pains[0]
        assert (mark.side, mark.standing, mark.place) == ("left", "right", "knee")

    def test_a_place_that_is_none_is_refused(self) -> None:
        theatre = Theatre(programme((HIKER, "left"))).begin()
        theatre.guide.hurts()
        theatre.guide.score(4)
        with pytest.raises(ValueError, match="none of"):
            theatre.guide.choose("nose")

    @pytest.mark.parametrize(
        ("worst", "up"),
        [((), False), ((3,), False), ((0, 3), False), ((1, 3), True), ((1, 2, 4), True), ((1, 4, 2), False)],
    )
    def test_rising_over_two_sessions(self, worst: tuple[int, ...], up: bool) -> None:
        assert rising(worst) is up

    def test_the_past_is_read_from_the_accounts(self) -> None:
        stopped = {"sets": [{"exercise": HIKER}], "pains": [{"score": 7}], "pain_reports": [], "seen_to": None}
        asked = {"sets": [], "pains": [], "pain_reports": [{"when": "morning", "score": 9}], "seen_to": None}
        seen = {**asked, "seen_to": True}
        assert past_of([stopped]) == Past(frozenset({HIKER}), (7,), True)
        assert past_of([stopped, asked]).stopped
        assert past_of([stopped, asked]).worst == (7, 0)
        assert not past_of([stopped, seen]).stopped
        assert past_of([]).empty

    def test_press_and_not_say(self) -> None:
        assert "press 'It hurts'" in load_programme().speak("en")("notice_stop")

    def test_a_mark_needs_no_place(self) -> None:
        assert PainMark(0.0, 1, 0, HIKER, "left").place == ""


def test_nobody_whose_breath_is_not_seen_is_told_to_breathe() -> None:
    theatre = Theatre(programme((STRAP, "left")))
    theatre.begin(lying())
    theatre.play(2, lying(), phase="holding", held_s=2.0, quality=0.1, cue="breath_held")
    assert "breath_held" not in theatre.heard()
    theatre.play(2, lying(), phase="holding", held_s=4.0, quality=0.9, cue="breath_held")
    assert "breath_held" in theatre.heard()


def test_a_repetition_before_begin_does_not_count() -> None:
    theatre = Theatre(programme((HIKER, "left"))).begin()
    began = theatre.judges[-1].began_s
    go = [moment.t_s for moment in theatre.moments if any(s.key == "go_repetitions" for s in moment.say)]
    assert began == go


def test_while_counting_down_there_is_no_second_number() -> None:
    theatre = Theatre(programme((HIKER, "left"))).begin()
    down = [moment for moment in theatre.moments if moment.stage == "countdown"]
    assert down
    assert all(moment.count is None for moment in down)


def test_nor_is_there_one_after_a_pause() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 5}))).begin().repeat([1, 2])
    theatre.guide.pause()
    theatre.play(1)
    theatre.guide.resume()
    theatre.play(1)
    assert (theatre.now.stage, theatre.now.count, theatre.now.countdown) == ("countdown", None, 2)
    theatre.play(3)
    assert theatre.now.count is not None and theatre.now.count.value == 2


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_of_four_breaths_nothing_says_six(language: str) -> None:
    theatre = Theatre(programme((STRAP, "left", {"breaths": 4})), language=language).begin(lying())
    assert theatre.now.count is not None and theatre.now.block is not None
    assert (theatre.now.count.target_from, theatre.now.count.target_to) == (4, 4)
    theatre.breathe(range(1, 5))
    assert "come_out" in theatre.heard()
    said = " ".join([*texts(theatre), *theatre.now.block.how])
    assert "4 " in said
    assert not re.search(r"\b(six|sechs|huit|eight|acht)\b|\b[68] (breaths|Atemzüge|respirations)", said, re.IGNORECASE)


def test_the_warm_up_counts_down_and_can_be_skipped() -> None:
    of = programme((HIKER, "left"), warm_up_s=180)
    theatre = Theatre(of).play(1)
    assert theatre.heard() == ["[rest]", "warm_up"]
    assert 178 < theatre.now.rest_left_s < 180
    assert theatre.now.sentence == "Warm up: walk on the spot."
    theatre.guide.next()
    theatre.play(1)
    assert theatre.now.stage == "setup"
    other = Theatre(of).play(181)
    assert other.heard() == ["[rest]", "warm_up", "warm_up_half", "rest_ends", "[setup]", "block_intro"]
