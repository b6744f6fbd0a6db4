"""Sessions that members propose to lead: proposed, then confirmed as a session, declined with a word, or withdrawn.

The coordinator who confirms is the organiser: she sees who comes and marks who came. Who leads sees first names only.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.clocks import Clock
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, ProposalOpenError
from models.messages import MessageKind
from models.moves import move, write_event
from models.names import full_name
from models.queries.associations import get_association
from models.queries.clocks import get_clocks
from models.queries.coordinators import list_coordinators
from models.queries.session_proposals import find_waiting_proposal, get_session_proposal
from models.queries.suggestions import get_entrepreneur, lock_entrepreneur
from models.queries.supporters import get_supporter, lock_supporter
from models.session_proposals import SessionProposal
from models.states import EntrepreneurState, SessionProposalAction, SessionProposalState, SupporterState
from models.supporters import Supporter
from models.topics import WorkshopTheme
from webapp.clock import day_of
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.messages import queue_message
from webapp.services.session_leaders import tell_proposer
from webapp.services.session_values import MOST_SEATS, SessionValues
from webapp.services.workshops import SessionOutcome, add_session

logger = logging.getLogger(__name__)
MOST_WORDS = 2000
MOST_WORD = 500
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a member proposes; without `wished_on` the date is to be agreed."""

    title: str
    theme: str
    seats: int
    words: str = ""
    place: str = ""
    wished_on: date | None = None


@retried
def propose_session(
    *,
    entrepreneur_id: UUID | None = None,
    supporter_id: UUID | None = None,
    proposal: Proposal,
    actor: Actor,
    at: datetime,
    form_key: str | None = None,
) -> UUID:
    """Propose to lead a session, as an entrepreneur or as a supporter: a named coordinator answers by a day.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (a closed file, a supporter who left),
    ProposalOpenError (one at a time), InvalidInputError or RepeatedRequestError.
    """
    with transaction() as session:
        proposer = _lock_proposer(session, entrepreneur_id, supporter_id, actor)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        if proposer.state in (EntrepreneurState.CLOSED, SupporterState.LEFT):
            raise InvalidTransitionError(record="session_proposal", state=str(proposer.state), action="propose")
        if find_waiting_proposal(session, proposer) is not None:
            raise ProposalOpenError(proposer_id=proposer.public_id)
        _check(session, proposal, at=at)
        made = _build(session, proposer, proposal, actor=actor, at=at)
        _tell_coordinator(session, made, proposer, at=at)
        note_outcome(session, key=form_key, outcome=made.public_id)
    _log("session proposed", made.public_id, actor)
    return made.public_id


@retried
def confirm_session_proposal(
    *,
    proposal_id: UUID,
    values: SessionValues,
    word: str = "",
    actor: Actor,
    at: datetime,
    form_key: str | None = None,
) -> SessionOutcome:
    """Confirm: the session opens for booking, organised by the actor and led by who proposed it.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, InvalidInputError, InvalidWallTimeError or
    RepeatedRequestError.
    """
    with transaction() as session:
        proposal = get_session_proposal(session, proposal_id)
        require(actor, Permission.WORKSHOP_RUN, proposal)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        _require_open_theme(session, values.theme, field="peer_theme")
        association = get_association(session, proposal.association_id)
        workshop, outcome = add_session(session, association, values, actor=actor, at=at)
        move(
            session,
            proposal,
            SessionProposalAction.CONFIRM,
            actor_id=actor.account_id,
            at=at,
            session_id=workshop.id,
            coordinator_id=actor.account_id or proposal.coordinator_id,
            word=word.strip()[:MOST_WORD],
            due_at=None,
            ended_at=at,
        )
        kind, facts = MessageKind.PEER_ANSWERED, {"is_confirmed": True, "starts_at": workshop.starts_at}
        tell_proposer(session, proposal, kind, event="confirmed", at=at, **facts)
        note_outcome(session, key=form_key, outcome=workshop.public_id)
    _log("proposed session confirmed", proposal_id, actor)
    return outcome


@retried
def decline_session_proposal(*, proposal_id: UUID, word: str, actor: Actor, at: datetime) -> None:
    """Decline with a word, which is needed: somebody offered her time.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    if not word.strip():
        raise InvalidInputError(field="word")
    with transaction() as session:
        proposal = get_session_proposal(session, proposal_id)
        require(actor, Permission.WORKSHOP_RUN, proposal)
        move(
            session,
            proposal,
            SessionProposalAction.DECLINE,
            actor_id=actor.account_id,
            at=at,
            word=word.strip()[:MOST_WORD],
            due_at=None,
            ended_at=at,
        )
        tell_proposer(session, proposal, MessageKind.PEER_ANSWERED, event="declined", at=at, is_confirmed=False)
    _log("proposed session declined", proposal_id, actor)


@retried
def withdraw_session_proposal(*, proposal_id: UUID, actor: Actor, at: datetime) -> None:
    """Take one's proposal back while it waits for its answer.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        proposal = get_session_proposal(session, proposal_id)
        require(actor, Permission.PROPOSAL_OWN, proposal)
        withdraw = SessionProposalAction.WITHDRAW
        move(session, proposal, withdraw, actor_id=actor.account_id, at=at, due_at=None, ended_at=at)
    _log("proposed session withdrawn", proposal_id, actor)


def _lock_proposer(
    session: Session, entrepreneur_id: UUID | None, supporter_id: UUID | None, actor: Actor
) -> Entrepreneur | Supporter:
    if supporter_id is not None:
        supporter = get_supporter(session, supporter_id)
        require(actor, Permission.SUPPORTER_EDIT, supporter)
        return lock_supporter(session, supporter.id)
    if entrepreneur_id is None:
        raise InvalidInputError(field="proposer")
    person = get_entrepreneur(session, entrepreneur_id)
    require(actor, Permission.ENTREPRENEUR_EDIT, person)
    return lock_entrepreneur(session, person.id)


def _check(session: Session, proposal: Proposal, *, at: datetime) -> None:
    today = day_of(at)
    checks = {
        "title": 0 < len(proposal.title.strip()) <= 160,
        "words": len(proposal.words) <= MOST_WORDS,
        "place": len(proposal.place) <= 160,
        "seats": 1 <= proposal.seats <= MOST_SEATS,
        "wished_on": proposal.wished_on is None or today < proposal.wished_on <= today + FURTHEST,
    }
    for field, holds in checks.items():
        if not holds:
            raise InvalidInputError(field=field)
    _require_open_theme(session, proposal.theme, field="theme")


def _require_open_theme(session: Session, slug: str, *, field: str) -> None:
    """Refuse a private theme: who leads reads who comes, and is no organiser."""
    theme = session.get(WorkshopTheme, slug)
    if theme is None or theme.is_sensitive:
        raise InvalidInputError(field=field)


def _build(
    session: Session, proposer: Entrepreneur | Supporter, proposal: Proposal, *, actor: Actor, at: datetime
) -> SessionProposal:
    is_supporter = isinstance(proposer, Supporter)
    made = SessionProposal(
        public_id=uuid4(),
        association_id=proposer.association_id,
        entrepreneur_id=None if is_supporter else proposer.id,
        supporter_id=proposer.id if is_supporter else None,
        coordinator_id=_choose_coordinator(session, proposer),
        state=SessionProposalState.PROPOSED,
        title=proposal.title.strip(),
        theme_slug=proposal.theme,
        words=proposal.words.strip(),
        wished_on=proposal.wished_on,
        seats=proposal.seats,
        place=proposal.place.strip(),
        word="",
        proposed_at=at,
        due_at=at + timedelta(days=get_clocks(session, proposer.association_id)[Clock.SESSION_PROPOSAL]),
    )
    session.add(made)
    session.flush()
    write_event(session, made, "propose", to_state=made.state.value, actor_id=actor.account_id, at=at)
    return made


def _choose_coordinator(session: Session, proposer: Entrepreneur | Supporter) -> int | None:
    """Choose who answers: the referent of an entrepreneur, else who has run the association for longest."""
    ids = [account.id for account in list_coordinators(session, proposer.association_id)]
    referent_id = proposer.referent_id if isinstance(proposer, Entrepreneur) else None
    return referent_id if referent_id in ids else next(iter(ids), None)


def _tell_coordinator(
    session: Session, made: SessionProposal, proposer: Entrepreneur | Supporter, *, at: datetime
) -> None:
    association = get_association(session, made.association_id)
    for account in list_coordinators(session, made.association_id):
        if account.id != made.coordinator_id:
            continue
        queue_message(
            session,
            kind=MessageKind.PEER_PROPOSED,
            account_id=account.id,
            recipient=account.email,
            event_key=f"peer:{made.public_id}:proposed",
            facts={
                "proposal_id": made.public_id,
                "association": association.name,
                "partner": full_name(proposer),
                "due_at": made.due_at,
            },
            association_id=association.id,
            at=at,
        )


def _log(message: str, proposal_id: UUID, actor: Actor) -> None:
    logger.info(message, extra={"proposal_id": str(proposal_id), "actor_id": actor.account_id})
