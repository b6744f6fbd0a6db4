"""What would help somebody left alone: hand-worked cases, and every count against the records really changed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import (
    N_SLOTS,
    SLOTS,
    Change,
    ChangeKind,
    Entrepreneur,
    Role,
    Settings,
    Step,
    Supporter,
    evaluate_pair,
    match_pool,
    nearest_changes,
    prepare,
)
from matcher.changes import MOST_CHANGES, MOST_KM
from matcher.errors import UnknownIdError
from tests.matcher.people import entrepreneur, supporter
from tests.matcher.strategies import LANGUAGES, RELAXED, pools

MONDAY_MORNING, TUESDAY_EVENING, WEDNESDAY_MORNING = 0b1, 0b100000, 0b1000000
PARIS = {"latitude": 48.8566, "longitude": 2.3522}
# 22 km north of the centre of Paris, along the meridian: 0.2 degrees of 111.2 km.
NORTH = {"latitude": 49.0566, "longitude": 2.3522}


def changes_for(people: list[Entrepreneur], helpers: list[Supporter], id: str = "e0") -> tuple[Change, ...]:
    pool = prepare(people, helpers)
    return nearest_changes(pool, match_pool(pool))[id, Role.MENTOR]


def told(changes: tuple[Change, ...]) -> list[tuple[list[tuple[str, object]], int, int]]:
    return [([(step.kind.value, step.value) for step in c.steps], c.opens, c.places) for c in changes]


def test_one_more_evening_opens_two_mentors() -> None:
    helpers = [
        supporter("s0", availability=TUESDAY_EVENING),
        supporter("s1", availability=TUESDAY_EVENING | WEDNESDAY_MORNING),
        supporter("s2", availability=TUESDAY_EVENING, languages=("en",)),
    ]
    found = changes_for([entrepreneur(availability=MONDAY_MORNING)], helpers)
    assert told(found) == [([("slot", "tue_eve")], 2, 2)]
    assert (found[0].kind, found[0].value) == (ChangeKind.SLOT, "tue_eve")


def test_the_next_useful_distance_is_the_nearest_and_a_supporter_who_does_not_travel_is_left_out() -> None:
    helpers = [
        supporter("s0", **NORTH, max_km=50.0, accepts_remote=False),
        supporter("s1", latitude=49.3, longitude=2.3522, max_km=60.0, accepts_remote=False),
        supporter("s2", **NORTH, max_km=10.0, accepts_remote=False),
        supporter("s3", latitude=51.0, longitude=2.3522, max_km=500.0, accepts_remote=False),
    ]
    found = changes_for([entrepreneur(**PARIS, max_km=10.0, accepts_remote=False)], helpers)
    assert told(found) == [([("distance", 23)], 1, 1)]


def test_meeting_remotely_and_travelling_are_two_ways_and_the_one_that_opens_more_comes_first() -> None:
    helpers = [
        supporter("s0", **NORTH, max_km=50.0),
        supporter("s1", accepts_remote=True),
    ]
    found = changes_for([entrepreneur(**PARIS, max_km=10.0, accepts_remote=False)], helpers)
    assert told(found) == [([("remote", None)], 2, 2), ([("distance", 23)], 1, 1)]


def test_a_language_and_one_more_place_come_after_what_she_can_do_herself() -> None:
    helpers = [
        supporter("s0", languages=("en",)),
        supporter("s1", languages=("en",)),
        supporter("s2", capacity=0),
        supporter("s3", availability=TUESDAY_EVENING),
    ]
    found = changes_for([entrepreneur(availability=MONDAY_MORNING)], helpers)
    assert told(found) == [([("slot", "tue_eve")], 1, 1), ([("language", "en")], 2, 2), ([("place", None)], 1, 1)]


def test_a_coach_needs_consent_first() -> None:
    person = entrepreneur(wanted_roles=frozenset({Role.COACH}))
    pool = prepare([person], [supporter("s0", role=Role.COACH), supporter("s1", role=Role.COACH, capacity=0)])
    found = nearest_changes(pool, match_pool(pool))
    assert told(found["e0", Role.COACH]) == [([("consent", None)], 1, 1)]


def test_places_taken_by_others_do_not_count_as_free() -> None:
    people = [entrepreneur("e0", availability=MONDAY_MORNING), entrepreneur("e1", availability=TUESDAY_EVENING)]
    found = changes_for(people, [supporter("s0", availability=TUESDAY_EVENING)])
    # The evening alone opens nobody free: it needs one more place besides.
    assert told(found) == [([("slot", "tue_eve"), ("place", None)], 1, 1)]


def test_a_full_mentor_counts_whose_holder_could_move_on() -> None:
    pia = entrepreneur("e1", availability=MONDAY_MORNING | TUESDAY_EVENING, languages=("fr", "en"))
    helpers = [
        supporter("s0", availability=MONDAY_MORNING),
        supporter("s1", availability=TUESDAY_EVENING, languages=("en",)),
    ]
    pool = prepare([entrepreneur("e0", availability=WEDNESDAY_MORNING), pia], helpers)
    result = match_pool(pool)
    assert [one.supporter_id for one in result.suggestions if one.rank == 1] == ["s0"]
    (change,) = nearest_changes(pool, result)["e0", Role.MENTOR]
    assert told((change,)) == [([("slot", "mon_am")], 1, 1)]
    assert change.freed == 1


def test_two_steps_are_named_where_one_does_not_help() -> None:
    helpers = [
        supporter("s0", availability=TUESDAY_EVENING, languages=("en",)),
        supporter("s1", languages=("ar",)),
        supporter("s2", availability=TUESDAY_EVENING, languages=("en",), capacity=0),
    ]
    people = [entrepreneur("e0", availability=MONDAY_MORNING), entrepreneur("e1", languages=("ar",))]
    assert told(changes_for(people, helpers)) == [
        ([("slot", "tue_eve"), ("language", "en")], 1, 1),
        ([("language", "ar"), ("place", None)], 1, 1),
    ]


def test_of_two_ways_to_mend_one_rule_each_is_named_by_itself() -> None:
    helper = supporter(availability=TUESDAY_EVENING, **NORTH, max_km=50.0)
    person = entrepreneur(availability=MONDAY_MORNING, **PARIS, max_km=5.0, accepts_remote=False)
    assert told(changes_for([person], [helper])) == [
        ([("slot", "tue_eve"), ("remote", None)], 1, 1),
        ([("slot", "tue_eve"), ("distance", 23)], 1, 1),
    ]


def test_where_three_things_stand_in_the_way_nothing_is_asked() -> None:
    helper = supporter(availability=TUESDAY_EVENING, languages=("en",), **NORTH, max_km=50.0)
    person = entrepreneur(availability=MONDAY_MORNING, **PARIS, max_km=5.0, accepts_remote=False)
    assert changes_for([person], [helper]) == ()


@pytest.mark.parametrize(
    ("hers", "theirs"),
    [
        ({"excluded": frozenset({"s0"})}, {}),
        ({"household": "one"}, {"household": "one"}),
        ({"association": "north"}, {"association": "south"}),
        (
            {"activity": "10.71C", "catchment": "here"},
            {"activities": ("10.71C",), "catchment": "here", "active_business": True},
        ),
    ],
)
def test_who_she_is_and_what_happened_are_never_to_be_changed(
    hers: dict[str, object], theirs: dict[str, object]
) -> None:
    assert changes_for([entrepreneur(**hers)], [supporter(**theirs)]) == ()
    assert changes_for([entrepreneur(**hers)], []) == ()


def test_an_ambassador_who_has_not_bounced_back_is_no_way() -> None:
    pool = prepare([entrepreneur(wanted_roles=frozenset({Role.AMBASSADOR}))], [supporter(role=Role.AMBASSADOR)])
    assert nearest_changes(pool, match_pool(pool)) == {("e0", Role.AMBASSADOR): ()}


def test_who_is_served_or_asks_for_nothing_is_not_named() -> None:
    pool = prepare([entrepreneur("e0"), entrepreneur("e1", wanted_roles=frozenset())], [supporter()])
    assert nearest_changes(pool, match_pool(pool)) == {}


def test_an_answer_to_other_people_is_refused() -> None:
    with pytest.raises(UnknownIdError):
        nearest_changes(prepare([], []), match_pool(prepare([entrepreneur()], [])))


def apply(person: Entrepreneur, steps: tuple[Step, ...]) -> Entrepreneur:
    for step in steps:
        if step.kind is ChangeKind.SLOT:
            person = replace(person, availability=person.availability | 1 << SLOTS.index(str(step.value)))
        elif step.kind is ChangeKind.REMOTE:
            person = replace(person, accepts_remote=True)
        elif step.kind is ChangeKind.DISTANCE:
            assert isinstance(step.value, int)
            assert person.max_km < step.value <= MOST_KM
            person = replace(person, max_km=float(step.value))
        elif step.kind is ChangeKind.CONSENT:
            person = replace(person, coaching_consent=True)
        elif step.kind is ChangeKind.LANGUAGE:
            person = replace(person, languages=(*person.languages, str(step.value)))
    return person


def count(
    person: Entrepreneur, role: Role, helpers: list[Supporter], free: dict[str, int], steps: tuple[Step, ...]
) -> tuple[int, int]:
    """Really change the record, and ask about each pair by itself."""
    changed = apply(person, steps)
    asks_for_place = any(step.kind is ChangeKind.PLACE for step in steps)
    opens = places = 0
    for helper in (one for one in helpers if one.role is role):
        before = evaluate_pair(person, helper).allowed
        if asks_for_place:
            with_a_place = replace(helper, capacity=helper.capacity + 1)
            opens += not free[helper.id] and evaluate_pair(changed, with_a_place).allowed
        elif not before and evaluate_pair(changed, helper).allowed:
            opens += 1
            places += free[helper.id] > 0
    return (opens, opens) if asks_for_place else (opens, places)


def every_step(person: Entrepreneur) -> Iterator[Step]:
    yield Step(kind=ChangeKind.PLACE)
    yield from (Step(kind=ChangeKind.SLOT, value=SLOTS[at]) for at in range(N_SLOTS))
    if not person.accepts_remote:
        yield Step(kind=ChangeKind.REMOTE)
    if not person.coaching_consent:
        yield Step(kind=ChangeKind.CONSENT)
    yield from (Step(kind=ChangeKind.LANGUAGE, value=one) for one in LANGUAGES if one not in person.languages)
    yield from (Step(kind=ChangeKind.DISTANCE, value=km) for km in (5, MOST_KM) if km > person.max_km)


def count_served(people: list[Entrepreneur], helpers: list[Supporter]) -> dict[Role, int]:
    return {report.role: report.matched for report in match_pool(prepare(people, helpers)).reports}


def find_free(people: list[Entrepreneur], helpers: list[Supporter]) -> dict[str, int]:
    """Say with 1 who could do with one place less: as many people are served then."""
    served = count_served(people, helpers)
    free = dict.fromkeys((helper.id for helper in helpers), 0)
    for at, helper in enumerate(helpers):
        if helper.capacity:
            fewer = [*helpers[:at], replace(helper, capacity=helper.capacity - 1), *helpers[at + 1 :]]
            free[helper.id] = int(count_served(people, fewer) == served)
    return free


def crowd(pool: tuple[list[Entrepreneur], list[Supporter]]) -> tuple[list[Entrepreneur], list[Supporter]]:
    """All look for a mentor and may meet anywhere, each mentor has one place: others must often move."""
    wanted = frozenset({Role.MENTOR})
    anywhere: dict[str, Any] = {"association": None, "household": None, "accepts_remote": True}
    people = [replace(one, wanted_roles=wanted, excluded=frozenset(), **anywhere) for one in pool[0]]
    return people, [replace(one, role=Role.MENTOR, capacity=1, judges=frozenset(), **anywhere) for one in pool[1]]


few = pools(most_entrepreneurs=5, most_supporters=6)


@given(few | few.map(crowd))
@settings(RELAXED, max_examples=80)
def test_each_count_is_what_the_change_really_opens_and_one_more_is_served(
    pool: tuple[list[Entrepreneur], list[Supporter]],
) -> None:
    people, helpers = pool
    prepared = prepare(people, helpers)
    result = match_pool(prepared)
    free, by_id = find_free(people, helpers), {person.id: person for person in people}
    found = nearest_changes(prepared, result)
    assert found.keys() == {(one.entrepreneur_id, one.role) for one in result.unmatched if one.role is not None}
    for (id, role), changes in found.items():
        assert len(changes) <= MOST_CHANGES
        for change in changes:
            assert change.places >= 1
            assert (change.opens, change.places) == count(by_id[id], role, helpers, free, change.steps)
            if all(step.kind is not ChangeKind.PLACE for step in change.steps):
                changed = [apply(one, change.steps) if one.id == id else one for one in people]
                assert count_served(changed, helpers)[role] == count_served(people, helpers)[role] + 1
            for step in change.steps if len(change.steps) > 1 else ():
                assert count(by_id[id], role, helpers, free, (step,))[1] == 0
            nearer = [replace(s, value=s.value - 1) for s in change.steps if isinstance(s.value, int) and s.value > 1]
            for step in nearer:
                kept = tuple(step if one.kind is ChangeKind.DISTANCE else one for one in change.steps)
                if by_id[id].max_km < int(step.value or 0):
                    assert count(by_id[id], role, helpers, free, kept)[1] == 0


@given(pools(most_entrepreneurs=3, most_supporters=4))
@settings(RELAXED, max_examples=40)
def test_no_single_step_that_helps_is_missed(pool: tuple[list[Entrepreneur], list[Supporter]]) -> None:
    people, helpers = pool
    prepared = prepare(people, helpers)
    result = match_pool(prepared)
    free, by_id = find_free(people, helpers), {person.id: person for person in people}
    for (id, role), changes in nearest_changes(prepared, result).items():
        best: dict[ChangeKind, int] = {}
        for step in every_step(by_id[id]):
            places = count(by_id[id], role, helpers, free, (step,))[1]
            if places:
                best[step.kind] = max(best.get(step.kind, 0), places)
        named = {change.kind: change.places for change in changes if len(change.steps) == 1}
        assert len(named) == min(len(best), MOST_CHANGES)
        assert all(named[kind] == best[kind] for kind in named if kind is not ChangeKind.DISTANCE)


@given(pools(), st.integers(1, 3))
@settings(RELAXED, max_examples=40)
def test_block_size_changes_nothing(pool: tuple[list[Entrepreneur], list[Supporter]], block_size: int) -> None:
    one, other = prepare(*pool), prepare(*pool, Settings(block_size=block_size, n_jobs=1))
    assert nearest_changes(one, match_pool(one)) == nearest_changes(other, match_pool(other))
