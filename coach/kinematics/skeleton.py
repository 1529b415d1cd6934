"""The skeleton: which joints each bone connects, and which rows of a pose a name in an exercise file means. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.types import SIDES, Joint, Side, joint, other_side

# Bones of one side, as pairs of joint names.
LIMBS = (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
FOOT = ("ankle", "heel", "toe")
# Every bone to draw, as pairs of rows of a pose.
BONES: tuple[tuple[int, int], ...] = (
    *((joint(name, "left"), joint(name, "right")) for name in ("shoulder", "hip")),
    *(
        (joint(start, side), joint(end, side))
        for side in SIDES
        for start, end in (*LIMBS, ("shoulder", "hip"), ("ankle", "toe"))
    ),
)
HEAD = (Joint.NOSE, Joint.LEFT_EAR, Joint.RIGHT_EAR)

# Roles of a leg or arm in an exercise, and whether each is on the moving side.
ROLES: Mapping[str, bool] = {
    "hanging": True,
    "raised": True,
    "moving": True,
    "stance": False,
    "grounded": False,
    "anchor": False,
    "other": False,
}
# Parts that have a joint of the same name, and parts that are marked by several joints.
PARTS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")},
    "foot": FOOT,
    "arm": ("shoulder", "elbow", "wrist"),
    "leg": ("hip", "knee", "ankle"),
    "trunk": ("shoulder", "hip"),
}
PLURALS: Mapping[str, str] = {"feet": "foot", **{f"{name}s": name for name in PARTS if name != "foot"}}


def joint_rows(names: Sequence[str], side: Side | None) -> tuple[int, ...]:
    """Rows of a pose for joints as named in exercise files; the only resolver of such names.

    ``left knee`` and ``right knee`` are literal; ``hanging knee`` or ``raised knee`` is on the moving side, ``stance
    knee``, ``grounded leg`` or ``anchor wrist`` on the other; a name with neither, such as ``hips`` or ``shoulders``,
    means both sides. side: the moving side; while it is None, roles mark nothing. Raises ValueError for an unknown name
    (``joint_problem`` says why), which the loader of exercise files rejects.
    """
    rows: list[int] = []
    for name in names:
        which, part = _parsed(name)
        rows += [joint(each, one) for one in _sides(which, side) for each in PARTS[part]]
    return tuple(dict.fromkeys(rows))


def joint_problem(name: str) -> str | None:
    """What is wrong with a joint's name, in words for its author; None if nothing is."""
    try:
        _parsed(name)
    except ValueError as error:
        return str(error)
    return None


def _parsed(name: str) -> tuple[str, str]:
    """Side or role (empty for both sides), and the part."""
    *before, last = name.lower().replace("_", " ").split() or [""]
    part = PLURALS.get(last, last)
    if part not in PARTS:
        raise ValueError(f"'{name}' names no joint: use one of {', '.join(PARTS)}")
    which = " ".join(before)
    if which not in ("", *SIDES, *ROLES):
        raise ValueError(f"'{name}': '{which}' is no side and no role: use one of {', '.join((*SIDES, *ROLES))}")
    return which, part


def _sides(which: str, side: Side | None) -> tuple[Side, ...]:
    if not which:
        return SIDES
    if which in ROLES:
        if side is None:
            return ()
        return (side,) if ROLES[which] else (other_side(side),)
    return ("left",) if which == "left" else ("right",)
