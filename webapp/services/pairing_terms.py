"""How long a pairing lasts, and by when the two meet: by network, role and the association's clocks."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association, Network
from models.clocks import SHORT_SUPPORT_MONTHS, SUPPORT_MONTHS, Clock
from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.queries.clocks import get_clocks
from models.queries.meetings import QUARTER
from models.queries.overdue_days import TERM_NOTICE
from models.queries.pairings import find_end_of_path, list_live_pairings_of_entrepreneur, read_paused
from models.states import TOGETHER_PAIRING_STATES, EntrepreneurState, PairingState
from models.supporters import LASTING_ROLES, SupporterRole
from webapp.clock import day_of
from webapp.services.meeting_dates import FURTHEST_DAYS

# One talk a month is the rhythm of the charter (DOMAIN 2.5).
RHYTHM_DAYS = 30
TALKS_A_QUARTER = 3
# A coach gives seven hours to a path (DOMAIN 2.6); the page warns from the sixth.
COACHING_MINUTES = 7 * 60


def give_days_to_meet(session: Session, association_id: int, *, at: datetime) -> datetime:
    """Say by when two who begin, or who lost their date, find one."""
    return at + timedelta(days=get_clocks(session, association_id)[Clock.FIRST_MEETING])


def give_furthest_days(clocks: Mapping[Clock, int]) -> int:
    """Say how far away a date to meet may be: never nearer than the day by which the two are asked to meet."""
    return max(FURTHEST_DAYS, clocks[Clock.FIRST_MEETING])


def build_beginning(session: Session, association: Association, pairing: Pairing, *, at: datetime) -> dict[str, Any]:
    """Give what a pairing gets with the yes: by when to meet, its term, and the hours of a coach.

    A path with coaches has one end: another coach on the way goes on until the day that was the first one's.
    """
    role, term = pairing.role, term_of(association, pairing.role, began=day_of(at))
    if role is SupporterRole.COACH:
        term = find_end_of_path(session, pairing.entrepreneur_id, after=day_of(at)) or term
    return {
        "next_meeting_due_at": give_days_to_meet(session, association.id, at=at),
        "ends_on": term,
        "budget_minutes": COACHING_MINUTES if role is SupporterRole.COACH else None,
    }


def build_ending(
    session: Session,
    association: Association,
    person: Entrepreneur,
    pairing: Pairing,
    *,
    wants_other: bool | None,
    at: datetime,
) -> dict[str, Any]:
    """Give what a pairing gets with its end, and set what the person waits for; she and the pairing are locked.

    Who wants nobody else in this role is not looked for any more. Who does waits from today on: months with somebody
    were no waiting, unless she waits for another role as well.
    """
    if wants_other is False:
        person.wanted_roles = [role for role in person.wanted_roles if role != pairing.role.value]
    elif person.state is EntrepreneurState.READY and not _waits_for_another(session, person, pairing.role):
        person.waiting_since = day_of(at)
    return {"wants_other": wants_other, "closing_due_at": at + timedelta(days=association.follow_up_days)}


def _waits_for_another(session: Session, person: Entrepreneur, role: SupporterRole) -> bool:
    served = {pairing.role.value for pairing in list_live_pairings_of_entrepreneur(session, person.id)}
    return bool(set(person.wanted_roles) - served - {role.value})


def count_expected(session: Session, pairing: Pairing, *, at: datetime) -> int:
    """Say how many talks two who meet once a month would have had by now, in the last three months; none in a pause."""
    if pairing.state is not PairingState.ACTIVE or pairing.role not in LASTING_ROLES or pairing.answered_at is None:
        return 0
    began = max(pairing.answered_at, at - QUARTER)
    together = at - began
    if together.days >= RHYTHM_DAYS:
        together -= read_paused(session, pairing.id, start=began, end=at)
    return min(together.days // RHYTHM_DAYS, TALKS_A_QUARTER)


def term_of(association: Association, role: SupporterRole, *, began: date) -> date:
    """Give the last day of a pairing: by network for mentors and coaches, half a year for short help."""
    months = SUPPORT_MONTHS[association.network.value] if role in LASTING_ROLES else SHORT_SUPPORT_MONTHS
    return add_months(began, months)


def may_extend(association: Association, role: SupporterRole) -> bool:
    """Say whether a time together may be made longer: a path of rebound has its 24 months at most (DOMAIN 2.6)."""
    is_rebound = association.network is Network.REBONDS and role in LASTING_ROLES
    return not is_rebound and role is not SupporterRole.COACH


def is_term_over(pairing: Pairing, *, at: datetime) -> bool:
    """Say whether two go on though the time that they agreed on is over."""
    return _ends_before(pairing, day_of(at))


def is_term_near(pairing: Pairing, *, at: datetime) -> bool:
    """Say whether the time that two agreed on is over, or will be within the month in which everybody is told."""
    return _ends_before(pairing, day_of(at) + TERM_NOTICE)


def _ends_before(pairing: Pairing, day: date) -> bool:
    is_before = pairing.ends_on is not None and pairing.ends_on < day
    return is_before and pairing.state in TOGETHER_PAIRING_STATES


def add_months(day: date, months: int) -> date:
    """Give the same day some months later, or the last day of a month that is too short for it."""
    months_since_zero = day.year * 12 + day.month - 1 + months
    first = date(months_since_zero // 12, months_since_zero % 12 + 1, 1)
    following = date((months_since_zero + 1) // 12, (months_since_zero + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
