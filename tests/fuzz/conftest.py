"""Says at the end how much was tried."""

from __future__ import annotations

import pytest

from tests.fuzz.amount import TRIED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a generator."""
    for name, count in TRIED.items():
        terminalreporter.write_line(f"{count:7} cases: {name}")
