"""The navigation of each hat, and where each one works."""

from dataclasses import dataclass
from types import MappingProxyType

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from models.queries.accounts import Hat


@dataclass(frozen=True, slots=True, kw_only=True)
class NavPage:
    """A page of an entry that has several."""

    endpoint: str
    label: LazyString


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the navigation. `icon` is a name in static/icons.svg; of several pages the first is its own."""

    endpoint: str
    label: LazyString
    icon: str
    pages: tuple[NavPage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A page ready to be shown."""

    url: str
    label: LazyString
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NavLink:
    """An entry ready to be shown: `is_current` when it is the page one is on, `is_here` when one of its pages is."""

    url: str
    label: LazyString
    icon: str
    is_current: bool
    is_here: bool
    pages: tuple[PageLink, ...]


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
            NavItem(
                endpoint="suggestions.index",
                label=_l("Matching"),
                icon="link",
                pages=(
                    NavPage(endpoint="suggestions.index", label=_l("Suggestions")),
                    NavPage(endpoint="plans.index", label=_l("Support plans")),
                    NavPage(endpoint="match_runs.index", label=_l("Match runs")),
                    NavPage(endpoint="weights.index", label=_l("What counts")),
                ),
            ),
            NavItem(
                endpoint="entrepreneurs.index",
                label=_p("menu", "People"),
                icon="person",
                pages=(
                    NavPage(endpoint="entrepreneurs.index", label=_l("Entrepreneurs")),
                    NavPage(endpoint="interviews.index", label=_l("People to meet")),
                    NavPage(endpoint="supporters.index", label=_l("Supporters")),
                    NavPage(endpoint="gatherings.index", label=_l("Supporters’ circle")),
                    NavPage(endpoint="imports.index", label=_l("Imports")),
                    NavPage(endpoint="colleagues.index", label=_l("Your team")),
                    NavPage(endpoint="associations.edit", label=_p("menu", "How to reach you")),
                    NavPage(endpoint="handovers.trained", label=_l("Trained people")),
                ),
            ),
            NavItem(
                endpoint="dashboard.follow_up",
                label=_l("Follow-up"),
                icon="check",
                pages=(
                    NavPage(endpoint="dashboard.follow_up", label=_l("Pairings that need you")),
                    NavPage(endpoint="reviews.index", label=_l("Reviews")),
                    NavPage(endpoint="expert_questions.index", label=_l("Expert questions")),
                    NavPage(endpoint="introductions.index", label=_l("Introductions")),
                    NavPage(endpoint="fairness.show", label=_l("Fairness report")),
                ),
            ),
            NavItem(
                endpoint="workshops.index",
                label=_l("Workshops"),
                icon="calendar",
                pages=(
                    NavPage(endpoint="workshops.index", label=_l("Sessions")),
                    NavPage(endpoint="series.index", label=_l("Series of workshops")),
                    NavPage(endpoint="session_proposals.index", label=_l("Proposed by members")),
                ),
            ),
            NavItem(endpoint="circles.index", label=_l("Circles"), icon="mesh"),
            NavItem(
                endpoint="clocks.edit",
                label=_l("Delays"),
                icon="clock",
                pages=(
                    NavPage(endpoint="clocks.edit", label=_l("Delays")),
                    NavPage(endpoint="mail_samples.index", label=_l("The mails we send")),
                ),
            ),
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
    )


def list_links(hats: tuple[Hat, ...]) -> tuple[NavLink, ...]:
    """Give the entries of these hats, each once, with the page marked in whose part of the app we are."""
    items = {item.endpoint: item for hat in hats for item in NAVIGATION[hat]}
    current = _current([page for item in items.values() for page in _list_endpoints(item)])
    return tuple(_link(item, current) for item in items.values())


def _link(item: NavItem, current: str | None) -> NavLink:
    return NavLink(
        url=url_for(item.endpoint),
        label=item.label,
        icon=item.icon,
        is_current=not item.pages and item.endpoint == current,
        is_here=current in _list_endpoints(item),
        pages=tuple(
            PageLink(url=url_for(page.endpoint), label=page.label, is_current=page.endpoint == current)
            for page in item.pages
        ),
    )


def _list_endpoints(item: NavItem) -> list[str]:
    return [page.endpoint for page in item.pages] or [item.endpoint]


def _current(endpoints: list[str]) -> str | None:
    if request.endpoint in endpoints:
        return request.endpoint
    return next((name for name in endpoints if name.split(".")[0] == request.blueprint), None)
