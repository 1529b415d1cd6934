"""The sentences of the guided session, by key. They are in programmes/*.toml; this lists the required ones."""

from __future__ import annotations

from coach.i18n.catalog import WordTable

# What to read before the first session, in this order.
NOTICE = (
    "notice_what",
    "notice_is_not",
    "notice_emergency",
    "notice_when_not",
    "notice_hip_replacement",
    "notice_injury",
    "notice_numbness",
    "notice_weakness",
    "notice_worse",
    "notice_night",
    "notice_hip",
    "notice_pregnancy",
    "notice_balance",
    "notice_doubt",
    "notice_stop",
    "notice_feel",
)

# Its pages where it cannot scroll: first when to get help at once, then what to ask about, in two halves.
NOTICE_PAGES = (
    NOTICE[: NOTICE.index("notice_when_not")],
    NOTICE[NOTICE.index("notice_when_not") : NOTICE.index("notice_night")],
    ("notice_when_not", *NOTICE[NOTICE.index("notice_night") :]),
)

# The lists within the notice.
CONDITIONS = NOTICE[NOTICE.index("notice_when_not") + 1 : NOTICE.index("notice_doubt")]

# What to do about a set-up check that fails: at most nine words each.
REMEDIES = (
    "fix_nobody",
    "fix_several",
    "fix_feet",
    "fix_head",
    "fix_sideways",
    "fix_lying_whole",
    "fix_lying_room",
    "fix_too_near",
    "fix_too_far",
    "fix_lying_too_near",
    "fix_lying_too_far",
    "fix_stand_up",
    "fix_lie_down",
    "fix_turn_away",
    "fix_turn_towards",
    "fix_too_near_step",
    "fix_too_far_step",
    "fix_turn_away_step",
    "fix_turn_towards_step",
    "fix_lying_turn",
    "fix_level",
    "fix_too_dark",
    "fix_too_bright",
    "fix_sharpness",
    "fix_frame_rate",
)

CHECK_LABELS = (
    "check_person",
    "check_whole_body",
    "check_distance",
    "check_posture_upright",
    "check_posture_lying",
    "check_angle",
    "check_level",
    "check_light",
    "check_sharpness",
    "check_frame_rate",
)

GUIDANCE = (
    "welcome",
    "block_intro",
    "block_intro_sets",
    "setup_wait",
    "setup_good",
    "setup_good_enough",
    "calibrate_upright",
    "calibrate_lying",
    "calibrate_again",
    "countdown",
    "go_repetitions",
    "go_hold",
    "count",
    "halfway",
    "last_one",
    "may_finish",
    "may_finish_tries",
    "come_out",
    "breath_unseen",
    "breath_in",
    "breath_out",
    "paced_may_finish",
    "paced_come_out",
    "reps_done",
    "hold_done",
    "hold_done_uncounted",
    "set_left",
    "paused_asked",
    "paused_sign",
    "paused_left",
    "paused_partial",
    "paused_camera",
    "resumed",
    "welcome_back",
    "camera_back",
    "side_changed",
    "change_sides_step",
    "warm_up",
    "warm_up_half",
    "rest",
    "next_up",
    "next_set",
    "rest_ends",
)

# What a physiotherapist asks beyond how often, and how more is proposed.
ASKED = (
    "too_fast_asked",
    "tempo_upright",
    "tempo_lying",
    "amount_reps",
    "amount_breaths",
    "amount_seconds",
    "asked_step",
    "asked_load",
    "asked_tempo",
    "asked_hold",
    "asked_depth",
    "effort_ask",
    "effort_least",
    "effort_most",
    "another_ask",
    "choice_one_more",
    "choice_enough",
    "progress_ask",
    "progress_agreed",
    "choice_more",
    "choice_same",
    "note_progress",
)

# Where it can hurt: endings of the keys below, from head to foot.
PLACES = ("hip", "groin", "thigh", "knee", "back", "other")

PAIN = (
    "pain_ask",
    "pain_least",
    "pain_most",
    "pain_safe",
    "pain_none",
    "pain_caution",
    "pain_caution_stop",
    "pain_stop",
    "pain_advice",
    "pain_where",
    "pain_before",
    "pain_morning",
    "pain_after",
    "pain_seen_to",
    "pain_easy_today",
    "pain_not_today",
    "note_pain_rising",
    "pain_note",
    "pain_note_where",
    "pain_note_before",
    "pain_note_morning",
    "pain_note_after",
    "choice_yes",
    "choice_no",
    *(f"place_{place}" for place in PLACES),
)

SUMMARY = (
    "summary_done",
    "summary_ended",
    "summary_pain",
    "summary_nothing",
    "row_reps",
    "row_clean",
    "row_depth",
    "row_tempo",
    "row_breaths",
    "row_held",
    "row_effort",
    "value_of",
    "value_degrees",
    "value_seconds",
    "value_tempo",
    "value_unseen",
    "note_paced",
    "note_unvouched",
    "next_time_fault",
    "next_time_keep",
    "next_time_deeper",
    "next_time_sides",
    "next_time_again",
    "next_time_easier",
    "next_time_ask",
    "decimal_point",
)

LABELS = (
    "title",
    "side_left",
    "side_right",
    "side_standing_left",
    "side_standing_right",
    "label_left",
    "label_right",
    "label_reps",
    "label_breaths",
    "label_seconds",
    "label_held",
    "set_of",
)

REQUIRED = frozenset((*NOTICE, *REMEDIES, *CHECK_LABELS, *GUIDANCE, *ASKED, *PAIN, *SUMMARY, *LABELS))


class Messages(WordTable):
    """The sentences of one language, with values filled in."""

    def sided(self, key: str, side: str) -> str:
        """The sentence of that key, or its variant for this side ('KEY_left')."""
        return self.table[key] if key in self.table else self.table[f"{key}_{side}"]

    def side(self, side: str) -> str:
        """'left side' or 'right side'."""
        return self.table[f"side_{side}"]
