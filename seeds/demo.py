"""A database of invented people who have four weeks of support behind them. Refused in production."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select, update

from models.accounts import Account, Coordinator
from models.associations import Association, Network
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.names import full_name
from models.pairings import Pairing
from models.queries.coordinators import list_coordinators
from models.states import BookingState, PairingState
from models.supporters import Supporter
from models.workshops import Booking
from seeds.loader import load_reference
from seeds.population import Population, build_population
from seeds.story import StoryReport, find_coordinator, give_accounts, tell_stories
from webapp.clock import PARIS
from webapp.identity.passwords import hash_password
from webapp.permissions import SYSTEM
from webapp.services.imports import import_rows
from webapp.spreadsheets import Kind

PASSWORD = "entrer-dans-la-demo"  # noqa: S105 - shown on screen; these people do not exist
MADE_DAYS_AGO = 45
COORDINATORS = (
    ("Nadia", "Lopez"),
    ("Franck", "Benoit"),
    ("Inès", "Marchetti"),
    ("Yann", "Le Goff"),
    ("Aminata", "Cissé"),
    ("Claire", "Roussel"),
)

Progress = Callable[[str, float], None]


class ProductionError(RuntimeError):
    """Invented people do not belong in a production database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLogin:
    """Somebody as whom a visitor may sign in."""

    hat: str
    association: str
    name: str
    email: str


def is_seeded() -> bool:
    """Say whether the database holds an association already."""
    return db.session.scalar(select(Association.id).limit(1)) is not None


def seed_database(
    *,
    size: str,
    seed: int,
    today: date,
    until: datetime,
    story: bool = True,
    production: bool = False,
    progress: Progress | None = None,
) -> StoryReport | None:
    """Fill an empty database: reference data, people by the import service, and their story by all services.

    The story ends on `today`, and nothing in it happens after the instant `until`.

    Raises
    ------
    ProductionError
        If the settings say that this is production.
    """
    if production:
        raise ProductionError("invented people are refused in production")
    told = progress or _tell_nobody
    told("Reference data", 0.0)
    with transaction() as session:
        load_reference(session)
    associations = add_people(size=size, seed=seed, today=today, progress=told)
    if not story:
        return None
    return tell_stories(
        associations, today=today, until=until, seed=seed, progress=lambda share: told("Living four weeks", share)
    )


def add_people(*, size: str, seed: int, today: date, progress: Progress | None = None) -> list[Association]:
    """Add the associations and their people, by the import service; the places where they live are there."""
    told = progress or _tell_nobody
    told("Inventing people", 0.0)
    population = build_population(size, today=today, seed=seed)
    made_at = _instant(today - timedelta(days=MADE_DAYS_AGO))
    associations = _make_associations(population, at=made_at)
    for number, association in enumerate(associations):
        _import_people(population, association, at=made_at)
        told("Adding people", (number + 1) / len(associations))
    return associations


def _tell_nobody(_step: str, _share: float) -> None:
    """Live on without anybody who watches."""


def open_logins(*, associations: int = 3) -> list[DemoLogin]:
    """Give a password to one person per hat in the first associations, and list them."""
    with transaction() as session:
        found = session.scalars(select(Association).order_by(Association.id).limit(associations)).all()
        logins = [login for association in found for login in _choose(association)]
        session.execute(
            update(Account)
            .where(Account.email.in_([login.email for login in logins]))
            .values(password_hash=hash_password(PASSWORD))
        )
    return logins


def _make_associations(population: Population, *, at: datetime) -> list[Association]:
    with transaction() as session:
        made = []
        for number, invented in enumerate(population.associations):
            association = Association(
                slug=invented.slug,
                name=invented.name,
                network=Network(invented.network),
                department=invented.department,
                email=invented.email,
                phone=invented.phone,
                address=invented.address,
                created_at=at,
            )
            first_name, last_name = COORDINATORS[number % len(COORDINATORS)]
            account = Account(
                email=f"coordination.{invented.slug}@example.org",
                first_name=first_name,
                last_name=last_name,
                created_at=at,
            )
            session.add_all([association, account])
            session.flush()
            session.add(Coordinator(account_id=account.id, association_id=association.id))
            made.append(association)
    return made


def _import_people(population: Population, association: Association, *, at: datetime) -> None:
    # Whoever imports sessions organises them: of sensitive ones nobody else knows who comes.
    files = (
        (Kind.ENTREPRENEURS, population.entrepreneurs_of(association.slug), SYSTEM),
        (Kind.SUPPORTERS, population.supporters_of(association.slug), SYSTEM),
        (Kind.WORKSHOPS, population.sessions_of(association.slug), find_coordinator(association)),
    )
    for kind, rows, actor in files:
        outcome = import_rows(kind=kind, association_id=association.public_id, rows=rows, actor=actor, at=at)
        if outcome.problems:
            raise ValueError(f"{association.slug}: the invented {kind} have problems: {outcome.problems[:3]}")
    give_accounts(association.id, at=at)


def _choose(association: Association) -> list[DemoLogin]:
    chosen: Sequence[tuple[str, Account | None]] = (
        ("coordinator", next(iter(list_coordinators(db.session(), association.id)), None)),
        ("supporter", _supporter_with_a_proposal(association)),
        ("entrepreneur", _entrepreneur_with_a_mentor(association)),
    )
    return [
        DemoLogin(hat=hat, association=association.name, name=full_name(found), email=found.email)
        for hat, found in chosen
        if found is not None
    ]


def _supporter_with_a_proposal(association: Association) -> Account | None:
    return db.session.scalars(
        select(Account)
        .join(Supporter, Supporter.account_id == Account.id)
        .join(Pairing, Pairing.supporter_id == Supporter.id)
        .where(Supporter.association_id == association.id)
        .order_by((Pairing.state == PairingState.PROPOSED).desc(), Supporter.taken.desc(), Pairing.id)
    ).first()


def _entrepreneur_with_a_mentor(association: Association) -> Account | None:
    booked = (
        select(Booking.entrepreneur_id)
        .where(Booking.association_id == association.id, Booking.state == BookingState.CONFIRMED)
        .scalar_subquery()
    )
    return db.session.scalars(
        select(Account)
        .join(Entrepreneur, Entrepreneur.account_id == Account.id)
        .join(Pairing, Pairing.entrepreneur_id == Entrepreneur.id)
        .where(Entrepreneur.association_id == association.id, Pairing.state == PairingState.ACTIVE)
        .order_by(Entrepreneur.id.in_(booked).desc(), Pairing.id)
    ).first()


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(9), PARIS).astimezone(UTC)
