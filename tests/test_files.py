"""A file appears whole or not at all, whoever else writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.errors import OutputError
from coach.files import check_name, check_saving, saving, whole


@pytest.mark.parametrize("fault", [OSError("full"), KeyboardInterrupt()])
def test_what_was_there_stays_and_nothing_is_left_beside_it(tmp_path: Path, fault: BaseException) -> None:
    path = tmp_path / "result.json"
    with whole(path) as part:
        part.write_text("old")
    with pytest.raises(type(fault)), whole(path) as part:
        part.write_text("ne")
        raise fault
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("result.json", "old")]


def test_two_that_write_the_same_file_do_not_write_to_the_same_part(tmp_path: Path) -> None:
    """Threads of one process, or processes of two machines that happen to have the same number."""
    path = tmp_path / "result.json"
    with whole(path) as ours:
        ours.write_text("ours")
        with whole(path) as theirs:
            theirs.write_text("theirs")
        assert path.read_text() == "theirs"
    assert path.read_text() == "ours"
    assert list(tmp_path.iterdir()) == [path]


def test_what_somebody_asked_for_and_cannot_be_written_is_said(tmp_path: Path) -> None:
    target = tmp_path / "absent" / "page.html"
    wanted = pytest.raises(OutputError, match=r"page\.html: cannot be written \(No such file")
    with wanted as told, saving(target, "Make that folder") as part:
        part.write_text("new")
    assert told.value.remedy == "Make that folder"
    with pytest.raises(ZeroDivisionError), saving(tmp_path / "page.html"):
        raise ZeroDivisionError


def test_whether_it_can_be_written_is_known_beforehand_and_leaves_nothing(tmp_path: Path) -> None:
    check_saving(tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError, match=r"page\.html: cannot be written \(No such file.*Make it"):
        check_saving(tmp_path / "absent" / "page.html", "Make it")


def test_a_folder_is_no_file_to_write(tmp_path: Path) -> None:
    for folder in (Path(), Path("/"), tmp_path, tmp_path / ".."):
        with pytest.raises(OutputError, match=r"is a folder\. Name a file in it"), saving(folder):
            pass
    assert check_name(tmp_path / "page") == tmp_path / "page"


def test_another_ending_than_a_file_has_is_said(tmp_path: Path) -> None:
    assert check_name(Path("Me.HTM"), ".html", ".htm") == Path("Me.HTM")
    for name in ("me.pdf", "me", ".html"):
        with pytest.raises(OutputError, match=rf"^{name}: does not end in \.html\. Let it end in \.html"):
            check_name(Path(name), ".html", ".htm")
