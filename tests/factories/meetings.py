"""Meetings of a pairing."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.meetings import Meeting, MeetingFormat, MeetingSide
from models.pairings import Pairing
from models.states import MeetingState
from tests.factories.sequence import MADE_AT

SLOT = {"starts_at": "2026-12-08T17:00:00+00:00", "wall": "2026-12-08T18:00", "zone": "Europe/Paris"}


def make_meeting(session: Session, pairing: Pairing, **values: Any) -> Meeting:
    """Make a meeting with one date proposed by the supporter; in later states that date is the one agreed."""
    state = values.get("state", MeetingState.PROPOSED)
    start = MADE_AT + timedelta(days=7)
    dated = {} if state is MeetingState.PROPOSED else {"starts_at": start, "wall_start": f"{start:%Y-%m-%dT%H:%M}"}
    if state is MeetingState.CONFIRMED:
        dated["report_due_at"] = start + timedelta(days=3)
    logged = {"logged_at": start, "logged_by": MeetingSide.SUPPORTER}
    meeting = Meeting(
        **{
            "association_id": pairing.association_id,
            "pairing_id": pairing.id,
            "format": MeetingFormat.PHONE,
            "slots": [SLOT],
            "proposed_by": MeetingSide.SUPPORTER,
            "proposed_at": MADE_AT,
            "answer_due_at": MADE_AT + timedelta(days=5),
            "updated_at": MADE_AT,
            **dated,
            **(logged if state in (MeetingState.HELD, MeetingState.MISSED) else {}),
            **values,
        }
    )
    session.add(meeting)
    session.flush()
    return meeting
