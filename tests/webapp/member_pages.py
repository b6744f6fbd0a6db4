"""People of one association, with sign-ins, for the tests of the members' pages."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association
from models.entrepreneurs import Entrepreneur
from models.supporters import Supporter
from tests.factories import make_account, make_association, make_coordinator, make_entrepreneur, make_supporter


@dataclass(frozen=True)
class House:
    """An association with its coordinator."""

    association: Association
    coordinator: Account


def make_house(session: Session) -> House:
    """Make an association with a coordinator."""
    association = make_association(session)
    return House(association, make_coordinator(session, association, phone="01 23 45 67 89"))


def make_member(session: Session, house: House, **values: Any) -> tuple[Entrepreneur, Account]:
    """Make an entrepreneur who can sign in."""
    account = make_account(session)
    person = make_entrepreneur(
        session, house.association, account_id=account.id, referent_id=house.coordinator.id, **values
    )
    return person, account


def make_helper(session: Session, house: House, **values: Any) -> tuple[Supporter, Account]:
    """Make a supporter who can sign in."""
    account = make_account(session)
    return make_supporter(session, house.association, account_id=account.id, **values), account
