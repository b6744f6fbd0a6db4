"""Sessions that are over: who came is noted by the organiser, or by somebody of the association."""

from datetime import datetime

from models.accounts import Account
from models.db import db, retried, transaction
from models.notices import NoticeKind
from models.queries.coordinators import list_coordinators
from models.queries.overdue import Overdue, list_all_due
from models.workshops import WorkshopSession
from webapp.services.notices import notice


def notice_sessions(*, at: datetime) -> int:
    """Notice sessions past and not held, for their organiser, and days later for everybody who runs the association.

    Where there is no organiser any more, the coordinators are told at once.
    """
    kinds = (NoticeKind.ATTENDANCE_TO_MARK, NoticeKind.ATTENDANCE_LATE)
    found = list_all_due(db.session(), kinds, at=at)
    return sum(_notice(kind, overdue, at=at) for kind, overdue in found)


@retried
def _notice(kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        if kind is NoticeKind.ATTENDANCE_LATE:
            return notice(session, kind, overdue, list_coordinators(session, overdue.association_id), at=at)
        organiser_id = session.get_one(WorkshopSession, overdue.record_id).organiser_id
        organiser = session.get(Account, organiser_id) if organiser_id is not None else None
        people = [organiser] if organiser is not None else []
        return notice(session, kind, overdue, people, at=at)
