"""Care in the demo: spaces with coaches, people trained to listen, and somebody who asked for a call."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from models.accounts import Account
from models.associations import Association
from models.coaching import CoachingDoor, CoachingMoment, Statement
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.states import EntrepreneurState, PairingState, SupporterState
from models.supporters import Supporter, SupporterRole
from webapp.permissions import Actor
from webapp.services.coaching import SelfAssessment, assess, open_file, withdraw_agreement
from webapp.services.handovers import ask_for_call
from webapp.services.sentinels import name_sentinel

TRAINED_ON = date(2026, 3, 12)
REACH = "06 00 00 00 00, plutôt le soir"
STRENGTHS = "Parler aux gens, tenir la caisse, ne pas lâcher."
GAPS = "Dire non, et demander de l’aide plus tôt."
# Answers repeat along the statements: nothing is drawn, so that other chances stay as they are.
ANSWERS = (2, 3, 3, 1, 2, 4, 2, 3)


def tell_care(association: Association, coordinator: Actor, at: datetime) -> None:
    """Let some coached people open their space, two volunteers be trained, and one person ask for a call."""
    for number, pairing in enumerate(_coached(association.id)):
        _open_space(pairing, number, at)
    _name_sentinels(association, coordinator, at)
    _ask(association.id, at)


def _open_space(pairing: Pairing, number: int, at: datetime) -> None:
    """Open one space in two; the first is filled, the next one waits, and a later one was taken back."""
    if number % 2:
        return
    herself = Actor(account_id=None, entrepreneur_ids=frozenset({pairing.entrepreneur_id}))
    door = CoachingDoor.AFTER_LIQUIDATION if number % 4 else CoachingDoor.PREVENTION
    file_id = open_file(pairing_id=pairing.public_id, door=door, agrees=True, actor=herself, at=at)
    if number % 4 == 0:
        said = SelfAssessment(answers=dict(zip(Statement, ANSWERS, strict=True)), strengths=STRENGTHS, gaps=GAPS)
        assess(file_id=file_id, moment=CoachingMoment.BEFORE, said=said, actor=herself, at=at)
    if number % 8 == 4:
        withdraw_agreement(file_id=file_id, actor=herself, at=at)


def _name_sentinels(association: Association, coordinator: Actor, at: datetime) -> None:
    for account_id in _last_volunteers(association.id):
        name_sentinel(
            association_id=association.public_id, account_id=account_id, trained_on=TRAINED_ON, actor=coordinator, at=at
        )


def _ask(association_id: int, at: datetime) -> None:
    session = db.session()
    person = session.scalars(
        select(Entrepreneur)
        .where(
            Entrepreneur.association_id == association_id,
            Entrepreneur.account_id.is_not(None),
            Entrepreneur.state == EntrepreneurState.READY,
        )
        .order_by(Entrepreneur.id.desc())
        .limit(1)
    ).first()
    if person is not None:
        ask_for_call(
            entrepreneur_id=person.public_id,
            sentinel_id=None,
            reach=REACH,
            tells_name=True,
            agrees=True,
            actor=Actor(account_id=None, entrepreneur_ids=frozenset({person.id})),
            at=at,
        )


def _coached(association_id: int) -> list[Pairing]:
    return list(
        db.session.scalars(
            select(Pairing)
            .where(
                Pairing.association_id == association_id,
                Pairing.role == SupporterRole.COACH,
                Pairing.state == PairingState.ACTIVE,
            )
            .order_by(Pairing.id)
        )
    )


def _last_volunteers(association_id: int) -> list[UUID]:
    return list(
        db.session.scalars(
            select(Account.public_id)
            .join(Supporter, Supporter.account_id == Account.id)
            .where(Supporter.association_id == association_id, Supporter.state == SupporterState.ACTIVE)
            .order_by(Supporter.id.desc())
            .limit(2)
        )
    )
