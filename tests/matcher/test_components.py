"""People are told apart only where no pair of them could meet."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Entrepreneur, Role, Supporter, prepare
from matcher.candidates import FORBIDDEN
from matcher.components import find_components
from matcher.pool import Pool
from tests.matcher.people import entrepreneur, supporter
from tests.matcher.strategies import RELAXED, pools


def components(pool: Pool) -> list[tuple[list[int], list[int]]]:
    every = find_components(pool, np.arange(len(pool.entrepreneurs)), np.arange(len(pool.supporters)))
    return [(rows.tolist(), columns.tolist()) for rows, columns in every]


def check_that_no_allowed_pair_is_parted(pool: Pool) -> None:
    n, m = len(pool.entrepreneurs), len(pool.supporters)
    group_of_row, group_of_column = np.full(n, -1), np.full(m, -2)
    for group, (rows, columns) in enumerate(components(pool)):
        assert len(rows)
        assert len(columns)
        group_of_row[rows] = group
        group_of_column[columns] = group
    market = pool.market(Role.MENTOR, np.arange(n), np.arange(m))
    rows, columns = np.nonzero(market.points(slice(0, n)) > FORBIDDEN) if n and m else (np.zeros(0, int),) * 2
    assert (group_of_row[rows] == group_of_column[columns]).all()


@given(pools())
@settings(RELAXED, max_examples=150)
def test_no_pair_that_the_rules_allow_is_parted(people: tuple[list[Entrepreneur], list[Supporter]]) -> None:
    check_that_no_allowed_pair_is_parted(prepare(*people))


@given(st.integers(0, 2**32), st.sampled_from((0.0, 0.02, 1, 40)), st.sampled_from((0.001, 0.5, 5)))
@settings(RELAXED, max_examples=150)
def test_nobody_within_reach_is_parted(seed: int, reach: float, spread: float) -> None:
    rng = np.random.default_rng(seed)
    centre = rng.uniform((-60, -180), (60, 180))

    def somewhere() -> dict[str, float]:
        latitude, longitude = centre + rng.normal(0, spread, 2)
        longitude = (longitude + 180) % 360 - 180
        return {"latitude": latitude, "longitude": longitude, "max_km": float(reach * 2 ** rng.integers(0, 6))}

    people = [entrepreneur(f"e{at}", **somewhere()) for at in range(12)]
    helpers = [supporter(f"s{at}", **somewhere()) for at in range(9)]
    check_that_no_allowed_pair_is_parted(prepare(people, helpers))


@given(st.integers(0, 2**32), st.sampled_from((0.3, 0.128 / 0.95, 0.128 * 2**6 / 0.95)))
@settings(RELAXED, max_examples=60)
def test_nobody_at_the_end_of_a_reach_is_parted(seed: int, reach: float) -> None:
    rng = np.random.default_rng(seed)
    latitude, longitude = rng.uniform((-60, -170), (60, 170))
    person = entrepreneur(latitude=latitude, longitude=longitude, max_km=reach)
    for direction in rng.uniform(0, 2 * np.pi, 15):
        degrees = 0.995 * reach / 111.2
        north, east = degrees * np.cos(direction), degrees * np.sin(direction) / np.cos(np.radians(latitude))
        helper = supporter(latitude=latitude + north, longitude=longitude + east, max_km=reach * rng.integers(1, 9))
        check_that_no_allowed_pair_is_parted(prepare([person], [helper]))


PARIS = {"latitude": 48.85, "longitude": 2.35, "max_km": 20.0, "accepts_remote": False}
LYON = {"latitude": 45.76, "longitude": 4.84, "max_km": 20.0, "accepts_remote": False}


def test_towns_out_of_reach_are_parted_unless_both_accept_remote() -> None:
    people = [entrepreneur("a", **LYON), entrepreneur("b", **PARIS)]
    helpers = [supporter("p", **PARIS), supporter("l", **LYON)]
    assert components(prepare(people, helpers)) == [([0], [1]), ([1], [0])]
    people[0] = replace(people[0], accepts_remote=True)
    assert components(prepare(people, helpers)) == [([0], [1]), ([1], [0])]
    helpers[0] = replace(helpers[0], accepts_remote=True)
    assert components(prepare(people, helpers)) == [([0, 1], [0, 1])]


def test_languages_and_associations_part_and_who_belongs_to_none_links_all() -> None:
    people = [entrepreneur(f"e{at}", association=f"a{at % 2}", accepts_remote=True) for at in range(4)]
    helpers = [supporter(f"s{at}", association=f"a{at % 2}", accepts_remote=True) for at in range(2)]
    assert components(prepare(people, helpers)) == [([0, 2], [0]), ([1, 3], [1])]
    people[2] = replace(people[2], languages=("ar",))
    assert components(prepare(people, helpers)) == [([0], [0]), ([1, 3], [1])]
    helpers[1] = replace(helpers[1], association=None)
    assert components(prepare(people, helpers)) == [([0, 1, 3], [0, 1])]


def test_who_can_meet_nobody_is_in_no_group() -> None:
    people = [entrepreneur(accepts_remote=False)]
    assert components(prepare(people, [supporter(accepts_remote=True)])) == []
    assert components(prepare(people, [])) == []
    assert components(prepare([], [supporter()])) == []
