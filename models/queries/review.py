"""What a match run proposes and leaves: suggestions to decide, their alternatives, and people without anybody."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from models.accounts import Account
from models.associations import Association, WeightVersion
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.match_runs import MatchRun, Suggestion, UnmatchedNeed
from models.names import full_name
from models.pairings import Pairing
from models.queries.directory import find_commune_names
from models.queries.pages import Page, fetch_page
from models.states import EntrepreneurState, PairingState, SuggestionState, SupporterState
from models.supporters import PAIRING_COST, Supporter, SupporterRole

COACH_PATH = PAIRING_COST[SupporterRole.COACH]
RUNS_SHOWN = 20
"""Match runs on the page that lists them."""


class SuggestionOrder(StrEnum):
    """How the review list is sorted."""

    DEADLINE = "deadline"
    SCORE = "score"
    WAITING = "waiting"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionSheet:
    """One suggestion with all that a decision needs."""

    suggestion: Suggestion
    association: Association
    run: MatchRun
    entrepreneur: Entrepreneur
    supporter: Supporter
    choices: tuple[Suggestion, ...]
    communes: Mapping[str, str]
    earlier: tuple[Pairing, ...]
    decided_by: str | None
    pairing: Pairing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSheet:
    """One match run with what became of its suggestions."""

    run: MatchRun
    association: Association
    requested_by: str | None
    weights: WeightVersion
    by_state: Mapping[SuggestionState, int]
    unmatched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """How many people a match run would look at now."""

    entrepreneurs: int
    supporters: int
    places: int
    coach_paths: int
    to_decide: int


def select_open_suggestions(
    association_id: int, *, role: SupporterRole | None = None, order: SuggestionOrder = SuggestionOrder.DEADLINE
) -> Select[Suggestion]:
    """Select the suggestions that wait for a decision."""
    rows = (
        select(Suggestion)
        .join(Suggestion.entrepreneur)
        .where(Suggestion.association_id == association_id, Suggestion.state == SuggestionState.OPEN)
    )
    if role is not None:
        rows = rows.where(Suggestion.role == role)
    orders: dict[SuggestionOrder, tuple[Any, ...]] = {
        SuggestionOrder.DEADLINE: (Suggestion.deadline_at, Suggestion.score.desc()),
        SuggestionOrder.SCORE: (Suggestion.score.desc(),),
        SuggestionOrder.WAITING: (Entrepreneur.waiting_since, Suggestion.score.desc()),
        SuggestionOrder.NAME: (Entrepreneur.search_name,),
    }
    return rows.order_by(*orders[order], Suggestion.id)


def list_open_suggestions(
    session: Session,
    association_id: int,
    *,
    role: SupporterRole | None = None,
    order: SuggestionOrder = SuggestionOrder.DEADLINE,
    page: int = 1,
) -> Page[Suggestion]:
    """List one page of suggestions to decide, with both people."""
    rows = select_open_suggestions(association_id, role=role, order=order).options(
        contains_eager(Suggestion.entrepreneur), joinedload(Suggestion.supporter)
    )
    return fetch_page(session, rows, page)


def count_open_by_role(session: Session, association_id: int) -> Mapping[SupporterRole, int]:
    """Count the suggestions to decide in each role."""
    rows = (
        select(Suggestion.role, func.count())
        .where(Suggestion.association_id == association_id, Suggestion.state == SuggestionState.OPEN)
        .group_by(Suggestion.role)
    )
    return dict(session.execute(rows).all())


def get_suggestion_sheet(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> SuggestionSheet:
    """Get a suggestion of one's own associations with both profiles and the other choices of its run.

    Raises
    ------
    NotFoundError
        If there is none, or it belongs to others.
    """
    suggestion = session.scalar(
        select(Suggestion)
        .where(Suggestion.public_id == public_id, Suggestion.association_id.in_(association_ids))
        .options(
            joinedload(Suggestion.entrepreneur).options(
                selectinload(Entrepreneur.needs), selectinload(Entrepreneur.languages)
            )
        )
    )
    if suggestion is None:
        raise NotFoundError(record="Suggestion")
    choices = _choices(session, suggestion)
    association, run, decided_by = session.execute(
        select(Association, MatchRun, Account)
        .select_from(Association)
        .join(MatchRun, MatchRun.association_id == Association.id)
        .outerjoin(Account, Account.id == suggestion.decided_by_id)
        .where(MatchRun.id == suggestion.run_id)
    ).one()
    codes = [suggestion.entrepreneur.commune_code, *(choice.supporter.commune_code for choice in choices)]
    return SuggestionSheet(
        suggestion=suggestion,
        association=association,
        run=run,
        entrepreneur=suggestion.entrepreneur,
        supporter=suggestion.supporter,
        choices=choices,
        communes=find_commune_names(session, codes),
        earlier=_list_role_pairings(session, suggestion),
        decided_by=full_name(decided_by) if decided_by else None,
        pairing=session.scalar(select(Pairing).where(Pairing.suggestion_id == suggestion.id)),
    )


def find_next_open(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> UUID | None:
    """Find the suggestion to decide after this one: same association and role, the first deadline first."""
    here = session.execute(
        select(Suggestion.association_id, Suggestion.role).where(
            Suggestion.public_id == public_id, Suggestion.association_id.in_(association_ids)
        )
    ).one_or_none()
    if here is None:
        return None
    following = session.scalar(select_open_suggestions(here[0], role=here[1]).limit(1))
    return following.public_id if following else None


def find_names(session: Session, ids: list[UUID], *, association_ids: frozenset[int]) -> Mapping[UUID, str]:
    """Give « entrepreneur → supporter » for suggestions of one's own associations."""
    rows = (
        select(Suggestion)
        .where(Suggestion.public_id.in_(ids), Suggestion.association_id.in_(association_ids))
        .options(joinedload(Suggestion.entrepreneur), joinedload(Suggestion.supporter))
    )
    return {
        line.public_id: f"{full_name(line.entrepreneur)} → {full_name(line.supporter)}"
        for line in session.scalars(rows)
    }


def list_unmatched(
    session: Session, run: MatchRun, *, role: SupporterRole | None = None, page: int = 1
) -> Page[UnmatchedNeed]:
    """List the people a run left without anybody, the longest waiting first."""
    rows = (
        select(UnmatchedNeed)
        .join(UnmatchedNeed.entrepreneur)
        .where(UnmatchedNeed.run_id == run.id)
        .options(contains_eager(UnmatchedNeed.entrepreneur))
        .order_by(Entrepreneur.waiting_since, Entrepreneur.search_name, UnmatchedNeed.id)
    )
    if role is not None:
        rows = rows.where(UnmatchedNeed.role == role)
    return fetch_page(session, rows, page)


def sum_refusals(session: Session, run: MatchRun, *, role: SupporterRole | None = None) -> Mapping[str, int]:
    """Count, for each rule, the people whom it holds back most; "taken" stands for places that went to others.

    Each person counts once, under what stands most in her way.
    """
    rows = select(UnmatchedNeed.refusals, UnmatchedNeed.possible).where(UnmatchedNeed.run_id == run.id)
    if role is not None:
        rows = rows.where(UnmatchedNeed.role == role)
    counted: Counter[str] = Counter()
    for refusals, possible in session.execute(rows):
        counted[main_obstacle(refusals, possible)] += 1
    return dict(counted.most_common())


def main_obstacle(refusals: Mapping[str, int], possible: int) -> str:
    """Name what stands most in a person's way: places taken by others, else the rule that forbids most, else nobody."""
    if possible > 0:
        return "taken"
    if not any(refusals.values()):
        return "nobody"
    return max(refusals, key=lambda rule: refusals[rule])


def list_runs(session: Session, association_id: int) -> list[MatchRun]:
    """List the latest match runs, the newest first."""
    rows = (
        select(MatchRun)
        .where(MatchRun.association_id == association_id)
        .order_by(MatchRun.requested_at.desc(), MatchRun.id.desc())
        .limit(RUNS_SHOWN)
    )
    return list(session.scalars(rows))


def get_run(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> MatchRun:
    """Get a match run of one's own associations.

    Raises
    ------
    NotFoundError
        If there is none, or it belongs to others.
    """
    run = session.scalar(
        select(MatchRun)
        .where(MatchRun.public_id == public_id, MatchRun.association_id.in_(association_ids))
        .execution_options(populate_existing=True)
    )
    if run is None:
        raise NotFoundError(record="MatchRun")
    return run


def get_run_sheet(session: Session, run: MatchRun) -> RunSheet:
    """Get what a run page shows beside the run itself."""
    association, weights, requested_by = session.execute(
        select(Association, WeightVersion, Account)
        .select_from(Association)
        .join(WeightVersion, WeightVersion.id == run.weight_version_id)
        .outerjoin(Account, Account.id == run.requested_by_id)
        .where(Association.id == run.association_id)
    ).one()
    by_state = session.execute(
        select(Suggestion.state, func.count()).where(Suggestion.run_id == run.id).group_by(Suggestion.state)
    ).all()
    unmatched = session.scalar(select(func.count()).where(UnmatchedNeed.run_id == run.id)) or 0
    return RunSheet(
        run=run,
        association=association,
        requested_by=full_name(requested_by) if requested_by else None,
        weights=weights,
        by_state=dict(by_state),
        unmatched=unmatched,
    )


def count_pool(session: Session, association_id: int) -> Pool:
    """Count whom a match run would look at now."""
    ready = select(func.count()).where(
        Entrepreneur.association_id == association_id, Entrepreneur.state == EntrepreneurState.READY
    )
    active = (Supporter.association_id == association_id, Supporter.state == SupporterState.ACTIVE)
    row = session.execute(
        select(
            ready.scalar_subquery(),
            select(func.count()).where(*active).scalar_subquery(),
            select(func.coalesce(func.sum(Supporter.capacity - Supporter.taken), 0))
            .where(*active, Supporter.role != SupporterRole.COACH)
            .scalar_subquery(),
            select(func.coalesce(func.sum((Supporter.capacity - Supporter.taken) // COACH_PATH), 0))
            .where(*active, Supporter.role == SupporterRole.COACH)
            .scalar_subquery(),
            select(func.count())
            .where(Suggestion.association_id == association_id, Suggestion.state == SuggestionState.OPEN)
            .scalar_subquery(),
        )
    ).one()
    return Pool(entrepreneurs=row[0], supporters=row[1], places=row[2], coach_paths=row[3], to_decide=row[4])


def _choices(session: Session, suggestion: Suggestion) -> tuple[Suggestion, ...]:
    rows = (
        select(Suggestion)
        .where(
            Suggestion.run_id == suggestion.run_id,
            Suggestion.entrepreneur_id == suggestion.entrepreneur_id,
            Suggestion.role == suggestion.role,
        )
        .options(
            joinedload(Suggestion.supporter).options(
                selectinload(Supporter.expertise), selectinload(Supporter.languages)
            )
        )
        .order_by(Suggestion.rank)
    )
    return tuple(session.scalars(rows).unique())


def _list_role_pairings(session: Session, suggestion: Suggestion) -> tuple[Pairing, ...]:
    """List what was tried for this person in this role before, the newest first."""
    rows = (
        select(Pairing)
        .where(
            Pairing.entrepreneur_id == suggestion.entrepreneur_id,
            Pairing.role == suggestion.role,
            Pairing.state.in_(
                (PairingState.DECLINED, PairingState.EXPIRED, PairingState.WITHDRAWN, PairingState.ENDED)
            ),
        )
        .options(joinedload(Pairing.supporter))
        .order_by(Pairing.proposed_at.desc())
    )
    return tuple(session.scalars(rows))
