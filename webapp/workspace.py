"""The association a coordinator works in. Who runs several chooses one; every list and number is then of that one."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask, abort, current_app, g, request
from flask import session as cookie
from flask_login import current_user

from models import wall
from models.associations import Association, Network
from models.db import db
from models.exceptions import OtherAssociationError
from models.queries.coordinators import list_coordinated
from webapp.access import Access, current_actor, declared_access

CHOSEN = "association"
FIELD = "workspace"
SWITCH = "dashboard.choose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One association that she runs. Values only: no row that a rollback empties."""

    id: int
    public_id: UUID
    name: str
    network: Network

    @property
    def lends(self) -> bool:
        """Say whether it is on the lending side, which never reads what people confided."""
        return wall.lends(self.network)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where she works now, and where else she could."""

    seat: Seat
    seats: tuple[Seat, ...]


def register_workspace(app: Flask) -> None:
    """Let layouts ask where she works and forms say where they were opened; a form of elsewhere is refused."""
    app.jinja_env.globals.update(workspace=current_workspace, form_seat=form_seat)
    app.before_request(check_form)


def current_workspace() -> Workspace:
    """Give the association chosen, or the first by name; read once per request."""
    if "workspace" not in g:
        seats = tuple(map(build_seat, list_coordinated(db.session(), current_actor().account_id or 0)))
        if not seats:
            abort(404)
        chosen = next((seat for seat in seats if str(seat.public_id) == cookie.get(CHOSEN)), seats[0])
        g.workspace = Workspace(seat=chosen, seats=seats)
    workspace: Workspace = g.workspace
    return workspace


def work_in(association_id: int) -> None:
    """Show the association of the record that was opened: what stands above a page is always where it belongs."""
    workspace = current_workspace()
    if workspace.seat.id == association_id:
        return
    for seat in workspace.seats:
        if seat.id == association_id:
            choose_seat(seat.public_id)


def choose_seat(public_id: UUID) -> Seat:
    """Work in another of one's associations from now on."""
    for seat in current_workspace().seats:
        if seat.public_id == public_id:
            cookie[CHOSEN] = str(public_id)
            g.pop("workspace", None)
            return seat
    return abort(404)


def form_seat() -> UUID | None:
    """Give the association that the forms of this page are for; None where there is nothing to mix up."""
    if not current_user.is_authenticated or len(current_actor().coordinates) < 2:
        return None
    return current_workspace().seat.public_id


def check_form() -> None:
    """Refuse a form opened for another association than the one at hand: a page in another tab had changed it.

    Raises
    ------
    OtherAssociationError
        If it was: nothing is done, and she then works where the form was opened, so that it can be sent again.
    """
    if not _is_for_workspace() or (seat_id := form_seat()) is None:
        return
    opened_for = request.form.get(FIELD)
    if opened_for == str(seat_id):
        return
    meant = next((seat for seat in current_workspace().seats if str(seat.public_id) == opened_for), None)
    if meant is not None:
        choose_seat(meant.public_id)
    raise OtherAssociationError(association=meant.name if meant else None)


def _is_for_workspace() -> bool:
    """Say whether a form makes something in the association at hand; a record's number says by itself whose it is."""
    if request.method != "POST" or request.endpoint is None or request.endpoint == SWITCH:
        return False
    has_record = any(isinstance(value, UUID) for value in (request.view_args or {}).values())
    return not has_record and declared_access(current_app, request.endpoint) is Access.COORDINATOR


def build_seat(association: Association) -> Seat:
    """Take from an association what pages show."""
    return Seat(id=association.id, public_id=association.public_id, name=association.name, network=association.network)
