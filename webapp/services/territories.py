"""Is a home or a head office in a priority neighbourhood (QPV)? The answer is kept with its date and its zoning.

Either ground opens rights; neither answer ever lowers anything.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError
from models.moves import write_event
from models.queries.members import list_last_checks
from models.states import EntrepreneurState
from models.territories import Commune, Qpv, QpvCheck, QpvGround, QpvMethod, QpvResult
from webapp.clock import day_of
from webapp.permissions import Actor, Permission, require
from webapp.territories.index import ZONING_VERSION, InvalidPositionError, Neighbourhood, TerritoryIndex

logger = logging.getLogger(__name__)

KEPT = "maillage_territory_index"
IN_QPV = frozenset({QpvResult.INSIDE, QpvResult.DECLARED})
ASKED = ("checked_by_id", "commune_code", "latitude", "longitude", "method")
FOUND = ("result", "qpv_code", "zoning_version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """An exact place. The commune is what the person named; it is not worked out from the position."""

    latitude: float
    longitude: float
    commune_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenNeighbourhood:
    """What a person chose in the list of her commune: a neighbourhood, none of them, or (`is_known` false) no idea."""

    commune_code: str
    qpv_code: str | None
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class QpvOutcome:
    """What was found and kept."""

    check_id: UUID
    result: QpvResult
    qpv_code: str | None
    zoning_version: str


def territory_index() -> TerritoryIndex:
    """Give the index of this app's neighbourhoods, built once per process; an empty one is not kept."""
    kept: TerritoryIndex | None = current_app.extensions.get(KEPT)
    if kept is None:
        kept, is_filled = _build_index(db.session())
        if is_filled:
            current_app.extensions[KEPT] = kept
    return kept


def list_neighbourhoods(commune_code: str) -> tuple[Neighbourhood, ...]:
    """Give the priority neighbourhoods of a commune to choose from, by name; for a district, those of its city."""
    return territory_index().list_for_commune(commune_code)


@retried
def check_qpv(
    *, entrepreneur_id: UUID, ground: QpvGround, place: Position | ChosenNeighbourhood, actor: Actor, at: datetime
) -> QpvOutcome:
    """Find out, keep the answer with its zoning version, ground, method and date, and write the place on the file.

    The same question with the same answer counts once a day, however often it is sent.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (a closed file) or InvalidInputError.
    """
    index = territory_index()
    with transaction() as session:
        entrepreneur = _lock(session, entrepreneur_id, actor)
        found = _look(session, index, place)
        found.ground, found.checked_at, found.checked_by_id = ground, at, actor.account_id
        check = _find_same(session, entrepreneur, found) or _keep(session, entrepreneur, found)
        _write_place(session, entrepreneur, check)
        outcome = QpvOutcome(
            check_id=check.public_id,
            result=check.result,
            qpv_code=check.qpv_code,
            zoning_version=check.zoning_version,
        )
    logger.info("neighbourhood checked", extra={"entrepreneur_id": str(entrepreneur_id), "result": str(outcome.result)})
    return outcome


def _build_index(session: Session) -> tuple[TerritoryIndex, bool]:
    rows = session.execute(select(Qpv.code, Qpv.name, Qpv.communes, Qpv.contour).order_by(Qpv.code)).all()
    districts = session.execute(select(Commune.code, Commune.parent_code).where(Commune.parent_code.is_not(None)))
    index = TerritoryIndex(
        [
            Neighbourhood(code=code, name=name, communes=tuple(where), outline=shape)
            for code, name, where, shape in rows
        ],
        commune_parents={code: parent for code, parent in districts if parent},
    )
    return index, bool(rows)


def _lock(session: Session, public_id: UUID, actor: Actor) -> Entrepreneur:
    entrepreneur = session.scalar(
        select(Entrepreneur)
        .where(Entrepreneur.public_id == public_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if entrepreneur is None:
        raise NotFoundError(record="Entrepreneur")
    require(actor, Permission.ENTREPRENEUR_EDIT, entrepreneur)
    if entrepreneur.state == EntrepreneurState.CLOSED:
        raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="check_qpv")
    return entrepreneur


def _look(session: Session, index: TerritoryIndex, place: Position | ChosenNeighbourhood) -> QpvCheck:
    if place.commune_code is not None and session.get(Commune, place.commune_code) is None:
        raise InvalidInputError(field="commune_code")
    return _look_at_point(index, place) if isinstance(place, Position) else _note_choice(index, place)


def _find_same(session: Session, entrepreneur: Entrepreneur, found: QpvCheck) -> QpvCheck | None:
    """Give the last check on this ground where it asked and found the same on that day, by the same person."""
    known = list_last_checks(session, entrepreneur.id).get(found.ground)
    if known is None or day_of(known.check.checked_at) != day_of(found.checked_at):
        return None
    is_same = all(getattr(known.check, fact) == getattr(found, fact) for fact in ASKED + FOUND)
    return known.check if is_same else None


def _keep(session: Session, entrepreneur: Entrepreneur, check: QpvCheck) -> QpvCheck:
    check.public_id = uuid4()
    check.association_id, check.entrepreneur_id = entrepreneur.association_id, entrepreneur.id
    session.add(check)
    session.flush()
    at, actor_id = check.checked_at, check.checked_by_id
    entrepreneur.updated_at = at
    write_event(session, entrepreneur, "check_qpv", actor_id=actor_id, at=at, reason=str(check.ground))
    return check


def _look_at_point(index: TerritoryIndex, place: Position) -> QpvCheck:
    try:
        answer = index.check_point(place.latitude, place.longitude)
    except InvalidPositionError as error:
        raise InvalidInputError(field="latitude") from error
    return QpvCheck(
        result=QpvResult(answer.result),
        method=QpvMethod.POINT_IN_POLYGON,
        qpv_code=answer.qpv_code,
        zoning_version=answer.zoning_version,
        distance_m=answer.distance_m,
        latitude=place.latitude,
        longitude=place.longitude,
        commune_code=place.commune_code,
    )


def _note_choice(index: TerritoryIndex, place: ChosenNeighbourhood) -> QpvCheck:
    offered = {one.code for one in index.list_for_commune(place.commune_code)}
    if place.qpv_code is not None and place.qpv_code not in offered:
        raise InvalidInputError(field="qpv_code")
    if place.qpv_code is not None:
        result = QpvResult.DECLARED
    else:
        # Where a commune has no priority neighbourhood there is nothing to be unsure of.
        result = QpvResult.OUTSIDE if place.is_known or not offered else QpvResult.UNKNOWN
    return QpvCheck(
        result=result,
        method=QpvMethod.CHOSEN_IN_LIST,
        qpv_code=place.qpv_code,
        zoning_version=ZONING_VERSION,
        commune_code=place.commune_code,
    )


def _write_place(session: Session, entrepreneur: Entrepreneur, check: QpvCheck) -> None:
    is_home = check.ground == QpvGround.RESIDENCE
    if is_home or entrepreneur.commune_code is None:
        entrepreneur.commune_code = check.commune_code or entrepreneur.commune_code
    if is_home or entrepreneur.latitude is None:
        entrepreneur.latitude, entrepreneur.longitude = _point(session, check)
    known = list_last_checks(session, entrepreneur.id)
    codes = (
        known[ground].check.qpv_code
        for ground in (QpvGround.RESIDENCE, QpvGround.HEAD_OFFICE)
        if ground in known and known[ground].check.result in IN_QPV
    )
    entrepreneur.qpv_code = next(codes, None)


def _point(session: Session, check: QpvCheck) -> tuple[float | None, float | None]:
    """Give a point to measure distances from: the position, else the middle of the neighbourhood or of the commune."""
    if check.latitude is not None:
        return check.latitude, check.longitude
    middle: Qpv | Commune | None = session.get(Qpv, check.qpv_code) if check.qpv_code else None
    middle = middle or (session.get(Commune, check.commune_code) if check.commune_code else None)
    return (middle.latitude, middle.longitude) if middle else (None, None)
