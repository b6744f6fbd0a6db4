"""The four ways in which a problem is solved, by its size; tests force each of them on small ones."""

import pytest

from matcher import dense, rounds

TABLED, AT_ONCE, LISTED, GUESSED = WAYS = ("tabled", "at once", "listed", "guessed")
"""A table of all pairs where people want one supporter, else as the next; all pairs given to the flow; all listed and
few given; prices guessed and pairs looked for by them."""


def force(patch: pytest.MonkeyPatch, way: str) -> None:
    """Solve every problem in one way, whatever its size."""
    patch.setattr(dense, "LARGEST_TABLE", 10**9 if way == TABLED else 0)
    patch.setattr(rounds, "FEW_PAIRS", 10**9 if way in (TABLED, AT_ONCE) else 0)
    patch.setattr(rounds, "LISTED_PAIRS", 0 if way == GUESSED else 10**9)
    patch.setattr(rounds, "BEST", 1)
