"""No table of an evaluation is cut in a terminal of 80 columns."""

from __future__ import annotations

import pytest
from rich.console import Console
from rich.table import Table

from coach.evaluate.fitting import WRAPS, fitted
from coach.evaluate.run import Scored, evaluate
from coach.evaluate.score import score
from coach.evaluate.tables import show
from tests.evaluate.results import hiker, right, stretch, truth_of

HEADS = [f"figure {number}" for number in range(12)]
CELLS = [f"{number}.25 of 9" for number in range(12)]


def shown(table: Table, width: int) -> list[str]:
    console = Console(width=width, color_system=None)
    with console.capture() as printed:
        for part in fitted(table, console):
            console.print(part)
    return printed.get().splitlines()


def a_table() -> Table:
    table = Table(title="By person", show_edge=False)
    table.add_column("person", no_wrap=True)
    for head in HEADS:
        table.add_column(head, justify="right")
    table.add_row("somebody", *CELLS)
    return table


@pytest.mark.parametrize("width", [40, 80, 120])
def test_every_cell_and_every_word_of_a_heading_is_whole(width: int) -> None:
    lines = shown(a_table(), width)
    assert max(len(line) for line in lines) <= width
    text = "\n".join(lines)
    assert [cell for cell in CELLS if cell not in text] == []
    assert text.count("figure") == len(HEADS)
    assert "…" not in text
    assert text.count("somebody") == text.count("\n person ") > 1
    assert text.count("By person") == 1


def test_a_table_that_fits_stays_one() -> None:
    lines = shown(a_table(), 300)
    assert len(lines) == 4
    assert all(cell in lines[-1] for cell in CELLS)


def test_text_wraps_between_words_before_columns_go_below() -> None:
    table = Table(show_edge=False)
    table.add_column("clip", no_wrap=True)
    table.add_column("what is wrong", overflow=WRAPS)
    table.add_row("mine", "[green]says pelvis roll at 11.7 s, wrongly[/green]")
    lines = shown(table, 24)
    assert lines[2].split() == ["mine", "│", "says", "pelvis"]
    assert "green" not in "".join(lines)


def test_a_whole_evaluation_is_not_cut_at_80_columns() -> None:
    data = hiker(4, faults={"2": ["trunk_lean"]})
    truths = [
        truth_of(each | {"person": who, "clip": f"{who}_{i}"})
        for who in ("anna", "ben")
        for i, each in enumerate((data, stretch()))
    ]
    found = evaluate([Scored(truth, score(truth, right(truth))) for truth in truths], {}, "person")
    console = Console(width=80, color_system=None)
    with console.capture() as printed:
        show(found, console)
    text = printed.get()
    assert "…" not in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    words = ("precision", "recall", "opening", "exact", "lowest", "MDC95", "reliability", "✓", "agreement")
    assert [word for word in words if word not in text] == []
