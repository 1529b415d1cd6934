"""What is exported can be read back, by us and by the readers of others."""

from __future__ import annotations

import csv
import importlib
import inspect
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coach.errors import OutputError
from coach.export import KINDS, check_kinds, export, parse_kinds
from coach.export.opensim import ANGLES, MARKERS, angles_deg, markers_m, with_middles
from coach.export.tables import sets
from coach.session.timeline import Landmarks, Timeline
from coach.types import Joint
from tests.export.read_opensim import read_mot, read_trc
from tests.report.scripted import Script, held, session, strap_stretch

FAULTY = Script(faults={2: ("trunk_lean",)}, uncounted={3: "too_shallow"}, away=(16.0, 17.5))


def read_csv(path: Path) -> dict[str, list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def number(text: str) -> float:
    return float(text) if text else float("nan")


def test_frames_as_csv_come_back(tmp_path: Path) -> None:
    result, timeline = session(FAULTY)
    files = export(result, timeline, tmp_path, ["csv"], "clip")
    assert [file.name for file in files] == ["clip.frames.csv", "clip.movements.csv", "clip.sets.csv"]
    table = read_csv(files[0])
    np.testing.assert_allclose([number(t) for t in table["t_s"]], timeline.t_s, atol=1e-5)
    drop = [number(value) for value in table["left_pelvic_drop_deg"]]
    np.testing.assert_allclose(drop, timeline.values["left/pelvic_drop_deg"], atol=1e-5)
    assert table["phase"] == timeline.phase.tolist()
    assert table["seen"] == ["true" if seen else "false" for seen in timeline.seen]
    assert table["seen"].count("false") > 10


def test_movements_as_csv_come_back(tmp_path: Path) -> None:
    result, timeline = session(FAULTY)
    table = read_csv(export(result, timeline, tmp_path, ["csv"], "clip")[1])
    movements = result["movements"]
    assert table["counted"] == ["true", "true", "false", "true"]
    assert table["uncounted_reason"] == ["", "", "too_shallow", ""]
    assert table["faults"] == ["", "trunk_lean", "", ""]
    assert table["fault_ways"] == ["", *movements[1]["fault_ways"].values(), "", ""]
    assert table["fault_ways"][1].startswith("trunk_lean_to_")
    assert set(table["not_judged"]) == {""}
    for key in ("start_s", "peak_s", "end_s", "pelvic_drop_deg", "lowering_s", "raising_s"):
        assert [number(value) for value in table[key]] == [movement[key] for movement in movements]
    bounds = zip(table["pelvic_drop_interval_low_deg"], table["pelvic_drop_interval_high_deg"], strict=True)
    assert [[number(low), number(high)] for low, high in bounds] == [m["pelvic_drop_interval_deg"] for m in movements]


def test_holds_have_their_breaths(tmp_path: Path) -> None:
    result, timeline, _ = strap_stretch(held(not_judged=("raised_knee_bent", "anchor_arm_in")))
    files = export(result, timeline, tmp_path, ["csv"])
    assert [file.name for file in files] == ["session.frames.csv", "session.holds.csv", "session.sets.csv"]
    table = read_csv(files[1])
    assert [float(t) for t in table["breath_start_s"][0].split(";")] == result["holds"][0]["breath_start_s"]
    assert table["breaths"] == ["6"]
    assert table["not_judged"] == ["raised_knee_bent;anchor_arm_in"]


def test_parquet_comes_back_with_units(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    result, timeline = session(FAULTY)
    files = export(result, timeline, tmp_path, ["parquet"], "clip")
    table = parquet.read_table(files[0])
    np.testing.assert_array_equal(table["t_s"].to_numpy(), timeline.t_s)
    drop = np.array(table["left_pelvic_drop_deg"].to_pylist(), float)
    np.testing.assert_array_equal(drop, timeline.values["left/pelvic_drop_deg"].astype(float))
    assert table.schema.field("left_pelvic_drop_deg").metadata == {b"unit": b"deg"}
    assert table.schema.metadata[b"exercise"] == b"hip-hiker"
    movements = parquet.read_table(files[1]).to_pylist()
    assert [movement["counted"] for movement in movements] == [True, True, False, True]
    assert movements[0]["number"] == 1


def test_parquet_without_pyarrow_is_said_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(OutputError, match=r"installed: pyarrow\. Run: .*\[parquet\]', or leave out parquet"):
        check_kinds(["csv", "parquet"])
    monkeypatch.setitem(sys.modules, "ezc3d", None)
    with pytest.raises(OutputError, match=r"installed: ezc3d, pyarrow\. Run: .*\[c3d,parquet\]', or leave out c3d"):
        check_kinds(["csv", "c3d", "parquet"])
    check_kinds(["csv"])


def test_kinds_are_chosen_by_name() -> None:
    assert parse_kinds("csv, TRC,csv") == ("csv", "trc")
    for text in ("", "csv,xls", "xls"):
        with pytest.raises(OutputError, match="Choose from csv, parquet, trc, mot"):
            parse_kinds(text)


@pytest.mark.parametrize("command", ["analyse", "batch"])
def test_the_help_names_every_kind(command: str) -> None:
    options = inspect.signature(getattr(importlib.import_module(f"coach.cli.{command}"), command)).parameters
    assert ",".join(KINDS) in str(options["export"].annotation)


def test_markers_come_back_as_opensim_wants_them(tmp_path: Path) -> None:
    result, timeline = session(FAULTY)
    (path,) = export(result, timeline, tmp_path, ["trc"], "clip")
    lines = path.read_text().split("\n")
    assert lines[0] == "PathFileType\t4\t(X/Y/Z)\tclip.trc"
    assert lines[1].split("\t") == [
        *("DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units"),
        *("OrigDataRate", "OrigDataStartFrame", "OrigNumFrames"),
    ]
    seen = int(timeline.seen.sum())
    assert 0 < seen < len(timeline)
    assert lines[2].split("\t") == ["15", "15", str(seen), "35", "m", "15", "1", str(len(timeline))]
    assert lines[3].startswith("Frame#\tTime\tNose\t\t\tLEyeInner\t\t\t")
    assert lines[4].startswith("\t\tX1\tY1\tZ1\tX2")
    assert lines[5] == ""
    rows = [line.split("\t") for line in lines[6:-1]]
    assert len(rows) == seen
    assert all(len(row) == 2 + 3 * 35 and all(row) for row in rows)
    assert [int(row[0]) for row in rows] == (np.flatnonzero(timeline.seen) + 1).tolist()
    motion = read_trc(path)
    assert motion.names == (*MARKERS, "Hip", "Neck")
    np.testing.assert_allclose(motion.t_s, timeline.t_s[timeline.seen], atol=1e-6)
    assert timeline.landmarks is not None
    np.testing.assert_allclose(motion.values, markers_m(timeline.landmarks)[timeline.seen], atol=1e-5)


def test_markers_are_metres_with_y_up_and_the_floor_at_zero() -> None:
    _, timeline = session()
    assert timeline.landmarks is not None
    metres = markers_m(timeline.landmarks)
    nose, heel, left, right = (metres[0, MARKERS.index(name)] for name in ("Nose", "LHeel", "LShoulder", "RShoulder"))
    assert nose[1] == pytest.approx(1.7, abs=0.15)
    assert abs(heel[1]) < 0.15
    assert left[0] > right[0]  # the person faces the camera: their left is the picture's right
    ankle = metres[:, MARKERS.index("LAnkle"), 1]
    assert np.nanmin(ankle) < ankle[0] - 0.05  # the hanging foot goes down


def test_angles_come_back_with_opensims_header(tmp_path: Path) -> None:
    result, timeline = session(FAULTY)
    (path,) = export(result, timeline, tmp_path, ["mot"], "clip")
    lines = path.read_text().split("\n")
    assert lines[:5] == [
        "Coordinates",
        "version=1",
        f"nRows={timeline.seen.sum()}",
        f"nColumns={len(ANGLES) + 1}",
        "inDegrees=yes",
    ]
    assert lines[9] == "endheader"
    motion = read_mot(path)
    assert motion.names == tuple(ANGLES)
    assert timeline.landmarks is not None
    np.testing.assert_allclose(motion.t_s, timeline.t_s[timeline.seen], atol=1e-6)
    np.testing.assert_allclose(motion.values, angles_deg(timeline.landmarks).values[timeline.seen], atol=1e-3)


def test_opensims_storage_reads_the_angles(tmp_path: Path) -> None:
    """It ends names and numbers at any white space, and stops at what is no number."""
    result, timeline = session(FAULTY)
    (path,) = export(result, timeline, tmp_path, ["mot"])
    lines = path.read_text().split("\n")
    header = dict(line.split("=") for line in lines[1:5])
    rows = [line.split() for line in lines[lines.index("endheader") + 2 : -1]]
    assert len(lines[lines.index("endheader") + 1].split()) == int(header["nColumns"])
    assert len(rows) == int(header["nRows"])
    assert all(len(row) == int(header["nColumns"]) for row in rows)
    assert np.isfinite(np.array(rows, float)).all()


@pytest.mark.parametrize("kind", ["trc", "mot"])
def test_time_rises_from_row_to_row_however_the_frames_are_spaced(kind: str, tmp_path: Path) -> None:
    result, timeline = session(FAULTY)
    steps_s = np.tile([0.2, 0.00002, 0.05], len(timeline))[: len(timeline)]
    uneven = replace(timeline, t_s=1000 + np.cumsum(steps_s))
    (path,) = export(result, uneven, tmp_path, [kind])
    t_s = (read_trc if kind == "trc" else read_mot)(path).t_s
    assert len(t_s) == timeline.seen.sum()
    assert (np.diff(t_s) > 0).all()


def figure(**places: tuple[float, float]) -> Landmarks:
    """One frame of a body seen from its side, looking to the picture's right; y downwards, as in a picture."""
    points = dict.fromkeys(MARKERS, (100.0, 100.0))
    for side in "LR":
        points |= {f"{side}Shoulder": (100, 50), f"{side}Hip": (100, 100), f"{side}Knee": (100, 150)}
        points |= {f"{side}Ankle": (100, 200), f"{side}Heel": (95, 205), f"{side}BigToe": (115, 205)}
        points |= {f"{side}Elbow": (100, 75), f"{side}Wrist": (100, 100)}
    points |= places
    xy = np.array([[points[name] for name in MARKERS]], np.float32)
    return Landmarks(xy, np.zeros((1, 33, 3), np.float32), np.ones((1, 33), np.float32))


def angle(landmarks: Landmarks, name: str) -> float:
    return float(angles_deg(landmarks).values[0, list(ANGLES).index(name)])


def mirrored(landmarks: Landmarks) -> Landmarks:
    return replace(landmarks, xy_px=landmarks.xy_px * np.array([-1, 1], np.float32))


@pytest.mark.parametrize("name", ["right_knee", "left_knee", "right_elbow", "left_elbow", "right_hip", "left_ankle"])
def test_a_straight_body_is_zero(name: str) -> None:
    assert angle(figure(), name) == pytest.approx(0, abs=1e-4)


def test_flexion_is_positive_whichever_way_one_looks() -> None:
    bent = figure(RAnkle=(75.0, 193.3013), RHeel=(70, 198), RBigToe=(90, 198))
    assert angle(bent, "right_knee") == pytest.approx(30, abs=0.01)
    assert angle(mirrored(bent), "right_knee") == pytest.approx(30, abs=0.01)
    assert angle(bent, "left_knee") == pytest.approx(0, abs=0.01)
    raised = figure(RKnee=(150.0, 100.0), RAnkle=(200.0, 100.0), RHeel=(205.0, 105.0), RBigToe=(205.0, 85.0))
    assert angle(raised, "right_hip") == pytest.approx(90, abs=0.01)


def test_segments_are_measured_from_the_horizontal() -> None:
    assert angle(figure(), "trunk") == pytest.approx(90)
    assert angle(figure(), "right_foot") == pytest.approx(0)
    assert angle(figure(), "right_thigh") == pytest.approx(-90)
    level = figure(LHip=(110.0, 100.0), RHip=(90.0, 100.0))
    assert angle(level, "pelvis") == pytest.approx(0)
    dropped = figure(LHip=(110.0, 105.0), RHip=(90.0, 100.0))
    assert angle(dropped, "pelvis") == pytest.approx(-14.036, abs=0.01)
    # As Sports2D does with its visible_side 'auto': the whole picture is mirrored, also for what has no side.
    assert angle(mirrored(dropped), "pelvis") == pytest.approx(-14.036, abs=0.01)
    assert angle(mirrored(figure()), "trunk") == pytest.approx(90)


def test_middles_are_added() -> None:
    landmarks = figure(LHip=(110.0, 100.0), RHip=(90.0, 104.0))
    whole = with_middles(landmarks.xy_px)
    assert whole.shape == (1, 35, 2)
    np.testing.assert_allclose(whole[0, 33], [100, 102])
    assert MARKERS[Joint.LEFT_HIP] == "LHip"
    assert MARKERS[Joint.RIGHT_TOE] == "RBigToe"


def test_a_track_without_landmarks_says_so(tmp_path: Path) -> None:
    result, timeline = session(landmarks=False)
    for kind in ("trc", "mot"):
        with pytest.raises(OutputError, match="without its landmarks"):
            export(result, timeline, tmp_path, [kind])
    assert export(result, timeline, tmp_path, ["csv"])


def test_nobody_in_the_whole_video(tmp_path: Path) -> None:
    result, timeline = session(Script(repetitions=0, away=(0.0, 99.0)))
    files = export(result, timeline, tmp_path, ["csv", "trc", "mot"])
    assert [file.name for file in files] == ["session.frames.csv"]  # OpenSim hangs on one without rows


def test_a_folder_that_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result, timeline = session()
    with pytest.raises(OutputError, match="cannot be written"):
        export(result, timeline, tmp_path / "file" / "in", ["csv"])


def test_an_empty_track(tmp_path: Path) -> None:
    empty = Timeline(np.empty(0), np.empty(0, np.str_), np.empty(0, np.str_), np.empty(0, np.bool_))
    result, _ = session(Script(repetitions=0))
    (path,) = export(result, empty, tmp_path, ["csv"])
    assert path.read_text().startswith("frame,t_s,phase,side,seen")


def test_a_row_a_set(tmp_path: Path) -> None:
    result, timeline = session(Script(repetitions=3, uncounted={2: "too_shallow"}))
    export(result, timeline, tmp_path, ["csv"], "clip")
    with (tmp_path / "clip.sets.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["set"], row["exercise"], row["side"], row["reps"]) == ("1", "hip-hiker", "left", "2")
    assert (row["held_s"], row["breaths"], row["advice"]) == ("", "", "")
    with (tmp_path / "clip.movements.csv").open(encoding="utf-8", newline="") as file:
        assert [each["set"] for each in csv.DictReader(file)] == ["1", "1", "1"]
    result["sets"][0]["view"]["advice"] = "From the front I can count."
    assert sets(result).columns["advice"] == ["From the front I can count."]
