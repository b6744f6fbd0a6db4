"""What clock families share: doing what happens by itself, one record after the other."""

from collections.abc import Callable, Sequence

from models.exceptions import DomainError
from models.queries.overdue import Overdue


def act_on_each(found: Sequence[Overdue], act: Callable[[Overdue], int]) -> int:
    """Act on each, and add up what was done; what somebody did meanwhile is left alone."""
    done = 0
    for overdue in found:
        try:
            done += act(overdue)
        except DomainError:
            continue
    return done
