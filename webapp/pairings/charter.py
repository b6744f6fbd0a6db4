"""Routes: the charter of a pairing, its signatures and its document; the hours that a volunteer gave."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from models.charters import CharterParty
from models.db import db
from models.exceptions import NotFoundError
from models.queries.charters import find_charter
from models.states import TOGETHER_PAIRING_STATES, CharterState
from webapp.access import Access, access, current_actor
from webapp.charters.texts import TEXTS, read_text
from webapp.clock import utc_now
from webapp.locale import current_locale
from webapp.pairings import bp, meeting_forms
from webapp.pairings.pages import find_known_pairing
from webapp.services import charters
from webapp.services.meetings import side_of
from webapp.translation import gettext as _


@bp.get("/<uuid:public_id>/charter")
@access(Access.MEMBER)
def charter(public_id: UUID) -> ResponseReturnValue:
    """Show the charter and who has signed."""
    return _show(public_id)


@bp.post("/<uuid:public_id>/charter/sign")
@access(Access.MEMBER)
def sign(public_id: UUID) -> ResponseReturnValue:
    """Sign for oneself."""
    form = meeting_forms.SignForm(prefix="sign-")
    if not form.validate_on_submit():
        return _show(public_id, sign_form=form)
    state = charters.sign_charter(pairing_id=public_id, name=form.name.data or "", actor=current_actor(), at=utc_now())
    _tell(state)
    return redirect(url_for("pairings.charter", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/charter/paper")
@access(Access.COORDINATOR)
def sign_on_paper(public_id: UUID) -> ResponseReturnValue:
    """Note a signature on paper."""
    form = meeting_forms.build_paper_form()
    if not form.validate_on_submit():
        return _show(public_id, paper_form=form)
    party, name = CharterParty(form.party.data), form.name.data or ""
    state = charters.note_paper_signature(
        pairing_id=public_id, party=party, name=name, actor=current_actor(), at=utc_now()
    )
    _tell(state)
    return redirect(url_for("pairings.charter", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/charter/prepare")
@access(Access.COORDINATOR)
def prepare_charter(public_id: UUID) -> ResponseReturnValue:
    """Open a charter for two who began before there was one."""
    charters.prepare_charter(pairing_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The charter is ready, and the two are asked to sign."), "success")
    return redirect(url_for("pairings.show", public_id=public_id), code=303)


@bp.get("/<uuid:public_id>/charter.pdf")
@access(Access.MEMBER)
def charter_document(public_id: UUID) -> ResponseReturnValue:
    """Give the document that all three signed."""
    pairing = find_known_pairing(public_id)
    found = find_charter(db.session(), pairing.id, with_document=True)
    if found is None or found.pdf is None:
        raise NotFoundError(record="Charter")
    headers = {"Content-Disposition": 'attachment; filename="charte.pdf"'}
    return Response(found.pdf, content_type="application/pdf", headers=headers)


def _show(
    public_id: UUID, *, sign_form: FlaskForm | None = None, paper_form: FlaskForm | None = None
) -> ResponseReturnValue:
    pairing = find_known_pairing(public_id)
    found = find_charter(db.session(), pairing.id)
    if found is None:
        raise NotFoundError(record="Charter")
    signed = {signature.party: signature for signature in found.signatures}
    party = charters.party_of(current_actor(), pairing)
    body = render_template(
        "pairings/charter.html",
        pairing=pairing,
        charter=found,
        text=read_text(found.text),
        reading_aid=TEXTS[found.network, "en"] if current_locale() == "en" else None,
        parties=[(one, signed.get(one)) for one in CharterParty],
        may_sign=found.state is CharterState.OPEN and party not in signed and pairing.state in TOGETHER_PAIRING_STATES,
        side=side_of(current_actor(), pairing).value,
        sign_form=sign_form or meeting_forms.SignForm(prefix="sign-"),
        paper_form=paper_form or meeting_forms.build_paper_form(),
    )
    return body, 422 if sign_form or paper_form else 200


def _tell(state: CharterState) -> None:
    if state is CharterState.SIGNED:
        flash(_("All three have signed. The document is kept for you."), "success")
    else:
        flash(_("Thank you, the signature is noted."), "success")
