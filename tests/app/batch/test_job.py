"""One video of a batch: done once, whole or not at all, and what went wrong is kept."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from coach.app.batch import claims
from coach.app.batch import job as job_module
from coach.app.batch.job import Job, Outcome, run_job, stands_already
from coach.app.batch.keys import Settings
from coach.app.batch.store import FolderStore, UrlStore, read_json
from coach.app.batch.thumbnail import PoseSamples, deepest_item, thumbnail
from coach.errors import OutputError, SourceUnreadableError
from coach.session.result import Result
from tests.app.batch.stand_ins import jobs_in, short_recording


def only_job(tmp_path: Path, **options: Any) -> Job:
    if not (tmp_path / "in").exists():
        short_recording(tmp_path / "in/me.observed")
    (found,) = jobs_in(tmp_path / "in", tmp_path / "out", **options)
    return found


def results(tmp_path: Path) -> list[str]:
    folder = tmp_path / "out/videos"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def leftovers(tmp_path: Path) -> list[Path]:
    return [path for name in ("work", "claims") for path in (tmp_path / "out/.batch" / name).glob("*")]


class TestDone:
    def test_a_result_is_there_whole_and_only_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        job, told = only_job(tmp_path), []
        outcome = run_job(job, lambda pictures, share: told.append((pictures, share)))
        assert (outcome.status, outcome.pictures) == ("done", sum(each[0] for each in told))
        assert told[-1][1] == pytest.approx(1.0, abs=0.05)
        (folder,) = results(tmp_path)
        assert folder.startswith("me-")
        files = {path.name for path in (tmp_path / "out/videos" / folder).iterdir()}
        assert files == {"result.json", "key.json", "skeleton.svg"}
        assert leftovers(tmp_path) == []
        monkeypatch.setattr(job_module, "analyse_video", None)
        assert run_job(job) == Outcome("kept")
        assert stands_already(FolderStore(tmp_path / "out"), job) == Outcome("kept")

    def test_the_result_is_that_of_analyse(self, tmp_path: Path) -> None:
        from coach.app.analyse import analyse, choose_exercises
        from coach.perception.watched_video import watch

        run_job(only_job(tmp_path))
        with watch(tmp_path / "in/me.observed") as observed:
            alone = analyse(observed, choose_exercises("hip-hiker")).result
        found = json.loads((tmp_path / "out/videos" / results(tmp_path)[0] / "result.json").read_text())
        assert found == {**json.loads(json.dumps(alone)), "source": "me.observed"}
        assert found["summary"]["reps"] >= 1

    def test_with_all_that_was_asked_for(self, tmp_path: Path) -> None:
        from coach.app.result_folder import Wanted

        run_job(only_job(tmp_path, settings=Settings(wanted=Wanted(report=True, kinds=("csv", "trc")))))
        files = {path.name for path in (tmp_path / "out/videos" / results(tmp_path)[0]).iterdir()}
        assert {"report.html", "track.npz", "me.frames.csv", "me.trc"} <= files
        assert "observations" not in files

    def test_other_options_are_another_result(self, tmp_path: Path) -> None:
        assert run_job(only_job(tmp_path)).status == "done"
        assert run_job(only_job(tmp_path, settings=Settings(fps=10))).status == "done"
        assert run_job(only_job(tmp_path)).status == "kept"
        assert len(results(tmp_path)) == 2

    def test_a_moved_or_touched_video_is_known_by_its_content(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_job(only_job(tmp_path))
        monkeypatch.setattr(job_module, "analyse_video", None)
        os.utime(tmp_path / "in/me.observed", (1, 1))
        assert stands_already(FolderStore(tmp_path / "out"), only_job(tmp_path)) is None
        assert run_job(only_job(tmp_path)) == Outcome("kept")
        (tmp_path / "in/deeper").mkdir()
        (tmp_path / "in/me.observed").rename(tmp_path / "in/deeper/me.observed")
        assert run_job(only_job(tmp_path)) == Outcome("kept")

    def test_somebody_else_has_it(self, tmp_path: Path) -> None:
        job = only_job(tmp_path)
        run_job(job)
        (folder,) = results(tmp_path)
        claim = claims.take(tmp_path / "out/.batch/claims", folder.rpartition("-")[2])
        assert isinstance(claim, claims.Claim)
        assert run_job(job) == Outcome("kept")
        shutil.rmtree(tmp_path / "out/videos" / folder)
        assert run_job(job).status == "busy"
        claim.release()
        assert run_job(job).status == "done"


class TestFailed:
    def test_what_lies_in_the_video_is_not_tried_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in/bad.mp4").write_text("not a video")
        job = only_job(tmp_path)
        first = run_job(job)
        assert first.status == "failed"
        assert "bad.mp4: is not a whole video" in first.error
        assert leftovers(tmp_path) == []
        monkeypatch.setattr(job_module, "analyse_video", None)
        assert run_job(job) == Outcome("failed", first.error)
        assert stands_already(FolderStore(tmp_path / "out"), job) == Outcome("failed", first.error)

    def test_but_with_other_options_or_another_content_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in/me.observed").write_text("not a video")
        assert run_job(only_job(tmp_path)).status == "failed"
        assert stands_already(FolderStore(tmp_path / "out"), only_job(tmp_path, settings=Settings(fps=9))) is None
        short_recording(tmp_path / "in/me.observed")
        assert run_job(only_job(tmp_path)).status == "done"
        assert list((tmp_path / "out/.batch/failed").iterdir()) == []

    @pytest.mark.parametrize("error", [TypeError("oh"), SourceUnreadableError("bad")])
    def test_a_mistake_of_ours_is_tried_again_next_time(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        def fails(*_: Any) -> None:
            raise error

        job = only_job(tmp_path)
        monkeypatch.setattr(job_module, "analyse_video", fails)
        assert run_job(job).status == "failed"
        monkeypatch.undo()
        assert run_job(job).status == ("done" if isinstance(error, TypeError) else "failed")

    def test_a_missing_video_is_a_row(self, tmp_path: Path) -> None:
        job = only_job(tmp_path)
        (tmp_path / "in/me.observed").unlink()
        assert "no such file" in run_job(job).error
        short_recording(tmp_path / "in/me.observed")
        assert run_job(job).status == "done"

    def test_a_video_that_is_still_being_copied(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        job, analyse = only_job(tmp_path), job_module.analyse_video

        def grows(job: Job, video: Path, *rest: Any) -> list[str]:
            notes = analyse(job, video, *rest)
            os.utime(video, (1, 1))
            return notes

        monkeypatch.setattr(job_module, "analyse_video", grows)
        assert "was changed while it was analysed" in run_job(job).error
        assert results(tmp_path) == []

    def test_a_full_disk_stops_the_batch_and_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: Any) -> None:
            raise OutputError("no room", "Make some")

        monkeypatch.setattr(job_module, "analyse_video", full)
        with pytest.raises(OutputError):
            run_job(only_job(tmp_path))
        assert results(tmp_path) == []
        assert leftovers(tmp_path) == []

    def test_what_is_stopped_leaves_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def stop(job: Job, video: Path, folder: Path, *_: Any) -> None:
            (folder / "result.json").write_text("half")
            raise KeyboardInterrupt

        monkeypatch.setattr(job_module, "analyse_video", stop)
        with pytest.raises(KeyboardInterrupt):
            run_job(only_job(tmp_path))
        assert results(tmp_path) == []
        assert leftovers(tmp_path) == []

    def test_two_deaths_are_a_row(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(claims, "take", lambda *_: claims.WornOut(2))
        assert "its worker died 2 times over it" in run_job(only_job(tmp_path)).error

    def test_another_version_of_the_coach_does_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        job = only_job(tmp_path)
        monkeypatch.setattr(job_module, "__version__", "99")
        assert "this worker has coach 99" in run_job(job).error


class TestAddresses:
    """By fsspec's own address of local files, which goes the same way as s3:// or http://."""

    def test_videos_and_results_at_an_address(self, tmp_path: Path) -> None:
        pytest.importorskip("fsspec")
        from coach.app.analyse import choose_exercises
        from coach.app.batch.entries import find_entries
        from coach.app.batch.job import jobs_for

        short_recording(tmp_path / "in/me.observed")
        entries, _ = find_entries([f"file://{tmp_path}/in/*.observed"])
        out = f"file://{tmp_path}/out"
        (job,) = jobs_for(entries, choose_exercises, "hip-hiker", None, Settings(), out)
        assert run_job(job).status == "done"
        store = UrlStore(out)
        (folder,) = results(tmp_path)
        assert store.has(folder)
        assert store.names(folder) == ["key.json", "result.json", "skeleton.svg"]
        assert run_job(job) == Outcome("kept")
        local = run_job(only_job(tmp_path))
        assert local == Outcome("kept"), "the same key, whichever way the video is named"

    def test_nothing_there(self, tmp_path: Path) -> None:
        pytest.importorskip("fsspec")
        from coach.app.analyse import choose_exercises
        from coach.app.batch.entries import Entry
        from coach.app.batch.job import jobs_for

        url = f"file://{tmp_path}/none.mp4"
        entry = Entry(url, url)
        (job,) = jobs_for([entry], choose_exercises, "hip-hiker", None, Settings(), str(tmp_path / "out"))
        assert "no such file" in run_job(job).error

    def test_an_address_that_nothing_installed_can_reach(self, tmp_path: Path) -> None:
        pytest.importorskip("fsspec")
        from coach.errors import OptionError

        with pytest.raises(OptionError, match="cannot be reached"):
            UrlStore("nonsense://x")


class TestStore:
    def test_what_the_dead_left_is_swept(self, tmp_path: Path) -> None:
        store = FolderStore(tmp_path)
        node = claims.process_name().rsplit("-", 2)[0]
        work = tmp_path / ".batch/work"
        for name in (f"{node}-99999999-5-abc", "far-1-1-abc", f"{claims.process_name()}-abc"):
            (work / name).mkdir(parents=True)
        store.sweep()
        assert sorted(path.name for path in work.iterdir()) == sorted(["far-1-1-abc", f"{claims.process_name()}-abc"])

    def test_a_result_of_which_somebody_removed_a_part_is_made_again(self, tmp_path: Path) -> None:
        job = only_job(tmp_path)
        run_job(job)
        (folder,) = results(tmp_path)
        (tmp_path / "out/videos" / folder / "key.json").unlink()
        assert run_job(job).status == "done"
        assert (tmp_path / "out/videos" / folder / "key.json").exists()

    def test_a_damaged_state_file_is_as_none(self, tmp_path: Path) -> None:
        (tmp_path / "x.json").write_text("{")
        assert read_json(FolderStore(tmp_path), "x.json") is None


class TestThumbnail:
    def result(self, *depths: tuple[float, bool]) -> Result:
        movements = [
            {"number": i, "side": "left", "peak_s": float(i), "counted": counted, "pelvic_drop_deg": depth}
            for i, (depth, counted) in enumerate(depths, 1)
        ]
        return {"movements": movements, "holds": []}

    def test_the_deepest_of_those_that_count(self) -> None:
        found = deepest_item(self.result((5.0, True), (9.0, True), (20.0, False)))
        assert found is not None
        assert found["number"] == 2
        only = deepest_item(self.result((3.0, False)))
        assert only is not None
        assert only["number"] == 1
        assert deepest_item(self.result()) is None

    def test_nobody_seen_then_is_no_picture(self) -> None:
        assert thumbnail(self.result((5.0, True)), PoseSamples()) == ""


def test_a_name_that_no_file_can_have_is_none_that_is_there(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.read("videos/\0/key.json") is None and not store.has("\0")
