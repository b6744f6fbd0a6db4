"""Routes: the suggestions a coordinator decides about."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import wall
from models.db import db
from models.match_runs import RejectReason
from models.names import full_name
from models.queries.directory import free_places
from models.queries.plans import find_plan_sheet
from models.queries.review import (
    SuggestionOrder,
    SuggestionSheet,
    count_open_by_role,
    find_names,
    find_next_open,
    get_suggestion_sheet,
    list_open_suggestions,
)
from models.states import SuggestionState
from models.supporters import SupporterRole
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.paging import chosen_member, kept_filters, page_number
from webapp.services import rematch, suggestions
from webapp.services.suggestions import ApprovalOutcome
from webapp.suggestions import bp
from webapp.suggestions.comparison import compare_parts, list_gaps, list_parts, list_reasons, strongest_reasons
from webapp.suggestions.forms import RejectForm
from webapp.translation import gettext as _
from webapp.translation import ngettext
from webapp.words.profiles import entrepreneur_facts, list_expertise, list_needs, supporter_facts, tell_places
from webapp.workspace import current_workspace, work_in

REASONS_SHOWN = 1
REFUSALS_SHOWN = 8
MOST_AT_ONCE = 50


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List the suggestions to decide."""
    session, seat = db.session(), current_workspace().seat
    role = chosen_member("role", SupporterRole)
    order = chosen_member("order", SuggestionOrder) or SuggestionOrder.DEADLINE
    page = list_open_suggestions(session, seat.id, role=role, order=order, page=page_number())
    by_role = count_open_by_role(session, seat.id)
    return render_template(
        "suggestions/index.html",
        page=page,
        role=role,
        order=order,
        roles=[(member, by_role[member]) for member in SupporterRole if by_role.get(member)],
        total=sum(by_role.values()),
        filters=kept_filters(role=role, order=None if order is SuggestionOrder.DEADLINE else order),
        now=utc_now(),
        most_reasons=REASONS_SHOWN,
        strongest_reasons=partial(strongest_reasons, lends=seat.lends),
        list_gaps=partial(list_gaps, lends=seat.lends),
        free_places=free_places,
    )


@bp.post("/approve")
@access(Access.COORDINATOR)
def approve_several() -> ResponseReturnValue:
    """Approve the suggestions that were checked, each on its own, and say which could not be."""
    chosen = _posted_ids()
    back = url_for("suggestions.index", **_posted_filters())
    if not chosen:
        flash(_("No suggestion was checked: check at least one, then approve."), "warning")
        return redirect(back, code=303)
    outcomes = suggestions.approve_suggestions(suggestion_ids=chosen, actor=current_actor(), at=utc_now())
    _tell_outcomes(outcomes)
    return redirect(back, code=303)


@bp.get("/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show both people, the score with its parts, what is missing, and the other choices."""
    return _show(public_id, RejectForm())


@bp.post("/<uuid:public_id>/approve")
@access(Access.COORDINATOR)
def approve(public_id: UUID) -> ResponseReturnValue:
    """Approve one suggestion: the supporter is asked."""
    suggestions.approve_suggestion(suggestion_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Approved: the supporter is asked, and a place is kept until the answer."), "success")
    return _go_on(public_id)


@bp.post("/<uuid:public_id>/reject")
@access(Access.COORDINATOR)
def reject(public_id: UUID) -> ResponseReturnValue:
    """Set one suggestion aside, with a reason; the next one comes up."""
    form = RejectForm()
    if not form.validate_on_submit():
        return _show(public_id, form), 422
    suggestions.reject_suggestion(
        suggestion_id=public_id,
        reason=RejectReason(form.reason.data),
        note=form.note.data or "",
        actor=current_actor(),
        at=utc_now(),
    )
    next_id = rematch.rematch_rejected(suggestion_id=public_id, actor=current_actor(), at=utc_now())
    if next_id is not None:
        flash(_("Set aside. Here is the next suggestion for the same person."), "success")
        return redirect(url_for("suggestions.show", public_id=next_id), code=303)
    flash(_("Set aside. There is no other suggestion for this person: a day for news is set."), "success")
    return _go_on(public_id)


def _show(public_id: UUID, form: RejectForm) -> str:
    sheet = get_suggestion_sheet(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(sheet.association.id)
    now = utc_now()
    plan = find_plan_sheet(db.session(), sheet.entrepreneur.id, at=now)
    return render_template("suggestions/show.html", sheet=sheet, plan=plan, form=form, now=now, **_words(sheet))


def _words(sheet: SuggestionSheet) -> dict[str, Any]:
    person, supporter, suggestion = sheet.entrepreneur, sheet.supporter, sheet.suggestion
    lends = wall.lends(sheet.association.network)
    return {
        "person_facts": entrepreneur_facts(person, commune=sheet.communes.get(person.commune_code or ""), lends=lends),
        "supporter_facts": supporter_facts(supporter, commune=sheet.communes.get(supporter.commune_code or "")),
        "needs": list_needs(person),
        "expertise": list_expertise(supporter),
        "parts": list_parts(suggestion.components, lends=lends),
        "compared": compare_parts(sheet.choices, lends=lends),
        "reasons": list_reasons(suggestion.reasons, lends=lends),
        "gaps": list_gaps(suggestion, lends=lends),
        "list_gaps": partial(list_gaps, lends=lends),
        "choice_names": [full_name(choice.supporter) for choice in sheet.choices],
        "tell_places": tell_places,
        "is_open": suggestion.state is SuggestionState.OPEN,
        "has_place": free_places(supporter) > 0,
    }


def _go_on(decided: UUID) -> ResponseReturnValue:
    """Go to the next suggestion when the form asked for it, else back to the list."""
    if request.form.get("then") != "next":
        return redirect(url_for("suggestions.index"), code=303)
    following = find_next_open(db.session(), decided, association_ids=current_actor().coordinates)
    if following is None:
        return redirect(url_for("suggestions.index"), code=303)
    return redirect(url_for("suggestions.show", public_id=following), code=303)


def _posted_ids() -> list[UUID]:
    found = []
    for value in request.form.getlist("suggestion")[:MOST_AT_ONCE]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _posted_filters() -> dict[str, Any]:
    known = {"role": {member.value for member in SupporterRole}, "order": {member.value for member in SuggestionOrder}}
    return {name: request.form[name] for name, values in known.items() if request.form.get(name) in values}


def _tell_outcomes(outcomes: Sequence[ApprovalOutcome]) -> None:
    approved = sum(outcome.error is None for outcome in outcomes)
    if approved:
        flash(
            ngettext(
                "%(num)d suggestion approved: the supporter is asked.",
                "%(num)d suggestions approved: the supporters are asked.",
                approved,
            ),
            "success",
        )
    refused = [outcome for outcome in outcomes if outcome.error is not None]
    names = find_names(
        db.session(), [one.suggestion_id for one in refused], association_ids=current_actor().coordinates
    )
    gone = _("a suggestion that is no longer there")
    for outcome in refused[:REFUSALS_SHOWN]:
        assert outcome.error is not None
        who, why = names.get(outcome.suggestion_id, gone), describe(outcome.error).sentence
        flash(_("Not approved: %(who)s. %(why)s", who=who, why=why), "warning")
    if len(refused) > REFUSALS_SHOWN:
        rest = len(refused) - REFUSALS_SHOWN
        flash(
            ngettext(
                "%(num)d other could not be approved and is still in the list.",
                "%(num)d others could not be approved and are still in the list.",
                rest,
            ),
            "warning",
        )
