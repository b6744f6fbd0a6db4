"""Dates in words: the first of a month is « 1er » in French, on pages and in messages; other days are plain."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale

from webapp import templating
from webapp.messages.wording import Facts
from webapp.templating import format_day, format_instant, format_weekday
from webapp.translation import gettext, ngettext

# Half past midnight in Paris on 1 November, still October in UTC.
FIRST = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templating, "utc_now", lambda: datetime(2026, 11, 22, 23, 30, tzinfo=UTC))  # the 23rd in Paris


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "fr",
            (
                *("1er novembre 2026", "dimanche 1er novembre", "1er nov.", "dimanche 1er novembre 2026"),
                *("1er novembre 2026, 00:30", "dimanche 1er novembre 2026"),
            ),
        ),
        (
            "en",
            (
                *("1 November 2026", "Sunday 1 November", "1 Nov", "Sunday 1 November 2026"),
                *("1 November 2026, 00:30", "Sunday, November 1, 2026"),
            ),
        ),
    ],
)
def test_the_first_of_a_month_is_written_as_it_is_said(app: Flask, locale: str, words: tuple[str, ...]) -> None:
    with app.test_request_context(), force_locale(locale):
        written = (
            *(format_day(FIRST, pattern) for pattern in ("d MMMM y", "EEEE d MMMM", "d MMM")),
            format_weekday(FIRST),
            format_instant(FIRST),
            Facts({"at": FIRST.isoformat()}).day("at"),
        )
    assert written == words


def test_pages_mails_and_code_elide_before_a_name_and_pages_still_escape_it(app: Flask) -> None:
    sentence = '{{ _("About %(name)s", name=name) }}'
    with app.test_request_context(), force_locale("fr"):
        mail = app.jinja_env.overlay(autoescape=False).from_string(sentence)
        assert mail.render(name="<Éva>") == gettext("About %(name)s", name="<Éva>") == "À propos de <Éva>"
        assert render_template_string(sentence, name="Éva <b>") == "À propos d’Éva &lt;b&gt;"
        assert mail.render(name="Éva") == gettext("About %(name)s", name="Éva") == "À propos d’Éva"
        counted = '{{ ngettext("One person", "%(num)d people", 2) }}'
        assert render_template_string(counted) == ngettext("One person", "%(num)d people", 2)


@pytest.mark.parametrize("day", [2, 11, 21, 31])
def test_other_days_are_plain(app: Flask, day: int) -> None:
    with app.test_request_context(), force_locale("fr"):
        assert format_day(date(2026, 12, day)) == f"{day} décembre 2026"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 5, 25), "lundi 25 mai"),
        (date(2026, 5, 24), "dimanche 24 mai 2026"),
        (date(2027, 5, 24), "lundi 24 mai"),
        (date(2027, 5, 25), "mardi 25 mai 2027"),
        (date(2028, 11, 5), "dimanche 5 novembre 2028"),
        (date(2028, 10, 1), "dimanche 1er octobre 2028"),
    ],
)
def test_a_day_that_could_be_taken_for_another_year_s_names_its_year(app: Flask, day: date, words: str) -> None:
    with app.test_request_context(), force_locale("fr"):
        assert format_day(day, "EEEE d MMMM") == words
