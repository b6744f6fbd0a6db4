"""How anybody with a first and a last name is called."""

from typing import Protocol


class Named(Protocol):
    """Who has a first and a last name: an account, an entrepreneur, a supporter, a row that tells of one."""

    @property
    def first_name(self) -> str:
        """The name among friends."""

    @property
    def last_name(self) -> str:
        """The name of the family."""


def full_name(person: Named) -> str:
    """Give first and last name."""
    return f"{person.first_name} {person.last_name}"
