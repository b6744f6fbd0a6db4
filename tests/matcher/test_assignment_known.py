"""The assignment where answers are known: from the literature, from another solver, and on adversarial problems."""

import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import OptimizeResult, linprog

from benchmarks.proof import by_highs, by_matcher, invent
from matcher import fairest, floors
from matcher.assignment import ArrayPoints, assign
from matcher.errors import InvalidScoreError, InvalidSettingsError, InvalidShapeError, MatcherError
from matcher.tables import BlockPoints, RestPoints
from tests.matcher.ways import AT_ONCE, GUESSED, LISTED, force


@pytest.mark.parametrize("aim", ["total", "most_served"])
@pytest.mark.parametrize(
    ("n", "m", "way"), [(90, 30, GUESSED), (400, 100, AT_ONCE), (400, 100, LISTED), (400, 100, GUESSED)]
)
def test_an_independent_solver_finds_the_same_with_least_and_most_loads_together(
    aim: str, n: int, m: int, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    force(monkeypatch, way)
    case = invent(n, m, seed=n)
    assert case.minimum.any()
    assert len(case.fixed)
    ours, theirs = by_matcher(case, aim), by_highs(case, aim)
    assert ours[1] == theirs[1]
    assert aim == "total" or ours == theirs


def test_filling_minimums_first_would_not_be_optimal() -> None:
    # Filling the minimum of supporter 1 with the person who likes her best, and only then the rest, gives 1.0 + 0.1.
    scores = np.array([[1.0, 0.9], [0.1, 0.8]])
    answer = assign(scores, np.array([1, 1]), minimum=np.array([0, 1]))
    assert answer.supporters[:, 0].tolist() == [0, 1]
    assert (answer.total, answer.gap) == (1_800_000, 0)


def test_kuhns_examples() -> None:
    """Kuhn, H. W. (1955). The Hungarian method for the assignment problem. doi:10.1002/nav.3800020109"""
    qualified = np.array([[1, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 1]])
    scores = np.where(qualified, 1.0, np.nan)
    assert assign(scores, np.ones(4), aim="most_served").served == 3
    ratings = np.array([[8, 7, 9, 9], [5, 2, 7, 8], [6, 1, 4, 9], [2, 3, 2, 6]], dtype=float)
    answer = assign(ratings, np.ones(4), unit=1.0)
    assert (answer.total, answer.gap) == (27, 0)
    # Kuhn's budgets: prices and what people keep add up to the best total.
    assert answer.entrepreneur_prices.sum() + answer.supporter_prices.sum() == 27


@pytest.mark.parametrize("n", [1, 2, 9, 40])
def test_machol_and_wiens_hard_family(n: int) -> None:
    """Machol, R. E., Wien, M. (1976). A hard assignment problem. doi:10.1287/opre.24.1.190"""
    ranks = np.arange(1, n + 1)
    answer = assign(-np.outer(ranks, ranks).astype(float), np.ones(n), aim="most_served", unit=1.0)
    assert answer.supporters[:, 0].tolist() == list(range(n))[::-1]
    assert answer.total == -n * (n + 1) * (n + 2) // 6


def test_halls_condition_just_met_serves_everybody() -> None:
    """As many places as people, and each group of k reaches k places and no more."""
    n = 60
    scores = np.where(np.tri(n, dtype=bool), 0.5, np.nan)
    answer = assign(scores, np.ones(n), aim="most_served")
    assert answer.supporters[:, 0].tolist() == list(range(n))


def test_one_popular_supporter_goes_to_whom_she_matters_most() -> None:
    scores = np.full((50, 50), 0.2)
    scores[:, 0] = np.linspace(0.5, 0.9, 50)
    answer = assign(scores, np.ones(50))
    assert np.flatnonzero(answer.supporters[:, 0] == 0).tolist() == [49]
    assert answer.total == 900_000 + 49 * 200_000


def test_a_local_repair_would_fail_where_a_chain_is_needed() -> None:
    # Each prefers the supporter of the one before a little; a new person can take the last place only if all move.
    n = 40
    scores = np.full((n, n), np.nan)
    every = np.arange(n - 1)
    scores[every, every], scores[every, every + 1], scores[n - 1, 0] = 0.6, 0.5, 0.9
    assert assign(scores, np.ones(n), aim="most_served").supporters[:, 0].tolist() == [*range(1, n), 0]
    # Where nobody is forced, one stays without anybody: she would cost the others more than she wins.
    assert assign(scores, np.ones(n)).total == 38 * 600_000 + 900_000


def test_demands_of_several_take_different_supporters() -> None:
    scores = np.array([[0.9, 0.8, 0.1], [0.9, 0.2, np.nan]])
    answer = assign(scores, np.array([1, 2, 2]), demand=np.array([3, 1]), aim="most_served")
    assert answer.supporters.tolist() == [[0, 1, 2], [1, -1, -1]]
    assert assign(scores, np.array([1, 2, 2]), demand=0).supporters.tolist() == [[-1], [-1]]


@pytest.mark.parametrize("aim", ["total", "most_served", "fairest"])
@pytest.mark.parametrize("demand", [1, 2])
@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (2, 3)])
def test_empty_sides_and_nobody_allowed_are_answers(aim: str, demand: int, shape: tuple[int, int]) -> None:
    answer = assign(np.full(shape, np.nan), np.ones(shape[1]), aim=aim, demand=demand)
    assert answer.supporters.tolist() == [[-1] * demand] * shape[0]
    assert (answer.served, answer.total, answer.gap) == (0, 0, 0)
    if aim == "fairest":
        assert answer.fairness is not None
        assert (answer.fairness.floor, answer.fairness.price, answer.fairness.share) == (None, 0, 0.0)


def best_floor_by_lp(scores: NDArray[Any], capacity: NDArray[Any], served: int) -> float:
    """Largest level on which a linear programme (whose corners are whole) still serves as many."""
    found = -np.inf
    for level in np.unique(scores[~np.isnan(scores)]):
        rows, columns = np.nonzero(scores >= level)
        every = np.arange(len(rows))
        ones = np.ones(len(rows))
        people = sparse.csr_array((ones, (rows, every)), shape=(len(scores), len(rows)))
        places = sparse.csr_array((ones, (columns, every)), shape=(len(capacity), len(rows)))
        limits = np.concatenate([np.ones(len(scores)), capacity])
        best = linprog(-ones, A_ub=sparse.vstack([people, places]), b_ub=limits, bounds=(0, 1), method="highs")
        if round(-best.fun) == served:
            found = float(level)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_the_floor_of_the_fairest_equals_the_bound_of_the_linear_programme(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = np.round(rng.random((40, 12)), 2)
    scores[rng.random(scores.shape) > 0.4] = np.nan
    capacity = rng.integers(0, 5, 12)
    fair, rich = assign(scores, capacity, aim="fairest"), assign(scores, capacity, aim="most_served")
    assert fair.fairness is not None
    assert fair.served == rich.served
    assert fair.fairness.floor == fair.fairness.floor_bound
    assert fair.fairness.floor == round(best_floor_by_lp(scores, capacity, fair.served) * 1_000_000)
    assert fair.fairness.price == rich.total - fair.total >= 0
    assert fair.fairness.share == pytest.approx(fair.fairness.price / rich.total)


def test_leximin_goes_on_after_the_worst_off() -> None:
    # The first two get 0.1 in any case; a larger total would leave the third 0.2 where 0.5 can be had.
    scores = np.array([[0.1, np.nan, np.nan], [np.nan, 0.5, 0.9], [np.nan, 0.2, 0.5]])
    assert assign(scores, np.ones(3)).supporters[:, 0].tolist() == [0, 2, 1]
    answer = assign(scores, np.ones(3), aim="fairest")
    assert answer.supporters[:, 0].tolist() == [0, 1, 2]
    assert answer.fairness is not None
    assert (answer.fairness.floor, answer.fairness.price) == (100_000, 100_000)


def test_the_waiting_bonus_decides_among_equally_fair_answers() -> None:
    answer = assign(np.array([[0.5], [0.5]]), np.ones(1), aim="fairest", bonus=np.array([0, 7]))
    assert answer.supporters[:, 0].tolist() == [-1, 0]
    assert (answer.total, answer.gap) == (500_007, 0)


def test_with_several_each_the_floor_is_that_of_sums_with_its_bounds() -> None:
    # Sharing out 5, 4, 3, 3, 3 between two: 9 each is possible, greedy gives 5 + 3 + 3 and 4 + 3.
    scores = np.tile([5.0, 4.0, 3.0, 3.0, 3.0], (2, 1))
    answer = assign(scores, np.ones(5), demand=3, aim="fairest", unit=1.0)
    assert answer.fairness is not None
    assert (answer.fairness.floor, answer.fairness.floor_bound, answer.fairness.relaxed_floor) == (9, 9, 9)
    assert (answer.total, answer.gap) == (18, 0)
    odd = assign(np.tile([5.0, 4.0], (2, 1)), np.ones(2), demand=2, aim="fairest", unit=1.0)
    assert odd.fairness is not None
    assert (odd.fairness.floor, odd.fairness.relaxed_floor) == (4, 4)


def test_fixed_pairs_count_for_the_floor() -> None:
    scores = np.array([[0.9, 0.2, 0.3], [0.9, 0.8, 0.3]])
    one = assign(scores, np.ones(3), aim="fairest", fixed=np.array([[0, 1]]))
    assert one.fairness is not None
    assert one.fairness.floor == 200_000
    two = assign(scores, np.ones(3), aim="fairest", demand=np.array([2, 1]), fixed=np.array([[0, 1]]))
    assert two.fairness is not None
    assert (two.fairness.floor, two.supporters.tolist()) == (500_000, [[1, 2], [0, -1]])


def test_an_answer_that_rounding_let_slip_below_the_floor_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    run = floors.FloorProblem._run

    def forgetful(problem: Any, cost: Any, rules: Any, *, whole: bool = True) -> Any:
        return run(problem, cost, rules[:3] if cost[:6].any() else rules, whole=whole)

    monkeypatch.setattr(floors.FloorProblem, "_run", forgetful)
    scores = np.array([[9.0, 9.0, 9.0], [5.0, 1.0, 1.0]])
    answer = assign(scores, np.ones(3), demand=2, aim="fairest", unit=1.0)
    assert answer.fairness is not None
    assert answer.fairness.floor == 6
    assert answer.supporters[1].tolist() in ([0, 1], [0, 2])


def test_whole_points_are_taken_as_they_are() -> None:
    table = ArrayPoints(np.array([[0.9, 0.8], [0.9, np.nan]]))
    assert assign(table, np.ones(2)).total == 1_700_000


def test_a_search_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floors, "MOST_WORK", 0)
    monkeypatch.setattr(floors, "LEAST_NODES", 0)
    with pytest.raises(MatcherError, match="no answer found"):
        assign(np.random.default_rng(0).random((8, 30)), np.ones(30), demand=4, aim="fairest")


def test_a_search_cut_short_later_keeps_what_it_has_with_open_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    run = floors.FloorProblem._run

    def interrupted(problem: Any, cost: Any, rules: Any, *, whole: bool = True) -> Any:
        given_up = OptimizeResult(x=None, status=4, mip_dual_bound=None)
        return given_up if whole and len(rules) > 2 else run(problem, cost, rules, whole=whole)

    monkeypatch.setattr(floors.FloorProblem, "_run", interrupted)
    answer = assign(np.random.default_rng(0).random((6, 3)), np.full(3, 3), demand=2, aim="fairest")
    assert answer.fairness is not None
    assert answer.served == 6
    assert answer.fairness.floor is not None
    assert answer.fairness.floor < answer.fairness.floor_bound == answer.fairness.relaxed_floor
    assert answer.gap > 0


@pytest.mark.parametrize("n", [16, 40])
def test_the_fairest_of_several_each_ends_soon_with_its_bound_and_in_silence(
    n: int, capfd: pytest.CaptureFixture[str]
) -> None:
    start = time.process_time()
    answer = assign(np.random.default_rng(0).random((n, n // 2)), np.full(n // 2, 3), demand=2, aim="fairest")
    assert time.process_time() - start < 10
    assert answer.fairness is not None
    assert answer.fairness.floor == answer.fairness.floor_bound == answer.fairness.relaxed_floor
    assert answer.gap == 0
    assert capfd.readouterr().out == ""


def test_the_linear_bound_is_the_same_beside_somebody_who_needs_two() -> None:
    alone = assign(np.array([[1.0, 0.0], [1.0, 0.0]]), np.ones(2), aim="fairest").fairness
    scores = np.full((3, 4), np.nan)
    scores[:2, :2], scores[2, 2:] = [[1, 0], [1, 0]], 1
    beside = assign(scores, np.ones(4), demand=np.array([1, 1, 2]), aim="fairest").fairness
    assert alone is not None
    assert beside is not None
    assert (alone.floor, alone.relaxed_floor) == (beside.floor, beside.relaxed_floor) == (0, 0)


class InBlocks:
    """Scores that are worked out when asked for, and remember how."""

    def __init__(self, scores: NDArray[np.float64]) -> None:
        self.scores, self.shape, self.asked = scores, scores.shape, 0

    def block(self, rows: slice | NDArray[np.int64]) -> NDArray[np.float64]:
        found = self.scores[rows]
        self.asked = max(self.asked, len(found))
        return found


class InKnownBlocks(InBlocks):
    largest = 1.0


@pytest.mark.parametrize("kind", [InBlocks, InKnownBlocks])
@pytest.mark.parametrize("aim", ["total", "most_served", "fairest"])
def test_scores_by_block_give_the_same_as_an_array(
    kind: type[InBlocks], aim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    force(monkeypatch, GUESSED)
    case = invent(60, 20, seed=1)
    scores = np.clip(case.scores, -1, 1)
    blocks = kind(scores)
    options: dict[str, Any] = {"aim": aim, "allowed": scores != scores.max(), "fixed": case.fixed, "block_size": 9}
    answer, expected = (assign(source, case.capacity, **options) for source in (blocks, scores))
    assert (answer.supporters == expected.supporters).all()
    assert answer.total == expected.total
    assert (answer.supporters != -1).any()


def test_scores_beyond_what_was_said_of_them_are_refused() -> None:
    with pytest.raises(InvalidScoreError):
        assign(InKnownBlocks(np.array([[1.5]])), np.ones(1))


def test_large_numbers_are_exact_or_refused() -> None:
    # Beyond 2**24 points a single-precision number would not tell these apart.
    scores = np.array([[20_000.000001, 20_000.0], [20_000.000001, 20_000.000001]])
    assert ArrayPoints(scores).points(slice(0, 2)).dtype == np.float64
    assert assign(scores, np.ones(2)).total == 40_000_000_002
    assert ArrayPoints(scores / 20_000).points(slice(0, 2)).dtype == np.float32
    with pytest.raises(InvalidScoreError):
        assign(np.array([[1e12]]), np.ones(1))
    with pytest.raises(InvalidScoreError, match="larger unit"):
        assign(np.full((900, 900), 1e9), np.ones(900), aim="most_served")
    assert assign(np.full((9, 9), 1e9), np.ones(9), aim="most_served", unit=1.0).total == 9_000_000_000
    for wrong in (0.0, -1.0, np.nan):
        with pytest.raises(InvalidSettingsError, match="unit is"):
            assign(np.array([[1.0]]), np.ones(1), unit=wrong)


def test_arguments_that_do_not_fit_are_refused_with_their_facts() -> None:
    scores = np.zeros((2, 3))
    for options, name in (
        ({"allowed": np.ones((3, 2))}, "allowed"),
        ({"fixed": np.ones((1, 3))}, "fixed"),
        ({"previous": np.ones((3, 1))}, "previous"),
        ({"demand": np.ones(3)}, "demand"),
        ({"load": np.ones(2)}, "load"),
    ):
        with pytest.raises(InvalidShapeError) as shape:
            assign(scores, np.ones(3), **options)  # type: ignore[arg-type]
        assert shape.value.facts["name"] == name
    for options, field in (
        ({"aim": "fair"}, "aim"),
        ({"fixed": np.array([[0, 3]])}, "fixed"),
        ({"fixed": np.array([[0.5, 1]])}, "fixed"),
        ({"previous": np.array([[0], [-2]])}, "previous"),
    ):
        with pytest.raises(InvalidSettingsError) as setting:
            assign(scores, np.ones(3), **options)  # type: ignore[arg-type]
        assert setting.value.facts["field"] == field


def test_pairs_taken_out_stay_out_however_rows_are_asked_for() -> None:
    case = invent(12, 5, seed=3)
    table = ArrayPoints(case.scores)
    rest = RestPoints(table, case.scores > 0, None)
    assert (np.isneginf(rest.points(np.array([3, 1]))) == ~(case.scores[[3, 1]] > 0)).all()
    assert rest.largest == table.largest
    assert (table.points_of_columns(np.array([2])) == table.points(slice(0, 12))[:, [2]]).all()
    assert BlockPoints(InBlocks(np.zeros((0, 4)))).largest == 0


def test_a_search_cut_short_bounds_the_floor_and_too_large_a_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.tile([5.0, 4.0, 3.0, 3.0, 3.0], (2, 1))
    monkeypatch.setattr(floors, "MOST_SEARCHED", 0)
    monkeypatch.setattr(floors, "FEWEST_SEARCHES", 1)
    answer = assign(scores, np.ones(5), demand=3, aim="fairest", unit=1.0)
    assert answer.fairness is not None
    floor, bound, relaxed = answer.fairness.floor, answer.fairness.floor_bound, answer.fairness.relaxed_floor
    assert floor is not None
    assert bound is not None
    assert relaxed is not None
    assert floor <= 9 <= bound <= relaxed
    monkeypatch.setattr(fairest, "LARGEST_PROGRAMME", 9)
    with pytest.raises(InvalidSettingsError, match="at most 9 allowed pairs"):
        assign(scores, np.ones(5), demand=3, aim="fairest", unit=1.0)
    assert assign(scores, np.ones(5), aim="fairest", unit=1.0).fairness is not None
