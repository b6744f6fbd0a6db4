"""The end of the time agreed on: the coordinators decide, both ways; a path of rebound has one end."""

from datetime import date, time, timedelta

import pytest
from babel.dates import format_date
from sqlalchemy import select

from models.associations import Association, Network
from models.db import db, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, PermissionDeniedError, TermOverError
from models.messages import Message, MessageKind
from models.notices import Notice, NoticeKind
from models.pairings import EndReason, Pairing
from models.queries.dashboard import list_to_follow
from tests.office import Office, broken_laws, refused
from webapp.clock import day_of
from webapp.messages.wording import render_message
from webapp.services.clocks import tick
from webapp.services.meeting_dates import ProposedDate
from webapp.services.meetings import MeetingPlan, propose_meeting
from webapp.services.pairings import accept_pairing, end_pairing
from webapp.services.term_extensions import extend_term


@pytest.fixture
def office(any_app):
    return Office()


@pytest.fixture
def pair(office, now):
    """Two whose time together ends today."""
    proposed = office.propose(at=now)
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=now)
    with transaction() as session:
        session.get_one(Pairing, proposed.id).ends_on = day_of(now)
    return office.pairing(proposed.public_id)


def extend(office, pair, until, at, actor=None):
    extend_term(pairing_id=pair.public_id, until=until, actor=actor or office.coordinator, at=at)
    db.session.rollback()
    return db.session.get_one(Pairing, pair.id).ends_on


def to_follow(office, at):
    return [one.id for one in list_to_follow(db.session(), office.association_id, at=at).lines]


def test_the_day_after_the_last_one_the_coordinators_decide(office, pair, now):
    assert to_follow(office, now) == []
    tomorrow = now + timedelta(days=1)
    for _ticked_again in range(2):
        tick(at=tomorrow)
    told = select(Notice.recipient).where(Notice.kind == NoticeKind.TERM_OVER)
    assert db.session.scalars(told).all() == [office.account.email]
    assert to_follow(office, tomorrow) == [pair.id]
    later = day_of(now) + timedelta(days=90)
    for _sent_again in range(2):
        assert extend(office, pair, later, tomorrow) == later
    assert [event[0] for event in office.events("pairing")].count("extend") == 1
    letters = list(db.session.scalars(select(Message).where(Message.kind == MessageKind.PAIRING_EXTENDED)))
    assert {letter.recipient for letter in letters} == {office.people[0].email, office.supporters[0].email}
    day = format_date(later, "full", locale="fr").replace(" 1 ", " 1er ")
    assert all(f"jusqu’au {day} au plus tard" in render_message(one).body for one in letters)
    assert (to_follow(office, tomorrow), broken_laws()) == ([], [])


def test_a_day_that_is_no_later_or_too_far_is_refused_and_so_is_who_may_not_decide(office, pair, now):
    today = day_of(now)
    for until in (today - timedelta(days=1), date(today.year + 3, 1, 1)):
        with refused(InvalidInputError, field="until"):
            extend(office, pair, until, now)
    with refused(PermissionDeniedError):
        extend(office, pair, today + timedelta(days=30), now, actor=office.as_supporter())
    end_pairing(pairing_id=pair.public_id, reason=EndReason.TERM_REACHED, actor=office.coordinator, at=now)
    with refused(InvalidTransitionError, action="extend"):
        extend(office, pair, today + timedelta(days=30), now)


def test_a_path_of_rebound_is_not_made_longer_and_has_no_talk_planned_after_its_last_day(office, pair, now):
    with transaction() as session:
        session.get_one(Association, office.association_id).network = Network.REBONDS
    with refused(TermOverError):
        extend(office, pair, day_of(now) + timedelta(days=30), now)
    after = now + timedelta(days=1)
    plan = MeetingPlan(dates=(ProposedDate(day=day_of(now) + timedelta(days=9), hour=time(18)),))
    with refused(TermOverError):
        propose_meeting(pairing_id=pair.public_id, plan=plan, actor=office.as_supporter(), at=after)
    propose_meeting(pairing_id=pair.public_id, plan=plan, actor=office.as_supporter(), at=now)
