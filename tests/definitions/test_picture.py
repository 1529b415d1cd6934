"""The picture that moves: key poses, what lies between them, and the other side."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from pydantic import ValidationError

from coach.definitions.exercise import builtin_names, load_exercise
from coach.definitions.picture import SIZE, Picture
from coach.overlay.moving_picture import FRAMES_A_ROUND, frame_number, paint_figure
from coach.report.picture_svg import moving_svg, still_svg
from coach.toml import wrong_keys

POSES = {"up": {"head": (50, 10), "foot_moving": (60, 80)}, "down": {"head": (50, 20), "foot_moving": (60, 90)}}
KEYS = [{"at": 0, "pose": "up"}, {"at": 0.5, "pose": "down"}, {"at": 1, "pose": "up"}]
PICTURES = [picture for name in builtin_names() if (picture := load_exercise(name).picture) is not None]


def made(**changes: object) -> Picture:
    return Picture.model_validate({"seconds": 4, "keys": KEYS, "poses": POSES, **changes})


def test_every_exercise_that_comes_with_the_coach_has_one() -> None:
    assert len(PICTURES) == len(builtin_names())


def test_it_goes_from_pose_to_pose_and_back() -> None:
    picture = made()
    feet = [picture.points(share)["foot_moving"][1] for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert feet == pytest.approx([80, 85, 90, 85, 80])
    assert picture.farthest == 0.5


def test_the_other_side_is_mirrored() -> None:
    for picture in PICTURES:
        for share in (0.0, 0.3, picture.farthest):
            left, right = picture.lines(share, "left"), picture.lines(share, "right")
            assert [line.mirrored() for line in left] == list(right)
            head, other = picture.head(share, "left"), picture.head(share, "right")
            assert head is not None and other is not None
            assert head[0] + other[0] == SIZE


def test_the_hanging_foot_never_reaches_the_floor_and_both_knees_stay_straight() -> None:
    picture = load_exercise("hip-hiker").picture
    assert picture is not None
    floor = max(y for thing in picture.things for _, y in thing.points)
    for n in range(41):
        points = picture.points(n / 40)
        assert points["toe_moving"][1] < floor
        for whose in ("moving", "other"):
            hip, knee, foot = (points[f"{part}_{whose}"] for part in ("hip", "knee", "foot"))
            middle = hip[0] + (foot[0] - hip[0]) * (knee[1] - hip[1]) / (foot[1] - hip[1])
            assert knee[0] == pytest.approx(middle, abs=1.5)


@pytest.mark.parametrize("side", ["left", "right"])
def test_it_is_drawn_for_page_paper_and_window(side: str) -> None:
    for picture in PICTURES:
        moving = moving_svg(picture, side, 'a "b"')  # type: ignore[arg-type]
        still = still_svg(picture, side, "a", paper=True)  # type: ignore[arg-type]
        assert "animate" in moving
        assert "animate" not in still
        for svg in (moving, still):
            assert ElementTree.fromstring(svg).tag.endswith("svg")
        frames = np.zeros((3, 200, 300, 3), np.uint8)
        for frame, (number, mirrored) in zip(frames, ((0, False), (24, False), (24, True)), strict=True):
            paint_figure(frame, picture, side, number, mirrored)  # type: ignore[arg-type]
        assert (frames[0] != frames[1]).any()
        assert (frames[1] != frames[2]).any()


def test_time_goes_round() -> None:
    picture = made()
    assert [frame_number(picture, t_s) for t_s in (0.0, 2.0, 4.0)] == [0, FRAMES_A_ROUND // 2, 0]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"keys": KEYS[:2]}, "end at 1"),
        ({"keys": [*KEYS[:2], {"at": 1, "pose": "down"}]}, "end with the pose"),
        ({"keys": [KEYS[0], {"at": 0.5, "pose": "side"}, KEYS[2]]}, "no pose is called 'side'"),
        ({"poses": {**POSES, "down": {"head": (50, 20)}}}, "the same points"),
        ({"poses": {name: {**pose, "tail": (1, 1)} for name, pose in POSES.items()}}, "unknown points: tail"),
        ({"ties": [["foot_moving", "hand_moving"]]}, "a tie joins 'hand_moving'"),
    ],
)
def test_what_is_wrong_with_one_is_named(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        made(**changes)


def test_what_is_read_says_how_many_are_asked_for() -> None:
    from coach.definitions.programme import Block
    from coach.guide.plan import make_task

    strap = load_exercise("strap-stretch")
    four = make_task(Block(exercise="strap-stretch", side="left", breaths=4), strap).exercise
    for language, eight, fewer in (("en", "for 6–8 breaths", "for 4 breaths"), ("de", "6–8 Atemzüge", "4 Atemzüge")):
        assert any(eight in step for step in strap.in_language(language).how)
        assert any(fewer in step for step in four.in_language(language).how)
        assert "{" not in strap.in_language(language).summary


def test_each_of_its_mistakes_is_told_for_itself() -> None:
    keys = [{"at": 0.1, "pose": "none"}, {"at": 1, "pose": "up"}]
    with pytest.raises(ValidationError) as told:
        made(keys=keys)
    begin, end, unknown, *_ = wrong_keys(told.value)
    assert (begin, end) == (
        "'keys' must begin at 0, end at 1 and rise",
        "'keys' must end with the pose with which they begin",
    )
    assert unknown.startswith("no pose is called 'none'")
