"""What a next step can be about, in the order in which steps press, and what one says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from models.charters import Charter
from models.circle_meetings import CircleMeeting
from models.circles import CircleMember
from models.erasures import Erasure
from models.expert_questions import ExpertQuestion
from models.interviews import Interview
from models.introductions import Introduction
from models.pairings import Pairing
from models.queries.care import KnownHandover
from models.queries.members import KnownCheck
from models.queries.sessions import OwnBooking
from models.reviews import Review
from models.session_proposals import SessionProposal
from models.supporters import SupporterRole
from models.topics import Offer
from models.workshops import WorkshopSession
from webapp.services.coaching import CoachingView
from webapp.services.own_changes import OwnChange
from webapp.services.profile_steps import ProfileStep
from webapp.services.recommendations import RecommendedSession
from webapp.services.talks import NextTalk


class StepKind(StrEnum):
    """What a next step is about, the most pressing first."""

    CLOSED = "closed"
    ERASED = "erased"
    CALL_COMING = "call_coming"
    ANSWER_SEAT = "answer_seat"
    ANSWER_CIRCLE = "answer_circle"
    CHOOSE_DATE = "choose_date"
    INTERVIEW = "interview"
    MEET_AGAIN = "meet_again"
    FINISH_PROFILE = "finish_profile"
    ATTEND_SESSION = "attend_session"
    NOTE_TALK = "note_talk"
    TELL_INTRODUCTION = "tell_introduction"
    READ_ANSWER = "read_answer"
    CIRCLE_MEETS = "circle_meets"
    TALK_AGREED = "talk_agreed"
    MEET = "meet"
    COACHING_LOOK = "coaching_look"
    SIGN_CHARTER = "sign_charter"
    CLOSING_TALK = "closing_talk"
    PROPOSED = "proposed"
    ASKED = "asked"
    WAIT_FOR_DATE = "wait_for_date"
    WAIT_FOR_HOURS = "wait_for_hours"
    REVIEWED = "reviewed"
    SEARCHED = "searched"
    CHOOSE_PEOPLE = "choose_people"
    AGREE_TO_COACH = "agree_to_coach"
    OPEN_COACHING = "open_coaching"
    INVITED = "invited"
    BOOK_SESSION = "book_session"
    LEAD_SESSION = "lead_session"
    WAIT_FOR_SEAT = "wait_for_seat"
    WAIT_FOR_ANSWER = "wait_for_answer"
    TELL_SESSION = "tell_session"
    CHECK_IN = "check_in"
    RIGHT = "right"
    PAUSED = "paused"
    TALK = "talk"
    REVIEW = "review"


# Somebody else is at work: two of these at most, so that there is always something to do oneself.
WAITING_KINDS = frozenset(
    {
        StepKind.PROPOSED,
        StepKind.ASKED,
        StepKind.WAIT_FOR_DATE,
        StepKind.WAIT_FOR_HOURS,
        StepKind.REVIEWED,
        StepKind.SEARCHED,
        StepKind.WAIT_FOR_ANSWER,
    }
)
# She is expected at an hour: whatever it is about, the nearest comes first.
APPOINTMENTS = frozenset({StepKind.ATTEND_SESSION, StepKind.CIRCLE_MEETS, StepKind.TALK_AGREED})
# Something is lost to her when their day goes by: of these the nearest comes first, whatever it is about.
ANSWERS = frozenset({StepKind.ANSWER_SEAT, StepKind.ANSWER_CIRCLE, StepKind.CHOOSE_DATE})
PLACES = {kind: place for place, kind in enumerate(StepKind)}


class Turn(StrEnum):
    """Whose turn it is: hers, nobody's until an hour that is agreed, somebody else's, or hers if she likes."""

    HERS = "hers"
    AGREED = "agreed"
    UNDER_WAY = "under_way"
    FREE = "free"


TURNS: Mapping[StepKind, Turn] = MappingProxyType(
    dict.fromkeys(StepKind, Turn.HERS)
    | dict.fromkeys(WAITING_KINDS | {StepKind.CALL_COMING, StepKind.WAIT_FOR_SEAT, StepKind.PAUSED}, Turn.UNDER_WAY)
    | dict.fromkeys(
        APPOINTMENTS
        | {StepKind.INTERVIEW, StepKind.MEET_AGAIN, StepKind.CLOSING_TALK, StepKind.LEAD_SESSION, StepKind.REVIEW},
        Turn.AGREED,
    )
    | dict.fromkeys(
        (
            StepKind.CLOSED,
            StepKind.ERASED,
            StepKind.CHOOSE_PEOPLE,
            StepKind.AGREE_TO_COACH,
            StepKind.OPEN_COACHING,
            StepKind.INVITED,
            StepKind.BOOK_SESSION,
            StepKind.TELL_SESSION,
            StepKind.CHECK_IN,
            StepKind.RIGHT,
        ),
        Turn.FREE,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """One step: what, who acts or helps, and the day that counts. `is_late` when that day has passed."""

    kind: StepKind
    person: str
    day: date
    is_late: bool = False
    role: SupporterRole | None = None
    roles: tuple[SupporterRole, ...] = ()
    missing: tuple[ProfileStep, ...] = ()
    refusal: str | None = None
    pairing: Pairing | None = None
    talk: NextTalk | None = None
    recommended: RecommendedSession | None = None
    booking: OwnBooking | None = None
    offer: Offer | None = None
    check: KnownCheck | None = None
    changes: tuple[OwnChange, ...] = ()
    place: CircleMember | None = None
    session: WorkshopSession | None = None
    introduction: Introduction | None = None
    review: Review | None = None
    call: KnownHandover | None = None
    look: CoachingView | None = None
    question: ExpertQuestion | None = None
    proposal: SessionProposal | None = None
    charter: Charter | None = None
    interview: Interview | None = None
    orientation: str = ""
    circle_meeting: CircleMeeting | None = None
    erasure: Erasure | None = None

    @property
    def turn(self) -> Turn:
        """Whose turn it is."""
        return TURNS[self.kind]


def pressing_order(step: NextStep) -> tuple[int, date, int]:
    """Give what sorts steps, the most pressing first: by what they are about, and by day."""
    leader = step.kind
    if step.kind in ANSWERS:
        leader = StepKind.ANSWER_SEAT
    elif step.kind in APPOINTMENTS:
        leader = StepKind.ATTEND_SESSION
    return PLACES[leader], step.day, PLACES[step.kind]
