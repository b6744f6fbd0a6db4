"""Sessions that members propose to lead."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.session_proposals import SessionProposal
from models.states import SessionProposalState
from models.supporters import Supporter
from tests.factories.sequence import MADE_AT


def make_session_proposal(session: Session, proposer: Entrepreneur | Supporter, **values: Any) -> SessionProposal:
    """Make a proposal that waits for its answer, unless the values say otherwise."""
    is_supporter = isinstance(proposer, Supporter)
    waits = values.get("state", SessionProposalState.PROPOSED) == SessionProposalState.PROPOSED
    proposal = SessionProposal(
        **{
            "association_id": proposer.association_id,
            "entrepreneur_id": None if is_supporter else proposer.id,
            "supporter_id": proposer.id if is_supporter else None,
            "title": "Tenir un stand au marché",
            "theme_slug": "financial_management",
            "seats": 8,
            "proposed_at": MADE_AT,
            "due_at": MADE_AT + timedelta(days=7) if waits else None,
            "ended_at": None if waits else MADE_AT + timedelta(days=2),
            **values,
        }
    )
    session.add(proposal)
    session.flush()
    return proposal
