"""A week of 21 slots in words: bit = day * 3 + period, day 0 Monday, period 0 morning."""

from babel.dates import get_day_names
from babel.lists import format_list
from flask_babel import lazy_gettext as _l

from webapp.locale import current_locale
from webapp.translation import gettext as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PERIODS = ("am", "pm", "eve")
PERIOD_WORDS = {"am": _l("morning"), "pm": _l("afternoon"), "eve": _l("evening")}
SLOTS = tuple(f"{day}_{period}" for day in DAYS for period in PERIODS)
WHOLE_WEEK = 2 ** len(SLOTS) - 1


def day_label(day: int) -> str:
    """Give the name of a day of the week, 0 for Monday."""
    return str(get_day_names("wide", locale=current_locale())[day])


def period_label(period: str) -> str:
    """Give the name of a part of the day: `am`, `pm` or `eve`."""
    return str(PERIOD_WORDS[period])


def slot_label(slot: str) -> str:
    """Give the words of a slot: « mardi soir »."""
    day, period = slot.split("_")
    return _("%(day)s %(period)s", day=day_label(DAYS.index(day)), period=period_label(period))


def availability_words(availability: int) -> str:
    """Say a week in one line, day by day: « lundi matin et soir, jeudi »."""
    if not availability:
        return _("No slot given yet")
    if availability == WHOLE_WEEK:
        return _("Any time of the week")
    return join_words(
        [_day_words(day, availability >> day * 3 & 0b111) for day in range(7) if availability >> day * 3 & 0b111]
    )


def join_words(words: list[str]) -> str:
    """Join words as the language does: « a, b et c »."""
    return str(format_list(words, locale=current_locale())) if words else ""


def _day_words(day: int, periods: int) -> str:
    name = day_label(day)
    if periods == 0b111:
        return _("%(day)s all day", day=name)
    chosen = [period_label(period) for bit, period in enumerate(PERIODS) if periods >> bit & 1]
    return _("%(day)s %(period)s", day=name, period="/".join(chosen))
