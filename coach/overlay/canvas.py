"""Text, shapes and panels as small pictures to lay over a frame. Knows nothing about exercises.

Text is drawn by Pillow in a real font and cached, so that a sentence that stays on the screen costs one blend.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coach.overlay.text_layout import Text, font
from coach.types import Picture

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageDraw import ImageDraw as Pen

Colour = tuple[int, int, int]
Point = tuple[float, float]
Limb = tuple[Point, Point, float]  # from, to, thickness

WHITE: Colour = (255, 255, 255)
SOFT: Colour = (226, 232, 236)  # secondary: labels and units
ACCENT: Colour = (94, 234, 212)
DARK: Colour = (10, 14, 18)
TRACK: Colour = (49, 52, 56)  # what fills up: white at 16 % on the dark
PANEL_ALPHA = 0.82  # text on a panel keeps a contrast of 7:1 over a white wall
FAINT = 46  # of 255: what fills an outline
FIXED_POINT_BITS = 3  # OpenCV draws with eighths of a pixel
SUPERSAMPLING = 4  # shapes are drawn this much larger and shrunk, for soft edges
# Sprites that are kept: all that one canvas shows are 2 MB at 720p and 17 MB at 4K, and a count that goes on is new
# every time.
MOST_SPRITES, MOST_SPRITE_BYTES = 96, 16 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A picture with soft edges: rgb (height, width, 3), premultiplied; keep: the share of the background kept."""

    rgb: Picture
    keep: Picture

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.rgb.shape[0])

    @property
    def nbytes(self) -> int:
        """Size in memory."""
        return self.rgb.nbytes + self.keep.nbytes


class SpriteCache:
    """Caches the sprites last used: a sentence is drawn once, not once per frame."""

    def __init__(self, most: int = MOST_SPRITES, most_bytes: int = MOST_SPRITE_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[Hashable, Sprite] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, draw: Callable[[], Sprite]) -> Sprite:
        """The sprite for a key, drawn now if it is not cached."""
        sprite = self._kept.get(key)
        if sprite is None:
            sprite = self._kept[key] = draw()
            self._bytes += sprite.nbytes
            while len(self._kept) > self._most or (self._bytes > self._most_bytes and len(self._kept) > 1):
                self._bytes -= self._kept.popitem(last=False)[1].nbytes
        else:
            self._kept.move_to_end(key)
        return sprite


def fixed(point: Sequence[float]) -> tuple[int, int]:
    """A point in OpenCV's fixed-point numbers."""
    return round(point[0] * (1 << FIXED_POINT_BITS)), round(point[1] * (1 << FIXED_POINT_BITS))


def blend(canvas: Picture, sprite: Sprite, x: int, y: int) -> None:
    """Lay a sprite over a canvas with its top left corner at (x, y); anything outside is cropped."""
    import cv2

    left, top = max(0, x), max(0, y)
    right, bottom = min(canvas.shape[1], x + sprite.width), min(canvas.shape[0], y + sprite.height)
    if right <= left or bottom <= top:
        return
    part = canvas[top:bottom, left:right]
    cut = (slice(top - y, bottom - y), slice(left - x, right - x))
    cv2.multiply(part, sprite.keep[cut], part, 1 / 255)
    cv2.add(part, sprite.rgb[cut], part)


class Canvas:
    """A transparent sheet to draw panels, shapes and text on; ``sprite`` makes it ready for blending."""

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image

        self._image: PillowImage = Image.new("RGBA", (max(1, width), max(1, height)), (0, 0, 0, 0))

    def panel(self, radius: float, alpha: float = PANEL_ALPHA) -> Canvas:
        """A dark rounded panel over the whole sheet."""
        width, height = self._image.size
        return self.box((0, 0, width, height), radius, DARK, alpha)

    def box(self, box: tuple[float, float, float, float], radius: float, colour: Colour, alpha: float = 1.0) -> Canvas:
        """A filled rounded rectangle (left, top, right, bottom)."""
        scaled = [value * SUPERSAMPLING for value in box]
        scaled[2], scaled[3] = scaled[2] - 1, scaled[3] - 1
        return self._stamp(colour, alpha, lambda pen: pen.rounded_rectangle(scaled, radius * SUPERSAMPLING, fill=255))

    def disc(self, centre: Point, radius: float, colour: Colour, alpha: float = 1.0) -> Canvas:
        """A filled circle."""
        box = [(value + sign * radius) * SUPERSAMPLING for sign in (-1, 1) for value in centre]
        return self._stamp(colour, alpha, lambda pen: pen.ellipse(box, fill=255))

    def arc(
        self,
        centre: Point,
        radius: float,
        thickness: float,
        share: float,
        colour: Colour,
        alpha: float = 1.0,
    ) -> Canvas:
        """An arc, clockwise from the top, with round ends; share 1 is a full ring. radius: to mid-stroke."""
        if share <= 0:
            return self
        outer = radius + thickness / 2
        box = [(value + sign * outer) * SUPERSAMPLING for sign in (-1, 1) for value in centre]

        def draw(pen: Pen) -> None:
            pen.arc(box, -90, -90 + 360 * min(share, 1.0), fill=255, width=round(thickness * SUPERSAMPLING))
            if share < 1:
                for angle in (0.0, 2 * np.pi * share):
                    end = (centre[0] + radius * np.sin(angle), centre[1] - radius * np.cos(angle))
                    cap = [(value + sign * thickness / 2) * SUPERSAMPLING for sign in (-1, 1) for value in end]
                    pen.ellipse(cap, fill=255)

        return self._stamp(colour, alpha, draw)

    def polygon(self, points: list[Point], colour: Colour, alpha: float = 1.0) -> Canvas:
        """A filled polygon."""
        scaled = [(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in points]
        return self._stamp(colour, alpha, lambda pen: pen.polygon(scaled, fill=255))

    def limbs(
        self, head: Point, radius: float, limbs: list[Limb], colour: Colour, alpha: float, line: float = 0.0
    ) -> Canvas:
        """A figure of one head and straight round limbs, as one shape. line: outline thickness, faintly filled."""

        def shape(pen: Pen, less: float, level: int) -> None:
            spots = [(head, radius)] + [(end, thick / 2) for start, stop, thick in limbs for end in (start, stop)]
            for (x, y), size in spots:
                box = [(value + sign * (size - less)) * SUPERSAMPLING for sign in (-1, 1) for value in (x, y)]
                pen.ellipse(box, fill=level)
            for start, stop, thick in limbs:
                ends = [value * SUPERSAMPLING for value in (*start, *stop)]
                pen.line(ends, fill=level, width=round((thick - 2 * less) * SUPERSAMPLING))

        def draw(pen: Pen) -> None:
            shape(pen, 0.0, 255)
            if line:
                shape(pen, line, FAINT)

        return self._stamp(colour, alpha, draw)

    def text(self, text: Text, x: float, y: float, colour: Colour = WHITE, align: str = "left") -> Canvas:
        """Lines with their top at y; x is their left edge, middle or right edge."""
        from PIL import ImageDraw

        pen = ImageDraw.Draw(self._image)
        anchor = {"left": "lm", "middle": "mm", "right": "rm"}[align]
        for row, line in enumerate(text.lines):
            middle = y + (row + 0.5) * text.line_px
            pen.text((x, middle), line, fill=(*colour, 255), font=font(text.size_px, text.bold), anchor=anchor)
        return self

    def digits(self, text: str, size_px: int, centre: Point, colour: Colour = WHITE) -> Canvas:
        """A number centred by its glyphs, not by the font's line height."""
        from PIL import ImageDraw

        pen = ImageDraw.Draw(self._image)
        left, top, right, bottom = pen.textbbox((0, 0), text, font=font(size_px, True))
        at = (centre[0] - (left + right) / 2, centre[1] - (top + bottom) / 2)
        pen.text(at, text, fill=(*colour, 255), font=font(size_px, True))
        return self

    def cut(self, points: list[Point]) -> Canvas:
        """Cut a polygon out, to full transparency."""
        from PIL import Image, ImageChops, ImageDraw

        size = self._image.size
        mask = Image.new("L", (size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING), 255)
        ImageDraw.Draw(mask).polygon([(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in points], fill=0)
        mask = mask.reduce(SUPERSAMPLING)
        self._image.putalpha(ImageChops.multiply(self._image.getchannel("A"), mask))
        return self

    def sprite(self) -> Sprite:
        """The sheet, ready for blending."""
        rgba = np.asarray(self._image, np.uint16)
        alpha = rgba[:, :, 3:]
        rgb = ((rgba[:, :, :3] * alpha + 127) // 255).astype(np.uint8)
        keep = np.repeat((255 - alpha).astype(np.uint8), 3, axis=2)
        return Sprite(rgb, np.ascontiguousarray(keep))

    def _stamp(self, colour: Colour, alpha: float, draw: Callable[[Pen], None]) -> Canvas:
        """Draw a mask several times larger, shrink it to soft edges and lay it on in a colour."""
        from PIL import Image, ImageDraw

        width, height = self._image.size
        mask = Image.new("L", (width * SUPERSAMPLING, height * SUPERSAMPLING), 0)
        draw(ImageDraw.Draw(mask))
        mask = mask.reduce(SUPERSAMPLING)
        layer = Image.new("RGBA", (width, height), (*colour, 0))
        layer.putalpha(mask.point([round(level * alpha) for level in range(256)]))
        self._image = Image.alpha_composite(self._image, layer)
        return self
