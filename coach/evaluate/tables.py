"""An evaluation as tables to read in a terminal, and as a Markdown block."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from coach.evaluate.complaints import complaints
from coach.evaluate.fitting import WRAPS, fitted
from coach.evaluate.metrics import Figure
from coach.evaluate.quantities import Agreement, PersonBias
from coach.evaluate.raters import RaterAgreement
from coach.evaluate.run import Evaluation, spread
from coach.evaluate.score import ClipScore
from coach.evaluate.set_errors import SetFigure
from coach.kinematics.upright import HIP_CENTRE_SHARE

# What is shown of each group: the figures people compare.
OF_GROUPS = (
    *("reps_exact", "drop_mae", "drop_bias", "drop_coverage", "fault_f1", "hold_edge_worst_s"),
    *("open_mae", "open_coverage", "breaths_exact", "cues_wrong_per_min"),
)
SHORT = {
    "reps_exact": "reps exact",
    "drop_mae": "drop error °",
    "drop_bias": "drop bias °",
    "drop_coverage": "interval",
    "fault_f1": "faults F1",
    "hold_edge_worst_s": "edge worst s",
    "open_mae": "opening error °",
    "open_coverage": "its interval",
    "breaths_exact": "breaths exact",
    "cues_wrong_per_min": "wrong cues/min",
}
SET_FIGURES = {
    "depth_deg": "depth, °",
    "lowering_s": "lowering, s",
    "raising_s": "raising, s",
    "held_s": "length of the hold, s",
    "breaths": "breaths in the hold",
    "breath_rate_per_min": "breaths a minute",
}
MET = {True: "[green]✓[/green]", False: "[red]✗[/red]", None: ""}
BLOCK_BEGIN, BLOCK_END = "<!-- accuracy: begin -->", "<!-- accuracy: end -->"


def show(evaluation: Evaluation, console: Console) -> None:
    """Print a row per clip, the faults, the groups, and finally the summary."""
    _print(_clips(evaluation), console)
    for name, problem in evaluation.failed.items():
        console.print(f"  [red]{escape(name)}[/red]: {escape(problem)}")
    if any(fault.expected or fault.false for fault in evaluation.faults):
        _print(_faults(evaluation), console)
    if evaluation.groups:
        _print(_groups(evaluation), console)
    if evaluation.refits:
        _print(_refits(evaluation), console)
    if evaluation.biases:
        _print(_biases(evaluation.agreements, evaluation.biases), console)
    if evaluation.agreements:
        _print(agreement_table(evaluation.agreements, "Agreement with the truth"), console)
    if evaluation.set_figures:
        _print(_set_figures(evaluation.set_figures), console)
    _print(_summary(evaluation), console)


def _print(table: Table, console: Console) -> None:
    for part in fitted(table, console):
        console.print(part)


def _clips(evaluation: Evaluation) -> Table:
    table = Table(title="Clips", title_justify="left", show_edge=False)
    for heading in ("clip", "found"):
        table.add_column(heading, no_wrap=True)
    table.add_column("what is wrong", overflow=WRAPS)
    for clip in evaluation.clips:
        wrong = complaints(clip.score)
        table.add_row(escape(clip.score.clip), _found(clip.score), escape("; ".join(wrong)) or "[green]nothing[/green]")
    return table


def _found(score: ClipScore) -> str:
    """What was counted, briefly: '10 of 10 left', '6 of 6 breaths left' or 'left, breaths not seen (6)'."""
    side = " and ".join(score.sides_found)
    if score.nothing_true:
        return f"{score.counted} counted" if score.counted else "nothing, rightly"
    if score.hold is None:
        return f"{score.reps_found} of {score.reps_true} {side}"
    if score.hold.held_found_s is None:
        return "no hold"
    found, true = score.hold.breaths_found, score.hold.breaths_true
    if found is None:
        unseen = "breaths not seen" if true is None else f"breaths not seen ({true})"
        return f"{side}, {unseen}" if side else unseen
    return f"{found}{'' if true is None else f' of {true}'} breaths {side}"


def _faults(evaluation: Evaluation) -> Table:
    table = Table(title="Faults", title_justify="left", show_edge=False)
    table.add_column("fault", no_wrap=True)
    for heading in ("expected", "found", "missed", "of those 'cannot tell'", "false", "precision", "recall", "F1"):
        table.add_column(heading, justify="right")
    for fault in evaluation.faults:
        table.add_row(
            fault.name.replace("_", " "),
            str(fault.expected),
            str(fault.right),
            str(fault.missed),
            str(fault.missed_not_judged),
            str(fault.false),
            _number(fault.precision),
            _number(fault.recall),
            _number(fault.f1),
            end_section=fault is evaluation.faults[-2] if len(evaluation.faults) > 1 else False,
        )
    return table


def _groups(evaluation: Evaluation) -> Table:
    table = Table(title=f"By {evaluation.by}", title_justify="left", show_edge=False)
    table.add_column(str(evaluation.by), no_wrap=True)
    table.add_column("clips", justify="right")
    for key in OF_GROUPS:
        table.add_column(SHORT[key], justify="right")
    last = len(evaluation.groups) - 1
    for i, group in enumerate(evaluation.groups):
        texts = {figure.key: figure.text for figure in group.figures}
        table.add_row(
            escape(group.name), str(len(group.clips)), *(texts[key] for key in OF_GROUPS), end_section=i == last
        )
    ranges = [spread(evaluation.groups, key) for key in OF_GROUPS]
    table.add_row("lowest", "", *(_number(low) for low, _ in ranges))
    table.add_row("highest", "", *(_number(high) for _, high in ranges))
    return table


def _refits(evaluation: Evaluation) -> Table:
    table = Table(
        title=f"Leaving each person out: hip centres' share of leg and trunk, {HIP_CENTRE_SHARE}, fitted on the rest",
        title_justify="left",
        show_edge=False,
    )
    table.add_column("left out", no_wrap=True)
    for heading in ("repetitions", "share fitted", "their drop error °", "with the fitted share °", "counts changed"):
        table.add_column(heading, justify="right")
    for refit in evaluation.refits:
        table.add_row(
            escape(refit.person),
            str(refit.repetitions),
            f"{refit.share:.3f}",
            _number(refit.mae_deg),
            _number(refit.refitted_mae_deg),
            str(refit.changed),
        )
    n = sum(refit.repetitions for refit in evaluation.refits)
    now = sum(refit.mae_deg * refit.repetitions for refit in evaluation.refits) / n
    then = sum(refit.refitted_mae_deg * refit.repetitions for refit in evaluation.refits) / n
    table.add_section()
    changed = sum(refit.changed for refit in evaluation.refits)
    table.add_row("all", str(n), "", _number(now), _number(then), str(changed))
    return table


def _biases(agreements: Sequence[Agreement], biases: Sequence[PersonBias]) -> Table:
    table = Table(title="Bias by person: found minus true", title_justify="left", show_edge=False)
    for heading in ("person", "of"):
        table.add_column(heading, no_wrap=True)
    for heading in ("on", "bias", "SD", "mean error"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in agreements:
        rows = [one for one in biases if one.key == each.key]
        for row in rows:
            table.add_row(
                escape(row.person),
                f"{each.name}{f', {each.unit}' if each.unit else ''}",
                str(row.n),
                _signed(row.bias),
                _number(row.sd),
                _number(row.mae),
                end_section=row is rows[-1],
            )
    return table


def agreement_table(agreements: Sequence[Agreement], title: str) -> Table:
    """The agreement of two who measured the same: bias, limits of agreement, ICC(2,1), SEM and MDC95."""
    table = Table(title=title, title_justify="left", show_edge=False)
    table.add_column("of", no_wrap=True)
    for heading in ("on", "bias (95 % CI)", "limits of agreement", "ICC(2,1) (95 % CI)", "SEM", "MDC95"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("reliability", overflow=WRAPS)
    for each in agreements:
        limits, icc = each.limits, each.icc
        table.add_row(
            f"{each.name}{f', {each.unit}' if each.unit else ''}",
            str(len(each.points)),
            _between(limits.bias, limits.bias_low, limits.bias_high),
            "-" if math.isnan(limits.low) else f"{limits.low:+.2f} to {limits.high:+.2f}",
            "-" if math.isnan(icc.value) else f"{icc.value:.2f} ({_number(icc.low)} to {_number(icc.high)})",
            _number(icc.sem),
            _number(icc.mdc95),
            icc.words,
        )
    return table


def _set_figures(figures: Sequence[SetFigure]) -> Table:
    title = "Figures of a whole set: what differs less between two sessions is no certain change"
    table = Table(title=title, title_justify="left", show_edge=False)
    for heading in ("exercise", "of"):
        table.add_column(heading, no_wrap=True)
    for heading in ("sets", "bias", "SEM", "MDC95", "coach review uses"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in figures:
        numbers = (_signed(each.bias), _number(each.sem), _number(each.mdc95), _number(each.in_use))
        table.add_row(escape(each.exercise), SET_FIGURES[each.figure], str(each.sets), *numbers)
    return table


def show_raters(found: RaterAgreement, console: Console) -> None:
    """Print how far two raters agree."""
    title = f"{found.a} and {found.b}, {_clips_in_words(len(found.clips))}"
    if found.measured:
        _print(agreement_table(found.measured, f"{title}: measured, {found.b} minus {found.a}"), console)
    table = Table(title=f"{title}: named", title_justify="left", show_edge=False)
    table.add_column("of", no_wrap=True)
    for heading in ("on", "the same", "kappa"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("agreement", overflow=WRAPS)
    for each in found.named:
        if each.n:
            table.add_row(each.name, str(each.n), f"{each.agreed:.0%}", _number(each.kappa), each.words)
    _print(table, console)


def _between(value: float, low: float, high: float) -> str:
    return "-" if math.isnan(value) else f"{value:+.2f} ({low:+.2f} to {high:+.2f})"


def _signed(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:+.2f}"


def _summary(evaluation: Evaluation) -> Table:
    table = Table(title=f"Accuracy on {_clips_in_words(len(evaluation.clips))}", title_justify="left", show_edge=False)
    table.add_column("figure", overflow=WRAPS)
    table.add_column("measured", justify="right", no_wrap=True)
    table.add_column("on", justify="right", no_wrap=True)
    table.add_column("target", no_wrap=True)
    table.add_column("", no_wrap=True)
    for figure in evaluation.figures:
        if figure.of:
            table.add_row(figure.name, figure.text, str(figure.of), figure.target, MET[figure.met])
    return table


def readme_block(evaluation: Evaluation) -> str:
    """The summary as a Markdown table between two marks."""
    lines = [BLOCK_BEGIN, "| figure | measured | on | target | |", "|---|---|---|---|---|"]
    lines += [_markdown(figure) for figure in evaluation.figures if figure.of]
    return "\n".join([*lines, BLOCK_END])


def _markdown(figure: Figure) -> str:
    met = {True: "✓", False: "✗", None: ""}[figure.met]
    return f"| {figure.name} | {figure.text} | {figure.of} | {figure.target} | {met} |"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}"


def _clips_in_words(number: int) -> str:
    return "1 clip" if number == 1 else f"{number} clips"
