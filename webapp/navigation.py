"""The navigation of each hat, and where each one works."""

from dataclasses import dataclass
from types import MappingProxyType

from flask import current_app, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where a hat works, and what one does there."""

    endpoint: str
    text: LazyString
    action: LazyString


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceLink:
    """A workspace ready to be shown."""

    hat: Hat
    url: str
    text: LazyString
    action: LazyString


NAVIGATION = MappingProxyType(
    {
        Hat.COORDINATOR: (
            NavItem(endpoint="dashboard.index", label=_l("Dashboard"), icon="home"),
            NavItem(endpoint="suggestions.index", label=_l("Suggestions"), icon="link"),
            NavItem(endpoint="plans.index", label=_l("Support plans"), icon="check"),
            NavItem(endpoint="match_runs.index", label=_l("Match runs"), icon="refresh"),
            NavItem(endpoint="entrepreneurs.index", label=_l("Entrepreneurs"), icon="person"),
            NavItem(endpoint="supporters.index", label=_l("Supporters"), icon="hands"),
            NavItem(endpoint="workshops.index", label=_l("Workshops"), icon="calendar"),
            NavItem(endpoint="circles.index", label=_l("Circles"), icon="mesh"),
            NavItem(endpoint="imports.index", label=_l("Imports"), icon="upload"),
        ),
        Hat.SUPPORTER: (
            NavItem(endpoint="pairings.index", label=_l("My pairings"), icon="hands"),
            NavItem(endpoint="availability.index", label=_l("My availability"), icon="clock"),
            NavItem(endpoint="messages.index", label=_l("My messages"), icon="mail"),
        ),
        Hat.ENTREPRENEUR: (
            NavItem(endpoint="steps.index", label=_p("menu", "To do"), icon="home"),
            NavItem(endpoint="steps.team", label=_l("My team"), icon="hands"),
            NavItem(endpoint="bookings.index", label=_l("Workshops"), icon="calendar"),
            NavItem(endpoint="profile.index", label=_l("My profile"), icon="person"),
        ),
        Hat.SENTINEL: (NavItem(endpoint="handovers.index", label=_l("Calls asked for"), icon="clock"),),
    }
)
WORKSPACES = MappingProxyType(
    {
        Hat.COORDINATOR: Workspace(
            endpoint="dashboard.index",
            text=_l("See what waits for you, decide on suggestions, follow people and workshops."),
            action=_l("Open the dashboard"),
        ),
        Hat.SUPPORTER: Workspace(
            endpoint="pairings.index",
            text=_l("Answer proposals, see the people you support, set how many you can take."),
            action=_l("See my pairings"),
        ),
        Hat.ENTREPRENEUR: Workspace(
            endpoint="steps.index",
            text=_l("See your next steps, your team and the workshops."),
            action=_l("See my next steps"),
        ),
        Hat.SENTINEL: Workspace(
            endpoint="handovers.index",
            text=_l("See who asked to be called by somebody trained, and say when you have called."),
            action=_l("See the calls asked for"),
        ),
    }
)


def list_workspaces(hats: tuple[Hat, ...]) -> tuple[WorkspaceLink, ...]:
    """Give the workspaces of these hats."""
    return tuple(
        WorkspaceLink(
            hat=hat,
            url=url_for(WORKSPACES[hat].endpoint),
            text=WORKSPACES[hat].text,
            action=WORKSPACES[hat].action,
        )
        for hat in hats
        if WORKSPACES[hat].endpoint in current_app.view_functions
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
