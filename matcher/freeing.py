"""Places that can be had: free ones, and those whose holder could move on to another supporter who may have her."""

from typing import NamedTuple

import numpy as np

from matcher.candidates import walk
from matcher.encoding import BoolArray, IntArray
from matcher.frames import Frame
from matcher.pool import Pool
from matcher.rules import DENSE_RULES


class Room(NamedTuple):
    """Where there is room, shape (n_columns,) each: a place is left, or one can be had at all."""

    left: BoolArray
    to_be_had: BoolArray


def find_room(pool: Pool, rows: IntArray, held: IntArray, columns: IntArray, left: IntArray) -> Room:
    """Find the supporters with whom one person more could be placed, others moving on where they must.

    Parameters
    ----------
    pool : Pool
        The people.
    rows : ndarray of int of shape (k,)
        Entrepreneurs who have somebody.
    held : ndarray of int of shape (k,)
        Whom, as a column of the pool.
    columns : ndarray of int of shape (m,)
        Supporters to look at, all of `held` among them.
    left : ndarray of int of shape (m,)
        Places of each that nobody holds.

    Returns
    -------
    room : Room
        Who has a place left, and with whom one can be had.

    Notes
    -----
    A place can be had where a chain of moves leads to a free one: a holder goes to another supporter who may have her,
    whose holder goes on in turn. By the theorem of augmenting paths exactly then one person more is served once
    somebody who waits is allowed there. Time: one walk over the pairs of the people whose supporter is full. Memory: a
    byte for each two supporters.
    """
    has = np.asarray(left > 0)
    place = np.full(len(pool.supporters), -1)
    place[columns] = np.arange(len(columns))
    tied = ~has[place[held]]
    order = np.argsort(place[held[tied]], kind="stable")
    rows, held = rows[tied][order], place[held[tied]][order]
    return Room(has, _spread(has, _find_moves(pool, rows, held, columns)))


def _find_moves(pool: Pool, rows: IntArray, held: IntArray, columns: IntArray) -> BoolArray:
    """Whether some holder of a place of one supporter may go to another, shape (m, m); rows come by whom they have."""
    supporters = pool.supporter_table.take(columns)
    forbidden = pool.forbidden[rows][:, columns]
    moves = np.zeros((len(columns), len(columns)), dtype=bool)

    def work(start: int, stop: int) -> tuple[IntArray, BoolArray]:
        frame = Frame(pool.entrepreneur_table.take(rows[start:stop]), supporters, paired=False)
        allowed = ~forbidden[start:stop].toarray()
        for fits in DENSE_RULES.values():
            allowed &= fits(frame)
        firsts = np.flatnonzero(np.diff(held[start:stop], prepend=-1))
        return held[start:stop][firsts], np.logical_or.reduceat(allowed, firsts, axis=0)

    if len(rows):
        shape, settings = (len(rows), len(columns)), pool.settings
        for some, found in walk(shape, work, block_size=settings.block_size, n_jobs=settings.n_jobs):
            moves[some] |= found
    return moves


def _spread(has: BoolArray, moves: BoolArray) -> BoolArray:
    """Go from those with a place left to those whose holders may go there, and on."""
    reached, edge = has.copy(), has
    while edge.any():
        edge = moves[:, edge].any(axis=1) & ~reached
        reached |= edge
    return reached
