"""Two ways to look at pairs with the same code: a block of entrepreneurs against all supporters, or a list of pairs.

A rule or a criterion is written once against `Frame`; both frames give the very same numbers, since products are whole.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.encoding import BoolArray, EntrepreneurTable, FloatArray, IntArray, SupporterTable

Value = TypeVar("Value")


class Once(Generic[Value]):
    """An attribute worked out at first use.

    Before Python 3.12 `functools.cached_property` holds one lock per class, so that threads wait for each other.
    """

    def __init__(self, work: Callable[[Any], Value]) -> None:
        self.work = work
        self.__doc__ = work.__doc__

    def __get__(self, owner: Any, kind: type) -> Value:
        """Work the value out and keep it on the object, where later reads find it first."""
        value = owner.__dict__[self.work.__name__] = self.work(owner)
        return value


class Frame:
    """Pairs of one block or one list, with the quantities that rules and criteria share, computed once.

    Parameters
    ----------
    entrepreneurs : EntrepreneurTable
        The rows looked at.
    supporters : SupporterTable
        The columns looked at.
    paired : bool
        False: every row with every column, shape `(n_rows, n_columns)`. True: row k with column k, shape `(n,)`.
    """

    def __init__(self, entrepreneurs: EntrepreneurTable, supporters: SupporterTable, *, paired: bool) -> None:
        self.entrepreneurs = entrepreneurs
        self.supporters = supporters
        self.paired = paired
        n = len(entrepreneurs)
        self.shape: tuple[int, ...] = (n,) if paired else (n, len(supporters))

    def inner(self, left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
        """Products of the rows' vectors with the columns' vectors; exact for whole numbers."""
        if self.paired:
            return np.asarray(np.einsum("ij,ij->i", left, right))
        return np.asarray(left @ right.T)

    def rows(self, values: NDArray[Any]) -> NDArray[Any]:
        """Turn a value per entrepreneur, so that it meets one per supporter."""
        return values if self.paired else values[:, None]

    def lookup(self, table: NDArray[Any], keys: IntArray) -> NDArray[Any]:
        """Read the entry of the columns' `table`, of shape (n_columns, n_keys), at each row's key."""
        return np.asarray(table[np.arange(len(keys)), keys] if self.paired else table.T[keys])

    def pick(self, table: NDArray[Any], keys: IntArray) -> NDArray[Any]:
        """Read the entry of the rows' `table`, of shape (n_rows, n_keys), at each column's key."""
        return np.asarray(table[np.arange(len(keys)), keys] if self.paired else table[:, keys])

    @Once
    def common_languages(self) -> FloatArray:
        """Sum of the ease marks of the languages that both speak."""
        return self.inner(self.entrepreneurs.languages, self.supporters.languages)

    @Once
    def common_slots(self) -> NDArray[np.uint8]:
        """Count the weekly slots that both have."""
        return np.asarray(np.bitwise_count(self.rows(self.entrepreneurs.availability) & self.supporters.availability))

    @Once
    def squared_metres(self) -> NDArray[np.float64]:
        """Squared straight line between the two, in square metres."""
        return self.inner(self.entrepreneurs.place, self.supporters.place)

    @Once
    def distance_ratio(self) -> FloatArray:
        """Squared distance over the squared farthest that both accept: 1 at the limit."""
        closest = np.maximum(self.rows(self.entrepreneurs.reach), self.supporters.reach)
        return np.asarray(self.squared_metres.astype(np.float32) * closest)

    @Once
    def both_remote(self) -> BoolArray:
        """Whether both accept to meet remotely."""
        return np.asarray(self.rows(self.entrepreneurs.remote) & self.supporters.remote)

    @Once
    def within_reach(self) -> BoolArray:
        """Whether they can meet in person."""
        return self.distance_ratio <= 1
