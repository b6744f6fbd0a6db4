"""Routes: weights of an association, their drafts, and what past decisions suggest."""

from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.associations import MatchAim
from models.db import db
from models.exceptions import RepeatedRequestError
from models.queries.review import count_pool
from models.queries.weights import find_draft_names, get_draft_of, list_drafts, list_versions
from models.states import WeightDraftAction, WeightDraftState, list_actions
from models.supporters import SupporterRole
from models.weights import WeightDraft
from webapp import labels
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.decision_bridge import COMPONENTS, TooFewDecisions, Weights, WeightSuggestion
from webapp.jobs import enqueue_replay
from webapp.repeated_forms import posted_form_key, show_first_outcome
from webapp.services import weight_drafts
from webapp.services.weight_drafts import learn_weights, read_current_measure
from webapp.translation import gettext as _
from webapp.weights import bp
from webapp.weights.forms import AgainForm, PublishForm, WeightsForm
from webapp.words.weights import describe_dimension, describe_group, tell_aim, tell_share, tell_version
from webapp.workspace import current_workspace, work_in

UNDER_WAY = (WeightDraftState.QUEUED, WeightDraftState.RUNNING)
# Two matchings of so many pairs take about a second: the page waits for them. More is for a worker.
PAIRS_AT_ONCE = 60_000
ROLES = "any(" + ",".join(SupporterRole) + ")"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsLine:
    """One criterion: its share of each role's points, from 0 to 1."""

    component: str
    shares: tuple[float, ...]


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """Show what counts now, the drafts, and every version there was."""
    session, seat = db.session(), current_workspace().seat
    versions, measure = list_versions(session, seat.id), read_current_measure(session, seat.id)
    return render_template(
        "weights/index.html",
        lines=list_shares(measure.weights),
        aim=measure.aim,
        tell_share=tell_share,
        roles=tuple(SupporterRole),
        versions=versions,
        current=versions[0] if versions else None,
        drafts=list_drafts(session, seat.id),
        tell_version=tell_version,
        tell_aim=tell_aim,
    )


@bp.get("/draft")
@access(Access.COORDINATOR)
def new() -> ResponseReturnValue:
    """Show the form of a draft: the present weights, or with those that past decisions suggest for one role."""
    form = WeightsForm(formdata=None)
    measure = read_current_measure(db.session(), current_workspace().seat.id)
    weights = dict(measure.weights)
    suggested = request.args.get("suggested", "")
    if suggested in set(SupporterRole):
        found = _learn(SupporterRole(suggested))
        if isinstance(found, WeightSuggestion) and found.is_clear:
            weights[suggested] = dict(found.weights)
            form.note.data = _("Suggested by past decisions: %(role)s.", role=labels.role_label(suggested))
    form.fill(weights, measure.aim)
    return render_template("weights/form.html", form=form, roles=tuple(SupporterRole))


@bp.post("/draft")
@access(Access.COORDINATOR)
def draft() -> ResponseReturnValue:
    """Keep a draft, and replay it: at once for few people, by a worker for many."""
    form = WeightsForm()
    if not form.validate_on_submit():
        return render_template("weights/form.html", form=form, roles=tuple(SupporterRole)), 422
    seat, at = current_workspace().seat, utc_now()
    try:
        draft_id = weight_drafts.draft_weights(
            association_id=seat.public_id,
            weights=form.weights(),
            aim=MatchAim(form.aim.data),
            note=form.note.data or "",
            form_key=posted_form_key(),
            actor=current_actor(),
            at=at,
        )
    except RepeatedRequestError as error:
        return show_first_outcome(error, "weights.show")
    return _replay_and_show(draft_id)


@bp.post("/again")
@access(Access.COORDINATOR)
def again() -> ResponseReturnValue:
    """Draft an earlier version, to publish it again."""
    form = AgainForm()
    if not form.validate_on_submit():
        abort(404)
    number, is_national = form.number.data, form.is_national.data
    try:
        draft_id = weight_drafts.draft_version_again(
            association_id=current_workspace().seat.public_id,
            number=number,
            is_national=is_national,
            note=_("Back to %(version)s.", version=tell_version(number, is_national=is_national)),
            form_key=posted_form_key(),
            actor=current_actor(),
            at=utc_now(),
        )
    except RepeatedRequestError as error:
        return show_first_outcome(error, "weights.show")
    return _replay_and_show(draft_id)


@bp.get("/drafts/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a draft: what it changes in the weights, and what its replay says."""
    return _show(public_id, PublishForm(formdata=None), status=200)


@bp.get("/drafts/<uuid:public_id>/progress")
@access(Access.COORDINATOR)
def progress(public_id: UUID) -> ResponseReturnValue:
    """Give the fragment that a draft's page asks for; at the end it sends the page to the result."""
    found = _get_draft(public_id)
    if found.state in UNDER_WAY:
        return render_template("weights/_progress.html", draft=found)
    target = url_for("weights.show", public_id=public_id)
    if request.headers.get("HX-Request"):
        return "", 200, {"HX-Redirect": target}
    return redirect(target, code=303)


@bp.post("/drafts/<uuid:public_id>/publish")
@access(Access.COORDINATOR)
def publish(public_id: UUID) -> ResponseReturnValue:
    """Publish a draft, with a note: the next match run uses it."""
    _get_draft(public_id)
    form = PublishForm()
    if not form.validate_on_submit():
        return _show(public_id, form, status=422)
    number = weight_drafts.publish_draft(draft_id=public_id, note=form.note.data, actor=current_actor(), at=utc_now())
    flash(_("Version %(number)s is published: the next match run uses it.", number=number), "success")
    return redirect(url_for("weights.index"), code=303)


@bp.post("/drafts/<uuid:public_id>/discard")
@access(Access.COORDINATOR)
def discard(public_id: UUID) -> ResponseReturnValue:
    """Set a draft aside."""
    _get_draft(public_id)
    weight_drafts.discard_draft(draft_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The draft is set aside; nothing has changed."), "success")
    return redirect(url_for("weights.index"), code=303)


@bp.get(f"/suggested/<{ROLES}:role>")
@access(Access.COORDINATOR)
def suggested(role: str) -> ResponseReturnValue:
    """Show what past decisions suggest for one role, or that they are too few."""
    member = SupporterRole(role)
    found = _learn(member)
    return render_template(
        "weights/suggested.html",
        role=member,
        roles=tuple(SupporterRole),
        suggestion=found if isinstance(found, WeightSuggestion) else None,
        too_few=found if isinstance(found, TooFewDecisions) else None,
    )


def list_shares(weights: Weights) -> list[PointsLine]:
    """Give each criterion's share of each role's points."""
    return [
        PointsLine(
            component=component,
            shares=tuple(
                weights.get(role, {}).get(component, 0.0) / (sum(weights.get(role, {}).values()) or 1.0)
                for role in SupporterRole
            ),
        )
        for component in COMPONENTS
    ]


def _learn(role: SupporterRole) -> WeightSuggestion | TooFewDecisions | None:
    return learn_weights(association_id=current_workspace().seat.public_id, role=role, actor=current_actor())


def _replay_and_show(draft_id: UUID) -> ResponseReturnValue:
    pool = count_pool(db.session(), current_workspace().seat.id)
    if pool.entrepreneurs * pool.supporters <= PAIRS_AT_ONCE:
        weight_drafts.replay_draft(draft_id=draft_id, at=utc_now())
    else:
        enqueue_replay(draft_id)
    return redirect(url_for("weights.show", public_id=draft_id), code=303)


def _show(public_id: UUID, form: PublishForm, *, status: int) -> ResponseReturnValue:
    session, found = db.session(), _get_draft(public_id)
    if form.note.data is None:
        form.note.data = found.note
    present = read_current_measure(session, found.association_id)
    pairs = zip(list_shares(present.weights), list_shares(found.weights), strict=True)
    return (
        render_template(
            "weights/show.html",
            draft=found,
            form=form,
            lines=list(pairs),
            present_aim=present.aim,
            roles=tuple(SupporterRole),
            replay=found.replay,
            names=find_draft_names(session, found),
            is_under_way=found.state in UNDER_WAY,
            actions=list_actions("weight_draft", found.state),
            action=WeightDraftAction,
            describe_dimension=describe_dimension,
            describe_group=describe_group,
            tell_share=tell_share,
        ),
        status,
    )


def _get_draft(public_id: UUID) -> WeightDraft:
    found = get_draft_of(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(found.association_id)
    return found
