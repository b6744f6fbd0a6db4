"""Seats are shared by who was not served lately, then by need; compared with every sharing that there is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Entrepreneur, Format, Need, Settings, WorkshopSession, recommend_sessions, share_seats
from matcher.errors import DuplicateIdError
from matcher.seats import MONTH_DAYS, TURNS
from tests.matcher.people import entrepreneur, session
from tests.matcher.strategies import RELAXED, TOPICS, entrepreneurs, sessions

LIMIT = 3


@st.composite
def situations(draw: st.DrawFn) -> dict[str, object]:
    people = [draw(entrepreneurs(f"e{at}")) for at in range(draw(st.integers(0, 3)))]
    # Masks of one slot would leave nobody anything to share.
    people = [replace(one, availability=(1 << 21) - 1, languages=("fr", "en")) for one in people]
    offered = [draw(sessions(f"w{at}")) for at in range(draw(st.integers(0, 4)))]
    offered = [
        replace(one, starts_in_days=draw(st.sampled_from((3, 3, 40, -1))), slot=draw(st.integers(0, 1)))
        for one in offered
    ]
    offered = [replace(one, needed=draw(st.integers(0, 3)), hours=draw(st.sampled_from((1.0, 2.0)))) for one in offered]
    ids = [one.id for one in offered]
    return {
        "people": people,
        "sessions": offered,
        "served": {one.id: draw(st.integers(0, 5)) for one in people},
        "covered": {one.id: draw(st.frozensets(st.sampled_from(TOPICS), max_size=1)) for one in people},
        "held": {
            one.id: draw(st.frozensets(st.sampled_from(ids), max_size=1)) if ids else frozenset() for one in people
        },
        "hours_left": {one.id: draw(st.sampled_from((1.0, 2.0, 9.0))) for one in people},
    }


def ask(situation):
    return share_seats(
        situation["people"],
        situation["sessions"],
        **{name: situation[name] for name in ("served", "covered", "held", "hours_left")},
    )


def open_needs(person: Entrepreneur, covered: frozenset[str]) -> dict[str, int]:
    needs: dict[str, int] = {}
    for need in person.needs:
        if need.topic not in covered:
            needs[need.topic] = max(needs.get(need.topic, 0), need.priority)
    return needs


def may_attend(person: Entrepreneur, one: WorkshopSession) -> bool:
    """The rules of one session for one person, written again: reach is asked of the recommendation."""
    alone = replace(one, topics=("x",), theme="x")
    asks = replace(person, needs=(Need(topic="x"),), after_liquidation=False)
    return bool(recommend_sessions([asks], [alone]))


def list_sets(situation, person):
    """Every set of sessions that a person may be given, from the written rules."""
    needs = open_needs(person, situation["covered"][person.id])
    held = [one for one in situation["sessions"] if one.id in situation["held"][person.id]]
    fitting = [one for one in situation["sessions"] if one not in held and may_attend(person, one)]
    for size in range(LIMIT - len(held) + 1):
        for some in combinations(fitting, size):
            whole = [*held, *some]
            if len({one.theme for one in whole}) < len(whole):
                continue
            if len({(one.starts_in_days, one.slot) for one in whole}) < len(whole):
                continue
            months = {one.starts_in_days // MONTH_DAYS for one in some}
            hours = [sum(one.hours for one in whole if one.starts_in_days // MONTH_DAYS == month) for month in months]
            if any(number > situation["hours_left"][person.id] for number in hours):
                continue
            served = [set(one.topics) & set(needs) for one in some]
            if all(own - set().union(*served[:at], *served[at + 1 :]) for at, own in enumerate(served)):
                yield some, sum(needs[topic] for topic in set().union(*served))


def brute_force(situation):
    best = None
    for choice in product(*(list(list_sets(situation, person)) for person in situation["people"])):
        used = {one.id: sum(one in some for some, _ in choice) for one in situation["sessions"]}
        if any(used[one.id] > one.seats_left or 0 < used[one.id] < one.needed for one in situation["sessions"]):
            continue
        turns = [0] * TURNS
        for person, (some, _) in zip(situation["people"], choice, strict=True):
            for seat in range(len(some)):
                turns[min(situation["served"][person.id] + seat, TURNS - 1)] += 1
        worth = (*turns, sum(urgency for _, urgency in choice))
        best = worth if best is None or worth > best else best
    return best


@given(situations())
@settings(RELAXED, max_examples=200)
def test_the_sharing_is_the_best_of_all(situation) -> None:
    shares = ask(situation)
    assert tuple(aim.value for aim in shares.aims[:-1]) == brute_force(situation)
    assert shares.gap == 0


@given(situations())
@settings(RELAXED, max_examples=200)
def test_what_is_given_respects_every_limit(situation) -> None:
    shares = ask(situation)
    by_id = {one.id: one for one in situation["sessions"]}
    used = {id: [found.session_id for found in shares.suggestions].count(id) for id in by_id}
    for one in situation["sessions"]:
        assert used[one.id] <= max(0, one.seats_left)
        assert used[one.id] == 0 or used[one.id] >= one.needed
    for person in situation["people"]:
        given_to_her = [by_id[found.session_id] for found in shares.suggestions if found.entrepreneur_id == person.id]
        held = [by_id[id] for id in situation["held"][person.id]]
        whole = [*held, *given_to_her]
        assert len(given_to_her) <= max(0, LIMIT - len(held))
        assert len({one.theme for one in whole}) == len(whole)
        assert len({(one.starts_in_days, one.slot) for one in whole}) == len(whole)
        assert all(may_attend(person, one) for one in given_to_her)
        without = [one for one in shares.without if one.entrepreneur_id == person.id]
        assert len(without) == (0 if given_to_her else 1)
    for found in shares.suggestions:
        assert round(sum(part.contribution for part in found.components), 6) == found.score
        assert found.reasons[0].code in ("needs_served", "situation")


@given(situations())
@settings(RELAXED, max_examples=150)
def test_a_declared_liquidation_takes_no_seat_from_anybody(situation) -> None:
    told = [replace(person, after_liquidation=True) for person in situation["people"]]
    silent = [replace(person, after_liquidation=False) for person in situation["people"]]
    door = [replace(one, topics=(*one.topics, "bounce_back")) for one in situation["sessions"]]
    before, after = (
        ask({**situation, "people": silent, "sessions": door}),
        ask({**situation, "people": told, "sessions": door}),
    )
    kept = {(found.entrepreneur_id, found.session_id) for found in before.suggestions}
    now = {(found.entrepreneur_id, found.session_id): found for found in after.suggestions}
    assert kept <= set(now)
    assert all(now[key].reasons[0].code == "situation" for key in set(now) - kept)


def test_a_door_opens_on_a_seat_that_nobody_needs_and_only_one() -> None:
    wants = entrepreneur("a", needs=(Need(topic="bounce_back"),))
    told = entrepreneur("b", needs=(), after_liquidation=True)
    doors = [
        session("w0", theme="bounce_back", topics=("bounce_back",), seats_left=1),
        session("w1", theme="other", topics=("bounce_back",), seats_left=2, slot=2),
        session("w2", theme="third", topics=("bounce_back",), seats_left=2, slot=3),
    ]
    assert pairs(share_seats([told, wants], doors[:1])) == [("a", "w0")]
    assert len([one for one in pairs(share_seats([told, wants], doors)) if one[0] == "b"]) == 1
    assert pairs(share_seats([told], [replace(doors[0], needed=2)])) == []
    assert pairs(share_seats([told], doors, settings=Settings(sessions_per_person=0))) == []


def pairs(shares) -> list[tuple[str, str]]:
    return [(found.entrepreneur_id, found.session_id) for found in shares.suggestions]


def test_who_was_not_served_comes_before_who_is_in_more_urgent_need_and_she_before_the_others() -> None:
    urgent, mild = Need(topic="sales", priority=3), Need(topic="sales", priority=1)
    a, b, c = entrepreneur("a", needs=(urgent,)), entrepreneur("b", needs=(mild,)), entrepreneur("c", needs=(urgent,))
    one_seat = [session(seats_left=1)]
    assert pairs(share_seats([a, b], one_seat, served={"a": 1})) == [("b", "w0")]
    assert pairs(share_seats([b, c], one_seat)) == [("c", "w0")]
    waits = replace(b, waiting_days=10)
    assert pairs(share_seats([b, replace(waits, id="d")], one_seat)) == [("d", "w0")]


def test_a_second_seat_of_one_waits_for_the_first_of_another() -> None:
    two_needs = entrepreneur("a", needs=(Need(topic="sales", priority=3), Need(topic="cash_flow", priority=3)))
    other = entrepreneur("b", needs=(Need(topic="cash_flow", priority=1),))
    offered = [session(seats_left=1), session("w1", theme="cash", topics=("cash_flow",), seats_left=1, slot=3)]
    assert pairs(share_seats([two_needs, other], offered)) == [("a", "w0"), ("b", "w1")]
    assert pairs(share_seats([two_needs], offered)) == [("a", "w0"), ("a", "w1")]


def test_a_group_is_made_whole_or_not_at_all() -> None:
    people = [entrepreneur("a"), entrepreneur("b")]
    offered = [session("w0", needed=2, seats_left=9), session("w1", theme="x", slot=4, seats_left=1)]
    assert pairs(share_seats(people[:1], offered[:1])) == []
    assert share_seats(people[:1], offered[:1]).without[0].reason.code == "too_few_people"
    assert pairs(share_seats(people, offered)) == [("a", "w0"), ("b", "w0")]


@pytest.mark.parametrize(
    ("person", "offered", "arguments", "code"),
    [
        ({"needs": ()}, [session()], {}, "nothing_needed"),
        ({}, [session()], {"covered": {"e0": frozenset({"sales"})}}, "nothing_needed"),
        ({}, [session(topics=("premises",))], {}, "no_session_for_needs"),
        ({}, [], {}, "no_session_for_needs"),
        ({"languages": ("ar",)}, [session()], {}, "none_fits"),
        ({"availability": 0b10}, [session()], {}, "none_fits"),
        ({"accepts_remote": False}, [session()], {}, "none_fits"),
        ({}, [session(seats_left=0)], {}, "none_fits"),
        ({}, [session(hours=3.0)], {"hours_left": {"e0": 2.0}}, "no_hours"),
        ({}, [session(), session("w1", slot=5)], {"held": {"e0": frozenset({"w1"})}}, "already_in_theme"),
        ({}, [session()], {"held": {"e0": frozenset({"w0", "gone"})}}, "no_session_for_needs"),
        ({}, [session()], {"refused": {"e0": frozenset({"w0", "gone"})}}, "no_session_for_needs"),
        (
            {},
            [session(), session("w1", slot=5)],
            {"held": {"e0": frozenset({"w1"})}, "settings": Settings(sessions_per_person=1)},
            "enough_booked",
        ),
    ],
)
def test_who_gets_nothing_is_told_why(
    person: dict[str, object], offered: Sequence[WorkshopSession], arguments: Mapping[str, object], code: str
) -> None:
    shares = share_seats([entrepreneur(**person)], offered, **arguments)  # type: ignore[arg-type]
    assert [one.reason.code for one in shares.without] == [code]


def test_only_needs_that_are_open_are_named() -> None:
    person = entrepreneur(needs=(Need(topic="sales"), Need(topic="cash_flow")))
    (one,) = share_seats([person], [session()], covered={"e0": frozenset({"sales"})}).without
    assert one.reason.facts == {"topics": ("cash_flow",)}


def test_seats_given_to_others_are_named_as_such() -> None:
    shares = share_seats([entrepreneur("a"), entrepreneur("b")], [session(seats_left=1)], served={"b": 3})
    assert [(one.entrepreneur_id, one.reason.code) for one in shares.without] == [("b", "seats_gone")]
    assert shares.without[0].reason.facts == {"sessions": 1}
    assert share_seats([], []).gap == 0


def test_unfit_sessions_are_counted_by_cause() -> None:
    offered = [session(language="ar"), session("w1", slot=3), session("w2", language="ar", slot=3, seats_left=0)]
    (one,) = share_seats([entrepreneur(availability=1)], offered).without
    assert one.reason.facts == {"language": 2, "time": 2, "full": 1}


def first_come(people: Sequence[Entrepreneur], offered: Sequence[WorkshopSession]) -> list[tuple[str, str]]:
    """Seats as they would go by opening the list to whoever comes first."""
    left = {one.id: one.seats_left for one in offered}
    taken = []
    for person in people:
        here = [replace(one, seats_left=left[one.id]) for one in offered]
        for found in recommend_sessions([person], here):
            left[found.session_id] -= 1
            taken.append((person.id, found.session_id))
    return taken


def invent(n: int, m: int, seed: int) -> tuple[list[Entrepreneur], list[WorkshopSession], dict[str, int]]:
    rng = np.random.default_rng(seed)
    topics = [f"t{at}" for at in range(8)]
    people = [
        entrepreneur(
            f"e{at}",
            needs=tuple(
                Need(topic=str(topic), priority=int(rng.integers(1, 4)))
                for topic in rng.choice(topics, size=int(rng.integers(1, 4)), replace=False)
            ),
            availability=int(rng.integers(1, 1 << 21)),
        )
        for at in range(n)
    ]
    offered = [
        session(
            f"w{at}",
            theme=f"th{at % 6}",
            topics=tuple(str(topic) for topic in rng.choice(topics, size=2, replace=False)),
            slot=int(rng.integers(0, 21)),
            format=Format.ONLINE,
            seats_left=int(rng.integers(1, 5)),
        )
        for at in range(m)
    ]
    return people, offered, {person.id: int(rng.integers(0, 3)) for person in people}


@pytest.mark.parametrize("seed", range(4))
def test_sharing_serves_more_of_those_who_were_not_served_than_first_come(seed: int) -> None:
    people, offered, served = invent(60, 12, seed)
    shared, rushed = pairs(share_seats(people, offered, served=served)), first_come(people, offered)
    fresh = {id for id, times in served.items() if times == 0}
    assert len({id for id, _ in shared if id in fresh}) > len({id for id, _ in rushed if id in fresh})
    assert len({id for id, _ in shared}) > len({id for id, _ in rushed})
    assert share_seats(people, offered, served=served) == share_seats(people, offered, served=served)


def test_nobody_is_listed_twice() -> None:
    twin = entrepreneur("e")
    for share in (share_seats, recommend_sessions):
        with pytest.raises(DuplicateIdError):
            share([twin, twin], [])
