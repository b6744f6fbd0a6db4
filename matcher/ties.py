"""The choice among equally good answers: the ties that the rounds did not list are listed first, within bounds."""

from collections.abc import Iterator

import numpy as np

from matcher.candidates import BLOCK_PAIRS, Pairs
from matcher.encoding import IntArray
from matcher.faces import choose, find_face
from matcher.prices import Solution
from matcher.requests import Request

MOST_TIES = 1 << 18
"""Tying pairs that are all listed to choose among equally good answers: the choice takes about a second then."""

LEAST_TIES = 8
"""Ties listed of each entrepreneur where there are more than that, however many people there are."""


def choose_answer(rest: Request, solution: Solution) -> Pairs:
    """Choose among the answers as good as one that was found: see `faces.choose`.

    Parameters
    ----------
    rest : Request
        What was asked.
    solution : Solution
        A best answer and its proof.

    Returns
    -------
    answer : Pairs
        The one chosen.

    Notes
    -----
    Up to `MOST_TIES` pairs that win exactly what both ends ask, the choice is among all of them, whatever way led to
    the solution. Where more tie, as when everybody is alike, it is as good and always the same for the same input, but
    among fewer: the pairs of the solution, those kept from an earlier answer, and of each entrepreneur's other ties in
    input order a stretch that stands as far down as she does among the entrepreneurs.
    """
    listed, used = solution.pairs, solution.used
    if len(solution.unlisted):
        m, chosen = rest.table.shape[1], listed.take(used)
        listed = _list_ties(rest, solution)
        used = np.isin(listed.rows * m + listed.columns, chosen.rows * m + chosen.columns)
    face = find_face(listed, listed.points + rest.worth[listed.rows], used, solution.prices, rest.demand, rest.places)
    return choose(face, rest.previous, rest.load)


def _list_ties(rest: Request, solution: Solution) -> Pairs:
    """List the ties that the rounds left out."""
    rows, parts, count = solution.unlisted, [solution.pairs], 0
    most = max(LEAST_TIES, MOST_TIES // rest.table.shape[0])
    for ties in _walk_ties(rest, solution, rows):
        parts.append(ties)
        count += len(ties)
        if count > MOST_TIES:
            few = (_narrow(rest, every, most) for every in _walk_ties(rest, solution, rows))
            return Pairs.collect([solution.pairs.take(solution.used), *few])
    return Pairs.collect(parts)


def _walk_ties(rest: Request, solution: Solution, rows: IntArray) -> Iterator[Pairs]:
    """Give the pairs of some rows that win exactly what both ends ask, block by block."""
    size = max(1, BLOCK_PAIRS // max(1, rest.table.shape[1]))
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        points = rest.table.points(part)
        asked = np.add(
            (solution.prices.people - rest.worth)[part, None], solution.prices.places, dtype=np.float64
        ).astype(points.dtype)
        at, columns = np.nonzero(points == asked)
        yield Pairs(part[at], columns, points[at, columns].astype(np.int64))


def _narrow(rest: Request, ties: Pairs, most: int) -> Pairs:
    """Keep those of an earlier answer, and of each entrepreneur's ties a stretch, round the end if need be."""
    n, m = rest.table.shape
    first = np.searchsorted(ties.rows, ties.rows)
    count = np.searchsorted(ties.rows, ties.rows, side="right") - first
    begin = np.maximum(ties.rows * count // n - most // 2, 0)
    kept = (np.arange(len(ties)) - first - begin) % count < most
    if rest.previous is not None:
        kept |= np.isin(ties.rows * m + ties.columns, rest.previous.rows * m + rest.previous.columns)
    return ties.take(kept)
