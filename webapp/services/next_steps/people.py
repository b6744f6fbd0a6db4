"""Steps with somebody: who is proposed, looked for or met, the charter, a contact opened, a question asked."""

from collections.abc import Iterator
from datetime import date, timedelta

from models.entrepreneurs import Entrepreneur
from models.match_runs import Suggestion, UnmatchedNeed
from models.pairings import Pairing
from models.queries import members
from models.states import (
    UNANSWERED_PAIRING_STATES,
    EntrepreneurState,
    ExpertQuestionState,
    IntroductionState,
    PairingState,
)
from models.supporters import SupporterRole
from webapp.services.next_steps.kinds import NextStep, StepKind, day_of
from webapp.services.next_steps.situation import Situation
from webapp.services.own_changes import list_own_changes

MOST_CHANGES = 2
# A pairing that has not begun after ten days rarely begins; then one talk a month is the rhythm of the charter.
BEGINNING_DAYS = 30


def list_people_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say where she is with each supporter, proposed, met, reviewed or still looked for."""
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


def list_charters(situation: Situation, today: date) -> Iterator[NextStep]:
    """Ask for her signature under the charter of a pairing."""
    charter = situation.charter
    pairing = next((one for one in situation.pairings if charter and one.id == charter.pairing_id), None)
    if charter is not None and pairing is not None:
        day, person = day_of(charter.due_at), f"{pairing.supporter.first_name} {pairing.supporter.last_name}"
        yield NextStep(kind=StepKind.SIGN_CHARTER, person=person, day=day, is_late=day < today, pairing=pairing)


def list_introduction_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Ask for the first introduction that was made and that nobody has told of."""
    made = [one for one in situation.introductions if one.state is IntroductionState.MADE and one.due_at is not None]
    for introduction in made[:1]:
        supporter, day = introduction.supporter, day_of(introduction.due_at or situation.entrepreneur.updated_at)
        person = f"{supporter.first_name} {supporter.last_name}" if supporter else situation.contact.name
        yield NextStep(
            kind=StepKind.TELL_INTRODUCTION,
            person=person,
            day=day,
            is_late=day < today,
            introduction=introduction,
        )


def list_question_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say who answers the question of a person, or that the answer is there."""
    question = situation.question
    if question is not None and question.due_at is not None:
        expert, day = question.supporter, day_of(question.due_at)
        person = f"{expert.first_name} {expert.last_name}" if expert else situation.contact.name
        is_answered = question.state is ExpertQuestionState.ANSWERED
        kind = StepKind.READ_ANSWER if is_answered else StepKind.ASKED
        yield NextStep(kind=kind, person=person, day=day, is_late=day < today, question=question)


def agrees_to_coach(entrepreneur: Entrepreneur) -> bool:
    """Say whether the person has agreed to be proposed to a coach. What she confided must be loaded."""
    return entrepreneur.confided is not None and entrepreneur.confided.coaching_consent_at is not None


def is_beginning(pairing: Pairing, today: date) -> bool:
    """Say whether two people have just begun and not met: a talk that was held puts the next day a month further."""
    limit = day_of(pairing.answered_at or pairing.proposed_at) + timedelta(days=BEGINNING_DAYS)
    return today <= limit and talk_day(pairing, today) < limit


def talk_day(pairing: Pairing, today: date) -> date:
    """Give the day that counts next for two who work together: the end of their pause, or the day to meet by."""
    instant = pairing.pause_until if pairing.state is PairingState.PAUSED else pairing.next_meeting_due_at
    return day_of(instant) if instant else today


def name_before_meeting(pairing: Pairing) -> str:
    """Give a volunteer's first name and initial: the whole name comes with the answer."""
    return f"{pairing.supporter.first_name} {pairing.supporter.last_name[:1]}."


def _proposed(pairing: Pairing, today: date) -> NextStep:
    day = day_of(pairing.deadline_at) if pairing.deadline_at else today
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


def _reviewed(situation: Situation, suggestion: Suggestion, today: date) -> NextStep:
    day = day_of(suggestion.deadline_at) if suggestion.deadline_at else today
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
