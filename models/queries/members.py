"""What an entrepreneur or a supporter reads of herself: her file, her team, her proposals, her neighbourhood checks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.accounts import Account, Coordinator
from models.associations import Association
from models.entrepreneurs import Entrepreneur, EntrepreneurOffer
from models.match_runs import MatchRun, Suggestion, UnmatchedNeed
from models.names import full_name
from models.pairings import Pairing
from models.search import fold
from models.states import (
    LIVE_PAIRING_STATES,
    UNANSWERED_PAIRING_STATES,
    EntrepreneurState,
    MatchRunState,
    PairingState,
    SuggestionState,
)
from models.supporters import Supporter, SupporterRole
from models.territories import Commune, Qpv, QpvCheck, QpvGround
from models.topics import Activity, Offer

MOST_COMMUNES = 12
SHORTEST_POSTAL_CODE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedSide:
    """One of two who work together, and her account that is closed."""

    person: Entrepreneur | Supporter
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody of the association who answers for what happens next."""

    name: str
    email: str
    phone: str | None
    association: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCheck:
    """The last check of one ground, with the neighbourhood's name."""

    check: QpvCheck
    qpv_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """One of the files of a person whom several associations follow. Values only: no row that a rollback empties."""

    id: int
    public_id: UUID
    association_id: int
    association: str


def list_own_files(session: Session, ids: Collection[int]) -> list[OwnFile]:
    """Give a person's files with who follows her, in the order in which one would be shown unasked."""
    rows = session.execute(
        select(Entrepreneur.id, Entrepreneur.public_id, Entrepreneur.association_id, Association.name)
        .join(Association, Association.id == Entrepreneur.association_id)
        .where(Entrepreneur.id.in_(ids))
        .order_by(Entrepreneur.state == EntrepreneurState.CLOSED, Entrepreneur.id.desc())
    )
    return [OwnFile(id=row.id, public_id=row.public_id, association_id=row[2], association=row.name) for row in rows]


def find_entrepreneur(
    session: Session, ids: Collection[int], *, association_id: int | None = None
) -> Entrepreneur | None:
    """Give the person's own file: an open one before a closed one, the newest first. Loads all of its parts."""
    conditions: list[ColumnElement[bool]] = [Entrepreneur.id.in_(ids)]
    if association_id is not None:
        conditions.append(Entrepreneur.association_id == association_id)
    return session.scalar(
        select(Entrepreneur)
        .where(*conditions)
        .options(
            selectinload(Entrepreneur.needs), selectinload(Entrepreneur.languages), selectinload(Entrepreneur.confided)
        )
        .order_by(Entrepreneur.state == EntrepreneurState.CLOSED, Entrepreneur.id.desc())
        .limit(1)
    )


def list_supporters(session: Session, ids: Collection[int]) -> list[Supporter]:
    """Give the supporter rows of one account, with expertise and languages; most people have one."""
    return list(
        session.scalars(
            select(Supporter)
            .where(Supporter.id.in_(ids))
            .options(selectinload(Supporter.expertise), selectinload(Supporter.languages))
            .order_by(Supporter.id)
        )
    )


def find_contact(session: Session, *, association_id: int, referent_id: int | None) -> Contact:
    """Give who answers for a person: her referent, else a coordinator, else the association by its name."""
    return read_contact(session, association_id=association_id, referent_id=referent_id)[1]


def read_contact(session: Session, *, association_id: int, referent_id: int | None) -> tuple[Association, Contact]:
    """Give an association and who answers for a person there, at her number or that of the house. One statement."""
    association, account = session.execute(
        select(Association, Account)
        .select_from(Association)
        .outerjoin(Coordinator, and_(Coordinator.association_id == Association.id, Coordinator.account_id.is_not(None)))
        .outerjoin(Account, and_(Account.id == Coordinator.account_id, Account.is_active.is_(True)))
        .where(Association.id == association_id)
        .order_by(Account.id.is_(None), (Account.id != referent_id) if referent_id else Account.id, Account.id)
        .limit(1)
    ).one()
    own = association.name
    if account is None:
        return association, Contact(name=own, email=association.email, phone=association.phone or None, association=own)
    name = full_name(account)
    phone = account.phone or association.phone or None
    return association, Contact(name=name, email=account.email, phone=phone, association=own)


def list_live_pairings(session: Session, entrepreneur_id: int, *, with_offers: bool = False) -> list[Pairing]:
    """Give a person's live pairings with the supporters, active ones first; and what these offer, if asked."""
    supporter = joinedload(Pairing.supporter)
    if with_offers:
        supporter = supporter.options(selectinload(Supporter.expertise), selectinload(Supporter.languages))
    return list(
        session.scalars(
            select(Pairing)
            .where(Pairing.entrepreneur_id == entrepreneur_id, Pairing.state.in_(LIVE_PAIRING_STATES))
            .options(supporter)
            .order_by(Pairing.state, Pairing.proposed_at, Pairing.id)
        )
    )


def list_open_suggestions(session: Session, entrepreneur_id: int) -> list[Suggestion]:
    """Give the suggestions about a person that a coordinator is looking at."""
    return list(
        session.scalars(
            select(Suggestion)
            .where(Suggestion.entrepreneur_id == entrepreneur_id, Suggestion.state == SuggestionState.OPEN)
            .order_by(Suggestion.deadline_at, Suggestion.id)
        )
    )


def list_unmatched(session: Session, *, association_id: int, entrepreneur_id: int) -> list[UnmatchedNeed]:
    """Give what the association's last finished run could not find for a person."""
    last_run = (
        select(MatchRun.id)
        .where(MatchRun.association_id == association_id, MatchRun.state == MatchRunState.DONE)
        .order_by(MatchRun.ended_at.desc(), MatchRun.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return list(
        session.scalars(
            select(UnmatchedNeed).where(
                UnmatchedNeed.run_id == last_run, UnmatchedNeed.entrepreneur_id == entrepreneur_id
            )
        )
    )


def list_last_checks(session: Session, entrepreneur_id: int) -> Mapping[QpvGround, KnownCheck]:
    """Give the last check of each ground."""
    rows = session.execute(
        select(QpvCheck, Qpv.name)
        .outerjoin(Qpv, Qpv.code == QpvCheck.qpv_code)
        .where(QpvCheck.entrepreneur_id == entrepreneur_id)
        .order_by(QpvCheck.checked_at, QpvCheck.id)
    )
    return {check.ground: KnownCheck(check=check, qpv_name=name) for check, name in rows}


def list_offered_topics(session: Session, entrepreneur_id: int) -> list[str]:
    """Give the topics that a person can help others with."""
    offered = select(EntrepreneurOffer.topic).where(EntrepreneurOffer.entrepreneur_id == entrepreneur_id)
    return list(session.scalars(offered.order_by(EntrepreneurOffer.topic)))


def find_communes(session: Session, text: str, *, department: str | None = None) -> list[Commune]:
    """Give the communes of a name or a postal code: exact names, then those of a department, the largest first."""
    words = fold(text)
    if not words:
        return []
    if words.isdigit():
        if len(words) < SHORTEST_POSTAL_CODE:
            return []
        matches: ColumnElement[bool] = cast(Commune.postal_codes, String).like(f'%"{words}%')
    else:
        matches = or_(Commune.search_name.like(f"{words}%"), Commune.search_name.like(f"% {words}%"))
    exact = Commune.search_name != words
    return list(
        session.scalars(
            select(Commune)
            .where(matches)
            .order_by(
                exact,
                Commune.department != (department or ""),
                func.coalesce(Commune.population, 0).desc(),
                Commune.code,
            )
            .limit(MOST_COMMUNES)
        )
    )


def find_commune(session: Session, code: str | None) -> Commune | None:
    """Give a commune by its code."""
    return session.get(Commune, code) if code else None


def find_activity(session: Session, code: str | None) -> Activity | None:
    """Give a heading of the NAF by its code."""
    return session.get(Activity, code) if code else None


def map_offers(session: Session, slugs: Collection[str]) -> Mapping[str, Offer]:
    """Give some offers by their slug."""
    return {offer.slug: offer for offer in session.scalars(select(Offer).where(Offer.slug.in_(slugs)))}


def list_pairings_of_supporters(
    session: Session, supporter_ids: Collection[int], states: Collection[PairingState], *, limit: int, offset: int = 0
) -> list[Pairing]:
    """Give the pairings of one volunteer in some states, with the people; the nearest deadline first."""
    return list(
        session.scalars(
            select(Pairing)
            .where(Pairing.supporter_id.in_(supporter_ids), Pairing.state.in_(states))
            .options(joinedload(Pairing.entrepreneur).selectinload(Entrepreneur.needs), joinedload(Pairing.supporter))
            .order_by(Pairing.state.not_in(UNANSWERED_PAIRING_STATES), Pairing.deadline_at, Pairing.proposed_at.desc())
            .limit(limit)
            .offset(offset)
        )
    )


def find_pairing(session: Session, public_id: UUID) -> Pairing | None:
    """Give a pairing with both people, their needs and languages, for its page."""
    return session.scalar(
        select(Pairing)
        .where(Pairing.public_id == public_id)
        .options(
            joinedload(Pairing.entrepreneur).selectinload(Entrepreneur.needs),
            joinedload(Pairing.entrepreneur).selectinload(Entrepreneur.languages),
            joinedload(Pairing.supporter).selectinload(Supporter.expertise),
            joinedload(Pairing.supporter).selectinload(Supporter.languages),
        )
    )


def list_closed_sides(session: Session, pairing: Pairing) -> tuple[ClosedSide, ...]:
    """Give who of the two had an account that is closed: nothing that is sent there is read."""
    sides = {side.account_id: side for side in (pairing.supporter, pairing.entrepreneur) if side.account_id}
    closed = select(Account.id, Account.public_id).where(Account.id.in_(sides), Account.is_active.is_(False))
    rows = session.execute(closed.order_by(Account.id))
    return tuple(ClosedSide(person=sides[number], account_id=public_id) for number, public_id in rows)


def list_wanted_roles(entrepreneur: Entrepreneur) -> tuple[SupporterRole, ...]:
    """Give the roles a person asks for, in the order of the closed list."""
    return tuple(role for role in SupporterRole if role in entrepreneur.wanted_roles)
