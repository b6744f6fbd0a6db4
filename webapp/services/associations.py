"""Associations: made by those who run the service; how they are reached is said by who coordinates them."""

import logging
import re
from dataclasses import astuple, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from models.associations import Association, Network
from models.audit import AuditEvent
from models.db import retried, transaction
from models.exceptions import InvalidInputError, PermissionDeniedError
from models.queries.associations import get_association_by_public_id
from webapp.permissions import Actor, Permission, require

logger = logging.getLogger(__name__)

MOST_EMAIL, MOST_PHONE, MOST_ADDRESS = 254, 32, 255
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
TELEPHONE = re.compile(r"\+?[\d][\d .()-]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociationContact:
    """How everybody may reach an association; what is empty is not said."""

    email: str = ""
    phone: str = ""
    address: str = ""


@retried
def create_association(
    *, slug: str, name: str, network: Network, department: str | None, actor: Actor, at: datetime
) -> UUID:
    """Make an association.

    Raises InvalidInputError if the slug is in use, or PermissionDeniedError.
    """
    if not actor.is_system:
        raise PermissionDeniedError(permission="association:create")
    with transaction() as session:
        association = Association(slug=slug, name=name, network=network, department=department, created_at=at)
        session.add(association)
        try:
            session.flush()
        except IntegrityError as error:
            raise InvalidInputError(field="slug", value=slug, expected="a slug that no association has yet") from error
        public_id = association.public_id
    logger.info("association created", extra={"association_id": public_id})
    return public_id


@retried
def set_contact(*, association_id: UUID, contact: AssociationContact, actor: Actor, at: datetime) -> None:
    """Say how everybody may reach an association. The same again changes nothing.

    Raises NotFoundError, PermissionDeniedError or InvalidInputError.
    """
    email, phone, address = (" ".join(text.split()) for text in astuple(contact))
    _check_contact(email, phone, address)
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.ASSOCIATION_RUN, association)
        if (association.email, association.phone, association.address) == (email, phone, address):
            return
        association.email, association.phone, association.address = email, phone, address
        session.add(
            AuditEvent(
                association_id=association.id,
                record="association",
                record_id=association.id,
                action="set_contact",
                actor_id=actor.account_id,
                at=at,
                note="",
            )
        )
    logger.info("association contact set", extra={"association_id": str(association_id)})


def _check_contact(email: str, phone: str, address: str) -> None:
    if email and not (len(email) <= MOST_EMAIL and MAIL.fullmatch(email)):
        raise InvalidInputError(field="house_email")
    if phone and not (len(phone) <= MOST_PHONE and TELEPHONE.fullmatch(phone)):
        raise InvalidInputError(field="house_phone")
    if len(address) > MOST_ADDRESS:
        raise InvalidInputError(field="house_address")
