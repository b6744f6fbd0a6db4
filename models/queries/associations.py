"""Associations by their slug."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.associations import Association
from models.exceptions import NotFoundError


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
    rows = session.scalars(select(Association).order_by(Association.name)).all()
    near = [one for one in rows if department is not None and one.department == department]
    return near or rows
