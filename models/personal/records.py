"""The tables about what people do together: matching, pairings, workshops, circles."""

from types import MappingProxyType

from models.personal.reasons import (
    ENTREPRENEUR,
    HASHED,
    MACHINE,
    NO_REASONS,
    NOT_KNOWN_YET,
    OTHER_SIDE,
    SUPPORTER,
    TEAM_NOTE,
    for_all,
    list_words,
)
from models.personal.ways import Personal
from models.states import TOGETHER_PAIRING_STATES, CircleMemberState, PairingState

ABOUT_MATCHING = (
    Personal(
        table="suggestions",
        keys={"entrepreneur_id": ENTREPRENEUR, "supporter_id": SUPPORTER},
        told=list_words("role state score deadline_at decided_at"),
        untold={SUPPORTER: NOT_KNOWN_YET},
        kept_back={
            **NO_REASONS,
            "gaps": NO_REASONS["reasons"],
            "components": NO_REASONS["reasons"],
            "rank": NO_REASONS["reasons"],
            "note": TEAM_NOTE,
            "reject_reason": TEAM_NOTE,
        },
        emptied=for_all(note="", reasons=[], gaps=[]),
    ),
    Personal(
        table="support_plans",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words("made_at deadline_at"),
        kept_back={"left_out": MACHINE},
        emptied=for_all(left_out=[]),
    ),
    Personal(
        table="plan_lines",
        keys={"plan_id": "support_plans"},
        told=list_words("kind position state slot score decided_at"),
        named=("session_id",),
        kept_back=NO_REASONS,
        emptied=for_all(reasons=[]),
    ),
    Personal(
        table="unmatched_needs",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words("role possible"),
        kept_back={"refusals": MACHINE, "changes": MACHINE},
        emptied=for_all(changes=[]),
    ),
    Personal(
        table="pairings",
        keys={"entrepreneur_id": ENTREPRENEUR, "supporter_id": SUPPORTER},
        told=list_words(
            "role state proposed_at answered_at ended_at end_reason next_meeting_due_at pause_until ends_on"
            " budget_minutes closing_due_at closing_done_at"
        ),
        more={
            SUPPORTER: list_words(
                "cost deadline_at reminded_at decline_reason answer_note question asked_at question_due_at"
                " question_answer question_answered_at"
            )
        },
        named=("entrepreneur_id", "supporter_id"),
        kept_back={
            "note": TEAM_NOTE,
            "choice_reason": TEAM_NOTE,
            "withdraw_reason": TEAM_NOTE,
            "wants_other": OTHER_SIDE,
            "answer_note": OTHER_SIDE,
            "question": OTHER_SIDE,
            "question_answer": OTHER_SIDE,
        },
        emptied=for_all(note="", answer_note="", question="", question_answer=""),
        known_in=frozenset({*TOGETHER_PAIRING_STATES, PairingState.ENDED}),
        knows_all=frozenset({SUPPORTER}),
    ),
    Personal(
        table="meetings",
        keys={"pairing_id": "pairings"},
        told=list_words(
            "state format place slots starts_at minutes proposed_by proposed_at answer_due_at report_due_at"
            " cancelled_by word next_step logged_at logged_by"
        ),
        kept_back={"wall_start": MACHINE, "zone": MACHINE, "sequence": MACHINE, "updated_at": MACHINE},
        # What the other of the two noted stays hers when a supporter is forgotten.
        emptied=MappingProxyType(
            {None: MappingProxyType({"place": ""}), ENTREPRENEUR: MappingProxyType({"word": None, "next_step": None})}
        ),
    ),
    Personal(
        table="charters",
        keys={"pairing_id": "pairings"},
        told=list_words("version text state opened_at due_at signed_at pdf_sha256"),
        kept_back={"pdf": "in the file as a document of its own", "network": MACHINE},
    ),
    Personal(
        table="charter_signatures", keys={"charter_id": "charters"}, told=list_words("party name signed_at is_on_paper")
    ),
    Personal(
        table="expert_questions",
        keys={"entrepreneur_id": ENTREPRENEUR, "supporter_id": SUPPORTER},
        told=list_words("state question answer asked_at due_at answered_at ended_at"),
        named=("supporter_id",),
        kept_back={"word": TEAM_NOTE, "passed_back_at": TEAM_NOTE},
        emptied=MappingProxyType(
            {
                ENTREPRENEUR: MappingProxyType({"question": "", "word": ""}),
                SUPPORTER: MappingProxyType({"word": ""}),
            }
        ),
    ),
    Personal(
        table="introductions",
        keys={"entrepreneur_id": ENTREPRENEUR, "supporter_id": SUPPORTER},
        told=list_words("state organisation function name purpose word noted_at due_at made_at told_at"),
        named=("entrepreneur_id", "supporter_id"),
        # Whom she was put in touch with stays the person's to know when a supporter is forgotten.
        emptied=MappingProxyType(
            {
                None: MappingProxyType({"word": ""}),
                ENTREPRENEUR: MappingProxyType({"organisation": "—", "function": "", "name": ""}),
            }
        ),
    ),
)

ABOUT_THE_PROGRAMME = (
    Personal(
        table="bookings",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words(
            "state waiting_rule booked_at confirmed_at offer_until reminded_for corrected_at cancelled_at cancel_reason"
        ),
        named=("session_id",),
        kept_back={"ticket": MACHINE, "turn": MACHINE},
    ),
    Personal(
        table="session_feedbacks",
        keys={"booking_id": "bookings"},
        told=list_words("face word given_at"),
        named=("session_id",),
        emptied=for_all(word=None),
    ),
    Personal(
        table="session_proposals",
        keys={"entrepreneur_id": ENTREPRENEUR, "supporter_id": SUPPORTER},
        told=list_words("state title theme_slug words wished_on seats place word proposed_at due_at ended_at"),
        named=("session_id",),
        emptied=for_all(title="—", words="", place="", word=""),
    ),
    Personal(
        table="circle_members",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words("state invited_at deadline_at joined_at departed_at departure_reason departure_note"),
        kept_back={**NO_REASONS, "components": MACHINE, "score": MACHINE},
        emptied=for_all(departure_note="", reasons=[]),
        known_in=frozenset(CircleMemberState) - {CircleMemberState.PROPOSED},
    ),
    Personal(table="circle_agreements", keys={"member_id": "circle_members"}, told=list_words("version agreed_at")),
    Personal(
        table="circle_attendances",
        keys={"member_id": "circle_members"},
        told=list_words("answer answered_at was_there"),
        named=("meeting_id",),
    ),
    Personal(
        table="circle_meetings",
        keys={"client_member_id": "circle_members", "facilitator_id": "supporters"},
        told=list_words("starts_at state"),
        kept_back={
            **dict.fromkeys(
                ("number", "zone", "wall_start", "minutes", "quorum_due_at", "report_due_at", "kept_at", "logged_at"),
                "of the circle, not of her",
            ),
            "sequence": MACHINE,
            "updated_at": MACHINE,
        },
    ),
    Personal(
        table="circle_left_outs",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=("rule",),
        kept_back={"refusals": MACHINE, "change": MACHINE},
        emptied=for_all(change=None),
    ),
    Personal(
        table="one_taps",
        keys={"entrepreneur_id": ENTREPRENEUR, "supporter_id": SUPPORTER},
        told=list_words("created_at expires_at used_at answer"),
        kept_back={"token_hash": HASHED, "target_id": MACHINE, "purpose": MACHINE},
        is_deleted=True,
    ),
)
