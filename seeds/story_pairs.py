"""What pairs of the demo do after the yes: they sign, meet, note it, or still look for a date."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

from models.charters import CharterParty
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.meetings import MeetingFormat
from models.names import full_name
from models.queries.charters import find_charter
from models.queries.meetings import find_meeting_to_come
from models.queries.pairings import get_pairing
from models.supporters import Supporter
from webapp.clock import day_of
from webapp.permissions import Actor
from webapp.services.charters import note_paper_signature, sign_charter
from webapp.services.meeting_dates import ProposedDate, list_instants
from webapp.services.meetings import MeetingPlan, confirm_meeting, log_meeting, propose_meeting

# Below the first they have met, below the second signed too; above the third a date is agreed, else still looked for.
MET, SIGNED, AGREED = 0.5, 0.3, 0.58
NEXT_STEP = "Préparer ensemble le plan de trésorerie des trois prochains mois."
EVENING, MORNING = time(18), time(9, 30)

Move = Callable[[datetime], object]


def tell_life(pairing_id: UUID, *, supporter: Actor, coordinator: Actor, fate: float) -> Iterator[tuple[int, Move]]:
    """Give what happens some days after a yes. The same fate gives the same life."""
    if fate < SIGNED:
        yield 3, lambda at: _sign(pairing_id, supporter, coordinator, at)
    if fate < MET:
        yield (
            5,
            lambda at: log_meeting(
                pairing_id=pairing_id,
                day=day_of(at),
                minutes=60,
                next_step=NEXT_STEP,
                actor=supporter,
                at=at,
            ),
        )
    else:
        yield 2, lambda at: propose_meeting(pairing_id=pairing_id, plan=_plan(at), actor=supporter, at=at)
        if fate > AGREED:
            yield 3, lambda at: _agree(pairing_id, at)


def _agree(pairing_id: UUID, at: datetime) -> None:
    """Let the entrepreneur choose the first of the dates."""
    session = db.session()
    pairing = get_pairing(session, pairing_id)
    meeting = find_meeting_to_come(session, pairing.id)
    if meeting is not None:
        person = Actor(account_id=None, entrepreneur_ids=frozenset({pairing.entrepreneur_id}))
        confirm_meeting(meeting_id=meeting.public_id, starts_at=list_instants(meeting)[0], actor=person, at=at)


def _plan(at: datetime) -> MeetingPlan:
    day = day_of(at)
    dates = (
        ProposedDate(day=day + timedelta(days=12), hour=EVENING),
        ProposedDate(day=day + timedelta(days=15), hour=MORNING),
    )
    return MeetingPlan(dates=dates, format=MeetingFormat.ONLINE)


def _sign(pairing_id: UUID, supporter: Actor, coordinator: Actor, at: datetime) -> None:
    """Let all three sign, the entrepreneur on paper; short help has no charter."""
    session = db.session()
    pairing = get_pairing(session, pairing_id)
    if find_charter(session, pairing.id) is None:
        return
    person = full_name(session.get_one(Entrepreneur, pairing.entrepreneur_id))
    helper = full_name(session.get_one(Supporter, pairing.supporter_id))
    paper = CharterParty.ENTREPRENEUR
    sign_charter(pairing_id=pairing_id, name=helper, actor=supporter, at=at)
    note_paper_signature(pairing_id=pairing_id, party=paper, name=person, actor=coordinator, at=at)
    sign_charter(pairing_id=pairing_id, name=coordinator.name or "Coordination", actor=coordinator, at=at)
