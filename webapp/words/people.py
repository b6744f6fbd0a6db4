"""The words of what is said about people: roles and hats, networks and their clocks, stages, moods, places."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from models.accounts import LinkPurpose, Locale
from models.associations import Delay, MatchAim, Network
from models.clocks import Clock
from models.entrepreneurs import Gender, Stage
from models.plans import PlanLineKind
from models.queries.accounts import Hat
from models.supporters import SupporterRole
from models.territories import QpvGround, QpvMethod, QpvResult
from models.wall import WideStage
from webapp.services.check_ins import Activity, Cash, Mood

PEOPLE_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
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
    MatchAim: {
        MatchAim.MOST_SERVED: _l("Serve as many people as possible, then reach the best scores"),
        MatchAim.FAIREST: _l("Serve as many people as possible, then begin with the person who is least well served"),
    },
    Network: {Network.INITIATIVE_FRANCE: _l("Initiative France"), Network.REBONDS: _l("60 000 rebonds")},
    Delay: {
        Delay.REMINDER: _l("For a supporter to answer a proposal, before a reminder"),
        Delay.EXPIRY: _l("For a supporter to answer a proposal, before it comes back to you"),
        Delay.DECISION: _l("For you to decide about a suggestion"),
        Delay.FOLLOW_UP: _l("To give news to who has nobody yet, and for the talk after an end"),
    },
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
        Clock.HANDOVER_ESCALATION: _l("For a call that no trained person takes, before it stays with you"),
        Clock.SESSION_PROPOSAL: _l("To answer a session that a member proposes"),
        Clock.AWAY: _l("Of a supporter’s pause without a day of its own, before asking whether it goes on"),
        Clock.GATHERING: _l("Between two meetings of supporters, before you are told that none is planned"),
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
    PlanLineKind: {
        PlanLineKind.MENTOR: _p("plan", "Mentor"),
        PlanLineKind.COACH: _p("plan", "Coach"),
        PlanLineKind.EXPERT: _p("plan", "Expert"),
        PlanLineKind.AMBASSADOR: _p("plan", "Ambassador"),
        PlanLineKind.WORKSHOP: _p("plan", "Workshop"),
    },
}
