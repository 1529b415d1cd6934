"""The filters of breathing give SciPy's numbers, for short and long stretches."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from coach.judging.breath_filters import gaussian


@pytest.mark.parametrize("length", [2, 9, 24, 130, 700])
@pytest.mark.parametrize("sigma", [0.6, 1.8, 7.2, 60.0])
def test_a_gaussian_is_scipys(length: int, sigma: float) -> None:
    from scipy.ndimage import gaussian_filter1d

    values = np.random.default_rng(1).normal(size=length).cumsum()
    assert gaussian(values, sigma) == pytest.approx(gaussian_filter1d(values, sigma), abs=1e-12)


def test_breaths_are_read_without_scipy() -> None:
    """Its import takes longer than to read all breaths of a hold."""
    code = (
        "import sys, numpy as np; from coach.judging.respiration import TrunkMotion, read_breaths;"
        "joints = np.random.default_rng(0).uniform(100, 300, (8, 2));"
        "lift = np.linspace(0, 1, 60).reshape(6, 10);"
        "box, still = (50, 50, 350, 350), np.zeros(4);"
        "read_breaths([TrunkMotion(t, np.sin(t) * lift, still, joints, box) for t in np.arange(0, 30, 0.1)]);"
        "sys.exit('scipy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], timeout=180, check=True)
