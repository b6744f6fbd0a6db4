"""Two people on their way: what is past its day is noticed for them, then for the coordinator, then something happens.

================  ===================================  =====================================  ========================
what waits        the two                              the coordinators                       by itself
================  ===================================  =====================================  ========================
a question        -                                    at its day                             taken back, as long again
used hours        -                                    at once, and 7 days later              -
a date to find    at its day                           after SILENCE, SILENCE_ESCALATION      asked for again
dates proposed    at their day                         -                                      called off, 7 days later
a meeting agreed  at the day of its report             after MEETING_REPORT                   see a date to find
one before an end at the day of its report             after MEETING_REPORT                   not held, 30 days later
a charter         at its day                           at its day                             -
the last month    at its first day                     at its first day                       -
its last day      -                                    the day after                          -
a pause           at its end                           at its end                             goes on, 14 days later
================  ===================================  =====================================  ========================
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.charters import Charter
from models.clocks import Clock
from models.db import db, retried, transaction
from models.meetings import Meeting
from models.notices import NoticeKind
from models.pairings import Pairing, WithdrawReason
from models.queries.clocks import list_clocks
from models.queries.coordinators import list_coordinators
from models.queries.meetings import list_untold_after_end
from models.queries.overdue import Overdue, list_all_due, list_due
from models.queries.overdue_days import list_days_due
from models.states import PairingState
from webapp.permissions import SYSTEM
from webapp.services.clocks.rests import rest_silent
from webapp.services.clocks.stepping import act_on_each, notice_for
from webapp.services.meetings import LOGGED_AFTER_END, ask_again, cancel_meeting, miss_meeting
from webapp.services.notices import Addressee
from webapp.services.pairing_pauses import resume_pairing
from webapp.services.pairings import expire_each, withdraw_pairing
from webapp.services.parties import lock_parties_of, read_parties
from webapp.services.rematch import rematch_returned

DATES_PAST = timedelta(days=7)
PAUSE_PAST = timedelta(days=14)
TABLES: dict[NoticeKind, Any] = {
    NoticeKind.DATE_TO_CHOOSE: Meeting,
    NoticeKind.DID_YOU_MEET: Meeting,
    NoticeKind.REPORT_MISSING: Meeting,
    NoticeKind.CHARTER_TO_SIGN: Charter,
}
TO_BOTH = (
    NoticeKind.DATE_TO_FIND,
    NoticeKind.DATE_TO_CHOOSE,
    NoticeKind.DID_YOU_MEET,
    NoticeKind.CHARTER_TO_SIGN,
    NoticeKind.PAUSE_OVER,
)
TO_COORDINATORS = (
    NoticeKind.QUESTION_WAITS,
    NoticeKind.HOURS_USED,
    NoticeKind.HOURS_UNDECIDED,
    NoticeKind.SILENCE,
    NoticeKind.LONG_SILENCE,
    NoticeKind.REPORT_MISSING,
    NoticeKind.CHARTER_TO_SIGN,
    NoticeKind.PAUSE_OVER,
)


def expire_proposals(*, at: datetime) -> int:
    """Expire what nobody answered, then match those people again, as after any other "no".

    Who left several in a row without a word is on pause before: nobody else is to wait for an answer in vain.
    """
    expired = list(expire_each(at=at))
    rematch_returned(pairing_ids=[*expired, *rest_silent(at=at)], at=at)
    return len(expired)


def notice_pairings(*, at: datetime) -> int:
    """Notice what is past its day between two people, for whom it concerns."""
    kinds = dict.fromkeys((*TO_BOTH, *TO_COORDINATORS))
    found = list_all_due(db.session(), kinds, at=at)
    found += list_days_due(db.session(), (NoticeKind.TERM_NEAR, NoticeKind.TERM_OVER), at=at)
    return sum(notice_for(_people, kind, overdue, at=at) for kind, overdue in found)


def take_next_steps(*, at: datetime) -> int:
    """Do what happens by itself when nobody did anything, long after it was noticed."""
    untold = list_untold_after_end(db.session(), ended_before=at - LOGGED_AFTER_END)
    return sum(
        (
            act_on_each(_unanswered_questions(at), lambda one: _take_back(one, at=at)),
            act_on_each(_late(NoticeKind.DATE_TO_CHOOSE, DATES_PAST, at), lambda one: _call_off(one, at=at)),
            act_on_each(_late(NoticeKind.PAUSE_OVER, PAUSE_PAST, at), lambda one: _resume(one, at=at)),
            act_on_each(_late(NoticeKind.LONG_SILENCE, timedelta(), at), lambda one: _ask(one, at=at)),
            act_on_each(untold, lambda one: _miss(one, at=at)),
        )
    )


def _people(session: Session, kind: NoticeKind, overdue: Overdue) -> Iterable[Addressee]:
    table = TABLES.get(kind)
    pairing_id = session.get_one(table, overdue.record_id).pairing_id if table else overdue.record_id
    people: list[Addressee] = []
    if kind in (*TO_BOTH, NoticeKind.TERM_NEAR):
        parties = read_parties(session, pairing_id)
        people += [parties.entrepreneur, parties.supporter]
    if kind in (*TO_COORDINATORS, NoticeKind.TERM_NEAR, NoticeKind.TERM_OVER):
        people += list_coordinators(session, overdue.association_id)
    return people


def _late(kind: NoticeKind, past: timedelta, at: datetime) -> Sequence[Overdue]:
    return list_due(db.session(), kind, at=at - past, noticed=True)


def _unanswered_questions(at: datetime) -> Sequence[Overdue]:
    """Give the questions that waited twice as long as their association wants them to."""
    found = list_due(db.session(), NoticeKind.QUESTION_WAITS, at=at, noticed=True)
    clocks = list_clocks(db.session(), {one.association_id for one in found}) if found else {}
    return [one for one in found if one.due_at + timedelta(days=clocks[one.association_id][Clock.QUESTION]) <= at]


def _take_back(overdue: Overdue, *, at: datetime) -> int:
    withdraw_pairing(pairing_id=overdue.subject_id, reason=WithdrawReason.OTHER, actor=SYSTEM, at=at)
    rematch_returned(pairing_ids=[overdue.subject_id], at=at)
    return 1


def _call_off(overdue: Overdue, *, at: datetime) -> int:
    cancel_meeting(meeting_id=overdue.subject_id, actor=SYSTEM, at=at)
    return 1


def _miss(meeting_id: UUID, *, at: datetime) -> int:
    """Count as not held what nobody told of while it could be noted."""
    miss_meeting(meeting_id=meeting_id, actor=SYSTEM, at=at)
    return 1


def _resume(overdue: Overdue, *, at: datetime) -> int:
    resume_pairing(pairing_id=overdue.subject_id, actor=SYSTEM, at=at)
    return 1


@retried
def _ask(overdue: Overdue, *, at: datetime) -> int:
    """Begin the round of reminders again: two who are silent are never forgotten, and nobody ends it for them."""
    with transaction() as session:
        parties = lock_parties_of(session, session.get_one(Pairing, overdue.record_id))
        if parties.pairing.state is not PairingState.ACTIVE or parties.pairing.next_meeting_due_at != overdue.due_at:
            return 0
        ask_again(session, parties.pairing, at=at)
    return 1
