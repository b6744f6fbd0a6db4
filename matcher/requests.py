"""What is asked of an assignment, in whole numbers, and what is left of it once some pairs are fixed."""

from dataclasses import dataclass, replace

import numpy as np

from matcher.candidates import Pairs, Points
from matcher.encoding import IntArray
from matcher.errors import InvalidScoreError
from matcher.flow import LARGEST_SUM, Places
from matcher.frames import Once
from matcher.tables import RestPoints


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked, checked: see `assignment.assign`."""

    table: Points
    capacity: IntArray
    minimum: IntArray
    demand: IntArray
    bonus: IntArray
    load: IntArray
    previous: Pairs | None
    aim: str
    unit: float

    def without(self, fixed: Pairs) -> "Request":
        """Give what is left to decide once some pairs are fixed."""
        if len(fixed) == 0:
            return self
        n, m = self.table.shape
        taken = np.bincount(fixed.columns, minlength=m)
        return replace(
            self,
            table=RestPoints(self.table, None, fixed),
            capacity=self.capacity - taken,
            minimum=np.maximum(self.minimum - taken, 0),
            demand=self.demand - np.bincount(fixed.rows, minlength=n),
            load=self.load + taken,
        )

    @property
    def unserved(self) -> int:
        """What a place left empty counts: see the notes of `assignment.assign`."""
        return self._empty * (2 * self.table.largest + 1)

    @property
    def prize(self) -> int:
        """What each place of a minimum wins, if there is one: see the notes of `assignment.assign`."""
        return self._short * (2 * self.table.largest + 1)

    @property
    def _empty(self) -> int:
        return 0 if self.aim == "total" else min(self.table.shape) + 1

    @property
    def _short(self) -> int:
        return min(self.table.shape) + 2 if self.minimum.any() else 0

    @Once
    def worth(self) -> IntArray:
        """Count the points that each entrepreneur wins with a place, besides the score."""
        # The dearest arc of the flow, twice for everybody and both ends, must fit: the solver refuses some beyond that.
        (n, m), steps = self.table.shape, max(self._empty, self._short)
        room = (LARGEST_SUM - 1) // (2 * (n + m + 2)) - int(self.bonus.max(initial=0)) - steps
        most = room // (2 * steps + 1)
        if self.table.largest > most:
            expected = (
                f"{max(0, most) * self.unit:g} at most for {n} by {m} people with these bonuses, or a larger unit"
            )
            raise InvalidScoreError(value=self.table.largest * self.unit, expected=expected)
        return self.bonus + self.unserved

    @Once
    def places(self) -> Places:
        """Give what supporters offer."""
        most = np.maximum(np.minimum(self.capacity, self.table.shape[0]), self.minimum)
        return Places.free(most, self.minimum, self.prize)

    def missing(self, columns: IntArray) -> int:
        """Places of minimums that pairs with these columns leave empty."""
        if not self.minimum.any():
            return 0
        load = np.bincount(columns, minlength=self.table.shape[1])
        return int(np.maximum(self.minimum - load, 0).sum())
