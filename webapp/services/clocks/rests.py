"""Supporters on pause: begun by the clock after proposals without a word, ended by themselves or their coordinators.

A pause has a day: on it the supporter is asked whether she is available again, a week later her coordinators are told,
and another week later it gets another day. Nobody is proposed again without having said so.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.notices import NoticeKind
from models.queries.coordinators import list_coordinators
from models.queries.overdue import Overdue
from models.queries.overdue_days import list_days_due
from models.queries.supporters import list_away_since, list_silent_supporters, lock_supporter
from models.states import SupporterState
from models.supporters import ASKED_AGAIN_AFTER, RESTS_AFTER, Supporter
from webapp.clock import day_of
from webapp.permissions import SYSTEM
from webapp.services.clocks.stepping import notice_for
from webapp.services.notices import Addressee, notice
from webapp.services.supporter_rests import find_day_back, put_off_locked
from webapp.services.supporters import pause_locked


def rest_silent(*, at: datetime) -> list[UUID]:
    """Put on pause whoever left several proposals in a row without a word, and give the proposals that went back."""
    silent = list_silent_supporters(db.session())
    return [released for supporter_id in silent for released in _rest(supporter_id, at=at)]


def notice_away(*, at: datetime) -> int:
    """Notice a pause at its day, for the supporter, and one that is past it for a week, for the coordinators."""
    found = list_days_due(db.session(), (NoticeKind.AVAILABLE_AGAIN, NoticeKind.STILL_AWAY), at=at)
    return sum(notice_for(_people, kind, overdue, at=at) for kind, overdue in found)


def ask_away_again(*, at: datetime) -> int:
    """Give another day to the pauses about which nobody said anything."""
    over = list_away_since(db.session(), day_of(at) - ASKED_AGAIN_AFTER)
    return sum(_put_off(supporter_id, at=at) for supporter_id in over)


def _people(session: Session, kind: NoticeKind, overdue: Overdue) -> Iterable[Addressee]:
    if kind is NoticeKind.AVAILABLE_AGAIN:
        return [session.get_one(Supporter, overdue.record_id)]
    return list_coordinators(session, overdue.association_id)


@retried
def _rest(supporter_id: int, *, at: datetime) -> tuple[UUID, ...]:
    with transaction() as session:
        supporter = lock_supporter(session, supporter_id)
        if supporter.state is not SupporterState.ACTIVE or supporter.unanswered < RESTS_AFTER:
            return ()
        released = pause_locked(session, supporter, reason="no_answer", actor=SYSTEM, at=at)
        begun = Overdue(
            record_id=supporter.id,
            subject_id=supporter.public_id,
            association_id=supporter.association_id,
            due_at=at,
        )
        people: list[Addressee] = [supporter, *list_coordinators(session, supporter.association_id)]
        notice(session, NoticeKind.SUPPORTER_RESTS, begun, people, at=at)
    return released


@retried
def _put_off(supporter_id: int, *, at: datetime) -> int:
    with transaction() as session:
        supporter = lock_supporter(session, supporter_id)
        past = day_of(at) - ASKED_AGAIN_AFTER
        if supporter.state is not SupporterState.PAUSED or supporter.back_on is None or supporter.back_on > past:
            return 0
        put_off_locked(session, supporter, find_day_back(session, supporter, at=at), actor=SYSTEM, at=at)
    return 1
