"""Plans keep within a person's limits, take nothing away without saying why, and give nobody's place twice."""

from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import CircleSeat, Need, Role, Settings, SupportPlan, make_plans, match
from matcher.plan_records import LINE_HOURS, MONTHLY, PLAN_ORDER, LineKind
from matcher.records import SLOTS
from matcher.results import Suggestion
from tests.matcher.people import entrepreneur, session, supporter
from tests.matcher.strategies import RELAXED, entrepreneurs, sessions, supporters

BOTH = frozenset({Role.MENTOR, Role.COACH})
ALL = frozenset(Role)


@st.composite
def situations(draw: st.DrawFn) -> dict[str, object]:
    """Small pools in which slots are few, so that lines conflict often."""
    few = st.sampled_from((0b1, 0b10, 0b11, 0b111))
    people = [
        replace(
            draw(entrepreneurs(f"e{at}")),
            availability=draw(few),
            languages=("fr",),
            wanted_roles=draw(st.sampled_from((BOTH, ALL, frozenset({Role.COACH}), frozenset()))),
            coaching_consent=True,
            accepts_remote=True,
            association=None,
            hours_per_month=draw(st.sampled_from((None, None, 1.0, 3.0, 6.0))),
        )
        for at in range(draw(st.integers(0, 4)))
    ]
    helpers = [
        replace(
            draw(supporters(f"s{at}")),
            availability=draw(few),
            languages=("fr",),
            accepts_remote=True,
            association=None,
            role=draw(st.sampled_from((Role.MENTOR, Role.COACH, Role.COACH, Role.EXPERT))),
            capacity=draw(st.integers(0, 2)),
        )
        for at in range(draw(st.integers(0, 5)))
    ]
    circle = st.builds(
        CircleSeat, circle_id=st.just("c"), slot=st.integers(0, 2), language=st.sampled_from(("fr", "ar"))
    )
    return {
        "people": people,
        "supporters": helpers,
        "sessions": [replace(draw(sessions(f"w{at}")), slot=draw(st.integers(0, 2))) for at in range(2)],
        "circles": {one.id: draw(circle) for one in people if draw(st.booleans())},
        "engaged": {one.id: frozenset({Role.EXPERT}) for one in people if draw(st.booleans())},
    }


def ask(situation, **more):
    return make_plans(
        situation["people"],
        situation["supporters"],
        situation["sessions"],
        circles=situation["circles"],
        engaged=situation["engaged"],
        **more,
    )


def hours_of(situation, person) -> float:
    busy = sum(LINE_HOURS[LineKind(role)] for role in situation["engaged"].get(person.id, ()))
    return float("inf") if person.hours_per_month is None else max(0.0, person.hours_per_month - busy)


@given(situations())
@settings(RELAXED, max_examples=80)
def test_a_plan_keeps_within_the_limits_of_its_person(situation) -> None:
    result = ask(situation)
    assert [plan.entrepreneur_id for plan in result.plans] == [person.id for person in situation["people"]]
    for person, plan in zip(situation["people"], result.plans, strict=True):
        monthly = [line for line in plan.lines if line.kind in MONTHLY]
        assert len({line.slot for line in monthly}) == len(monthly)
        assert all(person.availability >> SLOTS.index(line.slot) & 1 for line in monthly)
        assert sum(line.hours for line in plan.lines if line.kind is not LineKind.WORKSHOP) <= hours_of(
            situation, person
        )
        assert sum(line.kind is LineKind.WORKSHOP for line in plan.lines) <= 3
        assert [line.kind for line in plan.lines] == sorted((one.kind for one in plan.lines), key=list(LineKind).index)


@given(situations())
@settings(RELAXED, max_examples=80)
def test_no_place_is_given_twice_and_ranks_tell_what_the_plans_say(situation) -> None:
    result = ask(situation)
    capacity = {one.id: one.capacity for one in situation["supporters"]}
    first = {(one.entrepreneur_id, one.role): one for one in result.matched.suggestions if one.rank == 1}
    load = Counter(one.supporter_id for one in first.values())
    assert all(load[id] <= capacity[id] for id in capacity)
    for plan in result.plans:
        for line in plan.lines:
            if line.kind not in (LineKind.CIRCLE, LineKind.WORKSHOP):
                assert first[plan.entrepreneur_id, Role(line.kind)].supporter_id == line.target
    for group in groups(result.matched.suggestions).values():
        ranks = [one.rank for one in group]
        assert ranks == sorted(set(ranks))
        for one in group:
            full = load[one.supporter_id] >= capacity[one.supporter_id]
            marked = any(gap.code == "no_place_left" for gap in one.gaps)
            assert not (one.rank == 1 and marked)
            assert marked or one.rank == 1 or not full or not result.aims
    alone = match(situation["people"], situation["supporters"])
    with_nobody = {(one.entrepreneur_id, one.role) for one in alone.unmatched}
    before = {(one.entrepreneur_id, one.role, one.supporter_id) for one in alone.suggestions}
    after = {(s.entrepreneur_id, s.role, s.supporter_id) for s in ask(situation, matched=alone).matched.suggestions}
    assert before <= after
    assert {key[:2] for key in after - before} <= with_nobody


def groups(suggestions) -> dict[tuple[str, Role], list[Suggestion]]:
    found: dict[tuple[str, Role], list[Suggestion]] = {}
    for one in suggestions:
        found.setdefault((one.entrepreneur_id, one.role), []).append(one)
    return found


@given(situations())
@settings(RELAXED, max_examples=80)
def test_nothing_is_taken_away_without_a_reason(situation) -> None:
    alone = match(situation["people"], situation["supporters"])
    result = ask(situation, matched=alone)
    given_alone = {(one.entrepreneur_id, LineKind(one.role)): one for one in alone.suggestions if one.rank == 1}
    for person, plan in zip(situation["people"], result.plans, strict=True):
        kinds = {line.kind for line in plan.lines}
        left_out = {out.kind: out for out in plan.left_out}
        assert not kinds & set(left_out)
        wished = {LineKind(role) for role in person.wanted_roles}
        if person.id in situation["circles"]:
            wished.add(LineKind.CIRCLE)
        assert kinds | set(left_out) == wished | {LineKind.WORKSHOP}
        for line in plan.lines:
            before = given_alone.get((person.id, line.kind))
            if before is not None:
                changed = before.supporter_id != line.target
                assert line.instead_of == (before.supporter_id if changed else None)
        assert kept_at_least(situation, person, plan, given_alone)


def kept_at_least(situation, person, plan: SupportPlan, given_alone) -> bool:
    """Whether she keeps, in the order of kinds, what her own limits allow of what each line alone gave her."""
    masks = {one.id: one.availability for one in situation["supporters"]}
    slots = {
        kind: masks[one.supporter_id] & person.availability
        for (id, kind), one in given_alone.items()
        if id == person.id
    }
    circle = situation["circles"].get(person.id)
    if circle and circle.language in person.languages and person.availability >> circle.slot & 1:
        slots[LineKind.CIRCLE] = 1 << circle.slot
    best: tuple[bool, ...] = (False,) * len(PLAN_ORDER)
    for choice in product((True, False), repeat=len(PLAN_ORDER)):
        chosen = [kind for kind, taken in zip(PLAN_ORDER, choice, strict=True) if taken]
        if all(kind in slots for kind in chosen) and fit(chosen, slots, hours_of(situation, person)):
            best = max(best, choice)
    kinds = {line.kind for line in plan.lines}
    return tuple(kind in kinds for kind in PLAN_ORDER) >= best


def fit(chosen: list[LineKind], slots: dict[LineKind, int], hours: float) -> bool:
    monthly = [slots[kind] for kind in chosen if kind in MONTHLY]
    bits = [[bit for bit in range(21) if mask >> bit & 1] for mask in monthly]
    apart = any(len(set(some)) == len(some) for some in product(*bits))
    return apart and sum(LINE_HOURS[kind] for kind in chosen) <= hours


@given(situations())
@settings(RELAXED, max_examples=60)
def test_the_same_question_has_the_same_answer(situation) -> None:
    assert ask(situation) == ask(situation)


def coach(id: str, **changes: object):
    return supporter(id, role=Role.COACH, **changes)


def wanting_both(id: str = "e0", **changes: object):
    return entrepreneur(id, wanted_roles=BOTH, coaching_consent=True, **changes)


def told(plan: SupportPlan) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    return (
        [(str(line.kind), line.target) for line in plan.lines],
        [(str(out.kind), out.reason.code) for out in plan.left_out],
    )


def test_without_a_conflict_each_line_alone_is_the_plan() -> None:
    person = wanting_both(hours_per_month=8.0)
    circle = CircleSeat(circle_id="c", slot=2, language="fr")
    result = make_plans([person], [supporter("m"), coach("c")], [session()], circles={"e0": circle})
    (plan,) = result.plans
    assert told(plan)[0] == [("mentor", "m"), ("coach", "c"), ("circle", "c")]
    assert told(plan)[1] == [("workshop", "no_hours")]  # 2 + 2 + 3 of 8 hours leave 1, the workshop takes 2
    assert [line.slot for line in plan.lines] == ["mon_am", "mon_pm", "mon_eve"]
    assert result.aims == ()
    assert result.matched == match([person], [supporter("m"), coach("c")])


def test_two_lines_that_need_one_slot_are_freed_by_another_supporter() -> None:
    person = wanting_both(availability=0b11)
    best = coach("best", availability=0b01, expertise=supporter().expertise)
    other = coach("other", availability=0b10, expertise=())
    result = make_plans([person], [supporter("m", availability=0b01), best, other], [])
    (plan,) = result.plans
    assert [(line.target, line.instead_of, line.slot) for line in plan.lines] == [
        ("m", None, "mon_am"),
        ("other", "best", "mon_pm"),
    ]
    coaches = [one for one in result.matched.suggestions if one.role is Role.COACH]
    assert [(one.supporter_id, one.rank) for one in coaches] == [("other", 1), ("best", 2)]
    assert [aim.value for aim in result.aims[:2]] == [1, 1]


def test_a_place_that_her_slots_left_free_goes_to_somebody_who_had_found_nobody() -> None:
    tight = wanting_both("a", availability=0b1, waiting_days=300)
    waiting = entrepreneur("b", wanted_roles=frozenset({Role.COACH}), coaching_consent=True)
    result = make_plans([tight, waiting], [supporter("m"), coach("c")], [])
    first, second = result.plans
    assert told(first)[0] == [("mentor", "m")]
    assert told(first)[1][0] == ("coach", "same_slot")
    assert first.left_out[0].target == "c"
    assert first.left_out[0].reason.facts == {"slots": ("mon_am",)}
    assert told(second)[0] == [("coach", "c")]
    assert not [one for one in result.matched.unmatched if one.role is Role.COACH]
    ranks = {(one.entrepreneur_id, one.role): one for one in result.matched.suggestions}
    assert ranks["a", Role.COACH].rank == 2
    assert [gap.code for gap in ranks["a", Role.COACH].gaps][-1] == "no_place_left"
    assert ranks["b", Role.COACH].rank == 1


def test_a_free_place_is_not_given_to_whom_a_rule_keeps_from_it() -> None:
    tight = wanting_both("a", availability=0b1, waiting_days=300)
    coached = {"wanted_roles": frozenset({Role.COACH}), "coaching_consent": True, "excluded": frozenset({"c"})}
    people = [tight, entrepreneur("b", waiting_days=200, **coached), entrepreneur("d", **coached)]
    plans = make_plans(people, [supporter("m"), coach("c"), coach("other", availability=0b10)], []).plans
    assert [told(plan)[0] for plan in plans] == [[("mentor", "m")], [("coach", "other")], []]


def test_nobody_loses_a_line_so_that_others_have_more_together() -> None:
    """Giving the mentor to the second would let the first keep her coach: two people served, but not as she was."""
    tight = wanting_both("a", availability=0b1, waiting_days=300)
    result = make_plans([tight, entrepreneur("b")], [supporter("m"), coach("c")], [])
    assert [told(plan)[0] for plan in result.plans] == [[("mentor", "m")], []]


def test_a_line_that_only_her_slots_left_out_keeps_its_place_while_nobody_needs_it() -> None:
    result = make_plans([wanting_both(availability=0b1)], [supporter("m"), coach("c")], [])
    assert [(one.supporter_id, one.rank) for one in result.matched.suggestions] == [("m", 1), ("c", 1)]
    assert told(result.plans[0])[1][0] == ("coach", "same_slot")


def test_hours_keep_the_mentor_first_and_a_wish_beyond_them_takes_nobodys_place() -> None:
    tight = wanting_both("a", hours_per_month=3.0)
    none = entrepreneur("b", hours_per_month=1.0)
    last = entrepreneur("c")
    result = make_plans([tight, none, last], [supporter("m", capacity=2), coach("c")], [])
    assert told(result.plans[0]) == ([("mentor", "m")], [("coach", "no_hours"), ("workshop", "no_session_for_needs")])
    assert told(result.plans[1])[1][0] == ("mentor", "no_hours")
    assert result.plans[1].left_out[0].reason.facts == {"hours": 2.0, "hours_per_month": 1.0}
    assert told(result.plans[2])[0] == [("mentor", "m")]
    engaged = make_plans([tight], [supporter("m"), coach("c")], [], engaged={"a": frozenset({Role.MENTOR})})
    assert told(engaged.plans[0])[0] == []


def test_nobody_and_a_circle_that_does_not_suit_are_said() -> None:
    wants = entrepreneur(languages=("fr",), availability=0b1)
    (plan,) = make_plans(
        [wants], [supporter(languages=("ar",))], [], circles={"e0": CircleSeat(circle_id="c", slot=3, language="fr")}
    ).plans
    assert told(plan)[1][:2] == [("mentor", "nobody"), ("circle", "time")]
    assert plan.left_out[0].reason.facts == {"rules": {"language": 1}, "possible": 0}
    foreign = {"e0": CircleSeat(circle_id="c", slot=0, language="ar")}
    assert told(make_plans([wants], [], [], circles=foreign).plans[0])[1][1] == ("circle", "language")


def test_workshops_take_the_hours_that_the_other_lines_leave() -> None:
    person = entrepreneur(
        hours_per_month=4.0, needs=(Need(topic="sales", priority=3), Need(topic="cash_flow", priority=1))
    )
    offered = [
        session("w0"),
        session("w1", theme="cash", topics=("cash_flow",), slot=4),
        session("w2", theme="cash", topics=("cash_flow",), slot=4, starts_in_days=40),
    ]
    (plan,) = make_plans([person], [supporter("m")], offered).plans
    assert [line.target for line in plan.lines] == ["m", "w0", "w2"]
    assert plan.lines[1].slot == "mon_am"
    assert plan.lines[1].reasons[0].code == "needs_served"


def test_a_line_whose_place_went_to_somebody_else_meanwhile_says_so() -> None:
    """Her slots let her keep one of two; another mentor would free the coach, who is wanted elsewhere by then."""
    tight = wanting_both("a", availability=0b11, waiting_days=300)
    waiting = entrepreneur("b", wanted_roles=frozenset({Role.COACH}), coaching_consent=True, availability=0b1)
    helpers = [
        supporter("m", availability=0b01),
        supporter("n", availability=0b10, expertise=()),
        coach("c", availability=0b01),
    ]
    first, second = make_plans([tight, waiting], helpers, []).plans
    assert len([line for plan in (first, second) for line in plan.lines if line.kind is LineKind.COACH]) == 1
    assert first.lines[0].kind is LineKind.MENTOR


@pytest.mark.parametrize("choices", [1, 3])
def test_choices_bound_what_is_tried(choices: int) -> None:
    person = wanting_both(availability=0b11)
    helpers = [
        supporter("m", availability=0b01),
        coach("x", availability=0b01),
        coach("y", availability=0b10, expertise=()),
    ]
    result = make_plans([person], helpers, [], settings=Settings(choices=choices))
    assert len(result.plans[0].lines) == (1 if choices == 1 else 2)
