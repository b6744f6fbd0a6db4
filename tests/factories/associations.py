"""Associations and weights."""

from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association, Network, WeightVersion
from tests.factories.sequence import MADE_AT, next_number


def make_association(session: Session, **values: Any) -> Association:
    """Make an association of Initiative France."""
    number = next_number()
    association = Association(
        **{
            "slug": f"association-{number}",
            "name": f"Initiative Exemple {number}",
            "network": Network.INITIATIVE_FRANCE,
            "department": "93",
            "created_at": MADE_AT,
            **values,
        }
    )
    session.add(association)
    session.flush()
    return association


def make_weight_version(session: Session, **values: Any) -> WeightVersion:
    """Make a version of the national weights."""
    version = WeightVersion(**{"number": next_number(), "weights": {}, "published_at": MADE_AT, **values})
    session.add(version)
    session.flush()
    return version
