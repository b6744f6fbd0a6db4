"""Routes: checks and reviews in a list, and each on a page that leads to the next."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries.members import find_contact
from models.queries.reviews import ReviewSituation, find_next_due, get_review, list_reviews
from models.reviews import Review, SkipReason
from models.states import ReviewAction, ReviewState, list_actions
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.paging import chosen_member, page_number
from webapp.reviews import bp
from webapp.reviews.forms import CheckForm, SkipForm, build_answer_form, build_skip_form
from webapp.services import reviews
from webapp.translation import gettext as _
from webapp.words.reviews import name_review
from webapp.workspace import current_workspace, work_in


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List checks and reviews: to hold now, to come, held, left out."""
    situation, now = chosen_member("situation", ReviewSituation) or ReviewSituation.DUE, utc_now()
    page = list_reviews(db.session(), current_workspace().seat.id, situation, at=now, page=page_number())
    return render_template(
        "reviews/index.html",
        page=page,
        situation=situation,
        situations=ReviewSituation,
        now=now,
        name_review=name_review,
    )


@bp.get("/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show one, with the form to note it."""
    review = _get(public_id)
    return _show(review, build_answer_form(review), build_skip_form())


@bp.post("/<uuid:public_id>")
@access(Access.COORDINATOR)
def note(public_id: UUID) -> ResponseReturnValue:
    """Note what was heard, and go on with the next one that is due."""
    review = _get(public_id)
    form, was_due = build_answer_form(review, is_sent=True), review.state is ReviewState.DUE
    if not form.validate_on_submit():
        return _show(review, form, build_skip_form()), 422
    reviews.note_review(review_id=public_id, answers=form.answers(), actor=current_actor(), at=utc_now())
    return _go_on(public_id, was_due=was_due)


@bp.post("/<uuid:public_id>/skip")
@access(Access.COORDINATOR)
def skip(public_id: UUID) -> ResponseReturnValue:
    """Leave one out, and go on with the next one that is due."""
    review, form = _get(public_id), build_skip_form()
    if not form.validate_on_submit():
        return _show(review, build_answer_form(review), form), 422
    reason = SkipReason(form.reason.data)
    reviews.skip_review(review_id=public_id, reason=reason, actor=current_actor(), at=utc_now())
    return _go_on(public_id, was_due=True)


def _get(public_id: UUID) -> Review:
    review = get_review(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(review.association_id)
    return review


def _show(review: Review, form: CheckForm, skip_form: SkipForm) -> str:
    contact = find_contact(
        db.session(), association_id=review.association_id, referent_id=review.entrepreneur.referent_id
    )
    return render_template(
        "reviews/show.html",
        review=review,
        name=name_review(review),
        form=form,
        skip_form=skip_form,
        may_skip=ReviewAction.SKIP in list_actions("review", review.state),
        contact=contact,
        now=utc_now(),
    )


def _go_on(public_id: UUID, *, was_due: bool) -> ResponseReturnValue:
    review = _get(public_id)
    following = find_next_due(db.session(), review.association_id, at=utc_now(), after=review) if was_due else None
    if following is not None:
        flash(_("Noted. Here is the next one."), "success")
        return redirect(url_for("reviews.show", public_id=following.public_id), code=303)
    flash(_("Noted, thank you."), "success")
    return redirect(url_for("reviews.index"), code=303)
