"""Who is behind the request: Flask-Login over the table of sign-ins.

The cookie holds a random secret, the table its hash: ending the row kills every copy of the cookie.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask_login import current_user
from sqlalchemy import update

from models.accounts import LoginSession
from models.db import db, transaction
from models.exceptions import BusyError
from models.names import full_name
from models.queries.accounts import Hat, OpenSession, WornHat, find_open_session, list_hats
from webapp.clock import utc_now
from webapp.extensions import login_manager
from webapp.identity.passwords import set_hashing
from webapp.identity.tokens import hash_token
from webapp.permissions import Actor

SEEN_EVERY = timedelta(minutes=10)
UNUSED_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The person behind the request, as Flask-Login wants her. Holds values only: no row that a rollback empties."""

    token: str
    session_id: int
    first_name: str
    seen_is_old: bool
    is_on_the_phone: bool
    actor: Actor
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Give what the cookie holds."""
        return self.token

    @property
    def hats(self) -> tuple[Hat, ...]:
        """Say in which qualities she acts, in the order of the navigation."""
        worn = {
            Hat.COORDINATOR: self.actor.coordinates,
            Hat.SUPPORTER: self.actor.supporter_ids,
            Hat.ENTREPRENEUR: self.actor.entrepreneur_ids,
            Hat.SENTINEL: self.actor.sentinel_ids,
        }
        return tuple(hat for hat, ids in worn.items() if ids)


def build_actor(opened: OpenSession, hats: tuple[WornHat, ...]) -> Actor:
    """Say what an account may act as."""

    def ids(hat: Hat) -> frozenset[int]:
        return frozenset(worn.record_id for worn in hats if worn.hat is hat)

    return Actor(
        account_id=opened.account_id,
        name=f"{full_name(opened)}".strip(),
        email=opened.email,
        locale=opened.locale.value,
        coordinates=frozenset(worn.association_id for worn in hats if worn.hat is Hat.COORDINATOR),
        supporter_ids=ids(Hat.SUPPORTER),
        entrepreneur_ids=ids(Hat.ENTREPRENEUR),
        sentinel_ids=ids(Hat.SENTINEL),
        member_of=frozenset(worn.association_id for worn in hats),
    )


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_signed_in(token: str) -> SignedIn | None:
    """Give the person behind a cookie in two statements, or nobody when the sign-in is dead."""
    now = utc_now()
    session = db.session()
    opened = find_open_session(session, token_hash=hash_token(token), at=now, seen_since=now - UNUSED_AFTER)
    if opened is None:
        return None
    return SignedIn(
        token=token,
        session_id=opened.session_id,
        first_name=opened.first_name,
        is_on_the_phone=opened.is_on_the_phone,
        seen_is_old=opened.seen_at < now - SEEN_EVERY,
        actor=build_actor(opened, list_hats(session, opened.account_id)),
    )


def register_sessions(app: Flask) -> None:
    """Bind the table of sign-ins, and note, at most every ten minutes, that one is in use."""
    login_manager.session_protection = None  # a phone changes its address all day
    set_hashing(cheap=app.config["SETTINGS"].testing)

    @app.before_request
    def note_use() -> None:
        if current_user.is_authenticated and current_user.seen_is_old:
            _touch(current_user.session_id)


def _touch(session_id: int) -> None:
    now = utc_now()
    try:
        with transaction() as session:
            session.execute(
                update(LoginSession)
                .where(LoginSession.id == session_id, LoginSession.seen_at < now - SEEN_EVERY)
                .values(seen_at=now)
            )
    except BusyError:  # noting it can wait for the next page; showing this one cannot
        return
