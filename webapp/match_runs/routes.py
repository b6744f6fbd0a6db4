"""Routes: match runs, from the start to what they leave open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.associations import MatchAim
from models.db import db
from models.match_runs import MatchRun
from models.queries.rematches import list_rematches
from models.queries.review import (
    count_pool,
    get_run,
    get_run_sheet,
    list_runs,
    list_unmatched,
    main_obstacle,
    sum_refusals,
)
from models.states import MatchRunState
from models.supporters import SupporterRole
from webapp import labels
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.jobs import enqueue_run
from webapp.locale import current_locale
from webapp.match_runs import bp
from webapp.paging import chosen_member, kept_filters, page_number
from webapp.services import match_runs
from webapp.services.exports import export_suggestions
from webapp.services.rematch import rematch_open
from webapp.translation import gettext as _
from webapp.translation import ngettext
from webapp.words.suggestions import describe_suggestion, tell_rematch_cause
from webapp.workspace import current_workspace, work_in

UNDER_WAY = (MatchRunState.QUEUED, MatchRunState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleResult:
    """What a run reached in one role."""

    role: SupporterRole
    figures: Mapping[str, Any]

    @property
    def is_optimal(self) -> bool:
        """Say whether the proof holds: nothing better exists."""
        return bool(self.figures.get("gap") == 0)


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """Say what a run would do now, and list the earlier ones."""
    session, seat = db.session(), current_workspace().seat
    runs = list_runs(session, seat.id)
    return render_template(
        "match_runs/index.html",
        runs=runs,
        pool=count_pool(session, seat.id),
        under_way=next((run for run in runs if run.state in UNDER_WAY), None),
    )


@bp.post("")
@access(Access.COORDINATOR)
def start() -> ResponseReturnValue:
    """Start a run, and show how far it is."""
    run_id = match_runs.request_run(
        association_id=current_workspace().seat.public_id, actor=current_actor(), at=utc_now()
    )
    enqueue_run(run_id)
    flash(_("The match run has started. You may leave this page: it goes on without you."), "success")
    return redirect(url_for("match_runs.show", public_id=run_id), code=303)


@bp.post("/rematch")
@access(Access.COORDINATOR)
def rematch() -> ResponseReturnValue:
    """Match the open suggestions once more, and say what changed."""
    outcome = rematch_open(association_id=current_workspace().seat.public_id, actor=current_actor(), at=utc_now())
    if outcome.is_outdated:
        flash(_("Somebody decided about a suggestion at the same moment: nothing was changed. Try again."), "warning")
    elif outcome.run_id is None:
        flash(_("The open suggestions are the best there is now: nothing was changed."), "success")
    else:
        flash(
            ngettext(
                "%(num)d person is shown somebody else: all together it is better. Approved pairs were not touched.",
                "%(num)d people are shown somebody else: all together it is better. Approved pairs were not touched.",
                outcome.changed,
            ),
            "success",
        )
        return redirect(url_for("match_runs.show", public_id=outcome.run_id) + "#rematches", code=303)
    return redirect(url_for("match_runs.index"), code=303)


@bp.post("/<uuid:public_id>/export")
@access(Access.COORDINATOR)
def export(public_id: UUID) -> ResponseReturnValue:
    """Give the suggestions of a run as a file; a POST because exporting leaves a trace."""
    _get_run(public_id)
    file = export_suggestions(
        association_id=current_workspace().seat.public_id,
        run_id=public_id,
        actor=current_actor(),
        at=utc_now(),
        describe=describe_suggestion,
        language="en" if current_locale() == "en" else "fr",
    )
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, content_type="text/csv; charset=utf-8", headers=headers)


@bp.get("/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show how far a run is, or what it reached."""
    run = _get_run(public_id)
    sheet = get_run_sheet(db.session(), run)
    return render_template(
        "match_runs/show.html",
        run=run,
        sheet=sheet,
        results=_results(run),
        is_fairest=sheet.weights.aim is MatchAim.FAIREST,
        is_under_way=run.state in UNDER_WAY,
        rematches=list_rematches(db.session(), run),
        tell_rematch_cause=tell_rematch_cause,
    )


@bp.get("/<uuid:public_id>/progress")
@access(Access.COORDINATOR)
def progress(public_id: UUID) -> ResponseReturnValue:
    """Give the fragment that a run's page asks for every second; at the end it sends the page to the result."""
    run = _get_run(public_id)
    if run.state not in UNDER_WAY:
        target = url_for("match_runs.show", public_id=public_id)
        if request.headers.get("HX-Request"):
            return "", 200, {"HX-Redirect": target}
        return redirect(target, code=303)
    return render_template("match_runs/_progress.html", run=run)


@bp.get("/<uuid:public_id>/unmatched")
@access(Access.COORDINATOR)
def unmatched(public_id: UUID) -> ResponseReturnValue:
    """List the people a run left without anybody, why, and what can be done."""
    session, run = db.session(), _get_run(public_id)
    role = chosen_member("role", SupporterRole)
    return render_template(
        "match_runs/unmatched.html",
        run=run,
        role=role,
        roles=labels.list_choices(SupporterRole),
        page=list_unmatched(session, run, role=role, page=page_number()),
        obstacles=sum_refusals(session, run, role=role),
        main_obstacle=main_obstacle,
        tell_obstacle=tell_obstacle,
        tell_remedy=tell_remedy,
        filters=kept_filters(role=role),
    )


def tell_obstacle(obstacle: str) -> str:
    """Say what stands in somebody's way."""
    if obstacle == "taken":
        return _("the places of those who fit went to others")
    if obstacle == "nobody":
        return _("no supporter in this role yet")
    return labels.rule_cause(obstacle)


def tell_remedy(obstacle: str) -> str:
    """Say what can be done about it."""
    if obstacle == "taken":
        return labels.rule_remedy("capacity")
    if obstacle == "nobody":
        return labels.rule_remedy("role")
    return labels.rule_remedy(obstacle)


def _get_run(public_id: UUID) -> MatchRun:
    run = get_run(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(run.association_id)
    return run


def _results(run: MatchRun) -> list[RoleResult]:
    figures = (run.report or {}).get("roles", [])
    return [RoleResult(role=SupporterRole(line["role"]), figures=line) for line in figures]
