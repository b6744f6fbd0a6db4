"""Routes: the hours a volunteer gave, and their certificate."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from models.exceptions import NotFoundError
from webapp.access import Access, access, current_actor
from webapp.availability import bp
from webapp.clock import PARIS, utc_now
from webapp.services.volunteer_hours import read_certificate, read_hours

FIRST_YEAR = 2012


@bp.get("/<uuid:public_id>/hours")
@access(Access.MEMBER)
def hours(public_id: UUID) -> ResponseReturnValue:
    """Show what a volunteer gave in a year."""
    year = _year()
    given = read_hours(supporter_id=public_id, year=year, actor=current_actor())
    this_year = utc_now().astimezone(PARIS).year
    return render_template("availability/hours.html", hours=given, year=year, this_year=this_year)


@bp.get("/<uuid:public_id>/hours.pdf")
@access(Access.MEMBER)
def certificate(public_id: UUID) -> ResponseReturnValue:
    """Give the certificate of a year."""
    year = _year()
    body = read_certificate(supporter_id=public_id, year=year, actor=current_actor(), at=utc_now())
    headers = {"Content-Disposition": f'attachment; filename="attestation-{year}.pdf"'}
    return Response(body, content_type="application/pdf", headers=headers)


def _year() -> int:
    this_year = utc_now().astimezone(PARIS).year
    year = request.args.get("year", default=this_year, type=int)
    if not FIRST_YEAR <= year <= this_year:
        raise NotFoundError(record="Year")
    return year
