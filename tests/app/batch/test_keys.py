"""What a result depends on is in its key, and is told when it changed."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from coach.app.batch.keys import Settings, base_parts, changes, content_hash, digest, with_content
from coach.app.result_folder import Wanted
from coach.definitions.exercise import load_exercise

ROOT = Path(__file__).parents[3]
OTHER = {"fps": 10.0, "language": "de"}
OTHER_WANTED = {"kinds": ("csv",)}


def key(settings: Settings | None = None, exercise: str = "hip-hiker", side: str | None = None, **video: str) -> str:
    base = base_parts(settings or Settings(), [load_exercise(exercise)], side)
    return digest(with_content(base, video.get("content", "c"), video.get("name", "me.mp4")))


def test_every_option_is_in_it() -> None:
    changed = [replace(Settings(), **{name: value}) for name, value in OTHER.items()]
    for field in fields(Wanted):
        changed.append(Settings(wanted=replace(Wanted(), **{field.name: OTHER_WANTED.get(field.name, True)})))
    assert {field.name for field in fields(Settings)} == {*OTHER, "wanted"}
    keys = [key(), *map(key, changed), key(side="left"), key(exercise="strap-stretch")]
    keys += [key(content="d"), key(name="you.mp4")]
    assert len(set(keys)) == len(keys)


def test_the_order_in_which_exports_were_asked_for_is_not() -> None:
    one, other = (Settings(wanted=Wanted(kinds=kinds)) for kinds in (("csv", "trc"), ("trc", "csv")))
    assert key(one) == key(other)


def test_a_threshold_of_an_exercise_is_and_a_comment_is_not(tmp_path: Path) -> None:
    text = (ROOT / "exercises/hip-hiker.toml").read_text(encoding="utf-8")
    path = tmp_path / "hip-hiker.toml"
    path.write_text(f"# mine\n{text}", encoding="utf-8")
    assert key(exercise=str(path)) == key()
    keys = set()
    for count in (10, 12):
        own = text.replace('name = "hip-hiker"', 'name = "mine"', 1).replace("count = 10", f"count = {count}")
        path.write_text(own, encoding="utf-8")
        keys.add(key(exercise=str(path)))
    assert len(keys) == 2


def test_another_version_is(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key()
    monkeypatch.setattr("coach.app.batch.keys.__version__", "99")
    assert key() != before


def test_what_changed_is_told() -> None:
    hiker, strap = load_exercise("hip-hiker"), load_exercise("strap-stretch")
    old = with_content(base_parts(Settings(), [hiker], None), "c", "me.mp4")
    settings = Settings(fps=10, wanted=Wanted(report=True, kinds=("csv",)))
    new = with_content(base_parts(settings, [hiker], "left"), "c", "me.mp4")
    assert changes(old, old) == []
    assert changes(old, new) == [
        *("fps was 15, is 10", "kinds was none, is csv", "report was off, is on", "side was auto, is left")
    ]
    both = with_content(base_parts(Settings(), [hiker, strap], None), "d", "me.mp4")
    assert changes(old, both) == ["the video changed", "judged for hip-hiker and strap-stretch instead of hip-hiker"]
    other = {**old, "exercises": {"hip-hiker": "0"}, "version": "99"}
    assert changes(other, old)[1:] == ["the exercise hip-hiker changed"]


def test_a_video_is_known_by_its_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    one.write_bytes(b"x" * 3_000_000)
    other.write_bytes(b"x" * 3_000_000)
    assert content_hash(one) == content_hash(other)
    other.write_bytes(b"x" * 2_999_999 + b"y")
    assert content_hash(one) != content_hash(other)
