"""Reads of charters."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from models.charters import Charter


def find_charter(session: Session, pairing_id: int, *, with_document: bool = False) -> Charter | None:
    """Give the charter of a pairing with its signatures, as it is now; its PDF only when asked for."""
    chosen = select(Charter).where(Charter.pairing_id == pairing_id).options(selectinload(Charter.signatures))
    if with_document:
        chosen = chosen.options(undefer(Charter.pdf))
    return session.scalar(chosen.execution_options(populate_existing=True))
