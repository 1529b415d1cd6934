"""What the result says of a picture in which small movements cannot be followed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coach.app.analyse import choose_exercises
from coach.i18n.result_notes import Note, sentences
from coach.perception.recording import Recording
from coach.session.judge import judge, result_of
from coach.session.picture_trust import SHAKEN, UNCLEAR, WITHIN_S, PictureTrust
from coach.types import Observation, Part
from coach.video.rate_limiter import JUDGED_FPS

MESSY = Path(__file__).parents[1] / "messy"


def seen(name: str) -> list[Observation]:
    with Recording(MESSY / f"{name}.observed") as observed:
        return list(observed)


def told(observations: list[Observation]) -> tuple[Note, ...]:
    trust = PictureTrust()
    for each in observations:
        trust.step(each)
    return trust.problems()


def darker(observations: list[Observation]) -> list[Observation]:
    """As seen with less light: the points of a part agree less."""
    dark = []
    for each in observations:
        motion = None if each.motion is None else np.array(each.motion)
        if motion is not None:
            motion[:, 2] *= 0.6
        dark.append(replace(each, motion=motion))
    return dark


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_in_the_dark_the_result_says_so(language: str) -> None:
    with Recording(MESSY / "third" / "t_dim.observed") as observed:
        outcome = judge(darker(list(observed)), choose_exercises("auto"), language=language)
        result = result_of(outcome, observed, language)
    assert outcome.notes == (UNCLEAR,)
    assert result["notes"][-1:] == sentences([UNCLEAR], language) != []
    assert result["view"]["advice"] is None or "exercise" not in result["view"]["advice"]


@pytest.mark.parametrize("name", ["work/w_at_once", "third/t_sway", "work/w_sway_portrait", "third/t_dim"])
def test_a_picture_is_trusted_from_the_hand_and_in_a_dim_room(name: str) -> None:
    assert told(seen(name)) == ()


def test_a_camera_that_is_waved_about_is_told() -> None:
    shaken = []
    for each in seen("work/w_at_once"):
        if each.motion is None:
            continue
        motion = np.array(each.motion)
        motion[Part.CAMERA, 0] = 15 * np.cos(2 * np.pi * each.t_s / 1.5)
        shaken.append(replace(each, motion=motion))
    assert told(shaken) == (SHAKEN,)


def test_of_somebody_hardly_seen_nothing_is_told() -> None:
    assert told(darker(seen("third/t_dim"))[:20]) == ()


def test_it_remembers_two_seconds_however_long_it_lasts() -> None:
    trust = PictureTrust()
    for each in seen("work/w_at_once"):
        trust.step(each)
        assert len(trust._camera_px) <= WITHIN_S * JUDGED_FPS + 2
