"""Accounts and coordinators."""

from typing import Any

from sqlalchemy.orm import Session

from models.accounts import Account, Coordinator
from models.associations import Association
from tests.factories.sequence import MADE_AT, next_number


def make_account(session: Session, **values: Any) -> Account:
    """Make an account without a password."""
    number = next_number()
    account = Account(
        **{
            "email": f"personne{number}@example.org",
            "first_name": "Camille",
            "last_name": f"Martin {number}",
            "created_at": MADE_AT,
            **values,
        }
    )
    session.add(account)
    session.flush()
    return account


def make_coordinator(session: Session, association: Association, **values: Any) -> Account:
    """Make an account that runs an association."""
    account = make_account(session, **{"first_name": "Nadia", "last_name": "Lopez", **values})
    session.add(Coordinator(account_id=account.id, association_id=association.id))
    session.flush()
    return account
