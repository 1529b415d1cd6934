"""One video is in one hand at a time, also when hands die."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from coach import processes
from coach.app.batch.claims import Busy, Claim, WornOut, holder, is_gone, process_name, take
from coach.app.batch.run import end
from coach.app.batch.store import FolderStore
from tests.app.batch.stand_ins import wait_for


def claimed(found: object) -> Claim:
    assert isinstance(found, Claim)
    return found


def die_over(folder: Path) -> None:
    """Another process takes it and is no more."""
    code = f"import os, pathlib, coach.app.batch.claims as c; c.take(pathlib.Path({str(folder)!r}), 'k'); os._exit(0)"
    subprocess.run([sys.executable, "-c", code], check=True)


def elsewhere(folder: Path, ago_s: float) -> None:
    """Another machine has it, and was last heard of so long ago."""
    folder.mkdir(exist_ok=True)
    path = folder / "k.1"
    path.write_text(json.dumps({"node": "far", "place": "0123456789", "pid": 1, "started": None}))
    then = path.stat().st_mtime - ago_s
    os.utime(path, (then, then))


def test_one_at_a_time(tmp_path: Path) -> None:
    first = claimed(take(tmp_path, "k"))
    assert isinstance(take(tmp_path, "k"), Busy)
    assert str(os.getpid()) in holder(tmp_path, "k")
    claimed(take(tmp_path, "other")).release()
    first.release()
    assert holder(tmp_path, "k") == ""
    claimed(take(tmp_path, "k")).release()
    assert list(tmp_path.iterdir()) == []


def test_of_many_at_once_one_gets_it(tmp_path: Path) -> None:
    start, got = threading.Barrier(8), []

    def race() -> None:
        start.wait()
        got.append(take(tmp_path, "k"))

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [each for each in got if isinstance(each, Claim)]
    assert len(winners) == 1
    winners[0].release()


def test_a_dead_one_is_followed_at_once_and_only_once(tmp_path: Path) -> None:
    die_over(tmp_path)
    second = claimed(take(tmp_path, "k"))
    assert second.number == 2
    assert isinstance(take(tmp_path, "k"), Busy)
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_what_two_died_over_is_left_alone(tmp_path: Path) -> None:
    die_over(tmp_path)
    die_over(tmp_path)
    assert take(tmp_path, "k") == WornOut(2)


def test_another_machine_is_alive_while_it_is_heard_of(tmp_path: Path) -> None:
    elsewhere(tmp_path, 60)
    assert take(tmp_path, "k") == Busy("far, process 1")
    elsewhere(tmp_path, 200)
    assert holder(tmp_path, "k") == ""
    claimed(take(tmp_path, "k")).release()


def test_a_claim_is_kept_fresh(tmp_path: Path) -> None:
    claim = claimed(take(tmp_path, "k", heartbeat_s=0.01))
    path = tmp_path / "k.1"
    os.utime(path, (0, 0))
    wait_for(lambda: path.stat().st_mtime > 1000, "the claim is touched")
    claim.release()


def test_a_claim_that_is_only_being_written_is_somebodys(tmp_path: Path) -> None:
    (tmp_path / "k.1").touch()
    assert isinstance(take(tmp_path, "k"), Busy)


def test_an_end_between_making_a_claim_and_writing_it_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = os.open

    def interrupted(*arguments: Any) -> int:
        os.close(make(*arguments))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        take(tmp_path, "a")
    assert list(tmp_path.iterdir()) == []


def test_which_processes_are_gone() -> None:
    code = "from coach.app.batch.claims import process_name; print(process_name())"
    dead = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    assert is_gone(dead)
    assert not is_gone(process_name())
    assert not is_gone("far-away-1-2")
    assert not is_gone("what")


def test_a_process_of_another_container_is_not_gone_because_its_number_is_not_here(tmp_path: Path) -> None:
    """Containers on one host can share its name, and machines are copied with theirs."""
    path = tmp_path / "k.1"
    dead = 2**22 - 3
    path.write_text(json.dumps({"node": platform.node(), "place": "0123456789", "pid": dead, "started": 5}))
    assert isinstance(take(tmp_path, "k"), Busy)
    assert not is_gone(f"0123456789-{dead}-5") and is_gone(f"{processes.place()}-{dead}-5")


def test_a_claim_that_says_nothing_sensible_is_somebodys(tmp_path: Path) -> None:
    for text in ("[]", "{}", '{"pid": "x", "place": 3}', "\x00"):
        (tmp_path / "k.1").write_text(text)
        assert isinstance(take(tmp_path, "k"), Busy)


class NoWorkers:
    """An engine of which nobody had to be stopped."""

    def close(self) -> tuple[int, ...]:
        return ()


def test_who_was_killed_between_the_result_and_the_release_leaves_no_claim(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    die_over(store.claims)
    unfinished = store.claims / "other.1"
    unfinished.write_text("{}")
    result = tmp_path / "videos" / "me-k"
    result.mkdir(parents=True)
    end(NoWorkers(), store)  # type: ignore[arg-type]
    assert len(list(store.claims.iterdir())) == 2, "half a result is none"
    for name in ("result.json", "key.json"):
        (result / name).write_text("{}")
    end(NoWorkers(), store)  # type: ignore[arg-type]
    assert list(store.claims.iterdir()) == [unfinished], "a death over what is not done is not forgotten"
