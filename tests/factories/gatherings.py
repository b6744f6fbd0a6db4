"""The supporters' circle: a yes to be seen, a gathering, who comes."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.accounts import Account
from models.circle_meetings import CircleAnswer
from models.gatherings import Gathering, GatheringAttendance, SupporterListing
from models.states import GatheringState
from models.supporters import Supporter
from tests.factories.sequence import MADE_AT
from webapp.clock import PARIS


def make_supporter_listing(session: Session, supporter: Supporter, **values: Any) -> SupporterListing:
    """Let a supporter agree to be seen by the others."""
    listing = SupporterListing(
        **{"supporter_id": supporter.id, "association_id": supporter.association_id, "listed_at": MADE_AT, **values}
    )
    session.add(listing)
    session.flush()
    return listing


def make_gathering(session: Session, association_id: int, host: Account | None = None, **values: Any) -> Gathering:
    """Make a gathering, three weeks ahead unless said otherwise."""
    starts_at = values.setdefault("starts_at", MADE_AT + timedelta(days=21))
    noted = values.get("state") in (GatheringState.HELD, GatheringState.MISSED)
    gathering = Gathering(
        **{
            "association_id": association_id,
            "host_id": host.id if host is not None else None,
            "wall_start": f"{starts_at.astimezone(PARIS):%Y-%m-%dT%H:%M}",
            "zone": "Europe/Paris",
            "minutes": 120,
            "place": "Maison des projets",
            "words": "Dire non sans blesser",
            "report_due_at": starts_at + timedelta(hours=2),
            "updated_at": MADE_AT,
            **({"logged_at": starts_at + timedelta(hours=3)} if noted else {}),
            **values,
        }
    )
    session.add(gathering)
    session.flush()
    return gathering


def make_gathering_attendance(
    session: Session, gathering: Gathering, supporter: Supporter, **values: Any
) -> GatheringAttendance:
    """Let a supporter say that she comes."""
    said = {"answer": CircleAnswer.YES, "answered_at": MADE_AT}
    attendance = GatheringAttendance(
        **{
            "association_id": gathering.association_id,
            "gathering_id": gathering.id,
            "supporter_id": supporter.id,
            **({} if "was_there" in values else said),
            **values,
        }
    )
    session.add(attendance)
    session.flush()
    return attendance
