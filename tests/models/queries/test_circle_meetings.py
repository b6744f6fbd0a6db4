"""Who is counted to come to a meeting: each meeting by its own answers, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import exists, func, select

from models.circle_meetings import CircleAnswer, CircleAttendance, CircleMeeting
from models.circles import Circle, CircleMember
from models.db import db, transaction
from models.notices import NoticeKind
from models.queries.circle_meetings import list_next_meetings
from models.queries.circle_waiting import list_matters, of_association
from models.queries.overdue import list_due
from models.states import CircleMemberState, CircleState
from tests.correlation import UncorrelatedError
from tests.factories import (
    make_circle,
    make_circle_attendance,
    make_circle_meeting,
    make_circle_member,
    make_entrepreneur,
    make_facilitator,
    make_supporter,
)
from tests.office import Office
from webapp.services.circle_sheets import read_sheet


@pytest.fixture
def office(any_app, now):
    """Three who have joined where three are needed; one of them said no to the second of three meetings."""
    return build_office(now, joined=3)


def build_office(now, *, joined, invited=0):
    office = Office(people=0, supporters=0)
    with transaction() as session:
        leader = make_facilitator(session, make_supporter(session, office.association))
        circle = make_circle(session, leader, state=CircleState.CONFIRMED, quorum=3, minimum=3)
        states = [CircleMemberState.JOINED] * joined + [CircleMemberState.INVITED] * invited
        members = [
            make_circle_member(session, circle, make_entrepreneur(session, office.association), state=state)
            for state in states
        ]
        meetings = [
            make_circle_meeting(session, circle, number=number, starts_at=now + timedelta(days=number + 3))
            for number in (1, 2, 3)
        ]
        make_circle_attendance(session, meetings[1], members[0], answer=CircleAnswer.NO)
        make_circle_attendance(session, meetings[2], members[1], answer=CircleAnswer.YES)
    return office


def test_a_no_counts_for_its_own_meeting_only(office, now):
    session, number = db.session(), office.association.id
    lines = list_next_meetings(session, number, at=now, limit=9)
    assert [(line.meeting.number, line.coming, line.lacks_people) for line in lines] == [
        (1, 3, False),
        (2, 2, True),
        (3, 3, False),
    ]
    matters = list_matters(session, of_association(number), at=now)
    assert [one.meeting.number for one in matters if one.meeting] == [2]
    due = list_due(session, NoticeKind.CIRCLE_TOO_FEW_COME, at=now + timedelta(days=30))
    assert [one.subject_id for one in due] == [lines[1].meeting.public_id]


def test_while_invitations_are_open_nobody_says_too_few_before_the_day_to_decide(any_app, now):
    office = build_office(now, joined=2, invited=1)
    session, number = db.session(), office.association.id

    def lacking(at):
        sheet = read_sheet(session, session.scalars(select(Circle)).one(), at=at)
        lines = list_next_meetings(session, number, at=at, limit=9)
        lacks = [line.meeting.number for line in lines if line.lacks_people]
        assert [one.number for one in sheet.planned if sheet.lacks_people(one)] == lacks
        return lacks

    assert lacking(now) == [2], "one no: even with who may still answer they are too few"
    assert lacking(now + timedelta(days=1)) == [1, 2], "the day to decide about the first has come"
    matters = list_matters(session, of_association(number), at=now + timedelta(days=1))
    assert [one.meeting.number for one in matters if one.meeting] == [1, 2]


def test_a_nested_select_that_is_not_tied_to_the_statement_around_is_refused(app):
    unsaid = ~exists().where(
        CircleAttendance.meeting_id == CircleMeeting.id, CircleAttendance.member_id == CircleMember.id
    )
    joined = select(func.count(CircleMember.id)).where(CircleMember.circle_id == CircleMeeting.circle_id, unsaid)
    with pytest.raises(UncorrelatedError, match="circle_meetings"):
        db.session.execute(select(CircleMeeting.id, joined.correlate(CircleMeeting).scalar_subquery()))
