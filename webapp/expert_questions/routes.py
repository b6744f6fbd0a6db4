"""Routes: a question asked, answered, handed on and closed."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from models.db import db
from models.exceptions import NotFoundError, RepeatedRequestError
from models.expert_questions import ExpertQuestion
from models.queries import members
from models.queries.expert_questions import (
    QuestionSituation,
    find_expert_pairing,
    find_live_question,
    get_question,
    list_past_questions,
    list_questions,
)
from models.states import list_actions
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.expert_questions import bp, forms
from webapp.labels import list_choices
from webapp.members import own_entrepreneur
from webapp.paging import chosen_member, kept_filters, page_number
from webapp.permissions import Permission, can
from webapp.repeated_forms import posted_form_key
from webapp.services import expert_questions
from webapp.translation import gettext as _
from webapp.workspace import current_workspace


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List the open questions of the association."""
    situation = chosen_member("situation", QuestionSituation)
    page = list_questions(db.session(), current_workspace().seat.id, situation, page=page_number())
    return render_template(
        "expert_questions/index.html",
        page=page,
        situation=situation,
        situations=list_choices(QuestionSituation),
        filters=kept_filters(situation=situation),
        now=utc_now(),
    )


@bp.route("/mine", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def mine() -> ResponseReturnValue:
    """Ask one's question; show the one that is open, and what was asked before."""
    person, session = own_entrepreneur(), db.session()
    form = forms.build_question_form()
    if form.validate_on_submit():
        return _ask(person.public_id, form.words.data or "")
    body = render_template(
        "expert_questions/mine.html",
        file=person,
        open_question=find_live_question(session, person.id),
        past=list_past_questions(session, person.id),
        pairing=find_expert_pairing(session, person.id),
        contact=members.find_contact(session, association_id=person.association_id, referent_id=person.referent_id),
        form=form,
    )
    return body, 422 if form.errors else 200


@bp.get("/<uuid:public_id>")
@access(Access.MEMBER)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show one question to the person, to who answers it, and to the coordinators."""
    return _show(_find(public_id))


@bp.post("/<uuid:public_id>/answer")
@access(Access.MEMBER)
def answer(public_id: UUID) -> ResponseReturnValue:
    """Answer."""
    question, form = _find(public_id), forms.build_answer_form()
    if not form.validate_on_submit():
        return _show(question, answer_form=form)
    words = form.words.data or ""
    expert_questions.answer_question(question_id=public_id, answer=words, actor=current_actor(), at=utc_now())
    return _back(public_id, _("Your answer is sent. Thank you for your time!"))


@bp.post("/<uuid:public_id>/pass-back")
@access(Access.MEMBER)
def pass_back(public_id: UUID) -> ResponseReturnValue:
    """Give the question back to the association."""
    question, form = _find(public_id), forms.PassBackForm(prefix="back-")
    if not form.validate_on_submit():
        return _show(question, back_form=form)
    actor, word = current_actor(), form.word.data or ""
    expert_questions.pass_question_back(question_id=public_id, word=word, actor=actor, at=utc_now())
    flash(_("The question is with the association again. Thank you for telling."), "success")
    is_hers = question.association_id in actor.coordinates
    return redirect(url_for("expert_questions.index" if is_hers else "pairings.index"), code=303)


@bp.post("/<uuid:public_id>/pass-on")
@access(Access.COORDINATOR)
def pass_on(public_id: UUID) -> ResponseReturnValue:
    """Put the question to the person's expert."""
    _find(public_id)
    expert_questions.pass_question_on(question_id=public_id, actor=current_actor(), at=utc_now())
    return _back(public_id, _("The expert is asked, and has some days to answer."))


@bp.post("/<uuid:public_id>/decline")
@access(Access.COORDINATOR)
def decline(public_id: UUID) -> ResponseReturnValue:
    """Say that nobody here can answer."""
    question, form = _find(public_id), forms.DeclineForm(prefix="decline-")
    if not form.validate_on_submit():
        return _show(question, decline_form=form)
    word = form.word.data or ""
    expert_questions.decline_question(question_id=public_id, word=word, actor=current_actor(), at=utc_now())
    return _back(public_id, _("The person is told, with your word."))


@bp.post("/<uuid:public_id>/close")
@access(Access.MEMBER)
def close(public_id: UUID) -> ResponseReturnValue:
    """Close the question: it is answered, or no longer needed."""
    _find(public_id)
    keeps = request.form.get("keeps_expert") == "y"
    expert_questions.close_question(question_id=public_id, keeps_expert=keeps, actor=current_actor(), at=utc_now())
    return _back(public_id, _("The question is closed. You can ask another one whenever you like."))


def _ask(entrepreneur_id: UUID, words: str) -> ResponseReturnValue:
    try:
        asked = expert_questions.ask_question(
            entrepreneur_id=entrepreneur_id,
            question=words,
            actor=current_actor(),
            at=utc_now(),
            form_key=posted_form_key(),
        )
    except RepeatedRequestError as error:
        flash(describe(error).what, "warning")
        return redirect(url_for("expert_questions.mine"), code=303)
    return _back(asked, _("Your question is sent. You are told as soon as the answer is there."))


def _find(public_id: UUID) -> ExpertQuestion:
    question = get_question(db.session(), public_id)
    if not can(current_actor(), Permission.PAIRING_READ, question):
        raise NotFoundError(record="ExpertQuestion")
    return question


def _show(question: ExpertQuestion, **asked_again: FlaskForm) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    moves = {str(action) for action in list_actions("expert_question", question.state)}
    is_expert = question.supporter_id in actor.supporter_ids
    steers = can(actor, Permission.QUESTION_STEER, question)
    pairing = find_expert_pairing(session, question.entrepreneur_id) if steers else None
    person = question.entrepreneur
    body = render_template(
        "expert_questions/show.html",
        question=question,
        moves=moves,
        is_hers=question.entrepreneur_id in actor.entrepreneur_ids,
        answers=is_expert or (steers and question.supporter_id is None),
        is_expert=is_expert,
        steers=steers,
        expert=pairing.supporter if pairing is not None and pairing.id != question.pairing_id else None,
        contact=members.find_contact(session, association_id=person.association_id, referent_id=person.referent_id),
        now=utc_now(),
        **{
            "answer_form": forms.build_answer_form(),
            "back_form": forms.PassBackForm(prefix="back-"),
            "decline_form": forms.DeclineForm(prefix="decline-"),
            **asked_again,
        },
    )
    return body, 422 if asked_again else 200


def _back(public_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("expert_questions.show", public_id=public_id), code=303)
