"""Coverage, quality and load are counted as people would count them."""

import numpy as np
import pytest

from matcher import Expertise, Role, evaluate_result, match
from matcher.errors import InvalidCapacityError, InvalidShapeError
from matcher.evaluation import load_balance
from tests.matcher.people import entrepreneur, supporter


def test_an_answer_is_counted() -> None:
    people = [
        entrepreneur("e0"),
        entrepreneur("e1", needs=()),
        entrepreneur("e2", languages=("ar",)),
        entrepreneur("e3"),
    ]
    helpers = [
        supporter("s0", capacity=2),
        supporter("s1", capacity=0),
        supporter("s2", languages=("en",), expertise=(Expertise(topic="sales", level=1),)),
        supporter("s3", role=Role.EXPERT),
    ]
    mentor, expert = evaluate_result(match(people, helpers), people, helpers)
    assert (mentor.asked, mentor.served, mentor.coverage, mentor.reachable) == (4, 2, 0.5, 3)
    assert (mentor.places, mentor.used, mentor.load, mentor.idle) == (3, 2, 1.0, 1)
    assert mentor.need_coverage == 1.0
    assert mentor.lowest_score is not None
    assert mentor.mean_score is not None
    assert mentor.median_score is not None
    assert 0 < mentor.lowest_score <= mentor.median_score <= 1
    assert (expert.role, expert.asked, expert.coverage, expert.mean_score) == (Role.EXPERT, 0, 0.0, None)
    assert (expert.need_coverage, expert.load, expert.idle) == (None, 0.0, 1)


def test_nobody_gives_nothing() -> None:
    assert evaluate_result(match([], []), [], []) == ()
    (mentor,) = evaluate_result(match([entrepreneur()], []), [entrepreneur()], [])
    assert (mentor.load, mentor.places) == (0.0, 0)


def test_load_refuses_arrays_that_do_not_fit() -> None:
    assert load_balance(np.array([1, 3]), np.array([4, 4])) == 0.75
    with pytest.raises(InvalidShapeError):
        load_balance(np.array([1]), np.array([1, 1]))
    with pytest.raises(InvalidCapacityError):
        load_balance(np.array([1]), np.array([0]))
