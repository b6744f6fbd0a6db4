"""Every aim, with minimums, demands, fixed and negative pairs, against all answers of tiny requests."""

import numpy as np
import pytest
from hypothesis import given, settings

from matcher.assignment import Assignment, assign
from matcher.errors import InfeasibleError
from tests.matcher.enumeration import Answer, Tiny, keep_best, tiny_requests
from tests.matcher.strategies import RELAXED
from tests.matcher.ways import WAYS, force


def pairs_of(answer: Assignment) -> Answer:
    rows, places = np.nonzero(answer.supporters >= 0)
    return frozenset(zip(rows.tolist(), answer.supporters[rows, places].tolist(), strict=True))


def check(tiny: Tiny, aim: str, answer: Assignment) -> None:
    answers = list(tiny.answers())
    for judge in tiny.aims(aim):
        answers = keep_best(answers, judge)
    found = pairs_of(answer)
    assert found in answers
    assert answer.total == tiny.total(found)
    assert answer.gap == 0
    assert answer.served == len({row for row, _ in found})
    if answer.fairness is not None and answer.fairness.floor is not None:
        assert answer.fairness.floor == answer.fairness.floor_bound == tiny.sums(found)[0]
        assert answer.fairness.relaxed_floor is not None
        assert answer.fairness.relaxed_floor >= answer.fairness.floor
    if aim != "fairest" or tiny.demand.max(initial=0) <= 1:
        assert found in tiny.ties(answers)


@pytest.mark.parametrize("aim", ["total", "most_served", "fairest"])
@given(tiny=tiny_requests())
@settings(RELAXED, max_examples=300)
def test_no_answer_is_better_and_ties_break_as_documented(aim: str, tiny: Tiny) -> None:
    if any(True for _ in tiny.answers()):
        check(tiny, aim, assign(**tiny.arguments(), aim=aim))
    else:
        with pytest.raises(InfeasibleError):
            assign(**tiny.arguments(), aim=aim)


@given(tiny=tiny_requests(most=4, largest_demand=1))
@settings(RELAXED, max_examples=200)
def test_the_fairest_with_one_supporter_each_is_the_leximin(tiny: Tiny) -> None:
    if any(True for _ in tiny.answers()):
        check(tiny, "fairest", assign(**tiny.arguments(), aim="fairest"))


def best_or_partial(tiny: Tiny, aim: str) -> Assignment:
    try:
        return assign(**tiny.arguments(), aim=aim, candidates=1, block_size=1)
    except InfeasibleError as error:
        partial = error.partial
    assert isinstance(partial, Assignment)
    return partial


@pytest.mark.parametrize("aim", ["total", "most_served"])
@given(tiny=tiny_requests(most=5))
@settings(RELAXED, max_examples=150)
def test_all_ways_give_the_same(aim: str, tiny: Tiny) -> None:
    found = []
    for way in WAYS:
        with pytest.MonkeyPatch.context() as patch:
            force(patch, way)
            found.append(best_or_partial(tiny, aim))
    left, *others = found
    for right in others:
        assert (left.supporters == right.supporters).all()
        assert (left.supporter_prices == right.supporter_prices).all()
        assert (left.entrepreneur_prices == right.entrepreneur_prices).all()
        assert left.gap == right.gap == 0
