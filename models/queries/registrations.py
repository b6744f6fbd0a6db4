"""Registrations that wait for their confirmation, and whether their address has a file already."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.registrations import Registration
from models.states import EntrepreneurState


def find_registration(session: Session, *, token_hash: str, at: datetime) -> Registration | None:
    """Give the registration that a live link confirms."""
    return session.scalar(
        select(Registration).where(Registration.token_hash == token_hash, Registration.expires_at > at)
    )


def find_file_of(session: Session, *, association_id: int, email: str, account_id: int | None) -> Entrepreneur | None:
    """Give the file that an association has of a person: by her account, else by her address; an open one first."""
    named = Entrepreneur.email == email
    if account_id is not None:
        named = or_(named, Entrepreneur.account_id == account_id)
    return session.scalar(
        select(Entrepreneur)
        .where(Entrepreneur.association_id == association_id, named)
        .order_by(Entrepreneur.state == EntrepreneurState.CLOSED, Entrepreneur.id.desc())
        .limit(1)
    )
