"""Routes: what is kept of somebody, and the file she takes with her."""

import io
import zipfile
from datetime import datetime
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.accounts import Account
from models.db import db
from models.erasures import ErasureGround
from models.personal.ways import Root
from models.queries.erasures import count_open, find_live_erasure, list_live_erasures, scope_of_account
from webapp.access import Access, access, current_actor
from webapp.clock import day_of, utc_now
from webapp.my_data import bp
from webapp.my_data.telling import tell_parts, write_json
from webapp.services.erasures import ask_erasure, keep_data
from webapp.services.own_data import OwnData, take_own_data
from webapp.translation import gettext as _
from webapp.words.erasures import tell_open


@bp.get("")
@access(Access.MEMBER)
def show() -> ResponseReturnValue:
    """Say what one may do about what is kept."""
    actor = current_actor()
    erasures = list_live_erasures(
        db.session(),
        account_id=actor.account_id,
        entrepreneur_ids=actor.entrepreneur_ids,
        supporter_ids=actor.supporter_ids,
    )
    return render_template("my_data/show.html", erasures=erasures, runs=bool(actor.coordinates))


@bp.post("/file")
@access(Access.MEMBER)
def take() -> ResponseReturnValue:
    """Give the file with all that is kept; a POST because taking it leaves a trace."""
    at = utc_now()
    content = _pack(take_own_data(actor=current_actor(), at=at), at)
    headers = {
        "Content-Disposition": f'attachment; filename="maillage-{day_of(at):%Y-%m-%d}.zip"',
        "Cache-Control": "no-store",
    }
    return Response(content, content_type="application/zip", headers=headers)


@bp.route("/erase", methods=["GET", "POST"])
@access(Access.MEMBER)
def erase() -> ResponseReturnValue:
    """Say what goes, what stays and what ends, and write the wish down."""
    session, actor, at = db.session(), current_actor(), utc_now()
    account = session.get_one(Account, actor.account_id)
    if request.method == "POST":
        own = ErasureGround.OWN
        ask_erasure(root=Root.ACCOUNT, public_id=account.public_id, ground=own, actor=actor, at=at)
        flash(_("It is noted. You can change your mind until tomorrow at the same hour."), "success")
        return redirect(url_for("my_data.show"), code=303)
    if actor.coordinates or find_live_erasure(session, account) is not None:
        return redirect(url_for("my_data.show"), code=303)
    still_open = count_open(session, scope_of_account(session, account), at=at)
    return render_template("my_data/erase.html", still_open=tell_open(still_open))


@bp.post("/erasures/<uuid:public_id>/keep")
@access(Access.MEMBER)
def keep(public_id: UUID) -> ResponseReturnValue:
    """Take the wish back."""
    keep_data(erasure_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Everything is kept. We are glad that you stay."), "success")
    return redirect(url_for("my_data.show"), code=303)


def _pack(data: OwnData, at: datetime) -> bytes:
    parts = tell_parts(data)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("maillage.html", render_template("my_data/file.html", parts=parts, at=at))
        archive.writestr("maillage.json", write_json(parts))
        for number, charter in enumerate(data.charters, start=1):
            archive.writestr(f"charte-{number}.pdf", charter)
    return packed.getvalue()
