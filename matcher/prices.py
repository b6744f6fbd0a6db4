"""Prices that prove an assignment: what each place is worth, read from how people could be moved."""

import numpy as np

from matcher.candidates import Pairs
from matcher.encoding import IntArray


def find_prices(
    pairs: Pairs, capacity: IntArray, worth: IntArray, supporters: IntArray, points: IntArray
) -> tuple[IntArray, IntArray]:
    """Find prices for an assignment that is optimal on a list of pairs.

    Parameters
    ----------
    pairs : Pairs
        The pairs that could be used.
    capacity : ndarray of int of shape (m,)
        Places.
    worth : ndarray of int of shape (n,)
        Points won by serving each entrepreneur besides those of the pair.
    supporters : ndarray of int of shape (n,)
        The assignment: column of the supporter, -1 for nobody.
    points : ndarray of int of shape (n,)
        Points of the pair, 0 where nobody.

    Returns
    -------
    people : ndarray of int of shape (n,)
        What each entrepreneur keeps, 0 or more.
    prices : ndarray of int of shape (m,)
        The smallest prices, 0 or more, such that on every pair of the list `people + price >= worth + points`, with
        equality on the pairs assigned, and 0 where a place is left.

    Notes
    -----
    Linear programming duality: any prices with these inequalities bound every assignment by `people.sum() + capacity
    @ prices`, and these reach it. Moving somebody from supporter j to j' asks `price[j'] >= price[j] + points' -
    points`; who is not served asks `price >= worth + points`. The smallest solution is a longest path, found by
    Bellman and Ford's method on supporters only: each sweep is linear in the pairs, and there are as many sweeps as
    supporters on the longest chain.

    References
    ----------
    Ahuja, R. K., Magnanti, T. L., Orlin, J. B. (1993). Network Flows, chapters 5 and 9. Prentice Hall. ISBN
    0-13-617549-X
    """
    prices = np.zeros(len(capacity), dtype=np.int64)
    now = supporters[pairs.rows]
    waiting = now < 0
    np.maximum.at(prices, pairs.columns[waiting], (worth[pairs.rows] + pairs.points)[waiting])
    moves = ~waiting & (now != pairs.columns)
    source, target = now[moves], pairs.columns[moves]
    gain = (pairs.points - points[pairs.rows])[moves]
    order = np.lexsort((-gain, source, target))
    source, target, gain = source[order], target[order], gain[order]
    best = np.ones(len(order), dtype=bool)
    best[1:] = (np.diff(source) != 0) | (np.diff(target) != 0)
    source, target, gain = source[best], target[best], gain[best]
    starts = np.flatnonzero(np.append(True, np.diff(target) != 0)[: len(target)])
    reached = target[starts]
    while len(starts):
        asked = np.maximum.reduceat(prices[source] + gain, starts)
        if (asked <= prices[reached]).all():
            break
        prices[reached] = np.maximum(prices[reached], asked)
    served = supporters >= 0
    people = np.where(served, worth + points - np.append(prices, 0)[supporters], 0)
    return people, prices
