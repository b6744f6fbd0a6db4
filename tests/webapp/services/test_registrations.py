"""Registering by oneself: nothing tells whether an address is known, and who confirms is met by a named person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.accounts import Account
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidLinkError, TooManyRegistrationsError, WeakPasswordError
from models.interviews import Interview
from models.messages import Message
from models.notices import Notice
from models.registrations import Registration
from models.states import EntrepreneurState
from tests.factories import make_account, make_entrepreneur
from tests.office import Office, broken_laws
from webapp.services import registrations
from webapp.services.clocks import tick
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.registrations import Applicant, check_registration, confirm_registration, register

PASSWORD = "un bateau dans la brume"
AWA = Applicant(
    first_name=" Awa ", last_name="Ndiaye", email="Awa.Ndiaye@Example.org", words="Un food truck sénégalais"
)


@pytest.fixture
def office(any_app):
    return Office(people=0, supporters=0, suggested=False)


def ask(office, at, **values):
    register(association_id=office.association.public_id, applicant=replace(AWA, **values), place="192.0.2.7", at=at)


def token():
    db.session.rollback()
    facts = db.session.scalars(
        select(Message.facts).where(Message.kind == "registration").order_by(Message.id.desc()).limit(1)
    ).one()
    return facts["path"].removeprefix("/register/")


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def test_nothing_exists_before_the_link_was_followed(office, now):
    ask(office, now)
    assert (count(Account), count(Entrepreneur), count(Registration)) == (1, 0, 1)
    raw = db.session.connection().exec_driver_sql("SELECT words, token_hash FROM registrations").one()
    assert "food truck" not in raw[0]
    assert raw[1] != token()
    assert office.messages() == [("registration", "awa.ndiaye@example.org")]


def test_who_confirms_has_a_file_and_is_met_by_somebody_with_a_name(office, now):
    ask(office, now)
    found = check_registration(token=token(), at=now)
    assert (found.email, found.needs_password) == ("awa.ndiaye@example.org", True)
    welcome = confirm_registration(token=token(), password=PASSWORD, at=now)
    assert welcome.sign_in is not None
    assert count(Registration) == 0
    person = db.session.scalars(select(Entrepreneur)).one()
    interview = db.session.scalars(select(Interview)).one()
    assert (person.first_name, person.project_text) == ("Awa", "Un food truck sénégalais")
    assert (person.state, person.account_id) == (EntrepreneurState.INCOMPLETE, welcome.sign_in.account_id)
    assert person.referent_id == interview.coordinator_id == office.account.id
    assert [kind for kind, _ in office.messages()] == ["registration", "interview_planned"]
    assert db.session.scalars(select(Notice.recipient)).all() == [office.account.email]
    assert broken_laws() == []


def test_a_link_is_good_once_and_for_three_days(office, now):
    ask(office, now)
    link = token()
    with pytest.raises(InvalidLinkError):
        confirm_registration(token=link, password=PASSWORD, at=now + timedelta(days=3))
    confirm_registration(token=link, password=PASSWORD, at=now)
    with pytest.raises(InvalidLinkError):
        confirm_registration(token=link, password=PASSWORD, at=now)
    assert count(Entrepreneur) == 1


def test_an_easy_password_is_refused_and_the_link_stays_good(office, now):
    ask(office, now)
    with pytest.raises(WeakPasswordError):
        confirm_registration(token=token(), password="awa.ndiaye@example.org", at=now)
    assert confirm_registration(token=token(), password=PASSWORD, at=now).sign_in is not None


def test_a_known_address_is_answered_the_same_and_keeps_its_password(office, now):
    with transaction() as session:
        known = make_account(session, email="awa.ndiaye@example.org", password_hash="kept")
    ask(office, now)
    assert office.messages() == [("registration", "awa.ndiaye@example.org")]
    assert check_registration(token=token(), at=now).needs_password is False
    assert confirm_registration(token=token(), password=None, at=now).sign_in is None
    db.session.rollback()
    assert db.session.get(Account, known.id).password_hash == "kept"
    assert db.session.scalars(select(Entrepreneur.account_id)).one() == known.id


def test_who_has_a_file_gets_no_second_one(office, now):
    with transaction() as session:
        file = make_entrepreneur(session, office.association, email="awa.ndiaye@example.org")
    ask(office, now)
    welcome = confirm_registration(token=token(), password=PASSWORD, at=now)
    assert (welcome.entrepreneur_id, count(Entrepreneur)) == (file.public_id, 1)
    assert broken_laws() == []


def test_a_closed_file_is_opened_again(office, now):
    with transaction() as session:
        file = make_entrepreneur(session, office.association, email="awa.ndiaye@example.org")
    close_entrepreneur(entrepreneur_id=file.public_id, actor=office.coordinator, at=now)
    ask(office, now)
    confirm_registration(token=token(), password=PASSWORD, at=now)
    assert count(Entrepreneur) == 1
    assert db.session.scalars(select(Entrepreneur.state)).one() is EntrepreneurState.INCOMPLETE
    assert broken_laws() == []


def test_an_account_that_was_closed_opens_nothing(office, now):
    with transaction() as session:
        make_account(session, email="awa.ndiaye@example.org", is_active=False)
    ask(office, now)
    with pytest.raises(InvalidLinkError):
        confirm_registration(token=token(), password=PASSWORD, at=now)
    assert count(Entrepreneur) == 0


def test_one_mailbox_is_not_filled_and_one_place_does_not_register_a_town(office, now):
    for _ in range(registrations.PER_ADDRESS + 2):
        ask(office, now)
    assert len(office.messages()) == registrations.PER_ADDRESS
    with pytest.raises(TooManyRegistrationsError):
        for number in range(registrations.PER_PLACE):
            ask(office, now, email=f"personne{number}@example.org")


def test_what_nobody_confirmed_is_forgotten(office, now):
    ask(office, now)
    assert tick(at=now + timedelta(days=2)).counts["forgotten"] == 0
    assert tick(at=now + timedelta(days=3)).counts["forgotten"] == 1
    assert count(Registration) == 0


@pytest.mark.parametrize("values", [{"first_name": " "}, {"last_name": ""}, {"email": " "}])
def test_a_name_and_an_address_are_needed(office, now, values):
    with pytest.raises(InvalidInputError):
        ask(office, now, **values)
    assert count(Registration) == 0
