"""How often signing in was tried, by address and by place: counted before the password is looked at.

A row counts one key in one window of time; an attempt is taken by a conditional update, so that attempts sent at once
cannot slip through together.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.accounts import SignInAttempt
from models.exceptions import TooManyAttemptsError, TooManySignInsError

WINDOW = timedelta(minutes=15)
PER_ADDRESS = 8
PER_PLACE = 40
RESETS_PER_ADDRESS, RESETS_PER_DAY, RESETS_PER_PLACE = 3, 8, 20
KEPT_FOR = timedelta(days=1)


def take_attempts(
    session: Session,
    keys: dict[str, int],
    *,
    at: datetime,
    window: timedelta = WINDOW,
    refusal: type[TooManyAttemptsError] = TooManySignInsError,
) -> None:
    """Count one attempt for each key, up to its limit; a window is a day at most, as rows are kept no longer.

    Raises
    ------
    TooManyAttemptsError
        If one of them is used up, as the `refusal` of what was tried; `retry_at` says until when.
    """
    for key, limit in sorted(keys.items()):
        if not try_attempt(session, key, limit=limit, at=at, window=window):
            raise refusal(retry_at=window_start(at, window) + window)


def try_attempt(session: Session, key: str, *, limit: int, at: datetime, window: timedelta = WINDOW) -> bool:
    """Count one attempt unless the limit of this window is reached; say whether it was counted."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    taken = session.execute(
        insert(SignInAttempt)
        .values(key_hash=key, window_start=window_start(at, window), failures=1)
        .on_conflict_do_update(
            index_elements=["key_hash", "window_start"],
            set_={"failures": SignInAttempt.failures + 1},
            where=SignInAttempt.failures < limit,
        )
        .returning(SignInAttempt.failures)
    ).scalar_one_or_none()
    return taken is not None


def give_back(session: Session, *, address: str, place: str, at: datetime) -> None:
    """After a success, forget the failures of the address and the one attempt counted for the place."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.key_hash == address))
    session.execute(
        update(SignInAttempt)
        .where(SignInAttempt.key_hash == place, SignInAttempt.window_start == window_start(at))
        .values(failures=case((SignInAttempt.failures > 0, SignInAttempt.failures - 1), else_=0))
    )
    session.execute(delete(SignInAttempt).where(SignInAttempt.window_start < at - KEPT_FOR))


def window_start(at: datetime, window: timedelta = WINDOW) -> datetime:
    """Give the beginning of the window of time that an instant is in."""
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=UTC)


def address_key(email: str, *, purpose: str = "sign-in") -> str:
    """Give the key of an email address."""
    return _hash(f"{purpose}:address:{email.strip().lower()}")


def place_key(place: str, *, purpose: str = "") -> str:
    """Give the key of a network address; one household has a whole IPv6 /64."""
    try:
        found = ip_address(place)
    except ValueError:
        return _hash(f"{purpose}place:{place}")
    whole = ip_network((found, 64), strict=False) if isinstance(found, IPv6Address) else found
    return _hash(f"{purpose}place:{whole}")


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
