"""A message as it is read on a page: its paragraphs, and its links as links."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from markupsafe import Markup, escape

from models.messages import Message
from models.queries.senders import Sender
from models.states import MessageState
from webapp.messages.wording import render_message

ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """One message, ready to be shown."""

    subject: str
    paragraphs: tuple[Markup, ...]
    recipient: str
    locale: str
    state: MessageState
    queued_at: datetime


def read_message(message: Message, sender: Sender | None = None) -> ReadMessage:
    """Put a message into words and links."""
    rendered = render_message(message, sender)
    paragraphs = [part for part in rendered.body.split("\n\n") if part.strip()]
    return ReadMessage(
        subject=rendered.subject,
        paragraphs=tuple(link_addresses(part.strip()) for part in paragraphs),
        recipient=message.recipient,
        locale=message.locale.value,
        state=message.state,
        queued_at=message.queued_at,
    )


def link_addresses(text: str) -> Markup:
    """Escape a paragraph, keep its lines, and make addresses of this app into links within it."""
    pieces: list[Markup] = []
    end = 0
    for found in ADDRESS.finditer(text):
        pieces += [keep_lines(text[end : found.start()]), _link(found.group())]
        end = found.end()
    return Markup("").join([*pieces, keep_lines(text[end:])])


def keep_lines(text: str) -> Markup:
    """Escape a paragraph and keep its lines."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _link(address: str) -> Markup:
    """Link to the path, so that it works whatever name the app is reached by; other addresses stay text."""
    public = current_app.config["SETTINGS"].public_url
    if not (address == public or address.startswith(f"{public}/")):
        return escape(address)
    parts = urlsplit(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Markup('<a href="{}">{}</a>').format(path, address)
