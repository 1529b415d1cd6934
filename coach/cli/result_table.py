"""A result as a table to read in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from coach.definitions.exercise import title_of
from coach.i18n.report_messages import Messages
from coach.i18n.result_notes import NOT_ANY, sentences
from coach.i18n.terminal_messages import terminal_words
from coach.session.result import HoldItem, Item, MovementItem, Result, SetItem, by_set, called, depth, items_of
from coach.units import quantity_of, unit_of

FIGURES_FROM = 3  # columns before the figures: number, side, time
LEAST_FAULTS = 12  # characters of the column that says what was wrong: a long word


def show(result: Result, console: Console, title: str | None = None, language: str = "en") -> None:
    """Print what was counted and found, in a language. title: the exercise's, if one was done."""
    words = terminal_words(language)
    piped = not console.is_terminal  # then the lines are for programs, and are not wrapped
    console.print()
    head = _headline(result, title, words)
    console.print(f"[bold]{escape(str(result['source']))}[/bold]  {escape(head)}", soft_wrap=piped)
    for piece in by_set(result):
        if len(result["sets"]) > 1:
            console.print(f"\n  {escape(_set_line(piece['sets'][0], result, title, words))}", soft_wrap=piped)
        if piece["movements"]:
            console.print(_movements(piece["movements"], piece["exercise"], words))
        if piece["holds"]:
            console.print(_holds(piece["holds"], piece["exercise"], words))
        for line in _not_judged(piece, words):
            console.print(f"  {escape(line)}", style="dim", soft_wrap=piped)
    for line in [*_summary(result, words), *result["notes"]]:
        console.print(f"  {escape(line)}", soft_wrap=piped)


def readable(name: str) -> str:
    """A name from the JSON contract in words: ``trunk_lean`` is 'trunk lean'."""
    return name.replace("_", " ").replace("-", " ")


def _exercise(name: str, words: Messages) -> str:
    """What an exercise is called in a line; its name in plain words in English."""
    return readable(name) if words.language == "en" else title_of(name, words.language)


def _fault(name: str, exercise: str | None, words: Messages) -> str:
    """A fault or reason in words."""
    if words.language == "en":
        return readable(name)
    from coach.definitions.exercise import builtin_names, load_exercise

    return words.fault(name, load_exercise(exercise) if exercise in builtin_names() else None)


def _sides(sides: Iterable[str], words: Messages) -> str:
    return words.all_of(words(side) for side in sides)


def _headline(result: Result, title: str | None, words: Messages) -> str:
    duration = "" if result["duration_s"] is None else words.seconds(result["duration_s"])
    if result["exercise"] is None:
        return ", ".join(part for part in (words("nothing_found"), duration) if part)
    sides = dict.fromkeys(item["side"] for item in items_of(result) if item["counted"])
    side = words("of_side", sides=_sides(sides, words)) if sides else ""
    names = dict.fromkeys(one["exercise"] for one in result["sets"])
    if len(names) > 1:
        side = words("some_sets", count=len(result["sets"]))
        both = words.all_of(_exercise(name, words) for name in names)
        title = both[:1].upper() + both[1:]
    return ", ".join(part for part in (title or _exercise(result["exercise"], words), side, duration) if part)


def _set_line(one: SetItem, result: Result, title: str | None, words: Messages) -> str:
    """A set in a few words: ``Set 2: hip hiker, right side, 10.0 - 44.2 s, 8 repetitions``."""
    name = title if title and one["exercise"] == result["exercise"] else _exercise(one["exercise"], words)
    done = words("nothing_counted")
    if one["reps"]:
        done = words.several("repetition", one["reps"])
    elif one["hold"] is not None:
        held, breaths = words.seconds(one["hold"]["held_s"]), one["hold"]["breaths"]
        done = words("held_for", held=held) if breaths is None else words("held_breaths", held=held, breaths=breaths)
    return words(
        "set_line",
        number=one["number"],
        exercise=name.lower() if words.language == "en" else name,
        side=words(one["side"]),
        start=words.number(one["start_s"], 1),
        end=words.number(one["end_s"], 1),
        done=done,
    )


def _movements(movements: list[MovementItem], exercise: str | None, words: Messages) -> Table:
    table = _table(words("movement_heads", depth=_depth_heading(movements[0], words)))
    for m in movements:
        pace = f"{_figure(m['lowering_s'], words)} / {_figure(m['raising_s'], words)} s"
        table.add_row(*_about(m, words), _with_interval(m), pace, *_verdict(m, exercise, words))
    return table


def _holds(holds: list[HoldItem], exercise: str | None, words: Messages) -> Table:
    table = _table(words("hold_heads", depth=_depth_heading(holds[0], words)))
    for h in holds:
        figures = (words.seconds(h["held_s"]), _breaths(h, words), _with_interval(h))
        table.add_row(*_about(h, words), *figures, *_verdict(h, exercise, words))
    return table


def _table(heads: str) -> Table:
    """An empty table of movements or holds; heads: number, side, time, figures, verdict and faults, parted by bars."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1))
    *headings, counts, faults = heads.split("|")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number < FIGURES_FROM else "right", no_wrap=number < FIGURES_FROM)
    table.add_column(counts, no_wrap=True)
    table.add_column(faults, min_width=LEAST_FAULTS, overflow="fold")
    return table


def _about(item: Item, words: Messages) -> tuple[str, str, str]:
    """The cells before what was measured."""
    span = f"{words.number(item['start_s'], 1)} - {words.number(item['end_s'], 1)} s"
    return str(item["number"]), words(item["side"]), span


def _verdict(item: Item, exercise: str | None, words: Messages) -> tuple[str, str]:
    """The cells after it: whether it counts, and why not, or what was wrong with it."""
    if not item["counted"]:
        reason = item["uncounted_reason"]
        return words("no"), _fault(reason, exercise, words) if reason else words("something_else")
    return words("yes"), ", ".join(_fault(called(item, fault), exercise, words) for fault in item["faults"])


def _not_judged(result: Result, words: Messages) -> list[str]:
    """What of one set the camera did not show: else a fault that nobody saw looks like one that was not there."""
    items = items_of(result)
    times = Counter(fault for item in items for fault in item["not_judged"])
    return words.not_judged(times, len(items), lambda name: _fault(name, result["exercise"], words))


def _summary(result: Result, words: Messages) -> list[str]:
    summary, lines = result["summary"], []
    why, camera = _missing(result, words)
    if result["exercise"] is None:
        seen = result["seen_ratio"]
        if seen is not None and seen < 0.5:
            return [words("not_seen_well")]
        if not (why or result["notes"]):  # else one of them says why
            (why,) = sentences([NOT_ANY], words.language)
        return [*([words("how_shown", why=why)] if why else []), *camera]
    if result["movements"]:
        reps, clean = words.several("repetition", summary["reps"]), summary["clean_reps"]
        target = summary["target_reps"]
        key = "reps_line_target" if target else "reps_line"
        lines.append(words(key, reps=reps, target=target, clean=clean))
    if result["holds"]:
        key = "hold_line_unseen" if summary["breaths"] is None else "hold_line"
        lines.append(words(key, held=words.seconds(summary["held_s"]), breaths=summary["breaths"]))
    return [*lines, *([why] if why else []), *camera]


def _missing(result: Result, words: Messages) -> tuple[str, list[str]]:
    """Why nothing counted, empty if something did, and a line for each thing that the camera could not show, with its
    sets where there are several."""
    from coach.definitions.exercise import builtin_names, load_exercise, parted, translated

    # Where no exercise was found, it is said of the one that it was nearest to.
    exercises = [load_exercise(name) for name in builtin_names()]
    why, camera = "", result["view"]["advice"] or ""
    if not any(item["counted"] for item in items_of(result)):
        why, camera = parted(camera, exercises)
    several: dict[str, list[str]] = {}  # the numbers of the sets, by what is said of them
    for one in result["sets"] if len(result["sets"]) > 1 else ():
        several.setdefault(one["view"]["advice"] or "", []).append(str(one["number"]))
    lines = [
        words(
            "camera_line_sets",
            count=len(sets),
            sets=", ".join(sets),
            advice=translated(advice, words.language, exercises),
        )
        for advice, sets in several.items()
        if advice
    ]
    if camera and not several:
        lines = [words("camera_line", advice=translated(camera, words.language, exercises))]
    return translated(why, words.language, exercises), lines


def _depth_heading(item: Item, words: Messages) -> str:
    found = depth(item)
    if found is None:
        return words("depth_head")
    short = f"short_{found.name}"
    return words(short) if short in words else readable(quantity_of(found.name))


def _with_interval(item: Item) -> str:
    found = depth(item)
    if found is None or found.value is None:
        return "-"
    margin = "" if found.interval is None else f" ± {(found.interval[1] - found.interval[0]) / 2:.0f}"
    return f"{found.value:.0f}{margin}{unit_of(found.name).symbol}"


def _breaths(hold: HoldItem, words: Messages) -> str:
    if hold["breaths"] is None:
        return words("not_seen")
    rate = hold["breath_rate_per_min"]
    return str(hold["breaths"]) if rate is None else words("per_minute", breaths=hold["breaths"], rate=f"{rate:.0f}")


def _figure(value: float | None, words: Messages) -> str:
    return "-" if value is None else words.number(value, 1)
