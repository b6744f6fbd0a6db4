"""First interviews."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.interviews import Interview
from tests.factories.sequence import MADE_AT


def make_interview(session: Session, entrepreneur: Entrepreneur, **values: Any) -> Interview:
    """Make an interview that is to be held within two weeks of the day on which everything is made."""
    interview = Interview(
        **{
            "association_id": entrepreneur.association_id,
            "entrepreneur_id": entrepreneur.id,
            "opens_on": MADE_AT.date(),
            "due_at": MADE_AT + timedelta(days=30),
            "planned_at": MADE_AT,
            "updated_at": MADE_AT,
            **values,
        }
    )
    session.add(interview)
    session.flush()
    return interview
