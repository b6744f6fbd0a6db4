"""Giving a person of an association her account: invited once, linked to what names her."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import AccountClosedError, InvalidInputError, InvalidTransitionError, NotFoundError
from models.messages import Message, MessageKind
from models.queries.associations import get_association_by_public_id
from models.queries.invitations import count_uninvited, list_uninvited
from models.queries.suggestions import lock_entrepreneur
from models.states import EntrepreneurState
from models.supporters import Supporter
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.interviews import plan_first_interview
from webapp.services.new_accounts import open_account
from webapp.services.one_time_links import build_invitation, tell_to_sign_in

MOST_AT_ONCE = 100
"""A page waits for it: about a second of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedBatch:
    """How many people were invited just now, and how many are left for the next time."""

    invited: int
    left: int


@retried
def invite_supporter(*, supporter_id: UUID, actor: Actor, at: datetime, form_key: str | None = None) -> UUID:
    """Give a supporter an account, and an invitation while its password is not chosen. Returns the account.

    Raises NotFoundError, PermissionDeniedError, RepeatedRequestError, or InvalidInputError when there is no address.
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
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        note_outcome(session, key=form_key, outcome=supporter.public_id)
        return invite_record(session, supporter, at=at).public_id


@retried
def invite_entrepreneur(*, entrepreneur_id: UUID, actor: Actor, at: datetime, form_key: str | None = None) -> UUID:
    """Give an entrepreneur an account, and an invitation while its password is not chosen. Returns the account.

    Whoever was never met, and whose profile is still open, is met first: somebody of the team, by a day.

    Raises NotFoundError, PermissionDeniedError, RepeatedRequestError, InvalidTransitionError (a closed file) or
    InvalidInputError when there is no address.
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
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        if entrepreneur.state is EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="invite")
        note_outcome(session, key=form_key, outcome=entrepreneur.public_id)
        account = invite_record(session, entrepreneur, at=at)
        plan_first_interview(session, entrepreneur, actor=actor, at=at)
        return account.public_id


def invite_all(*, association_id: UUID, actor: Actor, at: datetime, limit: int = MOST_AT_ONCE) -> InvitedBatch:
    """Invite the people of an association who were not invited yet, one transaction each, at most some at a time.

    Twice is once: whoever was invited meanwhile, by anybody, is left alone, and one address gets one message.

    Raises NotFoundError or PermissionDeniedError.
    """
    session = db.session()
    association = get_association_by_public_id(session, association_id)
    require(actor, Permission.ENTREPRENEUR_EDIT, association)
    row_number = association.id
    chosen = list_uninvited(session, row_number, limit=limit)
    invited = sum(_invite_once(one, actor=actor, at=at) for one in chosen)
    return InvitedBatch(invited=invited, left=count_uninvited(db.session(), row_number).reachable)


@retried
def _invite_once(entrepreneur_id: int, *, actor: Actor, at: datetime) -> bool:
    with transaction() as session:
        entrepreneur = lock_entrepreneur(session, entrepreneur_id)
        if entrepreneur.account_id is not None or entrepreneur.state is EntrepreneurState.CLOSED:
            return False
        try:
            invite_record(session, entrepreneur, at=at, writes_again=False)
        except (AccountClosedError, InvalidInputError):  # closed, or the address taken out, since the list was read
            return False
        plan_first_interview(session, entrepreneur, actor=actor, at=at)
    return True


def invite_record(
    session: Session, record: Supporter | Entrepreneur, *, at: datetime, writes_again: bool = True
) -> Account:
    """Link a record to the account of its address, made if need be, in the caller's transaction.

    A known account whose password is not chosen is written to again, unless one message was enough; who has one is
    told where to sign in, once a day at most. The two look alike to who invites: only the account's owner knows of
    other associations.

    Raises
    ------
    InvalidInputError
        If the record has neither an account nor an address.
    AccountClosedError
        If the account was closed.
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
        if account.is_active:
            record.account_id = account.id
        if opening.is_new:
            return account
        writes_again = writes_again or not _was_invited(session, account, association)
    if not account.is_active:
        raise AccountClosedError(email=account.email)
    if writes_again and account.password_hash is None:
        build_invitation(session, account, at=at, association=association)
    elif writes_again:
        tell_to_sign_in(session, account, record.public_id, at=at, association=association)
    return account


def _was_invited(session: Session, account: Account, association: Association) -> bool:
    invited = exists().where(
        Message.kind == MessageKind.INVITATION,
        Message.account_id == account.id,
        Message.association_id == association.id,
    )
    return bool(session.scalar(select(invited)))
