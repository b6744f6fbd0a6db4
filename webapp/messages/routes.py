"""Routes: messages a person received; in development, the whole outbox."""

from flask import render_template
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries.messages import list_messages_of, list_outbox
from webapp.access import Access, access, current_actor
from webapp.messages import bp


@bp.get("")
@access(Access.MEMBER)
def index() -> ResponseReturnValue:
    """List one's own messages."""
    found = list_messages_of(db.session(), current_actor().account_id)
    return render_template("messages/index.html", messages=found)


@bp.get("/outbox")
@access(Access.DEVELOPMENT)
def outbox() -> ResponseReturnValue:
    """List what was queued, to everyone, in development only."""
    return render_template("messages/index.html", messages=list_outbox(db.session()))
