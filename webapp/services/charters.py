"""Charters: opened with the yes, signed by three, kept as a document at the last signature."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.accounts import Account
from models.charters import Charter, CharterParty, CharterSignature
from models.clocks import Clock
from models.db import retried, transaction
from models.erasures import ERASED_FIRST_NAME, ERASED_LAST_NAME
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, PermissionDeniedError
from models.messages import MessageKind
from models.moves import move, write_event
from models.names import full_name
from models.pairings import Pairing
from models.queries.charters import find_charter
from models.queries.clocks import get_clocks
from models.states import TOGETHER_PAIRING_STATES, CharterAction, CharterState
from models.supporters import LASTING_ROLES
from webapp.charters.document import SignedBy, build_document
from webapp.charters.texts import VERSION, text_to_sign
from webapp.permissions import Actor, Permission
from webapp.services.parties import Parties, lock_parties, read_parties, tell_parties

logger = logging.getLogger(__name__)
LEAST_NAME, MOST_NAME = 3, 170
# The document is French: it is what is signed.
PARTY_WORDS = {
    CharterParty.ENTREPRENEUR: "L’entrepreneur ou l’entrepreneure",
    CharterParty.SUPPORTER: "Le ou la bénévole",
    CharterParty.REFERENT: "La personne référente",
}


def open_charter(session: Session, parties: Parties, *, actor: Actor, at: datetime) -> Charter | None:
    """Open the charter of two people who begin, in the caller's transaction; short help needs none.

    It is not told apart: the message of the yes leads to the page where it waits.
    """
    pairing, association = parties.pairing, parties.association
    if pairing.role not in LASTING_ROLES or find_charter(session, pairing.id) is not None:
        return None
    charter = Charter(
        public_id=uuid4(),
        association_id=association.id,
        pairing_id=pairing.id,
        network=association.network,
        version=VERSION,
        text=text_to_sign(association.network),
        state=CharterState.OPEN,
        opened_at=at,
        due_at=at + timedelta(days=get_clocks(session, association.id)[Clock.CHARTER]),
    )
    session.add(charter)
    session.flush()
    _write_event(session, charter, "open", actor, at, to_state=str(CharterState.OPEN))
    return charter


@retried
def prepare_charter(*, pairing_id: UUID, actor: Actor, at: datetime) -> None:
    """Open the charter of two people who began before there was one. Twice is once.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_STEER)
        if parties.pairing.state not in TOGETHER_PAIRING_STATES:
            raise InvalidTransitionError(record="pairing", state=str(parties.pairing.state), action="charter")
        charter = open_charter(session, parties, actor=actor, at=at)
        if charter is not None:
            _tell_all(session, parties, MessageKind.CHARTER_OPENED, actor=actor, at=at, due_at=charter.due_at)
    logger.info("charter prepared", extra={"pairing_id": str(pairing_id), "actor_id": actor.account_id})


@retried
def sign_charter(*, pairing_id: UUID, name: str, actor: Actor, at: datetime) -> CharterState:
    """Sign for oneself, with one's name. The last of the three signatures makes the document. Twice is once.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        parties, charter = _lock_charter(session, pairing_id, actor, Permission.PAIRING_READ)
        party = party_of(actor, parties.pairing)
        _sign(session, parties, charter, party, name, is_on_paper=False, actor=actor, at=at)
        state = charter.state
    logger.info("charter signed", extra={"pairing_id": str(pairing_id), "actor_id": actor.account_id})
    return state


@retried
def note_paper_signature(
    *, pairing_id: UUID, party: CharterParty, name: str, actor: Actor, at: datetime
) -> CharterState:
    """Note that somebody signed on paper; it is marked so for ever.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        parties, charter = _lock_charter(session, pairing_id, actor, Permission.PAIRING_STEER)
        _sign(session, parties, charter, party, name, is_on_paper=True, actor=actor, at=at)
        state = charter.state
    logger.info("paper signature noted", extra={"pairing_id": str(pairing_id), "actor_id": actor.account_id})
    return state


def close_charter(session: Session, pairing: Pairing, *, actor: Actor, at: datetime) -> None:
    """Close what nobody will sign any more, in the caller's transaction."""
    charter = find_charter(session, pairing.id)
    if charter is not None and charter.state is CharterState.OPEN:
        move(session, charter, CharterAction.CLOSE, actor_id=actor.account_id, at=at, reason="not_together")


def forget_signer(session: Session, charter: Charter, is_hers: Callable[[CharterSignature], bool]) -> None:
    """Take a name off a charter in the caller's transaction; a signed document is written anew, without it.

    That the three signed, and when, stays said.
    """
    session.refresh(charter, ["signatures"])
    for signature in filter(is_hers, charter.signatures):
        signature.name = f"{ERASED_FIRST_NAME} {ERASED_LAST_NAME}"
    if charter.signed_at is not None:
        parties = read_parties(session, charter.pairing_id)
        charter.pdf = _write_document(session, parties, charter, signed_at=charter.signed_at)
        charter.pdf_sha256 = hashlib.sha256(charter.pdf).hexdigest()


def party_of(actor: Actor, pairing: Pairing) -> CharterParty:
    """Say as whom the actor signs.

    Raises PermissionDeniedError when she is none of the three.
    """
    if pairing.supporter_id in actor.supporter_ids:
        return CharterParty.SUPPORTER
    if pairing.entrepreneur_id in actor.entrepreneur_ids:
        return CharterParty.ENTREPRENEUR
    if pairing.association_id in actor.coordinates:
        return CharterParty.REFERENT
    raise PermissionDeniedError(permission="charter:sign")


def _lock_charter(session: Session, pairing_id: UUID, actor: Actor, permission: Permission) -> tuple[Parties, Charter]:
    parties = lock_parties(session, pairing_id, actor=actor, permission=permission)
    charter = find_charter(session, parties.pairing.id)
    if charter is None:
        raise NotFoundError(record="Charter")
    return parties, charter


def _sign(
    session: Session,
    parties: Parties,
    charter: Charter,
    party: CharterParty,
    name: str,
    *,
    is_on_paper: bool,
    actor: Actor,
    at: datetime,
) -> None:
    if any(signature.party is party for signature in charter.signatures):
        return
    if charter.state is not CharterState.OPEN:
        raise InvalidTransitionError(record="charter", state=str(charter.state), action="sign")
    written = " ".join(name.split())
    if not LEAST_NAME <= len(written) <= MOST_NAME:
        raise InvalidInputError(field="name", minimum=LEAST_NAME, maximum=MOST_NAME)
    charter.signatures.append(
        CharterSignature(
            party=party, name=written, signed_at=at, signed_by_id=actor.account_id, is_on_paper=is_on_paper
        )
    )
    session.flush()
    _write_event(session, charter, "sign", actor, at, reason=str(party))
    if len(charter.signatures) == len(CharterParty):
        _complete(session, parties, charter, actor=actor, at=at)


def _complete(session: Session, parties: Parties, charter: Charter, *, actor: Actor, at: datetime) -> None:
    """Make the document, keep it, and tell everybody."""
    pdf = _write_document(session, parties, charter, signed_at=at)
    digest = hashlib.sha256(pdf).hexdigest()
    action = CharterAction.COMPLETE
    move(session, charter, action, actor_id=actor.account_id, at=at, signed_at=at, pdf=pdf, pdf_sha256=digest)
    _tell_all(session, parties, MessageKind.CHARTER_SIGNED, actor=actor, at=at)


def _tell_all(
    session: Session, parties: Parties, kind: MessageKind, *, actor: Actor, at: datetime, **facts: object
) -> None:
    tell_parties(session, parties, kind, supporter=facts, entrepreneur=facts, desk=facts, actor=actor, at=at)


def _write_document(session: Session, parties: Parties, charter: Charter, *, signed_at: datetime) -> bytes:
    order = list(CharterParty)
    signatures = sorted(charter.signatures, key=lambda one: order.index(one.party))
    return build_document(
        text=charter.text,
        association=parties.association.name,
        version=charter.version,
        signatures=[
            SignedBy(
                party=PARTY_WORDS[one.party],
                name=one.name,
                signed_at=one.signed_at,
                is_on_paper=one.is_on_paper,
                known_as=_known_as(session, parties, one),
            )
            for one in signatures
        ],
        signed_at=signed_at,
    )


def _known_as(session: Session, parties: Parties, signature: CharterSignature) -> str:
    """Give a signer's name as the file or the account has it; of a referent who signed on paper nobody knows which."""
    if signature.party is CharterParty.ENTREPRENEUR:
        return full_name(parties.entrepreneur)
    if signature.party is CharterParty.SUPPORTER:
        return full_name(parties.supporter)
    if signature.is_on_paper or signature.signed_by_id is None:
        return ""
    return full_name(session.get_one(Account, signature.signed_by_id))


def _write_event(
    session: Session,
    charter: Charter,
    action: str,
    actor: Actor,
    at: datetime,
    *,
    to_state: str | None = None,
    reason: str | None = None,
) -> None:
    write_event(session, charter, action, to_state=to_state, actor_id=actor.account_id, at=at, reason=reason)
