"""Who runs an association."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.accounts import Account, Coordinator
from models.associations import Association
from models.search import fold
from models.workshops import WorkshopSession

# Whatever is told to an association asks this: it is written once.
_OF_ASSOCIATION = (
    select(Account)
    .join(Coordinator, Coordinator.account_id == Account.id)
    .where(Coordinator.association_id == bindparam("association"), Account.is_active)
    .order_by(Coordinator.id)
)


def list_coordinators(session: Session, association_id: int) -> Sequence[Account]:
    """Give the active accounts that run an association, the first named first."""
    return session.scalars(_OF_ASSOCIATION, {"association": association_id}).all()


def list_coordinated(session: Session, account_id: int) -> list[Association]:
    """Give the associations that an account runs, by name."""
    rows = (
        select(Association)
        .join(Coordinator, Coordinator.association_id == Association.id)
        .where(Coordinator.account_id == account_id)
        .order_by(Association.id)
    )
    return sorted(session.scalars(rows), key=lambda one: fold(one.name))


def has_no_organiser(session: Session, workshop: WorkshopSession) -> bool:
    """Say whether a session has no organiser, or one who can sign in no more or no longer runs its association."""
    present = {account.id for account in list_coordinators(session, workshop.association_id)}
    return workshop.organiser_id not in present
