"""One effect per form: a random key in each rendering, claimed by the service that creates something."""

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.accounts import FormKey
from models.exceptions import InvalidInputError, RepeatedRequestError

KEY_LENGTH = 64


def new_form_key() -> str:
    """Make the hidden value of one rendering of a form."""
    return secrets.token_urlsafe(24)


def claim_form_key(session: Session, *, key: str | None, account_id: int | None, at: datetime) -> None:
    """Take the key inside the creating transaction; without a key or an account there is nothing to take.

    Two sendings at once wait for each other here: the second sees what the first committed.

    Raises
    ------
    RepeatedRequestError
        If this form was sent before; `outcome` tells what it made.
    InvalidInputError
        If the key is longer than any we make.
    """
    if not key or account_id is None:
        return
    if len(key) > KEY_LENGTH:
        raise InvalidInputError(field="form_key")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    taken = session.execute(
        insert(FormKey)
        .values(key=key, account_id=account_id, created_at=at)
        .on_conflict_do_nothing()
        .returning(FormKey.key)  # the driver of PostgreSQL gives no row count here
    ).scalar_one_or_none()
    if taken is None:
        outcome = session.scalar(select(FormKey.outcome).where(FormKey.key == key, FormKey.account_id == account_id))
        raise RepeatedRequestError(outcome=outcome)


def note_outcome(session: Session, *, key: str | None, outcome: object) -> None:
    """Keep what the form made (a public id, as text), for who sends it again."""
    if key:
        session.execute(update(FormKey).where(FormKey.key == key).values(outcome=str(outcome)))
