"""What a request brings as text, without the one character that no text holds."""

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

NUL = "\x00"


class TextRequest(Request):
    """A request whose addresses and forms hold no NUL: PostgreSQL refuses it in a text, and no person can type it."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Give the parameters of the address."""
        return _without_nul(super().args)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _without_nul(self.__dict__["form"])


def _without_nul(values: MultiDict[str, Any]) -> MultiDict[str, str]:
    pairs = list(values.items(multi=True))
    if not any(NUL in name or NUL in value for name, value in pairs):
        return values
    return ImmutableMultiDict((name.replace(NUL, ""), value.replace(NUL, "")) for name, value in pairs)
