"""Inside, outside or borderline, in metres, wherever in the world a French neighbourhood lies."""

import math

import pytest
import shapely

from seeds import reference
from webapp.territories.index import InvalidPositionError, Neighbourhood, PointResult, TerritoryIndex

METRE = 1 / 111_195  # degrees of latitude


@pytest.fixture(scope="module")
def real():
    outlines = reference.qpv_outlines()
    parents = {c.code: c.parent for c in reference.communes().values() if c.parent}
    return TerritoryIndex(
        [
            Neighbourhood(code=q.code, name=q.name, communes=q.communes, outline=outlines[q.code])
            for q in reference.qpvs().values()
        ],
        commune_parents=parents,
    )


def square(code, latitude, longitude, metres, **changes):
    """A square with that half side, centred on a position."""
    north = metres * METRE
    east = north / math.cos(math.radians(latitude))
    box = shapely.box(longitude - east, latitude - north, longitude + east, latitude + north)
    values = {"code": code, "name": code, "communes": ("00001",), "outline": shapely.to_wkb(box)}
    return Neighbourhood(**values | changes)


def moved(latitude, longitude, east_m, north_m):
    return latitude + north_m * METRE, longitude + east_m * METRE / math.cos(math.radians(latitude))


PLACES = {"Lille": (50.63, 3.06), "Ajaccio": (41.93, 8.74), "Papeete": (-17.54, -149.57), "Cayenne": (4.93, -52.33)}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("direction", [(1, 0), (-1, 0), (0, 1), (0, -1)])
@pytest.mark.parametrize(
    ("metres", "result"),
    [
        (0, PointResult.INSIDE),
        (279, PointResult.INSIDE),
        (281, PointResult.BORDERLINE),
        (299, PointResult.BORDERLINE),
        (301, PointResult.BORDERLINE),
        (319, PointResult.BORDERLINE),
        (322, PointResult.OUTSIDE),
        (1500, PointResult.OUTSIDE),
    ],
)
def test_twenty_metres_on_either_side_of_a_border_are_doubtful(place, direction, metres, result):
    latitude, longitude = PLACES[place]
    index = TerritoryIndex([square("Q1", latitude, longitude, 300)])
    answer = index.check_point(*moved(latitude, longitude, direction[0] * metres, direction[1] * metres))
    assert (answer.result, answer.qpv_code, answer.zoning_version) == (result, "Q1", "2024")
    assert answer.distance_m == pytest.approx(abs(300 - metres), abs=0.006 * max(metres, 300))


def test_far_from_everything_nothing_is_named():
    answer = TerritoryIndex([square("Q1", 48.9, 2.35, 300)]).check_point(45.0, 2.35)
    assert (answer.result, answer.qpv_code, answer.distance_m) == (PointResult.OUTSIDE, None, None)


def test_an_index_without_neighbourhoods_answers():
    index = TerritoryIndex([])
    assert index.check_point(48.9, 2.35).result is PointResult.OUTSIDE
    assert index.list_for_commune("93066") == ()


def test_the_hole_of_a_neighbourhood_is_outside():
    ring = shapely.from_wkb(square("Q", 48.9, 2.35, 500).outline).difference(
        shapely.from_wkb(square("Q", 48.9, 2.35, 100).outline)
    )
    index = TerritoryIndex([square("Q1", 48.9, 2.35, 500, outline=shapely.to_wkb(ring))])
    assert index.check_point(48.9, 2.35).result is PointResult.OUTSIDE
    assert index.check_point(*moved(48.9, 2.35, 90, 0)).result is PointResult.BORDERLINE
    assert index.check_point(*moved(48.9, 2.35, 300, 0)).result is PointResult.INSIDE


def test_the_neighbourhood_that_holds_the_point_is_named_before_a_nearer_border():
    west, east = square("W", 48.9, 2.35, 300), square("E", 48.9, moved(48.9, 2.35, 605, 0)[1], 300)
    index = TerritoryIndex([east, west])
    answer = index.check_point(*moved(48.9, 2.35, 299, 0))
    assert (answer.result, answer.qpv_code) == (PointResult.BORDERLINE, "W")


@pytest.mark.parametrize("form", [shapely.to_wkb, shapely.to_geojson])
def test_outlines_come_as_wkb_or_geojson(form):
    one = square("Q1", 48.9, 2.35, 300)
    index = TerritoryIndex([square("Q1", 48.9, 2.35, 300, outline=form(shapely.from_wkb(one.outline)))])
    assert index.check_point(48.9, 2.35).result is PointResult.INSIDE


def test_outlines_come_as_geojson_mappings():
    mapping = shapely.geometry.mapping(shapely.from_wkb(square("Q1", 48.9, 2.35, 300).outline))
    index = TerritoryIndex([square("Q1", 48.9, 2.35, 300, outline=mapping)])
    assert index.check_point(48.9, 2.35).result is PointResult.INSIDE


@pytest.mark.parametrize("position", [(math.nan, 2.0), (48.0, math.inf), (91.0, 2.0), (48.0, -181.0)])
def test_what_is_not_a_position_is_refused(real, position):
    with pytest.raises(InvalidPositionError):
        real.check_point(*position)


def test_every_real_neighbourhood_holds_its_own_point(real):
    for qpv in reference.qpvs().values():
        answer = real.check_point(qpv.latitude, qpv.longitude)
        assert answer.result is not PointResult.OUTSIDE, qpv.code
        if answer.result is PointResult.INSIDE:
            assert answer.qpv_code == qpv.code


def test_real_corners_are_borderline_and_a_step_of_sixty_metres_is_not(real):
    outlines = shapely.from_wkb(list(reference.qpv_outlines().values()))
    for outline in outlines[::160]:
        longitude, latitude = shapely.get_coordinates(outline)[0]
        assert real.check_point(latitude, longitude).result is PointResult.BORDERLINE
    west, south, _, _ = shapely.bounds(outlines[0])
    assert real.check_point(*moved(south, west, -60, -60)).result is PointResult.OUTSIDE


def test_districts_list_the_neighbourhoods_of_their_city(real):
    assert real.list_for_commune("13214") == real.list_for_commune("13055")
    assert len(real.list_for_commune("75118")) == 21
    assert "QN09336I" in {one.code for one in real.list_for_commune("93066")}
    assert real.list_for_commune("01001") == ()


def test_a_neighbourhood_of_several_communes_is_listed_in_each(real):
    shared = next(q for q in reference.qpvs().values() if len(q.communes) > 2)
    for commune in shared.communes:
        assert shared.code in {one.code for one in real.list_for_commune(commune)}
