"""What the documents promise to explain is explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.definitions.about import About
from coach.definitions.exercise import Advice, Camera, Exercise, GaugeSpec, Target
from coach.definitions.rules import Fault, Gate, HoldRule, MovementRule
from coach.evaluate.metrics import figures
from coach.kinematics.body import USUAL_SHOULDERS
from coach.kinematics.catalogue import SIGNALS
from coach.kinematics.pelvic_model import HIPS_BENT, HIPS_SHARE
from coach.kinematics.upright import BREADTH_POWER, HIP_CENTRE_SHARE, SINKS_BY_VIEW, SINKS_USUAL
from coach.toml import Part

ROOT = Path(__file__).parents[2]
PARTS = (Exercise, About, Target, Camera, Advice, MovementRule, HoldRule, Gate, Fault, GaugeSpec)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("signal", sorted(SIGNALS))
def test_every_signal_is_explained(signal: str) -> None:
    assert f"**`{signal}`**" in text_of("docs/signals.md")


def test_the_constants_are_those_of_the_code() -> None:
    text = text_of("docs/signals.md")
    assert f"k = d / (L + T) = {HIP_CENTRE_SHARE}" in text
    assert f"u = {HIPS_SHARE} d sin(drop) + {HIPS_BENT} K" in text
    assert f"b^({BREADTH_POWER} (1 - |sin(turn)|))" in text and f"over {USUAL_SHOULDERS} L" in text
    assert f"by {SINKS_USUAL} + {SINKS_BY_VIEW} `c L`" in text
    assert f"(`HIP_CENTRE_SHARE`, {HIP_CENTRE_SHARE})" in text_of("docs/measuring.md")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_key_of_an_exercise_file_is_explained(part: type[Part]) -> None:
    text = text_of("exercises/README.md")
    names = {field.alias or name for name, field in part.model_fields.items()}
    tables = {
        "target",
        "camera",
        "movement",
        "hold",
        "gates",
        "faults",
        "gauges",
        "words",
        "about",
        "advice",
        "picture",
    }
    missing = [name for name in names - tables if f"`{name}`" not in text]
    missing += [name for name in names & tables if f"[{name}" not in text and f".{name}]" not in text]
    assert missing == []


@pytest.mark.parametrize("key", [figure.key for figure in figures([])])
def test_every_figure_is_explained(key: str) -> None:
    assert f"`{key}`" in text_of("docs/measuring.md")
