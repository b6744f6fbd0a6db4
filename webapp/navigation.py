"""The navigation of each hat, and where each one works."""

from dataclasses import dataclass
from types import MappingProxyType

from flask import current_app, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.queries.accounts import Hat


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the navigation. `icon` is a name in static/icons.svg."""

    endpoint: str
    label: LazyString
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NavLink:
    """An entry ready to be shown."""

    url: str
    label: LazyString
    icon: str
    is_current: bool


NAVIGATION = MappingProxyType(
    {
        Hat.COORDINATOR: (
            NavItem(endpoint="dashboard.index", label=_l("Dashboard"), icon="home"),
            NavItem(endpoint="suggestions.index", label=_l("Suggestions"), icon="link"),
            NavItem(endpoint="match_runs.index", label=_l("Match runs"), icon="refresh"),
            NavItem(endpoint="entrepreneurs.index", label=_l("Entrepreneurs"), icon="person"),
            NavItem(endpoint="supporters.index", label=_l("Supporters"), icon="hands"),
            NavItem(endpoint="workshops.index", label=_l("Workshops"), icon="calendar"),
            NavItem(endpoint="imports.index", label=_l("Imports"), icon="upload"),
        ),
        Hat.SUPPORTER: (
            NavItem(endpoint="pairings.index", label=_l("My pairings"), icon="hands"),
            NavItem(endpoint="availability.index", label=_l("My availability"), icon="clock"),
            NavItem(endpoint="messages.index", label=_l("My messages"), icon="mail"),
        ),
        Hat.ENTREPRENEUR: (
            NavItem(endpoint="steps.index", label=_l("My next steps"), icon="home"),
            NavItem(endpoint="steps.team", label=_l("My team"), icon="hands"),
            NavItem(endpoint="bookings.index", label=_l("Workshops"), icon="calendar"),
            NavItem(endpoint="profile.index", label=_l("My profile"), icon="person"),
        ),
    }
)
WORKSPACES = MappingProxyType(
    {Hat.COORDINATOR: "dashboard.index", Hat.SUPPORTER: "pairings.index", Hat.ENTREPRENEUR: "steps.index"}
)


def list_links(hats: tuple[Hat, ...]) -> tuple[NavLink, ...]:
    """Give the entries of these hats, each once, with the one marked in whose part of the app we are."""
    items = {item.endpoint: item for hat in hats for item in NAVIGATION[hat]}
    known = [item for item in items.values() if item.endpoint in current_app.view_functions]
    current = _current(tuple(item.endpoint for item in known))
    return tuple(
        NavLink(url=url_for(item.endpoint), label=item.label, icon=item.icon, is_current=item.endpoint == current)
        for item in known
    )


def _current(endpoints: tuple[str, ...]) -> str | None:
    if request.endpoint in endpoints:
        return request.endpoint
    return next((name for name in endpoints if name.split(".")[0] == request.blueprint), None)
