"""What many videos take: arithmetic and simulation on figures that are known, and one real measurement of moments."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coach.app.capacity import Assumed, Measured, Report, Timed, measure, needs, simulate
from coach.cli.capacity_table import markdown
from tests.app.batch.stand_ins import short_recording


def timed(cpu_s: float, duration_s: float = 60.0) -> Timed:
    return Timed("me.mp4", duration_s, cpu_s, cpu_s, 300.0, 900)


def measured(*cpu_s: float) -> Measured:
    videos = [timed(each) for each in cpu_s]
    return Measured({1: videos, 2: videos}, {1: 60.0, 2: 30.0}, 10_000_000, 100_000, 4, 0.001, 0.001)


EVEN = measured(30.0, 30.0)
SAFE = Assumed(minutes=1.0, link_mb_s=1e9, life_h=1e9)


def test_a_minute_of_video() -> None:
    found = measured(20.0, 40.0)
    assert found.minutes == 2
    assert found.cpu_s_a_minute == 30
    assert found.spread == pytest.approx(1 / 3)
    assert found.length_spread == 0
    assert found.stored_mb_a_minute == pytest.approx(0.05)


def test_what_a_day_needs() -> None:
    day = needs(EVEN, Assumed(minutes=2.0, mb_a_minute=90.0, link_mb_s=120.0), 8640)
    assert day.cpu_h == pytest.approx(144)
    assert day.cores == pytest.approx(6 / 0.7)
    assert day.in_mb_s == pytest.approx(18)
    assert day.link_workers == pytest.approx(40), "each reads 90 MB in 30 s"
    assert day.files == 8640 * 2
    assert day.hand_out_share == pytest.approx(1e-4)


class TestSimulation:
    def test_without_trouble_workers_share_the_work(self) -> None:
        one, four = (simulate(EVEN, SAFE, 400, workers) for workers in (1, 4))
        assert one.wall_s == pytest.approx(400 * 30, rel=1e-3)
        assert four.speed_up == pytest.approx(4, rel=1e-3)
        assert (four.lost, four.failed, four.waiting_for) == (0, 0, "processors")

    def test_the_same_seed_is_the_same_day(self) -> None:
        some = measured(20.0, 40.0)
        assert simulate(some, SAFE, 100, 4) == simulate(some, SAFE, 100, 4)
        assert simulate(some, SAFE, 100, 4) != simulate(some, SAFE, 100, 4, seed=1)

    def test_stragglers_leave_a_tail(self) -> None:
        even, uneven = simulate(EVEN, SAFE, 120, 100), simulate(measured(5.0, 55.0), SAFE, 120, 100)
        assert uneven.tail_s > even.tail_s
        assert uneven.efficiency < even.efficiency

    def test_what_the_dead_had_is_done_again(self) -> None:
        mortal = simulate(EVEN, replace(SAFE, life_h=0.1), 1000, 10)
        assert mortal.lost == pytest.approx(1000 * 30 / 360, rel=0.35), "one in six minutes of work"
        assert 0 < mortal.failed < mortal.lost
        assert mortal.efficiency < simulate(EVEN, SAFE, 1000, 10).efficiency

    def test_a_link_that_is_full_is_the_limit(self) -> None:
        narrow = replace(SAFE, mb_a_minute=30.0, link_mb_s=10.0)  # each worker reads 1 MB/s
        assert simulate(EVEN, narrow, 2000, 10).speed_up == pytest.approx(10, rel=0.02)
        full = simulate(EVEN, narrow, 2000, 40)
        assert full.speed_up == pytest.approx(10, rel=0.05)
        assert full.waiting_for == "network"

    def test_and_so_is_one_process_that_hands_out(self) -> None:
        slow = replace(EVEN, hand_s=1.0)
        many = simulate(slow, SAFE, 2000, 200)
        assert many.speed_up == pytest.approx(30, rel=0.05), "one a second, of half a minute each"
        assert many.waiting_for == "handing out"


def test_a_real_measurement(tmp_path: Path) -> None:
    short_recording(tmp_path / "me.observed", 4.0)
    found = measure([tmp_path / "me.observed"], [1, 2])
    assert set(found.videos) == set(found.wall_s) == {1, 2}
    (video,) = found.videos[2]
    assert video.pictures == 61
    assert video.cpu_s > 0
    assert found.stored_bytes > 0
    assert found.state_files >= 4
    text = markdown(
        Report(found, Assumed(), [needs(found, Assumed(), 10_000)], [simulate(found, Assumed(), 50, 2)], 50)
    )
    assert "| cores, 70 % busy round the clock |" in text
