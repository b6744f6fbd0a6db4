"""When a message leaves: at once, after the quiet hours, with the next summary, or never, as the person chose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from models.correspondence import (
    GROUPS,
    USUAL_QUIET_FROM,
    USUAL_QUIET_UNTIL,
    USUAL_WAYS,
    MailGroup,
    MailPreference,
    MailWay,
)
from models.messages import MessageKind
from models.states import MessageState
from webapp.clock import PARIS, day_of

SOON = timedelta(hours=48)
SUMMARY_HOUR = 8
"""A summary leaves in the morning, whatever the quiet hours: it is made just after midnight."""
TOO_LATE = timedelta(days=1)
"""A summary that comes less than this before a date is not waited for."""
TELLS_A_DATE = frozenset(
    {MessageKind.SESSION_CHANGED, MessageKind.SESSION_CANCELLED, MessageKind.SESSION_SURE}
    | {MessageKind.MEETING_CONFIRMED, MessageKind.MEETING_CANCELLED}
    | {MessageKind.CIRCLE_MEETING_MOVED, MessageKind.CIRCLE_MEETING_CANCELLED}
    | {MessageKind.GATHERING_CHANGED, MessageKind.GATHERING_CANCELLED, MessageKind.GATHERING_PLANNED}
    | {MessageKind.PEER_CHANGED, MessageKind.INTERVIEW_PLANNED}
)

BY_DAY = frozenset({MessageKind.SESSION_REMINDER})
"""Always a mail of its own, because a summary would be too late, but not one that anybody needs at night."""

IN_SERIES = frozenset({MessageKind.PAIRING_EXPIRED, MessageKind.CIRCLE_ANSWERED})
"""News for the desk of which one day brings several, as time makes them: in one mail, whatever a coordinator chose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """In which state a message begins, and when something happens to it next."""

    state: MessageState
    at: datetime


def plan_delivery(
    kind: MessageKind,
    facts: Mapping[str, object],
    *,
    preference: MailPreference | None,
    is_gathered: bool,
    at: datetime,
    at_desk: bool = False,
) -> Delivery:
    """Say when a message leaves. One that no summary can gather (no account, no association) leaves by itself.

    One that tells of a place that is held until an answer leaves at once, whatever else it tells. What two people do
    is news of their own to them; told `at_desk`, to who coordinates many pairs, it goes the way of the desk.
    """
    if kind is MessageKind.DIGEST:
        morning = end_of_quiet(at, quiet_from=0, quiet_until=SUMMARY_HOUR)
        return Delivery(state=MessageState.QUEUED, at=_awake(preference, morning))
    if kind in BY_DAY:
        return Delivery(state=MessageState.QUEUED, at=_awake(preference, at))
    group, first = _group(kind, facts, at_desk=at_desk), _first_date(kind, facts)
    if group is None or "offer_until" in facts or (first is not None and first - at <= SOON):
        return Delivery(state=MessageState.QUEUED, at=at)
    is_series = group is MailGroup.DESK and kind in IN_SERIES
    way = MailWay.EACH if not is_gathered else MailWay.DAILY if is_series else _way(preference, group)
    if way is MailWay.IN_APP:
        return Delivery(state=MessageState.KEPT, at=at)
    if way is MailWay.EACH or (first is not None and first - next_summary(at, way) < TOO_LATE):
        return Delivery(state=MessageState.QUEUED, at=_awake(preference, at))
    if group is MailGroup.DESK and not at_desk:
        return Delivery(state=MessageState.HELD, at=at)  # the clock wrote it, for the summary of the same tick
    return Delivery(state=MessageState.HELD, at=next_summary(at, way))


def end_of_quiet(at: datetime, *, quiet_from: int, quiet_until: int) -> datetime:
    """Give the end of the quiet hours that an instant is in, on a clock in France, else the instant itself."""
    local = at.astimezone(PARIS)
    over_midnight = quiet_from > quiet_until
    before_the_end, after_the_start = local.hour < quiet_until, local.hour >= quiet_from
    is_quiet = (before_the_end or after_the_start) if over_midnight else (before_the_end and after_the_start)
    if not is_quiet:
        return at
    day = local.date() if before_the_end else local.date() + timedelta(days=1)
    return datetime.combine(day, time(quiet_until), PARIS).astimezone(UTC)


def next_summary(at: datetime, way: MailWay) -> datetime:
    """Give the beginning of the day whose summary tells what happens now: tomorrow, or the next Monday."""
    today = day_of(at)
    days = 7 - today.weekday() if way is MailWay.WEEKLY else 1
    return datetime.combine(today + timedelta(days=days), time(), PARIS).astimezone(UTC)


def _awake(preference: MailPreference | None, at: datetime) -> datetime:
    quiet_from = preference.quiet_from if preference is not None else USUAL_QUIET_FROM
    quiet_until = preference.quiet_until if preference is not None else USUAL_QUIET_UNTIL
    return end_of_quiet(at, quiet_from=quiet_from, quiet_until=quiet_until)


def _group(kind: MessageKind, facts: Mapping[str, object], *, at_desk: bool) -> MailGroup | None:
    # A yes with dates is more than news: they wait for a choice.
    group = MailGroup.ASKS if facts.get("has_dates") else GROUPS.get(kind)
    return MailGroup.DESK if at_desk and group is MailGroup.PAIRS else group


def _way(preference: MailPreference | None, group: MailGroup) -> MailWay:
    return preference.way_of(group) if preference is not None else USUAL_WAYS[group]


def _first_date(kind: MessageKind, facts: Mapping[str, object]) -> datetime | None:
    """Give the first date that a message tells of: one that is agreed, or `lost_at`, one that no longer holds.

    Somebody may be on her way to either.
    """
    told = (facts.get("lost_at"), facts.get("starts_at") if kind in TELLS_A_DATE else None)
    return min((one for one in told if isinstance(one, datetime)), default=None)
