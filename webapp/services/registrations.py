"""Registering by oneself: asked for on a public page, confirmed by the link of a mail, then met by a named person.

Nothing on the way tells whether an address is known: the page answers the same, and so does the mail. Only who holds
the link learns it, and that is the person herself.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from models.accounts import Account, Locale
from models.associations import Association
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, RegistrationLinkError, TooManyRegistrationsError
from models.interviews import Interview
from models.messages import MessageKind
from models.moves import move, write_event
from models.names import full_name
from models.notices import NoticeKind
from models.queries.accounts import find_account_by_email
from models.queries.interviews import find_to_come
from models.queries.overdue import Overdue
from models.queries.registrations import find_file_of, find_registration
from models.queries.suggestions import lock_entrepreneur
from models.registrations import Registration
from models.states import EntrepreneurAction, EntrepreneurState
from webapp.identity.passwords import hash_password, require_strong
from webapp.identity.tokens import hash_token, new_token
from webapp.permissions import SYSTEM, Actor
from webapp.services import accounts, interviews
from webapp.services.entrepreneurs import NewEntrepreneur, build_entrepreneur
from webapp.services.messages import queue_message
from webapp.services.new_accounts import add_account
from webapp.services.notices import notice
from webapp.services.one_time_links import end_links
from webapp.services.sign_in_attempts import address_key, place_key, take_attempts, try_attempt

logger = logging.getLogger(__name__)

LIFETIME = timedelta(days=3)
PURPOSE = "register"
PER_ADDRESS, PER_PLACE = 3, 20
# The address of the page; a test compares it with the route.
PATH = "/register/{token}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What somebody writes of herself: no document, no company number."""

    first_name: str
    last_name: str
    email: str
    phone: str = ""
    words: str = ""
    locale: Locale = Locale.FRENCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What a link confirms, for its page; without `needs_password` the address has an account that can sign in."""

    email: str
    association: str
    needs_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What became of a registration: who meets the person by when, and her sign-in when she chose a password."""

    entrepreneur_id: UUID
    sign_in: accounts.SignInOutcome | None


def register(
    *, association_id: UUID, applicant: Applicant, place: str, at: datetime, form_key: str | None = None
) -> None:
    """Keep a registration and send the link that confirms it; an address is written to a few times at most.

    A form that is sent twice counts once; with another address it is another one.

    Raises InvalidInputError, or TooManyRegistrationsError when one place registers many people.
    """
    email = applicant.email.strip().lower()
    for name, value in (("first_name", applicant.first_name), ("last_name", applicant.last_name), ("email", email)):
        if not value.strip():
            raise InvalidInputError(field=name)
    _keep(association_id, replace(applicant, email=email), place, form_key, at)
    logger.info("registration asked for")


@retried
def _keep(association_id: UUID, applicant: Applicant, place: str, form_key: str | None, at: datetime) -> None:
    with transaction() as session:
        association = session.scalar(select(Association).where(Association.public_id == association_id))
        if association is None:
            raise InvalidInputError(field="association")
        keys = {place_key(place, purpose=PURPOSE): PER_PLACE}
        take_attempts(session, keys, at=at, refusal=TooManyRegistrationsError)
        if not try_attempt(session, address_key(applicant.email, purpose=PURPOSE), limit=PER_ADDRESS, at=at):
            return  # the page answers the same, and nobody's mailbox is filled
        public_id = _identify(association.public_id, applicant, form_key)
        if session.scalar(select(Registration.id).where(Registration.public_id == public_id)) is not None:
            return  # sent twice: who counts attempts of one address waits for the other
        _write_to(session, association, applicant, public_id, at)


def _write_to(session: Session, association: Association, applicant: Applicant, public_id: UUID, at: datetime) -> None:
    token = new_token()
    registration = Registration(
        public_id=public_id,
        association_id=association.id,
        first_name=applicant.first_name.strip(),
        last_name=applicant.last_name.strip(),
        email=applicant.email,
        phone=applicant.phone.strip() or None,
        words=applicant.words.strip() or None,
        locale=applicant.locale,
        token_hash=hash_token(token),
        made_at=at,
        expires_at=at + LIFETIME,
    )
    session.add(registration)
    facts = {
        "path": PATH.format(token=token),
        "association": association.name,
        "expires_at": registration.expires_at,
    }
    queue_message(
        session,
        kind=MessageKind.REGISTRATION,
        recipient=applicant.email,
        locale=applicant.locale,
        event_key=f"registration:{public_id}",
        facts=facts,
        association_id=association.id,
        at=at,
    )


def _identify(association_id: UUID, applicant: Applicant, form_key: str | None) -> UUID:
    """Give a registration its identity: nobody has an account yet to whom the key of a form could belong."""
    return uuid5(association_id, f"{form_key}:{applicant.email}") if form_key else uuid4()


def check_registration(*, token: str, at: datetime) -> Confirmation:
    """Give what a live link confirms, without using it.

    Raises RegistrationLinkError.
    """
    session = db.session()
    registration = find_registration(session, token_hash=hash_token(token), at=at)
    if registration is None:
        raise RegistrationLinkError(purpose=PURPOSE)
    account = find_account_by_email(session, registration.email)
    return Confirmation(
        email=registration.email,
        association=session.get_one(Association, registration.association_id).name,
        needs_password=account is None or account.password_hash is None,
    )


def confirm_registration(*, token: str, password: str | None, at: datetime) -> Welcome:
    """Open the file of somebody who followed her link, with an interview that a named person holds by a day.

    Whoever has an account keeps its password; whoever has a file there gets no second one.

    Raises RegistrationLinkError or WeakPasswordError.
    """
    found = find_registration(db.session(), token_hash=hash_token(token), at=at)
    if found is None:
        raise RegistrationLinkError(purpose=PURPOSE)
    password_hash = None
    if check_registration(token=token, at=at).needs_password:
        require_strong(password or "", about=(found.email, found.first_name, found.last_name))
        password_hash = hash_password(password or "")
    welcome = _confirm(token, password_hash, at)
    logger.info("registration confirmed", extra={"entrepreneur_id": str(welcome.entrepreneur_id)})
    return welcome


@retried
def _confirm(token: str, password_hash: str | None, at: datetime) -> Welcome:
    with transaction() as session:
        registration = _take(session, token, at)
        account = find_account_by_email(session, registration.email)
        if account is not None and not account.is_active:
            raise RegistrationLinkError(purpose=PURPOSE)
        account = account or add_account(
            session,
            email=registration.email,
            first_name=registration.first_name,
            last_name=registration.last_name,
            phone=registration.phone,
            locale=registration.locale,
            at=at,
        )
        sign_in = None
        if account.password_hash is None and password_hash is not None:
            account.password_hash = password_hash
            end_links(session, account.id, at=at)
            sign_in = accounts.add_session(session, account, at=at)
        entrepreneur = _open_file(session, registration, account, at)
        _meet(session, entrepreneur, at)
        return Welcome(entrepreneur_id=entrepreneur.public_id, sign_in=sign_in)


@retried
def forget_registrations(*, at: datetime) -> int:
    """Forget what nobody confirmed in time: it may be somebody else's address."""
    with transaction() as session:
        gone: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            delete(Registration).where(Registration.expires_at <= at)
        )
    return int(gone.rowcount)


def _take(session: Session, token: str, at: datetime) -> Registration:
    """Take a registration out of those that wait; of two who confirm at once, one is refused."""
    registration = find_registration(session, token_hash=hash_token(token), at=at)
    if registration is None:
        raise RegistrationLinkError(purpose=PURPOSE)
    session.expunge(registration)
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        delete(Registration).where(Registration.id == registration.id)
    )
    if taken.rowcount != 1:
        raise RegistrationLinkError(purpose=PURPOSE)
    return registration


def _open_file(session: Session, registration: Registration, account: Account, at: datetime) -> Entrepreneur:
    """Give the person's file, open: the one there is, else a new one."""
    actor = _actor(account)
    known = find_file_of(
        session, association_id=registration.association_id, email=registration.email, account_id=account.id
    )
    if known is not None:
        entrepreneur = lock_entrepreneur(session, known.id)
        entrepreneur.account_id = entrepreneur.account_id or account.id
        if entrepreneur.state is EntrepreneurState.CLOSED:
            reopen = EntrepreneurAction.REOPEN
            move(session, entrepreneur, reopen, actor_id=actor.account_id, at=at, closed_at=None, updated_at=at)
    else:
        association = session.get_one(Association, registration.association_id)
        person = NewEntrepreneur(
            first_name=registration.first_name,
            last_name=registration.last_name,
            email=registration.email,
            phone=registration.phone,
        )
        entrepreneur = build_entrepreneur(session, association, person, actor, at)
        entrepreneur.account_id = account.id
        entrepreneur.project_text = registration.words or ""
        session.add(entrepreneur)
        session.flush()
    write_event(session, entrepreneur, "register", actor_id=actor.account_id, at=at)
    return entrepreneur


def _meet(session: Session, entrepreneur: Entrepreneur, at: datetime) -> None:
    """Plan her interview, unless one is to come; the one who holds it becomes her contact, and both are told."""
    if find_to_come(session, entrepreneur.id) is not None:
        return
    interview = interviews.add_interview(
        session, entrepreneur, coordinator_id=entrepreneur.referent_id, actor=SYSTEM, at=at
    )
    entrepreneur.referent_id = entrepreneur.referent_id or interview.coordinator_id
    interviews.tell(session, entrepreneur, interview, MessageKind.INTERVIEW_PLANNED, at=at)
    _tell_holder(session, interview, at)


def _tell_holder(session: Session, interview: Interview, at: datetime) -> None:
    holder = session.get(Account, interview.coordinator_id) if interview.coordinator_id is not None else None
    news = Overdue(
        record_id=interview.id, subject_id=interview.public_id, association_id=interview.association_id, due_at=at
    )
    notice(session, NoticeKind.INTERVIEW_NEW, news, [holder] if holder is not None else [], at=at)


def _actor(account: Account) -> Actor:
    return Actor(account_id=account.id, name=full_name(account), email=account.email)
