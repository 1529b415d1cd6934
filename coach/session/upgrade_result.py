"""Converts results written by earlier versions. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

from coach.session.result import SCHEMA, HoldItem, MovementItem, Result, SetItem
from coach.session.result_items import set_item, summed
from coach.session.sets import Attempt, cue_spans, one_set, sets_of
from coach.types import Hold, Kind, Movement

READABLE = (1, SCHEMA)
GUIDED = "session"  # the source of a guided set, whose start and end the programme decided


def upgraded(data: Mapping[str, Any]) -> Result:
    """A result of schema 1 or 2 as one of schema 2.

    A result of schema 1 has one exercise and no sets: they are derived from its movements and holds by side and pause,
    as they are today, except that it does not know when the person was away.
    """
    today = data.get("schema") == SCHEMA
    movements = [{"fault_ways": {}, **m, "not_judged": m.get("not_judged", [])} for m in data["movements"]]
    holds = [{**h, "not_judged": h.get("not_judged", [])} for h in data["holds"]]
    data = {"notes": [], **data, "schema": SCHEMA, "movements": movements, "holds": holds}
    if today or not data.get("exercise"):
        return cast(Result, {"sets": [], **data})
    name = data["exercise"]
    attempts = [Attempt(name, _movement(m)) for m in movements] + [Attempt(name, _hold(h)) for h in holds]
    found = one_set(attempts) if data.get("source") == GUIDED else sets_of(attempts, named=frozenset([name]))
    set_of: dict[tuple[str, int], int] = {}
    for i, one in enumerate(found, start=1):
        set_of.update({(each.kind, each.item.number): i for each in one.attempts})
    movements = [{**m, "set": set_of["repetitions", m["number"]]} for m in movements]
    holds = [{**h, "set": set_of["hold", h["number"]]} for h in holds]
    sets: list[SetItem] = []
    for i, (one, (since_s, until_s)) in enumerate(zip(found, cue_spans(found), strict=True)):
        ours = cast("list[MovementItem]", [each for each in movements if each["set"] == i + 1])
        held = cast("list[HoldItem]", [each for each in holds if each["set"] == i + 1])
        summary = summed(ours, held, data["summary"].get("target_reps"))
        summary["cues"] = [cue for cue in data["summary"].get("cues", ()) if since_s <= cue["t_s"] < until_s]
        kind: Kind = one.attempts[0].kind
        sets.append(set_item(i + 1, name, one.side, (one.start_s, one.end_s), kind, held, data["view"], summary))
    return cast(Result, {**data, "sets": sets, "movements": movements, "holds": holds})


def _movement(m: Mapping[str, Any]) -> Movement:
    nan = math.nan
    return Movement(
        number=m["number"],
        side=m["side"],
        start_s=m["start_s"],
        peak_s=m.get("peak_s", nan),
        end_s=m["end_s"],
        counted=m["counted"],
        uncounted_reason=m["uncounted_reason"],
        faults=tuple(m["faults"]),
        depth=nan,
        depth_interval=(nan, nan),
        lowering_s=nan,
        raising_s=nan,
    )


def _hold(h: Mapping[str, Any]) -> Hold:
    return Hold(
        number=h["number"],
        side=h["side"],
        start_s=h["start_s"],
        end_s=h["end_s"],
        breaths=h["breaths"],
        breath_start_s=(),
        breath_rate_per_min=math.nan,
        breath_quality=math.nan,
        depth=math.nan,
        counted=h["counted"],
        uncounted_reason=h["uncounted_reason"],
        faults=tuple(h["faults"]),
    )
