"""Reads of charters."""

from functools import cache

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session, joinedload, undefer

from models.charters import Charter, CharterParty, CharterSignature
from models.pairings import Pairing
from models.states import CharterState


def find_unsigned_by_person(session: Session, entrepreneur_id: int) -> Charter | None:
    """Give the first open charter that a person has not signed herself, with its pairing's address."""
    signed = exists().where(
        CharterSignature.charter_id == Charter.id, CharterSignature.party == CharterParty.ENTREPRENEUR
    )
    return session.scalar(
        select(Charter)
        .join(Pairing, Pairing.id == Charter.pairing_id)
        .where(Pairing.entrepreneur_id == entrepreneur_id, Charter.state == CharterState.OPEN, ~signed)
        .order_by(Charter.due_at, Charter.id)
        .limit(1)
    )


def find_charter(session: Session, pairing_id: int, *, with_document: bool = False) -> Charter | None:
    """Give the charter of a pairing with its signatures, as it is now; its PDF only when asked for."""
    return session.scalars(_select_of_pairing(with_document), {"pairing": pairing_id}).unique().one_or_none()


@cache
def _select_of_pairing(with_document: bool) -> Select[Charter]:
    """Write the statement once: each signature asks it several times."""
    chosen = select(Charter).where(Charter.pairing_id == bindparam("pairing")).options(joinedload(Charter.signatures))
    if with_document:
        chosen = chosen.options(undefer(Charter.pdf))
    return chosen.execution_options(populate_existing=True)
