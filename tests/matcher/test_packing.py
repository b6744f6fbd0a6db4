"""At most one bundle per owner: every answer is compared with all answers that there are."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import MatcherError
from matcher.packing import Bundles, pack
from tests.matcher.strategies import RELAXED


@st.composite
def problems(draw: st.DrawFn) -> dict[str, object]:
    n_owners, n_things = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    owners = draw(st.lists(st.integers(0, n_owners - 1), max_size=7))
    sets = st.frozensets(st.integers(0, n_things - 1), max_size=3).map(sorted).map(tuple)
    return {
        "owners": owners,
        "things": [draw(sets) for _ in owners],
        "capacity": [draw(st.integers(0, 3)) for _ in range(n_things)],
        "least": [draw(st.integers(0, 3)) for _ in range(n_things)],
        "first": [draw(st.integers(0, 2)) for _ in owners],
        "second": [draw(st.integers(0, 9)) for _ in owners],
        "n_owners": n_owners,
    }


def is_possible(problem, choice, must):
    picked = [at for at in choice if at is not None]
    if any(must[owner] and at is None for owner, at in enumerate(choice)):
        return False
    used = [sum(thing in problem["things"][at] for at in picked) for thing in range(len(problem["capacity"]))]
    return all(
        n <= most and (n == 0 or n >= least)
        for n, most, least in zip(used, problem["capacity"], problem["least"], strict=True)
    )


def brute_force(problem, must):
    options = [
        [None, *(at for at, owner in enumerate(problem["owners"]) if owner == one)]
        for one in range(problem["n_owners"])
    ]
    worths = [
        tuple(sum(problem[aim][at] for at in choice if at is not None) for aim in ("first", "second"))
        for choice in product(*options)
        if is_possible(problem, choice, must)
    ]
    return max(worths, default=None)


@given(problems(), st.data())
@settings(RELAXED, max_examples=150)
def test_the_answer_is_the_best_of_all_in_the_order_of_aims(problem, data) -> None:
    must = [data.draw(st.booleans()) for _ in range(problem["n_owners"])]
    best = brute_force(problem, must)

    def ask():
        return pack(
            Bundles.collect(problem["owners"], problem["things"], len(problem["capacity"])),
            np.array(problem["capacity"]),
            {aim: np.array(problem[aim], dtype=np.int64) for aim in ("first", "second")},
            n_owners=problem["n_owners"],
            least=np.array(problem["least"]),
            must=np.array(must),
        )

    if best is None:
        with pytest.raises(MatcherError):
            ask()
        return
    answer = ask()
    choice = [None if at < 0 else at for at in answer.chosen.tolist()]
    assert is_possible(problem, choice, must)
    assert all(at is None or problem["owners"][at] == owner for owner, at in enumerate(choice))
    assert tuple(aim.value for aim in answer.aims) == best
    assert all(aim.upper_bound == aim.value for aim in answer.aims)
    assert ask() is not answer
    assert ask().chosen.tolist() == answer.chosen.tolist()


def test_nothing_to_choose_from_is_an_answer() -> None:
    nothing = pack(Bundles.collect([], [], 2), np.array([1, 1]), {"any": np.zeros(0, dtype=np.int64)}, n_owners=3)
    assert nothing.chosen.tolist() == [-1, -1, -1]
    assert (nothing.aims[0].value, nothing.aims[0].upper_bound) == (0, 0)
