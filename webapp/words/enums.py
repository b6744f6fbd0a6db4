"""The words of every enum member, and the tone of a state's badge."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from models.accounts import LinkPurpose, Locale
from models.associations import Network
from models.clocks import Clock
from models.correspondence import MailGroup, MailWay
from models.entrepreneurs import Gender, Stage
from models.match_runs import RejectReason
from models.messages import MessageKind
from models.notices import NoticeKind
from models.pairings import ChoiceReason, DeclineReason, EndReason, WithdrawReason
from models.plans import PlanLineKind
from models.queries.accounts import Hat
from models.states import (
    BookingState,
    CharterState,
    EntrepreneurState,
    MatchRunState,
    MeetingState,
    MessageState,
    PairingState,
    PlanLineState,
    ReviewState,
    SessionState,
    SuggestionState,
    SupporterState,
    WeightDraftState,
)
from models.supporters import SupporterRole
from models.territories import QpvGround, QpvMethod, QpvResult
from models.wall import WideStage, read_told_stage
from models.workshops import CancelReason, MoveReason, SessionFormat, WaitingRule
from webapp.locale import current_locale
from webapp.services.check_ins import Activity, Cash, Mood
from webapp.words.actions import ACTIONS, FILTERS
from webapp.words.care import CARE_TONES, CARE_WORDS
from webapp.words.circles import CIRCLE_TONES, CIRCLE_WORDS
from webapp.words.intake import INTAKE_TONES, INTAKE_WORDS
from webapp.words.introductions import INTRODUCTION_TONES, INTRODUCTION_WORDS
from webapp.words.meeting_enums import MEETINGS
from webapp.words.programme import PROGRAMME_WORDS
from webapp.words.questions import QUESTION_TONES, QUESTION_WORDS
from webapp.words.reviews import REVIEWS
from webapp.words.session_proposals import PROPOSAL_TONES, PROPOSAL_WORDS

Words = Mapping[StrEnum, LazyString]

PEOPLE: Mapping[type[StrEnum], Words] = {
    SupporterRole: {
        SupporterRole.MENTOR: _l("Mentor"),
        SupporterRole.COACH: _l("Coach"),
        SupporterRole.EXPERT: _l("Expert"),
        SupporterRole.AMBASSADOR: _l("Ambassador"),
    },
    Hat: {
        Hat.COORDINATOR: _l("Coordination"),
        Hat.SUPPORTER: _l("Support to entrepreneurs"),
        Hat.ENTREPRENEUR: _l("My project"),
        Hat.SENTINEL: _l("Somebody to listen"),
    },
    Network: {Network.INITIATIVE_FRANCE: _l("Initiative France"), Network.REBONDS: _l("60 000 rebonds")},
    Clock: {
        Clock.INTERVIEW: _l("To hold the first interview"),
        Clock.QUESTION: _l("To answer a question asked before accepting"),
        Clock.FIRST_MEETING: _l("To hold the first meeting of a pairing"),
        Clock.CHARTER: _l("To sign the charter"),
        Clock.MEETING_REPORT: _l("To say whether a meeting took place"),
        Clock.SILENCE: _l("Without news of a pairing, before a kind word to both"),
        Clock.SILENCE_ESCALATION: _l("Without news of a pairing, before you are told"),
        Clock.PAUSE: _l("Of a pause, before asking whether it goes on"),
        Clock.SUGGESTION_ESCALATION: _l("For a suggestion that nobody decided, before it is put back"),
        Clock.REVIEW: _l("To hold a review"),
        Clock.SEAT_OFFER: _l("To take a seat offered from the waiting list"),
        Clock.GO_OR_NO_GO: _l("Before a session, to decide whether it takes place"),
        Clock.CIRCLE_ANSWER: _l("To answer an invitation to a circle"),
        Clock.EXPERT_ANSWER: _l("To answer a question put to an expert"),
        Clock.INTRODUCTION: _l("To say what became of an introduction"),
        Clock.HANDOVER: _l("To call somebody who asked for help"),
        Clock.SESSION_PROPOSAL: _l("To answer a session that a member proposes"),
    },
    Locale: {Locale.FRENCH: _l("French"), Locale.ENGLISH: _l("English")},
    LinkPurpose: {LinkPurpose.INVITATION: _l("Invitation"), LinkPurpose.RESET: _l("New password")},
    Gender: {
        Gender.WOMAN: _l("A woman"),
        Gender.MAN: _l("A man"),
        Gender.OTHER: _l("Another answer"),
    },
    Stage: {
        Stage.IDEA: _l("Idea"),
        Stage.EMERGENCE: _l("Emergence"),
        Stage.PLANNING: _l("Planning"),
        Stage.FUNDING: _l("Looking for finance"),
        Stage.REGISTRATION: _l("Registration under way"),
        Stage.LAUNCH: _l("Launch (less than 12 months)"),
        Stage.CONSOLIDATION: _l("Consolidation (1 to 3 years)"),
        Stage.GROWTH: _l("Growth (more than 3 years)"),
        Stage.TAKEOVER: _l("Taking over a business"),
        Stage.DIFFICULTY: _l("Business in difficulty"),
        Stage.REBOUND: _l("Bouncing back after liquidation"),
    },
    WideStage: {
        WideStage.PREPARING: _l("Project in preparation"),
        WideStage.RUNNING: _l("Business under way"),
    },
    Activity: {
        Activity.FINE: _l("It goes well"),
        Activity.HARD: _l("It is hard"),
        Activity.VERY_HARD: _l("It is very hard"),
    },
    Cash: {
        Cash.LONG: _l("More than three months"),
        Cash.SOME_MONTHS: _l("One to three months"),
        Cash.UNDER_A_MONTH: _l("Less than one month"),
        Cash.NOT_KNOWN: _l("I do not know"),
    },
    Mood: {
        Mood.FINE: _l("I am fine"),
        Mood.TIRED: _l("I am tired"),
        Mood.NOT_COPING: _l("I cannot cope any more"),
    },
    QpvResult: {
        QpvResult.INSIDE: _l("In a priority neighbourhood"),
        QpvResult.OUTSIDE: _l("Outside priority neighbourhoods"),
        QpvResult.BORDERLINE: _l("On the border: to be checked"),
        QpvResult.UNKNOWN: _l("Not known"),
        QpvResult.DECLARED: _l("Declared, to be checked"),
    },
    QpvGround: {QpvGround.RESIDENCE: _l("Home"), QpvGround.HEAD_OFFICE: _l("Head office of the business")},
    QpvMethod: {
        QpvMethod.POINT_IN_POLYGON: _l("From the address"),
        QpvMethod.CHOSEN_IN_LIST: _l("Chosen in the list of the commune"),
        QpvMethod.IMPORTED: _l("From a file"),
        QpvMethod.CONFIRMED_BY_STAFF: _l("Confirmed by the team"),
    },
}
STATES: Mapping[type[StrEnum], Words] = {
    EntrepreneurState: {
        EntrepreneurState.INCOMPLETE: _l("Profile to complete"),
        EntrepreneurState.READY: _l("Ready to be matched"),
        EntrepreneurState.CLOSED: _l("File closed"),
    },
    SupporterState: {
        SupporterState.ACTIVE: _p("supporter", "Active"),
        SupporterState.PAUSED: _p("supporter", "On pause"),
        SupporterState.LEFT: _p("supporter", "Has left"),
    },
    WeightDraftState: {
        WeightDraftState.QUEUED: _l("About to be replayed"),
        WeightDraftState.RUNNING: _l("Being replayed"),
        WeightDraftState.READY: _p("draft", "Ready to be published"),
        WeightDraftState.FAILED: _p("draft", "Stopped by a problem"),
        WeightDraftState.PUBLISHED: _p("draft", "Published"),
        WeightDraftState.DISCARDED: _p("draft", "Set aside"),
    },
    MatchRunState: {
        MatchRunState.QUEUED: _l("About to start"),
        MatchRunState.RUNNING: _l("Under way"),
        MatchRunState.DONE: _p("match run", "Finished"),
        MatchRunState.FAILED: _p("match run", "Stopped by a problem"),
    },
    SuggestionState: {
        SuggestionState.ALTERNATIVE: _l("Other choice"),
        SuggestionState.OPEN: _l("To be decided"),
        SuggestionState.APPROVED: _p("suggestion", "Approved"),
        SuggestionState.REJECTED: _p("suggestion", "Set aside"),
        SuggestionState.SUPERSEDED: _p("suggestion", "Replaced"),
    },
    PlanLineState: {
        PlanLineState.PROPOSED: _p("plan", "To be decided"),
        PlanLineState.APPROVED: _p("plan", "Approved"),
        PlanLineState.REJECTED: _p("plan", "Set aside"),
        PlanLineState.SUPERSEDED: _p("plan", "Replaced"),
    },
    PairingState: {
        PairingState.PROPOSED: _p("pairing", "Sent, answer awaited"),
        PairingState.ASKED: _p("pairing", "A question to answer"),
        PairingState.ACTIVE: _p("pairing", "Active"),
        PairingState.PAUSED: _p("pairing", "On pause"),
        PairingState.DECLINED: _p("pairing", "Declined"),
        PairingState.WITHDRAWN: _p("pairing", "Withdrawn"),
        PairingState.EXPIRED: _p("pairing", "No answer in time"),
        PairingState.ENDED: _p("pairing", "Ended"),
    },
    SessionState: {
        SessionState.SCHEDULED: _p("workshop session", "Scheduled"),
        SessionState.CANCELLED: _p("workshop session", "Cancelled"),
        SessionState.HELD: _p("workshop session", "Held"),
    },
    BookingState: {
        BookingState.CONFIRMED: _p("booking", "Place confirmed"),
        BookingState.WAITING: _p("booking", "On the waiting list"),
        BookingState.OFFERED: _p("booking", "A place is kept, answer awaited"),
        BookingState.CANCELLED: _p("booking", "Cancelled"),
        BookingState.ATTENDED: _p("booking", "Present"),
        BookingState.ABSENT: _p("booking", "Absent"),
    },
    MessageState: {
        MessageState.QUEUED: _p("message", "Ready to leave"),
        MessageState.SENDING: _p("message", "Being sent"),
        MessageState.SENT: _p("message", "Sent"),
        MessageState.FAILED: _p("message", "Could not be delivered"),
        MessageState.HELD: _p("message", "Waits for the next summary"),
        MessageState.KEPT: _p("message", "Here, or told in a summary"),
    },
}
REASONS: Mapping[type[StrEnum], Words] = {
    RejectReason: {
        RejectReason.NEEDS_DIFFER: _l("The needs are different"),
        RejectReason.TOO_FAR: _l("Too far"),
        RejectReason.ALREADY_SUPPORTED: _l("Already supported elsewhere"),
        RejectReason.NOT_NOW: _l("Not the right moment"),
        RejectReason.CONFLICT_OF_INTEREST: _l("Conflict of interest"),
        RejectReason.BETTER_KNOWN: _l("I know somebody who fits better"),
        RejectReason.OTHER: _l("Another reason"),
    },
    DeclineReason: {
        DeclineReason.NO_TIME: _l("No time at the moment"),
        DeclineReason.TOO_FAR: _l("Too far"),
        DeclineReason.OTHER_EXPERTISE: _l("The needs call for another expertise"),
        DeclineReason.CONFLICT_OF_INTEREST: _l("Conflict of interest"),
        DeclineReason.LANGUAGE: _l("We do not share a language well enough"),
        DeclineReason.OTHER: _l("Another reason"),
    },
    WithdrawReason: {
        WithdrawReason.PERSON_CHANGED_MIND: _l("The person changed their mind"),
        WithdrawReason.SUPPORTER_PAUSED: _l("The supporter is on pause"),
        WithdrawReason.SUPPORTER_LESS_TIME: _l("The supporter has less time for now"),
        WithdrawReason.OTHER_CHOICE: _l("Another choice was made"),
        WithdrawReason.OTHER: _l("Another reason"),
    },
    EndReason: {
        EndReason.GOAL_REACHED: _l("The goal is reached"),
        EndReason.TERM_REACHED: _l("The agreed time is over"),
        EndReason.UNAVAILABLE: _l("One of the two is no longer available"),
        EndReason.NEED_CHANGED: _l("The need has changed"),
        EndReason.NOT_A_FIT: _l("The two did not find a way to work together"),
        EndReason.PROJECT_STOPPED: _l("The project has stopped"),
        EndReason.MOVED: _l("One of the two has moved"),
        EndReason.OTHER: _l("Another reason"),
    },
    ChoiceReason: {
        ChoiceReason.ASKED_FOR: _l("The person asked for this supporter"),
        ChoiceReason.KNOWN_FIT: _l("They know each other or fit well"),
        ChoiceReason.BETTER_EXPERTISE: _l("Better expertise for the need"),
        ChoiceReason.CLOSER: _l("Closer"),
        ChoiceReason.SPREAD_LOAD: _l("To share the load between supporters"),
        ChoiceReason.OTHER: _l("Another reason"),
    },
    MoveReason: {
        MoveReason.ACCESS: _l("A need of access or of date"),
        MoveReason.URGENT: _l("A step of the project that cannot wait"),
        MoveReason.CANCELLED_BEFORE: _l("An earlier date was cancelled"),
        MoveReason.AGREED: _l("Agreed with the people concerned"),
        MoveReason.MISTAKE: _l("Puts a mistake right"),
    },
    WaitingRule: {
        WaitingRule.CANCELLED_BEFORE: _l("An earlier date was cancelled"),
        WaitingRule.FIRST_TIME_AND_NEED: _l("Would come for the first time, and needs it"),
        WaitingRule.FIRST_TIME: _l("Would come for the first time"),
        WaitingRule.NEED: _l("Needs it, and had a place before"),
        WaitingRule.ARRIVAL: _l("Order of arrival"),
    },
    CancelReason: {
        CancelReason.BY_PERSON: _l("Cancelled by the person"),
        CancelReason.BY_ORGANISER: _l("Cancelled by the organiser"),
        CancelReason.NO_SEAT_FREED: _l("No place became free"),
        CancelReason.SESSION_CANCELLED: _l("The session was cancelled"),
        CancelReason.OFFER_DECLINED: _l("Did not need the place that was offered"),
        CancelReason.OFFER_LAPSED: _l("No answer in time to the place that was offered"),
    },
}
OTHERS: Mapping[type[StrEnum], Words] = {
    PlanLineKind: {
        PlanLineKind.MENTOR: _p("plan", "Mentor"),
        PlanLineKind.COACH: _p("plan", "Coach"),
        PlanLineKind.EXPERT: _p("plan", "Expert"),
        PlanLineKind.AMBASSADOR: _p("plan", "Ambassador"),
        PlanLineKind.WORKSHOP: _p("plan", "Workshop"),
    },
    SessionFormat: {
        SessionFormat.IN_PERSON: _l("In person"),
        SessionFormat.ONLINE: _l("Online"),
        SessionFormat.HYBRID: _l("In person or online"),
    },
    MailGroup: {
        MailGroup.ASKS: _l("What waits for your answer"),
        MailGroup.PAIRS: _l("News of the people you work with"),
        MailGroup.WORKSHOPS: _p("mail", "Workshops"),
        MailGroup.CIRCLES: _p("mail", "Circles"),
        MailGroup.DESK: _l("What waits for your decision"),
    },
    MailWay: {
        MailWay.EACH: _l("Each by email"),
        MailWay.DAILY: _l("One email a day"),
        MailWay.WEEKLY: _l("One email a week, on Monday"),
        MailWay.IN_APP: _l("On this site only"),
    },
    NoticeKind: {
        NoticeKind.QUESTION_WAITS: _p("notice", "Question to answer"),
        NoticeKind.DATE_TO_FIND: _p("notice", "Date to find"),
        NoticeKind.SILENCE: _p("notice", "No news for a while"),
        NoticeKind.LONG_SILENCE: _p("notice", "Silent for long"),
        NoticeKind.DATE_TO_CHOOSE: _p("notice", "Date to choose"),
        NoticeKind.DID_YOU_MEET: _p("notice", "Meeting to note"),
        NoticeKind.REPORT_MISSING: _p("notice", "Meeting nobody noted"),
        NoticeKind.CHARTER_TO_SIGN: _p("notice", "Charter to sign"),
        NoticeKind.PAUSE_OVER: _p("notice", "Pause at its end"),
        NoticeKind.TERM_NEAR: _p("notice", "Path near its end"),
        NoticeKind.NEWS_DUE: _p("notice", "News to give"),
        NoticeKind.PROFILE_TO_FINISH: _p("notice", "Profile to finish"),
        NoticeKind.ATTENDANCE_TO_MARK: _p("notice", "Attendance to mark"),
        NoticeKind.GO_OR_NO_GO: _p("notice", "Go or no-go for a session"),
        NoticeKind.GO_OVERDUE: _p("notice", "A session that nobody decided on"),
        NoticeKind.INTRODUCTION_TO_MAKE: _p("notice", "Introduction to make"),
        NoticeKind.INTRODUCTION_NEWS: _p("notice", "News of an introduction"),
        NoticeKind.INTRODUCTION_LATE: _p("notice", "Introduction without news"),
        NoticeKind.NEVER_MATCHED: _p("notice", "Nobody has looked for this person yet"),
        NoticeKind.INVITATION_WAITS: _p("notice", "Account to open"),
        NoticeKind.INVITATION_UNANSWERED: _p("notice", "Invitation without an answer"),
        NoticeKind.ATTENDANCE_LATE: _p("notice", "Attendance long overdue"),
        NoticeKind.REVIEW_DUE: _p("notice", "Check or review to hold"),
        NoticeKind.REVIEW_LATE: _p("notice", "Check or review that is late"),
        NoticeKind.EXPERT_QUESTION_WAITS: _p("notice", "Expert question without an answer"),
        NoticeKind.TRAINING_ENDS: _p("notice", "Training to renew"),
        NoticeKind.INSURANCE_ENDS: _p("notice", "Insurance to renew"),
        NoticeKind.SESSION_PROPOSAL_WAITS: _p("notice", "Proposed session without an answer"),
        NoticeKind.SESSION_PROPOSAL_LATE: _p("notice", "Proposed session still without an answer"),
        NoticeKind.INTERVIEW_NEW: _p("notice", "Somebody has registered"),
        NoticeKind.INTERVIEW_DUE: _p("notice", "First interview to hold"),
        NoticeKind.INTERVIEW_LATE: _p("notice", "First interview overdue"),
        NoticeKind.INTERVIEW_AGAIN: _p("notice", "A talk that was put off until today"),
        NoticeKind.CIRCLE_TO_ANSWER: _p("notice", "Invitation to a circle to answer"),
        NoticeKind.CIRCLE_MEETS_SOON: _p("notice", "Circle meets soon"),
        NoticeKind.CIRCLE_TOO_FEW_COME: _p("notice", "Too few come to a circle"),
        NoticeKind.CIRCLE_TO_REPORT: _p("notice", "Meeting of a circle to note"),
        NoticeKind.CIRCLE_NOT_REPORTED: _p("notice", "Meeting of a circle nobody noted"),
        NoticeKind.CIRCLE_TOO_SMALL: _p("notice", "Circle with fewer people than planned"),
        NoticeKind.CIRCLE_UNDECIDED: _p("notice", "Circle to decide about"),
    },
    MessageKind: {
        MessageKind.INVITATION: _l("Invitation to open an account"),
        MessageKind.PASSWORD_RESET: _l("New password"),
        MessageKind.PAIRING_PROPOSED: _l("Pairing proposed"),
        MessageKind.PAIRING_REMINDER: _l("Reminder: a proposal awaits an answer"),
        MessageKind.PAIRING_ACCEPTED: _l("Pairing accepted"),
        MessageKind.PAIRING_DECLINED: _l("Pairing declined"),
        MessageKind.PAIRING_EXPIRED: _l("Proposal without an answer"),
        MessageKind.PAIRING_WITHDRAWN: _l("Proposal withdrawn"),
        MessageKind.PAIRING_ENDED: _l("Pairing ended"),
        MessageKind.PAIRING_ASKED: _p("message", "A question before deciding"),
        MessageKind.PAIRING_QUESTION_ANSWERED: _p("message", "Answer to a question"),
        MessageKind.PAIRING_PAUSED: _p("message", "Pairing paused"),
        MessageKind.PAIRING_RESUMED: _p("message", "Pairing resumed"),
        MessageKind.MEETING_PROPOSED: _p("message", "Dates to meet"),
        MessageKind.MEETING_CONFIRMED: _p("message", "Meeting agreed"),
        MessageKind.MEETING_CANCELLED: _p("message", "Meeting called off"),
        MessageKind.CHARTER_OPENED: _p("message", "Charter to sign"),
        MessageKind.CHARTER_SIGNED: _p("message", "Charter signed"),
        MessageKind.BOOKING_CONFIRMED: _l("Booking confirmed"),
        MessageKind.BOOKING_WAITING: _l("Waiting list"),
        MessageKind.BOOKING_PROMOTED: _l("A place became free"),
        MessageKind.SEAT_OFFERED: _p("message", "A place is kept for you"),
        MessageKind.SEAT_FREE: _p("message", "A place is free at the last moment"),
        MessageKind.SESSION_SURE: _p("message", "The workshop takes place"),
        MessageKind.SESSION_REMINDER: _p("message", "Workshop soon"),
        MessageKind.BOOKING_CANCELLED: _l("Booking cancelled"),
        MessageKind.SESSION_CHANGED: _l("Session changed"),
        MessageKind.SESSION_CANCELLED: _l("Session cancelled"),
        MessageKind.SESSION_PROPOSED: _l("Invitation to a workshop"),
        MessageKind.SUGGESTIONS_WAITING: _l("Suggestions to decide"),
        MessageKind.DIGEST: _p("message", "What waits for you"),
        MessageKind.INTRODUCTION_MADE: _p("message", "Somebody to get in touch with"),
        MessageKind.INTRODUCTION_TOLD: _p("message", "News of an introduction"),
        MessageKind.HANDOVER_ASKED: _p("message", "Call asked for"),
        MessageKind.HANDOVER_REMINDER: _p("message", "Call asked for: reminder"),
        MessageKind.HANDOVER_UNANSWERED: _p("message", "Call asked for, without an answer"),
        MessageKind.EXPERT_ASKED: _p("message", "A question to answer"),
        MessageKind.EXPERT_ANSWERED: _p("message", "An answer to your question"),
        MessageKind.EXPERT_UNANSWERED: _p("message", "About your question"),
        MessageKind.VISITOR_ASKED: _p("message", "Place to confirm"),
        MessageKind.VISITOR_CONFIRMED: _p("message", "Place of a visitor confirmed"),
        MessageKind.VISITOR_CHANGED: _p("message", "Workshop of a visitor changed"),
        MessageKind.VISITOR_CANCELLED: _p("message", "Place of a visitor cancelled"),
        MessageKind.PEER_PROPOSED: _p("message", "Somebody proposes to lead a session"),
        MessageKind.PEER_ANSWERED: _p("message", "Answer to the session you proposed"),
        MessageKind.PEER_CHANGED: _p("message", "The session you lead has changed"),
        MessageKind.REGISTRATION: _p("message", "Registration to confirm"),
        MessageKind.CALL_ENDED: _p("message", "What was done by telephone"),
        MessageKind.INTERVIEW_PLANNED: _p("message", "First interview planned"),
        MessageKind.INTERVIEW_OUTCOME: _p("message", "After the first interview"),
        MessageKind.CIRCLE_INVITED: _l("Invitation to a circle"),
        MessageKind.CIRCLE_LED: _l("Circle to lead"),
        MessageKind.CIRCLE_ANSWERED: _l("Answer to a circle"),
        MessageKind.CIRCLE_OVER: _l("Circle over"),
        MessageKind.CIRCLE_MEETING_MOVED: _p("message", "Meeting of the circle moved"),
        MessageKind.CIRCLE_MEETING_CANCELLED: _p("message", "Meeting of the circle called off"),
        MessageKind.CIRCLE_MEETING_KEPT: _p("message", "Meeting of the circle kept"),
        MessageKind.CIRCLE_TURN_ASKED: _p("message", "Swapping turns in the circle"),
        MessageKind.CIRCLE_TURN_ANSWERED: _p("message", "Answer about a turn"),
    },
}
# What happened to a record, for its history.
LABELS: Mapping[type[StrEnum], Words] = MappingProxyType(
    {
        **PEOPLE,
        **STATES,
        **REASONS,
        **OTHERS,
        **ACTIONS,
        **FILTERS,
        **MEETINGS,
        **CIRCLE_WORDS,
        **PROGRAMME_WORDS,
        **INTRODUCTION_WORDS,
        **REVIEWS,
        **CARE_WORDS,
        **QUESTION_WORDS,
        **PROPOSAL_WORDS,
        **INTAKE_WORDS,
    }
)

PRIORITIES = MappingProxyType({1: _l("Useful"), 2: _l("Important"), 3: _l("Urgent")})
LEVELS = MappingProxyType({1: _l("Some knowledge"), 2: _l("Good knowledge"), 3: _p("level", "Expert")})

TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
        EntrepreneurState: {EntrepreneurState.INCOMPLETE: "attention", EntrepreneurState.READY: "good"},
        SupporterState: {SupporterState.ACTIVE: "good", SupporterState.PAUSED: "attention"},
        WeightDraftState: {
            WeightDraftState.RUNNING: "info",
            WeightDraftState.QUEUED: "info",
            WeightDraftState.READY: "attention",
            WeightDraftState.FAILED: "problem",
            WeightDraftState.PUBLISHED: "good",
            WeightDraftState.DISCARDED: "plain",
        },
        MatchRunState: {
            MatchRunState.RUNNING: "info",
            MatchRunState.QUEUED: "info",
            MatchRunState.DONE: "good",
            MatchRunState.FAILED: "problem",
        },
        PlanLineState: {PlanLineState.PROPOSED: "attention", PlanLineState.APPROVED: "good"},
        SuggestionState: {SuggestionState.OPEN: "attention", SuggestionState.APPROVED: "good"},
        PairingState: {
            PairingState.PROPOSED: "info",
            PairingState.ASKED: "attention",
            PairingState.ACTIVE: "good",
            PairingState.PAUSED: "info",
            PairingState.EXPIRED: "attention",
        },
        MeetingState: {
            MeetingState.PROPOSED: "attention",
            MeetingState.CONFIRMED: "info",
            MeetingState.HELD: "good",
        },
        CharterState: {CharterState.OPEN: "attention", CharterState.SIGNED: "good"},
        ReviewState: {ReviewState.DUE: "attention", ReviewState.DONE: "good"},
        SessionState: {SessionState.SCHEDULED: "info", SessionState.HELD: "good"},
        BookingState: {
            BookingState.CONFIRMED: "good",
            BookingState.WAITING: "attention",
            BookingState.OFFERED: "attention",
            BookingState.ATTENDED: "good",
        },
        MessageState: {MessageState.SENT: "good", MessageState.FAILED: "problem"},
        **CIRCLE_TONES,
        **INTRODUCTION_TONES,
        **CARE_TONES,
        **QUESTION_TONES,
        **PROPOSAL_TONES,
        **INTAKE_TONES,
    }
)


def label(member: StrEnum) -> str:
    """Give the word of an enum member in the language of the page.

    Raises
    ------
    KeyError
        If nobody gave it a word; a test of the house keeps that from happening.
    """
    return _label(type(member), member.value, current_locale())


def tone(member: StrEnum) -> str:
    """Give the tone of a state's badge: good, info, attention, problem or plain. Never the only sign of a state."""
    return TONES.get(type(member), {}).get(member, "plain")


@lru_cache(maxsize=2048)
def _label(kind: type[StrEnum], value: str, _locale: str) -> str:
    return str(LABELS[kind][kind(value)])


def role_label(value: str) -> str:
    """Give the word of a supporter's role kept as text."""
    return label(SupporterRole(value))


def stage_label(value: str) -> str:
    """Give the word of a stage kept as text."""
    return label(read_told_stage(value))


def list_choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Give the values of an enum with their words, for a select or radio field."""
    return [(member.value, label(member)) for member in kind]


def priority_label(priority: int) -> str:
    """Give the word of a need's priority."""
    return str(PRIORITIES[priority])


def level_label(level: int) -> str:
    """Give the word of a supporter's level in a topic."""
    return str(LEVELS[level])
