"""The shape of a table of moves: a state and an action give the next state; what is not in it cannot be done."""

from collections.abc import Mapping
from enum import StrEnum

Moves = Mapping[tuple[StrEnum, StrEnum], StrEnum]
