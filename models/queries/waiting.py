"""People who wait, as the clocks look for them: row numbers, of every association at once."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.match_runs import Suggestion
from models.pairings import Pairing
from models.states import LIVE_PAIRING_STATES, EntrepreneurState, SuggestionState

LATEST_ANSWER = timedelta(days=7)
"""How long after the day on which somebody was to come back to a person the clock plans another one by itself."""


def needs_a_day() -> ColumnElement[bool]:
    """Say that nothing under way gives this person a day: her file is open, nobody is with her, nothing is suggested.

    A proposal, a pairing and a suggestion have days of their own; somebody without any of them needs one on her file.
    """
    accompanied = exists().where(Pairing.entrepreneur_id == Entrepreneur.id, Pairing.state.in_(LIVE_PAIRING_STATES))
    suggested = exists().where(Suggestion.entrepreneur_id == Entrepreneur.id, Suggestion.state == SuggestionState.OPEN)
    ready = and_(Entrepreneur.state == EntrepreneurState.READY, ~accompanied, ~suggested)
    return or_(Entrepreneur.state == EntrepreneurState.INCOMPLETE, ready)


# Every tick asks both: they are written once.
_WITHOUT_DAY = (
    select(Entrepreneur.id).where(Entrepreneur.follow_up_on.is_(None), needs_a_day()).order_by(Entrepreneur.id)
)
_KEPT_WAITING = (
    select(Entrepreneur.id)
    .where(Entrepreneur.follow_up_on <= bindparam("last"), needs_a_day())
    .order_by(Entrepreneur.id)
)


def list_without_follow_up(session: Session) -> Sequence[int]:
    """Give the row numbers of the people who need a day and have none."""
    return session.scalars(_WITHOUT_DAY).all()


def list_kept_waiting(session: Session, *, today: date) -> Sequence[int]:
    """Give the row numbers of the people whose day passed a week ago without anybody coming back to them."""
    return session.scalars(_KEPT_WAITING, {"last": today - LATEST_ANSWER}).all()
