"""The filters of breathing give SciPy's numbers, for short and long stretches."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from coach.judging.breath_filters import BLOCK, band_pass, gaussian


@pytest.mark.parametrize("length", [2, 9, BLOCK, 130, 700])
@pytest.mark.parametrize("sigma", [0.6, 1.8, 7.2, 60.0])
def test_a_gaussian_is_scipys(length: int, sigma: float) -> None:
    from scipy.ndimage import gaussian_filter1d

    values = np.random.default_rng(1).normal(size=length).cumsum()
    assert gaussian(values, sigma) == pytest.approx(gaussian_filter1d(values, sigma), abs=1e-12)


@pytest.mark.parametrize("length", [2, 20, BLOCK, 5 * BLOCK + 1, 700])
@pytest.mark.parametrize("band_hz", [(0.04, 0.7), (0.2, 3.0)])
def test_a_band_is_scipys(length: int, band_hz: tuple[float, float]) -> None:
    from scipy.signal import butter, sosfiltfilt

    values = 50 + np.random.default_rng(2).normal(size=(length, 5)).cumsum(axis=0)
    sections = butter(2, band_hz, "band", fs=12.0, output="sos")
    wanted = sosfiltfilt(sections, values, axis=0, padlen=min(120, length - 1))
    assert band_pass(values, *band_hz, 12.0, padded=120) == pytest.approx(wanted, abs=1e-9 * np.abs(values).max())


def test_breaths_are_read_without_scipy() -> None:
    """Its import takes longer than to read all breaths of a hold."""
    code = (
        "import sys, numpy as np; from coach.judging.respiration import read_breaths;"
        "t_s = np.arange(0, 30, 0.1); motion = np.random.default_rng(0).normal(size=(300, 6, 10, 2));"
        "read_breaths(t_s, motion, doubt=True); sys.exit('scipy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], timeout=180, check=True)
