"""Reads of weights: their versions, drafts, and the decisions that they are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import WeightVersion
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.match_runs import MatchRun, Suggestion
from models.names import full_name
from models.pairings import Pairing
from models.states import SuggestionState, WeightDraftState
from models.supporters import Supporter
from models.weights import WeightDraft

DECISIONS_READ = 5000
"""Latest decisions that are learned from: years of a large association, read in well under a second."""

UNPUBLISHED = (WeightDraftState.QUEUED, WeightDraftState.RUNNING, WeightDraftState.READY, WeightDraftState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version of the weights, and who published it; national ones have no association."""

    version: WeightVersion
    author: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One draft that is not published, and who made it."""

    draft: WeightDraft
    author: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftNames:
    """The people whom a replay names, by row number."""

    entrepreneurs: Mapping[int, Entrepreneur]
    supporters: Mapping[int, Supporter]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """A suggestion that was decided, and what became of it.

    `shown`: supporters among whom it was chosen; `asked_before`: proposals that this supporter had had by then.
    """

    suggestion: Suggestion
    pairing: Pairing | None
    weight_version_id: int
    shown: int
    asked_before: int


def list_versions(session: Session, association_id: int) -> list[VersionLine]:
    """List the versions that an association uses or could use again: its own, the newest first, then national ones."""
    rows = session.execute(
        select(WeightVersion, Account)
        .outerjoin(Account, Account.id == WeightVersion.published_by_id)
        .where(or_(WeightVersion.association_id == association_id, WeightVersion.association_id.is_(None)))
        .order_by(WeightVersion.association_id.is_(None), WeightVersion.number.desc())
    )
    return [VersionLine(version=version, author=full_name(author) if author else None) for version, author in rows]


def get_version(session: Session, association_id: int, *, number: int, is_national: bool) -> WeightVersion:
    """Give a version by its number.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    owner = WeightVersion.association_id.is_(None) if is_national else WeightVersion.association_id == association_id
    version = session.scalar(select(WeightVersion).where(owner, WeightVersion.number == number))
    if version is None:
        raise NotFoundError(record="WeightVersion")
    return version


def next_number(session: Session, association_id: int) -> int:
    """Give the number of the association's next version."""
    last = session.scalar(select(func.max(WeightVersion.number)).where(WeightVersion.association_id == association_id))
    return (last or 0) + 1


def list_drafts(session: Session, association_id: int) -> list[DraftLine]:
    """List the drafts that are neither published nor set aside, the newest first."""
    rows = session.execute(
        select(WeightDraft, Account)
        .outerjoin(Account, Account.id == WeightDraft.made_by_id)
        .where(WeightDraft.association_id == association_id, WeightDraft.state.in_(UNPUBLISHED))
        .order_by(WeightDraft.id.desc())
    )
    return [DraftLine(draft=draft, author=full_name(author) if author else None) for draft, author in rows]


def get_draft(session: Session, public_id: UUID) -> WeightDraft:
    """Give a draft.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    draft = session.scalar(select(WeightDraft).where(WeightDraft.public_id == public_id))
    if draft is None:
        raise NotFoundError(record="WeightDraft")
    return draft


def get_draft_of(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> WeightDraft:
    """Give a draft of one's own associations.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    draft = get_draft(session, public_id)
    if draft.association_id not in association_ids:
        raise NotFoundError(record="WeightDraft")
    return draft


def find_draft_names(session: Session, draft: WeightDraft) -> DraftNames:
    """Give the people whom a draft's replay names, those who are still here."""
    changes = (draft.replay or {}).get("changes", [])
    supporter_ids = {change[side] for change in changes for side in ("before", "after")}
    people = session.scalars(
        select(Entrepreneur).where(
            Entrepreneur.association_id == draft.association_id,
            Entrepreneur.id.in_({change["entrepreneur_id"] for change in changes}),
        )
    )
    supporters = session.scalars(
        select(Supporter).where(Supporter.association_id == draft.association_id, Supporter.id.in_(supporter_ids))
    )
    return DraftNames(
        entrepreneurs={person.id: person for person in people}, supporters={one.id: one for one in supporters}
    )


def lock_draft(session: Session, draft_id: int) -> WeightDraft:
    """Give a draft as it is now, and keep others from changing it until the end."""
    return session.scalars(
        select(WeightDraft)
        .where(WeightDraft.id == draft_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def list_queued_drafts(session: Session) -> Sequence[UUID]:
    """Give the drafts that wait for their replay, the oldest first."""
    return session.scalars(
        select(WeightDraft.public_id).where(WeightDraft.state == WeightDraftState.QUEUED).order_by(WeightDraft.id)
    ).all()


def list_silent_drafts(session: Session, *, seen_before: datetime) -> Sequence[UUID]:
    """Give the drafts whose worker has given no sign of life since then."""
    return session.scalars(
        select(WeightDraft.public_id)
        .where(WeightDraft.state == WeightDraftState.RUNNING, WeightDraft.seen_at < seen_before)
        .order_by(WeightDraft.id)
    ).all()


def list_past_decisions(session: Session, association_id: int) -> list[PastDecision]:
    """List the suggestions that coordinators approved or rejected, in the order of the decisions."""
    rows = session.execute(
        select(Suggestion, Pairing, MatchRun.weight_version_id)
        .join(MatchRun, MatchRun.id == Suggestion.run_id)
        .outerjoin(Pairing, Pairing.suggestion_id == Suggestion.id)
        .where(
            Suggestion.association_id == association_id,
            Suggestion.state.in_((SuggestionState.APPROVED, SuggestionState.REJECTED)),
        )
        .order_by(Suggestion.decided_at.desc(), Suggestion.id.desc())
        .limit(DECISIONS_READ)
    ).all()
    shown = _count_shown(session, association_id)
    asked = _list_proposals(session, association_id)
    return [
        PastDecision(
            suggestion=suggestion,
            pairing=pairing,
            weight_version_id=version_id,
            shown=shown[suggestion.run_id, suggestion.entrepreneur_id, suggestion.role],
            asked_before=_count_before(asked.get(suggestion.supporter_id, ()), suggestion.decided_at),
        )
        for suggestion, pairing, version_id in reversed(rows)
    ]


def _count_shown(session: Session, association_id: int) -> Mapping[tuple[int, int, str], int]:
    rows = session.execute(
        select(Suggestion.run_id, Suggestion.entrepreneur_id, Suggestion.role, func.count())
        .where(Suggestion.association_id == association_id)
        .group_by(Suggestion.run_id, Suggestion.entrepreneur_id, Suggestion.role)
    )
    return {(run_id, entrepreneur_id, role): count for run_id, entrepreneur_id, role, count in rows}


def _list_proposals(session: Session, association_id: int) -> Mapping[int, Sequence[datetime]]:
    """Give when each supporter was proposed."""
    found: dict[int, list[datetime]] = {}
    rows = session.execute(
        select(Pairing.supporter_id, Pairing.proposed_at).where(Pairing.association_id == association_id)
    )
    for supporter_id, proposed_at in rows:
        found.setdefault(supporter_id, []).append(proposed_at)
    return found


def _count_before(proposals: Sequence[datetime], at: datetime | None) -> int:
    return sum(at is not None and proposed_at < at for proposed_at in proposals)
