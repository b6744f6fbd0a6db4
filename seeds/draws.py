"""Chance for the demo population: a stream of draws for each subject, so that no subject depends on another."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")

_BLOCK = 8192  # draws taken from the generator at a time: one call for each would take most of the time


class Draws:
    """Draws from one stream; the same seed gives the same draws on every machine."""

    def __init__(self, seed: np.random.SeedSequence) -> None:
        self.rng = np.random.Generator(np.random.PCG64(seed))
        self._block: list[float] = []

    def unit(self) -> float:
        """Draw a number in [0, 1)."""
        if not self._block:
            self._block = self.rng.random(_BLOCK).tolist()
        return self._block.pop()

    def chance(self, probability: float) -> bool:
        """Say yes with that probability."""
        return self.unit() < probability

    def between(self, least: int, most: int) -> int:
        """Draw a whole number, both ends possible."""
        return least + int(self.unit() * (most - least + 1))

    def pick(self, values: Sequence[T]) -> T:
        """Draw one value, all as likely."""
        return values[int(self.unit() * len(values))]

    def sample(self, values: Iterable[T], count: int) -> list[T]:
        """Draw different values, all as likely; all of them when there are fewer."""
        left = list(values)
        return [left.pop(int(self.unit() * len(left))) for _ in range(min(count, len(left)))]


class Weighted(Generic[T]):
    """Values of unequal popularity."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.values = [value for value, weight in weights.items() if weight > 0]
        self.weights = [weight for weight in weights.values() if weight > 0]
        self._ends = list(accumulate(self.weights))

    def draw(self, draws: Draws) -> T:
        """Draw one value by its weight."""
        return self.values[min(bisect_right(self._ends, draws.unit() * self._ends[-1]), len(self.values) - 1)]

    def sample(self, draws: Draws, count: int) -> list[T]:
        """Draw different values, one after the other, by weight."""
        found: dict[T, None] = {}
        while len(found) < min(count, len(self.values)):
            found[self.draw(draws)] = None
        return list(found)


def weights(text: str) -> Weighted[str]:
    """Read weights written as `name weight name weight`."""
    words = text.split()
    return Weighted(dict(zip(words[::2], map(float, words[1::2]), strict=True)))


def share(total: int, parts_of: Sequence[float], *, least: int) -> list[int]:
    """Share a whole number by weights, each part at least `least`, by the largest remainders."""
    free = total - least * len(parts_of)
    exact = [free * weight / sum(parts_of) for weight in parts_of]
    parts = [int(value) for value in exact]
    order = sorted(range(len(parts_of)), key=lambda i: parts[i] - exact[i])
    for i in order[: free - sum(parts)]:
        parts[i] += 1
    return [part + least for part in parts]
