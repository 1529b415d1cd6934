"""Reading ahead keeps order and errors in place, and leaves no thread behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from coach.video.prefetch import read_ahead


def readers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "read-ahead"]


def test_items_come_in_order() -> None:
    assert list(read_ahead(range(50))) == list(range(50))


def test_nothing_is_nothing() -> None:
    assert list(read_ahead(())) == []


def test_an_error_comes_at_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("broken")

    seen = []
    with pytest.raises(ValueError, match="broken"):
        for item in read_ahead(items()):
            seen.append(item)
    assert seen == [1, 2]


def test_it_reads_only_a_few_ahead() -> None:
    made = []

    def items() -> Iterator[int]:
        for i in range(100):
            made.append(i)
            yield i

    ahead = read_ahead(items(), depth=2)
    next(ahead)
    ahead.close()
    assert len(made) <= 5


def test_closing_early_stops_the_thread() -> None:
    ahead = read_ahead(iter(range(10**9)))
    next(ahead)
    assert readers()
    ahead.close()
    assert not readers()
