"""Sheets, sprites and how they are laid over a picture."""

from __future__ import annotations

import numpy as np

from coach.overlay.canvas import DARK, WHITE, Canvas, Sprite, SpriteCache, blend


def test_blending_leaves_what_is_outside_and_cuts_at_the_edges() -> None:
    canvas = np.full((20, 20, 3), 100, np.uint8)
    sprite = Canvas(10, 10).box((0, 0, 10, 10), 0, WHITE).sprite()
    for x, y in ((15, 15), (-5, -5), (40, 3), (3, -40)):
        blend(canvas, sprite, x, y)
    assert (canvas[15:, 15:] == 255).all()
    assert (canvas[:5, :5] == 255).all()
    assert (canvas[6:14, 6:14] == 100).all()


def test_half_opaque_is_half_way() -> None:
    canvas = np.full((8, 8, 3), 255, np.uint8)
    blend(canvas, Canvas(8, 8).box((0, 0, 8, 8), 0, DARK, 0.5).sprite(), 0, 0)
    assert np.abs(canvas[4, 4].astype(int) - (255 + np.array(DARK)) / 2).max() <= 2


def test_a_sprite_is_drawn_once_and_the_oldest_is_forgotten() -> None:
    drawn: list[int] = []

    def draw(number: int) -> Sprite:
        drawn.append(number)
        return Canvas(2, 2).sprite()

    sprites = SpriteCache(most=2)
    for number in (1, 2, 1, 3, 1, 2):
        sprites.get(number, lambda number=number: draw(number))  # type: ignore[misc]
    assert drawn == [1, 2, 3, 2]


def test_a_count_that_goes_on_takes_no_more_memory() -> None:
    sprites = SpriteCache(most_bytes=100_000)
    for number in range(100):
        sprites.get(number, Canvas(50, 50).sprite)
        assert sum(sprite.nbytes for sprite in sprites._kept.values()) <= 100_000
    assert sprites.get("large", Canvas(500, 500).sprite) is sprites.get("large", Canvas(1, 1).sprite)
