"""Draws a Scene over a picture: the same for the window and for the annotated video.

Text is on dark panels: white text keeps a contrast of 7:1 even over a white wall.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.kinematics.skeleton import BONES
from coach.overlay.canvas import ACCENT, DARK, WHITE, Canvas, Colour, Point, Sprite, SpriteCache, blend
from coach.overlay.cards import page_panel, scale_panel, ticks_panel
from coach.overlay.free_scene import Circle, Figure, Scene
from coach.overlay.hud import (
    Layout,
    big_panel,
    breathing_disc,
    circle_panel,
    gauge_bar,
    gauge_panel,
    keys_panel,
    notes_panel,
    ring_panel,
    sentence_panel,
    small_gauge_bar,
    small_gauge_panel,
    title_panel,
)
from coach.overlay.moving_picture import frame_number, picture_panel
from coach.overlay.silhouettes import mark, place_panel, silhouette_panel
from coach.overlay.text_layout import fit
from coach.types import Gauge, Picture
from coach.units import UNITS

BONE_COLOUR: Colour = (236, 240, 242)
EDGE_LIGHT = 0.55  # brightness left in the picture's corners
FIXED_POINT_BITS = 3  # OpenCV draws with eighths of a pixel


@dataclass(frozen=True, slots=True)
class Framing:
    """Where the camera's picture is on the canvas, in pixels."""

    left_px: int
    top_px: int
    width: int
    height: int

    @classmethod
    def of(cls, layout: Layout, banded: bool, narrow: bool = False) -> Framing:
        """The whole canvas, or the part above the sentence's band; narrow: between the two columns."""
        if not banded:
            return cls(0, 0, layout.width, layout.height)
        if narrow and not layout.upright:
            left, right = layout.columns
            width = layout.width - left - right
            return cls(left, layout.column_top, width, round(width * layout.height / layout.width))
        height = layout.height - layout.band
        width = round(layout.width * height / layout.height)
        return cls((layout.width - width) // 2, 0, width, height)


class Overlay:
    """Draws scenes. Holds only caches: sprites of recent text, and one vignette.

    banded: the picture is made slightly smaller, with the sentence below it. Feet are at the bottom of a picture and a
    raised leg may be anywhere, so a sentence on the picture would sooner or later cover something that matters.
    """

    def __init__(self, banded: bool = False) -> None:
        self._sprites = SpriteCache()
        self._banded = banded
        self._shade: Picture | None = None

    def draw(self, picture: Picture, scene: Scene, *, mirrored: bool = False) -> Picture:
        """A new picture (height, width, 3) RGB with the scene on it; the input is not changed.

        mirrored: flip picture and skeleton as a mirror does; text and gauges stay readable.
        """
        import cv2

        layout = Layout(picture.shape[1], picture.shape[0])
        canvas: Picture = np.empty(picture.shape, np.uint8)
        frame = Framing.of(layout, self._banded and scene.page is None, scene.narrow)
        shown = cv2.flip(picture, 1) if mirrored else picture
        rows = slice(frame.top_px, frame.top_px + frame.height)
        columns = slice(frame.left_px, frame.left_px + frame.width)
        if frame.height < layout.height:
            # Only round the picture: to fill all of it with three numbers takes as long as all the rest.
            canvas[: rows.start] = canvas[rows.stop :] = canvas[:, : columns.start] = canvas[:, columns.stop :] = DARK
            # Not by area: for a little smaller that takes ten times as long, and looks the same.
            how = cv2.INTER_LINEAR if 2 * frame.height > layout.height else cv2.INTER_AREA
            shown = cv2.resize(shown, (frame.width, frame.height), interpolation=how).astype("uint8", copy=False)
        canvas[rows, columns] = cv2.multiply(shown, self._shading(frame), scale=1 / 255)
        if scene.page is None:
            self._body(canvas, layout, frame, scene, mirrored)
        floor = self._foot(canvas, layout, scene)
        if scene.silhouette is not None or scene.ticks:
            self._set_up(canvas, layout, scene, mirrored, floor)
        top = self._head(canvas, layout, scene)
        if scene.page is not None:
            page, top = scene.page, max(top, layout.column_top)
            height = max(layout.px(60), floor - layout.gap - top)
            sprite = self._sprites.get((layout, page, height), lambda: page_panel(layout, page, height))
            blend(canvas, sprite, layout.margin, top)
            return canvas
        self._left_column(canvas, layout, scene)
        bottom = max(self._right_column(canvas, layout, scene, top), self._place(canvas, layout, scene, mirrored, top))
        if scene.notes:
            notes, room = scene.notes, floor - layout.gap - bottom
            sprite = self._sprites.get((layout, notes, room), lambda: notes_panel(layout, notes, room))
            blend(canvas, sprite, layout.width - layout.margin - sprite.width, bottom)
        self._middle(canvas, layout, scene)
        return canvas

    def _shading(self, frame: Framing) -> Picture:
        """Multiplies the picture: 255 in the middle, darker towards the edges."""
        shade = self._shade
        if shade is None or shade.shape[:2] != (frame.height, frame.width):
            x = np.linspace(-1, 1, frame.width, dtype=np.float32)[None, :]
            y = np.linspace(-1, 1, frame.height, dtype=np.float32)[:, None]
            away = np.clip((np.hypot(x, y) - 0.45) / (math.sqrt(2) - 0.45), 0, 1)
            light = (1 - (1 - EDGE_LIGHT) * away * away * (3 - 2 * away)) * 255
            shade = self._shade = np.repeat(light.astype(np.uint8)[:, :, None], 3, axis=2)
        return shade

    def _head(self, canvas: Picture, layout: Layout, scene: Scene) -> int:
        """Title at the top left, keys at the top right. Returns where the column below the keys may begin."""
        top, room = layout.margin, layout.width - layout.ring - 3 * layout.margin
        if scene.keys:
            keys = scene.keys
            sprite = self._sprites.get((layout, keys), lambda: keys_panel(layout, keys))
            blend(canvas, sprite, layout.width - layout.margin - sprite.width, top)
            top += sprite.height + layout.gap
            # A face is between the two.
            room = min(layout.width - sprite.width - 3 * layout.margin, round(0.42 * layout.width))
        if scene.title:
            title, subtitle = scene.title, scene.subtitle
            sprite = self._sprites.get(
                (layout, "title", title, subtitle, room), lambda: title_panel(layout, title, subtitle, room)
            )
            blend(canvas, sprite, layout.margin, layout.margin)
        return top

    def _foot(self, canvas: Picture, layout: Layout, scene: Scene) -> int:
        """The sentence and further keys at the bottom. Returns their top edge."""
        if not scene.sentence and not scene.hints:
            return layout.height - layout.margin
        sentence, marked, hints, banded = scene.sentence, bool(scene.marks), scene.hints, self._banded
        sprite = self._sprites.get(
            (layout, "sentence", sentence, marked, hints),
            lambda: sentence_panel(layout, sentence, marked, hints, banded),
        )
        left, top = (layout.width - sprite.width) // 2, layout.height - layout.margin - sprite.height
        if banded and scene.page is None:  # in the middle of its band
            top = max(layout.height - layout.band, layout.height - (layout.band + sprite.height) // 2)
        blend(canvas, sprite, left, top)
        return min(top, layout.height - layout.band) if banded else top

    def _right_column(self, canvas: Picture, layout: Layout, scene: Scene, top: int) -> int:
        """The count in its ring. Returns where the column below it may begin."""
        if scene.count is None:
            return top
        count = scene.count
        sprite = self._sprites.get((layout, count), lambda: ring_panel(layout, count))
        blend(canvas, sprite, layout.width - layout.margin - sprite.width, top)
        return top + sprite.height + layout.gap

    def _place(self, canvas: Picture, layout: Layout, scene: Scene, mirrored: bool, top: int) -> int:
        """The map of where to be: in the count's place, or on the left once something is counted.

        Returns where the right column below it may begin.
        """
        if scene.figure is not None:
            return self._figure(canvas, layout, scene.figure, mirrored, top, beside=scene.count is not None)
        if scene.place is None or (scene.ticks and scene.count is not None):
            return top
        place = scene.place
        sprite = self._sprites.get((layout, "place", place, mirrored), lambda: place_panel(layout, place, mirrored))
        if scene.count is not None:
            blend(canvas, sprite, layout.margin, layout.column_top)
            return top
        blend(canvas, sprite, layout.width - layout.margin - sprite.width, top)
        return top + sprite.height + layout.gap

    def _figure(self, canvas: Picture, layout: Layout, figure: Figure, mirrored: bool, top: int, beside: bool) -> int:
        """The animated picture: in the count's place, or on the left once something is counted."""
        number = frame_number(figure.picture, figure.t_s)
        key = (layout, "how", figure.exercise, figure.side, number, mirrored)
        sprite = self._sprites.get(key, lambda: picture_panel(layout, figure.picture, figure.side, number, mirrored))
        left = layout.margin if beside else layout.width - layout.margin - sprite.width
        blend(canvas, sprite, left, layout.column_top if beside else top)
        return top if beside else top + sprite.height + layout.gap

    def _middle(self, canvas: Picture, layout: Layout, scene: Scene) -> None:
        """One large number, or the scale to choose from."""
        if scene.big:
            text = scene.big
            sprite = self._sprites.get((layout, "big", text), lambda: big_panel(layout, text))
        elif scene.scale is not None:
            scale = scene.scale
            sprite = self._sprites.get((layout, scale), lambda: scale_panel(layout, scale))
        else:
            return
        blend(canvas, sprite, (layout.width - sprite.width) // 2, (layout.height - sprite.height) // 2)

    def _set_up(self, canvas: Picture, layout: Layout, scene: Scene, mirrored: bool, floor: int) -> None:
        """The check list, and beside it the silhouette: above the sentence, which begins at ``floor``."""
        ticks, room, beside = scene.ticks, floor - layout.column_top - layout.gap, 0
        if ticks:
            panel = self._sprites.get((layout, ticks, room), lambda: ticks_panel(layout, ticks, room))
            beside = 0 if layout.upright else layout.margin + panel.width + layout.gap
        if scene.silhouette is not None:
            spot = scene.silhouette
            sprite = self._sprites.get(
                (layout, "figure", spot, mirrored), lambda: silhouette_panel(layout, spot, mirrored)
            )
            top = layout.px(34) if spot.posture == "upright" else (layout.height - sprite.height) // 2
            left = max(beside, (layout.width - sprite.width) // 2)
            blend(canvas, sprite, left, max(0, min(top, floor - layout.gap - sprite.height)))
        if ticks:
            blend(canvas, panel, layout.margin, layout.column_top)

    def _left_column(self, canvas: Picture, layout: Layout, scene: Scene) -> None:
        """The breathing circle or the large gauge, with small gauges below."""
        top, small = layout.column_top, scene.gauges
        if scene.circle is not None:
            top += self._circle(canvas, layout, scene.circle, top)
        elif scene.gauges:
            small = scene.gauges[1:]
            top += self._gauge(canvas, layout, scene.gauges[0], top, alone=not small)
        for gauge in small:
            top += layout.px(8)
            top += self._small_gauge(canvas, layout, gauge, top)

    def _gauge(self, canvas: Picture, layout: Layout, gauge: Gauge, top: int, alone: bool) -> int:
        """The large gauge; its value moves with the needle. Returns its height."""
        px, bar = layout.px, gauge_bar(layout, alone)
        sprite = self._sprites.get(
            (layout, "gauge", gauge.label, gauge.low, gauge.high, gauge.target, alone),
            lambda: gauge_panel(layout, gauge, alone),
        )
        blend(canvas, sprite, layout.margin, top)
        edge = layout.margin + bar.edge + bar.thickness
        known = math.isfinite(gauge.value)
        at = top + bar.at(gauge, gauge.value if known else (gauge.low + gauge.high) / 2)
        if known:
            left = layout.margin + bar.edge
            _fill(canvas, _rectangle(left - px(7), at - px(4), edge + px(8), at + px(4)), DARK)
            _fill(canvas, _rectangle(left - px(7), at - px(2), edge + px(8), at + px(2)), WHITE)
            _fill(canvas, [(edge + px(5), at), (edge + px(30), at - px(15)), (edge + px(30), at + px(15))], WHITE)
        self._value(canvas, layout, gauge, px(44), (edge + px(38), at))
        return sprite.height

    def _small_gauge(self, canvas: Picture, layout: Layout, gauge: Gauge, top: int) -> int:
        """A small gauge with a tick on its bar. Returns its height."""
        px, bar = layout.px, small_gauge_bar(layout)
        sprite = self._sprites.get(
            (layout, "small", gauge.label, gauge.low, gauge.high, gauge.target),
            lambda: small_gauge_panel(layout, gauge),
        )
        blend(canvas, sprite, layout.margin, top)
        self._value(canvas, layout, gauge, px(28), (layout.margin + bar.end, top + px(23)), "right")
        if math.isfinite(gauge.value):
            at = layout.margin + bar.at(gauge, gauge.value)
            upper, lower = top + bar.edge - px(8), top + bar.edge + bar.thickness + px(8)
            _fill(canvas, _rectangle(at - px(5), upper, at + px(5), lower), DARK)
            _fill(canvas, _rectangle(at - px(3), upper, at + px(3), lower), WHITE)
        return sprite.height

    def _value(
        self, canvas: Picture, layout: Layout, gauge: Gauge, size_px: int, edge: Point, align: str = "left"
    ) -> None:
        """The gauge's value as a number, a dash if unknown; edge: middle of its left or right end."""
        known = math.isfinite(gauge.value)
        # Noise may put a straight knee at -3 degrees, which would only confuse.
        text = f"{round(max(gauge.low, gauge.value))}{_symbol(gauge.unit)}" if known else "–"
        sprite = self._sprites.get((layout, "value", size_px, text), lambda: _line(text, size_px, layout.px(130)))
        left = edge[0] - (sprite.width if align == "right" else 0)
        blend(canvas, sprite, round(left), round(edge[1] - sprite.height / 2))

    def _circle(self, canvas: Picture, layout: Layout, circle: Circle, top: int) -> int:
        """Grows when breathing in, shrinks when breathing out; hollow when it leads. Returns its height."""
        sprite = self._sprites.get((layout, "circle", circle.label), lambda: circle_panel(layout, circle.label))
        blend(canvas, sprite, layout.margin, top)
        (x, y), least, most = breathing_disc(layout)
        radius = least + (most - least) * min(1.0, max(0.0, circle.fill))
        _disc(canvas, (layout.margin + x, top + y), radius, layout.px(7) if circle.paced else 0)
        return sprite.height

    def _body(self, canvas: Picture, layout: Layout, frame: Framing, scene: Scene, mirrored: bool) -> None:
        """A thin skeleton in a neutral colour, and a diamond round each joint the sentence is about."""
        import cv2

        if scene.pose is None:
            return
        points = np.asarray(scene.pose.xy_px, np.float64) * (frame.width, frame.height) / scene.pose_size_px
        if mirrored:
            points[:, 0] = frame.width - 1 - points[:, 0]
        points += (frame.left_px, frame.top_px)
        # Far outside the picture OpenCV's integers could overflow.
        far = 4.0 * max(layout.width, layout.height)
        known = [bool(np.all(np.abs(point) < far)) for point in points]
        places = [_fixed(point) if here else (0, 0) for point, here in zip(points, known, strict=True)]
        for colour, thickness in ((DARK, layout.px(5)), (BONE_COLOUR, layout.px(2))):
            for start, end in BONES:
                if known[start] and known[end]:
                    cv2.line(canvas, places[start], places[end], colour, thickness, cv2.LINE_AA, FIXED_POINT_BITS)
        for row in scene.marks:
            if known[row]:
                sprite = self._sprites.get((layout, "mark"), lambda: mark(layout))
                x, y = points[row]
                blend(canvas, sprite, round(x - sprite.width / 2), round(y - sprite.height / 2))


def _line(text: str, size_px: int, width_px: int) -> Sprite:
    one = fit(text, size_px, width_px, bold=True)
    return Canvas(one.width + 2, one.height).text(one, 1, 0).sprite()


def _fixed(point: Sequence[float]) -> tuple[int, int]:
    """A point in OpenCV's fixed-point numbers."""
    return round(point[0] * (1 << FIXED_POINT_BITS)), round(point[1] * (1 << FIXED_POINT_BITS))


def _rectangle(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _fill(canvas: Picture, points: Sequence[Point], colour: Colour) -> None:
    """A filled convex shape with soft edges."""
    import cv2

    corners = np.array([_fixed(point) for point in points], np.int32)
    cv2.fillConvexPoly(canvas, corners, colour, cv2.LINE_AA, FIXED_POINT_BITS)


def _disc(canvas: Picture, centre: Point, radius: float, thickness: int) -> None:
    """A disc of the accent colour, or a circle of the given thickness if that is not 0."""
    import cv2

    size = round(radius * (1 << FIXED_POINT_BITS))
    cv2.circle(canvas, _fixed(centre), size, ACCENT, thickness or cv2.FILLED, cv2.LINE_AA, FIXED_POINT_BITS)


def _symbol(unit: str) -> str:
    """The unit after a needle's number: exercise files may give a name's ending, ``deg``, or the symbol itself."""
    if unit in UNITS:
        return UNITS[unit].symbol
    return unit if unit in ("", "°") else f" {unit}"
