"""Where invented people live: real neighbourhoods and communes, at points that are nobody's address."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely

from seeds import reference
from seeds.associations import InventedAssociation
from seeds.draws import Draws, Weighted

METRES_PER_DEGREE = 111_195.0
_ROUNDS = 12  # of drawing a point inside an outline; nearly all are found in four
_SMALLEST_TOWN = 3000  # inhabitants; supporters live in places at least that large, or where a neighbourhood is
_ELSEWHERE = Weighted({"inside": 0.86, "border": 0.03, "outside": 0.06, "commune": 0.05})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A commune, with a position and a neighbourhood where they are known."""

    commune: str
    latitude: float | None
    longitude: float | None
    qpv_code: str | None = None


def place_entrepreneurs(associations: Sequence[InventedAssociation], draws: Draws) -> list[Place]:
    """Place one person for each association given: mostly inside one of its neighbourhoods, all of these as likely.

    A few live on a border, a few just outside, and a few gave only their commune.
    """
    codes = [draws.pick(association.qpvs) for association in associations]
    points = _points_inside(codes, draws)
    return [_place(code, point, draws) for code, point in zip(codes, points, strict=True)]


def place_supporters(associations: Sequence[InventedAssociation], draws: Draws) -> list[Place]:
    """Place one person for each association given, in a town of its départements."""
    return [_place_in_town(_towns(association).draw(draws), draws) for association in associations]


@cache
def _outlines() -> tuple[dict[str, int], Any]:
    """Give the rank of each neighbourhood and the prepared outlines."""
    outlines = shapely.from_wkb(np.array(list(reference.qpv_outlines().values()), dtype=object))
    shapely.prepare(outlines)
    return {code: rank for rank, code in enumerate(reference.qpv_outlines())}, outlines


@cache
def _index() -> Any:
    return shapely.STRtree(_outlines()[1])


def _points_inside(codes: Sequence[str], draws: Draws) -> list[tuple[float, float]]:
    """Draw a point inside the outline of each neighbourhood; its own point where twelve draws fell outside."""
    ranks, outlines = _outlines()
    quarters = [reference.qpvs()[code] for code in codes]
    shapes = outlines[[ranks[code] for code in codes]]
    centre = np.array([(q.latitude, q.longitude) for q in quarters]).reshape(-1, 2)
    radius = np.sqrt(np.array([q.area_ha for q in quarters]) * 1e4 / np.pi) / METRES_PER_DEGREE
    found = centre.copy()
    left = np.arange(len(codes))
    for _ in range(_ROUNDS):
        angle, length = draws.rng.random((2, len(left)))
        reach = 1.3 * radius[left] * np.sqrt(length)
        latitude = centre[left, 0] + reach * np.sin(angle * 2 * np.pi)
        longitude = centre[left, 1] + reach * np.cos(angle * 2 * np.pi) / np.cos(np.radians(centre[left, 0]))
        inside = shapely.contains_xy(shapes[left], longitude, latitude)
        found[left[inside]] = np.column_stack((latitude, longitude))[inside]
        left = left[~inside]
    return [(latitude, longitude) for latitude, longitude in found.tolist()]


def _place(code: str, point: tuple[float, float], draws: Draws) -> Place:
    kind = _ELSEWHERE.draw(draws)
    qpv_code: str | None = code
    if kind == "border":
        point = _on_border(code, draws)
    elif kind == "outside":
        point, qpv_code = _outside(point, draws), None
    commune = _nearest_commune(code, point)
    if kind == "commune":
        return Place(commune=commune, latitude=None, longitude=None)
    return Place(commune=commune, latitude=round(point[0], 5), longitude=round(point[1], 5), qpv_code=qpv_code)


def _on_border(code: str, draws: Draws) -> tuple[float, float]:
    ranks, outlines = _outlines()
    longitude, latitude = draws.pick(shapely.get_coordinates(outlines[ranks[code]]).tolist())
    return latitude + (draws.unit() - 0.5) * 2e-4, longitude + (draws.unit() - 0.5) * 2e-4


def _outside(point: tuple[float, float], draws: Draws) -> tuple[float, float]:
    """Walk away from a point until no neighbourhood is within some fifty metres; the last step counts in any case."""
    for metres in (600, 900, 1300, 1800, 2500):
        angle, step = draws.unit() * 2 * np.pi, metres / METRES_PER_DEGREE
        latitude = point[0] + step * float(np.sin(angle))
        longitude = point[1] + step * float(np.cos(angle) / np.cos(np.radians(point[0])))
        near = shapely.box(longitude - 8e-4, latitude - 5e-4, longitude + 8e-4, latitude + 5e-4)
        if not len(_index().query(near, predicate="intersects")):
            break
    return latitude, longitude


def _nearest_commune(code: str, point: tuple[float, float]) -> str:
    communes = reference.qpvs()[code].communes
    if len(communes) == 1:
        return communes[0]

    def distance(commune: str) -> float:
        town = reference.communes()[commune]
        if town.latitude is None or town.longitude is None:
            return 1.0
        return (town.latitude - point[0]) ** 2 + ((town.longitude - point[1]) * 0.7) ** 2

    return min(communes, key=distance)


@cache
def _towns_of(department: str) -> tuple[reference.Commune, ...]:
    return tuple(c for c in reference.communes().values() if c.department == department and c.parent is None)


@cache
def _qpvs_of_town() -> dict[str, list[reference.Qpv]]:
    found: dict[str, list[reference.Qpv]] = {}
    for qpv in reference.qpvs().values():
        for commune in qpv.communes:
            found.setdefault(commune, []).append(qpv)
    return found


@cache
def _towns(association: InventedAssociation) -> Weighted[str]:
    """Weigh towns by inhabitants, those with a neighbourhood of the association three times."""
    served = {commune for code in association.qpvs for commune in reference.qpvs()[code].communes}
    weights = {commune: 3.0 * max(reference.communes()[commune].population, 1000) for commune in sorted(served)}
    if association.network == "rebonds" or len(served) < 4:
        for department in association.departments:
            for town in _towns_of(department):
                if town.population >= _SMALLEST_TOWN and town.latitude is not None:
                    weights.setdefault(town.code, float(town.population))
    return Weighted(weights)


def _place_in_town(commune: str, draws: Draws) -> Place:
    """Scatter round a neighbourhood of the town, else its centre, the wider the larger the town."""
    town = reference.communes()[commune]
    quarters = _qpvs_of_town().get(commune)
    if quarters:
        quarter = draws.pick(quarters)
        latitude, longitude = quarter.latitude, quarter.longitude
    elif town.latitude is not None and town.longitude is not None:
        latitude, longitude = town.latitude, town.longitude
    else:
        return Place(commune=commune, latitude=None, longitude=None)
    spread = min(3000.0, 400 + 2 * town.population**0.5) / METRES_PER_DEGREE
    # The sum of two uniform draws is bell-shaped enough, and stays within bounds.
    north = (draws.unit() + draws.unit() - 1) * spread * 2
    east = (draws.unit() + draws.unit() - 1) * spread * 2 / max(0.2, float(np.cos(np.radians(latitude))))
    return Place(commune=commune, latitude=round(latitude + north, 5), longitude=round(longitude + east, 5))
