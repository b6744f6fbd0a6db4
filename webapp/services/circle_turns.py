"""Whose turn it is in a circle: the "client" brings a question, and the others work on it.

Who has been the client least often comes first; among those, who has waited longest, then who joined first. A turn
counts once the meeting was held with her there, so that whoever gives hers away, or cannot come, is first again.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.circle_meetings import CircleAnswer, CircleMeeting
from models.circles import Circle, CircleMember
from models.db import retried, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError
from models.messages import MessageKind
from models.moves import write_event
from models.queries import circle_meetings as queries
from models.queries.associations import get_association
from models.queries.circle_meetings import Turns
from models.queries.circles import get_circle_member, lock_circle
from models.states import CircleMeetingState
from webapp.permissions import Actor, Permission, require
from webapp.services import circle_notices

logger = logging.getLogger(__name__)
NEVER = datetime.min.replace(tzinfo=UTC)


def order_turns(members: Sequence[CircleMember], turns: Mapping[int, Turns]) -> list[CircleMember]:
    """Put members into the order of their turns. Pure."""

    def key(member: CircleMember) -> tuple[int, datetime, datetime, int]:
        had = turns.get(member.id, Turns())
        return had.number, had.last_at or NEVER, member.joined_at or NEVER, member.id

    return sorted(members, key=key)


def settle_turn(session: Session, circle: Circle, *, at: datetime) -> None:
    """See to it that the next meeting of a locked circle has a client who is in it and can come, if there is any.

    When somebody leaves after a meeting that is not noted yet, who notes it says whose turn it was.
    """
    every, joined = queries.list_planned(session, circle.id), queries.list_joined(session, circle.id)
    members = {member.id for member in joined}
    for begun in every:
        if begun.starts_at <= at and begun.client_member_id is not None and begun.client_member_id not in members:
            _hand_over(begun, None, at=at)
    planned = [meeting for meeting in every if meeting.starts_at > at]
    if not planned:
        return
    able = list_able(planned[0], order_turns(joined, queries.map_turns(session, circle.id, at=at)))
    unnoted = {begun.client_member_id for begun in every if begun.starts_at <= at}
    able = [member for member in able if member.id not in unnoted]
    known = {member.id for member in able}
    if planned[0].client_member_id not in known:
        _hand_over(planned[0], able[0].id if able else None, at=at)
    elif planned[0].swap_with_id is not None and planned[0].swap_with_id not in known:
        planned[0].swap_with_id = None
    for later in planned[1:]:
        if later.client_member_id is not None:
            _hand_over(later, None, at=at)


def list_able(meeting: CircleMeeting, members: Sequence[CircleMember]) -> list[CircleMember]:
    """Leave out who said that she cannot come."""
    absent = {one.member_id for one in meeting.attendances if one.answer is CircleAnswer.NO}
    return [member for member in members if member.id not in absent]


@retried
def choose_client(*, meeting_id: UUID, member_id: UUID, actor: Actor, at: datetime) -> None:
    """Say whose turn it is, as facilitator or coordinator: who was spoken to and agrees.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        meeting = _lock_turn(session, meeting_id, actor, at)
        member = _find_able(session, meeting, member_id, at)
        _hand_over(meeting, member.id, at=at)
        _write_event(session, meeting, "choose_client", actor, at)
    logger.info("turn chosen", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


@retried
def ask_swap(*, meeting_id: UUID, member_id: UUID, actor: Actor, at: datetime) -> None:
    """Ask another member to take one's turn; nothing changes until she says yes.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        meeting = queries.get_circle_meeting(session, meeting_id)
        client = _find_member(session, meeting.client_member_id)
        require(actor, Permission.CIRCLE_ANSWER, client)
        meeting = _lock(session, meeting, at)
        if meeting.client_member_id != client.id:
            raise InvalidTransitionError(record="circle_meeting", state=str(meeting.state), action="swap")
        other = _find_able(session, meeting, member_id, at)
        if other.id == client.id:
            raise InvalidInputError(field="member")
        if meeting.swap_with_id != other.id:
            meeting.swap_with_id, meeting.updated_at = other.id, at
            _write_event(session, meeting, "ask_swap", actor, at)
            association = get_association(session, meeting.association_id)
            facts: dict[str, object] = {"starts_at": meeting.starts_at}
            circle_notices.tell_turn(session, MessageKind.CIRCLE_TURN_ASKED, meeting, other, association, facts, at=at)
    logger.info("swap asked", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


@retried
def answer_swap(*, meeting_id: UUID, agrees: bool, actor: Actor, at: datetime) -> None:
    """Take the turn that one was asked to take, or leave it where it is.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        meeting = queries.get_circle_meeting(session, meeting_id)
        asked = _find_member(session, meeting.swap_with_id)
        require(actor, Permission.CIRCLE_ANSWER, asked)
        meeting = _lock(session, meeting, at)
        if meeting.swap_with_id != asked.id:
            raise InvalidTransitionError(record="circle_meeting", state=str(meeting.state), action="swap")
        asker = _find_member(session, meeting.client_member_id)
        if agrees:
            _hand_over(meeting, asked.id, at=at)
        meeting.swap_with_id, meeting.updated_at = None, at
        _write_event(session, meeting, "agree_swap" if agrees else "decline_swap", actor, at)
        association = get_association(session, meeting.association_id)
        facts: dict[str, object] = {"starts_at": meeting.starts_at, "agrees": agrees}
        circle_notices.tell_turn(session, MessageKind.CIRCLE_TURN_ANSWERED, meeting, asker, association, facts, at=at)
    logger.info("swap answered", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


def _hand_over(meeting: CircleMeeting, member_id: int | None, *, at: datetime) -> None:
    meeting.client_member_id, meeting.swap_with_id, meeting.updated_at = member_id, None, at


def _lock_turn(session: Session, meeting_id: UUID, actor: Actor, at: datetime) -> CircleMeeting:
    meeting = queries.get_circle_meeting(session, meeting_id)
    require(actor, Permission.CIRCLE_LEAD, meeting.circle)
    return _lock(session, meeting, at)


def _lock(session: Session, found: CircleMeeting, at: datetime) -> CircleMeeting:
    """Lock the circle of a meeting; turns are about the next meeting alone."""
    lock_circle(session, found.circle_id)
    meeting = queries.get_circle_meeting(session, found.public_id)
    planned = queries.list_planned(session, found.circle_id, after=at)
    if meeting.state is not CircleMeetingState.PLANNED or not planned or planned[0].id != meeting.id:
        raise InvalidTransitionError(record="circle_meeting", state=str(meeting.state), action="swap")
    return meeting


def _find_member(session: Session, number: int | None) -> CircleMember:
    member = session.get(CircleMember, number, populate_existing=True) if number is not None else None
    if member is None:
        raise NotFoundError(record="CircleMember")
    return member


def _find_able(session: Session, meeting: CircleMeeting, member_id: UUID, at: datetime) -> CircleMember:
    member = get_circle_member(session, member_id)
    able = list_able(meeting, queries.list_joined(session, meeting.circle_id))
    if member.id not in {one.id for one in able}:
        raise InvalidInputError(field="member", expected="somebody of this circle who can come")
    if member.id in queries.list_unnoted_clients(session, meeting.circle_id, at=at):
        raise InvalidInputError(field="member", expected="somebody else until the meeting before is noted")
    return member


def _write_event(session: Session, meeting: CircleMeeting, action: str, actor: Actor, at: datetime) -> None:
    write_event(session, meeting, action, actor_id=actor.account_id, at=at)
