"""Routes: the fairness report of the association one works in."""

from flask import render_template
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries.directory import find_commune_names
from webapp.access import Access, access
from webapp.clock import utc_now
from webapp.fairness import bp
from webapp.insight_bridge import FairnessReport
from webapp.services.fairness import GUARDED, TERRITORY, read_fairness
from webapp.words.fairness import dimension_title, group_label
from webapp.workspace import current_workspace


@bp.get("")
@access(Access.COORDINATOR)
def show() -> ResponseReturnValue:
    """Show how groups fare, each with its range; small groups are hidden, and it is said how many."""
    seat, now = current_workspace().seat, utc_now()
    report = read_fairness(db.session(), association_id=seat.id, lends=seat.lends, at=now)
    communes = find_commune_names(db.session(), _list_communes(report))
    return render_template(
        "fairness/show.html",
        report=report,
        lends=seat.lends,
        guarded=GUARDED,
        now=now,
        communes=communes,
        dimension_title=dimension_title,
        group_label=group_label,
    )


def _list_communes(report: FairnessReport) -> list[str | None]:
    return [group.label for one in report.dimensions if one.name == TERRITORY for group in one.groups]
