"""Rules about few pairs, found without a look at all of them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import prepare
from matcher.activities import same_trade
from matcher.encoding import great_circle_km
from matcher.rules import find_competitors
from tests.matcher.people import entrepreneur, supporter
from tests.matcher.strategies import ACTIVITIES, RELAXED


@given(st.integers(0, 2**32), st.sampled_from((0.0, 0.2, 3.0, 500.0)))
@settings(RELAXED, max_examples=60)
def test_competitors_are_those_of_one_trade_with_the_same_customers(seed: int, competitor_km: float) -> None:
    rng = np.random.default_rng(seed)

    def somebody() -> dict[str, object]:
        latitude, longitude = np.array((48.85, 2.35)) + rng.normal(0, 0.02, 2)
        where = {"latitude": latitude, "longitude": longitude} if rng.random() < 0.8 else {}
        return {**where, "catchment": (None, "north", "south")[rng.integers(3)]}

    people = [entrepreneur(f"e{at}", activity=str(rng.choice(ACTIVITIES)), **somebody()) for at in range(12)]
    helpers = [
        supporter(
            f"s{at}",
            activities=tuple(rng.choice(ACTIVITIES, rng.integers(0, 3), replace=False).tolist()),
            active_business=bool(rng.random() < 0.7),
            **somebody(),
        )
        for at in range(9)
    ]
    pool = prepare(people, helpers)
    places = pool.entrepreneur_table.place, pool.supporter_table.place
    found = find_competitors(people, helpers, places, competitor_km).toarray()
    km = great_circle_km(places[0] @ places[1].T)
    for row, person in enumerate(people):
        for column, helper in enumerate(helpers):
            trade = helper.active_business and any(
                same_trade(person.activity or "", code) for code in helper.activities
            )
            together = person.catchment is not None and person.catchment == helper.catchment
            near = None not in (person.latitude, helper.latitude) and km[row, column] <= competitor_km
            assert found[row, column] == (trade and (together or near))
