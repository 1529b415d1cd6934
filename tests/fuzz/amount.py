"""How much is tried: a quick share that is the same each time, or for ``make fuzz`` as much as a time allows."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

from hypothesis import HealthCheck, settings

THOROUGH = bool(os.environ.get("COACH_FUZZ"))
# For ``make fuzz``: of one generator, unless it has tried all it was asked to before.
BUDGET_S = float(os.environ.get("COACH_FUZZ_S", "60"))

TRIED: dict[str, int] = {}  # by test

_UNHURRIED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def examples(quick: int, thorough: int) -> settings:
    """Settings of a hypothesis test: so many examples, the same each time in the quick share."""
    return settings(
        max_examples=thorough if THOROUGH else quick,
        derandomize=not THOROUGH,
        deadline=None,
        database=None,
        suppress_health_check=_UNHURRIED,
    )


def generators(quick: int, thorough: int) -> Iterator[tuple[str, random.Random]]:
    """Random generators, each for one case and with its name, so that a case that failed can be made again.

    Thorough, they end early once the time is over.
    """
    first = random.SystemRandom().randrange(10**9) if THOROUGH else 0
    until = time.monotonic() + BUDGET_S
    for seed in range(first, first + (thorough if THOROUGH else quick)):
        if THOROUGH and time.monotonic() > until:
            break
        yield f"seed {seed}", random.Random(seed)
        _count(1)


def counted() -> None:
    """Count one example of a hypothesis test."""
    _count(1)


def _count(cases: int) -> None:
    name = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0].partition("tests/fuzz/")[2]
    if THOROUGH:
        TRIED[name] = TRIED.get(name, 0) + cases
