"""Where a person may be sent back to: only to pages of ours, found again by their endpoint.

An address that comes from outside is never followed. Its path is looked up among our routes, and the address is built
anew from the endpoint: neither `//evil`, a backslash nor a tab survives that.
"""

from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp.access import Access, declared_access
from webapp.permissions import Actor

LONGEST = 500
FOR_EVERYBODY = frozenset({Access.PUBLIC})


def find_page(address: str | None, *, levels: frozenset[Access]) -> str | None:
    """Give the address of one of our pages of these levels of access, or None."""
    if not address or len(address) > LONGEST or not address.startswith("/") or not address.isprintable():
        return None
    path, _, query = address.partition("?")
    try:
        endpoint, values = current_app.url_map.bind(request.host).match(path, method="GET")
    except (RequestRedirect, HTTPException):
        return None
    if endpoint == "static" or declared_access(current_app, endpoint) not in levels:
        return None
    built = url_for(endpoint, **values)
    return f"{built}?{urlencode(parse_qsl(query))}" if query else built


def levels_of(actor: Actor) -> frozenset[Access]:
    """Give the levels of access of the pages that are a person's own."""
    held = {
        Access.COORDINATOR: bool(actor.coordinates),
        Access.SUPPORTER: bool(actor.supporter_ids),
        Access.ENTREPRENEUR: bool(actor.entrepreneur_ids),
        Access.MEMBER: True,
    }
    return frozenset(level for level, is_held in held.items() if is_held)


def split_address(address: str | None) -> SplitResult | None:
    """Cut an address that a browser names into its parts; one that is none, such as `http://[x`, has no parts."""
    try:
        return urlsplit(address or "")
    except ValueError:
        return None


def came_from() -> str | None:
    """Give the page that a request was sent from, as it names itself, if it is one of ours."""
    referrer = split_address(request.referrer)
    if referrer is None or referrer.netloc != request.host:
        return None
    address = f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path
    return find_page(address, levels=frozenset(Access))
