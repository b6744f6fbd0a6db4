"""What a match run must know of workshops and circles to make plans."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload

from models.circles import CircleMember
from models.plans import PlanLine, SupportPlan
from models.queries.plans import is_to_come, is_unanswered
from models.states import LIVE_CIRCLE_MEMBER_STATES, BookingState, PlanLineState
from models.topics import WorkshopTheme
from models.workshops import Booking, WorkshopSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What a run must know of workshops. Sensitive themes are left out: nobody else may know who comes to them.

    `held` are the sessions to come that a person has booked, waits for, or was invited to; `refused` those that she
    cancelled, or about which a coordinator decided for her before; `served` counts seats that she had lately or will
    have; `invited` the invitations to a session that nobody has answered yet; `circles` each person's live place in a
    circle, with the circle; `told_elsewhere` topics that sessions to come of sensitive themes alone serve: people read
    of these on their own pages, and a plan does not say that nothing serves them.
    """

    sessions: Sequence[WorkshopSession]
    held: Mapping[int, frozenset[int]]
    refused: Mapping[int, frozenset[int]]
    served: Mapping[int, int]
    invited: Mapping[int, int]
    circles: Mapping[int, CircleMember]
    told_elsewhere: frozenset[str]


def read_programme(session: Session, association_id: int, *, at: datetime, since: datetime) -> Programme:
    """Read the sessions to come of an association, who holds a seat in them, and who had one since an instant."""
    open_to_all = (WorkshopSession.association_id == association_id, WorkshopTheme.is_sensitive.is_(False))
    sessions = session.scalars(
        select(WorkshopSession)
        .join(WorkshopTheme, WorkshopTheme.slug == WorkshopSession.theme_slug)
        .where(*open_to_all, *is_to_come(at))
        .options(joinedload(WorkshopSession.theme))
        .order_by(WorkshopSession.starts_at, WorkshopSession.id)
        .execution_options(populate_existing=True)
    ).all()
    bookings = session.execute(
        select(Booking.entrepreneur_id, Booking.session_id, Booking.state)
        .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .join(WorkshopTheme, WorkshopTheme.slug == WorkshopSession.theme_slug)
        .where(*open_to_all, WorkshopSession.starts_at > since)
    ).all()
    invitations = session.execute(_select_unanswered(association_id, at=at)).all()
    decided = session.execute(
        select(SupportPlan.entrepreneur_id, PlanLine.session_id)
        .join(SupportPlan, SupportPlan.id == PlanLine.plan_id)
        .where(
            PlanLine.association_id == association_id,
            PlanLine.state.in_((PlanLineState.APPROVED, PlanLineState.REJECTED)),
        )
    ).all()
    to_come = {one.id for one in sessions}
    live = [row for row in bookings if row.state is not BookingState.CANCELLED]
    seated = (BookingState.CONFIRMED, BookingState.ATTENDED)
    return Programme(
        sessions=sessions,
        held=_by_person([*live, *invitations], to_come),
        refused=_by_person([*bookings, *decided], to_come),
        served=Counter(row.entrepreneur_id for row in bookings if row.state in seated),
        invited=Counter(row.session_id for row in invitations),
        circles=_map_circles(session, association_id),
        told_elsewhere=_list_sensitive_topics(session, association_id, at=at).difference(
            *(one.theme.topics for one in sessions)
        ),
    )


def _list_sensitive_topics(session: Session, association_id: int, *, at: datetime) -> frozenset[str]:
    themes = session.scalars(
        select(WorkshopTheme).where(
            WorkshopTheme.is_sensitive.is_(True),
            exists().where(
                WorkshopSession.theme_slug == WorkshopTheme.slug,
                WorkshopSession.association_id == association_id,
                *is_to_come(at),
            ),
        )
    )
    return frozenset(topic for theme in themes for topic in theme.topics)


def _map_circles(session: Session, association_id: int) -> Mapping[int, CircleMember]:
    places = session.scalars(
        select(CircleMember)
        .where(CircleMember.association_id == association_id, CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES))
        .options(joinedload(CircleMember.circle))
        .execution_options(populate_existing=True)
    )
    return {place.entrepreneur_id: place for place in places}


def _by_person(rows: Sequence[Any], to_come: set[int]) -> Mapping[int, frozenset[int]]:
    """Gather the sessions to come that rows name, by person."""
    found: dict[int, set[int]] = {}
    for row in rows:
        if row.session_id in to_come:
            found.setdefault(row.entrepreneur_id, set()).add(row.session_id)
    return {person_id: frozenset(ids) for person_id, ids in found.items()}


def _select_unanswered(association_id: int, *, at: datetime) -> Select[int, int | None]:
    """Select person and session of the invitations to sessions to come that led to no booking yet."""
    return (
        select(SupportPlan.entrepreneur_id, PlanLine.session_id)
        .join(SupportPlan, SupportPlan.id == PlanLine.plan_id)
        .join(WorkshopSession, WorkshopSession.id == PlanLine.session_id)
        .where(PlanLine.association_id == association_id, *is_unanswered(at))
    )
