"""Associations: made by those who run the service."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from models.associations import Association, Network
from models.db import retried, transaction
from models.exceptions import InvalidInputError, PermissionDeniedError
from webapp.permissions import Actor

logger = logging.getLogger(__name__)


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
