"""What care asks of a person next: a call to come, her space with her coach, and three taps once a month.

Whether she took the three taps is kept nowhere: the month itself offers them, for a week.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.queries.care import KnownHandover, find_live_handover, list_coachings
from models.queries.presence import Presence
from models.states import TOGETHER_PAIRING_STATES, CoachingFileState
from webapp.clock import PARIS
from webapp.services.coaching import CoachingView, build_view

OFFERED_DAYS = 7
LAST_COMMON_DAY = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class CareNews:
    """A call to come, a coach with whom no space is open yet, and a look at herself that is due."""

    call: KnownHandover | None = None
    opening: Pairing | None = None
    look: CoachingView | None = None


def read_care(session: Session, entrepreneur: Entrepreneur, has: Presence, *, at: datetime) -> CareNews:
    """Read what care asks of a person, for herself."""
    coachings = list_coachings(session, entrepreneur.id) if has.coaching else []
    opening = next(
        (one.pairing for one in coachings if one.file is None and one.pairing.state in TOGETHER_PAIRING_STATES), None
    )
    opened = [one.file for one in coachings if one.file is not None and one.file.state is CoachingFileState.OPEN]
    views = [build_view(session, file, at=at) for file in opened]
    dated = [(view.due_on, view) for view in views if view.due_on is not None]
    look = min(dated, key=lambda one: one[0], default=(None, None))[1]
    call = find_live_handover(session, entrepreneur.id) if has.call else None
    return CareNews(call=call, opening=opening, look=look)


def find_check_in_day(since: datetime, *, today: date) -> date | None:
    """Give the last day of this month's week of three taps, if today is in it; it begins on the day she came."""
    first = today.replace(day=min(since.astimezone(PARIS).day, LAST_COMMON_DAY))
    if first > today:
        first = (first.replace(day=1) - timedelta(days=1)).replace(day=first.day)
    last = first + timedelta(days=OFFERED_DAYS - 1)
    return last if today <= last else None
