"""Generators of damaged, strange and hostile input.

A quick, fixed share of them runs in ``make test``; ``make fuzz`` (COACH_FUZZ=1) runs many more, each time others, for
a bounded time.
"""
