"""Leave-one-person-out: what the one fitted scale would be without each person, and what that changes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coach.evaluate.score import Depth
from coach.kinematics.upright import HIP_CENTRE_SHARE


@dataclass(frozen=True, slots=True)
class Refit:
    """One person left out.

    share: HIP_CENTRE_SHARE fitted on all others. mae_deg, refitted_mae_deg: this person's error with the coach's value
    and with that share. changed: their clean repetitions that would count with only one of the two.
    """

    person: str
    repetitions: int
    share: float
    mae_deg: float
    refitted_mae_deg: float
    changed: int


def refitted(depths: Mapping[str, Sequence[Depth]], counts_from_deg: float) -> list[Refit]:
    """One entry per person with clean repetitions; empty for fewer than two such persons.

    The measured sine of the drop is inversely proportional to the share, so least squares through the origin gives
    s' = s x sum(found^2) / sum(found x true), over sines, with equal weight per person. This is exact for a straight
    stance knee, which clean repetitions have.
    """
    people = {person: reps for person, reps in depths.items() if reps}
    if len(people) < 2:
        return []
    found = []
    for person, reps in people.items():
        share = fitted_share([others for other, others in people.items() if other != person])
        true = np.array([rep.true_deg for rep in reps])
        now = np.array([rep.found_deg for rep in reps])
        then = np.degrees(np.arcsin(np.clip(np.sin(np.radians(now)) * HIP_CENTRE_SHARE / share, -1, 1)))
        found.append(
            Refit(
                person=person,
                repetitions=len(reps),
                share=share,
                mae_deg=float(np.abs(now - true).mean()),
                refitted_mae_deg=float(np.abs(then - true).mean()),
                changed=int(((now >= counts_from_deg) != (then >= counts_from_deg)).sum()),
            )
        )
    return found


def fitted_share(people: Sequence[Sequence[Depth]]) -> float:
    """The share that best fits these persons' repetitions."""
    square = product = 0.0
    for reps in people:
        true = np.sin(np.radians([rep.true_deg for rep in reps]))
        found = np.sin(np.radians([rep.found_deg for rep in reps]))
        square += float((found**2).mean())
        product += float((found * true).mean())
    return HIP_CENTRE_SHARE * square / product
