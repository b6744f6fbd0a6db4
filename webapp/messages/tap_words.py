"""The words of links that answer in one tap: a page asks to confirm, because programs that scan mail open links."""

from collections.abc import Sequence

from models.messages import MessageKind
from webapp.messages.facts import Facts
from webapp.translation import gettext

LEAVES = frozenset({MessageKind.BOOKING_CONFIRMED, MessageKind.BOOKING_PROMOTED, MessageKind.SESSION_REMINDER})
SEATS = frozenset({MessageKind.SEAT_OFFERED, MessageKind.SEAT_FREE, MessageKind.SESSION_CANCELLED})

GATHERINGS = frozenset({MessageKind.GATHERING_PLANNED, MessageKind.GATHERING_CHANGED})


def say_taps(kind: MessageKind, facts: Facts, public_url: str) -> Sequence[str]:
    """Give the paragraphs of a message's links, none when it has none (or had, and they have left the outbox)."""
    lines = [f"{label}\n{public_url}{path}" for label, path in _list_links(kind, facts)]
    if not lines:
        return ()
    return (gettext("Or answer in one tap, without signing in. You confirm on the page that opens:"), *lines)


def _list_links(kind: MessageKind, facts: Facts) -> list[tuple[str, str]]:
    if kind is MessageKind.DIGEST:
        return [link for one in facts.parts("taps") for link in _meeting_links(Facts(one))]
    path = facts.text("tap")
    if not path:
        return []
    if kind in LEAVES:
        return [(gettext("I cannot come, I give my place back:"), path)]
    if kind in GATHERINGS:
        return [(gettext("I am coming:"), f"{path}?answer=yes"), (gettext("I cannot come:"), f"{path}?answer=no")]
    if kind in SEATS:
        return [
            (gettext("Yes, I take the place:"), f"{path}?answer=yes"),
            (gettext("No, it may pass on:"), f"{path}?answer=no"),
        ]
    return [(gettext("I accept:"), f"{path}?answer=yes"), (gettext("I decline:"), f"{path}?answer=no")]


def _meeting_links(facts: Facts) -> list[tuple[str, str]]:
    day, path = facts.day("starts_at"), facts.text("path")
    return [
        (gettext("The meeting of %(day)s took place:", day=day), f"{path}?answer=yes"),
        (gettext("The meeting of %(day)s has not taken place yet:", day=day), f"{path}?answer=no"),
    ]
