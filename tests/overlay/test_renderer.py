"""What is drawn, by its pixels."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from coach.overlay.arrangement import Arrangement, Box, Layout
from coach.overlay.canvas import ACCENT, DARK, SOFT, WHITE, Colour
from coach.overlay.cards import page_tile
from coach.overlay.free_scene import Circle, Count, Key, Page, Scale, Scene, Spot, Tick
from coach.overlay.renderer import Overlay, shown_px
from coach.types import Gauge, Joint, Picture, Pose, Side
from tests.conftest import standing_pose

SIZE = (1280, 720)
DROP = Gauge("drop", "Drop", 10.0, "°", 0.0, 20.0, (8.0, 14.0))
KNEE = Gauge("knee", "Stance knee", 4.0, "°", 0.0, 40.0, (0.0, 15.0))
FULL = Scene(
    title="Hip hiker",
    subtitle="Left side",
    sentence="Keep the standing knee straight.",
    count=Count(6, 0.6, "of 10"),
    gauges=(DROP, KNEE),
    pose=standing_pose(SIZE),
    pose_size_px=SIZE,
    marks=(int(Joint.RIGHT_KNEE),),
)
SIZES = [(320, 240), (640, 480), (1280, 720), (720, 1280), (333, 251), (1920, 540), (240, 900), (3840, 2160)]


def grey(width: int = SIZE[0], height: int = SIZE[1], level: int = 140) -> Picture:
    return np.full((height, width, 3), level, np.uint8)


def parts(size: tuple[int, int] = SIZE, **kind: bool) -> Arrangement:
    """Where what stands on a canvas of the picture's size."""
    return Arrangement.of(Layout(*size), size, **kind)


def part(picture: NDArray[Any], box: Box) -> NDArray[Any]:
    return picture[box.top : box.bottom, box.left : box.right]


def draw(scene: Scene, picture: Picture | None = None, **options: Any) -> Picture:
    return Overlay().draw(grey() if picture is None else picture, scene, **options)


def changed(scene: Scene, other: Scene, **options: Any) -> NDArray[np.bool_]:
    """Where two scenes differ."""
    different: NDArray[np.bool_] = (draw(scene, **options) != draw(other, **options)).any(axis=2)
    return different


def box(where: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is True."""
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def test_the_picture_given_is_left_as_it_is() -> None:
    picture = grey()
    picture.flags.writeable = False
    for mirrored in (False, True):
        drawn = Overlay().draw(picture, FULL, mirrored=mirrored)
        assert drawn.flags.writeable
        assert not np.shares_memory(drawn, picture)
    assert (picture == 140).all()


@pytest.mark.parametrize("size", SIZES)
def test_any_size_keeps_its_size_and_shows_everything(size: tuple[int, int]) -> None:
    picture = grey(*size)
    pose = standing_pose(size)
    scene = replace(FULL, pose=pose, pose_size_px=size)
    whole = draw(scene, picture)
    assert whole.shape == (size[1], size[0], 3)
    for less in (
        {"title": ""},
        {"sentence": ""},
        {"count": None},
        {"gauges": ()},
        {"pose": None},
        {"marks": ()},
    ):
        assert (draw(replace(scene, **less), picture) != whole).any(), f"{less} changes nothing at {size}"  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (640, 480), (1920, 1080)])
def test_nothing_overlaps_and_nothing_but_the_body_is_on_the_picture(size: tuple[int, int]) -> None:
    scenes = (
        Scene(title=FULL.title, subtitle="Right side · set 1 of 2"),
        Scene(count=FULL.count, gauges=(DROP, KNEE, KNEE)),
        Scene(sentence="Slower please: two seconds down, and then two up again."),
        Scene(circle=Circle(0.5, "In"), count=FULL.count),
        Scene(big="3"),
    )
    picture = grey(*size)
    empty = draw(Scene(), picture)
    different = [(draw(scene, picture) != empty).any(axis=2) for scene in scenes]
    for where in different:
        assert where.any()
        assert not part(where, parts(size).picture).any()
    assert sum(where.astype(int) for where in different[:3]).max() == 1


KEYS = (Key("M", "Keine Stimme"), Key("Leertaste", "Weiter"), Key("P", "Es tut weh"), Key("Q", "Beenden"))


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (640, 480), (1920, 1080)])
def test_keys_leave_room_for_everything_else(size: tuple[int, int]) -> None:
    picture = grey(*size)
    empty = draw(Scene(keys=KEYS), picture)
    row = parts(size, keyed=True).keys
    assert (part(empty, row) != DARK).any()
    covered = np.zeros(empty.shape[:2], int)
    for scene in (
        Scene(title="Beckensenken", subtitle="Rechte Seite · Satz 1 von 2", keys=KEYS),
        Scene(count=FULL.count, keys=KEYS),
        Scene(sentence="Halte das Standbein gestreckt.", keys=KEYS),
    ):
        covered += (draw(scene, picture) != empty).any(axis=2)
    assert covered.max() == 1
    assert not part(covered, row).any()


def test_one_gauge_alone_is_higher() -> None:
    alone, accompanied = (box(changed(Scene(), Scene(gauges=gauges))) for gauges in ((DROP,), (DROP, KNEE, KNEE)))
    assert alone[3] - alone[1] > accompanied[3] - accompanied[1] - 2 * Layout(*SIZE).px(62)


@pytest.mark.parametrize(
    ("height", "least", "number"),
    [*((720, 84, number) for number in (0, 1, 6, 8, 10, 44)), (1080, 126, 1), (1080, 126, 44), (2160, 252, 44)],
)
def test_the_number_can_be_read_from_afar(height: int, least: int, number: int) -> None:
    picture = grey(height * 16 // 9, height)
    scene = Scene(title="Hip hiker", count=Count(number, 0.0, "of 10"), gauges=(DROP,), keys=KEYS)
    silent = replace(scene, count=Count("", 0.0, "of 10"))
    _, top, _, bottom = box((draw(scene, picture) != draw(silent, picture)).any(axis=2))
    assert bottom - top >= least


def test_the_ring_fills() -> None:
    accents = [
        np.abs(draw(Scene(count=Count(n, n / 10, "of 10"))).astype(int) - ACCENT).max(axis=2) < 8 for n in (0, 3, 7, 10)
    ]
    areas = [int(accent.sum()) for accent in accents]
    assert areas == sorted(areas)
    assert areas[0] == 0
    assert areas[3] > 2 * areas[1] > 0


def test_a_count_that_is_not_known_is_a_dash_and_no_zero() -> None:
    blank = Scene(count=Count("", 0.0, "of 8"))
    dash, zero = (changed(blank, Scene(count=Count(value, 0.0, "of 8"))) for value in (None, 0))
    (_, top, _, bottom), (_, above, _, below) = box(dash), box(zero)
    assert bottom - top < (below - above) / 3


@pytest.mark.parametrize("value", [0.0, 5.0, 10.0, 20.0])
def test_the_needle_moves_down_with_the_body(value: float) -> None:
    def needle_y(value: float) -> float:
        unknown = Scene(gauges=(replace(DROP, value=math.nan),))
        known = changed(unknown, Scene(gauges=(replace(DROP, value=value, unit=""),)))
        return float(np.nonzero(known)[0].mean())

    assert needle_y(value) < needle_y(value + 4) or value == 20.0
    assert needle_y(value) <= needle_y(20.0)


def test_a_value_beyond_the_gauge_stays_at_its_end() -> None:
    at_end, beyond = (changed(Scene(), Scene(gauges=(replace(DROP, value=value, unit=""),))) for value in (20.0, 90.0))
    assert box(at_end)[3] == box(beyond)[3]


def test_an_unknown_value_has_no_needle_and_no_number() -> None:
    for gauges in ((replace(DROP, value=math.nan),), (DROP, replace(KNEE, value=math.nan))):
        unknown = draw(Scene(gauges=gauges))
        zero = draw(Scene(gauges=tuple(replace(g, value=0.0 if math.isnan(g.value) else g.value) for g in gauges)))
        white = [(picture >= 250).all(axis=2).sum() for picture in (unknown, zero)]
        assert white[0] < white[1]


def test_noise_below_a_gauge_is_not_written_down() -> None:
    negative = draw(Scene(gauges=(DROP, replace(KNEE, value=-3.0))))
    assert (negative == draw(Scene(gauges=(DROP, replace(KNEE, value=0.0))))).all()


def test_joints_that_are_not_known_are_not_drawn() -> None:
    pose = standing_pose(SIZE)
    nothing = Pose(np.full_like(pose.xy_px, np.nan), pose.world_m, pose.visibility)
    bare = Scene(pose_size_px=SIZE)
    assert not changed(bare, replace(bare, pose=nothing, marks=(25, 26))).any()
    wild = pose.xy_px.copy()
    wild[Joint.LEFT_WRIST] = (np.inf, -np.inf)
    wild[Joint.RIGHT_WRIST] = (1e30, 5.0)
    without = changed(replace(bare, pose=pose), replace(bare, pose=Pose(wild, pose.world_m, pose.visibility)))
    assert without.any()
    left, top, right, bottom = box(without)
    arms = pose.xy_px[[Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW, Joint.LEFT_WRIST, Joint.RIGHT_WRIST]]
    arms = arms * (parts().picture.width / SIZE[0])
    assert left >= arms[:, 0].min() - 6
    assert right <= arms[:, 0].max() + 6
    assert top >= arms[:, 1].min() - 6
    assert bottom <= arms[:, 1].max() + 6


def test_a_mark_surrounds_its_joint_by_a_shape() -> None:
    full = replace(FULL, sentence="")
    bare = replace(full, marks=())
    shown = parts().picture
    left, top, right, bottom = box(part(changed(bare, full), shown))
    x, y = standing_pose(SIZE).xy_px[Joint.RIGHT_KNEE] * (shown.width / SIZE[0])
    assert (left + right) / 2 == pytest.approx(x, abs=2)
    assert (top + bottom) / 2 == pytest.approx(y, abs=2)
    assert 50 < right - left < 100
    # Hollow: what it is about stays to be seen.
    inside = (slice(round(y) - 6, round(y) + 6), round(x) + 5)
    assert (part(draw(full), shown)[inside] == part(draw(bare), shown)[inside]).all()


def test_a_skeleton_of_a_smaller_picture_is_enlarged() -> None:
    small = replace(FULL, pose=standing_pose((640, 360)), pose_size_px=(640, 360))
    assert np.abs(draw(small).astype(int) - draw(FULL).astype(int)).mean() < 0.1


def test_mirroring_turns_picture_and_body_but_no_words() -> None:
    picture = grey()
    picture[:, :640] = 40
    body = Scene(pose=standing_pose(SIZE, x=0.3), pose_size_px=SIZE)
    plain, mirrored = (part(draw(body, picture, mirrored=one), parts().picture) for one in (False, True))
    difference = np.abs(plain[:, ::-1].astype(int) - mirrored.astype(int))
    assert difference.mean() < 0.2
    words = Scene(title="Hip hiker", sentence="Ready.", count=Count(3, 0.3, "of 10"), gauges=(DROP,))
    assert (draw(words) == draw(words, mirrored=True)).all()


def test_the_circle_grows_and_is_hollow_where_it_leads() -> None:
    def accent(circle: Circle) -> int:
        drawn = draw(Scene(circle=circle)).astype(int)
        return int((np.abs(drawn - ACCENT).max(axis=2) < 8).sum())

    areas = [accent(Circle(fill, "in")) for fill in (0.0, 0.3, 0.7, 1.0)]
    assert areas == sorted(set(areas))
    assert accent(Circle(0.7, "in", paced=True)) < 0.6 * areas[2]


def test_ticks_differ_by_shape_and_not_only_by_colour() -> None:
    shapes = []
    for state in (True, False, None):
        drawn = draw(Scene(ticks=(Tick("", state), Tick("Light", None)))).astype(int)
        shapes.append(part(drawn, parts(wide=True).panel).min(axis=2) > 75)
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert (shapes[one] != shapes[other]).sum() > 60


def test_what_is_not_right_is_written_larger() -> None:
    def height(state: bool) -> int:
        empty, full = (Scene(ticks=(Tick(label, state), *[Tick("", True)] * 8)) for label in ("", "HHH"))
        _, top, _, bottom = box(changed(empty, full))
        return bottom - top

    assert height(False) > 1.3 * height(True)


def test_a_page_and_a_scale_take_the_place_of_everything_but_the_words() -> None:
    page = Page("Your session", ("One.", "Two."), ((("", "Left", "Right"), ("Repetitions", "10 of 10", "9 of 10")),))
    for full in (replace(FULL, page=page), replace(FULL, scale=Scale(3, "no pain", "the worst"))):
        assert (draw(full) == draw(replace(full, pose=None, gauges=(), count=None))).all()
        assert (draw(full) == draw(full, grey(level=30))).all(), "the picture is not shown"
    assert changed(Scene(page=page), Scene(page=Page("Your session"))).any()


@pytest.mark.parametrize(
    ("side", "mirrored", "head_right"), [("left", False, False), ("left", True, True), ("right", True, False)]
)
def test_whoever_lies_has_the_moving_leg_away_from_the_camera(side: Side, mirrored: bool, head_right: bool) -> None:
    spot = Spot("lying", side, "Moving leg away from the camera")
    where = changed(Scene(), Scene(silhouette=spot), mirrored=mirrored)
    left, top, right, _ = box(where)
    # The raised leg reaches highest, and stands nearer to the feet than to the head.
    leg = float(np.flatnonzero(where[top : top + 20].any(axis=0)).mean())
    assert (leg < (left + right) / 2) is head_right
    plain, turned = (draw(Scene(place=Spot("lying", one)), mirrored=True) for one in ("left", "right"))
    assert (plain != turned).any(), "the map turns with the side"


def test_the_silhouette_stands_in_the_picture() -> None:
    ticks = tuple(Tick(f"Whole body in the picture {n}", True) for n in range(9))
    setting = Scene(ticks=ticks, sentence="Tilt the camera down until I see your feet.", hints="N: Next")
    shown = parts(wide=True, hinted=True).picture
    for posture in ("upright", "lying"):
        different = changed(setting, replace(setting, silhouette=Spot(posture, "left")))  # type: ignore[arg-type]
        assert part(different, shown).sum() == different.sum() > 0


def test_the_map_stands_below_the_count() -> None:
    place = Spot("upright", "left", "Turn about 40 degrees")
    resting = Scene(count=Count(20, 0.5, "s"), place=place)
    counted = box(changed(resting, replace(resting, count=Count(19, 0.5, "s"))))
    turned = box(changed(resting, replace(resting, place=replace(place, posture="lying"))))
    assert turned[1] > counted[3]


def test_the_chosen_number_of_the_scale_is_larger() -> None:
    scale = Scale(None, "none", "the worst")
    left, top, right, bottom = box(changed(Scene(scale=scale), Scene(scale=replace(scale, chosen=7))))
    assert bottom - top > Layout(*SIZE).px(110)
    assert right - left < SIZE[0] / 10
    assert SIZE[0] / 2 < left


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (1920, 1080)])
def test_a_summary_of_two_exercises_can_be_read(size: tuple[int, int]) -> None:
    layout = Layout(*size)
    table = (("Beckensenken", "Links", "Rechts"), *[("Wiederholungen", "20 von 20", "nicht gesehen")] * 4)
    page = Page("Gut gemacht.", ("Beckensenken: Nächstes Mal: genau so weiter.",) * 3, (table, table))
    room = layout.px(540)
    assert 0.65 * room < page_tile(layout, page, size[0], room).height <= room, "as large as it may be"


@pytest.mark.parametrize("size", [*SIZES[:-1], (1920, 1080)])
def test_pages_ticks_and_countdowns_fit_any_size(size: tuple[int, int]) -> None:
    ticks = tuple(Tick(f"Whole body in the picture {n}", n % 2 == 0) for n in range(9))
    page = Page("Please read this first", tuple("It is not a doctor. " * 3 for _ in range(8)))
    for scene in (
        Scene(ticks=ticks, sentence="Step back."),
        Scene(page=page),
        Scene(big="3"),
        Scene(scale=Scale(3, "", "")),
    ):
        assert draw(scene, grey(*size)).shape == (size[1], size[0], 3)


def test_the_picture_keeps_its_light() -> None:
    assert (part(draw(Scene()), parts().picture) == 140).all()


def luminance(colour: Colour | NDArray[Any]) -> float:
    """Relative luminance of sRGB as WCAG 2.2 defines it."""
    share = np.asarray(colour, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("ink", [WHITE, SOFT, ACCENT])
def test_words_keep_a_contrast_of_seven_to_one_over_what_is_below_them(ink: Colour) -> None:
    assert (luminance(ink) + 0.05) / (luminance(DARK) + 0.05) >= 7
    drawn, arranged = draw(FULL, grey(level=255)), parts()
    for name, box_of in (("title", arranged.head), ("gauges", arranged.panel), ("sentence", arranged.band)):
        assert (drawn[box_of.top + 1, box_of.left + 1] == DARK).all(), name


def test_the_same_scene_twice_is_the_same_picture() -> None:
    overlay = Overlay()
    assert (overlay.draw(grey(), FULL).copy() == overlay.draw(grey(), FULL)).all()
    overlay.draw(grey(640, 480), FULL)
    assert (overlay.draw(grey(), FULL) == draw(FULL)).all()


def test_whatever_was_drawn_before_leaves_no_trace() -> None:
    page = Page("Your session", ("One.",))
    ticks = tuple(Tick(f"Check {n}", n % 2 == 0) for n in range(9))
    scenes = (
        FULL,
        replace(FULL, count=Count(7, 0.7, "of 10"), sentence="Ready."),
        replace(FULL, gauges=(replace(DROP, value=math.nan),), title=""),
        Scene(page=page, keys=KEYS),
        Scene(scale=Scale(3, "none", "worst"), sentence="How strong?"),
        Scene(scale=Scale(10, "none", "worst"), sentence="How strong?"),
        Scene(ticks=ticks, notes=("Load: 1 kg.",), hints="N: Next", keys=KEYS),
        Scene(circle=Circle(0.9, "In"), count=FULL.count),
        Scene(circle=Circle(0.1, "Out"), count=FULL.count),
        Scene(),
        FULL,
    )
    overlay = Overlay()
    for scene in scenes:
        assert (overlay.draw(grey(), scene) == draw(scene)).all()


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (640, 480), (1920, 1080)])
@pytest.mark.parametrize("hints", ["", "N: Next  ·  S: Other side"])
def test_a_sentence_of_any_length_stays_in_its_band(size: tuple[int, int], hints: str) -> None:
    picture = grey(*size, level=200)
    long = "Wenn es angenehm ist, lass den Fuß noch etwas tiefer sinken, aber nur so weit."
    band = parts(size, hinted=bool(hints)).band
    bare = draw(Scene(hints=hints), picture)
    for sentence in ("Ready.", long):
        where = (bare != draw(Scene(sentence=sentence, hints=hints), picture)).any(axis=2)
        assert part(where, band).sum() == where.sum() > 0


@pytest.mark.parametrize(
    ("canvas", "picture_px", "least"),
    [
        ((1280, 720), (1280, 720), 0.55),
        ((1920, 1080), (1280, 720), 0.55),
        ((1280, 720), (640, 480), 0.4),
        ((1280, 720), (720, 1280), 0.27),
        ((720, 1280), (720, 1280), 0.45),
        ((720, 1280), (1280, 720), 0.3),
    ],
)
def test_the_picture_is_as_large_as_words_and_count_allow(
    canvas: tuple[int, int], picture_px: tuple[int, int], least: float
) -> None:
    arranged = Arrangement.of(Layout(*canvas), picture_px, keyed=True)
    shown = arranged.picture
    assert shown.width / shown.height == pytest.approx(picture_px[0] / picture_px[1], rel=0.01)
    assert shown.width * shown.height >= least * canvas[0] * canvas[1]
    covered = np.zeros((canvas[1], canvas[0]), int)
    for box_of in (shown, arranged.head, arranged.panel, arranged.band, arranged.keys):
        assert box_of.left >= 0 and box_of.top >= 0
        assert box_of.right <= canvas[0] and box_of.bottom <= canvas[1]
        part(covered, box_of)[:] += 1
    assert covered.max() == 1


def test_the_body_is_drawn_where_the_smaller_picture_shows_it() -> None:
    picture = grey(level=90)
    pose = standing_pose(SIZE)
    x, y = np.asarray(pose.xy_px[Joint.LEFT_ANKLE]).round().astype(int)
    picture[y - 8 : y + 8, x - 8 : x + 8] = (255, 0, 0)
    for mirrored in (False, True):
        drawn = Overlay().draw(picture, Scene(), mirrored=mirrored)
        with_body = Overlay().draw(picture, Scene(pose=pose, pose_size_px=SIZE), mirrored=mirrored)
        red = drawn[:, :, 0].astype(int) - drawn[:, :, 1] > 80
        left, top, right, bottom = box(red)
        assert (drawn[top:bottom, left:right] != with_body[top:bottom, left:right]).any(), "a bone ends at the ankle"


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (333, 251), (48, 50), (2000, 48)])
def test_a_picture_may_be_made_small_before_it_is_drawn(size: tuple[int, int]) -> None:
    across, high = shown_px(FULL, size, size)
    assert across % 2 == high % 2 == 0
    drawn = draw(FULL, grey(across, high), size_px=size, whole_px=size)
    assert (drawn == draw(FULL, grey(*size))).all()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (640, 480), (720, 1280)])
def test_nothing_covers_feet_or_a_raised_leg_wherever_they_are(size: tuple[int, int]) -> None:
    ticks = tuple(Tick(label, True) for label in ("Whole body in the picture", "Ganzer Körper im Bild"))
    bare = Scene(keys=KEYS, ticks=ticks)
    scene = replace(
        bare,
        title="Strap stretch",
        sentence="Stay there and breathe slowly.",
        count=Count(7, 0.5, "of 30 s"),
        notes=("Hold for 30 seconds.", "Load: 1 kg."),
    )
    noise = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3)).astype(np.uint8)
    shown = parts(size, keyed=True, wide=True).picture
    assert (part(draw(scene, noise), shown) == part(draw(bare, noise), shown)).all()


def test_notes_stand_below_the_count_and_beside_the_picture() -> None:
    scene = replace(FULL, gauges=(), notes=("Step height: 15 cm.", "Left hand only, and nothing that pulls. " * 4))
    left, top, right, bottom = box(changed(scene, replace(scene, notes=("-",))))
    ring = box(changed(scene, replace(scene, count=Count(7, 0.7, "of 10"))))
    assert top >= ring[3]
    panel = parts(wide=True).panel
    assert left >= panel.left and right <= panel.right and bottom <= panel.bottom
