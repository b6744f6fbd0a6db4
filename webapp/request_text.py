"""What a request brings as text, without the characters that no person types and that make a text lie.

NUL is refused by PostgreSQL; other control characters ring in terminals and hide in files; and the characters that turn
the direction of what follows (of names copied from a telephone's contacts, or on purpose) would turn the rest of a
line, a mail or a calendar with them. The marks that right-to-left writing needs between words stay.
"""

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

KEPT_CONTROLS = "\t\n\r"
TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
RINGING = tuple(one for one in (*range(0x20), *range(0x7F, 0xA0)) if chr(one) not in KEPT_CONTROLS)
_UNTYPED = dict.fromkeys((*RINGING, *TURNING))


class TextRequest(Request):
    """A request whose addresses and forms hold only what somebody may have written."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Give the parameters of the address."""
        return _as_typed(super().args)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _as_typed(self.__dict__["form"])


def _as_typed(values: MultiDict[str, Any]) -> MultiDict[str, str]:
    pairs = [(name.translate(_UNTYPED), value.translate(_UNTYPED)) for name, value in values.items(multi=True)]
    return values if pairs == list(values.items(multi=True)) else ImmutableMultiDict(pairs)
