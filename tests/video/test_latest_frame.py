"""The newest picture of a live source."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType

import numpy as np
import pytest

from coach.errors import CameraError, SourceUnreadableError
from coach.types import Frame
from coach.video.latest_frame import LatestFrame

LONG_S = 120.0


def frame(t_s: float) -> Frame:
    return Frame(t_s, np.zeros((4, 4, 3), np.uint8))


class Scripted:
    """A live source that does what a script says; closed tells that it was let go."""

    def __init__(self, script: Callable[[], Iterator[Frame]]) -> None:
        self._script = script
        self.closed = False

    def __enter__(self) -> Scripted:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True

    def __iter__(self) -> Iterator[Frame]:
        return self._script()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG_S
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.002)


def test_only_the_newest_picture_is_handed_out() -> None:
    three_are_there = threading.Event()
    go_on = threading.Event()

    def script() -> Iterator[Frame]:
        yield from (frame(0.0), frame(0.1), frame(0.2))
        three_are_there.set()
        go_on.wait(LONG_S)

    source = Scripted(script)
    with LatestFrame(lambda: source) as feed:
        assert three_are_there.wait(LONG_S)
        newest = feed.newest(LONG_S)
        assert newest is not None
        assert newest.t_s == 0.2
        assert feed.newest(0.0) is None
        go_on.set()
        wait_for(lambda: feed.state == "ended")
    assert source.closed
    assert feed.problem is None


def test_what_opening_raises_comes_through() -> None:
    def absent() -> Scripted:
        raise CameraError("camera 0: cannot be opened", "Plug it in")

    with pytest.raises(CameraError), LatestFrame(absent):
        pass


def test_a_lost_camera_is_found_again_and_time_goes_on() -> None:
    gate = threading.Event()
    attempts: list[int] = []

    def first() -> Iterator[Frame]:
        yield frame(0.0)
        gate.wait(LONG_S)
        yield frame(5.0)
        raise CameraError("camera 0: no longer sends pictures")

    def second() -> Iterator[Frame]:
        yield frame(0.0)
        gate.wait(LONG_S)

    def open_source() -> Scripted:
        attempts.append(len(attempts))
        if len(attempts) in (2, 3):
            raise CameraError("camera 0: cannot be opened")
        return Scripted(first if len(attempts) == 1 else second)

    with LatestFrame(open_source, retry_s=0.02) as feed:
        before = feed.newest(LONG_S)
        gate.set()
        wait_for(lambda: len(attempts) == 4)
        gate.clear()
        wait_for(lambda: feed.state != "lost")
        after = feed.newest(LONG_S)
        gate.set()
    assert before is not None
    assert after is not None
    assert len(attempts) == 4


def test_while_the_camera_is_lost_nothing_waits_and_the_state_says_so() -> None:
    def script() -> Iterator[Frame]:
        raise CameraError("camera 0: no longer sends pictures")
        yield

    with LatestFrame(lambda: Scripted(script), retry_s=LONG_S) as feed:
        wait_for(lambda: feed.state == "lost")
        assert feed.newest(0.01) is None


def test_a_camera_that_stalls_is_lost_before_its_driver_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.video.latest_frame.SILENT_S", 0.02)
    go_on = threading.Event()

    def script() -> Iterator[Frame]:
        yield frame(0.0)
        go_on.wait(LONG_S)
        yield frame(1.0)

    with LatestFrame(lambda: Scripted(script)) as feed:
        wait_for(lambda: feed.newest(0.001) is not None)
        wait_for(lambda: feed.newest(0.001) is None and feed.state == "lost")
        go_on.set()
        wait_for(lambda: feed.state != "lost")
        assert feed.problem is None


def test_times_rise_over_a_gap() -> None:
    times: list[float] = []
    turns = iter([0.0, 0.1, 0.0, 0.1])
    taken = threading.Semaphore(0)

    def script() -> Iterator[Frame]:
        for _ in range(2):
            yield frame(next(turns))
            assert taken.acquire(timeout=LONG_S)
        raise CameraError("gone")

    with LatestFrame(lambda: Scripted(script), retry_s=0.12) as feed:
        while len(times) < 4:
            newest = feed.newest(LONG_S)
            if newest is not None:
                times.append(newest.t_s)
                taken.release()
    assert times == sorted(set(times))


def test_another_problem_ends_the_feed_and_is_kept() -> None:
    def script() -> Iterator[Frame]:
        yield frame(0.0)
        raise SourceUnreadableError("clip.mp4: is cut off")

    with LatestFrame(lambda: Scripted(script)) as feed:
        wait_for(lambda: feed.state == "ended")
    assert isinstance(feed.problem, SourceUnreadableError)


@pytest.mark.parametrize(
    ("interval_s", "age_s", "waits"),
    [(1 / 30, 0.005, False), (1 / 30, 0.025, True), (1 / 30, 0.2, False), (1 / 15, 0.04, False)],
    ids=["fresh", "the next is almost there", "the camera has stopped", "a slow camera"],
)
def test_a_picture_that_is_no_longer_fresh_is_left_for_the_next(
    monkeypatch: pytest.MonkeyPatch, interval_s: float, age_s: float, waits: bool
) -> None:
    now_s = 100.0
    monkeypatch.setattr("coach.video.latest_frame.time.monotonic", lambda: now_s)
    feed = LatestFrame(lambda: Scripted(lambda: iter(())))
    for i in range(60):
        now_s = 100.0 + i * interval_s
        feed._put(frame(i * interval_s))
    now_s += age_s
    assert (feed._worth_waiting_s() > 0) is waits
    monkeypatch.undo()
    given = feed.newest(LONG_S)
    assert given is not None
    assert given.t_s == pytest.approx(59 * interval_s)
