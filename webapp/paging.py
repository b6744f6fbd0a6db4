"""Where a list is: the page number and the filters of an address, read with care and written back."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import request

Member = TypeVar("Member", bound=StrEnum)
LONGEST_TEXT = 100
LARGEST_PAGE = 100_000


def page_number() -> int:
    """Give the page asked for; anything that is no page is the first."""
    value = request.args.get("page", "1")
    return min(int(value), LARGEST_PAGE) if value.isdecimal() and len(value) < 10 and int(value) else 1


def chosen_member(name: str, members: type[Member]) -> Member | None:
    """Give a filter's member, or None when none (or none that exists) was chosen."""
    value = request.args.get(name, "")
    return members(value) if value in {member.value for member in members} else None


def chosen_id(name: str) -> UUID | None:
    """Give the public number of a record named in the address, or None when it is none."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def searched_text() -> str:
    """Give what was typed in the search field, without what no name holds."""
    return request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT]


def kept_filters(**filters: StrEnum | str | None) -> dict[str, str]:
    """Give the filters that are set, for the links to the other pages of the same list."""
    return {name: str(value) for name, value in filters.items() if value}
