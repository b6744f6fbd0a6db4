"""States, actions and the one table of moves per record. Nobody else assigns `state`."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class EntrepreneurState(StrEnum):
    """Where a person's file stands."""

    INCOMPLETE = "incomplete"
    READY = "ready"
    CLOSED = "closed"


class EntrepreneurAction(StrEnum):
    """What can happen to a person's file."""

    COMPLETE = "complete"
    REOPEN = "reopen"
    CLOSE = "close"


class SupporterState(StrEnum):
    """Whether a supporter can be proposed."""

    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class SupporterAction(StrEnum):
    """What a supporter decides about being proposed."""

    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"


class InterviewState(StrEnum):
    """A first interview, from the day it is planned to what became of it."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class InterviewAction(StrEnum):
    """What a coordinator does with an interview."""

    HOLD = "hold"
    MISS = "miss"
    CANCEL = "cancel"


class MatchRunState(StrEnum):
    """How far a match run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class MatchRunAction(StrEnum):
    """What the worker does with a match run."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"


class WeightDraftState(StrEnum):
    """A draft of weights: it is replayed first, then published or set aside."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class WeightDraftAction(StrEnum):
    """What the worker, then a coordinator, does with a draft of weights."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    PUBLISH = "publish"
    DISCARD = "discard"


class SuggestionState(StrEnum):
    """What became of a suggestion. An alternative waits behind the open one."""

    ALTERNATIVE = "alternative"
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class SuggestionAction(StrEnum):
    """What a coordinator, or a newer run, does with a suggestion."""

    PRESENT = "present"
    APPROVE = "approve"
    REJECT = "reject"
    SUPERSEDE = "supersede"
    STEP_BACK = "step_back"


class PlanLineState(StrEnum):
    """What became of a session that a plan proposes. Once approved she is invited; the seat is hers when she books."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class PlanLineAction(StrEnum):
    """What a coordinator, or a newer run, does with it."""

    APPROVE = "approve"
    REJECT = "reject"
    SUPERSEDE = "supersede"


class PairingState(StrEnum):
    """A pairing from proposal to end. Asked: a question goes first. Paused: the place is kept for the person."""

    PROPOSED = "proposed"
    ASKED = "asked"
    ACTIVE = "active"
    PAUSED = "paused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"


class PairingAction(StrEnum):
    """What people, or the clock, do with a pairing."""

    ACCEPT = "accept"
    DECLINE = "decline"
    ASK = "ask"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


class MeetingState(StrEnum):
    """A meeting of the two, from the dates proposed to what became of it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class MeetingAction(StrEnum):
    """What either side does with a meeting. Moving it proposes other dates."""

    CONFIRM = "confirm"
    MOVE = "move"
    HOLD = "hold"
    MISS = "miss"
    CANCEL = "cancel"


class CharterState(StrEnum):
    """A charter of a pairing: open until everybody has signed, closed when the pairing ended before."""

    OPEN = "open"
    SIGNED = "signed"
    CLOSED = "closed"


class CharterAction(StrEnum):
    """What happens to a charter: the last signature, or the end of the pairing."""

    COMPLETE = "complete"
    CLOSE = "close"


class ReviewState(StrEnum):
    """A check or a review: due until somebody held it, or said why not."""

    DUE = "due"
    DONE = "done"
    SKIPPED = "skipped"


class ReviewAction(StrEnum):
    """What a coordinator, or the clock, does with a check or a review. Noting it again corrects it."""

    NOTE = "note"
    SKIP = "skip"


class CoachingFileState(StrEnum):
    """A coaching file: open by agreement, withdrawn when it is taken back, closed when the path is over."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class CoachingFileAction(StrEnum):
    """What the person, or the clock, does with her coaching file."""

    WITHDRAW = "withdraw"
    RENEW = "renew"
    CLOSE = "close"


class HandoverState(StrEnum):
    """A wish to be called: somebody trained is asked, has taken it, and it is over."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class HandoverAction(StrEnum):
    """What sentinels, the person, or the clock do with it. Handing it on asks the next sentinel."""

    TAKE = "take"
    HAND_ON = "hand_on"
    CLOSE = "close"


class SessionState(StrEnum):
    """A workshop session before and after its day."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


class SessionAction(StrEnum):
    """What an organiser does with a session."""

    CANCEL = "cancel"
    HOLD = "hold"


class BookingState(StrEnum):
    """A person's place in a session. Offered: a seat is held for who waited, until she answers or time is up."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"
    OFFERED = "offered"


class BookingAction(StrEnum):
    """What happens to a place."""

    OFFER = "offer"
    ACCEPT = "accept"
    PROMOTE = "promote"
    CANCEL = "cancel"
    ATTEND = "attend"
    MISS = "miss"


class VisitorState(StrEnum):
    """The registration of somebody without an account for a public session."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class VisitorAction(StrEnum):
    """What the visitor, the organiser or the clock does with it."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    LAPSE = "lapse"


class CircleState(StrEnum):
    """A peer circle, from the engine's proposal to its end."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISSOLVED = "dissolved"


class CircleAction(StrEnum):
    """What a coordinator, or a newer composition, does with a circle."""

    CONFIRM = "confirm"
    REPLACE = "replace"
    GO_ON = "go_on"
    DISSOLVE = "dissolve"


class CircleMeetingState(StrEnum):
    """A meeting of a circle, from its day in the calendar to what became of it."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class CircleMeetingAction(StrEnum):
    """What its facilitator, or a coordinator, does with it. Kept: it takes place though few come."""

    MOVE = "move"
    KEEP = "keep"
    HOLD = "hold"
    MISS = "miss"
    CANCEL = "cancel"


class CircleMemberState(StrEnum):
    """A person's place in a circle."""

    PROPOSED = "proposed"
    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"
    LEFT = "left"


class CircleMemberAction(StrEnum):
    """What people, or the clock, do with a place in a circle."""

    INVITE = "invite"
    JOIN = "join"
    AGREE = "agree"
    DECLINE = "decline"
    EXPIRE = "expire"
    LEAVE = "leave"
    REMOVE = "remove"


class IntroductionState(StrEnum):
    """A contact opened to a person, from the promise to what became of it."""

    PROMISED = "promised"
    MADE = "made"
    MET = "met"
    FRUITFUL = "fruitful"
    LAPSED = "lapsed"


class IntroductionAction(StrEnum):
    """What people, or the clock, tell of an introduction. One that lapsed may still be made."""

    MAKE = "make"
    MEET = "meet"
    SUCCEED = "succeed"
    LAPSE = "lapse"


class ExpertQuestionState(StrEnum):
    """One question of a person to an expert, or to her association."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"
    DECLINED = "declined"
    EXPIRED = "expired"


class ExpertQuestionAction(StrEnum):
    """What people, or the clock, do with a question. Passed back or on it waits for somebody else."""

    ANSWER = "answer"
    HAND_BACK = "hand_back"
    HAND_ON = "hand_on"
    DECLINE = "decline"
    EXPIRE = "expire"
    CLOSE = "close"


class SessionProposalState(StrEnum):
    """A session that a member wishes to lead."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SessionProposalAction(StrEnum):
    """What a coordinator answers to it, and what its proposer may do."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class MessageState(StrEnum):
    """A message from the transaction that wrote it to the mail server; or held for a summary, or kept on the page."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    KEPT = "kept"


class MessageAction(StrEnum):
    """What the sender does with a message."""

    TAKE = "take"
    DELIVER = "deliver"
    RELEASE = "release"
    GIVE_UP = "give_up"
    GATHER = "gather"


Moves = Mapping[tuple[StrEnum, StrEnum], StrEnum]

ENTREPRENEUR_MOVES: Moves = MappingProxyType(
    {
        (EntrepreneurState.INCOMPLETE, EntrepreneurAction.COMPLETE): EntrepreneurState.READY,
        (EntrepreneurState.READY, EntrepreneurAction.REOPEN): EntrepreneurState.INCOMPLETE,
        (EntrepreneurState.CLOSED, EntrepreneurAction.REOPEN): EntrepreneurState.INCOMPLETE,
        (EntrepreneurState.INCOMPLETE, EntrepreneurAction.CLOSE): EntrepreneurState.CLOSED,
        (EntrepreneurState.READY, EntrepreneurAction.CLOSE): EntrepreneurState.CLOSED,
    }
)
INTERVIEW_MOVES: Moves = MappingProxyType(
    {
        (InterviewState.PLANNED, InterviewAction.HOLD): InterviewState.HELD,
        (InterviewState.PLANNED, InterviewAction.MISS): InterviewState.MISSED,
        (InterviewState.PLANNED, InterviewAction.CANCEL): InterviewState.CANCELLED,
        # What was noted can be corrected.
        (InterviewState.HELD, InterviewAction.HOLD): InterviewState.HELD,
    }
)
SUPPORTER_MOVES: Moves = MappingProxyType(
    {
        (SupporterState.ACTIVE, SupporterAction.PAUSE): SupporterState.PAUSED,
        (SupporterState.PAUSED, SupporterAction.RESUME): SupporterState.ACTIVE,
        (SupporterState.ACTIVE, SupporterAction.LEAVE): SupporterState.LEFT,
        (SupporterState.PAUSED, SupporterAction.LEAVE): SupporterState.LEFT,
    }
)
MATCH_RUN_MOVES: Moves = MappingProxyType(
    {
        (MatchRunState.QUEUED, MatchRunAction.START): MatchRunState.RUNNING,
        (MatchRunState.RUNNING, MatchRunAction.FINISH): MatchRunState.DONE,
        (MatchRunState.RUNNING, MatchRunAction.FAIL): MatchRunState.FAILED,
        (MatchRunState.QUEUED, MatchRunAction.FAIL): MatchRunState.FAILED,
    }
)
WEIGHT_DRAFT_MOVES: Moves = MappingProxyType(
    {
        (WeightDraftState.QUEUED, WeightDraftAction.START): WeightDraftState.RUNNING,
        (WeightDraftState.RUNNING, WeightDraftAction.FINISH): WeightDraftState.READY,
        (WeightDraftState.RUNNING, WeightDraftAction.FAIL): WeightDraftState.FAILED,
        (WeightDraftState.READY, WeightDraftAction.PUBLISH): WeightDraftState.PUBLISHED,
        (WeightDraftState.READY, WeightDraftAction.DISCARD): WeightDraftState.DISCARDED,
        (WeightDraftState.FAILED, WeightDraftAction.DISCARD): WeightDraftState.DISCARDED,
    }
)
SUGGESTION_MOVES: Moves = MappingProxyType(
    {
        (SuggestionState.ALTERNATIVE, SuggestionAction.PRESENT): SuggestionState.OPEN,
        (SuggestionState.ALTERNATIVE, SuggestionAction.APPROVE): SuggestionState.APPROVED,
        (SuggestionState.ALTERNATIVE, SuggestionAction.SUPERSEDE): SuggestionState.SUPERSEDED,
        (SuggestionState.OPEN, SuggestionAction.APPROVE): SuggestionState.APPROVED,
        (SuggestionState.OPEN, SuggestionAction.REJECT): SuggestionState.REJECTED,
        (SuggestionState.OPEN, SuggestionAction.SUPERSEDE): SuggestionState.SUPERSEDED,
        # Another one is presented in its place, and it waits behind that one.
        (SuggestionState.OPEN, SuggestionAction.STEP_BACK): SuggestionState.ALTERNATIVE,
    }
)
PLAN_LINE_MOVES: Moves = MappingProxyType(
    {
        (PlanLineState.PROPOSED, PlanLineAction.APPROVE): PlanLineState.APPROVED,
        (PlanLineState.PROPOSED, PlanLineAction.REJECT): PlanLineState.REJECTED,
        (PlanLineState.PROPOSED, PlanLineAction.SUPERSEDE): PlanLineState.SUPERSEDED,
    }
)
PAIRING_MOVES: Moves = MappingProxyType(
    {
        (PairingState.PROPOSED, PairingAction.ACCEPT): PairingState.ACTIVE,
        (PairingState.PROPOSED, PairingAction.DECLINE): PairingState.DECLINED,
        (PairingState.PROPOSED, PairingAction.ASK): PairingState.ASKED,
        (PairingState.PROPOSED, PairingAction.WITHDRAW): PairingState.WITHDRAWN,
        (PairingState.PROPOSED, PairingAction.EXPIRE): PairingState.EXPIRED,
        (PairingState.ASKED, PairingAction.ACCEPT): PairingState.ACTIVE,
        (PairingState.ASKED, PairingAction.DECLINE): PairingState.DECLINED,
        (PairingState.ASKED, PairingAction.ANSWER): PairingState.PROPOSED,
        (PairingState.ASKED, PairingAction.WITHDRAW): PairingState.WITHDRAWN,
        (PairingState.ACTIVE, PairingAction.PAUSE): PairingState.PAUSED,
        (PairingState.ACTIVE, PairingAction.END): PairingState.ENDED,
        (PairingState.PAUSED, PairingAction.RESUME): PairingState.ACTIVE,
        (PairingState.PAUSED, PairingAction.END): PairingState.ENDED,
    }
)
MEETING_MOVES: Moves = MappingProxyType(
    {
        (MeetingState.PROPOSED, MeetingAction.CONFIRM): MeetingState.CONFIRMED,
        (MeetingState.PROPOSED, MeetingAction.MOVE): MeetingState.PROPOSED,
        (MeetingState.PROPOSED, MeetingAction.CANCEL): MeetingState.CANCELLED,
        (MeetingState.CONFIRMED, MeetingAction.MOVE): MeetingState.PROPOSED,
        (MeetingState.CONFIRMED, MeetingAction.HOLD): MeetingState.HELD,
        (MeetingState.CONFIRMED, MeetingAction.MISS): MeetingState.MISSED,
        (MeetingState.CONFIRMED, MeetingAction.CANCEL): MeetingState.CANCELLED,
        (MeetingState.HELD, MeetingAction.MISS): MeetingState.MISSED,
        (MeetingState.MISSED, MeetingAction.HOLD): MeetingState.HELD,
    }
)
CHARTER_MOVES: Moves = MappingProxyType(
    {
        (CharterState.OPEN, CharterAction.COMPLETE): CharterState.SIGNED,
        (CharterState.OPEN, CharterAction.CLOSE): CharterState.CLOSED,
    }
)
REVIEW_MOVES: Moves = MappingProxyType(
    {
        (ReviewState.DUE, ReviewAction.NOTE): ReviewState.DONE,
        (ReviewState.DUE, ReviewAction.SKIP): ReviewState.SKIPPED,
        (ReviewState.DONE, ReviewAction.NOTE): ReviewState.DONE,
        # Somebody could be reached after all.
        (ReviewState.SKIPPED, ReviewAction.NOTE): ReviewState.DONE,
    }
)
COACHING_FILE_MOVES: Moves = MappingProxyType(
    {
        (CoachingFileState.OPEN, CoachingFileAction.WITHDRAW): CoachingFileState.WITHDRAWN,
        (CoachingFileState.OPEN, CoachingFileAction.CLOSE): CoachingFileState.CLOSED,
        (CoachingFileState.WITHDRAWN, CoachingFileAction.RENEW): CoachingFileState.OPEN,
    }
)
HANDOVER_MOVES: Moves = MappingProxyType(
    {
        (HandoverState.OPEN, HandoverAction.TAKE): HandoverState.TAKEN,
        (HandoverState.OPEN, HandoverAction.HAND_ON): HandoverState.OPEN,
        (HandoverState.OPEN, HandoverAction.CLOSE): HandoverState.CLOSED,
        (HandoverState.TAKEN, HandoverAction.HAND_ON): HandoverState.OPEN,
        (HandoverState.TAKEN, HandoverAction.CLOSE): HandoverState.CLOSED,
    }
)
SESSION_MOVES: Moves = MappingProxyType(
    {
        (SessionState.SCHEDULED, SessionAction.CANCEL): SessionState.CANCELLED,
        (SessionState.SCHEDULED, SessionAction.HOLD): SessionState.HELD,
    }
)
BOOKING_MOVES: Moves = MappingProxyType(
    {
        (BookingState.WAITING, BookingAction.OFFER): BookingState.OFFERED,
        # In the last day before the start a free seat is for who answers first, without an offer.
        (BookingState.WAITING, BookingAction.PROMOTE): BookingState.CONFIRMED,
        (BookingState.WAITING, BookingAction.CANCEL): BookingState.CANCELLED,
        (BookingState.OFFERED, BookingAction.ACCEPT): BookingState.CONFIRMED,
        (BookingState.OFFERED, BookingAction.CANCEL): BookingState.CANCELLED,
        (BookingState.CONFIRMED, BookingAction.CANCEL): BookingState.CANCELLED,
        (BookingState.CONFIRMED, BookingAction.ATTEND): BookingState.ATTENDED,
        (BookingState.CONFIRMED, BookingAction.MISS): BookingState.ABSENT,
        (BookingState.ATTENDED, BookingAction.MISS): BookingState.ABSENT,
        (BookingState.ABSENT, BookingAction.ATTEND): BookingState.ATTENDED,
    }
)
VISITOR_MOVES: Moves = MappingProxyType(
    {
        (VisitorState.ASKED, VisitorAction.CONFIRM): VisitorState.CONFIRMED,
        (VisitorState.ASKED, VisitorAction.CANCEL): VisitorState.CANCELLED,
        (VisitorState.ASKED, VisitorAction.LAPSE): VisitorState.LAPSED,
        (VisitorState.CONFIRMED, VisitorAction.CANCEL): VisitorState.CANCELLED,
    }
)
CIRCLE_MOVES: Moves = MappingProxyType(
    {
        (CircleState.PROPOSED, CircleAction.CONFIRM): CircleState.CONFIRMED,
        (CircleState.PROPOSED, CircleAction.REPLACE): CircleState.DISSOLVED,
        (CircleState.PROPOSED, CircleAction.DISSOLVE): CircleState.DISSOLVED,
        # With fewer people than planned: somebody decided so.
        (CircleState.CONFIRMED, CircleAction.GO_ON): CircleState.CONFIRMED,
        (CircleState.CONFIRMED, CircleAction.DISSOLVE): CircleState.DISSOLVED,
    }
)
CIRCLE_MEETING_MOVES: Moves = MappingProxyType(
    {
        (CircleMeetingState.PLANNED, CircleMeetingAction.MOVE): CircleMeetingState.PLANNED,
        (CircleMeetingState.PLANNED, CircleMeetingAction.KEEP): CircleMeetingState.PLANNED,
        (CircleMeetingState.PLANNED, CircleMeetingAction.HOLD): CircleMeetingState.HELD,
        (CircleMeetingState.PLANNED, CircleMeetingAction.MISS): CircleMeetingState.MISSED,
        (CircleMeetingState.PLANNED, CircleMeetingAction.CANCEL): CircleMeetingState.CANCELLED,
        # What was noted can be corrected.
        (CircleMeetingState.HELD, CircleMeetingAction.HOLD): CircleMeetingState.HELD,
        (CircleMeetingState.HELD, CircleMeetingAction.MISS): CircleMeetingState.MISSED,
        (CircleMeetingState.MISSED, CircleMeetingAction.HOLD): CircleMeetingState.HELD,
    }
)
CIRCLE_MEMBER_MOVES: Moves = MappingProxyType(
    {
        (CircleMemberState.PROPOSED, CircleMemberAction.INVITE): CircleMemberState.INVITED,
        (CircleMemberState.PROPOSED, CircleMemberAction.REMOVE): CircleMemberState.LEFT,
        (CircleMemberState.INVITED, CircleMemberAction.JOIN): CircleMemberState.JOINED,
        (CircleMemberState.INVITED, CircleMemberAction.DECLINE): CircleMemberState.DECLINED,
        (CircleMemberState.INVITED, CircleMemberAction.EXPIRE): CircleMemberState.DECLINED,
        (CircleMemberState.INVITED, CircleMemberAction.REMOVE): CircleMemberState.LEFT,
        (CircleMemberState.JOINED, CircleMemberAction.AGREE): CircleMemberState.JOINED,
        (CircleMemberState.JOINED, CircleMemberAction.LEAVE): CircleMemberState.LEFT,
        (CircleMemberState.JOINED, CircleMemberAction.REMOVE): CircleMemberState.LEFT,
    }
)
INTRODUCTION_MOVES: Moves = MappingProxyType(
    {
        (IntroductionState.PROMISED, IntroductionAction.MAKE): IntroductionState.MADE,
        (IntroductionState.PROMISED, IntroductionAction.LAPSE): IntroductionState.LAPSED,
        (IntroductionState.MADE, IntroductionAction.MEET): IntroductionState.MET,
        (IntroductionState.MADE, IntroductionAction.SUCCEED): IntroductionState.FRUITFUL,
        (IntroductionState.MADE, IntroductionAction.LAPSE): IntroductionState.LAPSED,
        (IntroductionState.MET, IntroductionAction.SUCCEED): IntroductionState.FRUITFUL,
        (IntroductionState.LAPSED, IntroductionAction.MAKE): IntroductionState.MADE,
    }
)
EXPERT_QUESTION_MOVES: Moves = MappingProxyType(
    {
        (ExpertQuestionState.ASKED, ExpertQuestionAction.ANSWER): ExpertQuestionState.ANSWERED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.HAND_BACK): ExpertQuestionState.ASKED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.HAND_ON): ExpertQuestionState.ASKED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.DECLINE): ExpertQuestionState.DECLINED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.EXPIRE): ExpertQuestionState.EXPIRED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.CLOSE): ExpertQuestionState.CLOSED,
        (ExpertQuestionState.ANSWERED, ExpertQuestionAction.CLOSE): ExpertQuestionState.CLOSED,
    }
)
SESSION_PROPOSAL_MOVES: Moves = MappingProxyType(
    {
        (SessionProposalState.PROPOSED, SessionProposalAction.CONFIRM): SessionProposalState.CONFIRMED,
        (SessionProposalState.PROPOSED, SessionProposalAction.DECLINE): SessionProposalState.DECLINED,
        (SessionProposalState.PROPOSED, SessionProposalAction.WITHDRAW): SessionProposalState.WITHDRAWN,
    }
)
MESSAGE_MOVES: Moves = MappingProxyType(
    {
        (MessageState.QUEUED, MessageAction.TAKE): MessageState.SENDING,
        (MessageState.SENDING, MessageAction.DELIVER): MessageState.SENT,
        (MessageState.SENDING, MessageAction.RELEASE): MessageState.QUEUED,
        (MessageState.SENDING, MessageAction.GIVE_UP): MessageState.FAILED,
        # A summary told it; the message itself stays on the person's page.
        (MessageState.HELD, MessageAction.GATHER): MessageState.KEPT,
    }
)

MOVES: Mapping[str, Moves] = MappingProxyType(
    {
        "entrepreneur": ENTREPRENEUR_MOVES,
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
        "session_proposal": SESSION_PROPOSAL_MOVES,
        "message": MESSAGE_MOVES,
    }
)
UNANSWERED_PAIRING_STATES = (PairingState.PROPOSED, PairingState.ASKED)
TOGETHER_PAIRING_STATES = (PairingState.ACTIVE, PairingState.PAUSED)
LIVE_PAIRING_STATES = UNANSWERED_PAIRING_STATES + TOGETHER_PAIRING_STATES
LIVE_MEETING_STATES = (MeetingState.PROPOSED, MeetingState.CONFIRMED)
LIVE_HANDOVER_STATES = (HandoverState.OPEN, HandoverState.TAKEN)
LIVE_CIRCLE_STATES = (CircleState.PROPOSED, CircleState.CONFIRMED)
LIVE_CIRCLE_MEMBER_STATES = (CircleMemberState.PROPOSED, CircleMemberState.INVITED, CircleMemberState.JOINED)
LIVE_INTRODUCTION_STATES = (IntroductionState.PROMISED, IntroductionState.MADE)
# An offered seat is held, and so taken; in line are those who have no seat of their own yet.
SEATED_BOOKING_STATES = (
    BookingState.CONFIRMED,
    BookingState.OFFERED,
    BookingState.ATTENDED,
    BookingState.ABSENT,
)
IN_LINE_BOOKING_STATES = (BookingState.WAITING, BookingState.OFFERED)
OPEN_BOOKING_STATES = (BookingState.CONFIRMED, *IN_LINE_BOOKING_STATES)
LIVE_BOOKING_STATES = (BookingState.WAITING, *SEATED_BOOKING_STATES)
LIVE_QUESTION_STATES = (ExpertQuestionState.ASKED, ExpertQuestionState.ANSWERED)
LIVE_VISITOR_STATES = (VisitorState.ASKED, VisitorState.CONFIRMED)


def list_actions(record: str, state: StrEnum) -> tuple[StrEnum, ...]:
    """Give the actions that exist from a state, in the order of the table."""
    return tuple(action for (start, action) in MOVES[record] if start == state)
