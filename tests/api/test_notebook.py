"""The notebook in docs/ runs from its first cell to its last, and shows what it says."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cuts import cut

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs/first-analysis.ipynb"


def cells() -> list[str]:
    found = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]


def run(source: str, names: dict[str, Any]) -> Any:
    """Run a cell as a notebook does: the value of a last expression is what it shows."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, str(NOTEBOOK), "exec"), names)
    return eval(compile(ast.Expression(last.value), str(NOTEBOOK), "eval"), names) if last is not None else None


@pytest.mark.model
def test_every_cell_runs_and_shows_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pytest.importorskip("pandas")
    (tmp_path / "samples").mkdir()
    cut("hiker_right_30fps.mp4", 6.7, tmp_path / "samples" / "hiker_right_30fps.mp4")  # the first repetition
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    shown = [run(source, names) for source in cells()]
    result = names["result"]
    assert shown[0][0] == "hip-hiker"
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(result.repetitions) == 1
    assert len(shown[2]) == len(result.repetitions)
    (axes,) = names["figure"].axes
    assert len(axes.lines) == 1 + len(result.repetitions)
    assert shown[-2] == ("hip-hiker", True)  # judged again, the same
    assert "report.html" in shown[-1]
