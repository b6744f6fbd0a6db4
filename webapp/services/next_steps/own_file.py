"""Steps that come from the person's own file: its end, the first interview, profile, rights, reviews, how she is."""

from collections.abc import Iterator
from datetime import date, timedelta

from models.entrepreneurs import Stage
from models.interviews import Interview
from models.names import full_name
from models.queries import members
from models.queries.reviews import SHOWN_BEFORE
from models.states import EntrepreneurState, InterviewState
from webapp.clock import day_of
from webapp.services.care_steps import find_check_in_day
from webapp.services.next_steps.kinds import NextStep, StepKind
from webapp.services.next_steps.situation import CITESLAB, QUARTER_LOAN, Situation, list_openings
from webapp.services.profile_steps import list_missing_steps

BEFORE_CREATION = frozenset({Stage.IDEA, Stage.EMERGENCE})


def tell_closed(situation: Situation, today: date) -> NextStep:
    """Say since when the file is closed, and who opens it again."""
    closed_at = situation.entrepreneur.closed_at
    day = day_of(closed_at) if closed_at else today
    return NextStep(kind=StepKind.CLOSED, person=situation.contact.name, day=day)


def list_erasures(situation: Situation) -> Iterator[NextStep]:
    """Say when everything is erased, while it can be taken back."""
    for erasure in situation.erasures[:1]:
        name = situation.contact.name
        yield NextStep(kind=StepKind.ERASED, person=name, day=day_of(erasure.due_at), erasure=erasure)


def find_day_to_meet_again(interview: Interview | None, today: date) -> date | None:
    """Give the later day on which she is met again, if her interview to come is for later."""
    if interview is None or interview.opens_on <= today:
        return None
    return day_of(interview.starts_at) if interview.starts_at is not None else interview.opens_on


def list_interview_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say who holds the first interview and when, or on which later day she is met again."""
    interview = _to_come(situation)
    if interview is None:
        return
    holder = interview.coordinator
    person = full_name(holder) if holder is not None else situation.contact.name
    again = find_day_to_meet_again(interview, today)
    if again is not None:
        held = next((one for one in situation.interviews if one.state is InterviewState.HELD), None)
        yield NextStep(
            kind=StepKind.MEET_AGAIN,
            person=person,
            day=again,
            interview=interview,
            orientation=(held.orientation or "") if held is not None else "",
        )
        return
    day = day_of(interview.starts_at or interview.due_at)
    yield NextStep(kind=StepKind.INTERVIEW, person=person, day=day, is_late=day < today, interview=interview)


def list_own_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Ask for what is missing in her profile, or whom she would like to meet."""
    entrepreneur, person = situation.entrepreneur, situation.contact.name
    if _is_put_off(situation, today):
        return  # she is met again on a later day: until then nothing is asked of her
    if entrepreneur.state == EntrepreneurState.INCOMPLETE:
        wished = day_of(entrepreneur.created_at) + timedelta(days=situation.association.follow_up_days)
        yield NextStep(
            kind=StepKind.FINISH_PROFILE,
            person=person,
            day=max(wished, today),
            missing=list_missing_steps(entrepreneur),
        )
    elif not members.list_wanted_roles(entrepreneur):
        wished = today + timedelta(days=situation.association.follow_up_days)
        yield NextStep(kind=StepKind.CHOOSE_PEOPLE, person=person, day=wished)


def list_rights(situation: Situation) -> Iterator[NextStep]:
    """Name the right that her neighbourhood opens at her stage."""
    known = list_openings(situation.checks)
    stage = situation.entrepreneur.stage
    offer = situation.offers.get(CITESLAB if stage in BEFORE_CREATION else QUARTER_LOAN)
    if known and stage is not None and offer is not None:
        yield NextStep(
            kind=StepKind.RIGHT,
            person=situation.contact.name,
            day=day_of(known[0].check.checked_at),
            offer=offer,
            check=known[0],
        )


def list_reviews(situation: Situation, today: date) -> Iterator[NextStep]:
    """Tell what comes within a month; what is late is the team's matter, and no reproach to her."""
    review = situation.review
    if review is not None and review.due_on <= today + SHOWN_BEFORE:
        day = max(review.due_on, today)
        yield NextStep(kind=StepKind.REVIEW, person=situation.contact.name, day=day, review=review)


def list_care_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say who calls her, what the coach and she look at next, and when to say how she is."""
    care, contact = situation.care, situation.contact
    if care.call is not None:
        day, asked = day_of(care.call.handover.due_at), care.call.sentinel
        person = full_name(asked) if asked else contact.name
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


def _to_come(situation: Situation) -> Interview | None:
    return next((one for one in situation.interviews if one.state is InterviewState.PLANNED), None)


def _is_put_off(situation: Situation, today: date) -> bool:
    to_come = _to_come(situation)
    return to_come is not None and to_come.opens_on > today
