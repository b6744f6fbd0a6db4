"""Giving a person of an association her account: invited once, linked to what names her."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, NotFoundError
from models.supporters import Supporter
from webapp.permissions import Actor, Permission, require
from webapp.services.interviews import plan_first_interview
from webapp.services.new_accounts import open_account
from webapp.services.one_time_links import build_invitation


@retried
def invite_supporter(*, supporter_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Give a supporter an account, and an invitation while its password is not chosen. Returns the account.

    Raises NotFoundError, PermissionDeniedError, or InvalidInputError when there is no address.
    """
    with transaction() as session:
        supporter = session.scalar(
            select(Supporter)
            .where(Supporter.public_id == supporter_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if supporter is None:
            raise NotFoundError(record="Supporter")
        require(actor, Permission.SUPPORTER_EDIT, supporter)
        return invite_record(session, supporter, at=at).public_id


@retried
def invite_entrepreneur(*, entrepreneur_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Give an entrepreneur an account, and an invitation while its password is not chosen. Returns the account.

    Whoever was never met, and whose profile is still open, is met first: somebody of the team, by a day.

    Raises NotFoundError, PermissionDeniedError, or InvalidInputError when there is no address.
    """
    with transaction() as session:
        entrepreneur = session.scalar(
            select(Entrepreneur)
            .where(Entrepreneur.public_id == entrepreneur_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if entrepreneur is None:
            raise NotFoundError(record="Entrepreneur")
        require(actor, Permission.ENTREPRENEUR_EDIT, entrepreneur)
        account = invite_record(session, entrepreneur, at=at)
        plan_first_interview(session, entrepreneur, actor=actor, at=at)
        return account.public_id


def invite_record(session: Session, record: Supporter | Entrepreneur, *, at: datetime) -> Account:
    """Link a record to the account of its address, made if need be, in the caller's transaction.

    Raises
    ------
    InvalidInputError
        If the record has neither an account nor an address.
    """
    association = session.get_one(Association, record.association_id)
    account = session.get(Account, record.account_id) if record.account_id is not None else None
    if account is None:
        if not record.email:
            raise InvalidInputError(field="email")
        opening = open_account(
            session,
            email=record.email,
            first_name=record.first_name,
            last_name=record.last_name,
            phone=record.phone,
            association=association,
            at=at,
        )
        account = opening.account
        record.account_id = account.id
        if opening.is_new:
            return account
    if account.password_hash is None:
        build_invitation(session, account, at=at, association=association)
    return account
