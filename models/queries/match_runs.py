"""Reads of match runs, and of the people and weights that one works on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from models.associations import WeightVersion
from models.db import UtcDateTime
from models.entrepreneurs import Entrepreneur, join_project
from models.erasures import Erasure
from models.exceptions import NotFoundError
from models.match_runs import MatchRun
from models.queries.committees import list_examiners
from models.queries.pairings import list_excluded, list_live_roles
from models.queries.profiles import PersonProfile, SupporterProfile, list_ready_people, list_supporter_profiles
from models.queries.suggestions import Shown, list_shown
from models.states import EntrepreneurState, ErasureState, MatchRunState, SupporterState
from models.supporters import Supporter, SupporterRole

# Every match of what is open, or every tick, asks these: they are written once.
_LAST = (
    select(MatchRun)
    .where(MatchRun.association_id == bindparam("association"), MatchRun.state == MatchRunState.DONE)
    .order_by(MatchRun.id.desc())
    .limit(1)
)
_UNDER_WAY = select(
    exists().where(
        MatchRun.association_id == bindparam("association"),
        MatchRun.state.in_((MatchRunState.QUEUED, MatchRunState.RUNNING)),
    )
)
_VERSION_OF_LAST = (
    select(WeightVersion)
    .join(MatchRun, MatchRun.weight_version_id == WeightVersion.id)
    .where(MatchRun.association_id == bindparam("association"), MatchRun.state == MatchRunState.DONE)
    .order_by(MatchRun.id.desc())
    .limit(1)
)
_FORGOTTEN = select(func.count()).select_from(Erasure).where(Erasure.state == ErasureState.DONE)
_SILENT = (
    select(MatchRun.public_id)
    .where(
        MatchRun.state == MatchRunState.RUNNING,
        func.coalesce(MatchRun.seen_at, MatchRun.started_at, MatchRun.requested_at)
        < bindparam("seen_before", type_=UtcDateTime()),
    )
    .order_by(MatchRun.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPool:
    """Everybody a run of one association looks at; `forgotten`, how many people anywhere had been erased before."""

    entrepreneurs: Sequence[PersonProfile]
    supporters: Sequence[SupporterProfile]
    live_roles: frozenset[tuple[int, SupporterRole]]
    excluded: dict[int, frozenset[int]]
    examiners: dict[int, frozenset[int]] = field(default_factory=dict)
    shown: Sequence[Shown] = ()
    forgotten: int = 0


def get_match_run(session: Session, public_id: UUID) -> MatchRun:
    """Give a run.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    run = session.scalar(select(MatchRun).where(MatchRun.public_id == public_id))
    if run is None:
        raise NotFoundError(record="MatchRun")
    return run


def lock_match_run(session: Session, run_id: int) -> MatchRun:
    """Give a run as it is now, and keep others from changing it until the end."""
    return session.scalars(
        select(MatchRun)
        .where(MatchRun.id == run_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def find_weight_version(session: Session, association_id: int) -> WeightVersion | None:
    """Give the newest weights of an association, else the newest national ones."""
    for owner in (WeightVersion.association_id == association_id, WeightVersion.association_id.is_(None)):
        version = session.scalar(select(WeightVersion).where(owner).order_by(WeightVersion.number.desc()).limit(1))
        if version is not None:
            return version
    return None


def find_last_run(session: Session, association_id: int) -> MatchRun | None:
    """Give the last run that was done."""
    return session.scalar(_LAST, {"association": association_id})


def is_run_under_way(session: Session, association_id: int) -> bool:
    """Say whether a run of an association is asked for or being executed."""
    return bool(session.scalar(_UNDER_WAY, {"association": association_id}))


def is_changed_since(session: Session, association_id: int, since: datetime) -> bool:
    """Say whether a file that is ready, or a supporter, was changed since an instant."""
    return any(
        session.scalar(select(exists().where(table.association_id == association_id, table.updated_at >= since, state)))
        for table, state in (
            (Entrepreneur, Entrepreneur.state == EntrepreneurState.READY),
            (Supporter, Supporter.state == SupporterState.ACTIVE),
        )
    )


def find_version_of_last_run(session: Session, association_id: int) -> WeightVersion | None:
    """Give the weights of the last run that was done."""
    return session.scalar(_VERSION_OF_LAST, {"association": association_id})


def list_texts(session: Session, association_id: int) -> list[str]:
    """Give what the people of an association wrote of their projects, and its supporters of themselves."""
    projects = session.execute(
        select(Entrepreneur.project_title, Entrepreneur.project_text).where(
            Entrepreneur.association_id == association_id, Entrepreneur.state == EntrepreneurState.READY
        )
    )
    presentations = session.scalars(
        select(Supporter.presentation).where(
            Supporter.association_id == association_id, Supporter.state == SupporterState.ACTIVE
        )
    )
    return [join_project(title, text) for title, text in projects] + list(presentations)


def read_pool(session: Session, association_id: int) -> RunPool:
    """Read everybody a run looks at: people whose file is ready, and supporters who can be proposed."""
    forgotten = count_forgotten(session)  # before any text is read: who goes meanwhile is counted the next time
    return RunPool(
        forgotten=forgotten,
        entrepreneurs=list_ready_people(session, association_id),
        supporters=list_supporter_profiles(session, association_id),
        live_roles=list_live_roles(session, association_id),
        excluded=list_excluded(session, association_id),
        examiners=list_examiners(session, association_id),
        shown=list_shown(session, association_id),
    )


def count_forgotten(session: Session) -> int:
    """Count the wishes to be forgotten that were carried out."""
    return int(session.scalar(_FORGOTTEN) or 0)


def list_queued_runs(session: Session) -> Sequence[UUID]:
    """Give the runs that no worker has taken yet, the oldest first."""
    return session.scalars(
        select(MatchRun.public_id).where(MatchRun.state == MatchRunState.QUEUED).order_by(MatchRun.id)
    ).all()


def list_silent_runs(session: Session, *, seen_before: datetime) -> Sequence[UUID]:
    """Give the runs whose worker has given no sign of life since then."""
    return session.scalars(_SILENT, {"seen_before": seen_before}).all()
