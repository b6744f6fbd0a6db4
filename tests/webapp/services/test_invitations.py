"""Giving a person of an association her account."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.accounts import Account
from models.db import db
from models.exceptions import InvalidInputError, NotFoundError
from models.messages import Message
from tests.factories.accounts import make_account, make_coordinator
from tests.factories.associations import make_association
from tests.factories.entrepreneurs import make_entrepreneur
from tests.factories.supporters import make_supporter
from webapp.identity.passwords import hash_password
from webapp.permissions import Actor
from webapp.services.invitations import invite_entrepreneur, invite_supporter


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


def test_inviting_again_writes_again_until_the_password_is_chosen(app: Flask, now: datetime) -> None:
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
    invite_entrepreneur(entrepreneur_id=entrepreneur.public_id, actor=actor, at=now)
    assert count_messages() == 2


def test_who_has_an_account_gets_one_more_hat_and_no_invitation(app: Flask, now: datetime) -> None:
    association = make_association(db.session())
    known = make_account(db.session(), email="awa@example.org", password_hash=hash_password("un cheval bleu 42"))
    supporter = make_supporter(db.session(), association, email="awa@example.org", account_id=None)
    actor = coordinator_of(association)
    db.session.commit()
    assert invite_supporter(supporter_id=supporter.public_id, actor=actor, at=now) == known.public_id
    assert count_messages() == 0


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
