"""Records refuse impossible values, and errors carry their facts."""

import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from matcher import (
    COMPONENTS,
    DEFAULT_WEIGHTS,
    CircleSeat,
    CircleSettings,
    Decision,
    Expertise,
    Format,
    Need,
    Outcome,
    Role,
    Settings,
    Stage,
    evaluate_pair,
    find_newcomers,
    judge_circle,
    match_pool,
    prepare,
    rank_supporters,
    suggest_weights,
)
from matcher.criteria import CRITERIA
from matcher.errors import BrokenRuleError, InvalidRecordError, InvalidSettingsError, MatcherError
from matcher.records import SLOTS
from matcher.settings import DEFAULT_SESSION_WEIGHTS, MAX_TEXT_SHARE, SESSION_COMPONENTS
from tests.matcher.people import entrepreneur, session, supporter

NAN, INFINITE = float("nan"), float("inf")
NOT_NAMES = ("", 5, None)
NOT_SEVERAL_NAMES = ("s1", 5, None, ("",), (5,), frozenset({5}))
NOT_FLAGS = ("no", 0, 1, None)
NOT_COUNTS = (-1, 1.5, 2.0, "2", None, True, NAN, 1 << 31)
NOT_PLACES = {"latitude": ("48", 91.0, NAN, True), "longitude": (2j, -181, INFINITE)}
NOT_ACTIVITIES = ("bakery", "04.1", "", 10.71)

NOT_OF_A_PERSON = {
    "id": NOT_NAMES,
    "languages": NOT_SEVERAL_NAMES,
    "availability": (*NOT_COUNTS, 1 << 21),
    "max_km": (-1.0, 20_001, NAN, "30", None, False),
    "accepts_remote": NOT_FLAGS,
    "text": (None, 5, b"text"),
    **dict.fromkeys(("association", "catchment", "household"), ("", 5)),
    **NOT_PLACES,
}
MAKE: dict[str, Callable[..., object]] = {
    "need": partial(Need, topic="sales"),
    "expertise": partial(Expertise, topic="sales"),
    "entrepreneur": entrepreneur,
    "supporter": supporter,
    "session": session,
    "circle seat": partial(CircleSeat, circle_id="c", language="fr", slot=3),
    "decision": partial(Decision, role=Role.MENTOR, components={}, outcome=Outcome.ACCEPTED, case=1),
}
NOT_HELD: dict[str, dict[str, tuple[object, ...]]] = {
    "need": {"topic": NOT_NAMES, "priority": (0, 4, 2.5, "2", None)},
    "expertise": {"topic": NOT_NAMES, "level": (0, 4, 1.0, "2", None)},
    "entrepreneur": {
        **NOT_OF_A_PERSON,
        "needs": ("sales", ("sales",), None, (Expertise(topic="sales"),)),
        "stage": ("lanch", "", None, 3, []),
        "wanted_roles": ({"mentr"}, "mentor", Role.MENTOR, None, [None], frozenset({3})),
        "activity": NOT_ACTIVITIES,
        **dict.fromkeys(("coaching_consent", "after_liquidation", "wants_bridging", "wants_circle"), NOT_FLAGS),
        "waiting_days": (*NOT_COUNTS, 36_501),
        **dict.fromkeys(("excluded", "apart"), NOT_SEVERAL_NAMES),
        "hours_per_month": (-1, "4", NAN, INFINITE, True),
        "offers": ("sales", (Need(topic="sales"),)),
    },
    "supporter": {
        **NOT_OF_A_PERSON,
        "role": ("mentr", "", None, 1),
        "expertise": ("sales", (Need(topic="sales"),), None),
        "capacity": NOT_COUNTS,
        "activities": (*((code,) for code in NOT_ACTIVITIES), "10.71C", None),
        "stages": ("launch", ("lanch",), None, (3,)),
        "judges": NOT_SEVERAL_NAMES,
        **dict.fromkeys(("active_business", "has_bounced_back", "certified"), NOT_FLAGS),
        "circles": NOT_COUNTS,
    },
    "session": {
        **dict.fromkeys(("id", "theme", "language"), NOT_NAMES),
        "topics": NOT_SEVERAL_NAMES,
        "stages": ("launch", ("lanch",), None),
        "slot": (*NOT_COUNTS, 21),
        "format": ("inperson", "", None),
        **NOT_PLACES,
        "seats_left": NOT_COUNTS,
        "starts_in_days": (0.5, "3", None, 36_501, -36_501),
        "hours": (-1, NAN, INFINITE, "2", None),
        "needed": NOT_COUNTS,
    },
    "circle seat": {
        **dict.fromkeys(("circle_id", "language"), NOT_NAMES),
        "slot": (*NOT_COUNTS, 21),
    },
    "decision": {
        "case": (None, "1", 1.5),
        "role": ("mentr", None),
        "outcome": ("yes", None),
        "components": (None, "needs"),
        "list_length": (*NOT_COUNTS, 0),
        "popularity": NOT_COUNTS,
    },
}


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind, table in NOT_HELD.items() for field in table])
def test_impossible_values_are_refused(kind: str, field: str) -> None:
    # A place is given whole, so that each half is looked at by itself.
    place = {"latitude": 48.0, "longitude": 2.0} if field in NOT_PLACES else {}
    for value in NOT_HELD[kind][field]:
        with pytest.raises(InvalidRecordError) as error:
            MAKE[kind](**{**place, field: value})
        facts = error.value.facts
        assert (facts["kind"], facts["field"], facts["value"]) == (kind, field, value), value
        assert f"{kind} {facts['id']!r}: {field} is {value!r}, expected {facts['expected']}" == str(error.value)


@pytest.mark.parametrize("make", [entrepreneur, supporter, session])
def test_half_a_place_is_refused(make: Callable[..., object]) -> None:
    for half in ({"latitude": 48.0}, {"longitude": 2.0}):
        with pytest.raises(InvalidRecordError, match="together"):
            make(**half)


def test_values_of_members_are_read_as_members() -> None:
    """The engine compares by identity: an ambassador named as text must not pass as ready, nor online as in person."""
    asks = entrepreneur(stage="launch", wanted_roles=["mentor", Role.COACH])
    assert (asks.stage, asks.wanted_roles) == (Stage.LAUNCH, frozenset({Role.MENTOR, Role.COACH}))
    assert {type(role) for role in asks.wanted_roles} == {Role}
    gives = supporter(role="ambassador", stages=["idea"])
    assert gives.role is Role.AMBASSADOR
    assert [stage is Stage.IDEA for stage in gives.stages] == [True]
    assert session(format="online").format is Format.ONLINE
    assert asks == entrepreneur(stage=Stage.LAUNCH, wanted_roles=frozenset({Role.MENTOR, Role.COACH}))
    assert not evaluate_pair(entrepreneur(wanted_roles=frozenset({Role.AMBASSADOR})), gives).allowed


def test_numbers_of_arrays_and_lists_of_names_are_taken() -> None:
    taken = supporter(capacity=np.int64(2), max_km=np.float32(4), languages=["fr"], certified=np.True_)
    assert (taken.capacity, taken.languages) == (2, ["fr"])
    assert entrepreneur(max_km=7, excluded={"s0"}, hours_per_month=0).excluded == {"s0"}


def test_a_role_that_is_none_is_refused_where_it_is_asked_about() -> None:
    pool = prepare([entrepreneur("a")], [supporter("s")])
    assert rank_supporters(pool, "a", "mentor") == rank_supporters(pool, "a", Role.MENTOR)  # type: ignore[arg-type]
    asked: list[tuple[str, Callable[[], object]]] = [
        ("role", lambda: rank_supporters(pool, "a", "mentr")),  # type: ignore[arg-type]
        ("role", lambda: suggest_weights([], {"needs": 1}, "mentr", rng=np.random.default_rng(1))),  # type: ignore[arg-type]
        ("previous", lambda: match_pool(pool, previous={"mentr": {"a": "s"}})),  # type: ignore[dict-item]
    ]
    for field, ask in asked:
        with pytest.raises(InvalidSettingsError, match=f"{field} is 'mentr', expected one of mentor"):
            ask()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weights": {Role.MENTOR: {"charm": 1.0}}}, "weights[mentor][charm]"),
        ({"weights": {Role.MENTOR: {"needs": -1.0}}}, "weights[mentor][needs]"),
        ({"weights": {Role.MENTOR: {"needs": float("inf")}}}, "weights[mentor][needs]"),
        ({"weights": {Role.MENTOR: {"needs": 0.0}}}, "weights[mentor]"),
        ({"weights": {Role.MENTOR: {"needs": 1.0, "text": 1.0}}}, "weights[mentor][text]"),
        ({"session_weights": {"text": 1.0}}, "session_weights[text]"),
        ({"waiting_bonus_per_day": -0.1}, "waiting_bonus_per_day"),
        ({"choices": 0}, "choices"),
        ({"sessions_per_person": -1}, "sessions_per_person"),
        ({"block_size": 0}, "block_size"),
        ({"candidates": 0}, "candidates"),
        ({"n_jobs": 0}, "n_jobs"),
        ({"competitor_km": -1.0}, "competitor_km"),
        ({"weights": 5}, "weights"),
        ({"weights": {"mentr": {"needs": 1.0}}}, "weights[mentr]"),
        ({"weights": {Role.MENTOR: {"needs": "1"}}}, "weights[mentor][needs]"),
        ({"session_weights": [1]}, "session_weights"),
        ({"choices": 1.5}, "choices"),
        ({"candidates": "12"}, "candidates"),
        ({"block_size": 2.5}, "block_size"),
        ({"n_jobs": 1.5}, "n_jobs"),
        ({"workers": 5}, "workers"),
        ({"keeping": "0"}, "keeping"),
    ],
)
def test_impossible_settings_are_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidSettingsError) as error:
        Settings(**changes)  # type: ignore[arg-type]
    assert error.value.facts["field"] == field


@pytest.mark.parametrize(
    "changes",
    [
        {"minimum": 1},
        {"minimum": 2.5},
        {"target": 5},
        {"maximum": "8"},
        {"quorum": 7},
        {"exact_groups": 0.5},
        {"competitor_km": None},
        {"weights": {"needs": 1}},
    ],
)
def test_impossible_settings_of_circles_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidSettingsError) as error:
        CircleSettings(**changes)  # type: ignore[arg-type]
    assert str(error.value.facts["field"]).split("[")[0] in changes


@pytest.mark.parametrize("changes", [{"slot": 21}, {"slot": "2"}, {"language": ""}, {"form": "phone"}])
def test_a_meeting_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    meeting = {"slot": 2, "language": "fr", "form": "online", **changes}
    for ask in (
        lambda: judge_circle([entrepreneur()], supporter(), **meeting),
        lambda: find_newcomers([], [entrepreneur()], supporter(), **meeting),
    ):
        with pytest.raises(InvalidSettingsError) as error:
            ask()
        assert error.value.facts["field"] in changes


def test_an_error_keeps_its_facts_between_processes() -> None:
    error = BrokenRuleError(entrepreneur_id="e", supporter_id="s", rule="time")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert isinstance(copy, MatcherError)
    assert type(copy) is BrokenRuleError
    assert (copy.facts, str(copy)) == (error.facts, str(error))


def test_names_agree_everywhere() -> None:
    assert tuple(CRITERIA) == COMPONENTS
    assert set(DEFAULT_WEIGHTS) == set(Role)
    assert tuple(DEFAULT_SESSION_WEIGHTS) == SESSION_COMPONENTS
    assert (SLOTS[0], SLOTS[5], SLOTS[20]) == ("mon_am", "tue_eve", "sun_eve")
    for weights in DEFAULT_WEIGHTS.values():
        assert sum(weights.values()) == 100
        assert weights["text"] <= MAX_TEXT_SHARE * 100


def test_the_same_activity_is_a_plus_for_an_expert_and_neutral_for_a_mentor() -> None:
    assert DEFAULT_WEIGHTS[Role.EXPERT]["activity"] > 0
    assert DEFAULT_WEIGHTS[Role.MENTOR]["activity"] == 0
