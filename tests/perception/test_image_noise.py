"""The noise of a picture, whatever it shows."""

from __future__ import annotations

import numpy as np
import pytest

from coach.perception.image_noise import CLEAR, DIM, NOISY, NOISY_NO_MORE, NoiseFilter, noise_level, softened, tuned_for
from coach.types import Frame


def noisy(sigma: float) -> np.ndarray:
    """A room with edges, a slope of light and noise."""
    grey = np.tile(np.linspace(60, 160, 200), (120, 1))
    grey[40:80, 50:120] -= 40
    return np.clip(np.round(grey + np.random.default_rng(0).normal(0, sigma, grey.shape)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("sigma", [2.0, 5.0, 9.0])
def test_noise_is_told_beside_edges_and_slopes(sigma: float) -> None:
    assert noise_level(noisy(sigma)) == pytest.approx(sigma, rel=0.12)


def test_a_clear_picture_has_hardly_any() -> None:
    assert noise_level(noisy(0)) < 1.0


def test_a_tiny_picture_tells_nothing_and_is_followed_as_a_clear_one() -> None:
    assert np.isnan(noise_level(np.zeros((2, 9), np.uint8)))
    assert tuned_for(np.zeros((2, 9), np.uint8), CLEAR) is CLEAR


def test_between_the_bounds_it_stays_as_it_was() -> None:
    between = noisy((NOISY + NOISY_NO_MORE) / 2)
    assert NOISY_NO_MORE < noise_level(between) < NOISY
    assert [tuned_for(between, each) for each in (CLEAR, DIM)] == [CLEAR, DIM]
    assert tuned_for(noisy(6), CLEAR) is DIM and tuned_for(noisy(1), DIM) is CLEAR


def test_only_a_dim_picture_is_softened() -> None:
    grey = noisy(6)
    assert softened(grey, CLEAR) is grey
    assert noise_level(softened(grey, DIM)) < 0.5


def test_for_the_network_a_noisy_picture_is_softened_and_a_clear_one_is_left_alone() -> None:
    noise = NoiseFilter()
    dark, light = (Frame(t_s, np.tile(noisy(sigma)[..., None], (5, 5, 3))) for t_s, sigma in ((1.0, 8), (2.0, 1)))
    soft = noise.clear(dark)
    assert soft.t_s == dark.t_s and soft.rgb.shape == dark.rgb.shape
    assert noise_level(soft.rgb[..., 0]) < noise_level(dark.rgb[..., 0]) / 2
    assert noise.clear(light) is light
