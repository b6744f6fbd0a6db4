"""Fields that people's forms share: weekly slots, topics with a level, a commune found by name, numbers in French."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import Field, FloatField, IntegerField, SelectMultipleField
from wtforms.validators import Regexp
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from webapp.translation import gettext as _
from webapp.words.week import DAYS, PERIODS, day_label, period_label

NO_LEVEL = 0
AN_ADDRESS = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("An address looks like name@example.org."))


class WeekField(Field):  # type: ignore[misc]  # the base ships no types
    """The 21 slots of a week as a bit mask; in the page, a table of check boxes with the bit as value."""

    widget = TextInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Add the bits up; anything that is no bit is refused."""
        mask = 0
        for value in valuelist:
            if not value.isdecimal() or int(value) >= len(DAYS) * len(PERIODS):
                raise ValueError(_("Please choose slots of the week."))
            mask |= 1 << int(value)
        self.data = mask

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read no box checked as no slot, when the form was sent."""
        super().process(formdata, data if data is not None else 0, extra_filters)
        if formdata and self.name not in formdata:
            self.data = 0

    def days(self) -> list[str]:
        """Name the days, from Monday."""
        return [day_label(day).capitalize() for day in range(len(DAYS))]

    def periods(self) -> list[str]:
        """Name the parts of a day."""
        return [period_label(period).capitalize() for period in PERIODS]

    def is_free(self, day: int, period: int) -> bool:
        """Say whether a slot is chosen."""
        return bool((self.data or 0) >> (day * len(PERIODS) + period) & 1)


class LevelsField(Field):  # type: ignore[misc]  # the base ships no types
    """A level for each topic, 0 to 3; in the page, a select named `<field>-<topic>`."""

    widget = TextInput()

    def __init__(
        self, label: LazyString, validators: Any = None, *, terms: Callable[[], list[tuple[str, str]]], **rest: Any
    ):
        super().__init__(label, validators, **rest)
        self.terms = terms()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Collect the levels that are not 0."""
        self.process_errors = []
        self.data: Mapping[str, int] = dict(data or {})
        if not formdata:
            return
        chosen = {topic: formdata.get(self.input_name(topic), "0") for topic, _label in self.terms}
        if any(level not in ("0", "1", "2", "3") for level in chosen.values()):
            self.process_errors.append(_("Please choose a level of the list."))
            return
        self.data = {topic: int(level) for topic, level in chosen.items() if level != "0"}

    def input_name(self, topic: str) -> str:
        """Give the name of one topic's select."""
        return f"{self.name}-{topic}"

    def level_of(self, topic: str) -> int:
        """Give the level chosen for a topic."""
        return self.data.get(topic, NO_LEVEL)


class ChecksField(SelectMultipleField):  # type: ignore[misc]  # the base ships no types
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WholeNumberField(IntegerField):  # type: ignore[misc]  # the base ships no types
    """A whole number; what cannot be read says what to type."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        words = _l("Type a whole number in digits, for example 12.")
        super().__init__(*args, **{"invalid_value_message": words, **kwargs})


class FrenchFloatField(FloatField):  # type: ignore[misc]  # the base ships no types
    """A number that may be written with a decimal comma."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read 12,5 as 12.5; an empty answer is no number."""
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata(["".join(value.replace(",", ".").split()) for value in valuelist])

    def _value(self) -> str:
        """Write 30 and not 30.0; what could not be read is shown as it was typed."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}".replace(".", ",")


def chosen_first(order: Iterable[str], first: str) -> tuple[str, ...]:
    """Put one code before the others, each once."""
    return tuple(dict.fromkeys(code for code in (first, *order) if code))
