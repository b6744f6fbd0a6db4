"""What a next step can be about, in the order in which steps press, and what one says."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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
# Something is lost to her when their day goes by: of these the nearest comes first, whatever it is about.
ANSWERS = frozenset({StepKind.ANSWER_SEAT, StepKind.ANSWER_CIRCLE, StepKind.CHOOSE_DATE})
PLACES = {kind: place for place, kind in enumerate(StepKind)}


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


def pressing_order(step: NextStep) -> tuple[int, date, int]:
    """Give what sorts steps, the most pressing first: by what they are about, and by day."""
    place = PLACES[StepKind.ANSWER_SEAT if step.kind in ANSWERS else step.kind]
    return place, step.day, PLACES[step.kind]
