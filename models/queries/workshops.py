"""Workshop sessions as services need them: read, or locked to decide on."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from models.exceptions import NotFoundError
from models.workshops import WorkshopSession

# Every booking asks these: they are written once, and read a session as it is now.
_WITH_ADDRESS = (
    select(WorkshopSession)
    .where(WorkshopSession.public_id == bindparam("address"))
    .execution_options(populate_existing=True)
)
_TO_LOCK = (
    select(WorkshopSession)
    .where(WorkshopSession.id == bindparam("number"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def get_workshop_session(session: Session, public_id: UUID) -> WorkshopSession:
    """Get a session as it is now, without locking it.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(_WITH_ADDRESS, {"address": public_id})
    if found is None:
        raise NotFoundError(record="WorkshopSession")
    return found


def find_session_with_theme(session: Session, session_id: int) -> WorkshopSession:
    """Give a session by its row number, with its theme."""
    return session.scalars(
        select(WorkshopSession).where(WorkshopSession.id == session_id).options(joinedload(WorkshopSession.theme))
    ).one()


def lock_workshop_session(session: Session, session_id: int) -> WorkshopSession:
    """Lock a session's row: nobody else changes its seats or its waiting list until this transaction ends."""
    return session.scalars(_TO_LOCK, {"number": session_id}).one()
