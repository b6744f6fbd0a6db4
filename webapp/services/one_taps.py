"""Answers from a mail in one tap: a secret in a link, for one question and one person, good once, without a sign-in.

Programs that scan mail open links: a link only shows the question, and the answer is a form sent from there. What is
answered goes through the same services as on the pages, as that person and for that record alone; so a link is worth
nothing once the record has moved on, and then says where things stand.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from models.accounts import Account
from models.circle_meetings import CircleAnswer
from models.correspondence import OneTap, TapAnswer, TapPurpose
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, LinkOverError, TooManyTapsError
from models.meetings import Meeting
from models.pairings import DeclineReason, Pairing
from models.queries.gatherings import find_listing, get_gathering
from models.states import (
    IN_LINE_BOOKING_STATES,
    UNANSWERED_PAIRING_STATES,
    BookingState,
    GatheringState,
    MeetingState,
    PairingState,
)
from models.supporters import Supporter
from models.workshops import Booking, CancelReason, WorkshopSession
from webapp.clock import day_of
from webapp.identity.tokens import hash_token
from webapp.permissions import Actor
from webapp.services.bookings import cancel_booking
from webapp.services.calendars import locate
from webapp.services.gatherings import answer_gathering
from webapp.services.meetings import log_meeting, miss_meeting
from webapp.services.pairings import accept_pairing, decline_pairing
from webapp.services.seat_offers import accept_seat
from webapp.services.sign_in_attempts import place_key, take_attempts

logger = logging.getLogger(__name__)
ANSWERS_PER_PLACE = 30
"""In a quarter of an hour, from one network address: a hall full of people answers, a machine that guesses does not."""
KEPT_FOR = timedelta(days=180)
"""After its time a link answers nothing, but says so as long as its message is still looked at."""
TAKEN_FOR = timedelta(minutes=2)
"""How long a link that was taken is being answered: if its question is open after that, it may be answered again."""
HELD_STATES = (BookingState.CONFIRMED, *IN_LINE_BOOKING_STATES)
LEFT_BY_HER = (CancelReason.BY_PERSON, CancelReason.OFFER_DECLINED)


class TapSituation(StrEnum):
    """Where things stand with what a link asks."""

    OPEN = "open"
    YES = "yes"
    NO = "no"
    OVER = "over"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class TapSession:
    """The workshop session of a link; of a sensitive one neither title nor place, as somebody may look on."""

    title: str
    place: str
    starts_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TapView:
    """What the page of a link shows: no name but her own first name, and nothing that a private theme or a role tells.

    `moment` is the instant to answer by, or that of the meeting; `workshop` the session it is about, if it is about
    one; `record_id` the page to see after signing in, for who `has_account`.
    """

    purpose: TapPurpose
    situation: TapSituation
    first_name: str
    locale: str
    moment: datetime | None
    record_id: UUID
    workshop: TapSession | None
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A link with its person and, when the person has one, the account."""

    tap: OneTap
    person: Entrepreneur | Supporter
    account: Account | None

    @property
    def actor(self) -> Actor:
        is_supporter = isinstance(self.person, Supporter)
        own = frozenset({self.person.id})
        return Actor(
            account_id=self.account.id if self.account else None,
            supporter_ids=own if is_supporter else frozenset(),
            entrepreneur_ids=frozenset() if is_supporter else own,
        )


def read_tap(*, token: str, at: datetime) -> TapView:
    """Say what a link asks and where that stands, without using it; of one whose time has passed too, while it is kept.

    Raises LinkOverError.
    """
    return _look(db.session(), _find(db.session(), token), at=at)


def use_tap(
    *, token: str, answer: TapAnswer, place: str, at: datetime, reason: DeclineReason | None = None, note: str = ""
) -> TapSituation:
    """Give the answer, once; of two at the same time one is refused. What cannot be done leaves the link unused.

    An answer that was lost (its process died, the gathering moved) leaves the question open: the link answers again.

    Raises LinkOverError, TooManyTapsError, InvalidInputError (a no to a proposal without its reason), and what
    the services of pairings, meetings, bookings and gatherings raise.
    """
    _count(place, at=at)
    known = _find(db.session(), token)
    purpose = known.tap.purpose
    if known.tap.expires_at <= at:
        raise LinkOverError(link="one_tap")
    if answer not in ANSWERS[purpose]:
        raise InvalidInputError(field="answer", expected="an answer to this question")
    if purpose is TapPurpose.ANSWER_PAIRING and answer is TapAnswer.NO and reason is None:
        raise InvalidInputError(field="reason", expected="a reason of the list")
    situation = _look(db.session(), known, at=at).situation
    if situation is not TapSituation.OPEN:
        raise InvalidTransitionError(record=purpose.value, state=situation.value, action=answer.value)
    _take(known.tap.id, answer, at=at)
    try:
        _ACT[purpose](known, answer, reason, note, at)
    except BaseException:
        _give_back(known.tap.id, at=at)
        raise
    logger.info("answered in one tap", extra={"purpose": purpose.value})
    return TapSituation(answer.value)


@retried
def forget_old_taps(*, at: datetime) -> int:
    """Delete the links that ended long ago: nothing refers to them."""
    if db.session.scalar(select(OneTap.id).where(OneTap.expires_at < at - KEPT_FOR).limit(1)) is None:
        return 0
    with transaction() as session:
        gone: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            delete(OneTap).where(OneTap.expires_at < at - KEPT_FOR)
        )
    return gone.rowcount


@retried
def _count(place: str, *, at: datetime) -> None:
    with transaction() as session:
        keys = {place_key(place, purpose="one-tap"): ANSWERS_PER_PLACE}
        take_attempts(session, keys, at=at, refusal=TooManyTapsError)


@retried
def _take(tap_id: int, answer: TapAnswer, *, at: datetime) -> None:
    with transaction() as session:
        taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            update(OneTap)
            .where(OneTap.id == tap_id, or_(OneTap.used_at.is_(None), OneTap.used_at <= at - TAKEN_FOR))
            .values(used_at=at, answer=answer)
        )
        if taken.rowcount != 1:
            raise InvalidTransitionError(record="one_tap", state="used", action=answer.value)


@retried
def _give_back(tap_id: int, *, at: datetime) -> None:
    with transaction() as session:
        own = update(OneTap).where(OneTap.id == tap_id, OneTap.used_at == at)
        session.execute(own.values(used_at=None, answer=None))


def _find(session: Session, token: str) -> _Known:
    known = select(OneTap).where(OneTap.token_hash == hash_token(token))
    tap = session.scalar(known.execution_options(populate_existing=True))
    if tap is None:
        raise LinkOverError(link="one_tap")
    person: Entrepreneur | Supporter = (
        session.get_one(Supporter, tap.supporter_id)
        if tap.supporter_id is not None
        else session.get_one(Entrepreneur, tap.entrepreneur_id)
    )
    account = session.get(Account, person.account_id) if person.account_id is not None else None
    if account is not None and not account.is_active:
        raise LinkOverError(link="one_tap")
    return _Known(tap=tap, person=person, account=account)


def _look(session: Session, known: _Known, *, at: datetime) -> TapView:
    """See where the record stands; while an answer is being given the question is not asked a second time."""
    tap = known.tap
    seen = _LOOK[tap.purpose](session, tap, at)
    situation = seen.situation
    if situation is TapSituation.OPEN and tap.answer is not None and tap.used_at and tap.used_at > at - TAKEN_FOR:
        situation = TapSituation(tap.answer)
    elif situation is TapSituation.OPEN and tap.expires_at <= at:
        situation = TapSituation.EXPIRED
    return TapView(
        purpose=tap.purpose,
        situation=situation,
        first_name=known.person.first_name,
        locale=known.account.locale if known.account else "fr",
        moment=seen.moment,
        record_id=seen.record_id,
        workshop=seen.workshop,
        has_account=known.account is not None,
    )


class _Seen(NamedTuple):
    """Where things stand with what a link is about."""

    situation: TapSituation
    moment: datetime | None
    record_id: UUID
    workshop: TapSession | None = None


def _see_pairing(session: Session, tap: OneTap, at: datetime) -> _Seen:
    pairing = session.scalars(
        select(Pairing).where(Pairing.public_id == tap.target_id).execution_options(populate_existing=True)
    ).one()
    situation = TapSituation.OVER
    if pairing.state in UNANSWERED_PAIRING_STATES and (pairing.deadline_at is None or pairing.deadline_at > at):
        situation = TapSituation.OPEN
    elif pairing.state is PairingState.DECLINED:
        situation = TapSituation.NO
    elif pairing.state in (PairingState.ACTIVE, PairingState.PAUSED):
        situation = TapSituation.YES
    return _Seen(situation, pairing.deadline_at, pairing.public_id)


def _see_meeting(session: Session, tap: OneTap, at: datetime) -> _Seen:
    meeting, pairing_id = session.execute(
        select(Meeting, Pairing.public_id)
        .join(Pairing, Pairing.id == Meeting.pairing_id)
        .where(Meeting.public_id == tap.target_id)
        .execution_options(populate_existing=True)
    ).one()
    situation = {MeetingState.HELD: TapSituation.YES, MeetingState.MISSED: TapSituation.NO}.get(meeting.state)
    if situation is None:
        has_begun = meeting.starts_at is not None and meeting.starts_at <= at
        is_open = meeting.state is MeetingState.CONFIRMED and has_begun
        situation = TapSituation.OPEN if is_open else TapSituation.OVER
    return _Seen(situation, meeting.starts_at, pairing_id)


def _see_booking(session: Session, tap: OneTap, at: datetime) -> _Seen:
    booking, workshop = _get_booking(session, tap)
    situation = TapSituation.OVER
    if booking.cancel_reason in LEFT_BY_HER:
        situation = TapSituation.YES
    elif booking.state in HELD_STATES and workshop.starts_at > at:
        situation = TapSituation.OPEN
    return _Seen(situation, None, workshop.public_id, _name(workshop))


def _see_seat(session: Session, tap: OneTap, at: datetime) -> _Seen:
    booking, workshop = _get_booking(session, tap)
    situation, moment = TapSituation.OVER, None
    if booking.cancel_reason in LEFT_BY_HER:
        situation = TapSituation.NO
    elif booking.state in IN_LINE_BOOKING_STATES:
        if workshop.starts_at > at:
            situation, moment = TapSituation.OPEN, booking.offer_until
    elif booking.state is not BookingState.CANCELLED:
        situation = TapSituation.YES
    return _Seen(situation, moment, workshop.public_id, _name(workshop))


def _see_gathering(session: Session, tap: OneTap, at: datetime) -> _Seen:
    """See what she said; a link of before the gathering moved still answers, about the day that the page shows."""
    gathering = get_gathering(session, tap.target_id)
    said = next((one.answer for one in gathering.attendances if one.supporter_id == tap.supporter_id), None)
    is_open = gathering.state is GatheringState.PLANNED and gathering.starts_at > at
    situation = TapSituation.OVER
    if is_open and tap.supporter_id is not None and find_listing(session, tap.supporter_id) is not None:
        situation = TapSituation(said.value) if said is not None else TapSituation.OPEN
    return _Seen(situation, gathering.starts_at, gathering.public_id)


def _get_booking(session: Session, tap: OneTap) -> tuple[Booking, WorkshopSession]:
    row = session.execute(
        select(Booking, WorkshopSession)
        .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .where(Booking.public_id == tap.target_id)
        .options(joinedload(WorkshopSession.theme))
        .execution_options(populate_existing=True)
    ).one()
    return row[0], row[1]


def _name(workshop: WorkshopSession) -> TapSession:
    is_told = not workshop.theme.is_sensitive
    return TapSession(
        title=workshop.title if is_told else "",
        place=locate(workshop, has_place=False) if is_told else "",
        starts_at=workshop.starts_at,
    )


def _answer_pairing(known: _Known, answer: TapAnswer, reason: DeclineReason | None, note: str, at: datetime) -> None:
    pairing_id = known.tap.target_id
    if answer is TapAnswer.YES:
        accept_pairing(pairing_id=pairing_id, actor=known.actor, at=at)
    else:
        assert reason is not None  # asked for before the link is taken
        decline_pairing(pairing_id=pairing_id, reason=reason, note=note, actor=known.actor, at=at)


def _tell_meeting(known: _Known, answer: TapAnswer, _reason: DeclineReason | None, _note: str, at: datetime) -> None:
    if answer is TapAnswer.NO:
        miss_meeting(meeting_id=known.tap.target_id, actor=known.actor, at=at)
        return
    session = db.session()
    meeting = session.scalars(select(Meeting).where(Meeting.public_id == known.tap.target_id)).one()
    assert meeting.starts_at is not None  # an open one has begun
    log_meeting(
        pairing_id=session.get_one(Pairing, meeting.pairing_id).public_id,
        day=day_of(meeting.starts_at),
        minutes=meeting.minutes,
        actor=known.actor,
        at=at,
    )


def _leave_session(known: _Known, _answer: TapAnswer, _reason: DeclineReason | None, _note: str, at: datetime) -> None:
    cancel_booking(booking_id=known.tap.target_id, actor=known.actor, at=at)


def _answer_seat(known: _Known, answer: TapAnswer, _reason: DeclineReason | None, _note: str, at: datetime) -> None:
    decide = accept_seat if answer is TapAnswer.YES else cancel_booking
    decide(booking_id=known.tap.target_id, actor=known.actor, at=at)


def _answer_gathering(
    known: _Known, answer: TapAnswer, _reason: DeclineReason | None, _note: str, at: datetime
) -> None:
    answer_gathering(
        gathering_id=known.tap.target_id,
        supporter_id=known.person.public_id,
        answer=CircleAnswer(answer.value),
        actor=known.actor,
        at=at,
    )


ANSWERS: Mapping[TapPurpose, tuple[TapAnswer, ...]] = MappingProxyType(
    {
        TapPurpose.ANSWER_PAIRING: (TapAnswer.YES, TapAnswer.NO),
        TapPurpose.TELL_MEETING: (TapAnswer.YES, TapAnswer.NO),
        TapPurpose.LEAVE_SESSION: (TapAnswer.YES,),
        TapPurpose.ANSWER_SEAT: (TapAnswer.YES, TapAnswer.NO),
        TapPurpose.ANSWER_GATHERING: (TapAnswer.YES, TapAnswer.NO),
    }
)
_LOOK: Mapping[TapPurpose, Callable[[Session, OneTap, datetime], _Seen]] = MappingProxyType(
    {
        TapPurpose.ANSWER_PAIRING: _see_pairing,
        TapPurpose.TELL_MEETING: _see_meeting,
        TapPurpose.LEAVE_SESSION: _see_booking,
        TapPurpose.ANSWER_SEAT: _see_seat,
        TapPurpose.ANSWER_GATHERING: _see_gathering,
    }
)
_ACT: Mapping[TapPurpose, Callable[[_Known, TapAnswer, DeclineReason | None, str, datetime], None]] = MappingProxyType(
    {
        TapPurpose.ANSWER_PAIRING: _answer_pairing,
        TapPurpose.TELL_MEETING: _tell_meeting,
        TapPurpose.LEAVE_SESSION: _leave_session,
        TapPurpose.ANSWER_SEAT: _answer_seat,
        TapPurpose.ANSWER_GATHERING: _answer_gathering,
    }
)
