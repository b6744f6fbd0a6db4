"""Where two people are with each other, and which day or hour counts next: one reading for every page that tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from models.meetings import Meeting
from models.pairings import Pairing
from models.queries.meetings import HOURS_DECISION_DAYS, Ahead, map_ahead
from models.states import TOGETHER_PAIRING_STATES, PairingState
from webapp.clock import day_of
from webapp.services.meeting_dates import list_instants

# Who has noted no talk by then has met without noting it, or reads it from the coordinator: "first" is over.
BEGINNING_DAYS = 30
NOTHING = Ahead()


class TalkKind(StrEnum):
    """What comes next between two people."""

    ANSWER = "answer"
    QUESTION = "question"
    PAUSED = "paused"
    DATES = "dates"
    AGREED = "agreed"
    PAST = "past"
    HOURS_USED = "hours_used"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTalk:
    """What comes next in a pairing, and the day that counts for it. `is_first` until the two have met.

    An agreed `meeting`, to come or not told of yet, has its hour; of a proposed one `dates` are those to come.
    """

    pairing: Pairing
    kind: TalkKind
    day: date
    is_late: bool = False
    is_first: bool = False
    meeting: Meeting | None = None
    dates: tuple[datetime, ...] = ()

    @property
    def is_active(self) -> bool:
        """Say whether the two work together: only then are names and contacts shown whole."""
        return self.pairing.state in TOGETHER_PAIRING_STATES

    @property
    def starts_at(self) -> datetime | None:
        """The hour agreed, if one is."""
        return self.meeting.starts_at if self.meeting is not None else None

    def may_choose(self, side: str) -> bool:
        """Say whether a side may choose among the dates: the other proposed them."""
        return bool(self.dates) and self.meeting is not None and self.meeting.proposed_by != side


def place_pairings(session: Session, pairings: Sequence[Pairing], *, at: datetime) -> tuple[NextTalk, ...]:
    """Say what comes next in each of some pairings. One statement for all, none when nobody works together."""
    together = [pairing.id for pairing in pairings if pairing.state in TOGETHER_PAIRING_STATES]
    ahead = map_ahead(session, together) if together else {}
    return tuple(place_pairing(pairing, ahead.get(pairing.id, NOTHING), at=at) for pairing in pairings)


def place_pairing(pairing: Pairing, ahead: Ahead = NOTHING, *, at: datetime) -> NextTalk:
    """Say what comes next in a pairing: the answer, the date agreed or to choose, a decision, or a day to meet by."""
    today, meeting = day_of(at), ahead.to_come
    dates = tuple(one for one in list_instants(meeting) if one > at) if meeting and not meeting.starts_at else ()
    kind, instant = _find_next(pairing, ahead, dates, at)
    day = day_of(instant) if instant is not None else today
    began = day_of(pairing.answered_at or pairing.proposed_at)
    return NextTalk(
        pairing=pairing,
        kind=kind,
        day=day,
        is_late=day < today and kind is not TalkKind.PAST,
        is_first=not ahead.have_met and today <= began + timedelta(days=BEGINNING_DAYS),
        meeting=meeting if kind in (TalkKind.AGREED, TalkKind.PAST, TalkKind.DATES) else None,
        dates=dates if kind is TalkKind.DATES else (),
    )


def _find_next(
    pairing: Pairing, ahead: Ahead, dates: tuple[datetime, ...], at: datetime
) -> tuple[TalkKind, datetime | None]:
    meeting = ahead.to_come
    if pairing.state is PairingState.PROPOSED:
        return TalkKind.ANSWER, pairing.deadline_at
    if pairing.state is PairingState.ASKED:
        return TalkKind.QUESTION, pairing.question_due_at
    if pairing.state is PairingState.PAUSED:
        return TalkKind.PAUSED, pairing.pause_until
    if meeting is not None and meeting.starts_at is not None:
        return TalkKind.AGREED if meeting.starts_at > at else TalkKind.PAST, meeting.starts_at
    if meeting is not None and dates:
        return TalkKind.DATES, meeting.answer_due_at
    if ahead.hours_used_at is not None:
        return TalkKind.HOURS_USED, ahead.hours_used_at + timedelta(days=HOURS_DECISION_DAYS)
    return TalkKind.UNDATED, pairing.next_meeting_due_at
