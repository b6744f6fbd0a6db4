"""Opening accounts: for whoever an association follows or counts on, and for who runs one."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.accounts import Account, Coordinator, Locale
from models.associations import Association
from models.db import retried, transaction
from models.exceptions import EmailTakenError, InvalidInputError, PermissionDeniedError
from models.queries.accounts import find_account_by_email
from models.queries.associations import get_association_by_slug
from models.queries.coordinators import list_coordinated
from models.wall import lends
from webapp.identity.passwords import hash_password, require_strong
from webapp.permissions import Actor
from webapp.services.one_time_links import build_invitation

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The account of an address, and whether it was made just now."""

    account: Account
    is_new: bool


def open_account(
    session: Session,
    *,
    email: str,
    first_name: str,
    last_name: str,
    association: Association,
    at: datetime,
    phone: str | None = None,
    locale: Locale = Locale.FRENCH,
) -> Opening:
    """Give the account of an address in the caller's transaction; a new one is made, and invited to its password.

    An account that exists keeps its name, language and password: it only gets one more hat.
    """
    known = find_account_by_email(session, email)
    if known is not None:
        return Opening(account=known, is_new=False)
    account = add_account(
        session, email=email, first_name=first_name, last_name=last_name, phone=phone, locale=locale, at=at
    )
    build_invitation(session, account, at=at, association=association)
    return Opening(account=account, is_new=True)


@retried
def create_account(
    *,
    email: str,
    first_name: str,
    last_name: str,
    association_slug: str,
    actor: Actor,
    at: datetime,
    password: str | None = None,
    locale: Locale = Locale.FRENCH,
) -> UUID:
    """Make somebody a coordinator, invited by mail, or with a password that is given (a new account only).

    Nobody runs associations on both sides of the wall: what one side is never told, the same eyes would read.

    Raises EmailTakenError, NotFoundError, PermissionDeniedError, WeakPasswordError or InvalidInputError (the wall).
    """
    if not actor.is_system:
        raise PermissionDeniedError(permission="account:create")
    password_hash = None
    if password is not None:
        require_strong(password, about=(first_name, last_name, email.split("@")[0]))
        password_hash = hash_password(password)
    with transaction() as session:
        association = get_association_by_slug(session, association_slug)
        account = find_account_by_email(session, email)
        if account is not None and password is not None:
            raise EmailTakenError(email=email)  # nobody chooses another person's password
        account = account or add_account(
            session,
            email=email,
            first_name=first_name,
            last_name=last_name,
            password_hash=password_hash,
            locale=locale,
            at=at,
        )
        _add_coordinator(session, account, association)
        if account.password_hash is None:
            build_invitation(session, account, at=at, association=association)
        public_id = account.public_id
    logger.info("coordinator created", extra={"account_id": account.id})
    return public_id


def add_account(session: Session, *, email: str, **values: object) -> Account:
    """Make the account of an address in the caller's transaction, with nothing sent.

    Raises
    ------
    EmailTakenError
        If there is one.
    """
    at = values.pop("at")
    account = Account(email=email.strip().lower(), created_at=at, **values)
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:
        raise EmailTakenError(email=email) from error
    return account


def _add_coordinator(session: Session, account: Account, association: Association) -> None:
    email = account.email  # a failed flush leaves the record unreadable
    side = lends(association.network)
    if any(lends(known.network) is not side for known in list_coordinated(session, account.id)):
        raise InvalidInputError(field="association")
    session.add(Coordinator(account_id=account.id, association_id=association.id))
    try:
        session.flush()
    except IntegrityError as error:
        raise EmailTakenError(email=email) from error
