"""Sessions that are over: who came is noted by the organiser, or by somebody of the association."""

from datetime import datetime

from models.accounts import Account
from models.db import db, retried, transaction
from models.notices import NoticeKind
from models.queries.overdue import Overdue, list_due
from models.workshops import WorkshopSession
from webapp.services.notices import notice


def notice_sessions(*, at: datetime) -> int:
    """Notice sessions past and not held, for their organiser; where there is none any more, for the coordinators."""
    kind = NoticeKind.ATTENDANCE_TO_MARK
    return sum(_notice(overdue, at=at) for overdue in list_due(db.session(), kind, at=at))


@retried
def _notice(overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        organiser_id = session.get_one(WorkshopSession, overdue.record_id).organiser_id
        organiser = session.get(Account, organiser_id) if organiser_id is not None else None
        people = [organiser] if organiser is not None else []
        return notice(session, NoticeKind.ATTENDANCE_TO_MARK, overdue, people, at=at)
