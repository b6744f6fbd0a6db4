"""First interviews: past their day for who holds them, a week later for the whole team; those put off, on their day.

What nobody holds does not happen by itself: it stays on the dashboard, late, and the person reads whom to ask.
"""

from collections.abc import Sequence
from datetime import datetime

from models.accounts import Account
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.interviews import Interview
from models.notices import NoticeKind
from models.queries.coordinators import list_coordinators
from models.queries.overdue import Overdue, list_all_due
from models.queries.overdue_days import list_days_due
from webapp.services.notices import Addressee, notice


def notice_interviews(*, at: datetime) -> int:
    """Notice interviews that are due, that are late, and that were put off until today."""
    found = list_all_due(db.session(), (NoticeKind.INTERVIEW_DUE, NoticeKind.INTERVIEW_LATE), at=at)
    found += list_days_due(db.session(), (NoticeKind.INTERVIEW_AGAIN,), at=at)
    return sum(_notice(kind, overdue, at=at) for kind, overdue in found)


@retried
def _notice(kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        interview = session.get_one(Interview, overdue.record_id)
        people: list[Addressee] = []
        if kind is NoticeKind.INTERVIEW_LATE:
            people += list_coordinators(session, overdue.association_id)
        else:
            people += _holder(session.get(Account, interview.coordinator_id) if interview.coordinator_id else None)
        if kind is NoticeKind.INTERVIEW_AGAIN:
            people.append(session.get_one(Entrepreneur, interview.entrepreneur_id))
        return notice(session, kind, overdue, people, at=at)


def _holder(account: Account | None) -> Sequence[Account]:
    return [account] if account is not None else []
