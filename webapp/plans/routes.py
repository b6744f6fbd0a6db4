"""Routes: the support plans of an association."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.names import full_name
from models.queries.plans import get_plan_sheet, list_plans_to_decide
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.paging import page_number
from webapp.plans import bp
from webapp.plans.rows import build_rows
from webapp.services import plans
from webapp.services.plans import LineOutcome
from webapp.translation import gettext as _
from webapp.translation import ngettext
from webapp.words.plans import tell_coordinator
from webapp.words.week import SLOTS
from webapp.workspace import current_workspace, work_in


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List the plans in which something waits for a decision."""
    now = utc_now()
    found = list_plans_to_decide(db.session(), current_workspace().seat.id, at=now, page=page_number())
    return render_template("plans/index.html", found=found, page=found.page, now=now)


@bp.get("/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show one plan: each line with its reasons, and what it lacks."""
    now = utc_now()
    sheet = get_plan_sheet(db.session(), public_id, association_ids=current_actor().coordinates, at=now)
    work_in(sheet.association.id)
    rows = build_rows(sheet)
    return render_template(
        "plans/show.html",
        sheet=sheet,
        rows=rows,
        waiting=sum(row.is_open for row in rows),
        left_out=tell_coordinator(sheet.plan.left_out),
        circle_slot=SLOTS[sheet.place.circle.slot] if sheet.place else None,
        now=now,
    )


@bp.post("/<uuid:public_id>/approve")
@access(Access.COORDINATOR)
def approve(public_id: UUID) -> ResponseReturnValue:
    """Approve every line that waits, and say line by line which could not be."""
    outcomes = plans.approve_plan(plan_id=public_id, actor=current_actor(), at=utc_now())
    _tell_outcomes(public_id, outcomes)
    return redirect(url_for("plans.show", public_id=public_id), code=303)


@bp.post("/lines/<uuid:public_id>/approve")
@access(Access.COORDINATOR)
def approve_line(public_id: UUID) -> ResponseReturnValue:
    """Approve one line: the supporter is asked, or the person is invited."""
    plan_id = plans.approve_line(line_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Approved."), "success")
    return redirect(url_for("plans.show", public_id=plan_id), code=303)


@bp.post("/lines/<uuid:public_id>/reject")
@access(Access.COORDINATOR)
def reject_line(public_id: UUID) -> ResponseReturnValue:
    """Set the proposal of a workshop session aside."""
    plan_id = plans.reject_line(line_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Set aside. The person can still book this workshop."), "success")
    return redirect(url_for("plans.show", public_id=plan_id), code=303)


def _tell_outcomes(plan_id: UUID, outcomes: Sequence[LineOutcome]) -> None:
    approved = sum(outcome.error is None for outcome in outcomes)
    if approved:
        flash(
            ngettext("%(num)d line approved.", "%(num)d lines approved.", approved),
            "success",
        )
    elif not outcomes:
        flash(_("Nothing waited for a decision in this plan any more."), "warning")
    names = _name_lines(plan_id) if approved < len(outcomes) else {}
    for outcome in outcomes:
        if outcome.error is not None:
            what = names.get(outcome.line_id, _("a line that is no longer there"))
            flash(_("Not approved: %(who)s. %(why)s", who=what, why=describe(outcome.error).sentence), "warning")


def _name_lines(plan_id: UUID) -> dict[UUID, str]:
    """Name the lines of a plan by who or what they are about."""
    sheet = get_plan_sheet(db.session(), plan_id, association_ids=current_actor().coordinates, at=utc_now())
    names = {}
    for line in sheet.lines:
        if line.suggestion is not None:
            supporter = line.suggestion.supporter
            names[line.public_id] = full_name(supporter)
        elif line.session is not None:
            names[line.public_id] = line.session.title
    return names
