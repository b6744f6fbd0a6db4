"""All answers to a tiny request, one after the other: the slow truth that fast methods are held against."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Answer = frozenset[tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class Tiny:
    """A request small enough to look at every answer."""

    scores: NDArray[np.float64]
    capacity: NDArray[np.int64]
    minimum: NDArray[np.int64]
    demand: NDArray[np.int64]
    fixed: NDArray[np.int64]
    bonus: NDArray[np.int64]
    load: NDArray[np.int64]
    previous: NDArray[np.int64]

    def arguments(self) -> dict[str, Any]:
        """What `assign` is called with, besides the aim."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def points(self, pair: tuple[int, int]) -> int:
        return round(float(self.scores[pair]) * 1_000_000)

    def total(self, answer: Answer) -> int:
        return sum(self.points(pair) + int(self.bonus[pair[0]]) for pair in answer)

    def answers(self) -> Iterator[Answer]:
        """All answers that break nothing."""
        n, m = self.scores.shape
        columns = [[j for j in range(m) if not np.isnan(self.scores[i, j])] for i in range(n)]
        choices = [
            [chosen for size in range(self.demand[i] + 1) for chosen in combinations(columns[i], size)]
            for i in range(n)
        ]
        wanted = {(int(i), int(j)) for i, j in self.fixed}
        for picked in product(*choices):
            answer = frozenset((i, j) for i, chosen in enumerate(picked) for j in chosen)
            load = self.loads(answer)
            if (load <= self.capacity).all() and (load >= self.minimum).all() and wanted <= answer:
                yield answer

    def loads(self, answer: Answer) -> NDArray[np.int64]:
        return np.bincount([j for _, j in answer], minlength=self.scores.shape[1]).astype(np.int64)

    def sums(self, answer: Answer) -> list[int]:
        """Points of everybody served, the worst off first."""
        served = {i for i, _ in answer}
        return sorted(sum(self.points(pair) for pair in answer if pair[0] == i) for i in served)

    def aims(self, aim: str) -> list[Callable[[Answer], Any]]:
        """What an answer is judged by, one after the other; the largest counts."""
        if aim == "total":
            return [self.total]
        if aim == "most_served":
            return [len, self.total]
        if self.demand.max(initial=0) <= 1:
            return [len, self.sums, self.total]
        return [len, lambda answer: len({i for i, _ in answer}), lambda a: min(self.sums(a), default=0), self.total]

    def ties(self, answers: list[Answer]) -> list[Answer]:
        """Those that are left when equally good answers are chosen among as documented."""
        earlier = {(i, int(j)) for i in range(len(self.previous)) for j in self.previous[i] if j >= 0}
        answers = keep_best(answers, lambda answer: len(answer & earlier))
        answers = keep_best(answers, len)
        answers = keep_best(answers, lambda answer: -int(((self.loads(answer) + self.load) ** 2).sum()))
        changing = frozenset.union(*answers) - frozenset.intersection(*answers)
        rows, columns = sorted({i for i, _ in changing}), sorted({j for _, j in changing})
        return keep_best(
            answers,
            lambda answer: sum(
                (len(rows) - rows.index(i)) * (len(columns) - columns.index(j)) for i, j in answer & changing
            ),
        )


def keep_best(answers: list[Answer], judge: Callable[[Answer], Any]) -> list[Answer]:
    """The answers judged best."""
    best = max(map(judge, answers))
    return [answer for answer in answers if judge(answer) == best]


@st.composite
def tiny_requests(draw: st.DrawFn, most: int = 3, largest_demand: int = 2) -> Tiny:
    """Draw requests full of ties, forbidden pairs, minimums and fixed pairs."""
    n, m = draw(st.integers(0, most)), draw(st.integers(0, most))
    value = st.sampled_from((None, None, 0.0, 0.5, 0.5, 0.500001, 1.0, -0.25, -1.0))
    scores = np.array([[draw(value) for _ in range(m)] for _ in range(n)], dtype=float).reshape(n, m)

    def numbers(count: int, *values: int) -> NDArray[np.int64]:
        return np.array([draw(st.sampled_from(values)) for _ in range(count)], dtype=np.int64)

    capacity = numbers(m, 0, 1, 1, 2, 3)
    some = draw(st.booleans())
    pairs = [(i, j) for i in range(n) for j in range(m)]
    fixed = draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True)) if pairs and draw(st.booleans()) else []
    return Tiny(
        scores=scores,
        capacity=capacity,
        minimum=np.minimum(numbers(m, 0, 0, 1, 2), capacity) if some else np.zeros(m, dtype=np.int64),
        demand=numbers(n, *range(largest_demand + 1), 1),
        fixed=np.array(fixed, dtype=np.int64).reshape(-1, 2),
        bonus=numbers(n, 0, 0, 0, 400_000, 1),
        load=numbers(m, 0, 0, 1, 3),
        previous=np.array([[draw(st.integers(-1, m - 1))] for _ in range(n)], dtype=np.int64).reshape(n, 1),
    )
