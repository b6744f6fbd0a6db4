"""Visitors of public sessions."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.states import VisitorState
from models.visitors import Visitor
from models.workshops import WorkshopSession
from tests.factories.sequence import MADE_AT, next_number


def make_visitor(session: Session, workshop_session: WorkshopSession, **values: Any) -> Visitor:
    """Make a visitor who asked and has not confirmed; a confirmed one takes her seat."""
    number = next_number()
    visitor = Visitor(
        **{
            "association_id": workshop_session.association_id,
            "session_id": workshop_session.id,
            "name": f"Camille {number}",
            "email": f"camille{number}@example.org",
            "asked_at": MADE_AT,
            "expires_at": workshop_session.starts_at,
            "erase_at": workshop_session.ends_at + timedelta(days=14),
            **values,
        }
    )
    if visitor.state is VisitorState.CONFIRMED:
        workshop_session.taken += 1
    session.add(visitor)
    session.flush()
    return visitor
