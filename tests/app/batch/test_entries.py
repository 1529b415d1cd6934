"""Which videos a batch is about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coach.app.batch.entries import Entry, find_entries, numbered, read_list, shard_of
from coach.app.batch.keys import content_hash
from coach.definitions.exercise import load_exercise
from coach.errors import MOST_MISTAKES, ListFileError, SourceNotFoundError, SourceUnreadableError


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(found: list[Entry]) -> list[str]:
    return [entry.name for entry in found]


class TestFolders:
    def test_everything_below_by_name(self, tmp_path: Path) -> None:
        put(tmp_path, "b/two.MOV", "a.mp4", "b/one.mkv", "c.observed", "notes.txt", ".hidden/x.mp4", ".y.mp4")
        assert names(find_entries([str(tmp_path)])[0]) == ["a.mp4", "b/one.mkv", "b/two.MOV", "c.observed"]

    def test_not_what_the_batch_itself_wrote(self, tmp_path: Path) -> None:
        put(tmp_path, "a.mp4", "out/videos/a-1/annotated.mp4")
        assert names(find_entries([str(tmp_path)], tmp_path / "out")[0]) == ["a.mp4"]

    def test_patterns_and_single_files(self, tmp_path: Path) -> None:
        put(tmp_path, "a1.mp4", "a2.mp4", "b.mp4")
        assert names(find_entries([str(tmp_path / "a*.mp4"), str(tmp_path / "b.mp4")])[0]) == [
            *("a1.mp4", "a2.mp4", "b.mp4")
        ]

    def test_equal_names_in_two_folders_are_told_apart(self, tmp_path: Path) -> None:
        put(tmp_path, "x/me.mp4", "y/me.mp4")
        found, _ = find_entries([str(tmp_path / "x"), str(tmp_path / "y")])
        assert names(found) == [(tmp_path / folder / "me.mp4").as_posix() for folder in "xy"]
        assert len({entry.id for entry in found}) == 2

    def test_what_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(SourceNotFoundError, match="no such folder"):
            find_entries([str(tmp_path / "none")])
        with pytest.raises(SourceNotFoundError, match="no video is there"):
            find_entries([str(tmp_path)])
        assert names(find_entries([str(tmp_path / "none.mp4")])[0]) == ["none.mp4"]  # becomes a row


class TestLists:
    def test_what_a_list_knows(self, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_text(
            "video,person,date,exercise,side\na.mp4,Anna,2026-03-14,hip-hiker,Left\n"
            "s3://clinic/b.mp4,,,mine.toml,auto\n,,,,\n"
        )
        assert read_list(path)[0] == [
            Entry("a.mp4", str(tmp_path / "a.mp4"), "Anna", "2026-03-14", "hip-hiker", "left"),
            Entry("s3://clinic/b.mp4", "s3://clinic/b.mp4", exercise=str(tmp_path / "mine.toml")),
        ]

    def test_as_a_spreadsheet_writes_it(self, tmp_path: Path) -> None:
        """Semicolons, a byte order mark, Windows line ends, other names, more columns."""
        path = tmp_path / "list.csv"
        path.write_bytes("\ufeffPatient;File;Room\r\nMüller, A.;a.mp4;3\r\n".encode())
        assert read_list(path) == ([Entry("a.mp4", str(tmp_path / "a.mp4"), "Müller, A.")], ["Room"])

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("movie,person\na.mp4,x\n", "no column 'video'"),
            ("", "no column 'video'"),
            ("video,date\na.mp4,14.3.2026\n", "line 2: the date is '14.3.2026'"),
            ("video,side\na.mp4,\nb.mp4,up\n", "line 3: side is 'up'"),
            ("video,person\n,Anna\n", "line 2: names no video"),
        ],
    )
    def test_mistakes_name_their_line(self, tmp_path: Path, text: str, says: str) -> None:
        path = tmp_path / "list.csv"
        path.write_text(text)
        with pytest.raises(ListFileError, match=says):
            read_list(path)

    def test_every_mistake_is_named_with_its_line_and_remedy(self, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_text(
            "video,date,exercise,side\na.mp4,,hip-hikr,\nb.mp4,14.3.2026,,up\nc.mp4,,hip-hiker,\nd.mp4,,hip-hikr,\n"
        )
        with pytest.raises(ListFileError) as raised:
            read_list(path, load_exercise)
        assert raised.value.named == str(path)
        unknown = (
            "unknown exercise 'hip-hikr'. Choose one of hip-hiker, strap-stretch, or give the path of a .toml file"
        )
        assert [str(mistake) for mistake in raised.value.mistakes] == [
            f"line 2: {unknown}",
            "line 3: side is 'up'. Use left, right, or nothing to find out",
            "line 3: the date is '14.3.2026'. Write it as 2026-03-14",
            f"line 5: {unknown}",
        ]

    def test_of_very_many_mistakes_the_first_are_named(self, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_text("video,side\n" + "a.mp4,up\n" * 500)
        with pytest.raises(ListFileError) as raised:
            read_list(tmp_path / "list.csv")
        assert (len(raised.value.mistakes), str(raised.value.mistakes[-1])) == (MOST_MISTAKES + 1, "and more")

    def test_as_an_older_spreadsheet_saves_letters(self, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_bytes("video;person\na.mp4;Müller\n".encode("cp1252"))
        with pytest.raises(ListFileError, match="Save it as 'CSV UTF-8'"):
            read_list(tmp_path / "list.csv")

    def test_not_text(self, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(ListFileError, match="cannot be read as text"):
            read_list(tmp_path / "list.csv")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
    def test_a_pipe_is_no_list_and_no_video(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "list.csv")
        with pytest.raises(ListFileError, match="is not a file"):
            read_list(tmp_path / "list.csv")
        with pytest.raises(SourceUnreadableError, match="is not a file"):
            content_hash(tmp_path / "list.csv")

    @pytest.mark.parametrize("video", ["a\x00.mp4", "a\x1b[2J.mp4", "x" * 140_000])
    def test_letters_that_name_nothing(self, tmp_path: Path, video: str) -> None:
        (tmp_path / "list.csv").write_text(f"video\n{video}\n")
        with pytest.raises(ListFileError, match=r"list\.csv: line "):
            read_list(tmp_path / "list.csv")

    def test_one_video_on_two_lines_is_two_rows(self) -> None:
        found = numbered([Entry("a.mp4", "a.mp4", side="left"), Entry("a.mp4", "a.mp4", side="right")])
        assert [entry.repeat for entry in found] == [0, 1]
        assert found[0].id != found[1].id


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_shards_share_out_everything_once(parts: int) -> None:
    entries = [Entry(f"{i:02}", "") for i in range(10)]
    shards = [shard_of(entries, (i, parts)) for i in range(1, parts + 1)]
    assert sorted(names([entry for shard in shards for entry in shard])) == names(entries)
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_a_list_as_spreadsheets_save_it(encoding: str, first: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"{first}video;person;date\r\nä.mp4;Änne;\r\nb.mp4;;none\r\n".encode(encoding))
    with pytest.raises(ListFileError, match=f"line {4 if first else 3}: the date is 'none'"):
        read_list(path)
    path.write_bytes(f"{first}video;person;date\r\nä.mp4;Änne;\r\n".encode(encoding))
    entries, unknown = read_list(path)
    assert [(entry.name, entry.person) for entry in entries] == [("ä.mp4", "Änne")]
    assert unknown == []
