"""Reads of suggestions, and of the people they are for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, selectinload

from models.clocks import Clock
from models.entrepreneurs import Entrepreneur, EntrepreneurConfided
from models.exceptions import NotFoundError
from models.match_runs import Suggestion
from models.pairings import Pairing
from models.queries.clocks import list_clocks
from models.states import PairingState, SuggestionState
from models.supporters import Supporter, SupporterRole


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueSuggestions:
    """How many open suggestions of an association have passed their deadline."""

    association_id: int
    count: int


class Shown(NamedTuple):
    """An open suggestion: whom somebody is shown."""

    id: int
    entrepreneur_id: int
    role: SupporterRole
    supporter_id: int


WAITING = (SuggestionState.OPEN, SuggestionState.ALTERNATIVE)
RETURNED = (PairingState.EXPIRED, PairingState.WITHDRAWN)
WITH_PROFILE = (
    selectinload(Entrepreneur.needs),
    selectinload(Entrepreneur.languages),
    # Consent is a rule of the match; what else was confided stays unread.
    selectinload(Entrepreneur.confided).load_only(EntrepreneurConfided.coaching_consent_at),
)

# Decisions about what was suggested ask these over and over: they are written once.
_WITH_ADDRESS = select(Suggestion).where(Suggestion.public_id == bindparam("address"))
_TO_LOCK = (
    select(Suggestion)
    .where(Suggestion.id == bindparam("number"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_NUMBERED = (
    select(Suggestion)
    .where(Suggestion.id.in_(bindparam("numbers", expanding=True)))
    .execution_options(populate_existing=True)
)
_IN_LINE = (
    select(Suggestion)
    .where(
        Suggestion.entrepreneur_id == bindparam("person"),
        Suggestion.role == bindparam("role"),
        Suggestion.state.in_(WAITING),
    )
    .order_by(Suggestion.run_id.desc(), Suggestion.rank)
    .execution_options(populate_existing=True)
)
_EVERYBODY_TO_LOCK = (
    select(Entrepreneur.id)
    .where(Entrepreneur.association_id == bindparam("association"))
    .order_by(Entrepreneur.id)
    .with_for_update(key_share=True)
)
_SOME = (
    select(Entrepreneur)
    .where(Entrepreneur.id.in_(bindparam("numbers", expanding=True)))
    .execution_options(populate_existing=True)
)
_OPEN = (
    select(Suggestion)
    .where(Suggestion.association_id == bindparam("association"), Suggestion.state == SuggestionState.OPEN)
    .order_by(Suggestion.id)
    .execution_options(populate_existing=True)
)
_SHOWN = (
    select(*(getattr(Suggestion, name) for name in Shown._fields))
    .where(Suggestion.association_id == bindparam("association"), Suggestion.state == SuggestionState.OPEN)
    .order_by(Suggestion.id)
)
_COUNTS_LATE = (
    select(Suggestion.association_id, func.count())
    .where(Suggestion.state == SuggestionState.OPEN, Suggestion.deadline_at <= bindparam("at"))
    .group_by(Suggestion.association_id)
    .order_by(Suggestion.association_id)
)
_EVER = (
    select(Suggestion)
    .where(Suggestion.entrepreneur_id == bindparam("person"), Suggestion.role == bindparam("role"))
    .order_by(Suggestion.run_id.desc(), Suggestion.rank)
    .execution_options(populate_existing=True)
)
_LATE = (
    select(Suggestion.id, Suggestion.association_id, Suggestion.deadline_at)
    .where(Suggestion.state == SuggestionState.OPEN, Suggestion.deadline_at <= bindparam("at"))
    .order_by(Suggestion.id)
)


def get_suggestion(session: Session, public_id: UUID) -> Suggestion:
    """Give a suggestion.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    suggestion = session.scalar(_WITH_ADDRESS, {"address": public_id})
    if suggestion is None:
        raise NotFoundError(record="Suggestion")
    return suggestion


def lock_suggestion(session: Session, suggestion_id: int) -> Suggestion:
    """Give a suggestion as it is now, and keep others from changing it until the end."""
    return session.scalars(_TO_LOCK, {"number": suggestion_id}).one()


def get_entrepreneur(session: Session, public_id: UUID) -> Entrepreneur:
    """Give an entrepreneur, without her profile's lists.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    entrepreneur = session.scalar(select(Entrepreneur).where(Entrepreneur.public_id == public_id))
    if entrepreneur is None:
        raise NotFoundError(record="Entrepreneur")
    return entrepreneur


def lock_entrepreneur(session: Session, entrepreneur_id: int, *, with_profile: bool = False) -> Entrepreneur:
    """Give a person as she is now; with her profile for who matches her: needs, languages and consent.

    Whoever decides about what is suggested or proposed to her holds this lock, taken after the supporter's: so two
    decisions about one person follow one another.
    """
    return session.scalars(_select_to_lock(with_profile), {"number": entrepreneur_id}).one()


@cache
def _select_to_lock(with_profile: bool) -> Select[Entrepreneur]:
    """Write the statement once: almost every decision asks it."""
    return (
        select(Entrepreneur)
        .where(Entrepreneur.id == bindparam("number"))
        .options(*(WITH_PROFILE if with_profile else ()))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def load_profile(session: Session, entrepreneur_id: int) -> Entrepreneur:
    """Give a person with needs, languages and consent, to be read only."""
    return session.scalars(
        select(Entrepreneur)
        .where(Entrepreneur.id == entrepreneur_id)
        .options(*WITH_PROFILE)
        .execution_options(populate_existing=True)
    ).one()


def lock_entrepreneurs_of_association(session: Session, association_id: int) -> Sequence[Entrepreneur]:
    """Lock everybody of an association in the order of their numbers, without their profiles' lists."""
    return session.scalars(
        select(Entrepreneur)
        .where(Entrepreneur.association_id == association_id)
        .order_by(Entrepreneur.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def lock_some_entrepreneurs(
    session: Session, association_id: int, entrepreneur_ids: Collection[int]
) -> Sequence[Entrepreneur]:
    """Lock everybody of an association in the order of their numbers, and give only some, without their profiles."""
    session.execute(_EVERYBODY_TO_LOCK, {"association": association_id}).all()
    return session.scalars(_SOME, {"numbers": list(entrepreneur_ids)}).all()


def list_waiting_suggestions(session: Session, entrepreneur_id: int, role: SupporterRole) -> Sequence[Suggestion]:
    """Give the open suggestion and its alternatives for a person in a role, newest run first, best rank first."""
    return session.scalars(_IN_LINE, {"person": entrepreneur_id, "role": role}).all()


def list_waiting_suggestions_of_person(
    session: Session, entrepreneur_id: int, role: SupporterRole | None = None
) -> Sequence[Suggestion]:
    """Give every open suggestion and alternative for a person, in one role or in all."""
    chosen = select(Suggestion).where(Suggestion.entrepreneur_id == entrepreneur_id, Suggestion.state.in_(WAITING))
    if role is not None:
        chosen = chosen.where(Suggestion.role == role)
    return session.scalars(chosen.order_by(Suggestion.id).execution_options(populate_existing=True)).all()


def list_waiting_suggestions_of_association(session: Session, association_id: int) -> Sequence[Suggestion]:
    """Give every open suggestion and alternative of an association."""
    return session.scalars(
        select(Suggestion)
        .where(Suggestion.association_id == association_id, Suggestion.state.in_(WAITING))
        .order_by(Suggestion.id)
        .execution_options(populate_existing=True)
    ).all()


def list_waiting_suggestions_of_supporter(session: Session, supporter_id: int) -> Sequence[Suggestion]:
    """Give every open suggestion and alternative that names a supporter, in the order of the people's numbers."""
    return session.scalars(
        select(Suggestion)
        .where(Suggestion.supporter_id == supporter_id, Suggestion.state.in_(WAITING))
        .order_by(Suggestion.entrepreneur_id, Suggestion.id)
        .execution_options(populate_existing=True)
    ).all()


def list_open_suggestions_of_association(
    session: Session, association_id: int, role: SupporterRole | None = None
) -> Sequence[Suggestion]:
    """Give every open suggestion of an association, in one role or in all, in the order of their numbers."""
    chosen = _OPEN if role is None else _OPEN.where(Suggestion.role == role)
    return session.scalars(chosen, {"association": association_id}).all()


def list_shown(session: Session, association_id: int) -> Sequence[Shown]:
    """Give whom the people of an association are shown now, in the order of the suggestions' numbers."""
    return [Shown(*row) for row in session.execute(_SHOWN, {"association": association_id})]


def list_suggestions(session: Session, suggestion_ids: Collection[int]) -> dict[int, Suggestion]:
    """Give some suggestions as they are now, by row number."""
    if not suggestion_ids:
        return {}
    return {one.id: one for one in session.scalars(_NUMBERED, {"numbers": list(suggestion_ids)})}


def list_rejected_pairs(session: Session, association_id: int) -> dict[int, frozenset[int]]:
    """Give, for each entrepreneur, whom of the last run that named anybody she is not shown again before the next.

    That is whom coordinators set aside, and to whom she was proposed without getting a yes.
    """
    rows = session.execute(_select_rejected(), {"association": association_id})
    found: dict[int, set[int]] = {}
    for entrepreneur_id, supporter_id in rows:
        found.setdefault(entrepreneur_id, set()).add(supporter_id)
    return {entrepreneur_id: frozenset(supporter_ids) for entrepreneur_id, supporter_ids in found.items()}


@cache
def _select_rejected() -> Select[int, int]:
    """Write the statement once: every match of what is open asks it."""
    newest = (
        select(Suggestion.entrepreneur_id, Suggestion.role, func.max(Suggestion.run_id).label("run_id"))
        .where(Suggestion.association_id == bindparam("association"))
        .group_by(Suggestion.entrepreneur_id, Suggestion.role)
        .subquery()
    )
    is_newest = and_(
        newest.c.entrepreneur_id == Suggestion.entrepreneur_id,
        newest.c.role == Suggestion.role,
        newest.c.run_id == Suggestion.run_id,
    )
    return (
        select(Suggestion.entrepreneur_id, Suggestion.supporter_id)
        .join(newest, is_newest)
        .outerjoin(Pairing, Pairing.suggestion_id == Suggestion.id)
        .where(
            Suggestion.association_id == bindparam("association"),
            or_(Suggestion.state == SuggestionState.REJECTED, Pairing.state.in_(RETURNED)),
        )
    )


def list_suggestions_in_role(session: Session, entrepreneur_id: int, role: SupporterRole) -> Sequence[Suggestion]:
    """Give every suggestion ever made to a person in a role, the newest run first."""
    return session.scalars(_EVER, {"person": entrepreneur_id, "role": role}).all()


def list_overdue(session: Session, *, at: datetime) -> Sequence[OverdueSuggestions]:
    """Give the associations that have open suggestions past their deadline."""
    rows = session.execute(_COUNTS_LATE, {"at": at})
    return [OverdueSuggestions(association_id=association_id, count=count) for association_id, count in rows]


def list_undecided(session: Session, *, at: datetime) -> Sequence[int]:
    """Give the row numbers of open suggestions whose deadline passed as long ago as their association lets them be."""
    late = session.execute(_LATE, {"at": at}).all()
    clocks = list_clocks(session, {association_id for _, association_id, _ in late}) if late else {}
    return [
        suggestion_id
        for suggestion_id, association_id, deadline_at in late
        if deadline_at and deadline_at + timedelta(days=clocks[association_id][Clock.SUGGESTION_ESCALATION]) <= at
    ]


def list_suggested_supporters(session: Session, suggestions: Sequence[Suggestion]) -> dict[int, Supporter]:
    """Give the supporters whom suggestions name, as they are now, by row number."""
    supporters = session.scalars(
        select(Supporter)
        .where(Supporter.id.in_({suggestion.supporter_id for suggestion in suggestions}))
        .execution_options(populate_existing=True)
    )
    return {supporter.id: supporter for supporter in supporters}
