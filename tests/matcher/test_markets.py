"""Markets solved apart are as good as one solved whole, whoever solves them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Entrepreneur, Role, Settings, Supporter, markets, match, prepare
from matcher.assignment import assign
from matcher.encoding import ROLES
from matcher.markets import Solved, find_markets, solve_markets, waiting_points
from matcher.pool import Pool
from matcher.rules import RULE_ORDER
from matcher.scoring import POINTS
from matcher.unmatched import count_refusals
from tests.matcher.strategies import RELAXED, pools
from tests.matcher.test_workers import pool as five_associations

People = tuple[list[Entrepreneur], list[Supporter]]


def solve(pool: Pool, role: Role, told: list[float] | None = None) -> list[Solved]:
    reach = (lambda _share: None) if told is None else told.append
    return solve_markets(pool, find_markets(pool, role), choices=2, reach=reach)


@given(pools(), st.sampled_from(Role))
@settings(RELAXED, max_examples=120)
def test_apart_is_as_good_as_whole(people: People, role: Role) -> None:
    pool = prepare(*people)
    table = pool.entrepreneur_table
    wanted = table.roles[:, ROLES.index(role)] & (table.consent | (role is not Role.COACH))
    able = (pool.supporter_table.role == ROLES.index(role)) & pool.supporter_table.ready
    rows, columns = np.flatnonzero(wanted), np.flatnonzero(able & (pool.supporter_table.capacity > 0))
    whole = assign(
        pool.market(role, rows, columns),
        pool.supporter_table.capacity[columns],
        aim="most_served",
        bonus=waiting_points(pool, rows),
    )
    apart = solve(pool, role)
    assert sum(part.answer.served for part in apart) == whole.served
    assert sum(part.answer.total for part in apart) == whole.total
    for one in apart:
        for other in apart:
            assert one is other or not set(one.rows) & set(other.rows)


@given(pools(), st.sampled_from(Role), st.sampled_from((0.0, 0.02)))
@settings(RELAXED, max_examples=120)
def test_the_fairest_aim_serves_the_same_people_and_nobody_is_worse_off_than_who_was(
    people: People, role: Role, keeping: float
) -> None:
    seen = {person.id: people[1][0].id for person in people[0]} if people[1] else {}
    answers = {}
    for aim in ("most_served", "fairest"):
        pool = prepare(*people, Settings(aim=aim, keeping=keeping))
        answers[aim] = solve_markets(
            pool, find_markets(pool, role), choices=1, reach=lambda _share: None, previous=seen
        )
    for usual, fair in zip(answers["most_served"], answers["fairest"], strict=True):
        served = np.flatnonzero(usual.choices[:, 0] >= 0)
        assert np.array_equal(served, np.flatnonzero(fair.choices[:, 0] >= 0))
        told = fair.answer.fairness
        assert told is not None
        worth = round(keeping * POINTS)
        first, second = (
            sorted(
                pool.points(one.rows[served], one.choices[served, 0])
                + worth * (one.choices[served, 0] == place_seen(pool, one, seen)[served])
            )
            for one in (usual, fair)
        )
        assert second >= first  # the worst off, then the next
        assert told.price == sum(first) - sum(second)
        assert told.floor == told.floor_bound == (second[0] if second else None)
        assert fair.answer.gap == 0


def place_seen(pool: Pool, solved: Solved, seen: dict[str, str]) -> np.ndarray:
    return np.array([pool.column_of[seen[pool.entrepreneurs[row].id]] for row in solved.rows])


def assert_same(found: list[Solved], expected: list[Solved]) -> None:
    assert len(found) == len(expected) == 5
    for one, other in zip(found, expected, strict=True):
        assert np.array_equal(one.rows, other.rows)
        assert np.array_equal(one.choices, other.choices)
        assert np.array_equal(one.spare, other.spare)


def test_a_worker_each_or_all_together_answer_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    records = five_associations()
    told: list[float] = []
    one = solve(prepare(*records, Settings(n_jobs=1)), Role.MENTOR, told)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    assert_same(solve(prepare(*records, Settings(n_jobs=3)), Role.MENTOR), one)
    monkeypatch.setattr(markets, "WORTH_SPREADING", 0)
    told.clear()
    assert_same(solve(prepare(*records, Settings(n_jobs=2)), Role.MENTOR, told), one)
    assert told == sorted(told)


def test_previous_pairs_are_kept_in_their_markets() -> None:
    people, helpers = five_associations()
    twins = [replace(helper, id=f"{helper.id} again") for helper in helpers]
    before = {Role.MENTOR: {"e0": "s5 again", "e1": "s1 again", "e2": "nobody"}}
    result = match(people, [*helpers, *twins], previous=before)
    now = {one.entrepreneur_id: one.supporter_id for one in result.suggestions if one.rank == 1}
    assert (now["e0"], now["e1"]) == ("s5 again", "s1 again")


@given(pools(), st.sampled_from(Role))
@settings(RELAXED, max_examples=120)
def test_refusals_are_counted_as_pair_by_pair(people: People, role: Role) -> None:
    pool = prepare(*people)
    rows = np.flatnonzero(pool.entrepreneur_table.roles[:, ROLES.index(role)])
    columns = np.flatnonzero(pool.supporter_table.role == ROLES.index(role))
    refusals, possible = count_refusals(pool, role, rows)
    for at, row in enumerate(rows):
        fits = pool.respected(np.full(len(columns), row), columns)
        ours = fits["association"]
        for place, rule in enumerate(RULE_ORDER):
            broken = ~fits[rule] if rule == "association" else ours & ~fits[rule]
            assert refusals[at, place] == np.count_nonzero(broken), rule
        assert possible[at] == np.count_nonzero(np.logical_and.reduce(list(fits.values())))
