"""What `assign` is given wrong is refused by name, with the value and what is expected; what is meant is understood."""

import warnings
from typing import Any

import numpy as np
import pytest

from matcher.assignment import LARGEST_ANSWER, assign
from matcher.errors import (
    InfeasibleError,
    InvalidCapacityError,
    InvalidScoreError,
    InvalidSettingsError,
    InvalidShapeError,
)
from matcher.flow import LARGEST_SUM
from matcher.text import TextSimilarity

SCORES = np.array([[0.9, 0.2], [0.8, 0.1]])
RAGGED = [[1, 2], [3]]


class OneBlock:
    """Scores by block that answer with the same block whatever is asked."""

    def __init__(self, shape: Any, block: Any) -> None:
        self.shape, self._block = shape, block

    def block(self, _rows: Any) -> Any:
        return self._block


def test_a_masked_pair_is_not_allowed() -> None:
    masked = np.ma.masked_array(SCORES, [[True, False], [False, False]])
    for scores in (masked, OneBlock((2, 2), masked)):
        answer = assign(scores, np.array([1, 1]))
        assert (answer.supporters[:, 0].tolist(), answer.total) == ([1, 0], 1_000_000)


def test_no_fixed_pair_may_be_said_by_an_empty_list() -> None:
    assert assign(SCORES, np.array([1, 1]), fixed=np.array([])).served == 2


@pytest.mark.parametrize("scores", [RAGGED, "text", [["a", "b"]], OneBlock((1, 2), RAGGED), [[object()]]])
def test_scores_that_are_no_table_of_numbers_are_refused(scores: Any) -> None:
    with pytest.raises(InvalidScoreError, match="a table of numbers"):
        assign(scores, np.array([1, 1]))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        (None, "scores has the shape (), expected (any, any)"),
        (OneBlock((2,), SCORES), "scores has the shape (2,), expected (any, any)"),
        (OneBlock((3, 2), SCORES), "block has the shape (2, 2), expected (3, 2)"),
        (OneBlock((2, 3), SCORES), "block has the shape (2, 2), expected (2, 3)"),
    ],
)
def test_scores_of_another_shape_than_they_say_are_refused(scores: Any, expected: str) -> None:
    with pytest.raises(InvalidShapeError) as refused:
        assign(scores, np.ones(2))
    assert str(refused.value) == expected


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"candidates": 0}, 0),
        ({"candidates": -1}, -1),
        ({"block_size": -3}, -3),
        ({"n_jobs": 0}, 0),
        ({"candidates": "12"}, "12"),
        ({"candidates": 1.5}, 1.5),
        ({"block_size": 2.5}, 2.5),
        ({"n_jobs": "2"}, "2"),
        ({"n_jobs": None}, None),
        ({"fixed": RAGGED}, "[[1, 2], [3]]"),
        ({"fixed": [["a", "b"]]}, "[['a', 'b']]"),
        ({"fixed": [[np.nan, 0]]}, [np.nan, 0]),
        ({"previous": "text"}, "'text'"),
        ({"allowed": RAGGED}, "[[1, 2], [3]]"),
        ({"capacity": None}, None),
        ({"capacity": ["one", "two"]}, "['one', 'two']"),
        ({"capacity": [np.nan, 1]}, np.nan),
        ({"capacity": np.ma.masked_array([1, 1], [True, False])}, None),
        ({"capacity": [1 << 63, 1]}, 1 << 63),
        ({"load": 1 << 62}, 1 << 62),
        ({"demand": 10**12}, 10**12),
        ({"minimum": [1 << 40, 0], "capacity": [1 << 41, 1]}, 1 << 40),
        ({"bonus": [1e300, 0]}, 1e300),
        ({"unit": "1"}, "1"),
    ],
)
def test_an_impossible_argument_is_named_with_its_value_and_without_a_warning(
    options: dict[str, Any], value: Any
) -> None:
    [wrong, *_rest] = options
    with (
        warnings.catch_warnings(),
        pytest.raises((InvalidSettingsError, InvalidCapacityError, InvalidScoreError)) as refused,
    ):
        warnings.simplefilter("error")
        assign(SCORES, **{"capacity": np.array([1, 1]), **options})
    facts = refused.value.facts
    assert facts.get("field", facts.get("name", "unit")) == wrong
    assert facts["expected"]
    if value is not None:
        np.testing.assert_equal(facts["value"], value)


@pytest.mark.parametrize("shape", ["ab", (-1, 2), (2.0, 2), (2,), None])
def test_blocks_of_no_possible_shape_are_refused(shape: Any) -> None:
    class Shaped:
        def __init__(self) -> None:
            self.shape = shape

        def block(self, rows: Any) -> Any:
            return SCORES[rows]

    with pytest.raises(InvalidShapeError):
        assign(Shaped(), np.array([1, 1]))


@pytest.mark.parametrize("scores", [SCORES + 1j, (SCORES + 0j).tolist(), np.ma.masked_array(SCORES + 0j)])
def test_complex_scores_are_refused_since_none_is_the_better(scores: Any) -> None:
    with warnings.catch_warnings(), pytest.raises(InvalidScoreError):
        warnings.simplefilter("error")
        assign(scores, np.array([1, 1]))


def test_what_is_just_possible_is_answered() -> None:
    plain = assign(SCORES, np.array([1, 1]), aim="most_served")
    many = assign(SCORES, np.array([2**62, 2**62]), load=1 << 31, bonus=np.array([True, False]), aim="most_served")
    assert (plain.served, many.served, many.gap) == (2, 2, 0)
    with pytest.raises(InfeasibleError) as short:
        assign(SCORES, np.array([1 << 20, 1]), minimum=np.array([1 << 20, 0]))
    assert short.value.facts["missing"] == (1 << 20) - 2
    with pytest.raises(InvalidCapacityError):
        assign(SCORES, np.array([1, 1]), demand=LARGEST_ANSWER // 2 + 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"minimum": np.array([1, 2]), "capacity": np.array([1, 2])},
            "impossible because of the minimum: supporters [1] lack 1 entrepreneurs, since they can have [0] only: "
            "ask less of them, or allow more pairs",
        ),
        (
            {"fixed": np.array([[1, 1]])},
            "impossible because of the not_allowed: entrepreneur [1] with supporter [1] is fixed: allow the pair, "
            "or free it",
        ),
        (
            {"fixed": np.array([[0, 0], [1, 0]])},
            "impossible because of the capacity: 1 pairs too many are fixed with supporter [0], by entrepreneurs "
            "[0, 1]: give more places, or free some",
        ),
        (
            {"fixed": np.array([[0, 0], [0, 1]])},
            "impossible because of the demand: 1 pairs too many are fixed for entrepreneur [0], with supporters "
            "[0, 1]: raise the demand, or free some",
        ),
    ],
)
def test_what_cannot_be_met_says_who_and_what_would_help(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InfeasibleError) as refused:
        assign(np.array([[0.9, 0.2], [0.8, np.nan]]), **{"capacity": np.array([1, 1]), **options})
    assert str(refused.value) == message


def test_points_too_large_are_told_as_scores_with_the_largest_that_would_do() -> None:
    # 9 by 9 people with a minimum: 11 steps of (2 L + 1) and L itself, 40 times, below 2**62.
    scores, capacity = np.full((9, 9), 9e9), np.ones(9)
    with pytest.raises(InvalidScoreError) as refused:
        assign(scores, capacity, aim="most_served", minimum=np.ones(9))
    most = ((LARGEST_SUM - 1) // 40 - 11) // 23
    expected = f"{most * 1e-6:g} at most for 9 by 9 people with these bonuses, or a larger unit"
    assert refused.value.facts == {"value": 9e9, "expected": expected}
    assert assign(np.full((9, 9), float(most)), capacity, unit=1, aim="most_served", minimum=np.ones(9)).gap == 0
    with pytest.raises(InvalidScoreError):
        assign(np.full((9, 9), float(most + 1)), capacity, unit=1, aim="most_served", minimum=np.ones(9))
    with pytest.raises(InvalidScoreError, match="0 at most"):
        assign(SCORES, np.array([1, 1]), bonus=np.array([1 << 61, 0]))


def test_without_a_minimum_its_prize_leaves_room_for_large_points() -> None:
    rng = np.random.default_rng(0)
    scores = np.rint(rng.random((600, 450)) * 6.9e13)
    answer = assign(scores, np.ones(450), unit=1)
    assert (answer.served, answer.gap) == (450, 0)


def test_a_text_model_keeps_one_dimension_at_least() -> None:
    with pytest.raises(InvalidSettingsError) as refused:
        TextSimilarity(n_dimensions=0).fit(["a text"])
    assert refused.value.facts == {"field": "n_dimensions", "value": 0, "expected": "a whole number, 1 or more"}
