"""Giving a person of an association her account."""

from datetime import datetime, timedelta

import pytest
from flask import Flask, url_for
from sqlalchemy import func, select

from models.accounts import Account, OneTimeLink
from models.associations import Network
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import AccountClosedError, InvalidInputError, InvalidTransitionError, NotFoundError
from models.messages import Message
from models.queries.invitations import Uninvited, count_uninvited
from models.queries.sheets import SignIn, get_entrepreneur_sheet
from models.states import EntrepreneurState
from tests.browsing import plain
from tests.factories.accounts import make_account, make_coordinator
from tests.factories.associations import make_association
from tests.factories.entrepreneurs import make_entrepreneur
from tests.factories.supporters import make_supporter
from webapp.identity.passwords import hash_password
from webapp.messages.wording import render_message
from webapp.permissions import Actor
from webapp.services import invitations
from webapp.services.accounts import add_session
from webapp.services.entrepreneurs import NewEntrepreneur, create_entrepreneur
from webapp.services.invitations import InvitedBatch, invite_all, invite_entrepreneur, invite_supporter


def coordinator_of(association: object) -> Actor:
    account = make_coordinator(db.session(), association)  # type: ignore[arg-type]
    identity = frozenset({association.id})  # type: ignore[attr-defined]
    return Actor(account_id=account.id, coordinates=identity, member_of=identity)


def count_messages() -> int:
    return db.session.scalar(select(func.count(Message.id))) or 0


def test_a_supporter_gets_an_account_and_an_invitation(any_app: Flask, now: datetime) -> None:
    association = make_association(db.session())
    supporter = make_supporter(db.session(), association, email="Yanis@Example.org", account_id=None)
    actor = coordinator_of(association)
    db.session.commit()
    public_id = invite_supporter(supporter_id=supporter.public_id, actor=actor, at=now)
    account = db.session.scalars(select(Account).where(Account.public_id == public_id)).one()
    db.session.refresh(supporter)
    assert (account.email, supporter.account_id) == ("yanis@example.org", account.id)
    message = db.session.scalars(select(Message)).one()
    assert (message.recipient, message.facts["association"]) == ("yanis@example.org", association.name)


def test_a_closed_file_invites_nobody(app: Flask, now: datetime) -> None:
    association = make_association(db.session())
    closed = {"state": EntrepreneurState.CLOSED, "closed_at": now}
    entrepreneur = make_entrepreneur(db.session(), association, email="awa@example.org", account_id=None, **closed)
    actor = coordinator_of(association)
    db.session.commit()
    with pytest.raises(InvalidTransitionError):
        invite_entrepreneur(entrepreneur_id=entrepreneur.public_id, actor=actor, at=now)
    assert count_messages() == 0


def test_inviting_again_writes_again_and_then_says_where_to_sign_in(app: Flask, now: datetime) -> None:
    association = make_association(db.session())
    entrepreneur = make_entrepreneur(db.session(), association, email="awa@example.org", account_id=None)
    actor = coordinator_of(association)
    db.session.commit()
    for _time in range(2):
        invite_entrepreneur(entrepreneur_id=entrepreneur.public_id, actor=actor, at=now)
    assert count_messages() == 2
    account = db.session.scalars(select(Account).where(Account.email == "awa@example.org")).one()
    account.password_hash = hash_password("un cheval bleu 42")
    db.session.commit()
    for _time in range(2):
        invite_entrepreneur(entrepreneur_id=entrepreneur.public_id, actor=actor, at=now)
    assert count_messages() == 3


def test_who_has_an_account_gets_one_more_hat_and_is_told(app: Flask, now: datetime) -> None:
    association = make_association(db.session())
    known = make_account(db.session(), email="awa@example.org", password_hash=hash_password("un cheval bleu 42"))
    supporter = make_supporter(db.session(), association, email="awa@example.org", account_id=None)
    actor = coordinator_of(association)
    db.session.commit()
    assert invite_supporter(supporter_id=supporter.public_id, actor=actor, at=now) == known.public_id
    mail = render_message(db.session.scalars(select(Message)).one())
    with app.test_request_context():
        assert mail.body.count(url_for("accounts.sign_in")) == 1
    assert "votre mot de passe" in plain(mail.body)
    assert db.session.scalars(select(OneTimeLink)).all() == []


def look_at(person: Entrepreneur) -> SignIn:
    db.session.rollback()
    found = get_entrepreneur_sheet(db.session(), person.public_id, association_ids=frozenset({person.association_id}))
    return found.sign_in


@pytest.mark.parametrize("is_known", [False, True])
def test_an_account_because_of_another_association_looks_like_none(app: Flask, now: datetime, is_known: bool) -> None:
    """Who lends must not learn that somebody is helped to rebuild: by a link, a day, or a mail that is missing."""
    here, elsewhere = make_association(db.session()), make_association(db.session(), network=Network.REBONDS)
    hers = {"email": "awa@example.org", "account_id": None}
    rebounder = make_entrepreneur(db.session(), elsewhere, **hers)
    actor, actor_there = coordinator_of(here), coordinator_of(elsewhere)
    db.session.commit()
    if is_known:
        invite_entrepreneur(entrepreneur_id=rebounder.public_id, actor=actor_there, at=now - timedelta(days=9))
        db.session.scalars(select(Account).where(Account.email == "awa@example.org")).one().password_hash = "x"
        db.session.commit()
    made = NewEntrepreneur(first_name="Awa", last_name="Ba", email="awa@example.org")
    person_id = create_entrepreneur(association_id=here.public_id, person=made, actor=actor, at=now)
    person = db.session.scalars(select(Entrepreneur).where(Entrepreneur.public_id == person_id)).one()
    assert look_at(person) == SignIn(can_sign_in=False, invited_at=None, expires_at=None)
    assert count_uninvited(db.session(), here.id) == Uninvited(reachable=1, without_address=0)
    assert invite_all(association_id=here.public_id, actor=actor, at=now) == InvitedBatch(invited=1, left=0)
    assert look_at(person) == SignIn(can_sign_in=False, invited_at=now, expires_at=now + timedelta(days=14))
    account = db.session.scalars(select(Account).where(Account.email == "awa@example.org")).one()
    account.password_hash = "x"
    add_session(db.session(), account, at=now + timedelta(hours=1))
    db.session.commit()
    assert look_at(person).can_sign_in


def test_without_an_address_nobody_is_invited(app: Flask, now: datetime) -> None:
    association = make_association(db.session())
    entrepreneur = make_entrepreneur(db.session(), association, email=None, account_id=None)
    actor = coordinator_of(association)
    db.session.commit()
    accounts = db.session.scalar(select(func.count(Account.id)))
    with pytest.raises(InvalidInputError) as refused:
        invite_entrepreneur(entrepreneur_id=entrepreneur.public_id, actor=actor, at=now)
    assert refused.value.facts["field"] == "email"
    assert db.session.scalar(select(func.count(Account.id))) == accounts


def test_people_of_another_association_cannot_be_invited(app: Flask, now: datetime) -> None:
    here, elsewhere = make_association(db.session()), make_association(db.session())
    supporter = make_supporter(db.session(), elsewhere, email="yanis@example.org", account_id=None)
    entrepreneur = make_entrepreneur(db.session(), elsewhere, email="awa@example.org", account_id=None)
    actor = coordinator_of(here)
    db.session.commit()
    with pytest.raises(NotFoundError):
        invite_supporter(supporter_id=supporter.public_id, actor=actor, at=now)
    with pytest.raises(NotFoundError):
        invite_entrepreneur(entrepreneur_id=entrepreneur.public_id, actor=actor, at=now)
    with pytest.raises(NotFoundError):
        invite_supporter(supporter_id=here.public_id, actor=actor, at=now)
    assert count_messages() == 0


def uninvited_people(association: object, number: int) -> list[Entrepreneur]:
    session = db.session()
    return [
        make_entrepreneur(session, association, email=f"p{one}@example.org", account_id=None)  # type: ignore[arg-type]
        for one in range(number)
    ]


def test_everybody_is_invited_once_whoever_asks_twice(any_app: Flask, now: datetime) -> None:
    association, elsewhere = make_association(db.session()), make_association(db.session())
    people = uninvited_people(association, 3)
    twin = make_entrepreneur(db.session(), association, email="P0@example.org", account_id=None)
    make_entrepreneur(db.session(), association, email=None, account_id=None)
    closed = {"state": EntrepreneurState.CLOSED, "closed_at": now}
    make_entrepreneur(db.session(), association, email="x@example.org", account_id=None, **closed)
    make_entrepreneur(db.session(), elsewhere, email="y@example.org", account_id=None)
    actor = coordinator_of(association)
    identity = association.public_id
    db.session.commit()
    assert count_uninvited(db.session(), association.id) == Uninvited(reachable=4, without_address=1)
    first = invite_all(association_id=identity, actor=actor, at=now, limit=2)
    assert first == InvitedBatch(invited=2, left=2)
    assert invite_all(association_id=identity, actor=actor, at=now) == InvitedBatch(invited=2, left=0)
    assert invite_all(association_id=identity, actor=actor, at=now) == InvitedBatch(invited=0, left=0)
    recipients = list(db.session.scalars(select(Message.recipient).order_by(Message.recipient)))
    assert recipients == ["p0@example.org", "p1@example.org", "p2@example.org"]
    db.session.expire_all()
    assert twin.account_id == people[0].account_id is not None


def test_whoever_was_invited_since_the_list_was_read_is_left_alone(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    association = make_association(db.session())
    person = uninvited_people(association, 1)[0]
    actor = coordinator_of(association)
    identity, person_id, row = association.public_id, person.public_id, person.id
    db.session.commit()
    monkeypatch.setattr(invitations, "list_uninvited", lambda *_given, **_named: [row])
    invite_entrepreneur(entrepreneur_id=person_id, actor=actor, at=now)
    assert invite_all(association_id=identity, actor=actor, at=now).invited == 0
    assert count_messages() == 1


def test_a_closed_account_is_never_written_to(any_app: Flask, now: datetime) -> None:
    association = make_association(db.session())
    make_account(db.session(), email="p0@example.org", is_active=False, password_hash=None)
    person = uninvited_people(association, 1)[0]
    actor = coordinator_of(association)
    identity, person_id = association.public_id, person.public_id
    db.session.commit()
    with pytest.raises(AccountClosedError):
        invite_entrepreneur(entrepreneur_id=person_id, actor=actor, at=now)
    assert invite_all(association_id=identity, actor=actor, at=now) == InvitedBatch(invited=0, left=0)
    assert count_messages() == 0


def test_everybody_of_another_association_cannot_be_invited(app: Flask, now: datetime) -> None:
    here, elsewhere = make_association(db.session()), make_association(db.session())
    uninvited_people(elsewhere, 1)
    actor = coordinator_of(here)
    identity = elsewhere.public_id
    db.session.commit()
    with pytest.raises(NotFoundError):
        invite_all(association_id=identity, actor=actor, at=now)
    assert count_messages() == 0
