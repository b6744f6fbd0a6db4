"""Routes: an entrepreneur's profile, step by step. Each step saves by itself and can be left and taken up again."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.queries import members
from models.queries.associations import get_association
from models.states import EntrepreneurState
from models.territories import Commune, QpvGround, QpvResult
from webapp.access import Access, access, current_actor
from webapp.activities.index import find_activities
from webapp.clock import utc_now
from webapp.jobs import enqueue_person
from webapp.members import own_entrepreneur
from webapp.profile import bp, forms
from webapp.security import HEADERS
from webapp.services import entrepreneurs, territories
from webapp.services.profile_steps import (
    ActivityValues,
    ProfileStep,
    StepValues,
    list_filled_steps,
    list_missing_steps,
)
from webapp.territories.index import Neighbourhood
from webapp.translation import gettext as _

# "Use my position" asks the browser; on these pages alone it may answer.
WITH_POSITION = HEADERS["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleStep:
    """A step that is one form: how it is filled, and what it gives to the service."""

    build: Callable[[Entrepreneur], FlaskForm]
    values: Callable[[FlaskForm, Entrepreneur], StepValues]


SIMPLE_STEPS = {
    ProfileStep.PROJECT: SimpleStep(build=forms.build_project_form, values=lambda form, _file: form.values()),
    ProfileStep.NEEDS: SimpleStep(
        build=forms.build_needs_form,
        values=lambda form, file: form.values({need.topic: need.priority for need in file.needs}),
    ),
    ProfileStep.LANGUAGES: SimpleStep(build=forms.build_languages_form, values=lambda form, _file: form.values()),
    ProfileStep.AVAILABILITY: SimpleStep(build=forms.build_availability_form, values=lambda form, _file: form.values()),
    ProfileStep.WISHES: SimpleStep(build=forms.build_wishes_form, values=lambda form, _file: form.values()),
    ProfileStep.WORDS: SimpleStep(build=forms.build_words_form, values=lambda form, _file: form.values()),
}


@bp.get("")
@access(Access.ENTREPRENEUR)
def index() -> ResponseReturnValue:
    """Show the profile with what is filled and what is missing."""
    entrepreneur = own_entrepreneur()
    session = db.session()
    return render_template(
        "profile/index.html",
        file=entrepreneur,
        steps=tuple(ProfileStep),
        filled=list_filled_steps(entrepreneur),
        missing=list_missing_steps(entrepreneur),
        step_url=step_url,
        activity=members.find_activity(session, entrepreneur.activity_code),
        commune=members.find_commune(session, entrepreneur.commune_code),
        checks=members.list_last_checks(session, entrepreneur.id),
        contact=members.find_contact(
            session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
        ),
    )


@bp.route("/<any(project,needs,languages,availability,wishes,words):step>", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def edit(step: str) -> ResponseReturnValue:
    """Show or save one step."""
    entrepreneur = own_entrepreneur()
    current = ProfileStep(step)
    form = SIMPLE_STEPS[current].build(entrepreneur)
    if form.validate_on_submit():
        return _save(entrepreneur, current, SIMPLE_STEPS[current].values(form, entrepreneur))
    return _show(f"profile/{step}.html", current, file=entrepreneur, form=form)


@bp.route("/priorities", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def priorities() -> ResponseReturnValue:
    """Say how pressing each need is."""
    entrepreneur = own_entrepreneur()
    if not entrepreneur.needs:
        return redirect(url_for("profile.edit", step=ProfileStep.NEEDS), code=303)
    form = forms.build_priorities_form(entrepreneur)
    if form.validate_on_submit():
        return _save(entrepreneur, ProfileStep.NEEDS, forms.read_priorities(form, entrepreneur), go_on=True)
    return _show("profile/priorities.html", ProfileStep.NEEDS, file=entrepreneur, form=form)


@bp.route("/activity", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def activity() -> ResponseReturnValue:
    """Find the activity by words, then choose one line."""
    entrepreneur = own_entrepreneur()
    words = request.args.get("q", "").strip()[:100]
    known = members.find_activity(db.session(), entrepreneur.activity_code)
    found = [(one.code, one.label) for one in find_activities(db.session(), words)]
    if not words and known is not None:
        found = [(known.code, known.label_fr)]
    form = forms.build_activity_form(found, entrepreneur.activity_code)
    if form.validate_on_submit():
        code = form.activity_code.data
        values = ActivityValues(activity_code=None if code == forms.NOT_KNOWN_YET else code)
        return _save(entrepreneur, ProfileStep.ACTIVITY, values)
    return _show(
        "profile/activity.html",
        ProfileStep.ACTIVITY,
        file=entrepreneur,
        form=form,
        words_typed=words,
        found=found,
        known=known,
    )


@bp.route("/place", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def place() -> ResponseReturnValue:
    """Say where one lives, and learn what that opens."""
    return _place(QpvGround.RESIDENCE)


@bp.route("/head-office", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def head_office() -> ResponseReturnValue:
    """Say where the business sits: the head office opens the same right as the home."""
    return _place(QpvGround.HEAD_OFFICE)


@bp.route("/circle", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def circle() -> ResponseReturnValue:
    """Say whether one wants a circle, and what one can give there."""
    entrepreneur = own_entrepreneur()
    form = forms.build_circle_form(entrepreneur, members.list_offered_topics(db.session(), entrepreneur.id))
    if form.validate_on_submit():
        return _save(entrepreneur, ProfileStep.CIRCLE, form.values())
    return _show("profile/circle.html", ProfileStep.CIRCLE, file=entrepreneur, form=form)


@bp.post("/complete")
@access(Access.ENTREPRENEUR)
def complete() -> ResponseReturnValue:
    """Send the profile: from now on somebody is looked for."""
    entrepreneur = own_entrepreneur()
    missing = list_missing_steps(entrepreneur)
    if missing:
        flash(_("A little more is needed before you can send your profile."), "warning")
        return redirect(step_url(missing[0]), code=303)
    entrepreneurs.complete_entrepreneur(entrepreneur_id=entrepreneur.public_id, actor=current_actor(), at=utc_now())
    enqueue_person(entrepreneur.public_id)
    flash(_("Your profile is sent. Thank you! Here is what happens next."), "success")
    return redirect(url_for("steps.index"), code=303)


@bp.post("/consent/withdraw")
@access(Access.ENTREPRENEUR)
def withdraw_consent() -> ResponseReturnValue:
    """Take back the agreement to be coached."""
    entrepreneur = own_entrepreneur()
    entrepreneurs.withdraw_coaching_consent(entrepreneur_id=entrepreneur.public_id, actor=current_actor(), at=utc_now())
    flash(_("Done: no coach will be looked for. You can change your mind at any time."), "success")
    return redirect(url_for("profile.edit", step=ProfileStep.WISHES), code=303)


def step_url(step: ProfileStep) -> str:
    """Give the address of a step."""
    if step in SIMPLE_STEPS:
        return url_for("profile.edit", step=step.value)
    return url_for(f"profile.{step.value}")


def _place(ground: QpvGround) -> ResponseReturnValue:
    entrepreneur = own_entrepreneur()
    session = db.session()
    words = request.args.get("q", "").strip()[:80]
    commune = _chosen_commune()
    known = members.list_last_checks(session, entrepreneur.id).get(ground)
    form = None
    qpvs: tuple[Neighbourhood, ...] = ()
    if commune is not None:
        qpvs = territories.list_neighbourhoods(commune.code)
        form = forms.build_neighbourhood_form(qpvs, forms.NO_QPV if not qpvs else None)
        if form.validate_on_submit():
            return _check(entrepreneur, ground, commune, form)
    response = _show(
        "profile/place.html",
        ProfileStep.PLACE,
        file=entrepreneur,
        form=form,
        ground=ground,
        words_typed=words,
        communes=_find_towns(entrepreneur, words) if words and commune is None else [],
        commune=commune,
        qpvs=qpvs,
        known=known,
        home=members.find_commune(session, entrepreneur.commune_code),
        contact=members.find_contact(
            session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
        ),
    )
    response.headers["Permissions-Policy"] = WITH_POSITION
    return response


def _find_towns(entrepreneur: Entrepreneur, words: str) -> list[Commune]:
    """Look for a town, those of her association's département first among namesakes."""
    session = db.session()
    association = get_association(session, entrepreneur.association_id)
    return members.find_communes(session, words, department=association.department)


def _chosen_commune() -> Commune | None:
    code = request.args.get("commune", "")
    if not code:
        return None
    commune = members.find_commune(db.session(), code)
    if commune is None:
        raise NotFoundError(record="Commune")
    return commune


def _check(
    entrepreneur: Entrepreneur, ground: QpvGround, commune: Commune, form: forms.NeighbourhoodForm
) -> ResponseReturnValue:
    chosen: territories.Position | territories.ChosenNeighbourhood
    if form.latitude.data is not None and form.longitude.data is not None:
        chosen = territories.Position(
            latitude=float(form.latitude.data), longitude=float(form.longitude.data), commune_code=commune.code
        )
    else:
        answer = form.choice.data
        chosen = territories.ChosenNeighbourhood(
            commune_code=commune.code,
            qpv_code=None if answer in (forms.NO_QPV, forms.UNKNOWN_QPV) else answer,
            is_known=answer != forms.UNKNOWN_QPV,
        )
    outcome = territories.check_qpv(
        entrepreneur_id=entrepreneur.public_id, ground=ground, place=chosen, actor=current_actor(), at=utc_now()
    )
    flash(_saved_words(outcome.result), "success")
    return redirect(url_for("profile.place" if ground == QpvGround.RESIDENCE else "profile.head_office"), code=303)


def _saved_words(result: QpvResult) -> str:
    if result in (QpvResult.INSIDE, QpvResult.DECLARED, QpvResult.BORDERLINE):
        return _("Saved. See below what this opens for you.")
    return _("Saved.")


def _save(
    entrepreneur: Entrepreneur, step: ProfileStep, values: StepValues, *, go_on: bool = False
) -> ResponseReturnValue:
    """Save, then go to the next step of a new profile, or back to the overview of one that was sent."""
    is_new = entrepreneur.state == EntrepreneurState.INCOMPLETE
    entrepreneurs.save_profile_step(
        entrepreneur_id=entrepreneur.public_id, values=values, actor=current_actor(), at=utc_now()
    )
    if not is_new:
        enqueue_person(entrepreneur.public_id)
    if step == ProfileStep.NEEDS and not go_on:
        return redirect(url_for("profile.priorities"), code=303)
    flash(_("Saved."), "success")
    return redirect(_next_url(step) if is_new else url_for("profile.index"), code=303)


def _next_url(step: ProfileStep) -> str:
    order = list(ProfileStep)
    place = order.index(step) + 1
    return step_url(order[place]) if place < len(order) else url_for("profile.index")


def _show(template: str, step: ProfileStep, **values: object) -> Response:
    order = list(ProfileStep)
    place = order.index(step)
    body = render_template(
        template,
        step=step,
        number=place + 1,
        count=len(order),
        previous_url=step_url(order[place - 1]) if place else url_for("profile.index"),
        next_url=_next_url(step),
        **values,
    )
    return make_response(body, 422 if request.method == "POST" else 200)
