"""What is measured in a unit, person by person, as figures and as plots."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from coach.evaluate.plots import write_plots
from coach.evaluate.quantities import Point, agreement, agreements, biases
from coach.evaluate.score import ClipScore, score
from coach.evaluate.tables import agreement_table
from tests.evaluate.results import hiker, right, stretch, truth_of


def hikers(clip: str, error_deg: float) -> ClipScore:
    truth = truth_of(hiker(4), clip)
    result = right(truth)
    for movement in result["movements"]:
        drop = movement["pelvic_drop_deg"] + error_deg
        movement.update(pelvic_drop_deg=drop, pelvic_drop_interval_deg=[drop - 1, drop + 1])
    return score(truth, result)


def test_bias_by_person() -> None:
    found = agreements([hikers("a", 1.0), hikers("b", -0.5), hikers("c", 2.0)], {"a": "Ada", "b": "Bob", "c": "Ada"})
    assert [each.key for each in found] == ["drop"]
    ada, bob = biases(found)
    assert (ada.person, ada.n, ada.bias, ada.mae) == ("Ada", 8, pytest.approx(1.5), pytest.approx(1.5))
    assert (bob.person, bob.n, bob.bias, bob.sd) == ("Bob", 4, pytest.approx(-0.5), pytest.approx(0.0, abs=1e-9))
    assert found[0].limits.bias == pytest.approx((8 * 1.5 - 4 * 0.5) / 12)


def test_a_hold_gives_its_length_opening_and_breaths() -> None:
    truth = truth_of(stretch() | {"leg_open_deg": 38.0})
    found = {each.key: each for each in agreements([score(truth, right(truth))], {})}
    assert [(point.true, point.found) for point in found["open"].points] == [(38.0, 40.0)]
    assert [(point.true, point.found) for point in found["held"].points] == [(28.0, 28.0)]
    assert [(point.true, point.found) for point in found["breaths"].points] == [(6.0, 6.0)]
    assert math.isnan(found["open"].icc.value)


def test_the_table_says_how_reliable_it_is() -> None:
    points = [
        Point("Ada", true, true + error) for true, error in ((8, 0.1), (10, -0.2), (12, 0.2), (14, -0.1), (16, 0.0))
    ]
    console = Console(width=160, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(agreement_table([agreement("drop", "pelvic drop", "°", points)], "Agreement"))
    text = console.export_text()
    assert "+0.00 (-0.20 to +0.20)" in text
    assert "-0.31 to +0.31" in text
    assert "excellent" in text


def test_plots_are_svg_files(tmp_path: Path) -> None:
    found = agreements([hikers("a", 1.0), hikers("b", -0.5)], {"a": "Ada", "b": "B<o>b"})
    (path,) = write_plots(found, tmp_path)
    assert path.name == "bland-altman-drop.svg"
    words = " ".join(ElementTree.parse(path).getroot().itertext())
    for word in ("Pelvic drop: coach minus true", "mean of true and coach, °", "Ada", "B<o>b", "bias", "+0.25"):
        assert word in words
    before = path.read_text()
    write_plots(found, tmp_path)
    assert path.read_text() == before
