"""Is an address in a priority neighbourhood? Pure geometry on outlines given by the caller.

Outlines are simplified (a few metres off) and addresses are not surveyed, so within 20 m of a border the answer is
"borderline": somebody must look, or ask the official service.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import shapely

BORDER_METRES = 20.0
SEARCH_METRES = 2000.0  # beyond, no neighbourhood is worth naming
ZONING_VERSION = "2024"


class PointResult(StrEnum):
    """What can be said of a position."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    BORDERLINE = "borderline"


class InvalidPositionError(ValueError):
    """Latitude or longitude is not one."""

    def __init__(self, *, latitude: float, longitude: float) -> None:
        self.latitude, self.longitude = latitude, longitude
        super().__init__(f"not a position: latitude {latitude}, longitude {longitude}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """A priority neighbourhood; its outline is WKB, a GeoJSON text or a GeoJSON mapping, longitude first."""

    code: str
    name: str
    communes: tuple[str, ...]
    outline: bytes | str | Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class QpvAnswer:
    """What was found, and against which zoning.

    `qpv_code` is the neighbourhood that holds the position, else the nearest one within two kilometres, else None;
    `distance_m` is the distance to its border, on either side.
    """

    result: PointResult
    qpv_code: str | None
    distance_m: float | None
    zoning_version: str


class TerritoryIndex:
    """Neighbourhoods by place and by commune, built once and then only read: safe to share between threads."""

    def __init__(
        self,
        neighbourhoods: Iterable[Neighbourhood],
        *,
        commune_parents: Mapping[str, str] | None = None,
        zoning_version: str = ZONING_VERSION,
    ) -> None:
        self.zoning_version = zoning_version
        self._all = tuple(neighbourhoods)
        self._parents = commune_parents or {}
        self._outlines = _read_outlines([one.outline for one in self._all])
        self._borders = shapely.boundary(self._outlines)
        self._tree = shapely.STRtree(self._outlines)
        self._by_commune: dict[str, list[Neighbourhood]] = {}
        for one in sorted(self._all, key=lambda one: (one.name, one.code)):
            for commune in one.communes:
                self._by_commune.setdefault(self._parents.get(commune, commune), []).append(one)

    def check_point(self, latitude: float, longitude: float) -> QpvAnswer:
        """Say whether a position is in a neighbourhood, outside, or within 20 m of a border.

        Raises InvalidPositionError.
        """
        if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
            raise InvalidPositionError(latitude=latitude, longitude=longitude)
        scale = _metres_per_degree(latitude)
        near = self._near(latitude, longitude, scale)
        if not len(near):
            return QpvAnswer(
                result=PointResult.OUTSIDE, qpv_code=None, distance_m=None, zoning_version=self.zoning_version
            )
        here = np.array((longitude, latitude))
        # An equirectangular projection round the position is exact enough for two kilometres, at any latitude.
        borders = shapely.transform(self._borders[near], lambda degrees: (degrees - here) * scale)
        metres = shapely.distance(borders, shapely.Point(0, 0))
        inside = shapely.contains_xy(self._outlines[near], longitude, latitude)
        # A neighbourhood that holds the position comes first, then the nearest; ties go to the first one given.
        best = min(range(len(near)), key=lambda i: (not inside[i], metres[i], near[i]))
        if metres.min() <= BORDER_METRES:
            result = PointResult.BORDERLINE
        else:
            result = PointResult.INSIDE if inside[best] else PointResult.OUTSIDE
        if metres[best] > SEARCH_METRES and not inside[best]:
            return QpvAnswer(result=result, qpv_code=None, distance_m=None, zoning_version=self.zoning_version)
        return QpvAnswer(
            result=result,
            qpv_code=self._all[int(near[best])].code,
            distance_m=round(float(metres[best]), 1),
            zoning_version=self.zoning_version,
        )

    def list_for_commune(self, code: str) -> tuple[Neighbourhood, ...]:
        """List the neighbourhoods that touch a commune, by name; for a district, those of its city."""
        return tuple(self._by_commune.get(self._parents.get(code, code), ()))

    def _near(self, latitude: float, longitude: float, scale: "np.ndarray[Any, np.dtype[np.float64]]") -> Any:
        east, north = SEARCH_METRES / scale
        box = shapely.box(longitude - east, latitude - north, longitude + east, latitude + north)
        return np.sort(self._tree.query(box))


def _metres_per_degree(latitude: float) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Give metres for one degree of longitude and of latitude on the WGS84 ellipsoid."""
    phi = math.radians(latitude)
    east = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    north = 111132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    return np.array((max(east, 1.0), north))  # at a pole a degree of longitude is nothing


def _read_outlines(outlines: Sequence[bytes | str | Mapping[str, Any]]) -> Any:
    """Turn outlines into prepared shapes."""
    if all(isinstance(outline, bytes) for outline in outlines):
        shapes = shapely.from_wkb(np.array(outlines, dtype=object))
    else:
        shapes = np.array([_read_outline(outline) for outline in outlines], dtype=object)
    shapely.prepare(shapes)
    return shapes


def _read_outline(outline: bytes | str | Mapping[str, Any]) -> Any:
    if isinstance(outline, bytes):
        return shapely.from_wkb(outline)
    return shapely.from_geojson(outline if isinstance(outline, str) else json.dumps(outline))
