"""Routes: series of workshop sessions, for their organisers."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import InvalidInputError, RepeatedRequestError
from models.queries.series import get_series, list_dates, list_series
from models.series import WorkshopSeries
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.form_errors import show_on_field
from webapp.paging import page_number
from webapp.repeated_forms import posted_form_key, show_first_outcome
from webapp.series import bp
from webapp.series.forms import SeriesForm
from webapp.services import series as services
from webapp.services.series import SeriesValues
from webapp.translation import gettext as _
from webapp.workspace import current_workspace, work_in

THEME_FIELDS = {"series_theme": "theme", "theme_unknown": "theme"}


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List the series of the association, with their next date."""
    page = list_series(db.session(), current_workspace().seat.id, at=utc_now(), page=page_number())
    return render_template("series/index.html", page=page)


@bp.route("/add", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def add() -> ResponseReturnValue:
    """Make a series."""
    form = SeriesForm()
    if form.validate_on_submit():
        try:
            public_id = services.create_series(
                association_id=current_workspace().seat.public_id,
                values=_read(form),
                actor=current_actor(),
                at=utc_now(),
                form_key=posted_form_key(),
            )
        except RepeatedRequestError as error:
            return show_first_outcome(error, "series.show")
        except InvalidInputError as error:
            show_on_field(form, error, THEME_FIELDS)
        else:
            flash(_("The series is made. Add its dates now."), "success")
            return redirect(url_for("series.show", public_id=public_id), code=303)
    return render_template("series/form.html", form=form, series=None), _status()


@bp.get("/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a series with its dates."""
    series = _get(public_id)
    dates = list_dates(db.session(), series.id)
    return render_template("series/show.html", series=series, dates=dates, now=utc_now())


@bp.route("/<uuid:public_id>/edit", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def edit(public_id: UUID) -> ResponseReturnValue:
    """Change the title and the description of a series."""
    series = _get(public_id)
    form = SeriesForm(data={"theme": series.theme_slug, "title": series.title, "description": series.description})
    if form.validate_on_submit():
        try:
            services.update_series(series_id=public_id, values=_read(form), actor=current_actor(), at=utc_now())
        except InvalidInputError as error:
            show_on_field(form, error, THEME_FIELDS)
            series = _get(public_id)
        else:
            flash(_("The series is changed."), "success")
            return redirect(url_for("series.show", public_id=public_id), code=303)
    return render_template("series/form.html", form=form, series=series), _status()


def _get(public_id: UUID) -> WorkshopSeries:
    series = get_series(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(series.association_id)
    return series


def _read(form: SeriesForm) -> SeriesValues:
    return SeriesValues(theme=form.theme.data, title=form.title.data or "", description=form.description.data or "")


def _status() -> int:
    return 422 if request.method == "POST" else 200
