"""The report as one file: what it says, that it is whole, and that it needs nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from coach.errors import OutputError
from coach.history import History
from coach.report import skeleton_svg
from coach.report.page import MOST_KEYS, ReportPart, page
from coach.report.text import accuracy, headline, notes
from coach.report.write import write_history_report, write_report, write_session_report
from coach.session.snapshot import snapshot
from coach.session.timeline import KeyMoment
from coach.types import Side
from tests.conftest import standing_pose
from tests.report.scripted import Script, held, hip_hiker, session, strap_stretch

FAULTY = Script(faults={2: ("trunk_lean",)}, uncounted={3: "too_shallow"}, away=(16.0, 17.5))
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Reader(HTMLParser):
    """Collects what is shown, and that every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.words = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "action", "srcset"):
                self.addresses.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words += data


def test_the_page_says_what_was_done() -> None:
    result, timeline = session(FAULTY)
    read = Reader(page([ReportPart(result, hip_hiker(), timeline)]))
    words = " ".join(read.words.split())
    for said in (
        "Hip hiker",
        "3 of 10",
        "Movement 3, left, at 0:11: it was not deep enough.",
        "Not whole in the picture: 0:16 to 0:18.",
        "10.0°",
        "Trunk lean to standing leg",
        hip_hiker().say("trunk_lean_to_standing_leg"),
        "nine of ten",
        "no diagnosis",
        "Nothing was sent anywhere",
    ):
        assert said in words


def test_a_lean_to_the_hanging_leg_is_called_so() -> None:
    straight, turned = session(FAULTY), session(replace(FAULTY, lean="hanging"))
    for language, said in (("en", "to hanging leg"), ("de", "zum hängenden Bein"), ("fr", "vers la jambe suspendue")):
        there, elsewhere = (page([ReportPart(r, hip_hiker(), t)], language=language) for r, t in (turned, straight))
        assert said in Reader(there).words
        assert said not in Reader(elsewhere).words


@pytest.mark.parametrize(
    ("language", "what"),
    [
        ("en", "Youdas 2007, one-leg stance, adults without complaints"),
        ("de", "Youdas 2007, Einbeinstand, gesunde Erwachsene"),
        ("fr", "Youdas 2007, appui unipodal, adultes sans plainte"),
    ],
)
def test_the_four_degrees_are_cited_as_what_they_are(language: str, what: str) -> None:
    (about_depth, *_) = accuracy(session()[0], hip_hiker(), language)
    assert what in about_depth and "4" in about_depth


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = page([ReportPart(*_part(session(FAULTY)))])
    read = Reader(text)
    assert all(address.startswith(("#", "data:")) for address in read.addresses)
    assert not re.search(r"url\((?!#)", text)
    assert "<script" not in text
    assert "@import" not in text
    assert set(re.findall(r'https?://[^"\s<]+', text)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "default-src 'none'" in text


def test_its_colours_follow_the_page() -> None:
    text = page([ReportPart(*_part(session(FAULTY)))])
    assert "#0102" not in text
    assert "prefers-color-scheme: dark" in text
    assert "var(--ink)" in text


def test_a_name_cannot_smuggle_in_markup() -> None:
    result, timeline = session()
    result = {**result, "source": "<script>alert(1)</script>.mp4"}
    timeline = replace(timeline, keys=tuple(replace(key, detail="<b>x", kind="fault") for key in timeline.keys))
    text = page([ReportPart(result, hip_hiker(), timeline)], facts=["<i>anna</i>"])
    assert "<script" not in text
    assert "<i>anna" not in text
    assert "<b>x" not in text


def test_half_an_hour_stays_under_a_megabyte() -> None:
    script = Script(repetitions=450, fps=5, faults=dict.fromkeys(range(2, 450, 3), ("trunk_lean",)))
    text = page([ReportPart(*_part(session(script, landmarks=False)))])
    assert len(text.encode()) < 1_000_000
    assert text.count('<figure class="key') <= MOST_KEYS
    Reader(text)


def test_pictures_only_where_they_were_kept() -> None:
    result, timeline = session()
    assert "<image" not in page([ReportPart(result, hip_hiker(), timeline)])
    seen = snapshot(np.zeros((480, 640, 3), np.uint8), timeline.keys[0].xy_px)
    kept = replace(timeline, keys=tuple(replace(key, picture=seen) for key in timeline.keys))
    text = page([ReportPart(result, hip_hiker(), kept)])
    assert text.count("data:image/jpeg;base64,") == len(timeline.keys)
    assert "no picture was kept" not in text


def test_left_stands_beside_right() -> None:
    left, _ = session(Script(side="left", repetitions=2))
    right, _ = session(Script(side="right", depth_deg=12.5))
    rows = {row.name: (row.left, row.right) for row in headline([left, right], hip_hiker())}
    assert rows["Counted"] == ("2 of 10", "4 of 10")
    assert rows["Pelvic drop"] == ("10.0°", "12.5°")
    only = {row.name: (row.left, row.right) for row in headline([left], hip_hiker())}
    assert only["Counted"] == ("2 of 10", None)


def test_a_hold_is_told_in_breaths() -> None:
    result, timeline, exercise = strap_stretch()
    rows = {row.name: row.right for row in headline([result], exercise)}
    assert rows["Held"] == "30 s"
    assert rows["Breaths"] == "6 (aim 6 to 8)"
    assert rows["Leg open"] == "40.0°"
    result, timeline, exercise = strap_stretch(held(None, not_judged=("raised_knee_bent",)))
    rows = {row.name: row.right for row in headline([result], exercise)}
    assert rows["Breaths"] == "not seen well enough"
    camera = " ".join(notes(result, timeline, exercise).camera)
    assert "not clear enough to count in hold 1" in camera
    assert "Not judged: raised knee bent." in camera
    assert any("0 to 1" in line for line in accuracy(result, exercise))
    Reader(page([ReportPart(result, exercise, timeline)]))


@pytest.mark.parametrize(("half_deg", "said"), [(6.0, "Nothing"), (14.0, "Leg open: only rough from there (± 14°).")])
def test_an_opening_that_the_view_shows_only_roughly_is_told_as_that(half_deg: float, said: str) -> None:
    """All that was asked for could be judged, said the report, of 40 degrees that may have been 26 or 54."""
    result, timeline, exercise = strap_stretch(replace(held(), depth_interval=(40 - half_deg, 40 + half_deg)))
    rows = {row.name: row.right for row in headline([result], exercise)}
    assert rows["Leg open"] == f"40.0 ± {half_deg:g}°"
    (line,) = notes(result, timeline, exercise).camera
    assert line.startswith(said)
    result["view"]["advice"] = exercise.say("view_side")
    assert notes(result, timeline, exercise, "de").camera == (exercise.say("view_side", "de"),)
    assert f"40.0 ± {half_deg:g}°" in page([ReportPart(result, exercise, timeline)])


def test_nothing_found_is_said_and_is_no_error() -> None:
    result, timeline = session(Script(repetitions=0))
    for exercise in (hip_hiker(), None):
        found = {**result, "exercise": exercise.name if exercise else None}
        said = "Nothing of it was found" if exercise else "Neither exercise was found in this recording"
        assert f"{said}, so nothing was counted" in Reader(page([ReportPart(found, exercise, timeline)])).words


def test_an_exercise_whose_file_is_not_known_is_told_in_figures_and_what_to_do() -> None:
    result, timeline = session(FAULTY)
    left = {**result, "exercise": "my-own"}
    text = page([ReportPart(left, None, timeline), ReportPart(*_part(session()))], source="12")
    words = " ".join(Reader(text).words.split())
    for said in ("My own and Hip hiker", "3 of 10", "Pelvic drop", "coach report 12 --exercise FILE.toml"):
        assert said in words
    assert "nothing was counted" not in words
    assert text.count('<figure class="chart">') == 1  # of the one that is known
    right, _, _ = strap_stretch()
    rows = {row.name: row.right for row in headline([{**right, "exercise": "my-own"}], None)}
    assert (rows["Held"], rows["Breaths"], rows["Leg open"]) == ("30 s", "6", "40.0°")


def test_several_sets_and_pain_on_one_page() -> None:
    parts = [ReportPart(*_part(session(Script(side=side)))) for side in ("left", "right")]
    words = " ".join(Reader(page(parts, facts=["Monday"], pains=["4 of 10 in set 1 at 0:12."])).words.split())
    assert "1. Hip hiker, left" in words
    assert "2. Hip hiker, right" in words
    assert "4 of 10 in set 1" in words
    assert words.count("How accurate this is") == 1


@pytest.mark.parametrize(("widths", "said"), [((2, 2), "spans 2° to"), ((2, 4), "spans 2 to 4° to")])
def test_one_width_of_the_bars_is_no_range(widths: tuple[int, int], said: str) -> None:
    result, _ = session(Script(2))
    for movement, width in zip(result["movements"], widths, strict=True):
        movement["pelvic_drop_interval_deg"] = [10.0 - width, 10.0 + width]
    assert said in accuracy(result, hip_hiker())[0]
    assert " de de " not in accuracy(result, hip_hiker(), "fr")[0]


@pytest.mark.parametrize(("away", "said"), [(7, "and once more"), (9, "and 3 times more")])
def test_many_absences_are_not_all_listed(away: int, said: str) -> None:
    result, timeline = session()
    t_s = np.arange(away * 40) / 10
    gone = replace(
        timeline, t_s=t_s, seen=t_s % 4 < 2, phase=np.full(len(t_s), "ready"), side=np.full(len(t_s), "left")
    )
    assert said in " ".join(notes(result, gone, hip_hiker()).camera)


def test_a_depth_that_is_no_angle_has_its_own_unit() -> None:
    result, _ = session(Script(2))
    own = hip_hiker().model_copy(update={"depth_name": "foot_way_pct"})
    for movement in result["movements"]:
        movement["foot_way_pct"] = movement.pop("pelvic_drop_deg")
        movement["foot_way_interval_pct"] = movement.pop("pelvic_drop_interval_deg")
    (depth,) = (row.left for row in headline([result], own) if row.name == "Foot way")
    assert depth == "10.0 % of leg"
    assert "spans 2 % of leg to" in accuracy(result, own)[0]


@pytest.mark.parametrize(
    ("scores", "rule", "said"),
    [
        ((0, 0), {}, "away from the standing leg"),
        ((0, 1), {}, "less far, and only while it stays easy"),
        ((None, 0), {}, "less far, and only while it stays easy"),
        ((5, 2), {}, "less far, and only while it stays easy"),
        ((2, 6), {}, "doctor or physiotherapist before"),
        ((5, 2), {"caution_from": 2, "stop_from": 5}, "doctor or physiotherapist before"),  # the programme's
    ],
)
def test_where_it_hurt_the_report_says_of_the_exercise_what_the_guide_says(
    tmp_path: Path, scores: tuple[int | None, ...], rule: dict[str, int], said: str
) -> None:
    with History.open(tmp_path) as history:
        with history.begin("anna") as writer:
            for part, side in enumerate(("left", "right")):
                writer.part(part, "hip-hiker")
                writer.result(session(FAULTY)[0] | {"source": side}, part)
                writer.pain(scores[part], 3.0, part)
            writer.part(2, "strap-stretch")
            writer.result(strap_stretch()[0], 2)
            writer.record({"pain_rule": rule})
        write_history_report(history, writer.number, tmp_path / "report.html")
    left, right, other = (tmp_path / "report.html").read_text(encoding="utf-8").split('<section class="part')[1:]
    for sentence in (
        "away from the standing leg",
        "less far, and only while it stays easy",
        "doctor or physiotherapist before",
    ):
        assert (sentence in left) == (sentence in right) == (sentence == said)
    assert "All of it was well done" in other


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_report_rings_the_joint_that_is_named_whichever_side_moves(side: Side) -> None:
    key = KeyMoment(1.0, "fault", side, 0, "", (640, 480), standing_pose((640, 480)).xy_px)
    ringed = re.findall(
        r'<circle class="ring" cx="([\d.]+)"', skeleton_svg.draw(key, (400.0, 400.0), "", ["left knee"])
    )
    knees = [
        re.findall(r'<circle class="ring" cx="([\d.]+)"', skeleton_svg.draw(key, (400.0, 400.0), "", [f"{one} knee"]))
        for one in ("left", "right")
    ]
    assert ringed == knees[0] != knees[1]


@pytest.mark.parametrize(
    ("fault", "raised"), [(OSError(28, "No space left on device"), OutputError), (KeyboardInterrupt(), None)]
)
def test_the_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException, raised: type[BaseException] | None
) -> None:
    result, timeline = session()
    target = tmp_path / "report.html"
    assert write_report(result, timeline, target) == [target]
    before = target.read_bytes()

    def full(self: Path, *args: object, **options: object) -> int:
        self.write_bytes(b"<!doc")
        raise fault

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(raised or type(fault), match="No space left" if raised else None):
        write_report(result, None, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_session_report([], tmp_path / "absent" / "report.html")


def _part(found):  # type: ignore[no-untyped-def]
    result, timeline = found
    return result, hip_hiker(), timeline
