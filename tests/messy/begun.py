"""How many repetitions count in which a video begins: takes of ``tests/messy``, begun so far on the way down.

python -m tests.messy.begun          # a few minutes
"""

from __future__ import annotations

import json
import sys
from multiprocessing import Pool
from pathlib import Path

from coach.app.analyse import choose_exercises
from coach.evaluate.truth import SUFFIX
from coach.perception.recording import Recording
from coach.session.judge import judge
from coach.session.result import MovementItem
from coach.types import Observation
from tests.perturbation.ways import begun_at

FOLDER = Path(__file__).parent
SETS = ("work", "held", "third", "eighteenth", "twentieth", "twenty_second")
SHARES = (0.0, 0.2, 0.4, 0.6, 0.9)  # of the time of the way down that is missing; 0: a tenth of a second before it
SAME_S = 1.0  # between two deepest points


def found_in(observations: list[Observation], from_s: float) -> list[MovementItem]:
    """The movements, in the time of the whole take."""
    result = judge(begun_at(observations, from_s), choose_exercises("auto")).of_video().result("x")
    return [{**each, "peak_s": each["peak_s"] + from_s} for each in result["movements"]]


def begun(path: Path) -> list[tuple[float, bool, int, int]]:
    """For each share: whether the repetition counts, how many after it are judged otherwise than in the whole take, and
    how many there are. Of the second repetition or the first after it that is as it should be; nothing without one."""
    truth = json.loads(path.with_suffix(SUFFIX).read_text(encoding="utf-8"))
    if truth["exercise"] != "hip-hiker" or not truth.get("reps") or len(truth.get("sets", ())) > 1:
        return []
    wrong = {**truth["expect"].get("uncounted", {}), **truth["expect"].get("faults", {})}
    chosen = [rep for i, rep in enumerate(truth["reps"], 1) if i > 1 and str(i) not in wrong]
    if not chosen:
        return []
    rep = chosen[0]
    with Recording(path) as recording:
        observations = list(recording)
    after = [each for each in found_in(observations, 0.0) if each["peak_s"] > rep["end"]]
    told = []
    for share in SHARES:
        found = found_in(
            observations, rep["start"] + share * (rep["bottom"] - rep["start"]) - (0.1 if not share else 0.0)
        )
        counts = any(each["counted"] and abs(each["peak_s"] - rep["bottom"]) < SAME_S for each in found)
        same = {(_near(each, after), _verdict(each)) for each in found}
        otherwise = sum((i, _verdict(each)) not in same for i, each in enumerate(after))
        told.append((share, counts, otherwise, len(after)))
    return told


def _verdict(item: MovementItem) -> tuple[bool, str | None, tuple[str, ...]]:
    return item["counted"], item["uncounted_reason"], tuple(item["faults"])


def _near(item: MovementItem, others: list[MovementItem]) -> int | None:
    near = [i for i, each in enumerate(others) if abs(each["peak_s"] - item["peak_s"]) < SAME_S]
    return near[0] if near else None


if __name__ == "__main__":
    with Pool() as pool:
        paths = [path for name in SETS for path in sorted((FOLDER / name).glob("*.observed"))]
        rows = [row for each in pool.imap(begun, paths) for row in each]
    for share in SHARES:
        of = [row for row in rows if row[0] == share]
        counted, after = sum(row[1] for row in of), sum(row[3] for row in of)
        sys.stdout.write(
            f"{share:.0%} of the way down missing: {counted} of {len(of)} count,"
            f" {sum(row[2] for row in of)} of {after} after it are judged otherwise\n"
        )
