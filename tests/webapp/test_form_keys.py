"""A form counts once."""

import threading
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.accounts import FormKey
from models.db import db, transaction
from models.exceptions import DomainError, InvalidInputError, RepeatedRequestError
from tests.factories.accounts import make_account
from webapp.form_keys import claim_form_key, new_form_key, note_outcome


def test_a_second_sending_is_refused_and_told_what_the_first_made(any_app: Flask, now: datetime) -> None:
    account = make_account(db.session())
    db.session.commit()
    key = new_form_key()
    with transaction() as session:
        claim_form_key(session, key=key, account_id=account.id, at=now)
        note_outcome(session, key=key, outcome="made")
    with pytest.raises(RepeatedRequestError) as refused, transaction() as session:
        claim_form_key(session, key=key, account_id=account.id, at=now)
    assert refused.value.facts["outcome"] == "made"


def test_a_key_of_a_decision_that_failed_can_be_used_again(any_app: Flask, now: datetime) -> None:
    account = make_account(db.session())
    db.session.commit()
    with pytest.raises(RuntimeError), transaction() as session:
        claim_form_key(session, key="key", account_id=account.id, at=now)
        raise RuntimeError
    with transaction() as session:
        claim_form_key(session, key="key", account_id=account.id, at=now)


def test_of_many_sendings_at_once_one_counts(any_app: Flask, now: datetime) -> None:
    account_id = make_account(db.session()).id
    db.session.commit()
    answers: list[str] = []
    start = threading.Barrier(6)

    def send() -> None:
        with any_app.app_context():
            start.wait()
            try:
                with transaction() as session:
                    claim_form_key(session, key="key", account_id=account_id, at=now)
                answers.append("done")
            except DomainError as error:
                answers.append(error.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", *["repeated_request"] * 5]


def test_what_another_person_made_is_not_told(app: Flask, now: datetime) -> None:
    owner, other = make_account(db.session()), make_account(db.session())
    db.session.commit()
    with transaction() as session:
        claim_form_key(session, key="key", account_id=owner.id, at=now)
        note_outcome(session, key="key", outcome="private")
    with pytest.raises(RepeatedRequestError) as refused, transaction() as session:
        claim_form_key(session, key="key", account_id=other.id, at=now)
    assert refused.value.facts["outcome"] is None


def test_without_a_key_nothing_is_claimed_and_a_forged_one_is_refused(app: Flask, now: datetime) -> None:
    with transaction() as session:
        claim_form_key(session, key=None, account_id=1, at=now)
        claim_form_key(session, key="", account_id=1, at=now)
        claim_form_key(session, key="key", account_id=None, at=now)
        note_outcome(session, key=None, outcome="nothing")
        assert session.scalar(select(func.count()).select_from(FormKey)) == 0
        with pytest.raises(InvalidInputError):
            claim_form_key(session, key="x" * 65, account_id=1, at=now)


def test_each_rendering_has_its_own_key() -> None:
    assert new_form_key() != new_form_key()
