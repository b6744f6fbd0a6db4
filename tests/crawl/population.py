"""The small demo, made once per test process, and the people as whom its pages are opened."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from models.accounts import Account, Coordinator
from models.associations import Association
from models.circles import CircleMember
from models.coaching import CoachingFile
from models.db import Model, db
from models.entrepreneurs import Entrepreneur
from models.handovers import Handover, Sentinel
from models.pairings import Pairing
from models.states import (
    BookingState,
    CircleMemberState,
    CoachingFileState,
    EntrepreneurState,
    PairingState,
    SupporterState,
)
from models.supporters import Supporter, SupporterRole
from models.workshops import Booking
from seeds.demo import seed_database
from seeds.population import DEFAULT_SEED
from tests.browsing import Browser, sign_in
from tests.databases import create_test_app
from webapp.clock import PARIS, utc_now
from webapp.matcher_bridge import default_weights
from webapp.permissions import SYSTEM
from webapp.services import weight_drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody as whom pages are opened; nobody when there is no account."""

    who: str
    role: str
    account: Account | None
    association_id: int | None = None


@contextmanager
def open_demo(folder: Path, *, size: str = "small", today: date | None = None) -> Iterator[Flask]:
    """Make the demo in a folder, and give its app inside its context."""
    folder.mkdir(parents=True, exist_ok=True)
    app = create_test_app(f"sqlite:///{folder / 'demo.db'}", folder)
    app.test_client_class = Browser
    with app.app_context():
        Model.metadata.create_all(db.engine)
        now = utc_now()
        seed_database(size=size, seed=DEFAULT_SEED, today=today or now.astimezone(PARIS).date(), until=now)
        draft_weights_everywhere(utc_now())
        yield app
        db.session.remove()
        db.engine.dispose()


def draft_weights_everywhere(at: datetime) -> None:
    """Let each association have a draft of weights, which the demo leaves to its visitors."""
    for association_id in db.session.scalars(select(Association.public_id).order_by(Association.id)).all():
        draft_id = weight_drafts.draft_weights(
            association_id=association_id,
            weights={**default_weights(), "mentor": {"needs": 60, "availability": 40}},
            actor=SYSTEM,
            at=at,
        )
        weight_drafts.replay_draft(draft_id=draft_id, at=at)


def enter(app: Flask, visitor: Visitor) -> Browser:
    """Give a browser, signed in as a visitor."""
    client = app.test_client()
    assert isinstance(client, Browser)
    return sign_in(client, visitor.account) if visitor.account is not None else client


def list_visitors(associations: Sequence[int] = ()) -> list[Visitor]:
    """Choose one person for each situation, since pages differ by it: in the first association of each network."""
    by_network = select(func.min(Association.id)).group_by(Association.network).order_by(func.min(Association.id))
    chosen = [Visitor(who="nobody", role="public", account=None)]
    for association_id in associations or db.session.scalars(by_network).all():
        chosen.append(_coordinator(association_id))
        chosen += _supporters(association_id)
        chosen += _entrepreneurs(association_id)
    return chosen


def _coordinator(association_id: int) -> Visitor:
    account = db.session.scalars(
        select(Account).join(Coordinator).where(Coordinator.association_id == association_id).order_by(Account.id)
    ).first()
    return Visitor(
        who=f"coordinator {association_id}", role="coordinator", account=account, association_id=association_id
    )


def _supporters(association_id: int) -> Iterator[Visitor]:
    """Choose one supporter per role, per state, and per state of a pairing."""
    mine = select(Supporter.account_id).where(
        Supporter.association_id == association_id, Supporter.account_id.is_not(None)
    )
    situations = {str(role): mine.where(Supporter.role == role) for role in SupporterRole}
    situations |= {str(state): mine.where(Supporter.state == state) for state in SupporterState}
    joined = mine.join(Pairing, Pairing.supporter_id == Supporter.id)
    situations |= {f"pairing {state}": joined.where(Pairing.state == state) for state in PairingState}
    coached = joined.join(CoachingFile, CoachingFile.pairing_id == Pairing.id)
    situations |= {f"coaching {state}": coached.where(CoachingFile.state == state) for state in CoachingFileState}
    trained = select(Sentinel.account_id).join(Supporter, Supporter.account_id == Sentinel.account_id)
    situations["sentinel"] = trained.where(Sentinel.association_id == association_id)
    situations["idle"] = mine.where(~select(Pairing.id).where(Pairing.supporter_id == Supporter.id).exists())
    yield from _visitors("supporter", association_id, situations, Supporter.id)


def _entrepreneurs(association_id: int) -> Iterator[Visitor]:
    """Choose one entrepreneur per state, per state of a pairing, of a booking and of a place in a circle."""
    mine = select(Entrepreneur.account_id).where(
        Entrepreneur.association_id == association_id, Entrepreneur.account_id.is_not(None)
    )
    situations = {str(state): mine.where(Entrepreneur.state == state) for state in EntrepreneurState}
    paired = mine.join(Pairing, Pairing.entrepreneur_id == Entrepreneur.id)
    situations |= {f"pairing {state}": paired.where(Pairing.state == state) for state in PairingState}
    booked = mine.join(Booking, Booking.entrepreneur_id == Entrepreneur.id)
    situations |= {f"booking {state}": booked.where(Booking.state == state) for state in BookingState}
    placed = mine.join(CircleMember, CircleMember.entrepreneur_id == Entrepreneur.id)
    situations |= {f"circle {state}": placed.where(CircleMember.state == state) for state in CircleMemberState}
    coached = mine.join(CoachingFile, CoachingFile.entrepreneur_id == Entrepreneur.id)
    situations |= {f"coaching {state}": coached.where(CoachingFile.state == state) for state in CoachingFileState}
    situations["call"] = mine.join(Handover, Handover.entrepreneur_id == Entrepreneur.id)
    yield from _visitors("entrepreneur", association_id, situations, Entrepreneur.id)


def _visitors(role: str, association_id: int, situations: dict, order: object) -> Iterator[Visitor]:
    known: set[int] = set()
    for situation, statement in situations.items():
        account_id = db.session.scalars(statement.order_by(order).limit(1)).first()
        if account_id is None or account_id in known:
            continue
        known.add(account_id)
        account = db.session.get_one(Account, account_id)
        who = f"{role} {association_id} ({situation})"
        yield Visitor(who=who, role=role, account=account, association_id=association_id)
