"""Sessions beside each other in a table, with what changed from the first to the last of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.definitions.exercise import title_of
from coach.history.records import SessionRecord
from coach.i18n.report_messages import Messages, headed
from coach.sharing.compare import Comparison, Difference, compare, difference
from coach.sharing.measurement_error import DETECTABLE, PAIN, DetectableChange
from coach.sharing.session_figures import SideFigures, session_figures, worst_effort, worst_pain

MOST_BESIDE = 4
NONE = "–"
SHOWN_REPETITIONS = ("depth_deg", "lowering_s", "raising_s")
SHOWN_HOLD = ("depth_deg", "held_s", "breaths", "breath_rate_per_min")


@dataclass(frozen=True, slots=True)
class Row:
    """A figure: its name, one cell a session, and what changed. tone: more, less, uncertain, unknown or empty."""

    name: str
    cells: tuple[str, ...]
    change: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One side of one exercise, or the session as a whole. warning: why its sessions compare badly; may be empty."""

    title: str
    rows: tuple[Row, ...]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """heads: one a session, oldest first."""

    heads: tuple[str, ...]
    blocks: tuple[Block, ...]


def beside(sessions: Sequence[SessionRecord], most: int = MOST_BESIDE) -> list[SessionRecord]:
    """Which to show: the first, and the last ones."""
    found = [session for session in sessions if session.results]
    return found if len(found) <= most else [found[0], *found[-(most - 1) :]]


def side_by_side(sessions: Sequence[SessionRecord], words: Messages, numbers: bool = False) -> SideBySide:
    """The sessions in columns. numbers: with their numbers in the history."""
    figures = [session_figures(session) for session in sessions]
    keys = list(dict.fromkeys(key for each in figures for key in each))
    order = sorted(keys, key=lambda key: ([k[0] for k in keys].index(key[0]), key[1]))
    blocks = [_block([each.get(key) for each in figures], words) for key in order]
    heads = []
    for session in sessions:
        day = words.day_in_table(session.started_at.date()) if session.start_known else words("review_never")
        heads.append(words("review_session", day=day, number=session.number) if numbers else day)
    return SideBySide(tuple(heads), (*blocks, _whole(sessions, words)))


def _block(figures: Sequence[SideFigures | None], words: Messages) -> Block:
    done = [each for each in figures if each is not None]
    first, last = done[0], done[-1]
    compared = compare(first, last) if len(done) > 1 else None
    shown = SHOWN_HOLD if last.hold else SHOWN_REPETITIONS
    rows = [_counted(figures, words), _clean(figures, words)]
    for name in shown:
        cells = tuple(NONE if each is None else figure_text(getattr(each, name), name, words) for each in figures)
        if any(cell != NONE for cell in cells):
            rows.append(_compared_row(name, last, cells, compared, words))
    views = tuple(NONE if each is None else figure_text(each.view_angle_deg, "view", words) for each in figures)
    if any(cell != NONE for cell in views):
        rows.append(Row(words("figure_view"), views))
    title = title_of(last.exercise, words.language)
    return Block(
        headed(words("side_of_exercise", exercise=title, side=words(last.side))),
        tuple(rows),
        _warning(compared, words),
    )


def _compared_row(
    name: str, figures: SideFigures, cells: tuple[str, ...], compared: Comparison | None, words: Messages
) -> Row:
    title = figure_name(name, figures.hold, words)
    found = next((each for each in compared.differences if each.figure == name), None) if compared else None
    return Row(title, cells) if found is None else Row(title, cells, change_text(found, words), found.verdict)


def _counted(figures: Sequence[SideFigures | None], words: Messages) -> Row:
    cells = []
    for each in figures:
        if each is None:
            cells.append(NONE)
        else:
            cells.append(words("of", count=each.counted, target=each.target) if each.target else str(each.counted))
    return Row(words("figure_counted"), tuple(cells))


def _clean(figures: Sequence[SideFigures | None], words: Messages) -> Row:
    shares = [None if each is None else each.clean_share for each in figures]
    return Row(words("figure_clean"), tuple(NONE if share is None else words.percent(share) for share in shares))


def _warning(compared: Comparison | None, words: Messages) -> str:
    if compared is None:
        return ""
    if compared.view_differs_deg is not None:
        return words("view_differs", apart=round(compared.view_differs_deg))
    return "" if compared.view_known else words("view_unknown")


def _whole(sessions: Sequence[SessionRecord], words: Messages) -> Block:
    pains, efforts = [worst_pain(each) for each in sessions], [worst_effort(each) for each in sessions]
    rows = [_pain_row(pains, words)]
    if any(effort is not None for effort in efforts):
        cells = tuple(NONE if effort is None else f"{words.bare(effort)}/10" for effort in efforts)
        rows.append(Row(words("figure_effort"), cells))
    return Block(words("figure_whole"), tuple(rows))


def _pain_row(pains: Sequence[int | None], words: Messages) -> Row:
    name, cells = words("figure_pain"), tuple(NONE if pain is None else f"{pain}/10" for pain in pains)
    named = [pain for pain in pains if pain is not None]
    if len(named) < 2:
        return Row(name, cells)
    found = difference("pain", named[0], named[-1], PAIN)
    return Row(name, cells, change_text(found, words), found.verdict)


def figure_name(name: str, hold: bool, words: Messages) -> str:
    """What a figure is called: the depth of a hold is an opening."""
    return words("figure_open_deg" if hold and name == "depth_deg" else f"figure_{name}")


def figure_text(value: float | None, name: str, words: Messages) -> str:
    """A figure with its unit."""
    if value is None:
        return NONE
    if name == "view":
        return f"{words.number(value)}°"
    if name == "pain":
        return f"{words.bare(round(value, 1))}/10"
    if name.endswith("_deg"):
        return f"{words.number(value, 1)}°"
    if name.endswith("_s"):
        return words("seconds", seconds=words.number(value, 1))
    return words.number(value, 1)


def change_text(difference: Difference, words: Messages) -> str:
    """What is said of a difference: beyond the measurement error, or not."""
    size = figure_text(abs(difference.change), difference.figure, words)
    sign = "+" if difference.change > 0 else "−" if difference.change < 0 else "±"
    said = {"change": f"{sign}{size}"}
    if difference.error is not None:
        said["error"] = figure_text(difference.error.value, difference.figure, words)
    return words(f"change_{difference.verdict}", **said)


def error_lines(sessions: Sequence[SessionRecord], words: Messages) -> list[str]:
    """The least certain change of every figure of these sessions' exercises, and where each is from."""
    done = {(key[0], one.hold) for session in sessions for key, one in session_figures(session).items()}
    lines = []
    for (exercise, name), error in DETECTABLE.items():
        hold = next((hold for known, hold in done if known == exercise), None)
        if hold is not None:
            lines.append(_error_line(exercise, name, hold, error, words))
    if lines:
        value = f"{words.number(PAIN.value, 1)}/10"
        lines.append(f"{words('error_pain', figure=words('figure_pain'), value=value)}. {PAIN.source}.")
    return lines


def _error_line(exercise: str, name: str, hold: bool, error: DetectableChange, words: Messages) -> str:
    line = words(
        "error_value",
        exercise=title_of(exercise, words.language),
        figure=figure_name(name, hold, words),
        value=figure_text(error.value, name, words),
    )
    if error.own is not None:
        line += words("error_own", own=figure_text(error.own, name, words), sets=error.sets)
    if error.literature is not None:
        value = figure_text(error.literature, name, words)
        line += words("error_literature", source=error.source, value=value)
    return f"{line}."
