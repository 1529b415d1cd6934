"""Whatever others do to the page, a session that runs goes on; ``python -m tests.fuzz.attack`` takes the times."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fuzz.amount import THOROUGH

pytest.importorskip("uvicorn")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="ends by a signal")


def test_a_session_goes_on_while_the_page_is_attacked(tmp_path: Path) -> None:
    from tests.fuzz.attack import Force, measure

    force = Force() if THOROUGH else Force(messages=300, sockets=50, slow=4, uploads=4)
    _, during = measure(tmp_path, force, before_s=5.0 if THOROUGH else 0.5)
    assert len(during) > 5
