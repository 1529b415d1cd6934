"""Results of schema 1, as saved history and result.json files hold them, are read as those of today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coach.cli.report import read_result
from coach.history import History
from coach.report.write import write_report
from coach.session.upgrade_result import upgraded

VIEW = {"angle_deg": 38, "advice": None}


def movement(number: int, start_s: float, side: str = "left", counted: bool = True) -> dict[str, Any]:
    return {
        "number": number,
        "side": side,
        "start_s": start_s,
        "peak_s": start_s + 1.6,
        "end_s": start_s + 3.4,
        "counted": counted,
        "uncounted_reason": None if counted else "too_shallow",
        "faults": ["trunk_lean"] if number == 1 else [],
        "pelvic_drop_deg": 10.0 + number,
        "pelvic_drop_interval_deg": [8.0 + number, 12.0 + number],
        "lowering_s": 1.6,
        "raising_s": 1.7,
    }


def old(*movements: dict[str, Any], source: str = "me.mp4", exercise: str | None = "hip-hiker") -> dict[str, Any]:
    counted = sum(each["counted"] for each in movements)
    return {
        "schema": 1,
        "source": source,
        "exercise": exercise,
        "duration_s": 60.0,
        "analysed_fps": 15.0,
        "seen_ratio": 0.99,
        "view": VIEW,
        "movements": list(movements),
        "holds": [],
        "summary": {
            "reps": counted,
            "clean_reps": counted - 1,
            "target_reps": 10,
            "breaths": 0,
            "held_s": 0.0,
            "faults": {"trunk_lean": 1},
            "cues": [{"t_s": 5.1, "text": "Keep your trunk upright."}],
        },
    }


BOTH_SIDES = old(movement(1, 3), movement(2, 8), movement(3, 13, counted=False), movement(4, 40, "right"))


def test_its_sets_are_found_by_side_and_pause() -> None:
    result = upgraded(BOTH_SIDES)
    assert [(one["side"], one["reps"], one["start_s"], one["end_s"]) for one in result["sets"]] == [
        ("left", 2, 3, 16.4),
        ("right", 1, 40, 43.4),
    ]
    assert [m["set"] for m in result["movements"]] == [1, 1, 1, 2]
    assert [one["summary"]["faults"] for one in result["sets"]] == [{"trunk_lean": 1}, {}]
    assert [len(one["summary"]["cues"]) for one in result["sets"]] == [1, 0]
    assert (result["schema"], result["summary"]) == (2, BOTH_SIDES["summary"])
    assert upgraded(result) == result
    assert "sets" not in BOTH_SIDES


def test_what_could_not_be_judged_nobody_noted_then() -> None:
    held = {**movement(1, 60), "held_s": 3.4, "breaths": None}
    result = upgraded({**BOTH_SIDES, "holds": [held]})
    assert [item["not_judged"] for item in (*result["movements"], *result["holds"])] == [[]] * 5
    today = {**result, "movements": [{**result["movements"][0], "not_judged": ["stance_knee_bent"]}]}
    assert upgraded(today)["movements"][0]["not_judged"] == ["stance_knee_bent"]


def test_a_guided_set_stays_one_whatever_its_pauses() -> None:
    result = upgraded(old(movement(1, 3), movement(2, 50), source="session"))
    assert [one["reps"] for one in result["sets"]] == [2]


def test_where_nothing_was_found_there_is_no_set() -> None:
    assert upgraded(old(exercise=None))["sets"] == []


def test_a_report_is_made_of_one(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(BOTH_SIDES), encoding="utf-8")
    (page,) = write_report(read_result(path), None, tmp_path / "report.html")
    text = page.read_text(encoding="utf-8")
    assert "1. Hip hiker, left" in text and "2. Hip hiker, right" in text


def test_a_saved_session_has_its_sets(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        with history.begin("anna", exercise="hip-hiker") as writer:
            writer.result(BOTH_SIDES)  # type: ignore[arg-type]
        (result,) = history.session(writer.number).results
        assert [one["side"] for one in result["sets"]] == ["left", "right"]
