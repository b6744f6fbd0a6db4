"""Other ways to solve the same assignment, each from the same prepared profiles to the same total.

All need the whole matrix of scores; none but the flow knows places, so columns are repeated for them.
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.assignment import assign
from matcher.candidates import FORBIDDEN, Pairs, Points
from matcher.encoding import BoolArray, FloatArray, IntArray
from matcher.flow import Places, solve_flow
from matcher.scoring import POINTS


@dataclass(frozen=True)
class Problem:
    """Scores, places, and points won by serving each entrepreneur besides those of the pair."""

    table: Points
    capacity: IntArray
    bonus: IntArray

    @property
    def unserved(self) -> int:
        """More than all that rearranging can win."""
        return int((min(self.table.shape) + 1) * (POINTS + 1))

    def matrix(self) -> tuple[FloatArray, BoolArray]:
        """Points and permissions of all pairs, as the peers need them."""
        n = self.table.shape[0]
        points = np.vstack([self.table.points(slice(start, min(n, start + 256))) for start in range(0, n, 256)])
        return points, points > FORBIDDEN

    def expanded(self) -> np.ndarray:
        """One column per place; columns for staying alone where somebody may have to."""
        points, allowed = self.matrix()
        worth = np.where(allowed, np.float64(points) + self.bonus[:, None] + self.unserved, -1e15)
        places = np.repeat(worth, self.capacity, axis=1)
        enough = allowed.all() and places.shape[1] >= len(points)
        return places if enough else np.hstack([places, np.zeros((len(points), len(points)))])

    def read(self, expanded: np.ndarray, rows: IntArray, columns: IntArray) -> tuple[int, int]:
        """Served and total of an answer on the expanded matrix."""
        served = columns < int(self.capacity.sum())
        return int(served.sum()), int(expanded[rows[served], columns[served]].sum() - self.unserved * served.sum())


def by_matcher(problem: Problem, n_jobs: int = -1) -> tuple[int, int]:
    """Forecast, few pairs, flow, prices, proof."""
    answer = assign(problem.table, problem.capacity, bonus=problem.bonus, aim="most_served", n_jobs=n_jobs)
    assert answer.gap == 0
    return answer.served, answer.total


def by_flow_on_all_pairs(problem: Problem) -> tuple[int, int]:
    """Give every allowed pair to the flow solver of OR-Tools."""
    points, allowed = problem.matrix()
    rows, columns = np.nonzero(allowed)
    pairs = Pairs(rows, columns, points[rows, columns].astype(np.int64))
    ones, worth = np.ones(len(points), dtype=np.int64), problem.bonus + problem.unserved
    used = solve_flow(pairs, ones, worth, Places.free(problem.capacity))
    return int(used.sum()), int((pairs.points + problem.bonus[pairs.rows])[used].sum())


def by_scipy(problem: Problem) -> tuple[int, int]:
    """Jonker and Volgenant's algorithm on expanded places."""
    expanded = problem.expanded()
    return problem.read(expanded, *linear_sum_assignment(expanded, maximize=True))


def by_munkres(problem: Problem) -> tuple[int, int]:
    """The Hungarian method in Python, on expanded places."""
    from munkres import Munkres

    expanded = problem.expanded()
    highest = expanded.max()
    found = np.array(Munkres().compute((highest - expanded).tolist()))
    return problem.read(expanded, found[:, 0], found[:, 1])


def by_networkx(problem: Problem) -> tuple[int, int]:
    """Network simplex in Python on every allowed pair."""
    import networkx as nx

    points, allowed = problem.matrix()
    n = len(points)
    graph: Any = nx.DiGraph()
    graph.add_node("end", demand=n)
    for row in range(n):
        graph.add_node(row, demand=-1)
        graph.add_edge(row, "end", weight=0)
        wins = np.where(allowed[row], points[row], 0).astype(int) + int(problem.bonus[row]) + problem.unserved
        for column in np.flatnonzero(allowed[row]).tolist():
            graph.add_edge(row, n + column, capacity=1, weight=-int(wins[column]))
    for column, places in enumerate(problem.capacity.tolist()):
        graph.add_edge(n + column, "end", capacity=places, weight=0)
    _cost, flow = nx.network_simplex(graph)
    chosen = [(row, to - n) for row in range(n) for to, amount in flow[row].items() if amount and to != "end"]
    return len(chosen), sum(int(points[pair]) + int(problem.bonus[pair[0]]) for pair in chosen)


def by_matching(problem: Problem) -> tuple[int, int]:
    """Stable places of `matching`, both sides ranking each other by score: another aim, so only its time compares."""
    from matching.games import HospitalResident

    points, allowed = problem.matrix()
    n, m = points.shape
    people = {
        row: [int(column) for column in np.argsort(-points[row], kind="stable") if allowed[row, column]]
        for row in range(n)
    }
    helpers = {
        column: [int(row) for row in np.argsort(-points[:, column], kind="stable") if allowed[row, column]]
        for column in range(m)
    }
    residents = {row: [f"s{column}" for column in columns] for row, columns in people.items() if columns}
    hospitals = {f"s{column}": rows for column, rows in helpers.items() if rows}
    room = {f"s{column}": int(problem.capacity[column]) for column, rows in helpers.items() if rows}
    solved = _deeply(lambda: HospitalResident.create_from_dictionaries(residents, hospitals, room).solve())
    return sum(len(rows) for rows in solved.values()), 0


def _deeply(work: Callable[[], Any]) -> Any:
    """Call something that calls itself for each person, in a thread with room for it."""
    found: list[Any] = []
    limit, size = sys.getrecursionlimit(), threading.stack_size(1 << 29)
    sys.setrecursionlimit(1_000_000)
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    threading.stack_size(size)
    sys.setrecursionlimit(limit)
    return found[0]
