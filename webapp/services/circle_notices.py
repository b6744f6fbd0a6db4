"""What is told about circles, and to whom: never a need, never another member's name."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.associations import Association
from models.circle_meetings import CircleMeeting
from models.circles import Circle, CircleMember
from models.entrepreneurs import Entrepreneur
from models.messages import MessageKind
from models.names import full_name
from models.queries.coordinators import list_coordinators
from models.supporters import Supporter
from webapp.clock import PARIS
from webapp.permissions import Actor
from webapp.services.messages import Draft, queue_messages


def tell_invited(
    session: Session, circle: Circle, member: CircleMember, association: Association, *, at: datetime
) -> None:
    """Invite a person."""
    facilitator = session.get_one(Supporter, circle.facilitator_id)
    facts: dict[str, object] = {
        "first_meeting_at": _morning(circle),
        "deadline_at": member.deadline_at,
        "facilitator": facilitator.first_name,
    }
    _tell_person(session, MessageKind.CIRCLE_INVITED, member, association, facts, at=at)


def tell_over(
    session: Session,
    member: CircleMember,
    association: Association,
    *,
    at: datetime,
    lapsed: bool = False,
    lost_at: datetime | None = None,
) -> None:
    """Tell a person that she is in this circle no more, without a reason; or that her invitation's day has passed."""
    facts: dict[str, object] = {"lapsed": lapsed or None, "lost_at": lost_at}
    _tell_person(session, MessageKind.CIRCLE_OVER, member, association, facts, at=at)


def tell_facilitator(
    session: Session,
    circle: Circle,
    association: Association,
    *,
    at: datetime,
    is_over: bool = False,
    lost_at: datetime | None = None,
) -> None:
    """Tell the facilitator that a circle is hers, or over."""
    supporter = session.get_one(Supporter, circle.facilitator_id)
    kind = MessageKind.CIRCLE_OVER if is_over else MessageKind.CIRCLE_LED
    facts: dict[str, object] = {
        "first_meeting_at": _morning(circle),
        "facilitator": supporter.first_name,
        "leads": True,
        "lost_at": lost_at,
    }
    _queue(session, kind, supporter, association, facts, event_key=f"circle:{circle.public_id}:{kind}", at=at)


def tell_leader(
    session: Session,
    circle: Circle,
    supporter: Supporter,
    members: Sequence[CircleMember],
    association: Association,
    facts: Mapping[str, object],
    *,
    at: datetime,
) -> None:
    """Tell these members who leads their circle from now on, and her that it is hers."""
    numbers = [member.entrepreneur_id for member in members]
    people = session.scalars(select(Entrepreneur).where(Entrepreneur.id.in_(numbers))).all()
    key = f"circle:{circle.public_id}:{supporter.id}:{at.isoformat()}"
    told = [(one, False) for one in people] + [(supporter, True)]
    drafts = [
        _draft(MessageKind.CIRCLE_LEADER, one, association, {**facts, "leads": leads}, event_key=key)
        for one, leads in told
    ]
    queue_messages(session, drafts, at=at)


def tell_coordinators(
    session: Session, circle: Circle, member: CircleMember, association: Association, *, actor: Actor, at: datetime
) -> None:
    """Tell every coordinator but the one who acts that a place is free again."""
    name = full_name(session.get_one(Entrepreneur, member.entrepreneur_id))
    drafts = [
        Draft(
            kind=MessageKind.CIRCLE_ANSWERED,
            account_id=account.id,
            event_key=f"circle_member:{member.public_id}:{MessageKind.CIRCLE_ANSWERED}",
            facts={"circle_id": circle.public_id, "entrepreneur": name, "association": association.name},
            association_id=association.id,
        )
        for account in list_coordinators(session, association.id)
        if account.id != actor.account_id
    ]
    queue_messages(session, drafts, at=at)


def tell_group(
    session: Session,
    kind: MessageKind,
    circle: Circle,
    meeting: CircleMeeting,
    members: Sequence[CircleMember],
    association: Association,
    facts: Mapping[str, object],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Tell these members, and the facilitator unless she acts, what became of a meeting; each change is told once."""
    supporter = session.get_one(Supporter, circle.facilitator_id)
    numbers = [member.entrepreneur_id for member in members]
    found = {one.id: one for one in session.scalars(select(Entrepreneur).where(Entrepreneur.id.in_(numbers)))}
    people: list[tuple[Entrepreneur | Supporter, bool]] = [(found[number], False) for number in numbers]
    if supporter.id not in actor.supporter_ids:
        people.append((supporter, True))
    key = f"circle_meeting:{meeting.public_id}:{meeting.sequence}:{kind}"
    drafts = [
        _draft(kind, person, association, {"leads": leads, "circle_id": circle.public_id, **facts}, event_key=key)
        for person, leads in people
    ]
    queue_messages(session, drafts, at=at)


def tell_turn(
    session: Session,
    kind: MessageKind,
    meeting: CircleMeeting,
    member: CircleMember,
    association: Association,
    facts: Mapping[str, object],
    *,
    at: datetime,
) -> None:
    """Tell one member about swapping turns; every asking and every answer is told."""
    person = session.get_one(Entrepreneur, member.entrepreneur_id)
    key = f"circle_turn:{meeting.public_id}:{at.isoformat()}:{kind}"
    _queue(session, kind, person, association, facts, event_key=key, at=at)


def _morning(circle: Circle) -> datetime | None:
    """Give an instant on the day of the first meeting: messages say the day only."""
    first_on = circle.first_meeting_on
    return datetime(first_on.year, first_on.month, first_on.day, 12, tzinfo=PARIS) if first_on else None


def _tell_person(
    session: Session,
    kind: MessageKind,
    member: CircleMember,
    association: Association,
    facts: dict[str, object],
    *,
    at: datetime,
) -> None:
    person = session.get_one(Entrepreneur, member.entrepreneur_id)
    key = f"circle_member:{member.public_id}:{kind}"
    _queue(session, kind, person, association, facts, event_key=key, at=at)


def _queue(
    session: Session,
    kind: MessageKind,
    person: Entrepreneur | Supporter,
    association: Association,
    facts: Mapping[str, object],
    *,
    event_key: str,
    at: datetime,
) -> None:
    queue_messages(session, [_draft(kind, person, association, facts, event_key=event_key)], at=at)


def _draft(
    kind: MessageKind,
    person: Entrepreneur | Supporter,
    association: Association,
    facts: Mapping[str, object],
    *,
    event_key: str,
) -> Draft:
    return Draft(
        kind=kind,
        account_id=person.account_id,
        recipient=person.email,
        event_key=event_key,
        facts={"association": association.name, **facts},
        association_id=association.id,
    )
