"""The words of each reading: all codes, both languages, true to the facts, and nothing for whom it is not."""

import pytest
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from matcher.readings import READERS, Reader
from tests.webapp.test_labels import REASONS, SESSION_REASONS
from webapp.words import readings
from webapp.words.engine import SENTENCES

PAIR_READERS = {code: readers for code, readers in READERS.items() if code in REASONS}
NAME = "Karima"


def read(reader: Reader, code: str, facts: dict[str, object] | None = None) -> list[str]:
    told = [{"code": code, "facts": REASONS[code] if facts is None else facts}]
    if reader is Reader.COORDINATOR:
        return readings.for_coordinator(told)
    if reader is Reader.SUPPORTER:
        return readings.for_supporter(told)
    return readings.for_entrepreneur(told, name=NAME)


def test_each_reader_has_sentences_for_just_the_codes_that_are_hers() -> None:
    assert set(REASONS) | set(SESSION_REASONS) == set(READERS)
    for reader, table in (
        (Reader.COORDINATOR, SENTENCES),
        (Reader.SUPPORTER, readings.SUPPORTER_SENTENCES),
        (Reader.ENTREPRENEUR, readings.ENTREPRENEUR_SENTENCES),
    ):
        assert set(table) == {code for code, readers in PAIR_READERS.items() if reader in readers}


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize(
    ("reader", "code"), [(reader, code) for code, readers in PAIR_READERS.items() for reader in sorted(readers)]
)
def test_each_code_becomes_a_sentence_for_each_of_its_readers(
    app: Flask, reader: Reader, code: str, locale: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        (sentence,) = read(reader, code)
    assert sentence.endswith(".")
    assert not {"%(", "None"} & {part for part in ("%(", "None") if part in sentence}


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_an_entrepreneur_reads_short_sentences(app: Flask, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        for code in readings.ENTREPRENEUR_SENTENCES:
            (sentence,) = read(Reader.ENTREPRENEUR, code, {**REASONS[code], "topics": ["sales"], "words": ["pain"]})
            assert len(sentence.split()) <= 16, sentence


@pytest.mark.parametrize(
    ("code", "facts", "english"),
    [
        ("needs_covered", {"topics": ["sales"]}, "Karima can help you with: Selling and finding customers."),
        ("same_activity", {"depth": "subclass", "activity": "10.71C"}, "Karima knows your trade."),
        ("same_activity", {"depth": "group", "activity": "10.71C"}, "Karima knows a trade close to yours."),
        ("common_language", {"languages": ["fr", "ar"]}, "You can speak together in: French and Arabic."),
        ("common_slots", {"slots": ["tue_eve"], "count": 1}, "You are free at the same times: Tuesday evening."),
        (
            "common_slots",
            {"slots": ["tue_eve"], "count": 4},
            "You are free at the same times: Tuesday evening, and more.",
        ),
        ("near", {"distance_km": 3.2}, "Karima is 3.2 km from you."),
        ("near", {"distance_km": None}, "You can meet in person."),
    ],
)
def test_what_the_entrepreneur_reads_is_what_the_reason_says(
    app: Flask, code: str, facts: dict[str, object], english: str
) -> None:
    with app.test_request_context(), force_locale("en"):
        assert read(Reader.ENTREPRENEUR, code, facts) == [english]


@pytest.mark.parametrize(
    ("code", "facts", "english"),
    [
        ("needs_covered", {"topics": ["sales"]}, "You can help with: Selling and finding customers."),
        ("common_language", {"languages": ["ar"]}, "You share a language: Arabic."),
        ("common_slots", {"slots": ["tue_eve"], "count": 1}, "You are both free: Tuesday evening."),
        ("common_slots", {"slots": ["tue_eve"], "count": 2}, "You are both free: Tuesday evening, and at other times."),
        ("near", {"distance_km": None}, "You can meet in person."),
    ],
)
def test_what_the_supporter_reads_is_what_the_reason_says(
    app: Flask, code: str, facts: dict[str, object], english: str
) -> None:
    with app.test_request_context(), force_locale("en"):
        assert read(Reader.SUPPORTER, code, facts) == [english]


@pytest.mark.parametrize("reader", [Reader.COORDINATOR, Reader.SUPPORTER])
def test_the_french_name_of_a_trade_says_its_language_on_an_english_page(app: Flask, reader: Reader) -> None:
    facts = {"depth": "subclass", "activity": "10.71C"}
    marked = '<span lang="fr">Boulangerie et boulangerie-pâtisserie</span>'
    with app.test_request_context():
        with force_locale("en"):
            assert marked in read(reader, "same_activity", facts)[0]
        with force_locale("fr"):
            assert "<span" not in read(reader, "same_activity", facts)[0]


def test_what_people_wrote_cannot_write_the_page(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        for reader in Reader:
            (sentence,) = read(reader, "similar_words", {"words": ["<b>pain"]})
            assert isinstance(sentence, Markup)
            assert "&lt;b&gt;pain" in sentence


def test_a_code_of_an_older_engine_is_said_to_the_coordinator_only(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert [len(read(reader, "forgotten_code", {})) for reader in Reader] == [1, 0, 0]
