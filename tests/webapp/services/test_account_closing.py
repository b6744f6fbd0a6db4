"""An account is closed: nobody signs in with it, and nothing rests with whoever left."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from models.accounts import Account, LoginSession
from models.audit import AuditEvent
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import (
    AccountClosedError,
    InvalidCredentialsError,
    InvalidInputError,
    LastCoordinatorError,
    NotFoundError,
    PermissionDeniedError,
)
from models.gatherings import Gathering
from models.handovers import Handover, Sentinel
from models.interviews import Interview
from models.messages import Message
from models.notices import Notice
from models.pairings import Pairing
from models.queries.holdings import Holding, count_holdings, total_holdings
from models.series import WorkshopSeries
from models.states import EntrepreneurState, MessageState, PairingState, SupporterState
from models.supporters import Supporter
from models.workshops import WorkshopSession
from tests.factories import (
    make_account,
    make_association,
    make_coordinator,
    make_entrepreneur,
    make_gathering,
    make_handover,
    make_interview,
    make_message,
    make_notice,
    make_sentinel,
    make_supporter,
    make_workshop_series,
    make_workshop_session,
)
from tests.office import Office, broken_laws
from webapp.identity.passwords import hash_password
from webapp.permissions import SYSTEM, Actor
from webapp.services.account_closing import close_account, reopen_account
from webapp.services.accounts import sign_in

PASSWORD = "un cheval bleu 42"
PLACE = "203.0.113.7"


class Team:
    """An association run by three: who leaves, who takes over, and who acts; much rests with the first."""

    def __init__(self, now: datetime) -> None:
        with transaction() as session:
            self.association = make_association(session)
            self.leaver = make_coordinator(session, self.association, password_hash=hash_password(PASSWORD))
            self.successor = make_coordinator(session, self.association)
            boss = make_coordinator(session, self.association)
            self.person = make_entrepreneur(session, self.association, referent_id=self.leaver.id)
            fresh = make_entrepreneur(session, self.association, state=EntrepreneurState.INCOMPLETE)
            due_at = now + timedelta(days=5)
            make_interview(session, fresh, coordinator_id=self.leaver.id, due_at=due_at, planned_at=now)
            make_workshop_session(session, self.association, organiser_id=self.leaver.id)
            make_workshop_series(session, self.association, organiser_id=self.leaver.id)
            make_gathering(session, self.association.id, self.leaver)
            self.sentinels = [
                make_sentinel(session, self.association, account) for account in (self.leaver, make_account(session))
            ]
            make_handover(session, self.person, self.sentinels[0])
            make_notice(session, self.association, self.leaver)
            make_message(
                session, account_id=self.leaver.id, state=MessageState.HELD, association_id=self.association.id
            )
        self.boss = Actor(account_id=boss.id, coordinates=frozenset({self.association.id}))

    def close(self, at: datetime, **values: object) -> object:
        given = {"account_id": self.leaver.public_id, "successor_id": self.successor.public_id, "actor": self.boss}
        return close_account(**{**given, **values}, at=at)  # type: ignore[arg-type]


@pytest.fixture
def team(any_app: Flask, now: datetime) -> Team:
    return Team(now)


def one(table: type) -> object:
    db.session.rollback()
    return db.session.scalars(select(table).order_by(table.id).limit(1)).one()  # type: ignore[attr-defined]


def test_all_that_rested_with_her_rests_with_somebody_named(team: Team, now: datetime) -> None:
    numbers = dict(total_holdings(count_holdings(db.session(), team.leaver.id)))
    assert numbers == dict.fromkeys(Holding, 1)
    assert team.close(now).was_open
    successor = team.successor.id
    assert one(Entrepreneur).referent_id == successor
    assert one(Interview).coordinator_id == successor
    assert one(WorkshopSession).organiser_id == successor
    assert one(WorkshopSeries).organiser_id == successor
    assert one(Gathering).host_id == successor
    assert one(Sentinel).ended_at == now
    assert one(Handover).sentinel_id == team.sentinels[1].id
    assert count_holdings(db.session(), team.leaver.id) == {}
    assert db.session.scalars(select(Notice)).all() == []
    assert one(Message).state is MessageState.KEPT
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.record == "account")).one()
    assert (event.action, event.record_id, event.actor_id) == ("close", team.leaver.id, team.boss.account_id)
    assert event.note == f"file 1, interview 1, session 1, series 1, gathering 1 -> {successor}"
    assert broken_laws() == []


def test_no_letter_follows_her_not_even_when_it_is_opened_again(team: Team, now: datetime) -> None:
    with transaction() as session:
        make_message(session, account_id=team.leaver.id, next_try_at=now + timedelta(hours=9), facts={"tap": "/tap/x"})
    team.close(now)
    reopen_account(account_id=team.leaver.public_id, actor=team.boss, at=now)
    db.session.rollback()
    states = db.session.execute(select(Message.state, Message.facts).where(Message.account_id == team.leaver.id))
    assert [tuple(row) for row in states] == [(MessageState.KEPT, {})] * 2


def test_no_sign_in_outlives_it_not_even_when_it_is_opened_again(team: Team, now: datetime) -> None:
    sign_in(email=team.leaver.email, password=PASSWORD, place=PLACE, at=now)
    team.close(now)
    assert one(LoginSession).ended_at == now
    with pytest.raises(InvalidCredentialsError):
        sign_in(email=team.leaver.email, password=PASSWORD, place=PLACE, at=now)
    assert reopen_account(account_id=team.leaver.public_id, actor=team.boss, at=now)
    assert one(LoginSession).ended_at == now
    sign_in(email=team.leaver.email, password=PASSWORD, place=PLACE, at=now)
    events = select(AuditEvent.action).where(AuditEvent.record == "account").order_by(AuditEvent.id)
    actions = db.session.scalars(events)
    assert list(actions) == ["close", "reopen"]
    assert one(Entrepreneur).referent_id == team.successor.id


def test_twice_is_once(team: Team, now: datetime) -> None:
    team.close(now)
    assert not team.close(now).was_open
    reopen_account(account_id=team.leaver.public_id, actor=team.boss, at=now)
    assert not reopen_account(account_id=team.leaver.public_id, actor=team.boss, at=now)
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.record == "account")).all()) == 2


def test_whoever_takes_over_must_run_the_association_and_sign_in(team: Team, now: datetime) -> None:
    with transaction() as session:
        outside = make_coordinator(session, make_association(session))
        closed = make_coordinator(session, team.association, is_active=False)
    for successor in (None, team.leaver.public_id, outside.public_id, team.association.public_id):
        with pytest.raises(InvalidInputError) as refused:
            team.close(now, successor_id=successor)
        assert refused.value.facts["field"] == "successor"
    with pytest.raises(AccountClosedError):
        team.close(now, successor_id=closed.public_id)
    assert one(Entrepreneur).referent_id == team.leaver.id
    assert db.session.get_one(Account, team.leaver.id).is_active


def test_the_last_coordinator_stays(any_app: Flask, now: datetime) -> None:
    with transaction() as session:
        association = make_association(session)
        alone = make_coordinator(session, association)
        make_coordinator(session, association, is_active=False)
    with pytest.raises(LastCoordinatorError):
        close_account(account_id=alone.public_id, successor_id=None, actor=SYSTEM, at=now)
    assert one(Account).is_active


def test_an_account_with_which_nothing_rests_needs_no_successor(team: Team, now: datetime) -> None:
    assert team.close(now, account_id=team.successor.public_id, successor_id=None, actor=SYSTEM).was_open


def test_nobody_closes_her_own_account_nor_one_that_others_count_on(team: Team, now: datetime) -> None:
    own = Actor(account_id=team.leaver.id, coordinates=team.boss.coordinates)
    with pytest.raises(InvalidInputError):
        team.close(now, actor=own)
    with pytest.raises(NotFoundError):
        team.close(now, actor=Actor(account_id=None, coordinates=frozenset({team.association.id + 1})))
    with pytest.raises(NotFoundError):
        team.close(now, account_id=team.association.public_id)
    with transaction() as session:
        make_supporter(session, make_association(session), account_id=team.leaver.id)
    with pytest.raises(PermissionDeniedError):
        team.close(now)
    with pytest.raises(PermissionDeniedError):
        reopen_account(account_id=team.leaver.public_id, actor=team.boss, at=now)
    assert team.close(now, actor=SYSTEM).was_open


def test_nobody_is_proposed_to_a_supporter_whose_account_is_closed(any_app: Flask, now: datetime) -> None:
    office = Office(person={"email": "p@example.org"})
    pairing = office.propose(at=now)
    with transaction() as session:
        account = make_coordinator(session, office.association)
        session.get_one(Supporter, pairing.supporter_id).account_id = account.id
    released = close_account(account_id=account.public_id, successor_id=None, actor=office.coordinator, at=now).released
    assert released == (pairing.public_id,)
    assert one(Pairing).state is PairingState.WITHDRAWN
    assert db.session.get_one(Supporter, pairing.supporter_id).state is SupporterState.PAUSED
    assert broken_laws() == []
