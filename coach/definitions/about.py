"""The texts that people read about an exercise, in one language: the tables ``[about.de]``, ... of its file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pydantic import Field

from coach.toml import Part


class About(Part):
    """Title, steps and so on. amount, tempo: what ``{amount}`` and ``{tempo}`` stand for in them; amount_one: for one.

    gauges: needle labels by signal; faults: names of faults and reasons.
    """

    title: str
    summary: str
    how: tuple[str, ...] = Field(min_length=1)
    amount: str = "{count}"
    amount_one: str = ""
    tempo: str = ""
    side_is: str
    camera_where: str
    gauges: Mapping[str, str] = {}
    faults: Mapping[str, str] = {}

    def amount_of(self, count: str) -> str:
        """``10 repetitions``, ``1 repetition``."""
        return (self.amount_one if count == "1" and self.amount_one else self.amount).replace("{count}", count)


def about_problems(
    abouts: Mapping[str, About], steps: int, gauges: Collection[str], faults: Collection[str]
) -> Iterator[str]:
    """Inconsistencies with the rest of the file. steps: how many there are in English; gauges, faults: what to name."""
    if "en" in abouts:
        yield "[about.en] is not needed: English stands at the top of the file"
    for language, about in abouts.items():
        if len(about.how) != steps:
            yield f"about.{language}.how has {len(about.how)} steps, and in English there are {steps}"
        for table, named, known in (("gauges", about.gauges, gauges), ("faults", about.faults, faults)):
            unknown = sorted(set(named) - set(known))
            if unknown:
                yield f"[about.{language}.{table}] has unknown keys: {', '.join(unknown)}"
