"""At most three next steps for a person, each with its reason, a date and somebody's name. Nobody is left with none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from models.associations import Association
from models.charters import Charter
from models.circle_meetings import CircleMeeting
from models.circles import CircleMember
from models.entrepreneurs import Entrepreneur, Stage
from models.expert_questions import ExpertQuestion
from models.interviews import Interview
from models.introductions import Introduction
from models.match_runs import Suggestion, UnmatchedNeed
from models.pairings import Pairing
from models.plans import PlanLine
from models.queries import members, sessions
from models.queries.associations import get_association
from models.queries.care import KnownHandover
from models.queries.charters import find_unsigned_by_person
from models.queries.circle_meetings import find_next_meeting
from models.queries.circles import find_settled_place
from models.queries.expert_questions import find_live_question
from models.queries.feedback import OPEN_FOR, list_sessions_to_tell
from models.queries.interviews import list_interviews
from models.queries.introductions import list_live_introductions
from models.queries.members import Contact, KnownCheck
from models.queries.plans import list_invitations
from models.queries.presence import read_presence
from models.queries.reviews import SHOWN_BEFORE, find_next_review
from models.queries.session_proposals import list_ahead
from models.queries.sessions import OwnBooking
from models.reviews import Review
from models.session_proposals import SessionProposal
from models.states import (
    TOGETHER_PAIRING_STATES,
    UNANSWERED_PAIRING_STATES,
    BookingState,
    CircleMemberState,
    EntrepreneurState,
    ExpertQuestionState,
    InterviewState,
    IntroductionState,
    PairingState,
)
from models.supporters import SupporterRole
from models.territories import QpvGround, QpvResult
from models.topics import Offer
from models.workshops import WorkshopSession
from webapp.clock import PARIS
from webapp.services.care_steps import CareNews, find_check_in_day, read_care
from webapp.services.coaching import CoachingView
from webapp.services.own_changes import OwnChange, list_own_changes
from webapp.services.profile_steps import ProfileStep, list_missing_steps
from webapp.services.recommendations import RecommendedSession, recommend

MOST_STEPS = 3
MOST_WAITING = 2
MOST_CHANGES = 2
# A pairing that has not begun after ten days rarely begins; then one talk a month is the rhythm of the charter.
BEGINNING_DAYS = 30
SOON_DAYS = 14
QUARTER_LOAN = "pret_honneur_quartier"
CITESLAB = "citeslab"
BEFORE_CREATION = frozenset({Stage.IDEA, Stage.EMERGENCE})
OPENS_RIGHTS = frozenset({QpvResult.INSIDE, QpvResult.BORDERLINE, QpvResult.DECLARED})


class StepKind(StrEnum):
    """What a next step is about, the most pressing first."""

    CLOSED = "closed"
    CALL_COMING = "call_coming"
    INTERVIEW = "interview"
    MEET_AGAIN = "meet_again"
    FINISH_PROFILE = "finish_profile"
    ANSWER_CIRCLE = "answer_circle"
    ANSWER_SEAT = "answer_seat"
    ATTEND_SESSION = "attend_session"
    TELL_INTRODUCTION = "tell_introduction"
    READ_ANSWER = "read_answer"
    CIRCLE_MEETS = "circle_meets"
    MEET = "meet"
    COACHING_LOOK = "coaching_look"
    SIGN_CHARTER = "sign_charter"
    PROPOSED = "proposed"
    ASKED = "asked"
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
    TALK = "talk"
    REVIEW = "review"


# Somebody else is at work: two of these at most, so that there is always something to do oneself.
WAITING_KINDS = frozenset(
    {StepKind.PROPOSED, StepKind.ASKED, StepKind.REVIEWED, StepKind.SEARCHED, StepKind.WAIT_FOR_ANSWER}
)
ORDER = {kind: place for place, kind in enumerate(StepKind)}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the steps of one person follow from, read once."""

    entrepreneur: Entrepreneur
    association: Association
    contact: Contact
    pairings: Sequence[Pairing] = ()
    suggestions: Sequence[Suggestion] = ()
    unmatched: Sequence[UnmatchedNeed] = ()
    checks: Mapping[QpvGround, KnownCheck] = field(default_factory=dict)
    bookings: Sequence[OwnBooking] = ()
    invitations: Sequence[PlanLine] = ()
    proposals: Sequence[SessionProposal] = ()
    recommended: Sequence[RecommendedSession] = ()
    to_tell: Sequence[WorkshopSession] = ()
    place: CircleMember | None = None
    introductions: Sequence[Introduction] = ()
    review: Review | None = None
    question: ExpertQuestion | None = None
    charter: Charter | None = None
    interviews: Sequence[Interview] = ()
    circle_meeting: CircleMeeting | None = None
    offers: Mapping[str, Offer] = field(default_factory=dict)
    care: CareNews = field(default_factory=CareNews)


def list_next_steps(
    session: Session, *, entrepreneur: Entrepreneur, at: datetime
) -> tuple[Situation, tuple[NextStep, ...]]:
    """Give what a person's steps follow from, and the steps, the most pressing first: one to three of them."""
    situation = read_situation(session, entrepreneur, at=at)
    return situation, choose_steps(situation, at=at)


def read_situation(session: Session, entrepreneur: Entrepreneur, *, at: datetime) -> Situation:
    """Read what the steps of a person follow from. Her needs and languages must be loaded."""
    bookings = sessions.list_own_bookings(session, entrepreneur.id, ends_after=at)
    invitations = list_invitations(session, entrepreneur.id, at=at)
    pairings = members.list_live_pairings(session, entrepreneur.id)
    is_together = any(pairing.state in TOGETHER_PAIRING_STATES for pairing in pairings)
    checks = members.list_last_checks(session, entrepreneur.id)
    contact = members.find_contact(
        session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
    )
    has = read_presence(session, entrepreneur.id, at=at)
    place = find_settled_place(session, entrepreneur.id) if has.place else None
    has_joined = place is not None and place.state is CircleMemberState.JOINED
    return Situation(
        entrepreneur=entrepreneur,
        association=get_association(session, entrepreneur.association_id),
        contact=contact,
        pairings=pairings,
        suggestions=members.list_open_suggestions(session, entrepreneur.id) if has.suggestion else (),
        unmatched=members.list_unmatched(
            session, association_id=entrepreneur.association_id, entrepreneur_id=entrepreneur.id
        ),
        checks=checks,
        bookings=bookings,
        invitations=invitations,
        proposals=list_ahead(session, entrepreneur_ids=(entrepreneur.id,), at=at) if has.proposal else (),
        recommended=recommend(session, entrepreneur, bookings=bookings, invitations=invitations, at=at),
        to_tell=list_sessions_to_tell(session, entrepreneur.id, at=at) if has.attended else (),
        introductions=list_live_introductions(session, entrepreneur.id) if has.introduction else (),
        review=find_next_review(session, entrepreneur.id) if has.review else None,
        question=find_live_question(session, entrepreneur.id) if has.question else None,
        charter=find_unsigned_by_person(session, entrepreneur.id) if is_together and has.charter else None,
        interviews=list_interviews(session, entrepreneur.id) if has.interview else (),
        place=place,
        circle_meeting=find_next_meeting(session, place.circle_id, at=at) if place and has_joined else None,
        offers=members.map_offers(session, (QUARTER_LOAN, CITESLAB)) if _opens_rights(checks) else {},
        care=read_care(session, entrepreneur, has, at=at),
    )


def choose_steps(situation: Situation, *, at: datetime) -> tuple[NextStep, ...]:
    """Choose the steps to show. Pure: the same situation at the same instant gives the same steps."""
    today = at.astimezone(PARIS).date()
    if situation.entrepreneur.state == EntrepreneurState.CLOSED:
        return (_closed(situation, today),)
    found = sorted(
        [
            *_list_interview_steps(situation, today),
            *_list_own_steps(situation, today),
            *_list_people_steps(situation, today),
            *_list_circle_steps(situation, today),
            *_list_introduction_steps(situation, today),
            *_list_question_steps(situation, today),
            *_list_session_steps(situation, today),
            *_list_own_sessions(situation, today),
            *_list_care_steps(situation, today),
            *_list_rights(situation),
            *_list_reviews(situation, today),
            *_list_charters(situation, today),
        ],
        key=lambda step: (ORDER[step.kind], step.day),
    )
    kept: list[NextStep] = []
    for step in found:
        waiting = sum(chosen.kind in WAITING_KINDS for chosen in kept)
        if step.kind not in WAITING_KINDS or waiting < MOST_WAITING:
            kept.append(step)
    return tuple(kept[:MOST_STEPS])


def _closed(situation: Situation, today: date) -> NextStep:
    closed_at = situation.entrepreneur.closed_at
    day = closed_at.astimezone(PARIS).date() if closed_at else today
    return NextStep(kind=StepKind.CLOSED, person=situation.contact.name, day=day)


def _to_come(situation: Situation) -> Interview | None:
    return next((one for one in situation.interviews if one.state is InterviewState.PLANNED), None)


def _is_put_off(situation: Situation, today: date) -> bool:
    to_come = _to_come(situation)
    return to_come is not None and to_come.opens_on > today


def _list_interview_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    interview = _to_come(situation)
    if interview is None:
        return
    holder = interview.coordinator
    person = f"{holder.first_name} {holder.last_name}" if holder is not None else situation.contact.name
    if interview.opens_on > today:
        held = next((one for one in situation.interviews if one.state is InterviewState.HELD), None)
        yield NextStep(
            kind=StepKind.MEET_AGAIN,
            person=person,
            day=interview.opens_on,
            interview=interview,
            orientation=(held.orientation or "") if held is not None else "",
        )
        return
    day = _day(interview.starts_at or interview.due_at)
    yield NextStep(kind=StepKind.INTERVIEW, person=person, day=day, is_late=day < today, interview=interview)


def _list_own_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    entrepreneur, person = situation.entrepreneur, situation.contact.name
    if _is_put_off(situation, today):
        return  # she is met again on a later day: until then nothing is asked of her
    if entrepreneur.state == EntrepreneurState.INCOMPLETE:
        wished = _day(entrepreneur.created_at) + timedelta(days=situation.association.follow_up_days)
        yield NextStep(
            kind=StepKind.FINISH_PROFILE,
            person=person,
            day=max(wished, today),
            missing=list_missing_steps(entrepreneur),
        )
    elif not members.list_wanted_roles(entrepreneur):
        wished = today + timedelta(days=situation.association.follow_up_days)
        yield NextStep(kind=StepKind.CHOOSE_PEOPLE, person=person, day=wished)


def _list_people_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    served: set[SupporterRole] = set()
    for pairing in situation.pairings:
        served.add(pairing.role)
        yield _proposed(pairing, today) if pairing.state in UNANSWERED_PAIRING_STATES else _together(pairing, today)
    if situation.entrepreneur.state != EntrepreneurState.READY:
        return
    reviewed = {suggestion.role: suggestion for suggestion in situation.suggestions}
    wanted = [role for role in members.list_wanted_roles(situation.entrepreneur) if role not in served]
    if SupporterRole.COACH in wanted and not agrees_to_coach(situation.entrepreneur):
        # Nobody looks for a coach without consent: saying "we are looking" would leave her waiting for nothing.
        wanted.remove(SupporterRole.COACH)
        day = today + timedelta(days=situation.association.follow_up_days)
        yield NextStep(kind=StepKind.AGREE_TO_COACH, person=situation.contact.name, day=day)
    for role in wanted:
        if role in reviewed:
            yield _reviewed(situation, reviewed[role], today)
    searched = tuple(role for role in wanted if role not in reviewed)
    if searched:
        yield _searched(situation, searched, today)


def agrees_to_coach(entrepreneur: Entrepreneur) -> bool:
    """Say whether the person has agreed to be proposed to a coach. What she confided must be loaded."""
    return entrepreneur.confided is not None and entrepreneur.confided.coaching_consent_at is not None


def _proposed(pairing: Pairing, today: date) -> NextStep:
    day = _day(pairing.deadline_at) if pairing.deadline_at else today
    return NextStep(
        kind=StepKind.PROPOSED,
        person=name_before_meeting(pairing),
        day=day,
        is_late=day < today,
        role=pairing.role,
        pairing=pairing,
    )


def _together(pairing: Pairing, today: date) -> NextStep:
    person, day = f"{pairing.supporter.first_name} {pairing.supporter.last_name}", talk_day(pairing, today)
    kind = StepKind.MEET if is_beginning(pairing, today) else StepKind.TALK
    return NextStep(kind=kind, person=person, day=day, is_late=day < today, role=pairing.role, pairing=pairing)


def is_beginning(pairing: Pairing, today: date) -> bool:
    """Say whether two people have just begun and not met: a talk that was held puts the next day a month further."""
    limit = _day(pairing.answered_at or pairing.proposed_at) + timedelta(days=BEGINNING_DAYS)
    return today <= limit and talk_day(pairing, today) < limit


def talk_day(pairing: Pairing, today: date) -> date:
    """Give the day that counts next for two who work together: the end of their pause, or the day to meet by."""
    instant = pairing.pause_until if pairing.state is PairingState.PAUSED else pairing.next_meeting_due_at
    return _day(instant) if instant else today


def name_before_meeting(pairing: Pairing) -> str:
    """Give a volunteer's first name and initial: the whole name comes with the answer."""
    return f"{pairing.supporter.first_name} {pairing.supporter.last_name[:1]}."


def _reviewed(situation: Situation, suggestion: Suggestion, today: date) -> NextStep:
    day = _day(suggestion.deadline_at) if suggestion.deadline_at else today
    return NextStep(
        kind=StepKind.REVIEWED, person=situation.contact.name, day=day, is_late=day < today, role=suggestion.role
    )


def _searched(situation: Situation, roles: tuple[SupporterRole, ...], today: date) -> NextStep:
    """Say in one step whom somebody looks for; why nobody was found is said when it is about one role."""
    entrepreneur = situation.entrepreneur
    since = entrepreneur.waiting_since or today
    day = entrepreneur.follow_up_on or since + timedelta(days=situation.association.follow_up_days)
    return NextStep(
        kind=StepKind.SEARCHED,
        person=situation.contact.name,
        day=day,
        is_late=day < today,
        roles=roles,
        refusal=next((_main_refusal(need) for need in situation.unmatched if (need.role,) == roles), None),
        changes=list_own_changes(entrepreneur, situation.unmatched, roles)[:MOST_CHANGES],
    )


def _main_refusal(need: UnmatchedNeed) -> str | None:
    if need.possible:
        return "taken"
    return max(need.refusals, key=lambda rule: need.refusals[rule]) if need.refusals else None


def _list_circle_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    place = situation.place
    if place is not None and place.state is CircleMemberState.INVITED and place.deadline_at is not None:
        day = _day(place.deadline_at)
        person = place.circle.facilitator.first_name
        yield NextStep(kind=StepKind.ANSWER_CIRCLE, person=person, day=day, is_late=day < today, place=place)
    meeting = situation.circle_meeting
    if place is not None and meeting is not None and _day(meeting.starts_at) <= today + timedelta(days=SOON_DAYS):
        yield NextStep(
            kind=StepKind.CIRCLE_MEETS,
            person=place.circle.facilitator.first_name,
            day=_day(meeting.starts_at),
            place=place,
            circle_meeting=meeting,
        )


def _list_introduction_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Ask for the first introduction that was made and that nobody has told of."""
    made = [one for one in situation.introductions if one.state is IntroductionState.MADE and one.due_at is not None]
    for introduction in made[:1]:
        supporter, day = introduction.supporter, _day(introduction.due_at or situation.entrepreneur.updated_at)
        person = f"{supporter.first_name} {supporter.last_name}" if supporter else situation.contact.name
        yield NextStep(
            kind=StepKind.TELL_INTRODUCTION,
            person=person,
            day=day,
            is_late=day < today,
            introduction=introduction,
        )


def _list_question_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say who answers the question of a person, or that the answer is there."""
    question = situation.question
    if question is not None and question.due_at is not None:
        expert, day = question.supporter, _day(question.due_at)
        person = f"{expert.first_name} {expert.last_name}" if expert else situation.contact.name
        is_answered = question.state is ExpertQuestionState.ANSWERED
        kind = StepKind.READ_ANSWER if is_answered else StepKind.ASKED
        yield NextStep(kind=kind, person=person, day=day, is_late=day < today, question=question)


def _list_session_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    for own in situation.bookings:
        day = _day(own.session.starts_at)
        if own.booking.state == BookingState.OFFERED and own.booking.offer_until is not None:
            until = _day(own.booking.offer_until)
            yield NextStep(
                kind=StepKind.ANSWER_SEAT,
                person=situation.contact.name,
                day=until,
                is_late=until < today,
                booking=own,
            )
        elif own.booking.state == BookingState.WAITING:
            yield NextStep(kind=StepKind.WAIT_FOR_SEAT, person=situation.contact.name, day=day, booking=own)
        elif day <= today + timedelta(days=SOON_DAYS):
            yield NextStep(kind=StepKind.ATTEND_SESSION, person=situation.contact.name, day=day, booking=own)
    if situation.to_tell:
        last = situation.to_tell[0]
        day = _day(last.ends_at + OPEN_FOR)
        yield NextStep(kind=StepKind.TELL_SESSION, person=situation.contact.name, day=day, session=last)
    if situation.invitations:
        yield _invited(situation, situation.invitations[0])
    elif situation.recommended:
        best = situation.recommended[0]
        yield NextStep(
            kind=StepKind.BOOK_SESSION,
            person=situation.contact.name,
            day=_day(best.session.starts_at),
            recommended=best,
        )


def _list_own_sessions(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say when she leads a session of her own, or who answers what she proposed, and until when."""
    for proposal in situation.proposals:
        named = proposal.coordinator
        person = f"{named.first_name} {named.last_name}" if named and named.is_active else situation.contact.name
        if proposal.session is not None:
            day = _day(proposal.session.starts_at)
            yield NextStep(kind=StepKind.LEAD_SESSION, person=person, day=day, proposal=proposal)
        elif proposal.due_at is not None:
            day = _day(proposal.due_at)
            is_late = day < today
            yield NextStep(kind=StepKind.WAIT_FOR_ANSWER, person=person, day=day, is_late=is_late, proposal=proposal)


def _invited(situation: Situation, line: PlanLine) -> NextStep:
    """Say to what the team invites her; the reasons are those of the plan that was approved."""
    workshop = line.session
    assert workshop is not None  # only lines about sessions are invitations
    facts = {reason["code"]: reason["facts"] for reason in line.reasons}
    invited = RecommendedSession(
        session=workshop,
        topics=tuple(facts.get("needs_served", {}).get("topics", ())),
        distance_km=facts.get("near", {}).get("distance_km"),
    )
    return NextStep(
        kind=StepKind.INVITED, person=situation.contact.name, day=_day(workshop.starts_at), recommended=invited
    )


def _list_care_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    care, contact = situation.care, situation.contact
    if care.call is not None:
        day, asked = _day(care.call.handover.due_at), care.call.sentinel
        person = f"{asked.first_name} {asked.last_name}" if asked else contact.association
        yield NextStep(kind=StepKind.CALL_COMING, person=person, day=day, is_late=day < today, call=care.call)
    if care.look is not None and care.look.due_on is not None:
        coach, day = care.look.file.pairing.supporter.first_name, care.look.due_on
        yield NextStep(kind=StepKind.COACHING_LOOK, person=coach, day=day, is_late=day < today, look=care.look)
    if care.opening is not None:
        wished = today + timedelta(days=situation.association.follow_up_days)
        yield NextStep(kind=StepKind.OPEN_COACHING, person=care.opening.supporter.first_name, day=wished)
    check_in_day = find_check_in_day(situation.entrepreneur.created_at, today=today)
    if check_in_day is not None:
        yield NextStep(kind=StepKind.CHECK_IN, person=contact.name, day=check_in_day)


def _opens_rights(checks: Mapping[QpvGround, KnownCheck]) -> list[KnownCheck]:
    return [known for known in checks.values() if known.check.result in OPENS_RIGHTS]


def _list_rights(situation: Situation) -> Iterator[NextStep]:
    known = _opens_rights(situation.checks)
    stage = situation.entrepreneur.stage
    offer = situation.offers.get(CITESLAB if stage in BEFORE_CREATION else QUARTER_LOAN)
    if known and stage is not None and offer is not None:
        yield NextStep(
            kind=StepKind.RIGHT,
            person=situation.contact.name,
            day=_day(known[0].check.checked_at),
            offer=offer,
            check=known[0],
        )


def _list_charters(situation: Situation, today: date) -> Iterator[NextStep]:
    charter = situation.charter
    pairing = next((one for one in situation.pairings if charter and one.id == charter.pairing_id), None)
    if charter is not None and pairing is not None:
        day, person = _day(charter.due_at), f"{pairing.supporter.first_name} {pairing.supporter.last_name}"
        yield NextStep(kind=StepKind.SIGN_CHARTER, person=person, day=day, is_late=day < today, pairing=pairing)


def _list_reviews(situation: Situation, today: date) -> Iterator[NextStep]:
    """Tell what comes within a month; what is late is the team's matter, and no reproach to her."""
    review = situation.review
    if review is not None and review.due_on <= today + SHOWN_BEFORE:
        day = max(review.due_on, today)
        yield NextStep(kind=StepKind.REVIEW, person=situation.contact.name, day=day, review=review)


def _day(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()
