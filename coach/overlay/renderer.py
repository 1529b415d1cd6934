"""Draws a Scene beside a picture: the same for the window and for the annotated video.

On the picture itself stand only the body that was found, the marks of a sentence and, before anything is judged, an
outline to stand or lie in. Everything else is beside and below it, on a dark ground: white text on it has a contrast of
more than 7:1.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from coach.kinematics.skeleton import BONES
from coach.overlay.arrangement import Arrangement, Box, Layout, stacked
from coach.overlay.canvas import DARK, FIXED_POINT_BITS, Colour, Sprite, SpriteCache, blend
from coach.overlay.cards import PAGE_EDGE, page_tile, scale_tile, ticks_tile
from coach.overlay.free_scene import Scene
from coach.overlay.hud import Hud, keys_tile, notes_tile, sentence_tile, title_tile
from coach.overlay.moving_picture import frame_number, paint_figure
from coach.overlay.silhouettes import mark, place_tile, silhouette_panel
from coach.types import Picture

BONE_COLOUR: Colour = (236, 240, 242)
# Of what stands in the panel, in units: width and height.
RING, GAUGE, LONE_GAUGE, SMALL_GAUGE, CIRCLE = (284, 284), (220, 236), (220, 300), (220, 62), (284, 300)
FIGURE, PLACE, NOTES, TICKS = (290, 290), (284, 274), (320, 150), (400, 414)
SMALL_FIGURE, SMALL_NOTES = (220, 220), (320, 90)  # beside a check list


@dataclass(frozen=True, slots=True)
class _Slot:
    """A part of the canvas. key: what is in it, painted again only when that changes."""

    box: Box
    key: Hashable
    paint: Callable[[Picture], None]


class Overlay:
    """Draws scenes. Holds one canvas, what stands on it, and tiles of recent text.

    still: the moving picture stands still, showing both ends of its movement.
    """

    def __init__(self, still: bool = False) -> None:
        self._still = still
        self._sprites = SpriteCache()
        self._hud = Hud(self._sprites)
        self._canvas: Picture = np.empty((0, 0, 3), np.uint8)
        self._boxes: Hashable = None
        self._painted: dict[Box, Hashable] = {}
        self._turned: Picture = np.empty((0, 0, 3), np.uint8)

    def draw(
        self,
        picture: Picture,
        scene: Scene,
        *,
        size_px: tuple[int, int] | None = None,
        whole_px: tuple[int, int] | None = None,
        mirrored: bool = False,
    ) -> Picture:
        """A picture (height, width, 3) RGB with the scene; the input is not changed. The next call overwrites it.

        size_px: width and height of what is drawn; those of the picture by default. whole_px: those of the picture
        before it was made as small as ``shown_px`` says. mirrored: flip picture and body as a mirror does; text and
        gauges stay readable.
        """
        given_px = (picture.shape[1], picture.shape[0])
        layout = Layout(*(size_px or given_px))
        parts = _arrangement(scene, layout, whole_px or given_px)
        slots = list(self._slots(layout, parts, scene, mirrored))
        canvas = self._cleared(layout, (parts, picture_shown(scene), tuple(slot.box for slot in slots)))
        for slot in slots:
            if self._painted.get(slot.box) != slot.key:
                part = _part(canvas, slot.box)
                _darken(part)
                slot.paint(part)
                self._painted[slot.box] = slot.key
        if picture_shown(scene):
            part = _part(canvas, parts.picture)
            self._show(part, picture, mirrored)
            self._body(part, layout, scene, mirrored)
            self._upon(part, layout, scene, mirrored)
        return canvas

    def _cleared(self, layout: Layout, boxes: Hashable) -> Picture:
        """The canvas, empty where something moved, else as it was drawn last."""
        shape = (layout.height, layout.width, 3)
        if self._canvas.shape != shape:
            self._canvas, self._boxes = np.empty(shape, np.uint8), None
        if boxes != self._boxes:
            _darken(self._canvas)
            self._boxes, self._painted = boxes, {}
        return self._canvas

    def _slots(self, layout: Layout, parts: Arrangement, scene: Scene, mirrored: bool) -> Iterator[_Slot]:
        """Everything beside and below the picture."""
        if scene.title:
            head, edge = parts.head, layout.gap if picture_shown(scene) else layout.px(PAGE_EDGE)
            box = Box(head.left + edge, head.top + layout.gap, head.width - 2 * edge, max(1, head.height - layout.gap))
            key = ("title", layout, scene.title, scene.subtitle)
            yield self._tile(box, key, partial(title_tile, layout, scene.title, scene.subtitle))
        if scene.keys:
            yield self._tile(parts.keys, ("keys", layout, scene.keys), partial(keys_tile, layout, scene.keys))
        if scene.sentence or scene.hints:
            said = (scene.sentence, bool(scene.marks), scene.hints)
            yield self._tile(parts.band, ("sentence", layout, said), partial(sentence_tile, layout, *said))
        if not picture_shown(scene):
            yield self._page(layout, parts.picture, scene)
            return
        panel = parts.panel.inside(layout.gap)
        things = list(self._things(layout, scene, mirrored))
        for (_, shown, paint), box in zip(things, stacked(layout, panel, [size for size, _, _ in things]), strict=True):
            yield _Slot(box, shown, paint)

    def _things(
        self, layout: Layout, scene: Scene, mirrored: bool
    ) -> Iterator[tuple[tuple[float, float], Hashable, Callable[[Picture], None]]]:
        """What stands in the panel below the title: size in units, what it shows, and how it is painted."""
        hud = self._hud
        if scene.big:
            yield RING, ("big", scene.big), lambda part: hud.big(part, layout, scene.big)
        elif scene.count is not None:
            count = scene.count
            yield RING, count, lambda part: hud.ring(part, layout, count)
        if scene.figure is not None:
            figure = scene.figure
            number = None if self._still else frame_number(figure.picture, figure.t_s)
            yield (
                SMALL_FIGURE if scene.ticks else FIGURE,
                ("figure", figure.exercise, figure.side, number, mirrored),
                lambda part: paint_figure(part, figure.picture, figure.side, number, mirrored),
            )
        elif scene.place is not None:
            place = scene.place
            yield (
                PLACE,
                ("place", place, mirrored),
                lambda part: self._paint(
                    part, ("place", layout, place, mirrored), lambda w, h: place_tile(place, mirrored, w, h)
                ),
            )
        if scene.ticks:
            ticks = scene.ticks
            yield (
                TICKS,
                ticks,
                lambda part: self._paint(part, (layout, ticks), lambda w, h: ticks_tile(layout, ticks, w, h)),
            )
        if scene.circle is not None:
            circle = scene.circle
            yield CIRCLE, circle, lambda part: hud.circle(part, layout, circle)
        first = scene.circle is None
        for gauge in scene.gauges:
            if first:
                size = GAUGE if len(scene.gauges) > 1 else LONE_GAUGE
                yield size, ("gauge", repr(gauge)), partial(hud.gauge, layout=layout, gauge=gauge)
            else:
                yield SMALL_GAUGE, repr(gauge), partial(hud.small_gauge, layout=layout, gauge=gauge)
            first = False
        if scene.notes:
            notes = scene.notes
            yield (
                SMALL_NOTES if scene.ticks else NOTES,
                notes,
                lambda part: self._paint(part, (layout, notes), lambda w, h: notes_tile(layout, notes, w, h)),
            )

    def _page(self, layout: Layout, box: Box, scene: Scene) -> _Slot:
        """What is shown instead of the picture: words to read, or numbers to choose from."""
        if scene.page is not None:
            return self._tile(box, ("page", layout, scene.page), partial(page_tile, layout, scene.page))
        assert scene.scale is not None
        return self._tile(box, ("scale", layout, scene.scale), partial(scale_tile, layout, scene.scale))

    def _tile(self, box: Box, key: Hashable, make: Callable[[int, int], Sprite]) -> _Slot:
        return _Slot(box, key, partial(self._paint, key=key, make=make))

    def _paint(self, part: Picture, key: Hashable, make: Callable[[int, int], Sprite]) -> None:
        height, width = part.shape[:2]
        blend(part, self._sprites.get((key, width, height), lambda: make(width, height)), 0, 0)

    def _show(self, part: Picture, picture: Picture, mirrored: bool) -> None:
        """The camera's picture, in the size of its part."""
        import cv2

        height, width = part.shape[:2]
        # Not by area where it is only a little smaller: that takes ten times as long, and looks the same.
        how = cv2.INTER_LINEAR if 2 * width > picture.shape[1] else cv2.INTER_AREA
        if not mirrored:
            cv2.resize(picture, (width, height), dst=part, interpolation=how)
            return
        if self._turned.shape != part.shape:
            self._turned = np.empty(part.shape, np.uint8)
        cv2.resize(picture, (width, height), dst=self._turned, interpolation=how)
        cv2.flip(self._turned, 1, dst=part)

    def _upon(self, part: Picture, layout: Layout, scene: Scene, mirrored: bool) -> None:
        """What stands on the picture while nothing is judged: the outline to be in."""
        height, width = part.shape[:2]
        if scene.silhouette is not None:
            spot = scene.silhouette
            sprite = self._sprites.get(
                (layout, "outline", spot, mirrored, part.shape),
                lambda: silhouette_panel(layout, spot, mirrored, width, height),
            )
            blend(part, sprite, (width - sprite.width) // 2, (height - sprite.height) // 2)

    def _body(self, part: Picture, layout: Layout, scene: Scene, mirrored: bool) -> None:
        """A thin skeleton in a neutral colour, and a diamond round each joint the sentence is about."""
        import cv2

        if scene.pose is None:
            return
        height, width = part.shape[:2]
        points = np.asarray(scene.pose.xy_px, np.float64) * (width, height) / scene.pose_size_px
        if mirrored:
            points[:, 0] = width - 1 - points[:, 0]
        # Far outside the picture OpenCV's integers could overflow.
        known = np.all(np.abs(points) < 4.0 * max(layout.width, layout.height), axis=1)
        places = np.rint(np.where(known[:, None], points, 0) * (1 << FIXED_POINT_BITS)).astype(np.int32)
        bones = [places[[start, end]] for start, end in BONES if known[start] and known[end]]
        for colour, thickness in ((DARK, layout.px(5)), (BONE_COLOUR, layout.px(2))):
            if bones:
                cv2.polylines(part, bones, False, colour, thickness, cv2.LINE_AA, FIXED_POINT_BITS)
        for row in scene.marks:
            if known[row]:
                sprite = self._sprites.get((layout, "mark"), lambda: mark(layout))
                x, y = points[row]
                blend(part, sprite, round(x - sprite.width / 2), round(y - sprite.height / 2))


def shown_px(scene: Scene, whole_px: tuple[int, int], size_px: tuple[int, int]) -> tuple[int, int]:
    """Width and height in which a picture of whole_px is shown on a canvas of size_px."""
    box = _arrangement(scene, Layout(*size_px), whole_px).picture
    return box.width, box.height


def _arrangement(scene: Scene, layout: Layout, picture_px: tuple[int, int]) -> Arrangement:
    if not picture_shown(scene):
        return Arrangement.of_page(layout, keyed=bool(scene.keys), said=bool(scene.sentence or scene.hints))
    panelled = bool(scene.ticks or scene.figure or scene.place or scene.notes)
    return Arrangement.of(layout, picture_px, keyed=bool(scene.keys), hinted=bool(scene.hints), wide=panelled)


def picture_shown(scene: Scene) -> bool:
    """Whether the camera's picture is shown: not while there is something to read or to choose from."""
    return scene.page is None and scene.scale is None


def _darken(part: Picture) -> None:
    """Fill it with the ground; NumPy takes forty times as long to spread a colour of three numbers."""
    import cv2

    cv2.rectangle(part, (0, 0), (part.shape[1], part.shape[0]), DARK, cv2.FILLED)


def _part(canvas: Picture, box: Box) -> Picture:
    return canvas[max(0, box.top) : box.bottom, max(0, box.left) : box.right]
