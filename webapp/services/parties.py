"""Who is concerned by a pairing, locked in the one order, and what each is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association
from models.correspondence import TapPurpose
from models.entrepreneurs import Entrepreneur
from models.messages import MessageKind
from models.names import full_name
from models.pairings import Pairing
from models.queries.coordinators import list_coordinators
from models.queries.pairings import get_pairing, lock_pairing
from models.queries.suggestions import lock_entrepreneur
from models.queries.supporters import lock_supporter_with_association
from models.supporters import Supporter
from webapp.permissions import SYSTEM, Actor, Permission, require
from webapp.services.messages import Draft, queue_messages
from webapp.services.tap_links import add_link

ASKS_FOR_AN_ANSWER = frozenset(
    {MessageKind.PAIRING_PROPOSED, MessageKind.PAIRING_REMINDER, MessageKind.PAIRING_QUESTION_ANSWERED}
)
# Every notice about two people asks this: it is written once.
_EVERYBODY = (
    select(Pairing, Supporter, Entrepreneur, Association)
    .join(Supporter, Supporter.id == Pairing.supporter_id)
    .join(Entrepreneur, Entrepreneur.id == Pairing.entrepreneur_id)
    .join(Association, Association.id == Pairing.association_id)
    .where(Pairing.id == bindparam("number"))
    .execution_options(populate_existing=True)
)
Addressee = Account | Entrepreneur | Supporter
Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """A pairing with everybody it concerns."""

    association: Association
    supporter: Supporter
    entrepreneur: Entrepreneur
    pairing: Pairing


def lock_parties(session: Session, pairing_id: UUID, *, actor: Actor, permission: Permission) -> Parties:
    """Read a pairing the actor may decide about, then lock supporter, entrepreneur and pairing in that order."""
    found = get_pairing(session, pairing_id)
    require(actor, permission, found)
    return lock_parties_of(session, found)


def lock_parties_of(session: Session, found: Pairing) -> Parties:
    """Lock supporter, entrepreneur and pairing, and read them as they are now, without their profiles' lists."""
    supporter, association = lock_supporter_with_association(session, found.supporter_id)
    return Parties(
        association=association,
        supporter=supporter,
        entrepreneur=lock_entrepreneur(session, found.entrepreneur_id),
        pairing=lock_pairing(session, found.id),
    )


def read_parties(session: Session, pairing_id: int) -> Parties:
    """Read everybody a pairing concerns, without locks: enough for telling, not for deciding."""
    pairing, supporter, entrepreneur, association = session.execute(_EVERYBODY, {"number": pairing_id}).one()
    return Parties(association=association, supporter=supporter, entrepreneur=entrepreneur, pairing=pairing)


def tell_supporter(
    session: Session, parties: Parties, kind: MessageKind, *, at: datetime, event: str = "", **facts: object
) -> None:
    """Queue a message to the supporter; `event` tells apart what may happen to a pairing more than once.

    What asks for her yes or no carries a link to give it in one tap.
    """
    if kind in ASKS_FOR_AN_ANSWER:
        facts["tap"] = add_link(
            session,
            purpose=TapPurpose.ANSWER_PAIRING,
            target_id=parties.pairing.public_id,
            person=parties.supporter,
            expires_at=parties.pairing.deadline_at,
            at=at,
        )
    tell_parties(session, parties, kind, supporter=facts, at=at, event=event)


def tell_coordinators(
    session: Session,
    parties: Parties,
    kind: MessageKind,
    *,
    actor: Actor,
    at: datetime,
    event: str = "",
    **facts: object,
) -> None:
    """Queue a message to every coordinator but the one who acts."""
    tell_parties(session, parties, kind, desk=facts, actor=actor, at=at, event=event)


def tell_parties(
    session: Session,
    parties: Parties,
    kind: MessageKind,
    *,
    both: Facts | None = None,
    supporter: Facts | None = None,
    entrepreneur: Facts | None = None,
    desk: Facts | None = None,
    actor: Actor = SYSTEM,
    at: datetime,
    event: str = "",
) -> None:
    """Queue a message to each of those for whom there are facts, all at once; `both` read the other's name beside them.

    The desk is every coordinator but the one who acts; news come in the summary of her desk.
    """
    person, helper = full_name(parties.entrepreneur), full_name(parties.supporter)
    if both is not None:
        supporter, entrepreneur = {"partner": person, **both}, {"partner": helper, **both}
    told: list[tuple[Addressee, Facts | None]] = [
        (parties.supporter, supporter),
        (parties.entrepreneur, entrepreneur),
    ]
    if desk is not None:
        news = {"supporter": helper, "entrepreneur": person, **desk}
        coordinators = list_coordinators(session, parties.association.id)
        told += [(account, news) for account in coordinators if account.id != actor.account_id]
    drafts = [_draft(parties, kind, one, facts, event=event) for one, facts in told if facts is not None]
    queue_messages(session, drafts, at=at)


def name_coordinator(session: Session, parties: Parties) -> str:
    """Give the name to turn to: who proposed, else the person's referent, else who runs the association."""
    for account_id in (parties.pairing.proposed_by_id, parties.entrepreneur.referent_id):
        account = session.get(Account, account_id) if account_id is not None else None
        if account is not None:
            return full_name(account)
    coordinators = list_coordinators(session, parties.association.id)
    return full_name(coordinators[0]) if coordinators else parties.association.name


def _draft(parties: Parties, kind: MessageKind, to: Addressee, facts: Facts, *, event: str) -> Draft:
    account_id, recipient = (to.id, None) if isinstance(to, Account) else (to.account_id, to.email)
    return Draft(
        kind=kind,
        account_id=account_id,
        recipient=recipient,
        event_key=f"pairing:{parties.pairing.public_id}:{kind}{event and f':{event}'}",
        facts={"pairing_id": parties.pairing.public_id, "association": parties.association.name, **facts},
        association_id=parties.association.id,
        at_desk=isinstance(to, Account),
    )
