"""Every table of moves under the name of its record, as `models.moves` looks it up."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models.states.care import COACHING_FILE_MOVES, HANDOVER_MOVES
from models.states.circles import CIRCLE_MEETING_MOVES, CIRCLE_MEMBER_MOVES, CIRCLE_MOVES, GATHERING_MOVES
from models.states.follow_up import EXPERT_QUESTION_MOVES, INTRODUCTION_MOVES, REVIEW_MOVES
from models.states.matching import MATCH_RUN_MOVES, PLAN_LINE_MOVES, SUGGESTION_MOVES, WEIGHT_DRAFT_MOVES
from models.states.messages import MESSAGE_MOVES
from models.states.pairings import CHARTER_MOVES, MEETING_MOVES, PAIRING_MOVES
from models.states.people import ENTREPRENEUR_MOVES, ERASURE_MOVES, INTERVIEW_MOVES, SUPPORTER_MOVES
from models.states.shape import Moves
from models.states.workshops import BOOKING_MOVES, SESSION_MOVES, SESSION_PROPOSAL_MOVES, VISITOR_MOVES

MOVES: Mapping[str, Moves] = MappingProxyType(
    {
        "entrepreneur": ENTREPRENEUR_MOVES,
        "erasure": ERASURE_MOVES,
        "interview": INTERVIEW_MOVES,
        "supporter": SUPPORTER_MOVES,
        "match_run": MATCH_RUN_MOVES,
        "weight_draft": WEIGHT_DRAFT_MOVES,
        "suggestion": SUGGESTION_MOVES,
        "plan_line": PLAN_LINE_MOVES,
        "pairing": PAIRING_MOVES,
        "meeting": MEETING_MOVES,
        "charter": CHARTER_MOVES,
        "review": REVIEW_MOVES,
        "coaching_file": COACHING_FILE_MOVES,
        "handover": HANDOVER_MOVES,
        "workshop_session": SESSION_MOVES,
        "booking": BOOKING_MOVES,
        "visitor": VISITOR_MOVES,
        "circle": CIRCLE_MOVES,
        "circle_member": CIRCLE_MEMBER_MOVES,
        "introduction": INTRODUCTION_MOVES,
        "expert_question": EXPERT_QUESTION_MOVES,
        "circle_meeting": CIRCLE_MEETING_MOVES,
        "gathering": GATHERING_MOVES,
        "session_proposal": SESSION_PROPOSAL_MOVES,
        "message": MESSAGE_MOVES,
    }
)


def list_actions(record: str, state: StrEnum) -> tuple[StrEnum, ...]:
    """Give the actions that exist from a state, in the order of the table."""
    return tuple(action for (start, action) in MOVES[record] if start == state)
