"""Routes: messages a person received, how she wishes to be written to; in development, the whole outbox."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.messages import Message
from models.queries.messages import list_messages_of, list_outbox
from models.queries.senders import list_senders
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.messages import bp
from webapp.messages.forms import PreferenceForm, read_choices
from webapp.messages.reading import ReadMessage, read_message
from webapp.services.mail_preferences import read_preference, set_preference
from webapp.translation import gettext as _


@bp.get("")
@access(Access.MEMBER)
def index() -> ResponseReturnValue:
    """List one's own messages."""
    actor = current_actor()
    page = list_messages_of(db.session(), actor.account_id, number=_page_number())
    lines = page.with_lines(_read(page.lines))
    return render_template("messages/index.html", page=lines, writes_to_people=bool(actor.coordinates))


@bp.get("/outbox")
@access(Access.DEVELOPMENT)
def outbox() -> ResponseReturnValue:
    """Show what was queued to everyone, with its links, in development only."""
    page = list_outbox(db.session(), number=_page_number())
    return render_template("messages/outbox.html", page=page.with_lines(_read(page.lines)))


@bp.route("/preferences", methods=["GET", "POST"])
@access(Access.MEMBER)
def preferences() -> ResponseReturnValue:
    """Show how we write to somebody, and let her choose."""
    actor = current_actor()
    kept = read_preference(actor.account_id)
    form = PreferenceForm(data=read_choices(kept))
    if not actor.coordinates:
        del form.desk_way
    if form.validate_on_submit():
        quiet_from, quiet_until = form.quiet_hours()
        set_preference(ways=form.ways(), quiet_from=quiet_from, quiet_until=quiet_until, actor=actor, at=utc_now())
        flash(_("It is kept: from now on we write to you as you chose."), "success")
        return redirect(url_for("messages.preferences"), code=303)
    status = 422 if request.method == "POST" else 200
    return render_template("messages/preferences.html", form=form), status


def _read(messages: Sequence[Message]) -> list[ReadMessage]:
    senders = list_senders(db.session(), messages)
    return [read_message(message, senders.get(message.id)) for message in messages]


def _page_number() -> int:
    return request.args.get("page", 1, type=int)
