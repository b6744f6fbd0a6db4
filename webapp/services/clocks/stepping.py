"""What clock families share: noticing for the people concerned, and doing what happens by itself, one by one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from models.db import retried, transaction
from models.exceptions import DomainError
from models.notices import NoticeKind
from models.queries.overdue import Overdue
from webapp.services.notices import Addressee, notice

T = TypeVar("T")
FindPeople = Callable[[Session, NoticeKind, Overdue], Iterable[Addressee]]


@retried
def notice_for(find_people: FindPeople, kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    """Notice one record that is past its day for the people it concerns, in a transaction of its own."""
    with transaction() as session:
        return notice(session, kind, overdue, find_people(session, kind, overdue), at=at)


def act_on_each(found: Sequence[T], act: Callable[[T], int]) -> int:
    """Act on each, and add up what was done; what somebody did meanwhile is left alone."""
    done = 0
    for one in found:
        try:
            done += act(one)
        except DomainError:
            continue
    return done
