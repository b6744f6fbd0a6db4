"""Measure circles against what one would do by hand and against clustering: `python -m benchmarks.circles`.

The peers get the same people, the same rules and the same objective: how many sit in valid circles, then the total of
their scores. Each line shows both, and the seconds as a ratio to ours.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans

from benchmarks.profiles import Population
from matcher import CircleSettings, Entrepreneur, Expertise, Role, Supporter, compose_circles
from matcher.circle_pool import CirclePool
from matcher.scoring import POINTS

SIZES = ((24, 3), (40, 6), (60, 8), (120, 14), (240, 28))

Group = tuple[int, tuple[int, ...]]


def invent(n: int, m: int, seed: int) -> tuple[list[Entrepreneur], list[Supporter]]:
    """Draw n people of one large town who ask for a circle, and m who lead one or two."""
    population = Population(seed)
    rng = population.rng
    population.towns = rng.normal((48.9, 2.4), 0.06, (6, 2))
    people = [
        replace(
            population.entrepreneur(at, frozenset()),
            wants_circle=True,
            offers=tuple(Expertise(topic=topic, level=int(rng.integers(1, 4))) for topic in population.topics(0, 4)),
            availability=population.slots(0.3),
        )
        for at in range(n)
    ]
    leads = [
        replace(population.supporter(at, Role.MENTOR, (1, 2)), circles=int(rng.integers(1, 3)), availability=slots)
        for at, slots in enumerate(population.slots(0.3) for _ in range(m))
    ]
    return people, leads


def fill(pool: CirclePool, wanted: Sequence[int], free: np.ndarray) -> Group | None:
    """Seat people in this order as far as they may sit together, at the meeting that takes most of them."""
    best: Group | None = None
    for column in np.flatnonzero(free > 0):
        for eligible in pool.meetings[column].eligible:
            members: list[int] = []
            for row in wanted:
                if eligible[row] and pool.together[row, members].all() and len(members) < pool.settings.maximum:
                    members.append(row)
            if len(members) >= pool.settings.minimum and (best is None or len(members) > len(best[1])):
                best = (int(column), tuple(members))
    return best


def seat(pool: CirclePool, orders: Callable[[list[int]], Iterator[list[int]]]) -> list[Group]:
    """Open circles from the lists that `orders` gives for those who are left, until no list opens one."""
    free, left, groups = pool.capacity.copy(), list(range(pool.n)), []
    opened = True
    while opened:
        opened = False
        for wanted in orders(left):
            group = fill(pool, wanted, free)
            if group is not None:
                groups.append(group)
                free[group[0]] -= 1
                left = [row for row in left if row not in group[1]]
                opened = True
                break
    return groups


def nearest_first(pool: CirclePool) -> list[Group]:
    """Take who asked first, and seat her with those who live nearest."""
    place = np.array([(e.latitude, e.longitude) for e in pool.entrepreneurs])

    def orders(left: list[int]) -> Iterator[list[int]]:
        for first in left:
            yield sorted(left, key=lambda row: (row != first, float(((place[row] - place[first]) ** 2).sum())))

    return seat(pool, orders)


def profile(pool: CirclePool) -> np.ndarray:
    """Vectors of needs, offers, free time and place; each block of about the same length."""
    place = np.array([(e.latitude, e.longitude) for e in pool.entrepreneurs])
    blocks = [pool.needs, pool.offers, pool.slots, (place - place.mean(axis=0)) / place.std(axis=0)]
    return np.hstack([block / max(np.linalg.norm(block, axis=1).mean(), 1e-9) for block in blocks])


def clustered(labels: Callable[[np.ndarray, int], np.ndarray]) -> Callable[[CirclePool], list[Group]]:
    """Cut people into clusters of alike profiles, seat each cluster, and repair with those who are left."""

    def solve(pool: CirclePool) -> list[Group]:
        vectors = profile(pool)
        cluster = labels(vectors, max(1, round(pool.n / pool.settings.target)))

        def orders(left: list[int]) -> Iterator[list[int]]:
            for label in np.unique(cluster[left]):
                own = [row for row in left if cluster[row] == label]
                centre = vectors[own].mean(axis=0)
                yield sorted(left, key=lambda row: (cluster[row] != label, float(((vectors[row] - centre) ** 2).sum())))

        return seat(pool, orders)

    return solve


PEERS: dict[str, Callable[[CirclePool], list[Group]]] = {
    "nearest first": nearest_first,
    "k-means, repaired": clustered(lambda x, k: KMeans(k, n_init=10, random_state=0).fit_predict(x)),
    "agglomerative, repaired": clustered(lambda x, k: AgglomerativeClustering(k).fit_predict(x)),
}


def compare(n: int, m: int, seed: int) -> None:
    """Print one line per method."""
    people, leads = invent(n, m, seed)
    start = time.perf_counter()
    plan = compose_circles(people, leads)
    ours = time.perf_counter() - start
    pool = CirclePool(people, leads, CircleSettings())
    proof = "exact" if plan.exact else f"at most {plan.placed_bound} and {plan.upper_bound:.2f}"
    print(f"\n{n} people, {m} facilitators, {int(pool.capacity.sum())} circles at most")
    print(f"  {'matcher':26}{plan.placed:5} placed{plan.objective:9.2f}{ours:9.2f} s     1.00 x   {proof}")
    for name, solve in PEERS.items():
        start = time.perf_counter()
        groups = solve(pool)
        seconds = time.perf_counter() - start
        total = sum(int(pool.worth(column, np.array([members]))[0][0]) for column, members in groups) / POINTS
        placed = sum(len(members) for _, members in groups)
        assert (placed, total) <= (plan.placed, plan.objective + 1e-9), "a peer is better"
        gain = f"{plan.objective / total:.2f} x the total" if total else "nobody"
        print(f"  {name:26}{placed:5} placed{total:9.2f}{seconds:9.2f} s  {seconds / ours:7.3f} x   ours is {gain}")


def main() -> None:
    """Compare every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="which people are invented")
    options = parser.parse_args()
    for n, m in SIZES:
        compare(n, m, options.seed)


if __name__ == "__main__":
    main()
