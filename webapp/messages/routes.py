"""Routes: messages a person received; in development, the whole outbox."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries.messages import list_messages_of, list_outbox
from webapp.access import Access, access, current_actor
from webapp.messages import bp
from webapp.messages.reading import read_message


@bp.get("")
@access(Access.MEMBER)
def index() -> ResponseReturnValue:
    """List one's own messages."""
    page = list_messages_of(db.session(), current_actor().account_id, number=_page_number())
    return render_template("messages/index.html", page=page.with_lines([read_message(line) for line in page.lines]))


@bp.get("/outbox")
@access(Access.DEVELOPMENT)
def outbox() -> ResponseReturnValue:
    """Show what was queued to everyone, with its links, in development only."""
    page = list_outbox(db.session(), number=_page_number())
    return render_template("messages/outbox.html", page=page.with_lines([read_message(line) for line in page.lines]))


def _page_number() -> int:
    return request.args.get("page", 1, type=int)
