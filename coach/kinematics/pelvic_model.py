"""What lowered the body: the pelvis, the standing knee or a leaning trunk; and what a bent hanging knee takes back.

One small least-squares fit per picture. With the standing foot planted, as shares of leg length, and d the distance of
the hip joint centres:

    hanging foot    f = d sin(drop) + K - H
    middle of hips  u = 0.505 d sin(drop) + 0.95 K
    knees as seen   K, H
    standing shank  0.44 K, where the knee is not seen
    tilt            0.44 d sin(drop) + 0.29 K from the front, -0.05 K from behind

K is how far a bent standing knee lowers everything, H how far a bent hanging knee lifts its foot. A drop lowers mid-hip
about half as far as the foot, a bent standing knee nearly as far: so the two paths tell which it was. The tilt is known
less well than either path, so it decides only where they leave it open.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from coach.kinematics.geometry import clip

# Path of the hips over that of the foot, seen level, in a clean drop: 0.49 to 0.51 with true joints at any depth, view
# and body, 0.506 as read. If a standing knee alone bends, 0.95 both with true joints and as read (20 knees).
HIPS_SHARE, HIPS_BENT = 0.505, 0.95
# Errors of the four readings, 1 sigma, in % of the leg, and their growth with what disturbs them.
FOOT_ERROR_PCT, HIPS_ERROR_PCT = 0.15, 0.32  # of paths followed by pixels; a trunk bends, breathes and wears cloth
# Of paths followed by points that hardly agree, as in the dark: a trunk's, seen half as well, was off by 0.85 %.
FOOT_UNSURE_PCT, HIPS_UNSURE_PCT = 1.2, 1.4
# Of a trunk that leans, for each degree: after what a lean lowers is taken off, it was 0.4 % off in leans of 15
# degrees, and up to 1.7 % where it leaned towards a camera above or away from it.
HIPS_LEANING_PCT = 0.06
# Of what a bent standing knee took: 35 of them alone lowered the hips by 3.5 +- 0.36 % and the foot by 3.9 +- 0.44 %.
HIPS_BENT_SHARE = 0.15
JOINTS_ERROR_PCT = 0.6  # of paths known from the joints alone, where there is nothing to follow
SURE = 0.9  # of a part's motion: from there on it is as good as it gets; in the dark it is 0.3 to 0.7
NOTHING_TOLD = 0.1
# A standing knee that bends lowers the middle of its shank, by this share of what it lowers the body: 0.44 in 29 knees
# bent by 30 degrees (nine of ten 0.2 to 0.8), and a shank stays where it is in a drop, to within 0.3 % of the leg.
SHANK_SHARE, SHANK_ERROR_SHARE = 0.44, 0.5
SHANK_ERROR_PCT, SHANK_UNSURE_PCT = 0.15, 1.2
KNEE_ERROR_PCT = 0.12
KNEE_ERROR_SHARE = 0.3  # of what a knee that was seen to bend took
LEAST_KNEE_ERROR_PCT = 1.5  # of what one took that hardly shows: of 30 degrees, 3.4 %, it shows 1.2 to 9.8
SWING_SHARE = 0.1  # of a swing: how far off the foot's way is after it was set right for the swing
# Between the drops that foot and hips tell: more is not noise but a knee that this view does not show. Where pixels
# told both, and in standard errors, for what is added where they told less.
DISAGREES_PCT, DISAGREES = 0.8, 2.0
HIDDEN_FREE = 2.0  # times it: how much an unseen standing knee may have taken
# A foot that is higher against the hips than before was lifted by its own knee. From here to twice that their
# disagreement says ever less of the standing one, which then took no more than this, unless its shank tells.
LIFTED_PCT, LIFTED_STANCE_PCT = 1.0, 0.8
TELLS_NOTHING = 0.75  # standard errors: up to there a shank tells of no bend, from twice that on it does
HIDDEN_HANGING_SHARE = 0.1  # of the disagreement: from an unseen hanging knee rather than the standing one


# Points on the pelvis turn by 0.44 of a drop (1579 movements of 249 people, who differ by 0.14): those on cloth and
# thighs lag behind. A standing knee that bends tips its thigh, which turns some of them: from the front by the sum of
# two shares of what the knee took, from behind by their difference. A lean turns them, too, for each degree.
TILT_SHARE, TILT_BENT, TILT_BENT_FACING, TILT_LEANING_PCT = 0.44, 0.12, 0.17, 0.12
# Errors of that: one that is always there, one of how far foot and hips went, and of what a lean adds. A leg that
# swings, or whose knee bends, takes points along: of the foot's way, and of what the knee took.
TILT_ERROR_PCT, TILT_ERROR_SHARE, TILT_LEANING_ERROR_SHARE = 0.35, 0.14, 0.5
TILT_SWING_SHARE, TILT_HANGING_SHARE = 0.04, 0.3


class Readings(NamedTuple):
    """Readings from one picture, as changes since rest; in % of leg length except for the knees.

    foot, hips: how far the hanging foot and the middle of the hips went down. swing: how far the hanging foot went
    sideways. lean_deg: how far the trunk leans. stance_knee_deg, hanging_knee_deg: NaN where the view does not show a
    knee bend. shank: how far the middle of the standing shank went down. stance_knee_least_deg,
    hanging_knee_least_deg: how much a knee at least bent where the view does not surely show it. foot_sure, hips_sure,
    shank_sure: how well the three ways are known, 0..1. tilt: how far the hanging hip went down against the other by
    how the points on the pelvis turned; NaN where they do not tell. faces: 1 for somebody who faces the camera, -1 for
    a back.
    """

    foot: float
    hips: float
    swing: float
    stance_knee_deg: float
    hanging_knee_deg: float
    foot_sure: float = 1.0
    hips_sure: float = 1.0
    shank: float = math.nan
    shank_sure: float = 0.0
    stance_knee_least_deg: float = 0.0
    hanging_knee_least_deg: float = 0.0
    lean_deg: float = 0.0
    tilt: float = math.nan
    faces: float = 1.0

    @property
    def paths(self) -> Readings:
        """The same without the tilt, which jumps from picture to picture as much as it tells."""
        return self._replace(tilt=math.nan)


class Posture(NamedTuple):
    """The fit. drop_pct: d sin(drop), with its standard error. stance_pct, hanging_pct: K, with its standard error, and
    H; never negative.

    misfit: root mean square of the residuals, in standard errors.
    """

    drop_pct: float
    drop_error_pct: float
    stance_pct: float
    stance_error_pct: float
    hanging_pct: float
    misfit: float


def bend_pct(knee_deg: float) -> float:
    """How much a bent knee shortens a leg, in %: two equal segments, the ankle under the hip."""
    return 100 * (1 - math.cos(math.radians(clip(knee_deg, 0.0, 120.0)) / 2))


def bend_deg(pct: float) -> float:
    """The inverse of ``bend_pct``."""
    return 2 * math.degrees(math.acos(clip(1 - pct / 100, 0.0, 1.0)))


def _way_error(sure: float, least: float, most: float) -> float:
    """Standard error of a path by how sure its motion was; least, most: that of a sure and of a doubtful one."""
    if sure < NOTHING_TOLD:
        return JOINTS_ERROR_PCT
    return least + max(0.0, 1 - sure / SURE) * (most - least)


def _noise(foot_error: float, hips_error: float) -> float:
    """Standard error of the difference between the drops that foot and hips tell."""
    return math.hypot(foot_error, hips_error / HIPS_SHARE)


def fit(r: Readings) -> Posture:
    """Weighted least squares; K and H are clamped at zero, and K is no less than a standing knee surely took."""
    if not (math.isfinite(r.foot) and math.isfinite(r.hips)):
        return Posture(*[math.nan] * 6)
    found = _fitted(r)
    if math.isfinite(r.stance_knee_deg) or found.stance_pct >= bend_pct(r.stance_knee_least_deg):
        return found
    return _fitted(r._replace(stance_knee_deg=r.stance_knee_least_deg))


def _fitted(r: Readings) -> Posture:
    foot_error = _way_error(r.foot_sure, FOOT_ERROR_PCT, FOOT_UNSURE_PCT) + SWING_SHARE * abs(r.swing)
    hips_error = _way_error(r.hips_sure, HIPS_ERROR_PCT, HIPS_UNSURE_PCT)
    hips_error = math.hypot(hips_error, HIPS_LEANING_PCT * abs(r.lean_deg))
    noise = _noise(foot_error, hips_error) - _noise(FOOT_ERROR_PCT, HIPS_ERROR_PCT)
    lifted = max(0.0, r.hips - r.foot)
    hidden = max(0.0, r.hips / HIPS_SHARE - r.foot - DISAGREES_PCT - DISAGREES * noise)
    if math.isfinite(r.stance_knee_deg):
        stance = bend_pct(r.stance_knee_deg)
        stance_error = KNEE_ERROR_PCT + KNEE_ERROR_SHARE * stance
        hips_error = math.hypot(hips_error, HIPS_BENT_SHARE * stance)
    else:
        stance, stance_error = _unseen_stance(r, hidden, lifted)
    hanging_deg = r.hanging_knee_deg if math.isfinite(r.hanging_knee_deg) else r.hanging_knee_least_deg or math.nan
    if math.isfinite(hanging_deg):
        hanging = bend_pct(hanging_deg)
        hanging_error = KNEE_ERROR_PCT + 2 * KNEE_ERROR_SHARE * hanging
    else:
        hanging, hanging_error = 0.0, KNEE_ERROR_PCT + HIDDEN_HANGING_SHARE * hidden + lifted
    foot, hips = _reading(r.foot, foot_error), _reading(r.hips, hips_error)
    knees = _reading(stance, stance_error), _reading(hanging, hanging_error)
    told = _told(hips, *_tilt(r, max(hanging, lifted)))
    bends = True, True
    while True:
        found = _least_squares(foot, hips, *knees, *bends, told)
        kept = bends[0] and found.stance_pct >= 0, bends[1] and found.hanging_pct >= 0
        if kept == bends:
            return found
        bends = kept


def _unseen_stance(r: Readings, hidden: float, lifted: float) -> tuple[float, float]:
    """What a standing knee that the view does not show took, and the standard error. hidden: by how much foot and hips
    disagree; lifted: by how much the foot rose against the hips."""
    free = 0.0, KNEE_ERROR_PCT + HIDDEN_FREE * hidden
    stance, error = min(free, _by_leg(r), key=lambda each: each[1])
    # The less a shank surely tells of a bend, the more the foot's way counts; all in steps that noise cannot take.
    untold = clip(2 - stance / (TELLS_NOTHING * error), 0.0, 1.0) * clip(error / LIFTED_STANCE_PCT - 1, 0.0, 1.0)
    straight = untold * clip(lifted / LIFTED_PCT - 1, 0.0, 1.0)
    return stance * (1 - straight), error + straight * (LIFTED_STANCE_PCT - error)


def _by_leg(r: Readings) -> tuple[float, float]:
    """What a bent standing knee took, and the standard error: as its shank tells, and with it a knee that hardly
    shows, which alone is only a lower bound."""
    if not math.isfinite(r.shank):
        return 0.0, math.inf
    stance = max(0.0, r.shank) / SHANK_SHARE
    error = _way_error(r.shank_sure, SHANK_ERROR_PCT, SHANK_UNSURE_PCT) / SHANK_SHARE + SHANK_ERROR_SHARE * stance
    if not r.stance_knee_least_deg:
        return stance, error
    knee = _reading(bend_pct(r.stance_knee_least_deg), LEAST_KNEE_ERROR_PCT)
    shank = _reading(stance, error)
    both = shank.weight + knee.weight
    return (shank.weight * shank.value + knee.weight * knee.value) / both, 1 / math.sqrt(both)


class _Reading(NamedTuple):
    """A value with its standard error, and its weight in a fit."""

    value: float
    error: float
    weight: float


def _reading(value: float, error: float) -> _Reading:
    return _Reading(value, error, 1 / error**2)


def _tilt(r: Readings, hanging_pct: float) -> tuple[_Reading, float]:
    """The tilt of the pelvis, and what it shows of K. hanging_pct: what a bent hanging knee may have taken."""
    bent = TILT_BENT + TILT_BENT_FACING * r.faces
    if not math.isfinite(r.tilt):
        return _Reading(0.0, math.inf, 0.0), bent
    leaning = TILT_LEANING_PCT * r.lean_deg
    error = math.hypot(
        TILT_ERROR_PCT,
        TILT_ERROR_SHARE * max(abs(r.foot), abs(r.hips)),
        TILT_LEANING_ERROR_SHARE * leaning,
        TILT_SWING_SHARE * r.swing,
        TILT_HANGING_SHARE * hanging_pct,
    )
    return _reading(r.tilt + leaning, error), bent


class _Told(NamedTuple):
    """What hips and tilt, in which a hanging knee has no part, add to the normal equations of drop and K."""

    drop_drop: float
    across: float
    knee_knee: float
    drop_seen: float
    knee_seen: float


def _told(hips: _Reading, tilt: _Reading, bent: float) -> _Told:
    return _Told(
        HIPS_SHARE**2 * hips.weight + TILT_SHARE**2 * tilt.weight,
        HIPS_SHARE * HIPS_BENT * hips.weight + TILT_SHARE * bent * tilt.weight,
        HIPS_BENT**2 * hips.weight + bent**2 * tilt.weight,
        HIPS_SHARE * hips.weight * hips.value + TILT_SHARE * tilt.weight * tilt.value,
        HIPS_BENT * hips.weight * hips.value + bent * tilt.weight * tilt.value,
    )


def _least_squares(
    foot: _Reading,
    hips: _Reading,
    stance: _Reading,
    hanging: _Reading,
    stance_bends: bool,
    hanging_bends: bool,
    told: _Told,
) -> Posture:
    """The fit with each knee free or straight. H is in one path only, so it is eliminated: what is left are two
    normal equations for the drop and K, solved by hand, since this runs several times a picture."""
    # The foot's path if the hanging knee had not bent, as well as both readings tell.
    lowered = _reading(foot.value + hanging.value, math.hypot(foot.error, hanging.error)) if hanging_bends else foot
    across = lowered.weight + told.across
    drop_drop = lowered.weight + told.drop_drop
    drop_seen = lowered.weight * lowered.value + told.drop_seen
    if stance_bends:
        knee_knee = lowered.weight + told.knee_knee + stance.weight
        knee_seen = lowered.weight * lowered.value + told.knee_seen + stance.weight * stance.value
        size = drop_drop * knee_knee - across**2
        drop = (knee_knee * drop_seen - across * knee_seen) / size
        k = (drop_drop * knee_seen - across * drop_seen) / size
        variance, knee_variance = knee_knee / size, drop_drop / size
    else:
        drop, k, variance, knee_variance = drop_seen / drop_drop, 0.0, 1 / drop_drop, 0.0
    short = drop + k - foot.value  # by which the hanging foot is higher than drop and K alone would have it
    h = (
        (hanging.weight * hanging.value + foot.weight * short) / (hanging.weight + foot.weight)
        if hanging_bends
        else 0.0
    )
    off = (
        (short - h) / foot.error,
        (hips.value - HIPS_SHARE * drop - HIPS_BENT * k) / hips.error,
        (stance.value - k) / stance.error,
        (hanging.value - h) / hanging.error,
    )
    misfit = math.sqrt(sum(each**2 for each in off) / len(off))
    return Posture(drop, math.sqrt(variance), k, math.sqrt(knee_variance), h, misfit)
