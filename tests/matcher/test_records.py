"""Records refuse impossible values, and errors carry their facts."""

import pickle
from collections.abc import Callable

import pytest

from matcher import COMPONENTS, DEFAULT_WEIGHTS, Expertise, Need, Role, Settings
from matcher.criteria import CRITERIA
from matcher.errors import BrokenRuleError, InvalidRecordError, InvalidSettingsError, MatcherError
from matcher.records import SLOTS
from matcher.settings import DEFAULT_SESSION_WEIGHTS, MAX_TEXT_SHARE, SESSION_COMPONENTS
from tests.matcher.people import entrepreneur, session, supporter


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Need(topic="sales", priority=4), "priority"),
        (lambda: Expertise(topic="sales", level=0), "level"),
        (lambda: entrepreneur(availability=1 << 21), "availability"),
        (lambda: entrepreneur(availability=-1), "availability"),
        (lambda: entrepreneur(max_km=-1.0), "max_km"),
        (lambda: entrepreneur(max_km=float("nan")), "max_km"),
        (lambda: entrepreneur(latitude=48.0), "longitude"),
        (lambda: entrepreneur(latitude=91.0, longitude=0.0), "latitude"),
        (lambda: supporter(latitude=48.0, longitude=181.0), "longitude"),
        (lambda: supporter(latitude=float("nan"), longitude=2.0), "latitude"),
        (lambda: entrepreneur(activity="bakery"), "activity"),
        (lambda: entrepreneur(waiting_days=-1), "waiting_days"),
        (lambda: supporter(activities=("10.71C", "04.1")), "activities"),
        (lambda: supporter(capacity=-1), "capacity"),
        (lambda: session(slot=21), "slot"),
        (lambda: session(longitude=2.0), "longitude"),
    ],
)
def test_impossible_values_are_refused(make: Callable[[], object], field: str) -> None:
    with pytest.raises(InvalidRecordError) as error:
        make()
    assert error.value.facts["field"] == field
    assert str(error.value.facts["expected"]) in str(error.value)


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
    ],
)
def test_impossible_settings_are_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidSettingsError) as error:
        Settings(**changes)  # type: ignore[arg-type]
    assert error.value.facts["field"] == field


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
