"""Signing in, links, passwords and new accounts: outcome, and that a refusal changed nothing."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.accounts import Account, Coordinator, LinkPurpose, Locale, LoginSession, OneTimeLink, SignInAttempt
from models.db import db, transaction
from models.exceptions import (
    DomainError,
    EmailTakenError,
    InvalidCredentialsError,
    InvalidLinkError,
    NotFoundError,
    PermissionDeniedError,
    TooManyAttemptsError,
    TooManySignInsError,
    WeakPasswordError,
)
from models.messages import Message, MessageKind
from models.queries.accounts import find_account_by_email, find_open_session
from tests.factories.accounts import make_account
from tests.factories.associations import make_association
from webapp.identity.passwords import hash_password
from webapp.identity.tokens import hash_token
from webapp.permissions import SYSTEM, Actor
from webapp.services import accounts, one_time_links, sign_in_attempts

PASSWORD = "un cheval bleu 42"
NEW_PASSWORD = "trois ponts et demi"
PLACE = "192.0.2.7"


def add_account(**values: object) -> Account:
    account = make_account(db.session(), **{"password_hash": hash_password(PASSWORD), **values})
    db.session.commit()
    return account


def sign_in(email: str, at: datetime, password: str = PASSWORD, place: str = PLACE) -> accounts.SignInOutcome:
    return accounts.sign_in(email=email, password=password, place=place, at=at)


def is_open(token: str, at: datetime) -> bool:
    db.session.rollback()
    return find_open_session(db.session(), token_hash=hash_token(token), at=at) is not None


def sent_token(account: Account) -> str:
    db.session.rollback()
    message = db.session.scalars(
        select(Message).where(Message.account_id == account.id).order_by(Message.id.desc())
    ).first()
    assert message is not None
    return str(message.facts["path"]).rsplit("/", 1)[1]


def send_link(account: Account, purpose: LinkPurpose, at: datetime) -> str:
    with transaction() as session:
        one_time_links.send_link(session, session.get_one(Account, account.id), purpose, at=at)
    return sent_token(account)


def test_signing_in_opens_a_session_of_which_only_the_hash_is_kept(any_app: Flask, now: datetime) -> None:
    account = add_account(email="awa@example.org")
    outcome = sign_in("  AWA@example.org ", now)
    row = db.session.scalars(select(LoginSession)).one()
    assert (row.account_id, row.token_hash) == (account.id, hash_token(outcome.token))
    assert outcome.token not in row.token_hash
    assert is_open(outcome.token, now + timedelta(days=29))
    assert not is_open(outcome.token, now + timedelta(days=31))


@pytest.mark.parametrize("email", ["awa@example.org", "unknown@example.org", "closed@example.org", "new@example.org"])
def test_wrong_unknown_closed_and_without_password_get_the_same_answer(app: Flask, now: datetime, email: str) -> None:
    add_account(email="awa@example.org")
    add_account(email="closed@example.org", is_active=False)
    add_account(email="new@example.org", password_hash=None)
    password = PASSWORD if email != "awa@example.org" else "wrong password"
    with pytest.raises(InvalidCredentialsError) as refused:
        sign_in(email, now, password)
    assert dict(refused.value.facts) == {}
    assert db.session.scalar(select(func.count(LoginSession.id))) == 0


def test_an_unknown_address_costs_a_hash_too(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(accounts, "password_fits", lambda known, _password: bool(seen.append(known)))
    with pytest.raises(InvalidCredentialsError):
        sign_in("unknown@example.org", now)
    assert seen == [None]


def test_after_eight_failures_an_address_waits_even_with_the_right_password(any_app: Flask, now: datetime) -> None:
    add_account(email="awa@example.org")
    for number in range(8):
        with pytest.raises(InvalidCredentialsError):
            sign_in("awa@example.org", now, "wrong password", place=f"198.51.100.{number}")
    with pytest.raises(TooManySignInsError) as refused:
        sign_in("awa@example.org", now)
    assert refused.value.facts["retry_at"] == now + timedelta(minutes=15)
    sign_in("awa@example.org", now + timedelta(minutes=15))


def test_unknown_addresses_are_throttled_alike(app: Flask, now: datetime) -> None:
    for number in range(8):
        with pytest.raises(InvalidCredentialsError):
            sign_in("unknown@example.org", now, place=f"198.51.100.{number}")
    with pytest.raises(TooManySignInsError):
        sign_in("unknown@example.org", now)


def test_a_place_is_throttled_over_all_addresses(app: Flask, now: datetime) -> None:
    for number in range(40):
        with pytest.raises(InvalidCredentialsError):
            sign_in(f"person{number}@example.org", now, place="2001:db8::1")
    with pytest.raises(TooManySignInsError):
        sign_in("somebody@example.org", now, place="2001:db8::ffff")
    with pytest.raises(InvalidCredentialsError):
        sign_in("somebody@example.org", now, place="2001:db8:0:1::1")


def test_a_success_forgets_the_failures_of_the_address(app: Flask, now: datetime) -> None:
    add_account(email="awa@example.org")
    for _round in range(3):
        for _try in range(7):
            with pytest.raises(InvalidCredentialsError):
                sign_in("awa@example.org", now, "wrong password")
        sign_in("awa@example.org", now)
    assert db.session.scalar(select(func.sum(SignInAttempt.failures))) == 21


def test_attempts_sent_at_once_cannot_slip_through_together(any_app: Flask, now: datetime) -> None:
    add_account(email="awa@example.org")
    answers = run_at_once(any_app, 12, lambda: sign_in("awa@example.org", now, "wrong password"))
    assert answers.count("invalid_credentials") == 8
    assert answers.count("too_many_sign_ins") == 4


def run_at_once(app: Flask, times: int, decision: object) -> list[str]:
    answers: list[str] = []
    start = threading.Barrier(times)

    def run() -> None:
        with app.app_context():
            start.wait()
            try:
                decision()  # type: ignore[operator]
                answers.append("done")
            except DomainError as error:
                answers.append(error.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_signing_out_ends_that_session_only(app: Flask, now: datetime) -> None:
    account = add_account(email="awa@example.org")
    one, other = sign_in("awa@example.org", now), sign_in("awa@example.org", now)
    opened = find_open_session(db.session(), token_hash=hash_token(one.token), at=now)
    assert opened is not None
    stranger = Actor(account_id=account.id + 1)
    accounts.sign_out(session_id=opened.session_id, actor=stranger, at=now)
    assert is_open(one.token, now)
    accounts.sign_out(session_id=opened.session_id, actor=Actor(account_id=account.id), at=now)
    assert not is_open(one.token, now)
    assert is_open(other.token, now)


def test_an_inactive_account_has_no_open_session(app: Flask, now: datetime) -> None:
    account = add_account(email="awa@example.org")
    outcome = sign_in("awa@example.org", now)
    account.is_active = False
    db.session.commit()
    assert not is_open(outcome.token, now)


def test_an_invitation_is_used_once_and_signs_in(any_app: Flask, now: datetime) -> None:
    account = add_account(password_hash=None)
    token = send_link(account, LinkPurpose.INVITATION, now)
    outcome = accounts.accept_invitation(token=token, password=NEW_PASSWORD, at=now + timedelta(days=13))
    assert is_open(outcome.token, now + timedelta(days=14))
    with pytest.raises(InvalidLinkError):
        accounts.accept_invitation(token=token, password=NEW_PASSWORD, at=now + timedelta(days=13))
    sign_in(account.email, now, NEW_PASSWORD)


def test_of_two_who_use_a_link_at_once_one_is_refused(any_app: Flask, now: datetime) -> None:
    account = add_account(password_hash=None)
    token = send_link(account, LinkPurpose.INVITATION, now)
    answers = run_at_once(any_app, 6, lambda: accounts.accept_invitation(token=token, password=NEW_PASSWORD, at=now))
    assert sorted(answers) == ["done", *["invalid_link"] * 5]
    db.session.rollback()
    assert db.session.scalar(select(func.count(LoginSession.id))) == 1


@pytest.mark.parametrize(
    ("purpose", "late"), [(LinkPurpose.INVITATION, timedelta(days=14)), (LinkPurpose.RESET, timedelta(hours=2))]
)
def test_a_link_grows_old(app: Flask, now: datetime, purpose: LinkPurpose, late: timedelta) -> None:
    account = add_account()
    token = send_link(account, purpose, now)
    assert accounts.check_link(token=token, purpose=purpose, at=now + late - timedelta(seconds=1)) == account.email
    with pytest.raises(InvalidLinkError):
        accounts.check_link(token=token, purpose=purpose, at=now + late)


def test_a_link_serves_its_purpose_only_and_a_newer_one_ends_it(app: Flask, now: datetime) -> None:
    account = add_account()
    first = send_link(account, LinkPurpose.RESET, now)
    with pytest.raises(InvalidLinkError):
        accounts.check_link(token=first, purpose=LinkPurpose.INVITATION, at=now)
    second = send_link(account, LinkPurpose.RESET, now)
    with pytest.raises(InvalidLinkError):
        accounts.reset_password(token=first, password=NEW_PASSWORD, at=now)
    accounts.reset_password(token=second, password=NEW_PASSWORD, at=now)


def test_only_the_hash_of_a_link_is_kept_with_the_account(app: Flask, now: datetime) -> None:
    account = add_account()
    token = send_link(account, LinkPurpose.RESET, now)
    assert db.session.scalars(select(OneTimeLink.token_hash)).one() == hash_token(token)


def test_a_reset_ends_every_session_and_every_link(app: Flask, now: datetime) -> None:
    account = add_account(email="awa@example.org")
    stolen = sign_in("awa@example.org", now)
    invitation = send_link(account, LinkPurpose.INVITATION, now)
    accounts.request_reset(email="awa@example.org", at=now)
    outcome = accounts.reset_password(token=sent_token(account), password=NEW_PASSWORD, at=now)
    assert not is_open(stolen.token, now)
    assert is_open(outcome.token, now)
    with pytest.raises(InvalidLinkError):
        accounts.accept_invitation(token=invitation, password=PASSWORD, at=now)


def test_a_weak_password_does_not_use_the_link_up(app: Flask, now: datetime) -> None:
    account = add_account()
    token = send_link(account, LinkPurpose.RESET, now)
    with pytest.raises(WeakPasswordError):
        accounts.reset_password(token=token, password="azertyuiop", at=now)
    accounts.reset_password(token=token, password=NEW_PASSWORD, at=now)


def test_asking_for_a_reset_of_an_unknown_address_sends_nothing_and_says_nothing(app: Flask, now: datetime) -> None:
    add_account(email="closed@example.org", is_active=False)
    accounts.request_reset(email="unknown@example.org", at=now)
    accounts.request_reset(email="closed@example.org", at=now)
    assert db.session.scalar(select(func.count(Message.id))) == 0


def test_a_mailbox_is_not_flooded_with_resets(app: Flask, now: datetime) -> None:
    def count(at: datetime, *, email: str = "awa@example.org", place: str = "203.0.113.7") -> bool:
        return accounts.count_reset(email=email, place=place, at=at)

    assert [count(now) for _try in range(5)] == [True] * 3 + [False] * 2
    later = [now + number * sign_in_attempts.WINDOW for number in range(1, 4)]
    assert [count(at, place=str(at)) for at in later for _try in range(3)] == [True] * 5 + [False] * 4
    assert count(now + timedelta(days=2))
    for number in range(15):
        assert count(now, email=f"{number}@example.org")
    with pytest.raises(TooManyAttemptsError):
        count(now, email="last@example.org")


def test_changing_a_password_signs_other_devices_out(app: Flask, now: datetime) -> None:
    account = add_account(email="awa@example.org")
    here, elsewhere = sign_in("awa@example.org", now), sign_in("awa@example.org", now)
    opened = find_open_session(db.session(), token_hash=hash_token(here.token), at=now)
    assert opened is not None
    actor = Actor(account_id=account.id, email=account.email)

    def change(current: str, new: str) -> None:
        accounts.change_password(current=current, new=new, session_id=opened.session_id, actor=actor, at=now)

    with pytest.raises(InvalidCredentialsError):
        change("wrong password", NEW_PASSWORD)
    with pytest.raises(WeakPasswordError):
        change(PASSWORD, "short")
    assert is_open(elsewhere.token, now)
    change(PASSWORD, NEW_PASSWORD)
    assert is_open(here.token, now)
    assert not is_open(elsewhere.token, now)
    sign_in("awa@example.org", now, NEW_PASSWORD)


def test_a_password_changed_between_reading_and_opening_opens_nothing(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = add_account(email="awa@example.org")

    def fits_meanwhile(_hash: str, _password: str) -> bool:
        account.password_hash = hash_password(NEW_PASSWORD)
        db.session.commit()
        return True

    monkeypatch.setattr(accounts, "password_fits", fits_meanwhile)
    with pytest.raises(InvalidCredentialsError):
        sign_in("awa@example.org", now)


def create(**values: object) -> object:
    return accounts.create_account(
        **{
            "email": "nadia@example.org",
            "first_name": "Nadia",
            "last_name": "Lopez",
            "actor": SYSTEM,
            **values,
        }
    )


def test_a_coordinator_is_invited(any_app: Flask, now: datetime) -> None:
    association = make_association(db.session(), slug="demain")
    db.session.commit()
    create(association_slug="demain", at=now, email="Nadia@Example.org")
    account = find_account_by_email(db.session(), "nadia@example.org")
    assert account is not None
    assert account.password_hash is None
    message = db.session.scalars(select(Message)).one()
    assert message.kind is MessageKind.INVITATION
    assert message.facts["association"] == association.name
    assert db.session.scalar(select(Coordinator.association_id)) == association.id


def test_a_coordinator_with_a_given_password_gets_no_message(app: Flask, now: datetime) -> None:
    make_association(db.session(), slug="demain")
    db.session.commit()
    create(association_slug="demain", at=now, password=PASSWORD)
    assert db.session.scalar(select(func.count(Message.id))) == 0
    sign_in("nadia@example.org", now)


def test_nobody_gets_another_persons_password_or_the_same_hat_twice(app: Flask, now: datetime) -> None:
    make_association(db.session(), slug="demain")
    make_association(db.session(), slug="ailleurs")
    add_account(email="nadia@example.org", locale=Locale.ENGLISH)
    with pytest.raises(EmailTakenError):
        create(association_slug="demain", at=now, password=NEW_PASSWORD)
    create(association_slug="demain", at=now)
    create(association_slug="ailleurs", at=now)
    with pytest.raises(EmailTakenError):
        create(association_slug="demain", at=now)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Coordinator.id))) == 2
    sign_in("nadia@example.org", now)


def test_creating_a_coordinator_is_for_the_command_only(app: Flask, now: datetime) -> None:
    make_association(db.session(), slug="demain")
    db.session.commit()
    with pytest.raises(PermissionDeniedError):
        create(association_slug="demain", at=now, actor=Actor(account_id=1, coordinates=frozenset({1})))
    with pytest.raises(NotFoundError):
        create(association_slug="nowhere", at=now)
    with pytest.raises(WeakPasswordError):
        create(association_slug="demain", at=now, password="nadia lopez")


def test_an_account_that_exists_gets_a_hat_and_keeps_what_is_hers(app: Flask, now: datetime) -> None:
    association = make_association(db.session())
    known = add_account(email="awa@example.org", first_name="Awa")
    with transaction() as session:
        opening = accounts.open_account(
            session,
            email="AWA@example.org",
            first_name="A.",
            last_name="D.",
            association=association,
            at=now,
        )
    assert (opening.is_new, opening.account.id, opening.account.first_name) == (False, known.id, "Awa")
    assert db.session.scalar(select(func.count(Message.id))) == 0


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("court", "short"),
        ("x" * 201, "long"),
        ("azerty uiop", "common"),
        ("MotDePasse123", "common"),
        ("1111111111111", "common"),
        ("awadiallo12", "personal"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, why: str) -> None:
    from webapp.identity.passwords import require_strong

    with pytest.raises(WeakPasswordError) as refused:
        require_strong(password, about=("awa@example.org", "awa", "Awa", "Diallo"))
    assert refused.value.facts["why"] == why


@pytest.mark.parametrize("password", [PASSWORD, NEW_PASSWORD, "Kj8!ppQz0r", "ma grand-mère fait du thé"])
def test_a_sentence_is_a_good_password(password: str) -> None:
    from webapp.identity.passwords import require_strong

    require_strong(password, about=("awa@example.org", "awa", "Awa", "Diallo"))


def test_keys_of_attempts_name_nobody() -> None:
    key = sign_in_attempts.address_key("Awa@example.org ")
    assert key == sign_in_attempts.address_key("awa@example.org")
    assert "awa" not in key
    assert key != sign_in_attempts.address_key("awa@example.org", purpose="reset")
    assert sign_in_attempts.place_key("somewhere") != sign_in_attempts.place_key("elsewhere")
