"""What a field of a record may hold: small questions put to one value, and the refusal that names the field.

A text where several are meant would be read letter by letter, a fraction where people are counted be cut off, and any
text be taken for a yes: all are refused. Records ask when they are made, tens of thousands of times in a run, so that
each question looks first for what is usual.
"""

from collections.abc import Callable, Collection
from enum import StrEnum
from numbers import Integral, Real
from operator import attrgetter
from typing import Any, NamedTuple, NoReturn, TypeVar

import numpy as np

from matcher.errors import InvalidRecordError, InvalidSettingsError

MOST = (1 << 31) - 1
"""Largest count of people, places or days that is believed: their sums stay within 64 bits."""

Question = Callable[[Any], bool]
Member = TypeVar("Member", bound=StrEnum)


class Field(NamedTuple):
    """A field of a record: what its value must answer, how that is said, how another is read where one can be."""

    name: str
    fits: Question
    expected: str
    read: Callable[[Any], object] | None = None


class Form:
    """The fields of one kind of record.

    Parameters
    ----------
    kind : str
        What the record is, for the message.
    *fields : Field
        Two or more; the first names the record.
    """

    def __init__(self, kind: str, *fields: Field) -> None:
        self.kind, self.fields = kind, fields
        self._values = attrgetter(*(field.name for field in fields))
        self._questions = tuple(field.fits for field in fields)

    def check(self, record: object) -> None:
        """Refuse a record with a value that does not fit, naming the field; raises InvalidRecordError.

        Members given as text become members, which the engine compares by identity.
        """
        values = self._values(record)
        for fits, value in zip(self._questions, values, strict=True):
            if not fits(value):
                break
        else:
            return
        for field, value in zip(self.fields, values, strict=True):
            if not field.fits(value):
                self._read(record, field, value)

    def _read(self, record: object, field: Field, value: object) -> None:
        if field.read is None:
            self.refuse(record, field.name, value, field.expected)
        try:
            read = field.read(value)
        except ValueError:
            self.refuse(record, field.name, value, field.expected)
        object.__setattr__(record, field.name, read)

    def refuse(self, record: object, name: str, value: object, expected: str) -> NoReturn:
        """Say that a field does not hold what is expected; raises InvalidRecordError."""
        id = str(getattr(record, self.fields[0].name))
        raise InvalidRecordError(kind=self.kind, id=id, field=name, value=value, expected=expected) from None


def check_settings(settings: object, fields: tuple[Field, ...]) -> None:
    """Refuse settings with a value that does not fit, naming the field; raises InvalidSettingsError."""
    for field in fields:
        value = getattr(settings, field.name)
        check_setting(field.name, value, field.fits(value), field.expected)


def check_setting(name: str, value: object, fits: bool, expected: str) -> None:
    """Refuse one setting; raises InvalidSettingsError."""
    if not fits:
        raise InvalidSettingsError(field=name, value=value, expected=expected)


def read_member(name: str, value: Any, kind: type[Member]) -> Member:
    """Read a member given as such or as text; raises InvalidSettingsError."""
    if not isinstance(value, str) or value not in tuple(kind):
        raise InvalidSettingsError(field=name, value=value, expected=f"one of {', '.join(kind)}")
    return kind(value)


def is_text(value: object) -> bool:
    """Whether it is a text, perhaps an empty one."""
    return isinstance(value, str)


def is_name(value: object) -> bool:
    """Whether it is a text that says something."""
    return isinstance(value, str) and value != ""


def is_name_or_none(value: object) -> bool:
    """Whether it is None, or a text that says something."""
    return value is None or (isinstance(value, str) and value != "")


def is_flag(value: object) -> bool:
    """Whether it is yes or no, and not something that Python takes for one of them."""
    return value is True or value is False or isinstance(value, np.bool_)


def is_whole(value: object) -> bool:
    """Whether it is a whole number."""
    return type(value) is int or (isinstance(value, Integral) and not isinstance(value, bool))


def is_number(value: object) -> bool:
    """Whether it is a number, whole or not."""
    return type(value) is float or (isinstance(value, Real) and not isinstance(value, bool))


def is_several(value: object) -> bool:
    """Whether it holds several values that can be read again and again, and is not a text."""
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def whole(low: int, high: int = MOST) -> Question:
    """Ask for a whole number from `low` to `high`."""
    return lambda value: (type(value) is int or is_whole(value)) and low <= value <= high


def number(low: float, high: float = MOST) -> Question:
    """Ask for a number from `low` to `high`, which NaN is not."""
    return lambda value: (type(value) is float or is_number(value)) and low <= value <= high


def none_or(fits: Question) -> Question:
    """Ask for None, or for what fits."""
    return lambda value: value is None or fits(value)


def several(fits: Question) -> Question:
    """Ask for several values, each of which fits; none at all is fine."""

    def all_fit(values: Any) -> bool:
        if type(values) is not tuple and type(values) is not frozenset and not is_several(values):
            return False
        for value in values:  # noqa: SIM110 - `all` with a generator takes twice as long
            if not fits(value):
                return False
        return True

    return all_fit


def kind_of(kind: type) -> Question:
    """Ask for an object of this kind, which a text that equals a member is not."""
    return lambda value: isinstance(value, kind)


def member_field(name: str, kind: type[StrEnum]) -> Field:
    """Make a field for a member of `kind`, or its value as text."""
    return Field(name, kind_of(kind), f"one of {', '.join(kind)}", kind)


def members_field(name: str, kind: type[StrEnum], several_as: type[tuple[Any, ...]] | type[frozenset[Any]]) -> Field:
    """Make a field for several members of `kind`, or their values as text; kept as `several_as`."""

    def read(values: Any) -> object:
        if not is_several(values):
            raise ValueError
        return several_as(kind(value) for value in values)

    return Field(name, several(kind_of(kind)), f"several, each one of {', '.join(kind)}", read)


A_NAME = "a text, not empty"


def flags(*names: str) -> tuple[Field, ...]:
    """Make fields that say yes or no."""
    return tuple(Field(name, is_flag, "True or False") for name in names)


def names(*names: str) -> tuple[Field, ...]:
    """Make fields that hold several names."""
    return tuple(Field(name, several(is_name), f"several, each {A_NAME}") for name in names)


PLACE = (
    Field("latitude", none_or(number(-90, 90)), "degrees from -90 to 90, or None"),
    Field("longitude", none_or(number(-180, 180)), "degrees from -180 to 180, or None"),
)


def check_place(form: Form, record: Any) -> None:
    """Refuse half a place; raises InvalidRecordError."""
    if (record.latitude is None) != (record.longitude is None):
        form.refuse(record, "longitude", record.longitude, "latitude and longitude together, or neither")


EFFORT = (
    Field("block_size", none_or(whole(1)), "1 or more, or None"),
    Field("candidates", whole(1), "1 or more"),
    Field("n_jobs", lambda jobs: is_whole(jobs) and jobs != 0, "a number of threads, or -1 for all cores"),
)
"""How to go about the work: asked of the settings of a run, and of an assignment by itself."""
