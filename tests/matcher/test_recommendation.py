"""Workshop sessions follow what is still needed; coaching follows what people ask for."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import (
    Entrepreneur,
    Format,
    Need,
    Role,
    Settings,
    Stage,
    WorkshopSession,
    invite_to_coaching,
    recommend_sessions,
)
from matcher.errors import DuplicateIdError
from tests.matcher.people import entrepreneur, session
from tests.matcher.strategies import RELAXED, TOPICS, entrepreneurs, sessions


@st.composite
def programmes(draw: st.DrawFn) -> list[WorkshopSession]:
    return [draw(sessions(f"w{at}")) for at in range(draw(st.integers(0, 6)))]


@given(entrepreneurs(), programmes(), st.frozensets(st.sampled_from(TOPICS), max_size=2))
@settings(RELAXED, max_examples=200)
def test_recommended_sessions_can_be_attended_and_serve_something(
    person: Entrepreneur, programme: list[WorkshopSession], covered: frozenset[str]
) -> None:
    found = recommend_sessions([person], programme, covered={person.id: covered})
    by_id = {s.id: s for s in programme}
    assert len(found) <= 3
    assert len({by_id[s.session_id].theme for s in found}) == len(found)
    open_needs = {need.topic for need in person.needs} - covered
    for suggestion in found:
        chosen = by_id[suggestion.session_id]
        assert chosen.language in person.languages
        assert person.availability >> chosen.slot & 1
        assert chosen.seats_left > 0
        assert chosen.starts_in_days >= 0
        assert person.accepts_remote or chosen.format is not Format.ONLINE
        assert open_needs & set(chosen.topics) or (person.after_liquidation and "bounce_back" in chosen.topics)
        assert 0 <= suggestion.score <= 1
        assert all(0 <= part.value <= 1 for part in suggestion.components)
        assert round(sum(part.contribution for part in suggestion.components), 6) == suggestion.score
        open_needs -= set(chosen.topics)


@given(entrepreneurs(), programmes())
@settings(RELAXED, max_examples=150)
def test_a_declared_liquidation_takes_no_session_away(person: Entrepreneur, programme: list[WorkshopSession]) -> None:
    programme = [replace(s, topics=(*s.topics, "bounce_back")) if s.theme == "bounce_back" else s for s in programme]
    before = recommend_sessions([replace(person, after_liquidation=False)], programme)
    after = recommend_sessions([replace(person, after_liquidation=True)], programme)
    assert after[: len(before)] == before


def test_the_next_session_serves_what_the_first_does_not() -> None:
    person = entrepreneur(needs=(Need(topic="sales", priority=3), Need(topic="cash_flow", priority=1)))
    programme = [
        session("a", theme="x"),
        session("b", theme="y"),
        session("c", theme="z", topics=("cash_flow",)),
        session("d", theme="x", topics=("cash_flow",)),
    ]
    first, second = recommend_sessions([person], programme)
    assert (first.session_id, second.session_id) == ("a", "c")
    assert first.reasons[0].facts == {"topics": ("sales",), "priorities": (3,)}
    assert second.reasons[0].facts == {"topics": ("cash_flow",), "priorities": (1,)}


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "ar"},
        {"seats_left": 0},
        {"starts_in_days": -1},
        {"topics": ("premises",)},
        {"format": Format.IN_PERSON},
        {"format": Format.IN_PERSON, "latitude": 45.76, "longitude": 4.83},
    ],
)
def test_what_she_cannot_attend_or_use_is_not_recommended(changes: dict[str, object]) -> None:
    person = entrepreneur(latitude=48.9, longitude=2.3)
    assert recommend_sessions([person], [session(**changes)]) == ()
    assert recommend_sessions([replace(person, availability=0b10)], [session()]) == ()
    assert recommend_sessions([replace(person, accepts_remote=False)], [session()]) == ()
    assert recommend_sessions([person], [session()], covered={"e0": frozenset({"sales"})}) == ()
    assert recommend_sessions([person], [session()], settings=Settings(sessions_per_person=0)) == ()
    assert recommend_sessions([person], []) == ()


def test_reasons_name_stage_language_place_and_date() -> None:
    person = entrepreneur(latitude=48.9, longitude=2.3, languages=("en", "fr"))
    near = session(format=Format.HYBRID, latitude=48.9, longitude=2.31, stages=(Stage.LAUNCH,), slot=4)
    (suggestion,) = recommend_sessions([person], [near])
    assert [reason.code for reason in suggestion.reasons] == ["needs_served", "knows_stage", "language", "near", "date"]
    assert suggestion.reasons[3].facts == {"distance_km": 0.7}
    assert suggestion.reasons[4].facts == {"slot": "tue_pm", "starts_in_days": 6}
    assert {part.name: part.value for part in suggestion.components}["languages"] == 0.75
    (online,) = recommend_sessions([person], [session()])
    assert "online" in {reason.code for reason in online.reasons}


def test_a_door_opens_behind_the_needs() -> None:
    person = entrepreneur(after_liquidation=True)
    programme = [session("door", theme="bounce_back", topics=("bounce_back",)), session("need")]
    need, door = recommend_sessions([person], programme)
    assert (need.session_id, door.session_id) == ("need", "door")
    assert door.reasons[0].code == "situation"
    assert [s.session_id for s in recommend_sessions([replace(person, after_liquidation=False)], programme)] == ["need"]


def test_one_id_twice_is_refused() -> None:
    with pytest.raises(DuplicateIdError):
        recommend_sessions([], [session(), session()])


def test_coaching_is_offered_to_those_who_ask_and_agree_only() -> None:
    wish = frozenset({Role.COACH})
    people = [
        entrepreneur("asks", wanted_roles=wish, coaching_consent=True),
        entrepreneur("no consent", wanted_roles=wish, stage=Stage.REBOUND, after_liquidation=True),
        entrepreneur("no wish", coaching_consent=True, stage=Stage.DIFFICULTY, after_liquidation=True),
        entrepreneur(
            "declares",
            wanted_roles=wish,
            coaching_consent=True,
            stage=Stage.REBOUND,
            after_liquidation=True,
            needs=(Need(topic="confidence"), Need(topic="sales"), Need(topic="confidence")),
        ),
    ]
    asks, declares = invite_to_coaching(people)
    assert (asks.entrepreneur_id, [reason.code for reason in asks.reasons]) == ("asks", ["asked"])
    assert declares.entrepreneur_id == "declares"
    assert [reason.code for reason in declares.reasons] == [
        "asked",
        "declared_needs",
        "declared_stage",
        "declared_liquidation",
    ]
    assert declares.reasons[1].facts == {"topics": ("confidence",)}
