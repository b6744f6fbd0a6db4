"""Who leads a session of her own: told when it moves or ends, and free of what she proposed when she goes."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.messages import MessageKind
from models.moves import move
from models.queries.associations import get_association
from models.queries.session_proposals import find_leader, lock_waiting_proposal
from models.session_proposals import SessionProposal
from models.states import SessionProposalAction, SessionState
from models.supporters import Supporter
from models.workshops import WorkshopSession
from webapp.permissions import Actor
from webapp.services.messages import queue_message


def tell_leader(session: Session, workshop: WorkshopSession, *, at: datetime, lost_at: datetime | None = None) -> int:
    """Tell who leads a session that it has moved, or is cancelled, in the caller's transaction."""
    proposal = find_leader(session, workshop.id)
    if proposal is None:
        return 0
    event, is_cancelled = f"changed:{workshop.sequence}", workshop.state is SessionState.CANCELLED
    facts = {"starts_at": workshop.starts_at, "lost_at": lost_at, "is_cancelled": is_cancelled}
    tell_proposer(session, proposal, MessageKind.PEER_CHANGED, event=event, at=at, **facts)
    return 1


def tell_proposer(
    session: Session, proposal: SessionProposal, kind: MessageKind, *, event: str, at: datetime, **facts: object
) -> None:
    """Tell who proposed a session about it."""
    person = get_proposer(session, proposal)
    queue_message(
        session,
        kind=kind,
        account_id=person.account_id,
        recipient=person.email,
        event_key=f"peer:{proposal.public_id}:{event}",
        facts={
            "proposal_id": proposal.public_id,
            "association": get_association(session, proposal.association_id).name,
            **facts,
        },
        association_id=proposal.association_id,
        at=at,
    )


def get_proposer(session: Session, proposal: SessionProposal) -> Entrepreneur | Supporter:
    """Give who proposed a session."""
    if proposal.supporter_id is not None:
        return session.get_one(Supporter, proposal.supporter_id)
    return session.get_one(Entrepreneur, proposal.entrepreneur_id)


def withdraw_of(session: Session, proposer: Entrepreneur | Supporter, *, actor: Actor, at: datetime) -> None:
    """Withdraw what somebody who goes has proposed; a session that is confirmed stays with its organiser."""
    proposal = lock_waiting_proposal(session, proposer)
    if proposal is not None:
        withdraw = SessionProposalAction.WITHDRAW
        move(session, proposal, withdraw, actor_id=actor.account_id, at=at, due_at=None, ended_at=at)
