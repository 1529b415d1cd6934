"""``coach batch``: the same results with any number of workers, and no end that loses anything."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coach.app.batch.run import Standing
from coach.cli.batch_standing import WINDOW_S, PictureRate, counts
from tests.app.batch.stand_ins import short_recording, wait_for
from tests.cli.test_app import ROOT, one_line
from tests.typed import typed


def recordings(tmp_path: Path, count: int, seconds: float = 4.0) -> Path:
    """Videos of one exercise and one of the other, with a bad one among them."""
    for i in range(count):
        short_recording(tmp_path / f"in/{i}.observed", seconds, source=f"{i}.mp4")
    short_recording(tmp_path / "in/strap.observed", seconds, "strap_left")
    (tmp_path / "in/bad.mp4").write_text("not a video")
    return tmp_path / "in"


def files_of(out: Path) -> dict[str, bytes]:
    """All results, table and page, byte for byte; the journal tells of machines and times and is left out."""
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if not name.startswith(".batch/journal")}


def table_of(out: Path) -> dict[str, dict[str, str]]:
    with (out / "table.csv").open(encoding="utf-8", newline="") as file:
        return {row["video"]: row for row in csv.DictReader(file)}


def journal_of(out: Path) -> list[str]:
    lines = [line for path in (out / ".batch/journal").glob("*") for line in path.read_text().splitlines()]
    return sorted(json.loads(line)["name"] for line in lines if json.loads(line)["status"] == "done")


def test_results_are_the_same_with_any_number_of_workers(tmp_path: Path) -> None:
    videos = recordings(tmp_path, 1, 6.5)
    options = ("--exercise", "auto", "--report", "--export", "csv,parquet,trc,mot")
    for workers in (1, 2):
        done = typed("batch", videos, "--out", tmp_path / f"out{workers}", "--workers", workers, *options)
        assert done.exit_code == 1, done.output
        assert "bad.mp4: is not a whole video" in done.stderr
        assert done.stdout.startswith("2 of 3 videos are analysed, 1 failed")
    one, two = (files_of(tmp_path / f"out{workers}") for workers in (1, 2))
    assert {"table.csv", "table.parquet", "index.html"} <= set(one)
    assert sum(name.endswith("report.html") for name in one) == 2
    assert one == two


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("batch")
    short_recording(tmp_path / "in/hiker.observed", 10.5)
    (tmp_path / "in/bad.mp4").write_text("not a video")
    (tmp_path / "list.csv").write_text(
        "video,person,date,exercise,side,room\nin/hiker.observed,=Anna,2026-03-14,hip-hiker,left,3\n"
        "in/bad.mp4,Ben,,,,\nin/none.mp4,,,,,\n"
    )
    result = typed("batch", tmp_path / "list.csv", "--out", tmp_path / "out", "--workers", 2)
    assert result.exit_code == 1
    assert "the column 'room' is not used" in result.stderr
    return tmp_path


class TestTable:
    def test_a_row_each(self, done: Path) -> None:
        rows = table_of(done / "out")
        assert list(rows) == ["in/bad.mp4", "in/hiker.observed", "in/none.mp4"]
        hiker = rows["in/hiker.observed"]
        assert (hiker["person"], hiker["date"], hiker["state"]) == ("'=Anna", "2026-03-14", "done")
        assert (hiker["exercise"], hiker["side"]) == ("hip-hiker", "left")
        result = json.loads((done / "out" / hiker["folder"] / "result.json").read_text())
        assert int(hiker["reps"]) == result["summary"]["reps"] >= 2
        assert hiker["faults"] == ";".join(f"{name}:{n}" for name, n in result["summary"]["faults"].items())
        bad = rows["in/bad.mp4"]
        assert (bad["state"], bad["reps"]) == ("failed", "")
        assert "is not a whole video" in bad["remark"]
        assert "no such file" in rows["in/none.mp4"]["remark"]

    def test_parquet_says_the_same(self, done: Path) -> None:
        parquet = pytest.importorskip("pyarrow.parquet")
        found = parquet.read_table(done / "out/table.parquet").to_pylist()
        assert [row["video"] for row in found] == list(table_of(done / "out"))
        assert found[1]["reps"] == float(table_of(done / "out")["in/hiker.observed"]["reps"])
        assert found[0]["reps"] is None

    def test_the_page(self, done: Path) -> None:
        page = (done / "out/index.html").read_text(encoding="utf-8")
        folder = table_of(done / "out")["in/hiker.observed"]["folder"]
        assert f'href="{folder}/result.json"' in page
        assert page.count("<svg") == 1
        assert "=Anna" in page

    def test_status_at_any_time(self, done: Path) -> None:
        before = files_of(done / "out")
        (done / "out/table.csv").unlink()
        result = typed("batch", "--status", done / "out")
        assert result.exit_code == 0
        assert result.stdout.startswith("1 of 3 videos are analysed, 2 failed, 0 in hand, 0 waiting")
        assert files_of(done / "out") == before

    def test_a_changed_option_is_done_again_and_said(self, done: Path) -> None:
        again = typed("batch", done / "list.csv", "--out", done / "out")
        assert "1 of 3 videos are analysed (1 were before), 2 failed" in again.stdout
        assert "analysed again" not in again.stderr
        changed = typed("batch", done / "list.csv", "--out", done / "out", "--lang", "de")
        assert "1 Video wird neu ausgewertet: lang war en, ist de" in changed.stderr
        assert f"die bisherigen Ergebnisse bleiben in {done / 'out'}/videos" in changed.stderr
        assert "in/none.mp4: diese Datei gibt es nicht. Prüfe den Namen" in changed.stderr
        assert "(1 were before)" not in changed.stdout
        assert "Übung" in (done / "out/index.html").read_text(encoding="utf-8")
        back = typed("batch", done / "list.csv", "--out", done / "out")
        assert "(1 were before)" in back.stdout, "the former result is still there"


def test_shards_share_a_folder(tmp_path: Path) -> None:
    videos = recordings(tmp_path, 2, 2.0)
    for shard in ("1/2", "2/2"):
        typed("batch", videos, "--out", tmp_path / "out", "--shard", shard, "--exercise", "hip-hiker")
    assert journal_of(tmp_path / "out") == ["0.observed", "1.observed", "strap.observed"]
    assert {row["state"] for row in table_of(tmp_path / "out").values()} == {"done", "failed"}


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_batch_leaves_nothing_half_done_and_goes_on(tmp_path: Path, sign: signal.Signals) -> None:
    for i, length_s in enumerate((30.0, 30.0, 4.0, 4.0)):  # each worker begins with a long one
        short_recording(tmp_path / f"in/{i}.observed", length_s, source=f"{i}.mp4")
    out = tmp_path / "out"
    asked = ("batch", str(tmp_path / "in"), "--out", str(out), "--exercise", "hip-hiker", "--workers")
    command = [sys.executable, "-m", "coach", *asked, "2"]
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    claims = out / ".batch/claims"
    wait_for(lambda: claims.is_dir() and list(claims.iterdir()), "a video is in hand")
    if sign == signal.SIGINT:
        os.killpg(running.pid, sign)  # as a terminal does: to the workers, too
    else:
        running.send_signal(sign)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 128 + sign
    assert "stopped; " in said
    assert list(claims.iterdir()) == []
    assert list((out / ".batch/work").iterdir()) == []
    results = list((out / "videos").iterdir()) if (out / "videos").exists() else []
    for folder in results:
        assert {"result.json", "key.json"} <= {path.name for path in folder.iterdir()}
    assert len(results) < 4
    assert typed(*asked, 1).exit_code == 0
    assert journal_of(out) == [f"{i}.observed" for i in range(4)], "each once"


class TestMistakes:
    def test_options(self, tmp_path: Path) -> None:
        short_recording(tmp_path / "in/me.observed", 1.0)
        assert "needs videos and a place" in one_line(typed("batch", tmp_path / "in"))
        assert "--status stands alone" in one_line(typed("batch", tmp_path / "in", "--status", tmp_path))
        assert "holds no batch" in one_line(typed("batch", "--status", tmp_path))
        for shard in ("0/2", "3/2", "two"):
            assert "--shard is" in one_line(typed("batch", tmp_path / "in", "--out", tmp_path / "o", "--shard", shard))
        assert "no such folder" in one_line(typed("batch", tmp_path / "none", "--out", tmp_path / "o"))

    def test_an_unknown_exercise_in_a_list_is_said_before_anything_is_done(self, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_text("video,exercise\na.mp4,juggling\n")
        line = one_line(typed("batch", tmp_path / "list.csv", "--out", tmp_path / "out"))
        assert "list.csv: line 2: unknown exercise 'juggling'. Choose one of hip-hiker" in line
        (tmp_path / "list.csv").write_text("video,exercise,side\na.mp4,juggling,\nb.mp4,,up\n")
        refused = typed("batch", tmp_path / "list.csv", "--out", tmp_path / "out", "--lang", "de")
        assert refused.exit_code == 2
        head, first, second = refused.stderr.splitlines()
        assert head == f"coach: {tmp_path / 'list.csv'}: hat mehrere Fehler"
        assert first.startswith("  line 2: unbekannte Übung 'juggling'. Wähle eine von ")
        assert second == "  line 3: die Seite ist 'up'. Nimm left, right oder nichts, dann wird sie gesucht"


class TestStanding:
    def test_what_it_says(self) -> None:
        standing = Standing(10, done=3, failed=1, pictures=90, busy=2)
        assert counts(standing, 41.6) == "3 done, 1 failed, 2 in other hands, 42 pictures/s"
        assert counts(Standing(10), None) == "0 done, 0 failed"

    def test_pictures_a_second_are_those_of_late(self) -> None:
        rate = PictureRate()
        assert rate.at(0.0, 0) is None
        assert rate.at(2.0, 60) == 30.0
        assert rate.at(2.0 + WINDOW_S, 60 + 10 * int(WINDOW_S)) == 10.0
