"""Circles on their way: what is past its day is noticed for who can act, then something happens by itself.

=====================  ===========================  ================================  ==============================
what waits             members                      facilitator                       by itself
=====================  ===========================  ================================  ==============================
an invitation          2 days before its day        -                                 ends at its day (`circles`)
coming or not          7 days before, unless said   -                                 who says nothing is expected
too few will come      -                            GO_OR_NO_GO days before; the      takes place as planned
                                                    coordinators too
a meeting to note      -                            at its end; the coordinators      missed, 30 days later
                                                    after MEETING_REPORT
fewer than planned     -                            at once; the coordinators too,    goes on with who is there,
                                                    again at the day to decide by     14 days later
nobody leads it        -                            the coordinators, at once and     -
                                                    before each meeting
the calendar           -                            -                                 always three meetings ahead
=====================  ===========================  ================================  ==============================
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.circle_meetings import CircleMeeting
from models.circles import Circle, CircleMember
from models.clocks import SPANS, Clock
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.notices import NoticeKind
from models.queries.circle_meetings import get_circle_meeting, list_joined, list_short_of_meetings
from models.queries.coordinators import list_coordinators
from models.queries.overdue import Overdue, list_all_due, list_due
from models.supporters import Supporter
from webapp.permissions import SYSTEM
from webapp.services.circle_meetings import AHEAD, fill_calendar, miss_meeting
from webapp.services.circle_seats import go_on_with_fewer
from webapp.services.clocks.stepping import act_on_each
from webapp.services.notices import Addressee, notice

ANSWER_SOON = timedelta(days=2)
MEETS_SOON = timedelta(days=7)
REPORT_PAST = timedelta(days=30)
DECISION_PAST = timedelta(days=14)
AT_ONCE = timedelta(days=SPANS[Clock.CIRCLE_ANSWER].most)
"""A circle that falls short is told at once, though its day to decide by lies ahead."""

UNLED_SOON = timedelta(days=45)
"""The next meeting lies nearer than that: it is told at once that nobody leads a circle."""

EARLIER = {
    NoticeKind.CIRCLE_TO_ANSWER: ANSWER_SOON,
    NoticeKind.CIRCLE_MEETS_SOON: MEETS_SOON,
    NoticeKind.CIRCLE_TOO_SMALL: AT_ONCE,
    NoticeKind.CIRCLE_UNLED: UNLED_SOON,
}
ON_THE_DAY = (
    NoticeKind.CIRCLE_TOO_FEW_COME,
    NoticeKind.CIRCLE_TO_REPORT,
    NoticeKind.CIRCLE_NOT_REPORTED,
    NoticeKind.CIRCLE_UNDECIDED,
)
TO_FACILITATOR = (NoticeKind.CIRCLE_TOO_FEW_COME, NoticeKind.CIRCLE_TO_REPORT, NoticeKind.CIRCLE_TOO_SMALL)
TO_COORDINATORS = (
    NoticeKind.CIRCLE_TOO_FEW_COME,
    NoticeKind.CIRCLE_NOT_REPORTED,
    NoticeKind.CIRCLE_TOO_SMALL,
    NoticeKind.CIRCLE_UNDECIDED,
    NoticeKind.CIRCLE_UNLED,
)
ABOUT_THE_CIRCLE = (NoticeKind.CIRCLE_TOO_SMALL, NoticeKind.CIRCLE_UNDECIDED, NoticeKind.CIRCLE_UNLED)


def plan_circle_meetings(*, at: datetime) -> int:
    """Keep the calendar of every circle filled."""
    return sum(fill_calendar(number, at=at) for number in list_short_of_meetings(db.session(), wanted=AHEAD, at=at))


def notice_circles(*, at: datetime) -> int:
    """Notice what is past its day, or close to it, for whom it concerns."""
    found = list_all_due(db.session(), ON_THE_DAY, at=at)
    for kind, earlier in EARLIER.items():
        found += list_all_due(db.session(), (kind,), at=at + earlier)
    return sum(_notice(kind, overdue, at=at) for kind, overdue in found)


def take_circle_steps(*, at: datetime) -> int:
    """Do what happens by itself when nobody did anything, long after it was noticed."""
    session = db.session()
    unreported = list_due(session, NoticeKind.CIRCLE_TO_REPORT, at=at - REPORT_PAST, noticed=True)
    undecided = list_due(session, NoticeKind.CIRCLE_UNDECIDED, at=at - DECISION_PAST, noticed=True)
    return act_on_each(unreported, lambda one: _miss(one, at=at)) + act_on_each(
        undecided, lambda one: _go_on(one, at=at)
    )


@retried
def _notice(kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        people = list(_people(session, kind, overdue, at))
        return notice(session, kind, overdue, people, at=at) if people else 0


def _people(session: Session, kind: NoticeKind, overdue: Overdue, at: datetime) -> Iterable[Addressee]:
    if kind is NoticeKind.CIRCLE_TO_ANSWER:
        member = session.get_one(CircleMember, overdue.record_id)
        return [session.get_one(Entrepreneur, member.entrepreneur_id)] if overdue.due_at > at else []
    if kind in ABOUT_THE_CIRCLE:
        return _leaders(session, kind, session.get_one(Circle, overdue.record_id))
    meeting = get_circle_meeting(session, overdue.subject_id)
    if kind is NoticeKind.CIRCLE_MEETS_SOON:
        return _silent(session, meeting) if meeting.starts_at > at else []
    if kind is NoticeKind.CIRCLE_TOO_FEW_COME and meeting.starts_at <= at:
        return []
    return _leaders(session, kind, session.get_one(Circle, meeting.circle_id))


def _leaders(session: Session, kind: NoticeKind, circle: Circle) -> list[Addressee]:
    people: list[Addressee] = []
    if kind in TO_FACILITATOR:
        people.append(session.get_one(Supporter, circle.facilitator_id))
    if kind in TO_COORDINATORS:
        people += list_coordinators(session, circle.association_id)
    return people


def _silent(session: Session, meeting: CircleMeeting) -> list[Addressee]:
    """Give who has joined and has not said whether she comes."""
    answered = {one.member_id for one in meeting.attendances if one.answer is not None}
    return [member.entrepreneur for member in list_joined(session, meeting.circle_id) if member.id not in answered]


def _miss(overdue: Overdue, *, at: datetime) -> int:
    miss_meeting(meeting_id=overdue.subject_id, actor=SYSTEM, at=at)
    return 1


def _go_on(overdue: Overdue, *, at: datetime) -> int:
    go_on_with_fewer(circle_id=overdue.subject_id, actor=SYSTEM, at=at)
    return 1
