"""Routes: which members of the approval committee examine a person's file."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import AlreadyTogetherError
from models.queries.committees import list_committee_files, list_possible_examiners
from models.queries.sheets import get_followed_entrepreneur
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.entrepreneurs import bp
from webapp.entrepreneurs.forms import ExaminerForm
from webapp.form_errors import show_on_field
from webapp.services import committees
from webapp.translation import gettext as _
from webapp.workspace import work_in


@bp.route("/<uuid:public_id>/committee", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def committee(public_id: UUID) -> ResponseReturnValue:
    """Show who examines the file, and name somebody."""
    person = get_followed_entrepreneur(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(person.association_id)
    form = _form(person)
    if form.validate_on_submit():
        try:
            committees.name_examiner(
                entrepreneur_id=public_id, supporter_id=UUID(form.supporter.data), actor=current_actor(), at=utc_now()
            )
        except AlreadyTogetherError as error:
            show_on_field(form, error, field="supporter")
        else:
            flash(_("Noted. This supporter is not proposed to this person while examining the file."), "success")
            return redirect(url_for("entrepreneurs.committee", public_id=public_id), code=303)
    person = get_followed_entrepreneur(db.session(), public_id, association_ids=current_actor().coordinates)
    lines = list_committee_files(db.session(), person.id)
    page = render_template("entrepreneurs/committee.html", person=person, lines=lines, form=form)
    return page, 422 if request.method == "POST" else 200


@bp.post("/committee/<uuid:committee_file_id>/release")
@access(Access.COORDINATOR)
def release_examiner(committee_file_id: UUID) -> ResponseReturnValue:
    """Note that somebody examines a file no longer."""
    public_id = committees.release_examiner(committee_file_id=committee_file_id, actor=current_actor(), at=utc_now())
    flash(_("Noted. This supporter may be proposed to this person again."), "success")
    return redirect(url_for("entrepreneurs.committee", public_id=public_id), code=303)


def _form(person: Entrepreneur) -> ExaminerForm:
    session = db.session()
    named = {line.supporter_id for line in list_committee_files(session, person.id) if line.until is None}
    everybody = list_possible_examiners(session, person.association_id)
    return ExaminerForm(supporters=[one for one in everybody if one.id not in named])
