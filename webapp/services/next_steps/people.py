"""Steps with somebody: who is proposed, looked for or met, the charter, a contact opened, a question asked."""

from collections.abc import Iterator
from datetime import date, timedelta

from models.associations import Association
from models.entrepreneurs import Entrepreneur
from models.match_runs import Suggestion, UnmatchedNeed
from models.meetings import MeetingSide
from models.names import full_name
from models.pairings import Pairing
from models.queries import members
from models.states import EntrepreneurState, ExpertQuestionState, IntroductionState
from models.supporters import SupporterRole
from webapp.clock import day_of
from webapp.services.next_steps.kinds import NextStep, StepKind
from webapp.services.next_steps.situation import Situation
from webapp.services.own_changes import list_own_changes
from webapp.services.talks import NextTalk, TalkKind

MOST_CHANGES = 2
# An agreed talk that is further away presses less than what there is to do before.
SOON_DAYS = 14
UNANSWERED = frozenset({TalkKind.ANSWER, TalkKind.QUESTION})


def list_people_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Say where she is with each supporter, proposed, met, reviewed or still looked for."""
    for talk in situation.talks:
        yield _with(talk, today)
    for ended in situation.ended:
        yield _closing(situation, ended, today)
    if situation.entrepreneur.state != EntrepreneurState.READY:
        return
    reviewed = {suggestion.role: suggestion for suggestion in situation.suggestions}
    served = {talk.pairing.role for talk in situation.talks}
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
    pairing = next((one.pairing for one in situation.talks if charter and one.pairing.id == charter.pairing_id), None)
    if charter is not None and pairing is not None:
        day, person = day_of(charter.due_at), full_name(pairing.supporter)
        yield NextStep(kind=StepKind.SIGN_CHARTER, person=person, day=day, is_late=day < today, pairing=pairing)


def list_introduction_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    """Ask for the first introduction that was made and that nobody has told of."""
    made = [one for one in situation.introductions if one.state is IntroductionState.MADE and one.due_at is not None]
    for introduction in made[:1]:
        supporter, day = introduction.supporter, day_of(introduction.due_at or situation.entrepreneur.updated_at)
        person = full_name(supporter) if supporter else situation.contact.name
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
        person = full_name(expert) if expert else situation.contact.name
        is_answered = question.state is ExpertQuestionState.ANSWERED
        kind = StepKind.READ_ANSWER if is_answered else StepKind.ASKED
        yield NextStep(kind=kind, person=person, day=day, is_late=day < today, question=question)


def agrees_to_coach(entrepreneur: Entrepreneur) -> bool:
    """Say whether the person has agreed to be proposed to a coach. What she confided must be loaded."""
    return entrepreneur.confided is not None and entrepreneur.confided.coaching_consent_at is not None


def find_news_day(entrepreneur: Entrepreneur, association: Association, *, today: date) -> date:
    """Give the day on which somebody comes back to a person for whom nobody was found yet."""
    since = entrepreneur.waiting_since or today
    return entrepreneur.follow_up_on or since + timedelta(days=association.follow_up_days)


def name_before_meeting(pairing: Pairing) -> str:
    """Give a volunteer's first name and initial: the whole name comes with the answer."""
    return f"{pairing.supporter.first_name} {pairing.supporter.last_name[:1]}."


def _with(talk: NextTalk, today: date) -> NextStep:
    pairing = talk.pairing
    return NextStep(
        kind=_kind_of(talk, today),
        person=full_name(pairing.supporter) if talk.is_active else name_before_meeting(pairing),
        day=talk.day,
        is_late=talk.is_late,
        role=pairing.role,
        pairing=pairing,
        talk=talk,
    )


def _kind_of(talk: NextTalk, today: date) -> StepKind:
    if talk.kind in UNANSWERED:
        return StepKind.PROPOSED
    if talk.kind is TalkKind.PAUSED:
        return StepKind.PAUSED
    if talk.kind is TalkKind.HOURS_USED:
        return StepKind.WAIT_FOR_HOURS
    if talk.kind is TalkKind.PAST:
        return StepKind.NOTE_TALK
    if talk.kind is TalkKind.DATES:
        return StepKind.CHOOSE_DATE if talk.may_choose(MeetingSide.ENTREPRENEUR) else StepKind.WAIT_FOR_DATE
    if talk.kind is TalkKind.AGREED and (talk.is_first or talk.day <= today + timedelta(days=SOON_DAYS)):
        return StepKind.TALK_AGREED
    return StepKind.MEET if talk.is_first else StepKind.TALK


def _closing(situation: Situation, pairing: Pairing, today: date) -> NextStep:
    """Say who talks with her about what comes after a pairing that ended, and until when."""
    day = day_of(pairing.closing_due_at) if pairing.closing_due_at else today
    person = situation.contact.name
    return NextStep(kind=StepKind.CLOSING_TALK, person=person, day=day, is_late=day < today, pairing=pairing)


def _reviewed(situation: Situation, suggestion: Suggestion, today: date) -> NextStep:
    day = day_of(suggestion.deadline_at) if suggestion.deadline_at else today
    return NextStep(
        kind=StepKind.REVIEWED, person=situation.contact.name, day=day, is_late=day < today, role=suggestion.role
    )


def _searched(situation: Situation, roles: tuple[SupporterRole, ...], today: date) -> NextStep:
    """Say in one step whom somebody looks for; why nobody was found is said when it is about one role."""
    entrepreneur = situation.entrepreneur
    day = find_news_day(entrepreneur, situation.association, today=today)
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
