"""Wishes to be forgotten."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure, ErasureGround
from tests.factories.sequence import MADE_AT


def make_erasure(session: Session, person: Entrepreneur, **values: Any) -> Erasure:
    """Make a wish that a coordinator wrote down for a person, a day before it is carried out."""
    erasure = Erasure(
        **{
            "association_id": person.association_id,
            "entrepreneur_id": person.id,
            "ground": ErasureGround.BY_TELEPHONE,
            "asked_at": MADE_AT,
            "due_at": MADE_AT + timedelta(days=1),
            "mail_ids": [],
            **values,
        }
    )
    session.add(erasure)
    session.flush()
    return erasure
