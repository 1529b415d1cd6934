"""A result as a table to read in a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from coach.session.result import HoldItem, Item, MovementItem, Result, SetItem, by_set, depth, items_of
from coach.units import quantity_of, unit_of


def show(result: Result, console: Console, title: str | None = None) -> None:
    """Print what was counted and found. title: the exercise's, if one was done."""
    piped = not console.is_terminal  # then the lines are for programs, and are not wrapped
    console.print()
    console.print(f"[bold]{escape(str(result['source']))}[/bold]  {escape(_headline(result, title))}", soft_wrap=piped)
    for piece in by_set(result):
        if len(result["sets"]) > 1:
            console.print(f"\n  {escape(_set_line(piece['sets'][0], result, title))}", soft_wrap=piped)
        if piece["movements"]:
            console.print(_movements(piece["movements"]))
        if piece["holds"]:
            console.print(_holds(piece["holds"]))
    for line in [*_summary(result), *result["notes"]]:
        console.print(f"  {escape(line)}", soft_wrap=piped)


def readable(name: str) -> str:
    """A name from the JSON contract in words: ``trunk_lean`` is 'trunk lean'."""
    return name.replace("_", " ").replace("-", " ")


def _headline(result: Result, title: str | None) -> str:
    duration = "" if result["duration_s"] is None else f"{result['duration_s']:.0f} s"
    if result["exercise"] is None:
        return ", ".join(part for part in ("no exercise found", duration) if part)
    sides = dict.fromkeys(item["side"] for item in items_of(result) if item["counted"])
    side = f"{' and '.join(sides)} side" if sides else ""
    names = dict.fromkeys(one["exercise"] for one in result["sets"])
    if len(names) > 1:
        side = f"{len(result['sets'])} sets"
        title = " and ".join(readable(name) for name in names)
    return ", ".join(part for part in (title or readable(result["exercise"]), side, duration) if part)


def _set_line(one: SetItem, result: Result, title: str | None) -> str:
    """A set in a few words: ``Set 2: hip hiker, right side, 10.0 - 44.2 s, 8 repetitions``."""
    name = title if title and one["exercise"] == result["exercise"] else readable(one["exercise"])
    done = "nothing counted"
    if one["reps"]:
        done = f"{one['reps']} {'repetition' if one['reps'] == 1 else 'repetitions'}"
    elif one["hold"] is not None:
        breaths = one["hold"]["breaths"]
        done = f"held for {one['hold']['held_s']:.0f} s" + ("" if breaths is None else f", {breaths} breaths")
    span = f"{one['start_s']:.1f} - {one['end_s']:.1f} s"
    return f"Set {one['number']}: {name.lower()}, {one['side']} side, {span}, {done}"


def _movements(movements: list[MovementItem]) -> Table:
    table = _table(_depth_heading(movements[0]), "down / up")
    for m in movements:
        pace = f"{_figure(m['lowering_s'])} / {_figure(m['raising_s'])} s"
        table.add_row(*_about(m), _with_interval(m), pace, *_verdict(m))
    return table


def _holds(holds: list[HoldItem]) -> Table:
    table = _table("held", "breaths", _depth_heading(holds[0]))
    for h in holds:
        table.add_row(*_about(h), f"{h['held_s']:.0f} s", _breaths(h), _with_interval(h), *_verdict(h))
    return table


def _table(*figures: str) -> Table:
    """An empty table of movements or holds; figures: the headings of what was measured of each."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1))
    for heading in ("#", "side", "from - to"):
        table.add_column(heading, no_wrap=True)
    for heading in figures:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("counts", no_wrap=True)
    table.add_column("to correct")
    return table


def _about(item: Item) -> tuple[str, str, str]:
    """The cells before what was measured."""
    return str(item["number"]), item["side"], f"{item['start_s']:.1f} - {item['end_s']:.1f} s"


def _verdict(item: Item) -> tuple[str, str]:
    """The cells after it: whether it counts, and why not, or what was wrong with it."""
    if not item["counted"]:
        return "no", readable(item["uncounted_reason"] or "something else")
    return "yes", ", ".join(readable(fault) for fault in item["faults"])


def _summary(result: Result) -> list[str]:
    summary, lines = result["summary"], []
    if result["exercise"] is None:
        seen, why = result["seen_ratio"], result["view"]["advice"] or "Nothing in it looks like the exercise."
        lines.append(
            "Nobody was seen well enough for most of the video. The whole body has to be in the picture, in good light."
            if seen is not None and seen < 0.5
            else f"{why} 'coach exercises' shows how it is done and filmed."
        )
        return lines
    if result["movements"]:
        target = f" (a set is {summary['target_reps']})" if summary["target_reps"] else ""
        noun = "repetition" if summary["reps"] == 1 else "repetitions"
        lines.append(f"{summary['reps']} {noun} counted{target}, {summary['clean_reps']} with nothing to correct.")
    if result["holds"]:
        breaths = "breaths could not be seen" if summary["breaths"] is None else f"{summary['breaths']} breaths"
        lines.append(f"Held for {summary['held_s']:.0f} s in all, {breaths}.")
    if result["view"]["advice"]:
        lines.append(f"Camera: {result['view']['advice']}")
    return lines


def _depth_heading(item: Item) -> str:
    found = depth(item)
    return readable(quantity_of(found.name)) if found else "depth"


def _with_interval(item: Item) -> str:
    found = depth(item)
    if found is None or found.value is None:
        return "-"
    margin = "" if found.interval is None else f" ± {(found.interval[1] - found.interval[0]) / 2:.0f}"
    return f"{found.value:.0f}{margin}{unit_of(found.name).symbol}"


def _breaths(hold: HoldItem) -> str:
    if hold["breaths"] is None:
        return "not seen"
    rate = hold["breath_rate_per_min"]
    return str(hold["breaths"]) if rate is None else f"{hold['breaths']} ({rate:.0f}/min)"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
