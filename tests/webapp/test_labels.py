"""Machine values become words, in both languages."""

import importlib
import pkgutil
import re
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import models
from matcher import records, settings
from models.associations import MatchAim
from models.correspondence import TapAnswer, TapPurpose
from models.personal.ways import Root
from models.queries.erasures import StillOpen
from models.queries.holdings import Holding
from models.supporters import SupporterRole
from webapp import labels
from webapp.services.rematch_storage import RematchCause
from webapp.words import engine as engine_words
from webapp.words import plans as plan_words
from webapp.words.enums import LABELS
from webapp.words.holdings import tell_holdings
from webapp.words.suggestions import tell_rematch_cause
from webapp.words.taps import TAP_WORDS
from webapp.words.week import SLOTS
from webapp.words.weights import tell_aim

# Told in whole sentences, which the test below looks at.
IN_SENTENCES = {Holding, Root, StillOpen, TapAnswer, TapPurpose}


def list_enums() -> list[type[StrEnum]]:
    found = set()
    for info in pkgutil.walk_packages(models.__path__, "models."):
        if "migrations" in info.name:
            continue
        module = importlib.import_module(info.name)
        found |= {
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, StrEnum) and value.__module__ == info.name
        }
    return sorted(found - IN_SENTENCES, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", list_enums(), ids=lambda kind: kind.__name__)
def test_every_member_has_a_word(app: Flask, kind: type[StrEnum]) -> None:
    assert set(LABELS[kind]) == set(kind)
    for locale in ("fr", "en"):
        with app.test_request_context(), force_locale(locale):
            assert all(labels.label(member).strip() for member in kind)


def test_every_question_of_a_mail_and_every_thing_to_hand_over_has_its_sentences(app: Flask) -> None:
    assert set(TAP_WORDS) == set(TapPurpose)
    with app.test_request_context(), force_locale("fr"):
        told = tell_holdings(dict.fromkeys(Holding, 2))
    assert len(set(told)) == len(Holding)
    assert all("2" in line for line in told)


def test_members_of_two_enums_with_one_value_keep_their_own_words(app: Flask) -> None:
    from models.states import PairingState, SupporterState

    with app.test_request_context(), force_locale("en"):
        assert labels.label(PairingState.ENDED) != labels.label(SupporterState.LEFT)
        assert labels.label(SupporterRole.MENTOR) == "Mentor"


def test_rules_and_components_of_the_engine_have_words(app: Flask) -> None:
    assert set(engine_words.RULES) == {rule.value for rule in records.Rule}
    joined = {"stage_text"}  # how the lending side reads two of them
    assert set(engine_words.COMPONENTS) == {*settings.COMPONENTS, *settings.SESSION_COMPONENTS} | joined


@pytest.mark.parametrize(
    ("mask", "english"),
    [
        (0, "No slot given yet"),
        (2**21 - 1, "Any time of the week"),
        (0b100_000, "Tuesday evening"),
        (0b111, "Monday all day"),
        (0b101, "Monday morning/evening"),
        (0b100_001, "Monday morning and Tuesday evening"),
        (1 << 20, "Sunday evening"),
    ],
)
def test_a_week_is_said_in_one_line(app: Flask, mask: int, english: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert labels.availability_words(mask) == english


def test_slots_are_those_of_the_engine() -> None:
    assert SLOTS == records.SLOTS


def test_closed_lists_speak_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context():
        with force_locale("fr"):
            assert labels.topic_label("market_study") == "Étude de marché et clientèle"
            assert labels.language_label("ar") == "Arabe"
        with force_locale("en"):
            assert labels.topic_label("market_study") == "Market study and customers"
            assert labels.list_topics()[0] == ("project_idea", "Clarify the idea and the project")
        assert labels.topic_label("unheard_of") == "unheard_of"


REASONS = {
    "needs_covered": {"topics": ["sales", "marketing"], "priorities": [3, 1], "levels": [2, 2]},
    "needs_uncovered": {"topics": ["sales"], "priorities": [3]},
    "same_activity": {"depth": "class", "activity": "10.71C"},
    "other_activity": {"activity": "10.71C"},
    "knows_stage": {"stage": "idea"},
    "other_stage": {"stage": "idea"},
    "common_language": {"languages": ["fr", "ar"]},
    "other_language": {"language": "ar"},
    "common_slots": {"slots": ["mon_am", "tue_eve"], "count": 5},
    "few_slots": {"slots": [], "count": 0},
    "near": {"distance_km": 3.2},
    "remote": {"distance_km": None},
    "far": {"distance_km": 28.0},
    "similar_words": {"words": ["pain", "levain"]},
    "beyond_neighbourhood": {},
    "bounced_back": {},
    "certified": {},
    "no_place_left": {},
}


SESSION_REASONS = {
    "needs_served": {"topics": ["sales"], "priorities": [3]},
    "situation": {},
    "knows_stage": {"stage": "idea"},
    "language": {"language": "fr"},
    "near": {"distance_km": 3.2},
    "online": {},
    "date": {"slot": "tue_eve", "starts_in_days": 4},
    "asked": {},
    "declared_needs": {"topics": ["sales"]},
    "declared_stage": {"stage": "idea"},
    "declared_liquidation": {},
}


def codes_in(module: str) -> set[str]:
    """Read the codes of reasons where the engine writes them."""
    source = (Path(records.__file__).parent / module).read_text(encoding="utf-8")
    return set(re.findall(r'Reason\(\s*code="(\w+)"', source))


def test_every_code_that_the_engine_gives_has_a_sentence_and_an_example() -> None:
    assert codes_in("explanation.py") == set(engine_words.SENTENCES) == set(REASONS)
    session_codes = codes_in("recommendation.py") | codes_in("session_views.py")
    assert session_codes == set(engine_words.SESSION_SENTENCES) == set(SESSION_REASONS)


def test_everything_that_a_plan_may_lack_has_words() -> None:
    # A circle's own line is read from the circle; what keeps somebody from it is named by a variable in the engine.
    named = codes_in("plans.py") | codes_in("seats.py") | {"language", "time"}
    assert named - {"circle"} == set(plan_words.COORDINATOR)
    assert set(plan_words.PERSON) < set(plan_words.COORDINATOR)


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("code", SESSION_REASONS)
def test_a_reason_for_a_session_becomes_a_sentence(app: Flask, code: str, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        sentence = labels.session_reason_words({"code": code, "facts": SESSION_REASONS[code]})
    assert sentence.endswith(".")
    assert "%(" not in sentence


@pytest.mark.parametrize(
    ("days", "english"),
    [(0, "Today."), (1, "Tomorrow, on Tuesday evening."), (4, "In 4 days, on Tuesday evening.")],
)
def test_a_date_is_said_as_one_says_it(app: Flask, days: int, english: str) -> None:
    with app.test_request_context(), force_locale("en"):
        facts = {"slot": "tue_eve", "starts_in_days": days}
        assert labels.session_reason_words({"code": "date", "facts": facts}) == english


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("code", REASONS)
def test_a_reason_becomes_a_sentence(app: Flask, code: str, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        sentence = labels.reason_words({"code": code, "facts": REASONS[code]})
    assert sentence.endswith(".")
    assert "%(" not in sentence
    assert "None" not in sentence


def test_a_reason_names_what_is_urgent_and_how_many_slots_are_left_out(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert labels.reason_words({"code": "needs_covered", "facts": REASONS["needs_covered"]}) == (
            "Can help with: Selling and finding customers · Communication and marketing. "
            "Urgent among these: Selling and finding customers."
        )
        assert labels.reason_sentence("common_slots", REASONS["common_slots"]) == (
            "Free at the same time: Monday morning and Tuesday evening, and 3 more slots."
        )


def test_a_code_of_an_older_engine_is_no_failure(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert labels.reason_sentence("forgotten_code", {}) == "Another point in common"


def test_every_aim_and_every_cause_of_a_rematch_has_words(app: Flask) -> None:
    with app.test_request_context():
        assert all(tell_aim(aim) for aim in MatchAim)
        assert all(tell_rematch_cause(cause) for cause in RematchCause)
        assert tell_rematch_cause("") == ""
