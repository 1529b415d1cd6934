"""What reads well and no judge does as it says is refused, with its key and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.definitions.exercise import load_exercise
from coach.errors import ExerciseFileError
from coach.toml import shipped_folder

HIKER = (shipped_folder("exercises") / "hip-hiker.toml").read_text(encoding="utf-8")
STRAP = (shipped_folder("exercises") / "strap-stretch.toml").read_text(encoding="utf-8")
GATE = '[[gates]]\nsignal = "leg_open_deg"\nat_least = 5.0\nwhy = "it is held"\n\n[[faults]]'


@pytest.mark.parametrize(
    ("text", "old", "new", "named"),
    [
        (HIKER, 'posture = "upright"', 'posture = "lying"', "is judged of somebody upright"),
        (STRAP, 'posture = "lying"', 'posture = "upright"', "is judged of somebody lying"),
        (STRAP, "[[faults]]", GATE, "[[gates]] are not looked at in kind 'hold'"),
        (STRAP, "share = 0.5", "share = 0.5\nabsolute = true", "faults.1.absolute"),
        (HIKER, "dwell_s = 0.3", "dwell_s = 0.3\nshare = 0.5", "faults.1.share"),
        (HIKER, 'joints = ["stance knee"]', 'joints = ["stance kneee"]', "'stance kneee' names no joint"),
        (HIKER, 'joints = ["stance knee"]', 'joints = ["standing knee"]', "'standing' is no side and no role"),
        (HIKER, 'views = ["oblique", "side"]', 'views = ["above"]', "faults.1.views"),
        (HIKER, 'found_from = ["frontal", "back"]', 'found_from = ["side"]', "faults.1.found_from"),
        (HIKER, 'view = "frontal"', 'view = "above"', "camera.advice.1.view"),
        (HIKER, 'say = "view_frontal"', 'say = "counted"', "camera.advice.1.say"),
        (HIKER, 'instead = ["stance_knee_bent"]', 'instead = ["knee_bent"]', "there is no fault 'knee_bent'"),
        (HIKER, 'name = "trunk_lean"', 'name = "too_shallow"', "means something else"),
        (HIKER, 'name = "leg_swing"', 'name = "trunk_lean"', "more than once"),
        (HIKER, 'depth_name = "pelvic_drop_deg"', 'depth_name = "depth"', "depth_name"),
        (HIKER, 'depth_name = "pelvic_drop_deg"', 'depth_name = "start_s"', "depth_name"),
        (HIKER, 'depth_name = "pelvic_drop_deg"', 'depth_name = "pelvic_drop_pct"', "must end in the unit"),
        (HIKER, 'depth_name = "pelvic_drop_deg"', 'depth_name = "drop_interval_deg"', "'interval'"),
        (HIKER, "depth = [8.0, 14.0]", "depth = [14.0, 8.0]", "its first number must be below its second"),
        (HIKER, "max_cycle_s = 15.0", "max_cycle_s = 40.0", "max_cycle_s"),
        (HIKER, "counts_from = 5.0", "counts_from = inf", "counts_from"),
        (HIKER, "counts_from = 5.0", "counts_from = nan", "counts_from"),
        (HIKER, "high = 20.0", "high = -20.0", "must rise"),
        (HIKER, "at_most = 32.0\n", "", "at_least"),
        (HIKER, 'counted = "{count}"', 'counted = "{count:>99999999999}"', "only a name may stand"),
        (HIKER, 'counted = "{count}"', 'counted = "{count.real}"', "may have {count}"),
        (HIKER, 'title = "Hip hiker"', 'title = "\\u001b[31mHip"', "signs that cannot be shown"),
        (HIKER, "schema = 1", "schema = 1\nx = " + "[" * 5000 + "]" * 5000, "too deep"),
        (HIKER, "schema = 1", "schema = 1\n" + "a." * 50_000 + "b = 1", "too many parts"),
        (HIKER, "schema = 1", "schema = 1\nx = {" + "a." * 50_000 + "b = 1}", "too many parts"),
        (HIKER, "schema = 1", "schema = " + "9" * 5000, "not valid TOML"),
        (HIKER, "schema = 1", "schema = 0x" + "f" * 5000, "too many digits"),
        (STRAP, "least_breaths = 6", "least_breaths = 9", "least_breaths"),
        (STRAP, "end_below = 3.0", "end_below = 5.0", "must rise"),
    ],
)
def test_it_is_refused(text: str, old: str, new: str, named: str, tmp_path: Path) -> None:
    assert old in text
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ExerciseFileError, match=re.escape(named)):
        load_exercise(file)


def test_a_file_of_more_than_anybody_writes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(HIKER + "#" * 2**20, encoding="utf-8")
    with pytest.raises(ExerciseFileError, match="more than 256 kB"):
        load_exercise(file)
