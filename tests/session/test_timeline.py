"""The timeline of a session: collected, spooled, saved and read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from weakref import ref

import numpy as np
import pytest

from coach.errors import OutputError, RecordingError
from coach.session import timeline_recorder
from coach.session.snapshot import snapshot
from coach.session.timeline import AT_ONCE, Timeline, joined
from coach.session.timeline_file import (
    decode,
    encode,
    event_data,
    event_from_data,
    read_timeline,
    timeline_path,
    write_timeline,
)
from coach.session.timeline_recorder import TimelineRecorder
from coach.types import Event, Joint
from tests.report.scripted import Script, held, hip_hiker, hip_hikers, movement_of, session

FAULTY = Script(faults={2: ("trunk_lean",)}, uncounted={3: "too_shallow"}, away=(16.0, 17.5))


def same(a: Timeline, b: Timeline, tolerance: float = 0.0) -> None:
    np.testing.assert_array_equal(a.t_s, b.t_s)
    assert a.phase.tolist() == b.phase.tolist()
    assert a.side.tolist() == b.side.tolist()
    assert a.seen.tolist() == b.seen.tolist()
    assert list(a.values) == list(b.values)
    for name in a.values:
        np.testing.assert_allclose(a.values[name], b.values[name], atol=tolerance, rtol=tolerance)
    assert a.size_px == b.size_px
    assert [repr(event) for event in a.events] == [repr(event) for event in b.events]
    assert [(k.t_s, k.kind, k.side, k.number, k.detail, k.size_px) for k in a.keys] == [
        (k.t_s, k.kind, k.side, k.number, k.detail, k.size_px) for k in b.keys
    ]


def test_every_frame_is_there_with_its_signals() -> None:
    _, data = session(FAULTY)
    assert len(data) == round(FAULTY.duration_s * 15) + 1
    np.testing.assert_array_equal(data.signal("pelvic_drop_deg"), data.signal("pelvic_drop_deg", "left"))
    drop = data.signal("pelvic_drop_deg", "left")
    assert np.nanmax(drop) == pytest.approx(10.0, abs=0.05)
    assert np.isnan(drop[(data.t_s > 16.1) & (data.t_s < 17.4)]).all()
    assert np.isnan(data.signal("no_such_signal", "left")).all()


def test_a_side_found_later_holds_for_what_came_before() -> None:
    _, data = session()
    data = replace(data, side=np.array(["", "", "left", "", "right", ""]), t_s=np.arange(6.0))
    assert data.judged_side().tolist() == ["left", "left", "left", "right", "right", "right"]


def test_landmarks_come_back_to_a_sixteenth_of_a_pixel() -> None:
    _, data = session(FAULTY)
    assert data.landmarks is not None
    moments = list(hip_hikers(FAULTY))
    for i in (0, 50, 100):
        pose = moments[i].observation.pose
        assert pose is not None
        np.testing.assert_allclose(data.landmarks.xy_px[i], pose.xy_px, atol=1 / 32)
        np.testing.assert_allclose(data.landmarks.world_m[i], pose.world_m, atol=1e-4)
    nobody = [i for i, moment in enumerate(moments) if moment.observation.pose is None]
    assert nobody
    assert np.isnan(data.landmarks.xy_px[nobody]).all()


def test_the_skeleton_of_each_deepest_point_and_of_each_fault_is_kept() -> None:
    _, data = session(FAULTY)
    assert [(key.kind, key.number, key.detail) for key in data.keys] == [
        ("deepest", 1, ""),
        ("deepest", 2, ""),
        ("fault", 2, "trunk_lean"),
        ("deepest", 3, "too_shallow"),
        ("deepest", 4, ""),
    ]
    deepest = data.keys[0].xy_px
    low = deepest[Joint.LEFT_ANKLE, 1] - deepest[Joint.RIGHT_ANKLE, 1]
    assert low == pytest.approx(20, abs=2)
    fault = data.keys[2]
    assert abs(fault.t_s - movement_of(FAULTY, 2).peak_s) < 0.1


def test_memory_does_not_hold_a_long_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_recorder, "IN_MEMORY_BYTES", 50_000)
    script = Script(repetitions=30)
    with TimelineRecorder([hip_hiker()]) as timeline:
        for moment in hip_hikers(script):
            timeline.add(moment)
            assert len(timeline._rows) <= timeline_recorder.BLOCK_FRAMES
        assert timeline._spool._rolled  # type: ignore[attr-defined]
        spooled = timeline.data()
    _, held_in_memory = session(script)
    same(spooled, held_in_memory)


def test_data_can_be_asked_for_at_any_time() -> None:
    with TimelineRecorder([hip_hiker()]) as timeline:
        for i, moment in enumerate(hip_hikers(Script())):
            timeline.add(moment)
            if i == 100:
                assert len(timeline.data()) == 101
        same(timeline.data(), session()[1])


def test_pieces_joined_are_the_whole() -> None:
    pieces = []
    with TimelineRecorder([hip_hiker()]) as timeline:
        for i, moment in enumerate(hip_hikers(FAULTY)):
            timeline.add(moment)
            if i % 7 == 0:
                pieces.append(timeline.take())
        pieces.append(timeline.take())
    same(joined(pieces), session(FAULTY)[1])
    assert len(joined([])) == 0


def test_thousands_of_pieces_are_not_held_at_once() -> None:
    script, given = Script(repetitions=10), list[ref[np.ndarray]]()

    def pieces() -> Iterator[Timeline]:
        with TimelineRecorder([hip_hiker()]) as timeline:
            for moment in hip_hikers(script):
                timeline.add(moment)
                piece = timeline.take()
                given.append(ref(piece.t_s))
                assert sum(each() is not None for each in given) <= 2 * AT_ONCE + 1
                yield piece

    same(joined(pieces()), session(script)[1])
    assert len(given) > 5 * AT_ONCE


def test_a_saved_track_reads_back_the_same(tmp_path: Path) -> None:
    _, data = session(FAULTY)
    path = write_timeline(data, tmp_path / "track.npz")
    assert path.read_bytes() == encode(data)
    back = read_timeline(path)
    same(data, back)
    assert back.landmarks is not None
    assert data.landmarks is not None
    np.testing.assert_array_equal(back.landmarks.xy_px, data.landmarks.xy_px)
    np.testing.assert_array_equal(back.keys[0].xy_px, data.keys[0].xy_px)
    same(data, decode(encode(data, compact=True)), tolerance=0.02)


def test_pictures_of_key_moments_only_where_asked() -> None:
    rgb = np.zeros((480, 640, 3), np.uint8)
    for pictures in (False, True):
        with TimelineRecorder([hip_hiker()], pictures=pictures) as timeline:
            for moment in hip_hikers(FAULTY):
                timeline.add(moment, rgb)
            data = timeline.data()
        assert all((key.picture is not None) == pictures for key in data.keys)
        back = decode(encode(data))
        assert [key.picture for key in back.keys] == [key.picture for key in data.keys]
    left, top, right, bottom = data.keys[0].picture.box_px  # type: ignore[union-attr]
    low, high = data.keys[0].xy_px.min(0), data.keys[0].xy_px.max(0)
    assert left <= low[0] < high[0] <= right
    assert top <= low[1] < high[1] <= bottom


def test_a_body_partly_outside_is_cut_at_the_edge() -> None:
    pose = next(hip_hikers(FAULTY)).observation.pose
    assert pose is not None
    for shift in ((-2000.0, 0.0), (300.0, 200.0), (0.0, -900.0)):
        kept = snapshot(np.zeros((480, 640, 3), np.uint8), pose.xy_px + np.array(shift, np.float32))
        left, top, right, bottom = kept.box_px
        assert 0 <= left < right <= 640
        assert 0 <= top < bottom <= 480


def test_an_hour_is_cheap() -> None:
    """The docstring's cost, with this session's number of values a frame."""
    _, data = session(Script(repetitions=10))
    assert data.landmarks is not None
    per_frame = timeline_recorder._ROW.itemsize
    assert per_frame * 15 * 3600 < 21e6
    compact = len(encode(replace(data, landmarks=None), compact=True))
    assert compact / data.t_s[-1] < 1500


@pytest.mark.parametrize("content", [b"", b"not a timeline", b"PK\x03\x04 cut"])
def test_a_damaged_track_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "track.npz"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match="damaged or no timeline"):
        read_timeline(path)


def test_a_body_at_infinity_is_no_body() -> None:
    """Nothing could be drawn of it, and the report would end."""
    data = session()[1]
    far = replace(data.keys[0], xy_px=np.full_like(data.keys[0].xy_px, np.inf))
    with pytest.raises(RecordingError, match="damaged or no timeline"):
        decode(encode(replace(data, keys=(far, *data.keys[1:]))))


def test_a_track_cut_in_the_middle_says_so(tmp_path: Path) -> None:
    whole = encode(session()[1])
    with pytest.raises(RecordingError, match="clip: is damaged"):
        decode(whole[: len(whole) // 2], "clip")


def test_a_folder_that_takes_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_timeline(session()[1], tmp_path / "absent" / "track.npz")
    with pytest.raises(RecordingError, match="no such file"):
        read_timeline(tmp_path / "absent.npz")


@pytest.mark.parametrize(
    ("result", "timeline"), [("result.json", "track.npz"), ("leg.json", "leg.track.npz"), ("leg", "leg.track.npz")]
)
def test_a_track_lies_beside_its_result(result: str, timeline: str) -> None:
    assert timeline_path(Path("out") / result) == Path("out") / timeline


def test_events_survive_as_plain_data() -> None:
    for event in (
        Event(1.0, "lost", detail="nobody"),
        Event(2.0, "movement", "left", movement=movement_of(FAULTY, 2), number=2),
        Event(3.0, "hold", "right", hold=replace(held(None), depth=float("nan"))),
    ):
        back = event_from_data(event_data(event))
        assert repr(back) == repr(event)
    later = event_data(Event(1.0, "movement", "left", movement=movement_of(FAULTY, 1))) | {"new_key": 1}
    later["movement"]["new_too"] = 2
    assert event_from_data(later).movement == movement_of(FAULTY, 1)
