"""Who runs an association."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account, Coordinator
from models.workshops import WorkshopSession


def list_coordinators(session: Session, association_id: int) -> Sequence[Account]:
    """Give the active accounts that run an association, the first named first."""
    return session.scalars(
        select(Account)
        .join(Coordinator, Coordinator.account_id == Account.id)
        .where(Coordinator.association_id == association_id, Account.is_active)
        .order_by(Coordinator.id)
    ).all()


def has_lost_its_organiser(session: Session, workshop: WorkshopSession) -> bool:
    """Say whether a session's organiser can sign in no more, or no longer runs its association."""
    if workshop.organiser_id is None:
        return False
    present = {account.id for account in list_coordinators(session, workshop.association_id)}
    return workshop.organiser_id not in present
