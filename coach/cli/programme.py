"""``coach programme``: what somebody is to do, written, checked and printed without knowing how its file looks."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.errors import SPOKEN
from coach.cli.lines import said
from coach.cli.options import check_language
from coach.cli.questions import confirmed, number_between
from coach.errors import OptionError, ProgrammeFileError

if TYPE_CHECKING:
    from coach.definitions.exercise import Exercise
    from coach.definitions.programme import Programme

DataDir = Annotated[Path | None, typer.Option(metavar="DIR", help="Where the history is.")]


def programme(context: typer.Context) -> None:
    """What somebody is to do: written, checked and printed.

    \b
      coach programme new anna.toml            asks what is to be done, and writes it
      coach programme check anna.toml          what is wrong in a file, line by line, or what it asks for
      coach programme sheet anna.toml          the same on paper: HTML for A4, with pictures
      coach live --programme anna.toml         and done

    The page of 'coach web' has an editor for the same files.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="Where it goes; one that is there is changed.")],
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of the questions.")] = "en",
) -> None:
    """Ask what to do, and write the programme. Enter accepts the value in brackets; Ctrl-C keeps the answers so far.

    Exit code 130: stopped by Ctrl-C. The same command goes on from there.
    """
    from coach.definitions.programme import load_programme
    from coach.definitions.programme_file import SUFFIX, data_of, write_programme
    from coach.files import check_saving
    from coach.toml import read_toml

    check_language(language)
    if file.suffix != SUFFIX:
        raise OptionError(f"'{file}' is no name for a programme's file", f"Let it end in {SUFFIX}")
    check_saving(file, "Make that folder, or choose another")
    if file.exists():
        known = load_programme(file)
        data = {**read_toml(file, ProgrammeFileError), **data_of(known, file.parent)}
        typer.echo(said("programme_there", file=file))
    else:
        known = load_programme()
        data = {**data_of(known), "name": file.stem}
    before = dict(data)
    try:
        _ask(data, known)
    except (typer.Abort, KeyboardInterrupt) as error:
        typer.echo()
        if data != before:
            write_programme(data, file)
            typer.echo(said("programme_stopped", file=file))
            typer.echo(str(file))
        elif isinstance(error.__context__, EOFError) and not sys.stdin.isatty():
            raise OptionError(
                f"{file}: was not written, as nobody answers",
                "Run it in a terminal, or copy a file of the folder programmes and change it",
            ) from None
        raise
    write_programme(data, file)
    typer.echo(str(file))


def check(
    file: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A programme's name or file.")],
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of what is shown.")] = "en",
    data_dir: DataDir = None,
) -> None:
    """Whether a file can be used, and what it asks for. Exit code 2: it cannot; each mistake has a line."""
    from coach.app.own_programmes import find_programme
    from coach.definitions.exercise import load_exercise
    from coach.i18n.report_messages import report_words
    from coach.report.programme_sheet import facts, prescription

    found = find_programme(file, data_dir)
    spoken, words = found.speak(language), report_words(language)
    typer.echo(found.name)
    for fact in facts(found, words):
        typer.echo(f"  {fact}")
    for number, block in enumerate(found.blocks, start=1):
        exercise = load_exercise(block.exercise)
        title = exercise.in_language(language).title
        amount, *more = prescription(exercise, block, words, spoken)
        typer.echo(f"  {number}. {title}, {spoken.side(block.side)}: {amount}")
        for line in more:
            typer.echo(f"     {line}")


def sheet(
    file: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A programme's name or file.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the sheet goes, or with --pdf its print alone.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print it to PDF too (extra 'pdf', or a Chromium).")] = False,
    language: Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of the sheet.")] = "en",
    data_dir: DataDir = None,
) -> None:
    """Write a programme as one sheet for A4, with the pictures: HTML that any browser prints."""
    from coach.app.own_programmes import find_programme
    from coach.cli.options import check_language
    from coach.report.programme_sheet import write_sheet

    check_language(language)
    found = find_programme(file, data_dir)
    for path in write_sheet(found, out or Path(f"{Path(file).stem}.html"), language, pdf):
        typer.echo(str(path))


def _ask(data: dict[str, Any], known: Programme) -> None:
    """Put each answer into the data as it comes, so that nothing is lost when it is broken off."""
    data["name"] = typer.prompt(said("ask_name"), default=data["name"])
    data["sessions_per_week"] = number_between(said("ask_per_week"), data["sessions_per_week"] or 0, 0, 21) or None
    data["warm_up_s"] = 60 * number_between(said("ask_warm_up"), (data["warm_up_s"] or 0) / 60, 0, 15)
    usual = list(zip(data["blocks"], _each(known), strict=True))
    while not (chosen := _ask_blocks(data, usual)):
        typer.echo("\n" + said("programme_needs_one"))
    data["blocks"] = chosen


def _ask_blocks(data: dict[str, Any], usual: Sequence[tuple[Mapping[str, Any], Exercise]]) -> list[dict[str, Any]]:
    """Those of the usual blocks that are done, as they are answered. What is not asked yet is in the data as it was."""
    chosen: list[dict[str, Any]] = []
    other: tuple[Exercise, Mapping[str, Any]] | None = None  # the one before, as it usually is
    for number, (each, exercise) in enumerate(usual):
        data["blocks"] = [*chosen, *(block for block, _ in usual[number:])]
        title = exercise.in_language(SPOKEN.get()).title
        if not confirmed("\n" + said("ask_done", exercise=title, side=said(each["side"])), default=True):
            continue
        paired = other is not None and other[0].name == exercise.name and other[1]["side"] != each["side"]
        if other is not None and paired and confirmed(_inner("ask_same"), default=True):
            block = {**deepcopy(chosen[-1]), "side": each["side"]}
            data["blocks"][len(chosen)] = block
            if _rest_s(each) != _rest_s(other[1]):  # usually longer after this side, before the next exercise
                block["rest_s"] = _rest_s(each)
                block["rest_s"] = _ask_rest(block)
        else:
            block = deepcopy(dict(each))
            data["blocks"][len(chosen)] = block
            try:
                _ask_block(block, exercise)
            except (typer.Abort, KeyboardInterrupt):
                if not _fits(block, exercise):  # as a new depth may not, without the least that was to follow
                    data["blocks"][len(chosen)] = each
                raise
        chosen.append(block)
        other = exercise, each
    return chosen


def _each(known: Programme) -> list[Exercise]:
    from coach.definitions.exercise import load_exercise

    return [load_exercise(block.exercise) for block in known.blocks]


def _fits(block: Mapping[str, Any], exercise: Exercise) -> bool:
    from coach.definitions.prescription import misfits
    from coach.definitions.programme import Block

    try:
        return not any(misfits(Block.model_validate(block), exercise))
    except ValueError:
        return False


def _ask_block(block: dict[str, Any], exercise: Exercise) -> None:
    block["sets"] = round(number_between(_inner("ask_sets"), block.get("sets", 1), 1, 10))
    if exercise.hold is None:
        block["reps"] = round(number_between(_inner("ask_reps"), block.get("reps", exercise.target.count), 1, 100))
    else:
        held = said("ask_in_seconds" if block.get("hold_s") else "ask_in_breaths")
        if typer.prompt(_inner("ask_hold"), default=held).strip().lower().startswith("s"):
            block["hold_s"] = round(number_between(_inner("ask_seconds"), block.get("hold_s", 30), 5, 300))
            block.pop("breaths", None)
        else:
            block["breaths"] = round(
                number_between(_inner("ask_breaths"), block.get("breaths", exercise.hold.most_breaths), 1, 30)
            )
            block.pop("hold_s", None)
    block["rest_s"] = _ask_rest(block)
    if not confirmed(_inner("ask_more"), default=_has_more(block)):
        return
    low, high = block.get("depth", exercise.target.depth)
    block["depth"] = [number_between(_inner("ask_from"), low, 0, 120), number_between(_inner("ask_to"), high, 0, 120)]
    rule = exercise.movement or exercise.hold
    assert rule is not None
    block["least_depth"] = number_between(_inner("ask_least"), block.get("least_depth", rule.counts_from), 0, 120)
    out_s, back_s = block.get("tempo_s", (2, 2))
    block["tempo_s"] = [
        number_between(_inner("ask_out"), out_s, 0.5, 10),
        number_between(_inner("ask_back"), back_s, 0.5, 10),
    ]
    block["load_kg"] = number_between(_inner("ask_load"), block.get("load_kg", 0), 0, 100) or None
    if exercise.on_a_step:
        block["step_cm"] = number_between(_inner("ask_step"), block.get("step_cm", 0), 0, 40) or None
    block["note"] = typer.prompt(
        _inner("ask_note"), default=block.get("note", ""), show_default=bool(block.get("note"))
    ).strip()
    _ask_progress(block)


def _rest_s(block: Mapping[str, Any]) -> float:
    return float(block.get("rest_s", 30))


def _ask_rest(block: Mapping[str, Any]) -> float:
    return number_between(_inner("ask_rest"), _rest_s(block), 0, 600)


def _inner(key: str) -> str:
    """A question about the exercise that was named above it."""
    return "  " + said(key)


def _has_more(block: dict[str, Any]) -> bool:
    return any(key in block for key in ("depth", "least_depth", "tempo_s", "load_kg", "step_cm", "note", "progress"))


def _ask_progress(block: dict[str, Any]) -> None:
    had = block.get("progress") or {}
    if not confirmed(_inner("ask_progress"), default=bool(had)):
        block.pop("progress", None)
        return
    now = block.get("reps") or block.get("breaths") or block.get("hold_s") or 1
    rule: dict[str, int] = {}
    for key, text, default, low, high in (
        ("sessions", _inner("ask_sessions"), 2, 1, 20),
        ("as_asked", _inner("ask_as_asked"), 9, 1, 10),
        ("pain", _inner("ask_pain"), 2, 0, 5),
        ("effort", _inner("ask_effort"), 5, 0, 10),
        ("more", _inner("ask_how_many"), 2, 1, 30),
        ("up_to", _inner("ask_up_to"), now + 6, now + 1, 300),
    ):
        rule[key] = round(number_between(text, had.get(key, default), low, high))
    block["progress"] = rule


def register(app: typer.Typer) -> None:
    """Add the command and the commands below it."""
    from coach.cli.app import guarded

    below = typer.Typer(
        name="programme",
        invoke_without_command=True,
        rich_markup_mode=None,
        short_help="Write, check and print what is to be done.",
    )
    below.callback()(guarded(programme))
    below.command("new")(guarded(new))
    below.command("check")(guarded(check))
    below.command("sheet", short_help="Write it as one sheet for A4, with the pictures.")(guarded(sheet))
    app.add_typer(below)
