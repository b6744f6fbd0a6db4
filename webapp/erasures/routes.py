"""Routes: a coordinator writes down that somebody wishes to be forgotten, or that she has changed her mind."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.accounts import Account
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.names import full_name
from models.personal.ways import Root
from models.queries.erasures import (
    StillOpen,
    count_open,
    find_live_erasure,
    get_erasure,
    scope_of_account,
    scope_of_file,
)
from models.queries.holdings import find_account
from models.queries.sheets import get_followed_entrepreneur, get_known_supporter
from models.supporters import Supporter
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.erasures import bp
from webapp.erasures.forms import ErasureForm
from webapp.services.account_closing import require_whole
from webapp.services.erasures import ask_erasure, keep_data
from webapp.translation import gettext as _
from webapp.words.erasures import tell_open
from webapp.workspace import work_in

# What is between a person and who looks after her is no coordinator's to count; nor are places: a private workshop's
# would tell that she comes to one.
NOT_TO_COUNT = frozenset({StillOpen.BOOKING, StillOpen.CALL, StillOpen.COACHING})


@bp.route("/entrepreneurs/<uuid:public_id>/erase", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def person(public_id: UUID) -> ResponseReturnValue:
    """Write down that an entrepreneur wishes to be forgotten."""
    found = get_followed_entrepreneur(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(found.association_id)
    return _ask(found, Root.ENTREPRENEUR, url_for("entrepreneurs.show", public_id=public_id))


@bp.route("/supporters/<uuid:public_id>/erase", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def supporter(public_id: UUID) -> ResponseReturnValue:
    """Write down that a supporter wishes to be forgotten."""
    found = get_known_supporter(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(found.association_id)
    return _ask(found, Root.SUPPORTER, url_for("supporters.show", public_id=public_id))


@bp.route("/colleagues/<uuid:account_id>/erase", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def colleague(account_id: UUID) -> ResponseReturnValue:
    """Write down that somebody who ran the association wishes to be forgotten; her account is closed already."""
    found = find_account(db.session(), account_id)
    if found is None or found.is_active:
        return abort(404)
    require_whole(db.session(), found, current_actor())
    return _ask(found, Root.ACCOUNT, url_for("colleagues.index"))


@bp.post("/erasures/<uuid:public_id>/keep")
@access(Access.COORDINATOR)
def keep(public_id: UUID) -> ResponseReturnValue:
    """Take a wish back in the person's name."""
    keep_data(erasure_id=public_id, actor=current_actor(), at=utc_now())
    erasure = get_erasure(db.session(), public_id)
    flash(_("Everything is kept."), "success")
    if erasure.entrepreneur_id is not None:
        file = db.session.get_one(Entrepreneur, erasure.entrepreneur_id)
        return redirect(url_for("entrepreneurs.show", public_id=file.public_id), code=303)
    if erasure.supporter_id is not None:
        helper = db.session.get_one(Supporter, erasure.supporter_id)
        return redirect(url_for("supporters.show", public_id=helper.public_id), code=303)
    return redirect(url_for("colleagues.index"), code=303)


def _ask(row: Account | Entrepreneur | Supporter, root: Root, back: str) -> ResponseReturnValue:
    """Show what goes and what is still open, and write the wish down."""
    form, session, at = ErasureForm(), db.session(), utc_now()
    if form.validate_on_submit():
        ask_erasure(root=root, public_id=row.public_id, ground=form.read(), actor=current_actor(), at=at)
        flash(_("It is noted, and the person is told. It can be taken back for one day."), "success")
        return redirect(back, code=303)
    scope = scope_of_account(session, row) if isinstance(row, Account) else scope_of_file(session, row)
    still_open = {
        kind: number for kind, number in count_open(session, scope, at=at).items() if kind not in NOT_TO_COUNT
    }
    page = render_template(
        "erasures/ask.html",
        form=form,
        name=full_name(row),
        is_erased=row.erased_at is not None,
        erasure=find_live_erasure(session, row),
        still_open=tell_open(still_open),
        back=back,
    )
    return page, 422 if form.is_submitted() else 200
