"""Recordings: they keep exactly what was judged, and say so when they are broken."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coach.errors import OutputError, RecordingError, SourceNotFoundError
from coach.i18n.result_notes import Note
from coach.perception.quantize import rounded
from coach.perception.recording import CHUNK, Recorder, Recording, is_recording
from coach.types import JOINTS, Observation, Part, Pose


def observations(count: int) -> Iterator[Observation]:
    """Somebody who wanders out of the picture now and then, with chest motion in some frames."""
    generator = np.random.default_rng(7)
    for i in range(count):
        pose = None
        if i % 5:
            pose = Pose(
                generator.uniform(-100, 1300, (JOINTS, 2)).astype(np.float32),
                generator.normal(size=(JOINTS, 3)).astype(np.float32),
                generator.uniform(0, 1, JOINTS).astype(np.float32),
            )
        chest = generator.normal(0, 0.1, (12, 20, 2)).astype(np.float32) if i % 3 == 0 else None
        motion = generator.normal(0, 3, (len(Part), 3)).astype(np.float32) if i % 4 else None
        if motion is not None:
            motion[i % len(Part)] = np.nan
        verticals = generator.normal(0, 0.2, 2).astype(np.float32) if i % 6 == 0 else None
        yield Observation(
            i / 15 + 1e-7, (1280, 720), pose, i % 4, chest, 100 + i / 7, motion=motion, verticals=verticals
        )


def write(path: Path, count: int = 20, duration_s: float = 12.5) -> Path:
    with Recorder(path) as recorder:
        for observation in observations(count):
            recorder.add(observation)
        recorder.describe("me.mp4", duration_s, 15.0)
    return path


def assert_same(one: Observation, other: Observation) -> None:
    assert (one.t_s, one.size_px, one.people, one.brightness) == (
        other.t_s,
        other.size_px,
        other.people,
        other.brightness,
    )
    assert (one.pose is None) == (other.pose is None)
    assert (one.chest_px is None) == (other.chest_px is None)
    if one.pose is not None and other.pose is not None:
        assert (one.pose.xy_px == other.pose.xy_px).all()
        assert (one.pose.world_m == other.pose.world_m).all()
        assert (one.pose.visibility == other.pose.visibility).all()
        assert other.pose.xy_px.dtype == other.pose.world_m.dtype == other.pose.visibility.dtype == np.float32
    assert (one.motion is None) == (other.motion is None)
    if one.motion is not None and other.motion is not None:
        assert np.array_equal(one.motion, other.motion, equal_nan=True)
    assert (one.verticals is None) == (other.verticals is None)
    if one.verticals is not None and other.verticals is not None:
        assert (one.verticals == other.verticals).all()
    if one.chest_px is not None and other.chest_px is not None:
        assert (one.chest_px == other.chest_px).all()


@pytest.mark.parametrize("count", [0, 1, 20, CHUNK, CHUNK + 1])
def test_what_is_read_is_what_an_observer_gives(tmp_path: Path, count: int) -> None:
    path = write(tmp_path / "me.observed", count)
    with Recording(path) as recording:
        assert recording.header.frames == count
        read = list(recording)
    assert len(read) == count
    for observation, again in zip(observations(count), read, strict=True):
        assert_same(rounded(observation), again)


def test_it_can_be_read_twice(tmp_path: Path) -> None:
    with Recording(write(tmp_path / "me.observed")) as recording:
        assert len(list(recording)) == len(list(recording)) == 20


def test_the_header_says_where_it_comes_from(tmp_path: Path) -> None:
    with Recording(write(tmp_path / "a.observed")) as recording:
        assert (recording.source, recording.duration_s, recording.header.fps) == ("me.mp4", 12.5, 15.0)
    with Recording(write(tmp_path / "b.observed", duration_s=math.nan)) as recording:
        assert math.isnan(recording.duration_s)


def test_numpy_opens_it(tmp_path: Path) -> None:
    with np.load(write(tmp_path / "me.observed")) as arrays:
        assert arrays["00000.t_s"].shape == (20,)
        assert arrays["00000.xy_px"].shape == (16, JOINTS, 2)


def test_it_is_compact(tmp_path: Path) -> None:
    assert write(tmp_path / "me.observed", 300).stat().st_size < 300 * 2500


def test_recordings_are_told_from_videos(tmp_path: Path) -> None:
    assert is_recording(write(tmp_path / "me.observed"))
    (tmp_path / "video.mp4").write_bytes(b"\x00\x00\x00\x20ftypisom")
    assert not is_recording(tmp_path / "video.mp4")
    assert not is_recording(tmp_path / "missing")
    assert not is_recording(tmp_path)


def test_an_error_while_watching_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the model"), Recorder(tmp_path / "me.observed") as recorder:
        recorder.add(next(observations(1)))
        assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
        raise RuntimeError("the model broke")
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_was_there_survives_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "me.observed")
    before = path.read_bytes()
    with pytest.raises(RuntimeError), Recorder(path):
        raise RuntimeError
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        Recorder(tmp_path / "none" / "me.observed")


class TestBadInput:
    def refused(self, path: Path) -> str:
        with pytest.raises(RecordingError) as caught, Recording(path) as recording:
            list(recording)
        assert str(path) in caught.value.problem
        assert caught.value.remedy
        return caught.value.problem

    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(SourceNotFoundError):
            Recording(tmp_path / "none")

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
    def test_cut_off(self, tmp_path: Path, share: float) -> None:
        path = write(tmp_path / "me.observed")
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        assert "is a damaged recording" in self.refused(path)

    def test_an_archive_of_a_version_that_is_none(self, tmp_path: Path) -> None:
        """Python tells that in another way than damage."""
        path = write(tmp_path / "me.observed")
        content = bytearray(path.read_bytes())
        content[content.index(b"PK\x01\x02") + 6] = 255
        path.write_bytes(content)
        assert "is a damaged recording" in self.refused(path)

    def test_every_damaged_stretch_is_noticed_or_harmless(self, tmp_path: Path) -> None:
        path = write(tmp_path / "me.observed")
        whole = path.read_bytes()
        noticed = 0
        for start in range(0, len(whole), len(whole) // 60):
            broken = bytearray(whole)
            broken[start] ^= 0xFF
            path.write_bytes(broken)
            try:
                with Recording(path) as recording:
                    read = list(recording)
            except RecordingError:
                noticed += 1
            else:
                for observation, again in zip(observations(20), read, strict=True):
                    assert_same(rounded(observation), again)
        assert noticed > 50

    def test_notes_of_the_video_are_kept(self, tmp_path: Path) -> None:
        notes = [{"key": "damaged", "values": {"count": 3.0}}]
        with Recording(self.altered(tmp_path, notes=notes)) as recording:
            assert recording.notes == (Note("damaged", {"count": 3.0}),)
        with Recording(self.altered(tmp_path, notes="gone")) as recording:
            assert recording.notes == ()

    def test_another_archive(self, tmp_path: Path) -> None:
        path = tmp_path / "other.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "hello")
        assert "is not a recording of the coach" in self.refused(path)

    def altered(self, tmp_path: Path, **changes: object) -> Path:
        path = write(tmp_path / "me.observed")
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        header = {**json.loads(members["header.json"]), **changes}
        members["header.json"] = json.dumps({key: value for key, value in header.items() if value != "gone"}).encode()
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return path

    @pytest.mark.parametrize(
        ("version", "later"),
        [(1, {"moved": "motion", "motion": "motion", "verticals": "verticals"}), (2, {"verticals": "verticals"})],
    )
    def test_older_formats_are_read_as_if_what_they_lack_had_not_been_measured(
        self, tmp_path: Path, version: int, later: dict[str, str]
    ) -> None:
        path = self.altered(tmp_path, version=version)
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                if name.split(".")[1] not in later:
                    archive.writestr(name, content)
        with Recording(path) as recording:
            read = list(recording)
        assert len(read) == 20
        for one, other in zip(observations(20), read, strict=True):
            assert_same(rounded(replace(one, **dict.fromkeys(later.values()))), other)

    def test_a_newer_format(self, tmp_path: Path) -> None:
        path = self.altered(tmp_path, version=4, coach="9.0")
        assert "has format 4, this coach reads formats up to 3" in self.refused(path)

    @pytest.mark.parametrize(
        "changes",
        [
            {"frames": "gone"},
            {"frames": "many"},
            {"fps": None},
            {"duration_s": "long"},
            {"frames": 5000},
            {"notes": [1]},
        ],
    )
    def test_a_header_that_is_wrong(self, tmp_path: Path, changes: dict[str, object]) -> None:
        assert "damaged" in self.refused(self.altered(tmp_path, **changes))

    def test_objects_are_never_unpickled(self, tmp_path: Path) -> None:
        path = self.altered(tmp_path)
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        evil = tmp_path / "evil.npy"
        np.save(evil, np.array([{"a": 1}] * 20, dtype=object), allow_pickle=True)
        members["00000.t_s.npy"] = evil.read_bytes()
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        assert "is damaged in part 0" in self.refused(path)
