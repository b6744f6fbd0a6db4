"""What must hold of every record that moves: its state is the one its last event leads to."""

from collections.abc import Callable

from sqlalchemy import Select, String, case, cast, func, select

from models.audit import AuditEvent
from models.charters import Charter
from models.circle_meetings import CircleMeeting
from models.circles import Circle, CircleMember
from models.coaching import CoachingFile
from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure
from models.expert_questions import ExpertQuestion
from models.gatherings import Gathering
from models.handovers import Handover
from models.interviews import Interview
from models.introductions import Introduction
from models.match_runs import MatchRun, Suggestion
from models.meetings import Meeting
from models.moves import RECORD_NAMES, Stateful
from models.pairings import Pairing
from models.plans import PlanLine
from models.queries.laws.law import Law, count_all
from models.reviews import Review
from models.session_proposals import SessionProposal
from models.states import (
    BookingState,
    CharterState,
    CircleMeetingState,
    CircleMemberState,
    CircleState,
    CoachingFileState,
    EntrepreneurState,
    ErasureState,
    ExpertQuestionState,
    GatheringState,
    HandoverState,
    InterviewState,
    IntroductionState,
    MatchRunState,
    MeetingState,
    PairingState,
    PlanLineState,
    ReviewState,
    SessionProposalState,
    SessionState,
    SuggestionState,
    SupporterState,
    VisitorState,
    WeightDraftState,
)
from models.supporters import Supporter
from models.visitors import Visitor
from models.weights import WeightDraft
from models.workshops import Booking, WorkshopSession


def list_laws() -> list[Law]:
    """List one law per table of records that move."""
    return [
        (f"{RECORD_NAMES[table]}_state_has_its_event", count_all(table), _event_law(table, RECORD_NAMES[table], start))
        for table, start in _FIRST_STATES.items()
    ]


# In these states a record may have been made; in any other it was moved there, and an event says so.
_FIRST_STATES: dict[type[Stateful], tuple[str, ...]] = {
    Entrepreneur: (EntrepreneurState.INCOMPLETE, EntrepreneurState.READY),
    Supporter: (SupporterState.ACTIVE,),
    Interview: (InterviewState.PLANNED,),
    MatchRun: (MatchRunState.QUEUED,),
    WeightDraft: (WeightDraftState.QUEUED,),
    Suggestion: (SuggestionState.ALTERNATIVE, SuggestionState.OPEN),
    PlanLine: (PlanLineState.PROPOSED,),
    Pairing: (PairingState.PROPOSED,),
    Meeting: (MeetingState.PROPOSED, MeetingState.HELD),
    Charter: (CharterState.OPEN,),
    Review: (ReviewState.DUE,),
    CoachingFile: (CoachingFileState.OPEN,),
    Handover: (HandoverState.OPEN,),
    WorkshopSession: (SessionState.SCHEDULED,),
    Booking: (BookingState.CONFIRMED, BookingState.WAITING),
    Visitor: (VisitorState.ASKED,),
    Erasure: (ErasureState.ASKED,),
    Circle: (CircleState.PROPOSED,),
    CircleMember: (CircleMemberState.PROPOSED,),
    Introduction: (IntroductionState.PROMISED, IntroductionState.MADE),
    ExpertQuestion: (ExpertQuestionState.ASKED,),
    CircleMeeting: (CircleMeetingState.PLANNED,),
    Gathering: (GatheringState.PLANNED,),
    SessionProposal: (SessionProposalState.PROPOSED,),
}


def _event_law(table: type[Stateful], kind: str, first_states: tuple[str, ...]) -> Callable[[], Select[int]]:
    def build() -> Select[int]:
        """Count records whose last move does not lead to the state they are in, and those moved without any event."""
        last = (
            select(AuditEvent.to_state)
            .where(AuditEvent.record == kind, AuditEvent.record_id == table.id, AuditEvent.to_state.is_not(None))
            .order_by(AuditEvent.id.desc())
            .limit(1)
            .correlate(table)
            .scalar_subquery()
        )
        state = cast(table.state, String)
        made_so = case((table.state.in_(first_states), state), else_="")
        return count_all(table, func.coalesce(last, made_so) != state)

    return build
