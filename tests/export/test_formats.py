"""C3D and Motion-BIDS, read as others read them."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach.errors import OutputError
from coach.export import check_kinds, export
from coach.export.bids import label_of
from coach.export.c3d import evenly
from coach.export.opensim import MARKERS, markers_m
from tests.report.scripted import Script, session

AWAY = Script(away=(6.0, 9.0), not_judged=("stance_knee_bent",))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Any:
    ezc3d = pytest.importorskip("ezc3d")
    result, timeline = session(AWAY)
    (path,) = export(result, timeline, tmp_path_factory.mktemp("c3d"), ("c3d",), "me")
    assert path.name == "me.c3d"
    assert [each.name for each in path.parent.iterdir()] == ["me.c3d"]
    return ezc3d.c3d(str(path))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result, timeline = session(AWAY)
    (path,) = export(result, timeline, tmp_path_factory.mktemp("bids"), ("bids",), "me-1", height_m=1.72)
    assert path.name == "me-1.bids"
    return path


class TestC3d:
    def test_points_are_those_of_the_trc_in_millimetres(self, read: Any) -> None:
        _, timeline = session(AWAY)
        assert timeline.landmarks is not None
        points = read["data"]["points"]
        expected = markers_m(timeline.landmarks) * 1000
        assert read["parameters"]["POINT"]["UNITS"]["value"] == ["mm"]
        assert read["parameters"]["POINT"]["LABELS"]["value"] == [*MARKERS, "Hip", "Neck"]
        assert read["parameters"]["POINT"]["RATE"]["value"][0] == pytest.approx(15.0)
        assert points.shape == (4, 35, len(timeline))
        np.testing.assert_allclose(points[:3].transpose(2, 1, 0), expected, atol=0.01)

    def test_who_is_not_seen_is_missing_and_not_at_the_origin(self, read: Any) -> None:
        _, timeline = session(AWAY)
        gone = ~timeline.seen
        assert gone.any()
        assert np.isnan(read["data"]["points"][:3][:, :, gone]).all()
        residuals = read["data"]["meta_points"]["residuals"][0]
        assert (residuals[:, gone] < 0).all()
        assert (residuals[:, ~gone] >= 0).all()

    def test_deepest_points_are_events(self, read: Any) -> None:
        result, _ = session(AWAY)
        events = read["parameters"]["EVENT"]
        assert events["LABELS"]["value"] == ["Deepest"] * len(result["movements"])
        assert events["CONTEXTS"]["value"] == ["Left"] * len(result["movements"])
        np.testing.assert_allclose(events["TIMES"]["value"][1], [m["peak_s"] for m in result["movements"]], atol=1e-3)

    def test_without_ezc3d_it_says_so_before_the_work(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "ezc3d", None)
        with pytest.raises(OutputError, match=r"\[c3d\]"):
            check_kinds(("c3d",))


class TestEvenly:
    def test_even_times_stay(self) -> None:
        t_s = np.arange(10) / 15
        rate, values = evenly(t_s, t_s[:, None].copy())
        assert rate == pytest.approx(15.0, abs=0.01)
        np.testing.assert_allclose(values[:, 0], t_s, atol=1e-4)

    def test_uneven_times_lie_between_their_neighbours(self) -> None:
        t_s = np.array([0.0, 0.1, 0.18, 0.3, 0.4])
        rate, values = evenly(t_s, 2 * t_s)
        assert rate == 10.0
        np.testing.assert_allclose(values, [0.0, 0.2, 0.4, 0.6, 0.8], atol=1e-9)

    def test_nothing_is_made_up_over_a_gap_or_beside_what_is_missing(self) -> None:
        t_s = np.array([0.0, 0.1, 0.2, 1.2, 1.3])
        values = np.array([0.0, 1.0, np.nan, 12.0, 13.0])
        _, even = evenly(t_s, values)
        assert np.isnan(even[2:12]).all()
        np.testing.assert_allclose(even[[0, 1, 12, 13]], [0.0, 1.0, 12.0, 13.0])

    def test_one_frame(self) -> None:
        assert evenly(np.array([3.0]), np.array([5.0]))[1].tolist() == [5.0]


class TestBids:
    def test_the_files_of_the_specification(self, folder: Path) -> None:
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        run = "sub-me1/motion/sub-me1_task-hiphiker"
        assert names == sorted(
            [
                *("README", "dataset_description.json", "participants.json", "participants.tsv"),
                *(f"{run}_events.json", f"{run}_events.tsv"),
                *(
                    f"{run}_tracksys-coach_{name}"
                    for name in ("channels.json", "channels.tsv", "motion.json", "motion.tsv")
                ),
            ]
        )

    def test_a_column_for_each_channel_and_no_head(self, folder: Path) -> None:
        (motion,), (listed,) = folder.rglob("*_motion.tsv"), folder.rglob("*_channels.tsv")
        channels = list(csv.DictReader(listed.open(encoding="utf-8"), dialect="excel-tab"))
        assert list(channels[0])[:5] == ["name", "component", "type", "tracked_point", "units"]
        assert len({row["name"] for row in channels}) == len(channels)
        _, timeline = session(AWAY)
        rows = [line.split("\t") for line in motion.read_text(encoding="utf-8").splitlines()]
        assert {len(row) for row in rows} == {len(channels)}
        assert len(rows) == len(timeline)
        assert [float(row[0]) for row in rows] == pytest.approx(timeline.t_s.tolist(), abs=1e-4)
        gone = int(np.flatnonzero(~timeline.seen)[0])
        assert set(rows[gone][1:]) == {"n/a"}

    def test_it_tells_of_itself(self, folder: Path) -> None:
        (about,), (listed,) = folder.rglob("*_motion.json"), folder.rglob("*_channels.tsv")
        told = json.loads(about.read_text(encoding="utf-8"))
        kinds = [row["type"] for row in csv.DictReader(listed.open(encoding="utf-8"), dialect="excel-tab")]
        assert told["MotionChannelCount"] == len(kinds)
        for kind in ("POS", "JNTANG", "LATENCY"):
            assert told[f"{kind}ChannelCount"] == kinds.count(kind)
        assert told["SamplingFrequency"] == pytest.approx(15.0)
        assert "1.72 m" in told["SpatialScale"]
        assert "3%" in told["SpatialScale"]

    def test_repetitions_are_events(self, folder: Path) -> None:
        (events,) = folder.rglob("*_events.tsv")
        rows = list(csv.DictReader(events.open(encoding="utf-8"), dialect="excel-tab"))
        result, _ = session(AWAY)
        assert [float(row["onset"]) for row in rows] == [m["start_s"] for m in result["movements"]]
        assert {row["trial_type"] for row in rows} == {"repetition"}
        assert {row["not_judged"] for row in rows} == {"stance_knee_bent"}

    def test_a_label_is_letters_and_digits(self) -> None:
        assert label_of("me 1_ä-b") == "me1b"
        assert label_of("ä") == "unnamed"
