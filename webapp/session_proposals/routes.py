"""Routes: what a member proposes to lead, and what a coordinator answers."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, RepeatedRequestError
from models.queries import members
from models.queries.members import Contact
from models.queries.session_proposals import (
    get_session_proposal,
    list_answered_proposals,
    list_first_names,
    list_own_proposals,
    list_session_proposals,
)
from models.session_proposals import SessionProposal
from models.states import EntrepreneurState, SessionProposalState, SupporterState
from models.supporters import Supporter
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.form_errors import show_on_field
from webapp.paging import page_number
from webapp.permissions import Permission, can
from webapp.repeated_forms import posted_form_key, show_first_outcome
from webapp.services import session_proposals
from webapp.session_proposals import bp
from webapp.session_proposals.forms import ConfirmForm, DeclineForm, ProposalForm, confirm_data
from webapp.translation import gettext as _
from webapp.twice import say_if_twice
from webapp.workshops.reading import read_session
from webapp.workspace import current_workspace, work_in

FIELDS = {"commune_code": "commune", "peer_theme": "theme"}
USUAL_SEATS = 8


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List the proposals that wait for an answer, and those answered lately."""
    seat = current_workspace().seat
    return render_template(
        "session_proposals/index.html",
        page=list_session_proposals(db.session(), seat.id, page=page_number()),
        answered=list_answered_proposals(db.session(), seat.id),
        now=utc_now(),
    )


@bp.route("/mine", methods=["GET", "POST"])
@access(Access.MEMBER)
def mine() -> ResponseReturnValue:
    """Propose to lead a session; show what one has proposed."""
    proposer, actor = _own_proposer(), current_actor()
    form = ProposalForm(data={"seats": USUAL_SEATS})
    if form.validate_on_submit():
        try:
            return _propose(proposer, form)
        except RepeatedRequestError as error:
            return show_first_outcome(error, "session_proposals.show")
        except InvalidInputError as error:
            show_on_field(form, error, FIELDS)
    own = list_own_proposals(db.session(), entrepreneur_ids=actor.entrepreneur_ids, supporter_ids=actor.supporter_ids)
    waits = any(_is_by(one, proposer) and one.state is SessionProposalState.PROPOSED for one in own)
    body = render_template(
        "session_proposals/mine.html",
        form=form,
        own=own,
        may_propose=not waits and proposer.state not in (EntrepreneurState.CLOSED, SupporterState.LEFT),
        is_supporter=isinstance(proposer, Supporter),
        contact=_contact(proposer),
    )
    return body, 422 if form.errors else 200


@bp.get("/<uuid:public_id>")
@access(Access.MEMBER)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a proposal to who made it, and to the coordinators."""
    return _show(_find(public_id))


@bp.route("/<uuid:public_id>/confirm", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def confirm(public_id: UUID) -> ResponseReturnValue:
    """Open the session for booking, with its day and hours."""
    proposal = _find_to_decide(public_id)
    form = ConfirmForm(data=confirm_data(proposal))
    values = read_session(form) if form.validate_on_submit() else None
    if values is not None:
        try:
            session_proposals.confirm_session_proposal(
                proposal_id=public_id,
                values=values,
                word=form.word.data or "",
                actor=current_actor(),
                at=utc_now(),
                form_key=posted_form_key(),
            )
        except RepeatedRequestError as error:
            return show_first_outcome(error, "workshops.show")
        except InvalidInputError as error:
            show_on_field(form, error, FIELDS)
        else:
            say_if_twice((values.day, values.starts_at), (values.day, values.ends_at))
            return _back(public_id, _("The session is open for booking, and who leads it is told."))
    if proposal.state is not SessionProposalState.PROPOSED:
        raise InvalidTransitionError(record="session_proposal", state=str(proposal.state), action="confirm")
    body = render_template("session_proposals/confirm.html", form=form, workshop=None, proposal=proposal)
    return body, 422 if request.method == "POST" else 200


@bp.post("/<uuid:public_id>/decline")
@access(Access.COORDINATOR)
def decline(public_id: UUID) -> ResponseReturnValue:
    """Say no, with a kind word."""
    proposal, form = _find_to_decide(public_id), DeclineForm(prefix="decline-")
    if not form.validate_on_submit():
        return _show(proposal, decline_form=form)
    word = form.word.data or ""
    session_proposals.decline_session_proposal(proposal_id=public_id, word=word, actor=current_actor(), at=utc_now())
    return _back(public_id, _("The person is told, with your word."))


@bp.post("/<uuid:public_id>/withdraw")
@access(Access.MEMBER)
def withdraw(public_id: UUID) -> ResponseReturnValue:
    """Take one's proposal back."""
    _find(public_id)
    session_proposals.withdraw_session_proposal(proposal_id=public_id, actor=current_actor(), at=utc_now())
    return _back(public_id, _("Your proposal is withdrawn. You can propose another one whenever you like."))


def _propose(proposer: Entrepreneur | Supporter, form: ProposalForm) -> ResponseReturnValue:
    is_supporter = isinstance(proposer, Supporter)
    made = session_proposals.propose_session(
        entrepreneur_id=None if is_supporter else proposer.public_id,
        supporter_id=proposer.public_id if is_supporter else None,
        proposal=form.build_proposal(),
        actor=current_actor(),
        at=utc_now(),
        form_key=posted_form_key(),
    )
    return _back(made, _("Thank you! Your proposal is sent, and somebody answers you."))


def _own_proposer() -> Entrepreneur | Supporter:
    """Give as whom the member proposes: as an entrepreneur where she is one, else as a supporter."""
    session, actor = db.session(), current_actor()
    supporters = members.list_supporters(session, actor.supporter_ids)
    present = [one for one in supporters if one.state is not SupporterState.LEFT]
    person = members.find_entrepreneur(session, actor.entrepreneur_ids)
    is_open = person is not None and person.state is not EntrepreneurState.CLOSED
    chosen = person if is_open else next(iter(present or supporters), person)
    if chosen is None:
        raise NotFoundError(record="Entrepreneur")
    return chosen


def _is_by(proposal: SessionProposal, proposer: Entrepreneur | Supporter) -> bool:
    ids = proposal.supporter_id if isinstance(proposer, Supporter) else proposal.entrepreneur_id
    return ids == proposer.id


def _contact(proposer: Entrepreneur | Supporter) -> Contact:
    referent_id = proposer.referent_id if isinstance(proposer, Entrepreneur) else None
    return members.find_contact(db.session(), association_id=proposer.association_id, referent_id=referent_id)


def _find(public_id: UUID) -> SessionProposal:
    """Give a proposal that is one's own, or of an association that one runs."""
    proposal, actor = get_session_proposal(db.session(), public_id), current_actor()
    if not (can(actor, Permission.PROPOSAL_OWN, proposal) or can(actor, Permission.WORKSHOP_RUN, proposal)):
        raise NotFoundError(record="SessionProposal")
    return proposal


def _find_to_decide(public_id: UUID) -> SessionProposal:
    proposal = get_session_proposal(db.session(), public_id)
    if not can(current_actor(), Permission.WORKSHOP_RUN, proposal):
        raise NotFoundError(record="SessionProposal")
    work_in(proposal.association_id)
    return proposal


def _show(proposal: SessionProposal, decline_form: FlaskForm | None = None) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    workshop, decides = proposal.session, can(actor, Permission.WORKSHOP_RUN, proposal)
    named = proposal.coordinator
    body = render_template(
        "session_proposals/show.html",
        proposal=proposal,
        proposer=proposal.entrepreneur or proposal.supporter,
        is_hers=can(actor, Permission.PROPOSAL_OWN, proposal),
        decides=decides,
        # The theme may have become a private one since: then nobody but the organiser knows who comes.
        names=list_first_names(session, workshop.id) if workshop and not workshop.theme.is_sensitive else (),
        contact=members.find_contact(
            session,
            association_id=proposal.association_id,
            referent_id=named.id if named is not None else None,
        ),
        decline_form=decline_form or DeclineForm(prefix="decline-"),
        now=utc_now(),
    )
    return body, 422 if decline_form is not None else 200


def _back(public_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("session_proposals.show", public_id=public_id), code=303)
