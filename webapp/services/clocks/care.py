"""Care: a wish to be called is never left lying, a coaching file ends with its path, and what is to be erased is.

======================  ======================  ==============================================================
what waits              near its day            past its day
======================  ======================  ==============================================================
a call asked for        the sentinel, again     the next sentinel; after the last, the coordinators are told;
                                                after some days it stays with them, told once a week
a call taken            the same                the same
a coaching file         -                       closed: its last day, both looks taken, or 30 days after the end
words of a closed one   -                       erased: 30 days after she took her agreement back, else a year
======================  ======================  ==============================================================
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.exceptions import DomainError
from models.queries.care import (
    list_files_over,
    list_files_to_erase,
    list_handovers_due,
    list_handovers_to_remind,
    lock_handover,
    lock_handover_to_pass,
)
from models.states import LIVE_HANDOVER_STATES
from webapp.clock import day_of
from webapp.permissions import SYSTEM
from webapp.services.coaching import AFTER_END, close_file, erase_file
from webapp.services.handovers import pass_locked, remind_locked

REMIND_BEFORE = timedelta(hours=12)


def hand_over_calls(*, at: datetime) -> int:
    """Ask the next sentinel where one let the day pass, and remind where the day is near."""
    passed = _each(list_handovers_due(db.session(), at=at), _pass_on, at=at)
    return passed + _each(list_handovers_to_remind(db.session(), due_before=at + REMIND_BEFORE), _remind, at=at)


def end_coaching_files(*, at: datetime) -> int:
    """Close the files whose path is over, then erase the words whose day has come."""
    today = day_of(at)
    over = list_files_over(db.session(), today=today, ended_before=at - AFTER_END)
    closed = _each(over, lambda file_id, at: close_file(file_id=file_id, at=at), at=at)
    due = list_files_to_erase(db.session(), at=at)
    return closed + _each(due, lambda file_id, at: erase_file(file_id=file_id, at=at), at=at)


def _each(found: Sequence[UUID], act: Callable[[UUID, datetime], int], *, at: datetime) -> int:
    """Act on each; what somebody did meanwhile is left alone."""
    done = 0
    for one in found:
        try:
            done += act(one, at)
        except DomainError:
            continue
    return done


@retried
def _pass_on(handover_id: UUID, at: datetime) -> int:
    with transaction() as session:
        handover = lock_handover_to_pass(session, handover_id)
        if handover.state not in LIVE_HANDOVER_STATES or handover.due_at > at:
            return 0
        pass_locked(session, handover, reason="no_answer", actor=SYSTEM, at=at)
    return 1


@retried
def _remind(handover_id: UUID, at: datetime) -> int:
    with transaction() as session:
        return _remind_locked(session, handover_id, at)


def _remind_locked(session: Session, handover_id: UUID, at: datetime) -> int:
    handover = lock_handover(session, handover_id)
    if handover.state not in LIVE_HANDOVER_STATES or handover.reminded_at is not None:
        return 0
    remind_locked(session, handover, at=at)
    return 1
