"""The sheet of one person, as her coordinator reads it. What was confided is never loaded here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from models.accounts import Account, LoginSession
from models.associations import Association
from models.audit import AuditEvent
from models.circles import CircleMember
from models.committees import CommitteeFile
from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure
from models.exceptions import NotFoundError
from models.interviews import Interview
from models.match_runs import Suggestion, UnmatchedNeed
from models.messages import Message, MessageKind
from models.names import full_name
from models.pairings import Pairing
from models.queries.accounts import in_alphabet
from models.queries.assisted import was_done_with
from models.queries.circles import list_places_of
from models.queries.committees import list_committee_files
from models.queries.coordinators import list_coordinators
from models.queries.erasures import is_live_of
from models.queries.interviews import list_interviews
from models.states import LIVE_BOOKING_STATES, LIVE_CIRCLE_MEMBER_STATES, LIVE_PAIRING_STATES, SuggestionState
from models.supporters import Supporter
from models.territories import Commune, Qpv, QpvCheck
from models.topics import Activity, WorkshopTheme
from models.workshops import Booking, WorkshopSession

EVENTS_SHOWN = 60
"""Events on a person's sheet, the newest first."""

PRIVATE_ACTIONS = ("give_consent", "withdraw_consent", "read_confided", "refuse_confided")
"""Events that would tell what a person confided; they are kept, and left out of a sheet's history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Whether a person can sign in, and when she was invited to."""

    can_sign_in: bool
    invited_at: datetime | None
    expires_at: datetime | None
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One event of a person's history: what happened to which record, who did it, about whom or what."""

    record: str
    action: str
    to_state: str | None
    at: datetime
    actor: str | None
    reason: str | None
    note: str
    about: str
    is_done_together: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrepreneurSheet:
    """An entrepreneur with everything her coordinator sees."""

    entrepreneur: Entrepreneur
    association: Association
    commune: Commune | None
    activity: Activity | None
    qpv: Qpv | None
    referent: Account | None
    erasure: Erasure | None
    sign_in: SignIn
    checks: tuple[tuple[QpvCheck, str | None], ...]
    suggestions: tuple[Suggestion, ...]
    pairings: tuple[Pairing, ...]
    examiners: tuple[CommitteeFile, ...]
    bookings: tuple[Booking, ...]
    booked_sessions: tuple[int, ...]
    unmatched: tuple[UnmatchedNeed, ...]
    interviews: tuple[Interview, ...]
    places: tuple[CircleMember, ...]
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterSheet:
    """A supporter with everything her coordinator sees."""

    supporter: Supporter
    association: Association
    commune: Commune | None
    activities: tuple[Activity, ...]
    sign_in: SignIn
    suggestions: tuple[Suggestion, ...]
    pairings: tuple[Pairing, ...]
    events: tuple[EventLine, ...]


def get_followed_entrepreneur(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> Entrepreneur:
    """Get an entrepreneur of one's own associations, with needs and languages.

    Raises
    ------
    NotFoundError
        If there is none, or she is followed by others.
    """
    person = session.scalar(
        select(Entrepreneur)
        .where(Entrepreneur.public_id == public_id, Entrepreneur.association_id.in_(association_ids))
        .options(selectinload(Entrepreneur.needs), selectinload(Entrepreneur.languages))
        .execution_options(populate_existing=True)
    )
    if person is None:
        raise NotFoundError(record="Entrepreneur")
    return person


def get_known_supporter(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> Supporter:
    """Get a supporter of one's own associations, with expertise and languages.

    Raises
    ------
    NotFoundError
        If there is none, or she belongs to others.
    """
    person = session.scalar(
        select(Supporter)
        .where(Supporter.public_id == public_id, Supporter.association_id.in_(association_ids))
        .options(selectinload(Supporter.expertise), selectinload(Supporter.languages))
        .execution_options(populate_existing=True)
    )
    if person is None:
        raise NotFoundError(record="Supporter")
    return person


def get_entrepreneur_sheet(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> EntrepreneurSheet:
    """Get an entrepreneur's sheet, in a fixed number of statements.

    Raises
    ------
    NotFoundError
        If there is none, or she is followed by others.
    """
    person = get_followed_entrepreneur(session, public_id, association_ids=association_ids)
    association, commune, activity, qpv, referent, erasure = session.execute(
        select(Association, Commune, Activity, Qpv, Account, Erasure)
        .select_from(Association)
        .outerjoin(Commune, Commune.code == person.commune_code)
        .outerjoin(Activity, Activity.code == person.activity_code)
        .outerjoin(Qpv, Qpv.code == person.qpv_code)
        .outerjoin(Account, Account.id == person.referent_id)
        .outerjoin(Erasure, is_live_of(person))
        .where(Association.id == person.association_id)
    ).one()
    suggestions = _list_suggestions(session, person)
    pairings = _list_pairings(session, Pairing.entrepreneur_id == person.id)
    bookings = _list_bookings(session, person)
    interviews = tuple(list_interviews(session, person.id))
    places = list_places_of(session, person.id)
    return EntrepreneurSheet(
        entrepreneur=person,
        association=association,
        commune=commune,
        activity=activity,
        qpv=qpv,
        referent=referent,
        erasure=erasure,
        sign_in=_sign_in(session, person),
        checks=_list_checks(session, person),
        suggestions=tuple(line for line in suggestions if line.state is SuggestionState.OPEN),
        pairings=pairings,
        examiners=tuple(line for line in list_committee_files(session, person.id) if line.until is None),
        # Who comes to a sensitive workshop is for its organiser, on the session's page, not for this sheet.
        bookings=tuple(line for line in bookings if not line.session.theme.is_sensitive),
        booked_sessions=tuple(line.session_id for line in bookings if line.state in LIVE_BOOKING_STATES),
        unmatched=_list_unmatched(session, person, [*suggestions, *pairings]),
        interviews=interviews,
        places=tuple(place for place in places if place.state in LIVE_CIRCLE_MEMBER_STATES),
        events=_list_events(
            session,
            {
                **_abouts("entrepreneur", person.id, suggestions, pairings, bookings),
                "interview": {line.id: "" for line in interviews},
                "circle_member": {line.id: "" for line in places},
            },
            person_id=person.id,
        ),
    )


def get_supporter_sheet(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> SupporterSheet:
    """Get a supporter's sheet, in a fixed number of statements.

    Raises
    ------
    NotFoundError
        If there is none, or she belongs to others.
    """
    person = get_known_supporter(session, public_id, association_ids=association_ids)
    association, commune = session.execute(
        select(Association, Commune)
        .select_from(Association)
        .outerjoin(Commune, Commune.code == person.commune_code)
        .where(Association.id == person.association_id)
    ).one()
    activities = session.scalars(
        select(Activity).where(Activity.code.in_(person.activity_codes)).order_by(Activity.code)
    ).all()
    pairings = _list_pairings(session, Pairing.supporter_id == person.id)
    suggestions = tuple(
        session.scalars(
            select(Suggestion)
            .where(Suggestion.supporter_id == person.id, Suggestion.state == SuggestionState.OPEN)
            .options(joinedload(Suggestion.entrepreneur))
            .order_by(Suggestion.deadline_at)
        )
    )
    return SupporterSheet(
        supporter=person,
        association=association,
        commune=commune,
        activities=tuple(activities),
        sign_in=_sign_in(session, person),
        suggestions=suggestions,
        pairings=pairings,
        events=_list_events(session, _abouts("supporter", person.id, (), pairings, ())),
    )


def _list_checks(session: Session, person: Entrepreneur) -> tuple[tuple[QpvCheck, str | None], ...]:
    rows = (
        select(QpvCheck, Qpv.name)
        .outerjoin(Qpv, Qpv.code == QpvCheck.qpv_code)
        .where(QpvCheck.entrepreneur_id == person.id)
        .order_by(QpvCheck.checked_at.desc(), QpvCheck.id.desc())
    )
    return tuple((check, name) for check, name in session.execute(rows))


def _list_suggestions(session: Session, person: Entrepreneur) -> tuple[Suggestion, ...]:
    rows = (
        select(Suggestion)
        .where(
            Suggestion.entrepreneur_id == person.id,
            Suggestion.state.in_((SuggestionState.OPEN, SuggestionState.APPROVED, SuggestionState.REJECTED)),
        )
        .options(joinedload(Suggestion.supporter))
        .order_by(Suggestion.deadline_at)
    )
    return tuple(session.scalars(rows))


def _list_pairings(session: Session, condition: object) -> tuple[Pairing, ...]:
    rows = (
        select(Pairing)
        .where(condition)  # type: ignore[arg-type]  # a comparison of columns
        .options(joinedload(Pairing.supporter), joinedload(Pairing.entrepreneur))
        .order_by(Pairing.proposed_at.desc(), Pairing.id.desc())
    )
    return tuple(session.scalars(rows))


def _list_bookings(session: Session, person: Entrepreneur) -> tuple[Booking, ...]:
    rows = (
        select(Booking)
        .join(Booking.session)
        .join(WorkshopTheme, WorkshopTheme.slug == WorkshopSession.theme_slug)
        .where(Booking.entrepreneur_id == person.id)
        .options(contains_eager(Booking.session).joinedload(WorkshopSession.theme))
        .order_by(WorkshopSession.starts_at.desc())
    )
    return tuple(session.scalars(rows))


def _list_unmatched(
    session: Session, person: Entrepreneur, found: Iterable[Suggestion | Pairing]
) -> tuple[UnmatchedNeed, ...]:
    """Give what the latest run that saw this person could not find, by role, where nobody has been found since."""
    latest = select(func.max(UnmatchedNeed.run_id)).where(UnmatchedNeed.entrepreneur_id == person.id).scalar_subquery()
    rows = select(UnmatchedNeed).where(UnmatchedNeed.entrepreneur_id == person.id, UnmatchedNeed.run_id == latest)
    served = {one.role for one in found if one.state is SuggestionState.OPEN or one.state in LIVE_PAIRING_STATES}
    return tuple(need for need in session.scalars(rows.order_by(UnmatchedNeed.role)) if need.role not in served)


def _sign_in(session: Session, person: Entrepreneur | Supporter) -> SignIn:
    """Say it as this association may know it: by its own invitations, and whether she has come since the first.

    An account that is there because of another association looks like one that was opened here.
    """
    if person.account_id is None:
        return SignIn(can_sign_in=False, invited_at=None, expires_at=None)
    invitations = session.execute(
        select(Message.queued_at, Message.facts["expires_at"].as_string())
        .where(
            Message.kind == MessageKind.INVITATION,
            Message.account_id == person.account_id,
            Message.association_id == person.association_id,
        )
        .order_by(Message.queued_at)
    ).all()
    first = invitations[0].queued_at if invitations else person.created_at
    came = exists().where(LoginSession.account_id == Account.id, LoginSession.seen_at >= first)
    rows = select(Account.password_hash.is_not(None), Account.is_active, came).where(Account.id == person.account_id)
    has_password, is_active, has_come = session.execute(rows).one()
    invited_at, expires_at = invitations[-1] if invitations else (None, None)
    return SignIn(
        can_sign_in=has_password and is_active and (has_come or invited_at is None),
        invited_at=invited_at,
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        is_closed=not is_active,
    )


Abouts = Mapping[str, Mapping[int, str]]


def _abouts(
    kind: str,
    person_id: int,
    suggestions: Iterable[Suggestion],
    pairings: Iterable[Pairing],
    bookings: Iterable[Booking],
) -> Abouts:
    """Name what each record of a history is about; sensitive workshops stay out of it."""
    other = "supporter" if kind == "entrepreneur" else "entrepreneur"
    return {
        kind: {person_id: ""},
        "suggestion": {line.id: full_name(line.supporter) for line in suggestions},
        "pairing": {line.id: full_name(getattr(line, other)) for line in pairings},
        "booking": {line.id: line.session.title for line in bookings if not line.session.theme.is_sensitive},
    }


def _list_events(session: Session, abouts: Abouts, *, person_id: int | None = None) -> tuple[EventLine, ...]:
    """Tell what happened to these records; of a person, what was done with her on the telephone is marked."""
    chosen = [
        and_(AuditEvent.record == record, AuditEvent.record_id.in_(names)) for record, names in abouts.items() if names
    ]
    rows = (
        select(AuditEvent, Account, was_done_with(person_id) if person_id is not None else false())
        .outerjoin(Account, Account.id == AuditEvent.actor_id)
        .where(or_(*chosen), AuditEvent.action.not_in(PRIVATE_ACTIONS))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(EVENTS_SHOWN)
    )
    return tuple(
        EventLine(
            record=event.record,
            action=event.action,
            to_state=event.to_state,
            at=event.at,
            actor=full_name(actor) if actor else None,
            reason=event.reason,
            note=event.note,
            about=abouts[event.record][event.record_id],
            is_done_together=bool(together),
        )
        for event, actor, together in session.execute(rows)
    )


def get_person_booking(
    session: Session, public_id: UUID, *, entrepreneur_id: UUID, association_ids: frozenset[int]
) -> Booking:
    """Get a booking of somebody one follows.

    Raises
    ------
    NotFoundError
        If there is none, or it is somebody else's.
    """
    booking = session.scalar(
        select(Booking)
        .join(Booking.entrepreneur)
        .where(
            Booking.public_id == public_id,
            Entrepreneur.public_id == entrepreneur_id,
            Booking.association_id.in_(association_ids),
        )
    )
    if booking is None:
        raise NotFoundError(record="Booking")
    return booking


def list_colleagues(session: Session, association_id: int) -> list[Account]:
    """List the coordinators of an association, by name."""
    return in_alphabet(list_coordinators(session, association_id))
