"""Kilometres between two places."""

import pytest

from webapp.territories.distance import measure_km

PARIS, MARSEILLE = (48.8566, 2.3522), (43.2965, 5.3698)


def test_a_known_distance_is_found_both_ways():
    assert measure_km(*PARIS, *MARSEILLE) == pytest.approx(661, abs=2)
    assert measure_km(*MARSEILLE, *PARIS) == measure_km(*PARIS, *MARSEILLE)
    assert measure_km(*PARIS, *PARIS) == 0


@pytest.mark.parametrize("missing", range(4))
def test_without_a_place_there_is_no_distance(missing):
    values = [*PARIS, *MARSEILLE]
    values[missing] = None
    assert measure_km(*values) is None
