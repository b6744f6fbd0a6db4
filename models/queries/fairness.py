"""What became of the people of an association, and in which groups they are: the same selects as the lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models.entrepreneurs import Entrepreneur, EntrepreneurConfided, Stage
from models.match_runs import Suggestion
from models.pairings import Pairing
from models.queries.directory import EntrepreneurFilter, EntrepreneurSituation, select_entrepreneurs
from models.states import LIVE_PAIRING_STATES, EntrepreneurState, PairingState, SuggestionState

READY = EntrepreneurFilter(state=EntrepreneurState.READY)
ACCOMPANIED = EntrepreneurFilter(state=EntrepreneurState.READY, situation=EntrepreneurSituation.ACCOMPANIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedPerson:
    """One person whose file is ready: what became of her wishes, and where she stands. It is never shown."""

    waiting_since: date | None
    accompanied_at: datetime | None
    score: float | None
    proposals: int
    refusals: int
    commune_code: str | None
    lives_in_qpv: bool
    stage: Stage | None
    language: str | None
    after_liquidation: bool | None
    gender: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is under way for one person: when her first live pairing was proposed or accepted, and its score."""

    at: datetime
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposals:
    made: int = 0
    refused: int = 0


def list_grouped_people(session: Session, association_id: int, *, reads_confided: bool) -> list[GroupedPerson]:
    """List the people whose file is ready; who must not read what was confided gets no prior failure at all.

    A declared gender is read on both sides: it was given for this report alone, and says nothing about credit.
    """
    confided = selectinload(Entrepreneur.confided).load_only(
        EntrepreneurConfided.gender, *([EntrepreneurConfided.after_liquidation] if reads_confided else [])
    )
    people = session.scalars(
        select_entrepreneurs(association_id, READY)
        .options(selectinload(Entrepreneur.languages), confided)
        .execution_options(populate_existing=True)
    ).all()
    accompanied = select_entrepreneurs(association_id, ACCOMPANIED).with_only_columns(Entrepreneur.id).order_by(None)
    served, found = set(session.scalars(accompanied)), _find_pairings(session, association_id)
    proposals, scores = _count_proposals(session, association_id), _find_scores(session, association_id)
    return [
        GroupedPerson(
            waiting_since=person.waiting_since,
            accompanied_at=found[person.id].at if person.id in served else None,
            score=found[person.id].score if person.id in served else scores.get(person.id),
            proposals=proposals.get(person.id, _Proposals()).made,
            refusals=proposals.get(person.id, _Proposals()).refused,
            commune_code=person.commune_code,
            lives_in_qpv=person.qpv_code is not None,
            stage=person.stage,
            language=person.languages[0].language if person.languages else None,
            after_liquidation=bool(person.confided and person.confided.after_liquidation) if reads_confided else None,
            gender=person.confided.gender if person.confided else None,
        )
        for person in people
    ]


def _find_pairings(session: Session, association_id: int) -> Mapping[int, _Found]:
    """Find the oldest live pairing of each person, with the score of the suggestion that it came from."""
    rows = session.execute(
        select(Pairing.entrepreneur_id, func.coalesce(Pairing.answered_at, Pairing.proposed_at), Suggestion.score)
        .outerjoin(Suggestion, Suggestion.id == Pairing.suggestion_id)
        .where(Pairing.association_id == association_id, Pairing.state.in_(LIVE_PAIRING_STATES))
        .order_by(Pairing.proposed_at.desc(), Pairing.id.desc())
    )
    return {id: _Found(at=at, score=score) for id, at, score in rows}


def _count_proposals(session: Session, association_id: int) -> Mapping[int, _Proposals]:
    """Count the proposals made for each person, and those that supporters declined."""
    declined = func.count().filter(Pairing.state == PairingState.DECLINED)
    rows = session.execute(
        select(Pairing.entrepreneur_id, func.count(), declined)
        .where(Pairing.association_id == association_id)
        .group_by(Pairing.entrepreneur_id)
    )
    return {id: _Proposals(made=made, refused=refused) for id, made, refused in rows}


def _find_scores(session: Session, association_id: int) -> Mapping[int, float]:
    """Find the best score that waits for a decision, for each person."""
    rows = session.execute(
        select(Suggestion.entrepreneur_id, func.max(Suggestion.score))
        .where(Suggestion.association_id == association_id, Suggestion.state == SuggestionState.OPEN)
        .group_by(Suggestion.entrepreneur_id)
    )
    return {id: score for id, score in rows}  # noqa: C416 - dict() of rows loses their types
