"""The association a coordinator works in. Who runs several chooses one; every list and number is then of that one."""

from dataclasses import dataclass
from uuid import UUID

from flask import abort, g
from flask import session as cookie

from models import wall
from models.associations import Association, Network
from models.db import db
from models.queries.dashboard import list_coordinated
from webapp.access import current_actor

CHOSEN = "association"


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


def build_seat(association: Association) -> Seat:
    """Take from an association what pages show."""
    return Seat(id=association.id, public_id=association.public_id, name=association.name, network=association.network)
