"""Steps in a group: the circle, workshop sessions to attend, to book or to tell about, those she leads."""

from collections.abc import Iterator
from datetime import date, timedelta

from models.names import full_name
from models.plans import PlanLine
from models.queries.feedback import OPEN_FOR
from models.states import BookingState, CircleMemberState
from webapp.clock import day_of
from webapp.services.next_steps.kinds import NextStep, StepKind
from webapp.services.next_steps.situation import Situation
from webapp.services.recommendations import RecommendedSession

SOON_DAYS = 14


def list_circle_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say what waits in her circle: an invitation to answer, a meeting that is near."""
    place = situation.place
    if place is not None and place.state is CircleMemberState.INVITED and place.deadline_at is not None:
        day = day_of(place.deadline_at)
        person = place.circle.facilitator.first_name
        yield NextStep(kind=StepKind.ANSWER_CIRCLE, person=person, day=day, is_late=day < today, place=place)
    meeting = situation.circle_meeting
    if place is not None and meeting is not None and day_of(meeting.starts_at) <= today + timedelta(days=SOON_DAYS):
        yield NextStep(
            kind=StepKind.CIRCLE_MEETS,
            person=place.circle.facilitator.first_name,
            day=day_of(meeting.starts_at),
            place=place,
            circle_meeting=meeting,
        )


def list_session_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say what waits in workshops: a seat to answer, a day to come, news to give, one to book."""
    for own in situation.bookings:
        day = day_of(own.session.starts_at)
        if own.booking.state == BookingState.OFFERED and own.booking.offer_until is not None:
            until = day_of(own.booking.offer_until)
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
        day = day_of(last.ends_at + OPEN_FOR)
        yield NextStep(kind=StepKind.TELL_SESSION, person=situation.contact.name, day=day, session=last)
    if situation.invitations:
        yield _invited(situation, situation.invitations[0])
    elif situation.recommended:
        best = situation.recommended[0]
        yield NextStep(
            kind=StepKind.BOOK_SESSION,
            person=situation.contact.name,
            day=day_of(best.session.starts_at),
            recommended=best,
        )


def list_own_sessions(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say when she leads a session of her own, or who answers what she proposed, and until when."""
    for proposal in situation.proposals:
        named = proposal.coordinator
        person = full_name(named) if named and named.is_active else situation.contact.name
        if proposal.session is not None:
            day = day_of(proposal.session.starts_at)
            yield NextStep(kind=StepKind.LEAD_SESSION, person=person, day=day, proposal=proposal)
        elif proposal.due_at is not None:
            day = day_of(proposal.due_at)
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
        kind=StepKind.INVITED, person=situation.contact.name, day=day_of(workshop.starts_at), recommended=invited
    )
