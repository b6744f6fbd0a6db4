"""Entrepreneurs and supporters as lists: one select per list, used by the page and by whoever shows its number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from models.entrepreneurs import Entrepreneur
from models.match_runs import Suggestion
from models.pairings import Pairing
from models.queries.pages import Page, fetch_page
from models.search import fold
from models.states import LIVE_PAIRING_STATES, EntrepreneurState, SuggestionState, SupporterState
from models.supporters import PAIRING_COST, PAPERS_NOTICE, Supporter, SupporterRole
from models.territories import Commune, QpvCheck, QpvResult
from models.wall import ToldStage, cover


class EntrepreneurSituation(StrEnum):
    """What a coordinator may look for among the people she follows."""

    ALONE = "alone"
    INCOMPLETE = "incomplete"
    QPV_BORDERLINE = "qpv_borderline"
    ACCOMPANIED = "accompanied"


class SupporterSituation(StrEnum):
    """What a coordinator may look for among supporters."""

    FREE = "free"
    FULL = "full"
    PAPERS = "papers"
    AWAY = "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrepreneurFilter:
    """What a list of entrepreneurs is narrowed to. Without a state, everybody whose file is not closed."""

    text: str = ""
    state: EntrepreneurState | None = None
    stage: ToldStage | None = None
    situation: EntrepreneurSituation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterFilter:
    """What a list of supporters is narrowed to. Without a state, everybody who has not left.

    `today` is the day of whoever asks for papers that end soon.
    """

    text: str = ""
    state: SupporterState | None = None
    role: SupporterRole | None = None
    situation: SupporterSituation | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrepreneurLine:
    """One line of the list: the person, where she lives, who is with her, what waits for a decision."""

    entrepreneur: Entrepreneur
    commune: str | None
    pairings: tuple[Pairing, ...]
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterLine:
    """One line of the list of supporters."""

    supporter: Supporter
    commune: str | None
    pairings: int

    @property
    def places(self) -> int:
        """Places in people."""
        return self.supporter.capacity // PAIRING_COST[self.supporter.role]

    @property
    def free(self) -> int:
        """Free places in people."""
        return free_places(self.supporter)


def free_places(supporter: Supporter) -> int:
    """Give how many more people a supporter can take: a coach's hours are counted in whole paths."""
    return (supporter.capacity - supporter.taken) // PAIRING_COST[supporter.role]


def matches_name(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Say that each word typed begins or lies in the folded name; accents, case and order do not matter."""
    words = fold(text).split()
    return and_(*(column.contains(word, autoescape=True) for word in words))


def select_entrepreneurs(association_id: int, chosen: EntrepreneurFilter) -> Select[Entrepreneur]:
    """Select the people of one association that a filter keeps."""
    rows = select(Entrepreneur).where(Entrepreneur.association_id == association_id)
    if chosen.state is not None:
        rows = rows.where(Entrepreneur.state == chosen.state)
    else:
        rows = rows.where(Entrepreneur.state != EntrepreneurState.CLOSED)
    if fold(chosen.text):
        rows = rows.where(
            or_(matches_name(Entrepreneur.search_name, chosen.text), Entrepreneur.reference == chosen.text.strip())
        )
    if chosen.stage is not None:
        rows = rows.where(Entrepreneur.stage.in_(cover(chosen.stage)))
    if chosen.situation is not None:
        rows = rows.where(_in_situation(chosen.situation, association_id))
    if chosen.situation is EntrepreneurSituation.ALONE:
        # Those whose follow-up is due come first; nobody without a date is hidden behind them.
        return rows.order_by(Entrepreneur.follow_up_on.is_(None), Entrepreneur.follow_up_on, Entrepreneur.waiting_since)
    return rows.order_by(Entrepreneur.search_name, Entrepreneur.id)


def list_entrepreneurs(
    session: Session, association_id: int, chosen: EntrepreneurFilter, *, page: int = 1
) -> Page[EntrepreneurLine]:
    """List one page of people, each with the supporters with her and the suggestions to decide."""
    found = fetch_page(session, select_entrepreneurs(association_id, chosen), page)
    ids = [person.id for person in found.lines]
    communes = find_commune_names(session, (person.commune_code for person in found.lines))
    pairings = _live_pairings(session, ids)
    suggestions = _open_suggestions(session, ids)
    return found.with_lines(
        [
            EntrepreneurLine(
                entrepreneur=person,
                commune=communes.get(person.commune_code or ""),
                pairings=tuple(pairings.get(person.id, ())),
                suggestions=tuple(suggestions.get(person.id, ())),
            )
            for person in found.lines
        ]
    )


def select_supporters(association_id: int, chosen: SupporterFilter) -> Select[Supporter]:
    """Select the supporters of one association that a filter keeps."""
    rows = select(Supporter).where(Supporter.association_id == association_id)
    if chosen.state is not None:
        rows = rows.where(Supporter.state == chosen.state)
    else:
        rows = rows.where(Supporter.state != SupporterState.LEFT)
    if fold(chosen.text):
        rows = rows.where(
            or_(matches_name(Supporter.search_name, chosen.text), Supporter.reference == chosen.text.strip())
        )
    if chosen.role is not None:
        rows = rows.where(Supporter.role == chosen.role)
    if chosen.situation is SupporterSituation.FREE:
        rows = rows.where(Supporter.state == SupporterState.ACTIVE, _has_place())
    elif chosen.situation is SupporterSituation.FULL:
        rows = rows.where(Supporter.state == SupporterState.ACTIVE, ~_has_place())
    elif chosen.situation is SupporterSituation.PAPERS and chosen.today is not None:
        last = chosen.today + PAPERS_NOTICE
        rows = rows.where(or_(Supporter.training_until <= last, Supporter.insurance_until <= last))
    elif chosen.situation is SupporterSituation.AWAY and chosen.today is not None:
        rows = rows.where(Supporter.state == SupporterState.PAUSED, Supporter.back_on <= chosen.today)
    return rows.order_by(Supporter.search_name, Supporter.id)


def list_supporters(
    session: Session, association_id: int, chosen: SupporterFilter, *, page: int = 1
) -> Page[SupporterLine]:
    """List one page of supporters with their free places."""
    found = fetch_page(session, select_supporters(association_id, chosen), page)
    ids = [supporter.id for supporter in found.lines]
    communes = find_commune_names(session, (supporter.commune_code for supporter in found.lines))
    counted: Mapping[int, int] = dict(
        session.execute(
            select(Pairing.supporter_id, func.count())
            .where(Pairing.supporter_id.in_(ids), Pairing.state.in_(LIVE_PAIRING_STATES))
            .group_by(Pairing.supporter_id)
        ).all()
    )
    return found.with_lines(
        [
            SupporterLine(
                supporter=supporter,
                commune=communes.get(supporter.commune_code or ""),
                pairings=counted.get(supporter.id, 0),
            )
            for supporter in found.lines
        ]
    )


def find_commune_names(session: Session, codes: Iterable[str | None]) -> Mapping[str, str]:
    """Give the names of communes by code, in one statement."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    return dict(session.execute(select(Commune.code, Commune.name).where(Commune.code.in_(wanted))).all())


def is_alone(association_id: int) -> ColumnElement[bool]:
    """Say that a ready person has nobody with her and nothing under way: no live pairing, no suggestion to decide."""
    decided = select(Suggestion.entrepreneur_id).where(
        Suggestion.association_id == association_id, Suggestion.state == SuggestionState.OPEN
    )
    return and_(
        Entrepreneur.state == EntrepreneurState.READY,
        Entrepreneur.id.not_in(_accompanied(association_id)),
        Entrepreneur.id.not_in(decided),
    )


def _accompanied(association_id: int) -> Select[int]:
    """Select who has a live pairing: one set for the whole list, not one search per person."""
    return select(Pairing.entrepreneur_id).where(
        Pairing.association_id == association_id, Pairing.state.in_(LIVE_PAIRING_STATES)
    )


def _in_situation(situation: EntrepreneurSituation, association_id: int) -> ColumnElement[bool]:
    if situation is EntrepreneurSituation.ALONE:
        return is_alone(association_id)
    if situation is EntrepreneurSituation.INCOMPLETE:
        return Entrepreneur.state == EntrepreneurState.INCOMPLETE
    if situation is EntrepreneurSituation.ACCOMPANIED:
        return Entrepreneur.id.in_(_accompanied(association_id))
    return _has_borderline_check()


def _has_borderline_check() -> ColumnElement[bool]:
    """Say that the latest check of one of her two grounds lies on a border."""
    later = aliased(QpvCheck)
    return exists().where(
        QpvCheck.entrepreneur_id == Entrepreneur.id,
        QpvCheck.result == QpvResult.BORDERLINE,
        ~exists().where(
            later.entrepreneur_id == QpvCheck.entrepreneur_id,
            later.ground == QpvCheck.ground,
            later.checked_at > QpvCheck.checked_at,
        ),
    )


def _has_place() -> ColumnElement[bool]:
    costs: dict[Any, int] = dict(PAIRING_COST)
    return Supporter.capacity - Supporter.taken >= case(costs, value=Supporter.role, else_=1)


def _live_pairings(session: Session, entrepreneur_ids: list[int]) -> Mapping[int, list[Pairing]]:
    found: defaultdict[int, list[Pairing]] = defaultdict(list)
    rows = select(Pairing).where(Pairing.entrepreneur_id.in_(entrepreneur_ids), Pairing.state.in_(LIVE_PAIRING_STATES))
    for pairing in session.scalars(rows.options(joinedload(Pairing.supporter)).order_by(Pairing.proposed_at)):
        found[pairing.entrepreneur_id].append(pairing)
    return found


def _open_suggestions(session: Session, entrepreneur_ids: list[int]) -> Mapping[int, list[Suggestion]]:
    found: defaultdict[int, list[Suggestion]] = defaultdict(list)
    rows = select(Suggestion).where(
        Suggestion.entrepreneur_id.in_(entrepreneur_ids), Suggestion.state == SuggestionState.OPEN
    )
    for suggestion in session.scalars(rows.options(joinedload(Suggestion.supporter)).order_by(Suggestion.deadline_at)):
        found[suggestion.entrepreneur_id].append(suggestion)
    return found
