"""Why something is not told, and short ways to write an entry of the register."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from models.personal.ways import Root

ACCOUNT, ENTREPRENEUR, SUPPORTER = Root.ACCOUNT, Root.ENTREPRENEUR, Root.SUPPORTER
HASHED = "only a hash is kept"
TEAM_NOTE = "a note of the team for itself"
OTHER_SIDE = "the private word of somebody else"
MACHINE = "made by the service for itself"
NOT_KNOWN_YET = "nothing the engine says reaches a supporter before it is approved"

NO_REASONS = MappingProxyType({"reasons": "told on her pages; it describes others whom she may never meet"})


def list_words(text: str) -> tuple[str, ...]:
    """Give names of columns written one after the other."""
    return tuple(text.split())


def for_all(**values: Any) -> Mapping[Root | None, Mapping[str, Any]]:
    """Give what is written instead, whoever of them is forgotten."""
    return MappingProxyType({None: MappingProxyType(values)})
