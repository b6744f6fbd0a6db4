"""Associations, however a caller knows them: by row number, by public id, by slug."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.associations import Association
from models.exceptions import NotFoundError
from models.search import fold


def get_association(session: Session, association_id: int) -> Association:
    """Give an association by row number.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    association = session.get(Association, association_id)
    if association is None:
        raise NotFoundError(record="Association")
    return association


def get_association_by_public_id(session: Session, public_id: UUID) -> Association:
    """Give an association.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    association = session.scalar(select(Association).where(Association.public_id == public_id))
    if association is None:
        raise NotFoundError(record="Association")
    return association


def get_association_by_slug(session: Session, slug: str) -> Association:
    """Give an association.

    Raises
    ------
    NotFoundError
        If none has this slug; the facts list those there are.
    """
    found = session.scalar(select(Association).where(Association.slug == slug))
    if found is None:
        known = ", ".join(session.scalars(select(Association.slug).order_by(Association.slug).limit(20)))
        raise NotFoundError(record="association", slug=slug, known=known)
    return found


def list_associations(session: Session, *, department: str | None = None) -> Sequence[Association]:
    """List the associations by name: those of a department, or every one when it has none of its own."""
    rows = sorted(session.scalars(select(Association).order_by(Association.id)), key=lambda one: fold(one.name))
    near = [one for one in rows if department is not None and one.department == department]
    return near or rows
