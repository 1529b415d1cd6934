"""``coach evaluate --raters``: how far two people agree about the same clips, and the coach with each of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from coach.errors import CoachError, SourceNotFoundError

if TYPE_CHECKING:
    from rich.console import Console

    from coach.evaluate.observations import Clip
    from coach.evaluate.raters import RaterAgreement, Rating
    from coach.session.result import Result

# Watches clips that were not watched before, and gives what the coach says of each, by name.
Judge = Callable[[Sequence["Clip"]], dict[str, "Result"]]


def compare_raters(
    folders: tuple[Path, Path], clips_dir: Path, judge: Judge, fail: Callable[[str, CoachError], None]
) -> list[RaterAgreement]:
    """Two people about the clips that both marked; and, where their videos are, the coach with each.

    folders: each rater's NAME.truth.json files. Videos are looked for in clips_dir, then beside the marks. fail: called
    with what cannot be read. Raises SourceNotFoundError where nothing was marked by both.
    """
    from coach.evaluate.observations import Clip, find_video
    from coach.evaluate.raters import compare, rating_of_result, rating_of_truth
    from coach.evaluate.truth import SUFFIX, read_truths

    names = [_names(folder, SUFFIX) for folder in folders]
    both = sorted(names[0] & names[1])
    if not both:
        raise SourceNotFoundError(
            f"{folders[0]} and {folders[1]}: no clip is marked in both", f"Put NAME{SUFFIX} of both raters there"
        )
    ratings: list[list[Rating]] = [[], []]
    known: dict[str, list[Rating]] = {}
    for name in both:
        try:
            read = [[rating_of_truth(truth) for truth in read_truths(folder / (name + SUFFIX))] for folder in folders]
        except CoachError as error:
            fail(name, error)
            continue
        ratings[0] += read[0]
        ratings[1] += read[1]
        known[name] = read[0]
    clips = []
    for name in known:
        video = next(filter(None, (find_video(folder, name) for folder in (clips_dir, *folders))), None)
        if video is not None:
            clips.append(Clip(name, video, folders[0] / (name + SUFFIX)))
    results = judge(clips)
    ours = [
        rating_of_result(rating.clip, result, rating.exercise if len(known[name]) > 1 else None)
        for name, result in results.items()
        for rating in known[name]
    ]
    a, b = _shown(folders)
    agreed = [compare(a, ratings[0], b, ratings[1])]
    if ours:
        agreed += [compare(a, ratings[0], "coach", ours), compare(b, ratings[1], "coach", ours)]
    return agreed


def show(found: Sequence[RaterAgreement], console: Console) -> None:
    """Print the tables."""
    from coach.evaluate.tables import show_raters

    for each in found:
        show_raters(each, console)
    if len(found) == 1:
        console.print("Without the videos beside the marks, or in CLIPS_DIR, the coach is not compared.")


def as_json(found: Sequence[RaterAgreement]) -> str:
    """One JSON object."""
    from coach.to_json import plain

    pairs = [
        {
            **asdict(each),
            "measured": [
                {**asdict(one), "mdc95": one.icc.mdc95, "reliability": one.icc.words} for one in each.measured
            ],
            "named": [{**asdict(one), "agreement": one.words} for one in each.named],
        }
        for each in found
    ]
    return json.dumps(plain({"schema": 1, "raters": pairs}, 4), ensure_ascii=False)


def write_plots(found: Sequence[RaterAgreement], folder: Path) -> None:
    """A Bland-Altman plot of each quantity and pair."""
    from coach.evaluate.plots import write_plots as write

    for each in found:
        for path in write(each.measured, folder, f"{_file_name(each.a)}-{_file_name(each.b)}", (each.a, each.b)):
            typer.echo(f"wrote {path}", err=True)


def _names(folder: Path, suffix: str) -> set[str]:
    if not folder.is_dir():
        raise SourceNotFoundError(f"{folder}: is not a folder", "Give the folder of one rater's truth files")
    return {path.name.removesuffix(suffix) for path in folder.glob(f"*{suffix}")}


def _shown(folders: tuple[Path, Path]) -> tuple[str, str]:
    """The raters' names: their folders', or, where these are the same, the whole paths."""
    names = (folders[0].resolve().name, folders[1].resolve().name)
    return names if names[0] != names[1] else (str(folders[0]), str(folders[1]))


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)
