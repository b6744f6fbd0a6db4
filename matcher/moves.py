"""What a small change of an assignment moves, and what choosing a pair would cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One entrepreneur whose supporter changed.

    Parameters
    ----------
    row : int
        Who.
    before, after : int
        Columns of the supporters, -1 for nobody.
    """

    row: int
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgone:
    """What choosing a pair would cost.

    Parameters
    ----------
    row, column : int
        The pair.
    points : int
        What it is worth by itself, without bonus.
    served : int
        People served less, in all, if it were chosen: 0 or more when the answer serves as many as can be.
    total : int
        Points less, in all; may be negative where fewer are served.
    at_least : int
        What its two ends ask above its worth, at today's prices: a lower bound of the price, read without any search.
    price : int
        The exact price in the units of the proof, `unserved` included for whoever is served no more.
    moves : tuple of Move
        Who would change: the entrepreneur herself first, then the others in input order.
    """

    row: int
    column: int
    points: int
    served: int
    total: int
    at_least: int
    price: int
    moves: tuple[Move, ...]
