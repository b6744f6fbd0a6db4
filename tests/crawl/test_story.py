"""The demo shows the life of a support: what its pages list is there in each network, and breaks no law."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models import wall
from models.assisted import AssistedCall
from models.associations import Association, Network
from models.circle_meetings import CircleAttendance, CircleMeeting
from models.circles import CircleMember
from models.coaching import CoachingFile
from models.db import db
from models.expert_questions import ExpertQuestion
from models.feedback import SessionFeedback
from models.handovers import Handover, Sentinel
from models.interviews import Interview
from models.introductions import Introduction
from models.meetings import Meeting
from models.messages import Message
from models.queries.assisted import count_done
from models.queries.deadlines import check_deadlines
from models.queries.invariants import check_invariants
from models.reviews import Review
from models.series import WorkshopSeries
from models.states import (
    BookingState,
    CircleMeetingState,
    CircleMemberState,
    ExpertQuestionState,
    InterviewState,
    IntroductionState,
    MeetingState,
    ReviewState,
)
from models.supporters import Supporter
from models.visitors import Visitor
from models.workshops import Booking, WorkshopSession
from webapp.clock import utc_now

STATES: tuple[tuple[Any, tuple[StrEnum, ...]], ...] = (
    (Booking, (BookingState.CONFIRMED, BookingState.WAITING, BookingState.OFFERED, BookingState.ATTENDED)),
    (CircleMeeting, (CircleMeetingState.HELD, CircleMeetingState.PLANNED)),
    (CircleMember, (CircleMemberState.PROPOSED, CircleMemberState.INVITED)),
    (ExpertQuestion, (ExpertQuestionState.ASKED, ExpertQuestionState.ANSWERED)),
    (Interview, (InterviewState.PLANNED, InterviewState.HELD)),
    (Introduction, (IntroductionState.PROMISED, IntroductionState.MADE, IntroductionState.FRUITFUL)),
    (Meeting, (MeetingState.HELD,)),
    (Review, (ReviewState.DUE, ReviewState.DONE, ReviewState.SKIPPED)),
)
RECORDS = (CircleAttendance, CircleMeeting, Handover, Sentinel, SessionFeedback, Visitor, WorkshopSeries)


@pytest.fixture(params=list(Network), ids=str)
def association(request: pytest.FixtureRequest, demo: Flask) -> Association:
    """The first association of a network."""
    assert demo is not None
    found = db.session.scalars(
        select(Association).where(Association.network == request.param).order_by(Association.id)
    ).first()
    assert found is not None
    return found


@pytest.mark.parametrize(("table", "states"), STATES, ids=lambda value: getattr(value, "__name__", ""))
def test_each_network_shows_its_states(association: Association, table: Any, states: tuple[StrEnum, ...]) -> None:
    found = set(db.session.scalars(select(table.state).where(table.association_id == association.id)))
    assert set(states) <= found


@pytest.mark.parametrize("table", RECORDS, ids=lambda table: table.__name__)
def test_each_network_shows_one(association: Association, table: Any) -> None:
    assert db.session.scalar(select(table.association_id).where(table.association_id == association.id).limit(1))


def test_papers_of_a_volunteer_are_nearly_over(association: Association) -> None:
    rows = select(Supporter.training_until).where(
        Supporter.association_id == association.id, Supporter.training_until.is_not(None)
    )
    today = utc_now().date()
    assert any(0 < (last - today).days <= 30 for last in db.session.scalars(rows) if last is not None)


def test_a_small_group_waits_for_a_decision(association: Association) -> None:
    rows = select(WorkshopSession.id).where(
        WorkshopSession.association_id == association.id,
        WorkshopSession.decide_by <= utc_now(),
        WorkshopSession.sure_at.is_(None),
        WorkshopSession.starts_at > utc_now(),
    )
    assert db.session.scalar(rows.limit(1)) is not None


def test_a_call_is_over_another_under_way_and_what_was_done_in_them_is_marked(association: Association) -> None:
    calls = db.session.scalars(select(AssistedCall).where(AssistedCall.association_id == association.id)).all()
    assert all(count_done(db.session(), call) for call in calls)
    under_way = [call for call in calls if call.ended_at is None]
    assert len(under_way) == wall.lends(association.network)
    assert len(calls) > len(under_way)


def test_a_coached_person_has_her_space(demo: Flask) -> None:
    assert db.session.scalar(select(CoachingFile.id).limit(1)) is not None


def test_the_story_breaks_no_law(demo: Flask) -> None:
    # What became due this morning is told by the first tick of whoever opens the demo.
    laws = [*check_invariants(db.session()), *check_deadlines(db.session(), at=utc_now(), grace=timedelta(days=1))]
    assert [law for law in laws if law.broken] == []


def test_the_story_writes_nothing_into_the_future_and_every_session_has_its_organiser(demo: Flask) -> None:
    assert demo is not None
    assert not db.session.scalars(select(Message.id).where(Message.queued_at > utc_now())).all()
    assert not db.session.scalars(select(WorkshopSession.id).where(WorkshopSession.organiser_id.is_(None))).all()
