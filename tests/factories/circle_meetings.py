"""Circles: their meetings, who comes, and the yes to the contract."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.circle_meetings import CircleAgreement, CircleAnswer, CircleAttendance, CircleMeeting
from models.circles import Circle, CircleMember
from models.states import CircleMeetingState
from tests.factories.sequence import MADE_AT
from webapp.clock import PARIS


def make_circle_meeting(session: Session, circle: Circle, **values: Any) -> CircleMeeting:
    """Make the first meeting of a circle, three weeks ahead unless said otherwise."""
    starts_at = values.setdefault("starts_at", MADE_AT + timedelta(days=21))
    noted = values.get("state") in (CircleMeetingState.HELD, CircleMeetingState.MISSED)
    meeting = CircleMeeting(
        **{
            "association_id": circle.association_id,
            "circle_id": circle.id,
            "number": 1,
            "wall_start": f"{starts_at.astimezone(PARIS):%Y-%m-%dT%H:%M}",
            "zone": "Europe/Paris",
            "minutes": 120,
            "quorum_due_at": starts_at - timedelta(days=3),
            "report_due_at": starts_at + timedelta(hours=2),
            "updated_at": MADE_AT,
            **({"logged_at": starts_at + timedelta(hours=3), "facilitator_id": circle.facilitator_id} if noted else {}),
            **values,
        }
    )
    session.add(meeting)
    session.flush()
    return meeting


def make_circle_attendance(
    session: Session, meeting: CircleMeeting, member: CircleMember, **values: Any
) -> CircleAttendance:
    """Let a member say that she comes."""
    said = {"answer": CircleAnswer.YES, "answered_at": MADE_AT}
    attendance = CircleAttendance(
        **{
            "association_id": meeting.association_id,
            "meeting_id": meeting.id,
            "member_id": member.id,
            **({} if "was_there" in values else said),
            **values,
        }
    )
    session.add(attendance)
    session.flush()
    return attendance


def make_circle_agreement(session: Session, member: CircleMember, **values: Any) -> CircleAgreement:
    """Let a member say yes to the contract."""
    agreement = CircleAgreement(
        **{
            "member_id": member.id,
            "association_id": member.association_id,
            "version": "2026-1",
            "agreed_at": MADE_AT,
            **values,
        }
    )
    session.add(agreement)
    session.flush()
    return agreement
