"""What is past its day of the calendar in France, of every association at once: one select per kind of notice.

A day begins at midnight there, whatever the server's zone; what is past an instant is in `models.queries.overdue`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, bindparam, exists, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from models.days import PARIS, day_of
from models.entrepreneurs import Entrepreneur
from models.interviews import Interview
from models.match_runs import Suggestion, UnmatchedNeed
from models.notices import Notice, NoticeKind
from models.pairings import Pairing
from models.queries.overdue import Overdue, is_to_hold, select_overdue
from models.queries.waiting import needs_a_day
from models.states import TOGETHER_PAIRING_STATES, EntrepreneurState, SupporterState
from models.supporters import PAPERS_NOTICE, Supporter

TERM_NOTICE = timedelta(days=30)
"""How long before its last day a path is told to be near its end."""
READY_NOTICE = timedelta(days=14)
"""How long somebody may be ready without a match run that looks for her, before her coordinators are told."""
AWAY_NOTICE = timedelta(days=7)
"""How long after the day on which a supporter was to be back her coordinators are told that she said nothing."""
_NOTICED = select(Notice.kind, Notice.subject_id, Notice.due_at).where(
    Notice.kind.in_(bindparam("kinds", expanding=True)), Notice.due_at >= bindparam("first")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMatter:
    """What is past its day for one kind of notice: the rows with their day, and when that is noticed.

    It is due so many days `earlier` than the day in the row, and is noticed once it is `past` that for so long.
    """

    rows: Callable[[], Select[Any]]
    earlier: timedelta = timedelta()
    past: timedelta = timedelta()

    def find_last(self, today: date) -> date:
        """Give the last day in a row that is noticed today."""
        return today + self.earlier - self.past

    def find_instant(self, day: date) -> datetime:
        """Give the instant at which a row with this day is due."""
        return datetime.combine(day - self.earlier, time(), PARIS).astimezone(UTC)


def list_days_due(session: Session, kinds: Sequence[NoticeKind], *, at: datetime) -> list[tuple[NoticeKind, Overdue]]:
    """Give what is past its day and was not noticed for that day yet: kind by kind as named, in each by row number."""
    lasts = {str(kind): DAY_MATTERS[kind].find_last(day_of(at)) for kind in kinds}
    found: list[tuple[NoticeKind, Overdue]] = []
    for name, record_id, subject_id, association_id, day in session.execute(_select_due(tuple(kinds)), lasts):
        kind = NoticeKind(name)
        due_at = DAY_MATTERS[kind].find_instant(day)
        overdue = Overdue(record_id=record_id, subject_id=subject_id, association_id=association_id, due_at=due_at)
        found.append((kind, overdue))
    return sorted(_leave_out_noticed(session, found), key=lambda one: (kinds.index(one[0]), one[1].record_id))


def _leave_out_noticed(
    session: Session, found: Sequence[tuple[NoticeKind, Overdue]]
) -> Iterable[tuple[NoticeKind, Overdue]]:
    if not found:
        return []
    asked = {"kinds": sorted({kind for kind, _ in found}), "first": min(one.due_at for _, one in found)}
    noticed = {(kind, subject_id, due_at) for kind, subject_id, due_at in session.execute(_NOTICED, asked)}
    return [(kind, one) for kind, one in found if (kind, one.subject_id, one.due_at) not in noticed]


@cache
def _select_due(kinds: tuple[NoticeKind, ...]) -> CompoundSelect[Any]:
    """Write the statement once: every tick asks it again, of the last day of each kind."""
    return union_all(*(_select_kind(kind) for kind in kinds))


def _select_kind(kind: NoticeKind) -> Select[Any]:
    rows = DAY_MATTERS[kind].rows()
    day = rows.selected_columns[3]
    due = rows.where(day <= bindparam(str(kind), type_=Date()))
    return due.with_only_columns(literal(str(kind)).label("kind"), *rows.selected_columns, maintain_column_froms=True)


def _kept_waiting() -> Select[Any]:
    return select_overdue(Entrepreneur, Entrepreneur.follow_up_on, needs_a_day())


def _never_matched() -> Select[Any]:
    suggested = exists().where(Suggestion.entrepreneur_id == Entrepreneur.id)
    looked_at = exists().where(UnmatchedNeed.entrepreneur_id == Entrepreneur.id)
    is_ready = Entrepreneur.state == EntrepreneurState.READY
    return select_overdue(Entrepreneur, Entrepreneur.waiting_since, is_ready, needs_a_day(), ~suggested, ~looked_at)


def _put_off() -> Select[Any]:
    """Select the interviews that were put off until a day."""
    before = aliased(Interview)
    put_off = exists().where(before.entrepreneur_id == Interview.entrepreneur_id, before.again_on == Interview.opens_on)
    return select_overdue(Interview, Interview.opens_on, is_to_hold(), put_off)


def _together() -> Select[Any]:
    return select_overdue(Pairing, Pairing.ends_on, Pairing.state.in_(TOGETHER_PAIRING_STATES))


def _trained() -> Select[Any]:
    return select_overdue(Supporter, Supporter.training_until, Supporter.state != SupporterState.LEFT)


def _insured() -> Select[Any]:
    return select_overdue(Supporter, Supporter.insurance_until, Supporter.state != SupporterState.LEFT)


def _away() -> Select[Any]:
    return select_overdue(Supporter, Supporter.back_on, Supporter.state == SupporterState.PAUSED)


DAY_MATTERS: Mapping[NoticeKind, DayMatter] = MappingProxyType(
    {
        NoticeKind.NEWS_DUE: DayMatter(rows=_kept_waiting),
        NoticeKind.NEVER_MATCHED: DayMatter(rows=_never_matched, earlier=-READY_NOTICE),
        NoticeKind.INTERVIEW_AGAIN: DayMatter(rows=_put_off),
        NoticeKind.TERM_NEAR: DayMatter(rows=_together, earlier=TERM_NOTICE),
        # The last day is still one of theirs.
        NoticeKind.TERM_OVER: DayMatter(rows=_together, earlier=timedelta(days=-1)),
        NoticeKind.TRAINING_ENDS: DayMatter(rows=_trained, earlier=PAPERS_NOTICE),
        NoticeKind.INSURANCE_ENDS: DayMatter(rows=_insured, earlier=PAPERS_NOTICE),
        NoticeKind.AVAILABLE_AGAIN: DayMatter(rows=_away),
        NoticeKind.STILL_AWAY: DayMatter(rows=_away, past=AWAY_NOTICE),
    }
)
