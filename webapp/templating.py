"""What every template can use: strict names, words for machine values, dates in Paris, navigation."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date as format_babel_date
from flask import Flask, current_app, g, request
from flask_babel import format_datetime, format_decimal, format_percent, format_time
from flask_login import current_user
from jinja2 import StrictUndefined

from models.accounts import Locale
from models.names import full_name
from webapp import labels
from webapp.clock import day_of, utc_now
from webapp.form_keys import new_form_key
from webapp.locale import current_locale, text_direction
from webapp.navigation import list_links
from webapp.translation import gettext as _
from webapp.translation import register_sentences
from webapp.typography import NO_BREAK, set_spaces

# Half a year on either side: a day and a month without a year are taken for the nearest one.
NEAR = timedelta(days=182)
TELEPHONE = re.compile(r"\+?\d(?:[ .]?\d){8,14}")
# Each language under its own name, so that who cannot read the page finds hers.
LOCALE_NAMES = {Locale.FRENCH.value: "Français", Locale.ENGLISH.value: "English"}


def format_day(value: date | datetime, pattern: str = "d MMMM y") -> str:
    """Write a day, as it is in Paris at that instant; far from today it is never written without its year."""
    day = day_of(value) if isinstance(value, datetime) else value
    return format_babel_date(day, _day_pattern(pattern, day), locale=current_locale())


def format_weekday(value: date | datetime) -> str:
    """Write a day with the day of the week: « mardi 2 décembre 2026 »."""
    return format_day(value, "EEEE d MMMM y")


def format_instant(value: datetime) -> str:
    """Write a day and an hour of Paris."""
    return str(format_datetime(value, _day_pattern("d MMMM y, HH:mm", day_of(value))))


def format_clock(value: datetime) -> str:
    """Write an hour of Paris."""
    return str(format_time(value, "HH:mm"))


def format_moment(value: datetime) -> str:
    """Write what somebody has to be there for, or to answer before: « mardi 24 novembre à 18:00 »."""
    return _("%(day)s at %(time)s", day=format_day(value, "EEEE d MMMM"), time=format_clock(value))


def colon() -> str:
    """Give the colon as the language of the page sets it: French leaves a space before it."""
    return f"{NO_BREAK}:" if current_locale().startswith("fr") else ":"


def _day_pattern(pattern: str, day: date) -> str:
    """Write the first of a month as French says it, « 1er novembre », and name the year where it could be another."""
    if "y" not in pattern and abs(day - day_of(utc_now())) > NEAR:
        pattern = f"{pattern} y"
    is_first = day.day == 1 and current_locale().startswith("fr")
    return pattern.replace("d ", "d'er' ", 1) if is_first else pattern


def machine_date(value: date | datetime) -> str:
    """Give what `<time datetime>` wants."""
    return value.isoformat()


def wall_day(value: datetime) -> str:
    """Give the day of an instant on a clock in France, as a date field wants it."""
    return day_of(value).isoformat()


def format_hours(minutes: int) -> str:
    """Give minutes as hours and minutes: « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\N{NO-BREAK SPACE}min"
    return f"{hours}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{rest:02d}" if rest else f"{hours}\N{NO-BREAK SPACE}h"


def find_telephone(text: str) -> str:
    """Give the first telephone number in what somebody wrote about how to reach her, or nothing."""
    found = TELEPHONE.search(text)
    return found.group() if found else ""


def register_templating(app: Flask) -> None:
    """Bind filters, names and the context of the layout."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=format_day,
        weekday=format_weekday,
        instant=format_instant,
        moment=format_moment,
        set_spaces=set_spaces,
        clock=format_clock,
        machine_date=machine_date,
        wall_day=wall_day,
        hours=format_hours,
        telephone=find_telephone,
        number=format_decimal,
        percent=format_percent,
        label=labels.label,
        full_name=full_name,
    )
    app.jinja_env.globals.update(
        new_form_key=new_form_key, colon=colon, labels=labels, current_locale=current_locale, utc_now=utc_now
    )
    register_sentences(app)
    app.context_processor(layout_context)


def layout_context() -> dict[str, Any]:
    """Give what base.html needs."""
    locale = current_locale()
    return {
        "locale": locale,
        "direction": text_direction(locale),
        "locale_names": LOCALE_NAMES,
        "nav_links": list_links(current_user.hats) if current_user.is_authenticated else (),
        "own_files": g.get("own_files"),
        "in_development": not current_app.config["SETTINGS"].production,
        "here": request.full_path.rstrip("?") if request.method == "GET" else "",
    }
