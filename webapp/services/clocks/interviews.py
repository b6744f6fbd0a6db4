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
from models.queries.overdue import Overdue, list_all_due, list_interviews_again
from webapp.services.notices import Addressee, notice


def notice_interviews(*, at: datetime) -> int:
    """Notice interviews that are due, that are late, and that were put off until today."""
    due, late, again = NoticeKind.INTERVIEW_DUE, NoticeKind.INTERVIEW_LATE, NoticeKind.INTERVIEW_AGAIN
    found = list_all_due(db.session(), (due, late), at=at)
    found += [(again, overdue) for overdue in list_interviews_again(db.session(), at=at)]
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
