"""Routes: the team of an association, and accounts closed and opened again."""

from collections.abc import Mapping
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.accounts import Account
from models.db import db
from models.exceptions import InvalidInputError
from models.names import full_name
from models.queries.coordinators import list_coordinators
from models.queries.holdings import (
    Holding,
    count_holdings,
    find_account,
    list_team,
    total_holdings,
)
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.colleagues import bp
from webapp.colleagues.forms import ClosingForm
from webapp.form_errors import show_on_field
from webapp.jobs import enqueue_rematch
from webapp.services import account_closing
from webapp.translation import gettext as _
from webapp.words.holdings import tell_holdings
from webapp.workspace import current_workspace


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List who runs the association."""
    team = list_team(db.session(), current_workspace().seat.id)
    return render_template("colleagues/index.html", team=team, own_id=current_actor().account_id)


@bp.route("/<uuid:account_id>/close", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def close(account_id: UUID) -> ResponseReturnValue:
    """Say what rests with an account, ask who takes over, and close it."""
    account = _get(account_id)
    name, others = full_name(account), list_coordinators(db.session(), current_workspace().seat.id)
    form = ClosingForm([one for one in others if one.id != account.id], is_needed=bool(_count_held(account)))
    if not form.validate_on_submit():
        return _show(account, form), 422 if form.is_submitted() else 200
    try:
        closing = account_closing.close_account(
            account_id=account_id, successor_id=form.read(), actor=current_actor(), at=utc_now()
        )
    except InvalidInputError as error:
        if error.facts.get("field") != "successor":
            raise
        show_on_field(form, error)
        return _show(_get(account_id), form), 422
    for pairing_id in closing.released:
        enqueue_rematch(pairing_id)
    flash(_("The account of %(name)s is closed. You can open it again at any time.", name=name), "success")
    return redirect(url_for("colleagues.index"), code=303)


@bp.post("/<uuid:account_id>/open")
@access(Access.COORDINATOR)
def reopen(account_id: UUID) -> ResponseReturnValue:
    """Open a closed account again."""
    name = full_name(_get(account_id))
    account_closing.reopen_account(account_id=account_id, actor=current_actor(), at=utc_now())
    flash(_("%(name)s can sign in again. What was handed over stays with whoever took it.", name=name), "success")
    return redirect(url_for("colleagues.index"), code=303)


def _get(account_id: UUID) -> Account:
    """Give the account of a colleague, or a closed one of whoever the coordinator's associations count on."""
    session = db.session()
    account = find_account(session, account_id)
    if account is None:
        return abort(404)
    if not current_actor().coordinates & account_closing.find_ties(session, account):
        return abort(404)
    return account


def _count_held(account: Account) -> Mapping[Holding, int]:
    """Count what rests with an account, in the associations of who asks."""
    found, own = count_holdings(db.session(), account.id), current_actor().coordinates
    return total_holdings({where: held for where, held in found.items() if where in own})


def _show(account: Account, form: ClosingForm) -> str:
    return render_template(
        "colleagues/close.html",
        form=form,
        account=account,
        is_own=account.id == current_actor().account_id,
        name=full_name(account),
        held=tell_holdings(_count_held(account)),
    )
