"""After each change the answer is what solving anew gives, proven by its prices, and as few people as can be move."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.assignment import ArrayPoints, assign
from matcher.candidates import FORBIDDEN
from matcher.errors import (
    ImpossibleChangeError,
    InvalidSettingsError,
    InvalidShapeError,
    NoRoomError,
    SolveAnewError,
)
from matcher.moves import Move
from matcher.rematch import Rearrangement, Standing, why_not
from matcher.scoring import POINTS
from tests.matcher.strategies import RELAXED

VALUES = (None, -0.3, 0.0, 0.1, 0.5, 0.500001, 1.0)
KINDS = ("arrive", "leave", "refuse", "open_place", "close_place", "hold")


class Told:
    """What has been said so far, kept apart from the engine's own books."""

    def __init__(self, scores: Any, capacity: Any, bonus: Any, aim: str = "most_served") -> None:
        self.aim = aim
        self.scores, self.capacity, self.bonus = scores.copy(), capacity.copy(), bonus
        self.present = np.ones(len(scores), dtype=bool)
        self.held: dict[int, int] = {}

    def usable(self) -> NDArray[Any]:
        """Scores of the pairs that may still be used."""
        scores = self.scores.copy()
        scores[~self.present] = np.nan
        for row, column in self.held.items():
            own = scores[row, column]
            scores[row] = np.nan
            scores[row, column] = own
        return scores

    def answers(self) -> Iterator[tuple[int, ...]]:
        """Every answer that the rules allow: held pairs are in it."""
        scores = self.usable()
        n, m = scores.shape
        for choice in product(range(-1, m), repeat=n):
            pairs = [(row, column) for row, column in enumerate(choice) if column >= 0]
            if any(np.isnan(scores[pair]) for pair in pairs):
                continue
            if any(choice[row] != column for row, column in self.held.items()):
                continue
            if all(sum(column == one for _, one in pairs) <= self.capacity[column] for column in range(m)):
                yield choice

    def worth(self, choice: tuple[int, ...]) -> tuple[int, int]:
        pairs = [(row, column) for row, column in enumerate(choice) if column >= 0]
        served = len(pairs) if self.aim == "most_served" else 0
        return served, sum(round(self.scores[pair] * POINTS) + int(self.bonus[pair[0]]) for pair in pairs)


def check(standing: Standing, told: Told) -> None:
    """Check the answer and its proof on all pairs, in another way than they were made."""
    answer, supporters = standing.assignment, standing.supporters
    served = np.flatnonzero(supporters >= 0)
    scores = told.usable()
    chosen = scores[served, supporters[served]]
    assert not np.isnan(chosen).any()
    assert (np.bincount(supporters[served], minlength=len(told.capacity)) <= told.capacity).all()
    assert {row: int(supporters[row]) for row in told.held} == told.held
    assert (answer.served, answer.gap) == (len(served), 0)
    assert answer.total == int(np.rint(chosen * POINTS).sum()) + int(told.bonus[served].sum()) == answer.upper_bound
    asked = answer.entrepreneur_prices[:, None] + answer.supporter_prices
    worth = np.rint(np.where(np.isnan(scores), 0, scores) * POINTS) + told.bonus[:, None] + answer.unserved
    assert ((asked >= worth) | np.isnan(scores)).all()
    assert (answer.supporter_prices >= 0).all()
    assert (answer.entrepreneur_prices[[row for row in range(len(scores)) if row not in told.held]] >= 0).all()


def apply(standing: Standing, told: Told, kind: str, row: int, column: int) -> Rearrangement | None:
    """Make one change in both books, if it can be made at all."""
    if kind == "arrive" and not told.present[row]:
        told.present[row] = True
        return standing.arrive(row)
    if kind == "leave" and told.present[row]:
        told.present[row] = False
        told.held.pop(row, None)
        return standing.leave(row)
    if kind == "refuse" and told.present[row]:
        told.scores[row, column] = np.nan
        if told.held.get(row) == column:
            del told.held[row]
        return standing.refuse(row, column)
    if kind == "open_place":
        told.capacity[column] += 1
        return standing.open_place(column)
    settled = sum(one == column for one in told.held.values())
    if kind == "close_place" and told.capacity[column] > settled:
        told.capacity[column] -= 1
        return standing.close_place(column)
    fits = kind == "hold" and told.present[row] and row not in told.held and not np.isnan(told.scores[row, column])
    if fits and told.capacity[column] > settled:
        told.held[row] = column
        return standing.hold(row, column)
    return None


@st.composite
def stories(draw: st.DrawFn) -> tuple[Told, list[tuple[str, int, int]]]:
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    scores = np.array([[draw(st.sampled_from(VALUES)) for _ in range(m)] for _ in range(n)], dtype=float)
    capacity = np.array([draw(st.integers(0, 2)) for _ in range(m)], dtype=np.int64)
    bonus = np.array([draw(st.sampled_from((0, 1, 400_000, 9_000_000))) for _ in range(n)], dtype=np.int64)
    step = st.tuples(st.sampled_from(KINDS), st.integers(0, n - 1), st.integers(0, m - 1))
    aim = draw(st.sampled_from(("total", "most_served")))
    return Told(scores, capacity, bonus, aim), draw(st.lists(step, max_size=6))


def begin(told: Told, **options: Any) -> Standing:
    answer = assign(told.scores, told.capacity, bonus=told.bonus, aim=told.aim)
    return Standing.begin(told.scores, answer, told.capacity, bonus=told.bonus, **options)


def check_few_moves(before: Standing, change: Rearrangement, told: Told, row: int | None) -> None:
    """Among all best answers, none keeps more pairs; whoever waits and goes on waiting counts as kept."""
    answers = list(told.answers())
    best = max(map(told.worth, answers))
    had, has = before.supporters, change.standing.supporters
    assert told.worth(tuple(has.tolist())) == best
    others = [one for one in range(len(had)) if told.present[one] and one != row]
    moved = min(sum(choice[one] != had[one] for one in others) for choice in answers if told.worth(choice) == best)
    assert sum(has[one] != had[one] for one in others) == moved
    assert [(move.row, move.before, move.after) for move in change.moves] == sorted(
        ((one, had[one], has[one]) for one in range(len(had)) if had[one] != has[one]),
        key=lambda move: (move[0] != row, move[0]),
    )


@given(stories(), st.booleans())
@settings(RELAXED, max_examples=200)
def test_every_change_gives_the_best_of_all_answers_and_moves_as_few_as_can_be(
    story: tuple[Told, list[tuple[str, int, int]]], warm: bool
) -> None:
    told, steps = story
    standing = begin(told, warm=warm)
    check(standing, told)
    for kind, row, column in steps:
        change = apply(standing, told, kind, row, column)
        if change is None:
            continue
        check(change.standing, told)
        about = None if kind.endswith("place") else row
        check_few_moves(standing, change, told, about)
        assert change.served == change.standing.assignment.served - standing.assignment.served
        assert change.total == change.standing.assignment.total - standing.assignment.total
        standing = change.standing


def best_by_scipy(told: Told, had: NDArray[Any], row: int | None) -> tuple[int, int, int]:
    """Solve anew on places expanded into columns: served, total, and the most old pairs that a best answer keeps."""
    scores = told.usable()
    n, m = scores.shape
    much = (n + 1) * (2 * POINTS + 1) + int(told.bonus.sum()) if told.aim == "most_served" else 0
    unit = 2 * n + 1
    worth = np.where(np.isnan(scores), -1e9, (np.rint(scores * POINTS) + told.bonus[:, None] + much) * unit)
    alone = np.where(np.eye(n, dtype=bool), 0.0, -1e12)
    for one in np.flatnonzero(told.present):
        if one != row and had[one] < 0:
            alone[one, one] += 1
        elif one != row:
            worth[one, had[one]] += 1
        if one in told.held:
            worth[one, told.held[one]] += 1e11
    expanded = np.hstack([np.repeat(worth, told.capacity, axis=1), alone])
    _rows, columns = linear_sum_assignment(expanded, maximize=True)
    chosen = np.append(np.repeat(np.arange(m), told.capacity), np.full(n, -1))[columns]
    served, total = told.worth(tuple(chosen.tolist()))
    others = [one for one in range(n) if told.present[one] and one != row]
    return served, total, sum(int(chosen[one]) == had[one] for one in others)


def invent(
    seed: int, n: int, m: int, *, grades: int, places: int, allowed: float, aim: str = "most_served", least: float = 0.0
) -> Told:
    rng = np.random.default_rng(seed)
    scores = least + rng.integers(0, grades + 1, (n, m)) / grades
    scores[rng.random((n, m)) > allowed] = np.nan
    return Told(scores, rng.integers(0, places + 1, m), rng.integers(0, 3, n) * 1000, aim)


CROWDS = {
    "tiny": {"n": 8, "m": 5, "grades": 2, "places": 2, "allowed": 0.7},
    "few_grades": {"n": 24, "m": 12, "grades": 2, "places": 2, "allowed": 0.5},
    "all_alike": {"n": 20, "m": 8, "grades": 1, "places": 3, "allowed": 0.3},
    "sparse": {"n": 30, "m": 20, "grades": 1_000_000, "places": 2, "allowed": 0.12},
    "scarce": {"n": 40, "m": 10, "grades": 1_000_000, "places": 2, "allowed": 0.8},
    "ample": {"n": 25, "m": 20, "grades": 1_000_000, "places": 3, "allowed": 0.6},
    "total": {"n": 25, "m": 10, "grades": 10, "places": 2, "allowed": 0.6, "aim": "total", "least": -0.5},
}


@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("seed", range(6))
def test_long_stories_in_crowds_stay_exact_and_move_as_few_as_can_be(crowd: str, seed: int) -> None:
    told = invent(seed, **CROWDS[crowd])
    rng = np.random.default_rng(seed)
    standing = begin(told)
    n, m = told.scores.shape
    for _ in range(60):
        kind, row, column = KINDS[rng.integers(len(KINDS))], int(rng.integers(n)), int(rng.integers(m))
        if kind == "refuse" and rng.random() < 0.8:
            column = max(0, int(standing.supporters[row]))
        if kind == "hold" and len(told.held) > 4:
            continue
        before, change = standing, apply(standing, told, kind, row, column)
        if change is None:
            continue
        standing = change.standing
        check(standing, told)
        about = None if kind.endswith("place") else row
        served, total, kept = best_by_scipy(told, before.supporters, about)
        others = [one for one in range(n) if told.present[one] and one != about]
        now = sum(int(standing.supporters[one] == before.supporters[one]) for one in others)
        assert (*told.worth(tuple(standing.supporters.tolist())), now) == (served, total, kept)


def test_a_long_chain_is_found_where_a_local_repair_fails() -> None:
    # Who waits can take the last place only: whoever has it, and everybody before her, must take her second choice.
    n = 40
    scores = np.full((n, n), np.nan)
    scores[np.arange(n), np.arange(n)] = 1.0
    scores[np.arange(1, n), np.arange(n - 1)] = 0.1
    scores[0, 0], scores[0, n - 1] = np.nan, 0.5
    capacity = np.append(0, np.ones(n - 1, dtype=np.int64))
    told = Told(scores, capacity, np.zeros(n, dtype=np.int64))
    standing = begin(told)
    assert standing.assignment.served == n - 1
    change = apply(standing, told, "open_place", 0, 0)
    assert change is not None
    check(change.standing, told)
    assert (change.served, len(change.moves)) == (1, n)
    back = apply(change.standing, told, "close_place", 0, 0)
    assert back is not None
    assert (back.standing.supporters == standing.supporters).all()


def test_one_popular_supporter_and_as_many_places_as_people() -> None:
    rng = np.random.default_rng(2)
    scores = np.round(0.9 * np.linspace(1, 0, 30) + 0.1 * rng.random((60, 30)), 6)
    told = Told(scores, np.full(30, 2), np.zeros(60, dtype=np.int64))
    standing = begin(told)
    for _ in range(30):
        row = int(rng.integers(60))
        kind = "leave" if told.present[row] else "arrive"
        change = apply(standing, told, kind, row, 0)
        assert change is not None
        standing = change.standing
        check(standing, told)
        fresh = assign(np.where(told.present[:, None], told.scores, np.nan), told.capacity, aim="most_served")
        assert (standing.assignment.served, standing.assignment.total) == (fresh.served, fresh.total)


def test_the_same_changes_give_the_same_answers() -> None:
    def live() -> list[list[int]]:
        told, rng = invent(3, **CROWDS["few_grades"]), np.random.default_rng(1)
        standing, seen = begin(told), []
        for _ in range(30):
            kind, row, column = KINDS[rng.integers(len(KINDS))], int(rng.integers(24)), int(rng.integers(12))
            change = apply(standing, told, kind, row, column)
            standing = change.standing if change else standing
            seen.append(standing.supporters.tolist())
        return seen

    assert live() == live()


def test_a_change_leaves_the_standing_it_was_made_from_as_it_was() -> None:
    told = invent(1, **CROWDS["ample"])
    standing = begin(told)
    before = (standing.supporters.copy(), standing.capacity.copy(), standing.assignment)
    for kind in KINDS:
        apply(standing, Told(told.scores, told.capacity.copy(), told.bonus), kind, 3, 2)
    assert (standing.supporters == before[0]).all()
    assert (standing.capacity == before[1]).all()
    check(standing, told)


@given(stories())
@settings(RELAXED, max_examples=100)
def test_what_a_pair_would_cost_is_what_forcing_it_costs(story: tuple[Told, list[tuple[str, int, int]]]) -> None:
    told, _steps = story
    standing = begin(told)
    best = max(map(told.worth, told.answers()))
    for row, column in np.argwhere(~np.isnan(told.scores) & (told.capacity > 0)).tolist():
        found = why_not(standing, row, column)
        forced = max(told.worth(choice) for choice in told.answers() if choice[row] == column)
        assert found.total == best[1] - forced[1]
        assert told.aim == "total" or found.served == best[0] - forced[0]
        assert found.points == round(told.scores[row, column] * POINTS)
        assert 0 <= found.at_least <= found.price
        assert (found.price == 0) == (best == forced)
        stands = standing.supporters[row] == column
        assert not stands or found.moves == ()
        assert stands or found.moves[0] == Move(row=row, before=int(standing.supporters[row]), after=column)


class Rows:
    """Scores that are only given row by row, as a cluster or a file would."""

    def __init__(self, scores: NDArray[Any]) -> None:
        self._inner = ArrayPoints(scores)
        self.shape, self.largest = self._inner.shape, POINTS

    def points(self, rows: Any) -> NDArray[Any]:
        return self._inner.points(rows)


@pytest.mark.parametrize("warm", [False, True])
def test_scores_given_by_rows_alone_lead_to_the_same(warm: bool) -> None:
    told = invent(5, **CROWDS["sparse"])
    answer = assign(told.scores, told.capacity, bonus=told.bonus, aim=told.aim)
    by_rows = Standing.begin(Rows(told.scores), answer, told.capacity, bonus=told.bonus, warm=warm)
    standing = begin(told)
    for row in range(10):
        by_rows, standing = by_rows.leave(row).standing, standing.leave(row).standing
        assert (by_rows.supporters == standing.supporters).all()


def test_who_is_held_from_the_beginning_or_absent_is_left_alone() -> None:
    scores = np.array([[0.9, 0.1], [0.8, 0.7], [0.5, 0.5]])
    capacity = np.array([1, 1])
    answer = assign(
        np.where([[True], [True], [False]], scores, np.nan), capacity, fixed=np.array([[0, 0]]), aim="most_served"
    )
    standing = Standing.begin(scores, answer, capacity, held=[0], present=np.array([True, True, False]))
    assert standing.refuse(1, 1).moves == (Move(row=1, before=1, after=-1),)
    change = standing.open_place(1).standing.arrive(2)
    assert change.moves == (Move(row=2, before=-1, after=1),)
    assert change.standing.assignment.gap == 0


def test_a_settled_pair_gives_way_only_to_a_refusal_or_a_farewell() -> None:
    scores, capacity = np.array([[0.9, 0.3], [0.8, 0.1]]), np.array([1, 1])
    standing = Standing.begin(scores, assign(scores, capacity, aim="most_served"), capacity, held=[1])
    assert standing.refuse(1, 0).moves == (Move(row=1, before=0, after=1), Move(row=0, before=1, after=0))
    assert standing.leave(1).moves == (Move(row=1, before=0, after=-1), Move(row=0, before=1, after=0))
    with pytest.raises(NoRoomError) as full:
        standing.close_place(0)
    assert full.value.facts == {"column": 0}
    with pytest.raises(NoRoomError):
        why_not(standing, 0, 0)


def test_what_cannot_be_changed_is_refused_with_its_reason() -> None:
    scores, capacity = np.array([[0.9, np.nan], [0.8, 0.1], [0.3, np.nan]]), np.array([1, 0])
    standing = Standing.begin(scores, assign(scores, capacity, aim="most_served"), capacity)
    gone = standing.leave(1).standing
    attempts = {
        "is there already": lambda: standing.arrive(0),
        "is absent": lambda: gone.leave(1),
        "is not allowed": lambda: standing.open_place(1).standing.hold(0, 1),
        "has no place": lambda: standing.close_place(1),
        "is held elsewhere": lambda: standing.open_place(1).standing.hold(1, 1).standing.hold(1, 0),
    }
    for why, attempt in attempts.items():
        with pytest.raises(ImpossibleChangeError) as refused:
            attempt()
        assert refused.value.facts["why"] == why
    with pytest.raises(ImpossibleChangeError, match="has no place"):
        standing.hold(1, 1)
    with pytest.raises(ImpossibleChangeError, match="not allowed"):
        standing.refuse(2, 0).standing.hold(2, 0)
    with pytest.raises(ImpossibleChangeError, match="absent"):
        gone.hold(1, 0)


def test_an_assignment_that_changes_cannot_be_made_to_says_to_solve_anew() -> None:
    scores, capacity = np.array([[0.9, 0.2], [0.8, 0.1]]), np.array([1, 1])
    answer = assign(scores, capacity, aim="most_served")
    two = replace(answer, supporters=np.zeros((2, 2), dtype=np.int64))
    unproven = replace(answer, gap=1)
    fairest = assign(scores, capacity, aim="fairest")
    wrong = ((two, capacity), (answer, np.array([0, 1])), (answer, np.array([5, 1])), (unproven, capacity))
    for unfit, places in (*wrong, (fairest, capacity)):
        with pytest.raises(SolveAnewError):
            Standing.begin(scores, unfit, places)
    with pytest.raises(ImpossibleChangeError, match="absent"):
        Standing.begin(scores, answer, capacity, present=np.array([True, False]))
    alone = assign(np.array([[0.5], [0.4]]), np.array([1]))
    with pytest.raises(ImpossibleChangeError, match="nobody"):
        Standing.begin(np.array([[0.5], [0.4]]), alone, np.array([1]), held=[1])


@pytest.mark.parametrize("shape", [(0, 0), (2, 0), (0, 3)])
def test_an_empty_side_has_a_standing_too(shape: tuple[int, int]) -> None:
    capacity = np.ones(shape[1], dtype=np.int64)
    standing = Standing.begin(
        np.zeros(shape), assign(np.zeros(shape), capacity, aim="most_served"), capacity, warm=True
    )
    assert standing.assignment.gap == 0
    for row in range(shape[0]):
        assert standing.leave(row).standing.arrive(row).served == 0
    for column in range(shape[1]):
        assert standing.open_place(column).moves == standing.close_place(column).moves == ()


def test_what_is_refused_has_no_points_any_more() -> None:
    scores, capacity = np.array([[0.9, 0.8]]), np.array([1, 1])
    standing = Standing.begin(scores, assign(scores, capacity, aim="most_served"), capacity)
    assert standing.refuse(0, 0).standing.points_of(0).tolist() == [FORBIDDEN, 800_000]


SCORES, CAPACITY = np.array([[0.9, 0.8], [0.9, np.nan], [0.1, 0.2]]), np.array([1, 1])


@pytest.mark.parametrize("place", [-1, 3, 0.5, True, None])
def test_a_row_or_a_column_that_is_not_there_is_refused_and_says_which_there_are(place: Any) -> None:
    standing = Standing.begin(SCORES, assign(SCORES, CAPACITY, aim="most_served"), CAPACITY)
    for row, column in ((place, 0), (0, place)):
        ways = [lambda: standing.refuse(row, column), lambda: standing.hold(row, column)]  # noqa: B023
        ways += [lambda: why_not(standing, row, column)]  # noqa: B023
        ways += [lambda: standing.arrive(row), lambda: standing.leave(row)] if column == 0 else []  # noqa: B023
        ways += [lambda: standing.points_of(row)] if column == 0 else []  # noqa: B023
        ways += [lambda: standing.open_place(column), lambda: standing.close_place(column)] if row == 0 else []  # noqa: B023
        for way in ways:
            with pytest.raises(InvalidSettingsError) as refused:
                way()
            name, count = ("row", 3) if column == 0 else ("column", 2)
            expected = f"a whole number from 0, below {count}"
            assert refused.value.facts == {"field": name, "value": place, "expected": expected}


def test_an_answer_with_least_loads_cannot_be_changed_since_they_would_be_forgotten() -> None:
    scores, capacity = np.array([[0.9, 0.7], [0.2, 0.8], [0.9, 0.1]]), np.array([3, 2])
    with pytest.raises(SolveAnewError, match="least loads"):
        Standing.begin(scores, assign(scores, capacity, minimum=np.array([0, 1])), capacity)


def test_other_scores_another_unit_or_bonus_than_the_answer_was_made_with_are_refused() -> None:
    answer = assign(SCORES, CAPACITY, aim="most_served")
    forbidden = np.where(answer.supporters == np.arange(2), np.nan, SCORES)
    wrong: list[tuple[Any, dict[str, Any]]] = [
        (SCORES[::-1], {}),
        (Rows(SCORES[::-1]), {}),
        (SCORES, {"unit": 1e-3}),
        (SCORES, {"bonus": np.array([1, 0, 0])}),
        (forbidden, {"held": [0, 1]}),
    ]
    for scores, options in wrong:
        with pytest.raises(SolveAnewError, match="worth something else"):
            Standing.begin(scores, answer, CAPACITY, **options)


def test_what_does_not_fit_together_is_refused_before_anything_is_made_of_it() -> None:
    answer = assign(SCORES, CAPACITY, aim="most_served")
    for scores, options, name in (
        (SCORES, {"present": np.array([True, True])}, "present"),
        (SCORES[:2], {}, "assignment"),
        (SCORES[:, :1], {"capacity": CAPACITY[:1]}, "assignment"),
    ):
        with pytest.raises(InvalidShapeError) as refused:
            Standing.begin(scores, answer, **{"capacity": CAPACITY, **options})  # type: ignore[arg-type]
        assert refused.value.facts["name"] == name
    with pytest.raises(InvalidSettingsError):
        Standing.begin(SCORES, answer, CAPACITY, held=[-1])


def test_the_bound_of_a_held_pair_does_not_exceed_its_price() -> None:
    standing = Standing.begin(SCORES, assign(SCORES, CAPACITY, aim="most_served"), CAPACITY).hold(2, 0).standing
    held = why_not(standing, 2, 0)
    assert (held.at_least, held.price, held.moves) == (0, 0, ())
