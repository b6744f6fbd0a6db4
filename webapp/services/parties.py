"""Who is concerned by a pairing, locked in the one order, and what each is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association
from models.correspondence import TapPurpose
from models.entrepreneurs import Entrepreneur
from models.messages import MessageKind
from models.names import full_name
from models.pairings import Pairing
from models.queries.associations import get_association
from models.queries.coordinators import list_coordinators
from models.queries.pairings import get_pairing, lock_pairing
from models.queries.suggestions import lock_entrepreneur
from models.queries.supporters import lock_supporter
from models.supporters import Supporter
from webapp.permissions import Actor, Permission, require
from webapp.services.messages import Draft, queue_message, queue_messages
from webapp.services.tap_links import add_link

ASKS_FOR_AN_ANSWER = frozenset(
    {MessageKind.PAIRING_PROPOSED, MessageKind.PAIRING_REMINDER, MessageKind.PAIRING_QUESTION_ANSWERED}
)


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
    return Parties(
        association=get_association(session, found.association_id),
        supporter=lock_supporter(session, found.supporter_id),
        entrepreneur=lock_entrepreneur(session, found.entrepreneur_id),
        pairing=lock_pairing(session, found.id),
    )


def read_parties(session: Session, pairing_id: int) -> Parties:
    """Read everybody a pairing concerns, without locks: enough for telling, not for deciding."""
    pairing = session.get_one(Pairing, pairing_id, populate_existing=True)
    return Parties(
        association=get_association(session, pairing.association_id),
        supporter=session.get_one(Supporter, pairing.supporter_id),
        entrepreneur=session.get_one(Entrepreneur, pairing.entrepreneur_id),
        pairing=pairing,
    )


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
    _tell_person(session, parties, parties.supporter, kind, at=at, event=event, **facts)


def tell_entrepreneur(
    session: Session, parties: Parties, kind: MessageKind, *, at: datetime, event: str = "", **facts: object
) -> None:
    """Queue a message to the entrepreneur."""
    _tell_person(session, parties, parties.entrepreneur, kind, at=at, event=event, **facts)


def tell_coordinators(
    session: Session,
    parties: Parties,
    kind: MessageKind,
    *,
    actor: Actor,
    at: datetime,
    event: str = "",
    **more: object,
) -> None:
    """Queue a message to every coordinator but the one who acts; news come in the summary of her desk."""
    facts = {"supporter": full_name(parties.supporter), "entrepreneur": full_name(parties.entrepreneur), **more}
    drafts = [
        Draft(
            kind=kind,
            account_id=account.id,
            event_key=_event_key(parties, kind, event),
            facts={"pairing_id": parties.pairing.public_id, **facts, "association": parties.association.name},
            association_id=parties.association.id,
            at_desk=True,
        )
        for account in list_coordinators(session, parties.association.id)
        if account.id != actor.account_id
    ]
    queue_messages(session, drafts, at=at)


def name_coordinator(session: Session, parties: Parties) -> str:
    """Give the name to turn to: who proposed, else the person's referent, else who runs the association."""
    for account_id in (parties.pairing.proposed_by_id, parties.entrepreneur.referent_id):
        account = session.get(Account, account_id) if account_id is not None else None
        if account is not None:
            return full_name(account)
    coordinators = list_coordinators(session, parties.association.id)
    return full_name(coordinators[0]) if coordinators else parties.association.name


def _tell_person(
    session: Session,
    parties: Parties,
    person: Entrepreneur | Supporter,
    kind: MessageKind,
    *,
    at: datetime,
    event: str,
    **facts: object,
) -> None:
    queue_message(
        session,
        kind=kind,
        account_id=person.account_id,
        recipient=person.email,
        event_key=_event_key(parties, kind, event),
        facts={"pairing_id": parties.pairing.public_id, "association": parties.association.name, **facts},
        association_id=parties.association.id,
        at=at,
    )


def _event_key(parties: Parties, kind: MessageKind, event: str) -> str:
    return f"pairing:{parties.pairing.public_id}:{kind}{event and f':{event}'}"
