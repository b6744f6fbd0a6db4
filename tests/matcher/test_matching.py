"""The whole pipeline: what must hold for every pool, and the answers that people should get."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import (
    Entrepreneur,
    Expertise,
    MatchResult,
    Need,
    Role,
    Rule,
    Settings,
    Supporter,
    broken_rules,
    evaluate_pair,
    markets,
    match,
    match_pool,
    prepare,
    rank_supporters,
)
from matcher.errors import BrokenRuleError, DuplicateIdError, InvalidSettingsError, UnknownIdError
from tests.matcher.people import entrepreneur, supporter
from tests.matcher.strategies import RELAXED, entrepreneurs, pools, supporters

Pool = tuple[list[Entrepreneur], list[Supporter]]


def summary(result: MatchResult) -> list[tuple[Role, int, float]]:
    return [(report.role, report.matched, report.objective) for report in result.reports]


@given(pools())
@settings(RELAXED, max_examples=100)
def test_every_answer_keeps_the_rules_the_places_and_the_sums(pool: Pool) -> None:
    people, helpers = pool
    result = match(people, helpers)
    by_id, helper_by_id = {e.id: e for e in people}, {s.id: s for s in helpers}
    load = Counter(s.supporter_id for s in result.suggestions if s.rank == 1)
    assert all(count <= helper_by_id[id].capacity for id, count in load.items())
    context = prepare(people, helpers)
    for suggestion in result.suggestions:
        assert 0 <= suggestion.score <= 1
        assert all(0 <= part.value <= 1 for part in suggestion.components)
        assert all(0 <= part.contribution <= part.weight for part in suggestion.components)
        assert round(sum(part.contribution for part in suggestion.components), 6) == suggestion.score
        assert round(sum(part.weight for part in suggestion.components), 6) == 1
        pair = evaluate_pair(by_id[suggestion.entrepreneur_id], helper_by_id[suggestion.supporter_id], context=context)
        assert pair.allowed
        assert pair.score == suggestion.score
    for report in result.reports:
        assert report.gap == 0
        assert report.matched + report.unmatched == report.entrepreneurs


@given(pools())
@settings(RELAXED, max_examples=30)
def test_who_asks_only_for_the_answer_is_given_the_same(pool: Pool) -> None:
    prepared = prepare(*pool, Settings(choices=1))
    whole, bare = match(*pool), match_pool(prepared, with_unmatched=False)
    assert bare.suggestions == tuple(one for one in whole.suggestions if one.rank == 1)
    assert bare.unmatched == ()
    assert [replace(one, unmatched_by_rule={}) for one in whole.reports] == [
        replace(one, unmatched_by_rule={}) for one in bare.reports
    ]
    assert not any(count for one in bare.reports for count in one.unmatched_by_rule.values())


@given(pools())
@settings(RELAXED, max_examples=60)
def test_nobody_is_passed_over_in_silence(pool: Pool) -> None:
    people, helpers = pool
    result = match(people, helpers)
    answered = {(s.entrepreneur_id, s.role) for s in result.suggestions if s.rank == 1}
    told = {(u.entrepreneur_id, u.role) for u in result.unmatched}
    asked = {(e.id, role) for e in people for role in e.wanted_roles}
    asked |= {(e.id, None) for e in people if not e.wanted_roles}  # type: ignore[misc]
    assert answered | told == asked
    assert not answered & told
    for unmatched in result.unmatched:
        assert unmatched.possible >= 0
        if unmatched.possible == 0 and any(s.role == unmatched.role for s in helpers):
            assert unmatched.refusals


@given(pools(), st.randoms(use_true_random=False))
@settings(RELAXED, max_examples=60)
def test_the_order_of_the_input_does_not_matter(pool: Pool, chance: st.DataObject) -> None:
    people, helpers = pool
    before = match(people, helpers)
    shuffled_people, shuffled_helpers = list(people), list(helpers)
    chance.shuffle(shuffled_people)  # type: ignore[attr-defined]
    chance.shuffle(shuffled_helpers)  # type: ignore[attr-defined]
    after = match(shuffled_people, shuffled_helpers)
    assert summary(after) == summary(before)
    scores = {(s.entrepreneur_id, s.supporter_id): s.score for s in before.suggestions}
    for suggestion in after.suggestions:
        pair = (suggestion.entrepreneur_id, suggestion.supporter_id)
        assert scores.get(pair, suggestion.score) == suggestion.score


@given(pools(), st.integers(1, 5))
@settings(RELAXED, max_examples=40)
def test_block_size_changes_nothing(pool: Pool, block_size: int) -> None:
    assert match(*pool, settings=Settings(block_size=block_size, candidates=1)) == match(
        *pool, settings=Settings(candidates=1)
    )


@given(pools(), st.integers(0, 7))
@settings(RELAXED, max_examples=60)
def test_a_declared_liquidation_never_lowers_a_score_or_a_rank(pool: Pool, at: int) -> None:
    people, helpers = pool
    before = [replace(e, after_liquidation=False) for e in people]
    after = [replace(e, after_liquidation=e.id == f"e{at}") for e in people]
    result, changed = match(before, helpers), match(after, helpers)
    assert summary(changed) == summary(result)
    places = {(s.entrepreneur_id, s.role, s.supporter_id): (s.rank, -s.score) for s in result.suggestions}
    new_places = {(s.entrepreneur_id, s.role, s.supporter_id): (s.rank, -s.score) for s in changed.suggestions}
    assert new_places.keys() == places.keys()
    assert all(new_places[key] <= place for key, place in places.items())


@given(pools(most_entrepreneurs=6), supporters("new"))
@settings(RELAXED, max_examples=80)
def test_one_more_supporter_never_lowers_the_number_matched(pool: Pool, one_more: Supporter) -> None:
    people, helpers = pool
    before = {report.role: report.matched for report in match(people, helpers).reports}
    after = {report.role: report.matched for report in match(people, [*helpers, one_more]).reports}
    assert all(after[role] >= matched for role, matched in before.items())


@given(entrepreneurs(), supporters())
@settings(RELAXED, max_examples=100)
def test_a_pair_alone_is_matched_exactly_when_no_rule_forbids_it(person: Entrepreneur, helper: Supporter) -> None:
    pair = evaluate_pair(person, helper)
    assert broken_rules(person, helper) == pair.rules
    result = match([person], [helper])
    assert pair.allowed == any(s.supporter_id == helper.id for s in result.suggestions)
    if helper.role in person.wanted_roles and not pair.allowed:
        unmatched = next(u for u in result.unmatched if u.role is helper.role)
        own = [rule for rule in pair.rules if Rule.ASSOCIATION not in pair.rules or rule is Rule.ASSOCIATION]
        assert set(unmatched.refusals) == set(own)
        assert (unmatched.possible, set(unmatched.refusals.values())) == (0, {1})


RULES = [
    (Rule.ROLE, {"wanted_roles": frozenset({Role.EXPERT})}, {}),
    (Rule.ROLE, {"wanted_roles": frozenset({Role.AMBASSADOR})}, {"role": Role.AMBASSADOR}),
    (Rule.ASSOCIATION, {"association": "north"}, {"association": "south"}),
    (Rule.CONSENT, {"wanted_roles": frozenset({Role.COACH})}, {"role": Role.COACH}),
    (Rule.CONFLICT, {"household": "h"}, {"household": "h"}),
    (Rule.CONFLICT, {}, {"judges": frozenset({"e0"})}),
    (Rule.CONFLICT, {"excluded": frozenset({"s0"})}, {}),
    (
        Rule.COMPETITOR,
        {"activity": "10.71C", "catchment": "93066"},
        {"activities": ("10.71C",), "catchment": "93066", "active_business": True},
    ),
    (
        Rule.COMPETITOR,
        {"activity": "10.71C", "latitude": 48.9, "longitude": 2.3},
        {"activities": ("56.10A", "10.71"), "latitude": 48.91, "longitude": 2.3, "active_business": True},
    ),
    (Rule.CAPACITY, {}, {"capacity": 0}),
    (Rule.LANGUAGE, {"languages": ("ar",)}, {}),
    (Rule.LANGUAGE, {"languages": ()}, {}),
    (Rule.DISTANCE, {"accepts_remote": False}, {}),
    (
        Rule.DISTANCE,
        {"latitude": 48.9, "longitude": 2.3, "max_km": 100.0},
        {"latitude": 48.9, "longitude": 2.5, "max_km": 14.0, "accepts_remote": False},
    ),
    (Rule.TIME, {"availability": 0b1}, {"availability": 0b10}),
    (Rule.TIME, {"availability": 0}, {}),
]


@pytest.mark.parametrize(("rule", "ours", "theirs"), RULES)
def test_each_rule_forbids_by_itself(rule: Rule, ours: dict[str, object], theirs: dict[str, object]) -> None:
    pair = evaluate_pair(entrepreneur(**ours), supporter(**theirs))
    assert not pair.allowed
    assert pair.rules == broken_rules(entrepreneur(**ours), supporter(**theirs)) == (rule,)
    context = prepare([entrepreneur(**ours)], [supporter(**theirs)])
    (line,) = rank_supporters(context, "e0", supporter(**theirs).role)
    assert (line.allowed, line.rule, line.score) == (False, rule, pair.score)


NEIGHBOURS = [
    ({"association": "north"}, {}),
    ({}, {"association": "south"}),
    (
        {"wanted_roles": frozenset({Role.AMBASSADOR})},
        {"role": Role.AMBASSADOR, "has_bounced_back": True},
    ),
    ({"wanted_roles": frozenset({Role.COACH}), "coaching_consent": True}, {"role": Role.COACH}),
    (
        {"activity": "10.71C", "catchment": "93066"},
        {"activities": ("10.71C",), "catchment": "93066", "active_business": False},
    ),
    (
        {"activity": "10.71C", "catchment": "93066"},
        {"activities": ("10.71D",), "catchment": "93066", "active_business": True},
    ),
    (
        {"activity": "10.71C", "catchment": "93066"},
        {"activities": ("10.71C",), "catchment": "69001", "active_business": True},
    ),
    ({"activity": "10.71C"}, {"activities": ("10.71C",), "active_business": True}),
    (
        {"latitude": 48.9, "longitude": 2.3, "max_km": 15.0, "accepts_remote": False},
        {"latitude": 48.9, "longitude": 2.5, "max_km": 15.0},
    ),
    (
        {"latitude": 48.9, "longitude": 2.3, "max_km": 0.0, "accepts_remote": False},
        {"latitude": 48.9, "longitude": 2.3, "max_km": 0.0},
    ),
]


@pytest.mark.parametrize(("ours", "theirs"), NEIGHBOURS)
def test_what_lies_just_beside_a_rule_is_allowed(ours: dict[str, object], theirs: dict[str, object]) -> None:
    assert evaluate_pair(entrepreneur(**ours), supporter(**theirs)).rules == ()


def test_the_first_choice_holds_a_place_and_alternatives_with_a_place_left_come_first() -> None:
    people = [entrepreneur("e0"), entrepreneur("e1", needs=(Need(topic="sales", priority=3),), waiting_days=3)]
    helpers = [
        supporter("best"),
        supporter("good", expertise=(Expertise(topic="sales", level=2),)),
        supporter("poor", expertise=(Expertise(topic="sales", level=1),)),
        supporter("none", expertise=()),
    ]
    result = match(people, helpers)
    chosen = {
        (s.entrepreneur_id, s.rank): (s.supporter_id, "no_place_left" in {gap.code for gap in s.gaps})
        for s in result.suggestions
    }
    assert {chosen["e0", 1][0], chosen["e1", 1][0]} == {"best", "good"}
    assert chosen["e0", 2] == chosen["e1", 2] == ("poor", False)
    assert chosen["e0", 3] == chosen["e1", 3] == ("none", False)
    two = match(people, helpers[:2]).suggestions
    assert [("no_place_left" in {gap.code for gap in s.gaps}) for s in two if s.rank == 2] == [True, True]


def test_the_longest_waiting_is_served_when_places_lack_and_the_bonus_is_not_shown() -> None:
    people = [entrepreneur("e0"), entrepreneur("e1", waiting_days=30)]
    result = match(people, [supporter()])
    (suggestion,) = result.suggestions
    assert suggestion.entrepreneur_id == "e1"
    assert suggestion.score == match([entrepreneur("e0")], [supporter()]).suggestions[0].score
    (report,) = result.reports
    assert report.objective == round(suggestion.score + 0.035, 6)
    (unmatched,) = result.unmatched
    assert (unmatched.entrepreneur_id, unmatched.possible, dict(unmatched.refusals)) == ("e0", 1, {})


def test_the_fairest_aim_serves_who_waited_longest_and_then_the_worst_off_best() -> None:
    sales, cash = Need(topic="sales", priority=3), Need(topic="cash_flow", priority=3)
    people = [
        entrepreneur("both", needs=(sales, cash)),
        entrepreneur("sales", needs=(sales,)),
        # Nobody knows her topic: by the scores alone she would be left out.
        entrepreneur("waits", needs=(Need(topic="legal", priority=3),), waiting_days=200),
    ]
    helpers = [
        supporter("expert", expertise=(Expertise(topic="sales", level=3), Expertise(topic="cash_flow", level=3))),
        supporter("beginner", expertise=(Expertise(topic="sales", level=1),)),
    ]
    chosen, reports = {}, {}
    for aim in ("most_served", "fairest"):
        found = match(people, helpers, settings=Settings(aim=aim))
        chosen[aim] = {one.entrepreneur_id: one.supporter_id for one in found.suggestions if one.rank == 1}
        (reports[aim],) = found.reports
    assert chosen["most_served"].keys() == chosen["fairest"].keys()
    assert "waits" in chosen["fairest"]
    usual, fair = reports["most_served"], reports["fairest"]
    assert (usual.aim, usual.floor_bound, usual.fairness_price) == ("most_served", None, None)
    assert (fair.aim, fair.floor, fair.gap) == ("fairest", fair.floor_bound, 0)
    assert fair.floor >= usual.floor
    assert fair.fairness_price == pytest.approx(usual.objective - fair.objective)
    with pytest.raises(InvalidSettingsError):
        Settings(aim="total")


def test_who_asks_for_no_role_or_tells_no_need_gets_an_answer() -> None:
    people = [entrepreneur("e0", wanted_roles=frozenset()), entrepreneur("e1", needs=(), text="")]
    result = match(people, [supporter()])
    assert [(u.entrepreneur_id, u.role, dict(u.refusals)) for u in result.unmatched] == [("e0", None, {Rule.ROLE: 1})]
    (suggestion,) = result.suggestions
    assert suggestion.entrepreneur_id == "e1"
    assert "needs" not in {part.name for part in suggestion.components}


def test_nobody_at_all_gives_an_empty_answer() -> None:
    assert match([], []) == MatchResult(suggestions=(), unmatched=(), reports=())
    (alone,) = match([entrepreneur(wanted_roles=frozenset())], []).unmatched
    assert dict(alone.refusals) == {}


def test_people_held_back_are_counted_under_the_rule_that_forbids_most_in_their_association() -> None:
    people = [
        entrepreneur("far", association="north", languages=("ar",), availability=0),
        entrepreneur("alone", association="west"),
        entrepreneur("served", association="north"),
    ]
    helpers = [
        supporter("s0", association="north"),
        supporter("s1", association="north", languages=("fr", "ar")),
        supporter("s2", association="south", languages=("ar",)),
    ]
    result = match(people, helpers)
    (report,) = result.reports
    assert dict(report.unmatched_by_rule) == {Rule.TIME: 1, Rule.ASSOCIATION: 1}
    assert (report.matched, report.unmatched, report.places) == (1, 2, 3)
    assert [dict(u.refusals) for u in result.unmatched] == [
        {Rule.ASSOCIATION: 1, Rule.LANGUAGE: 1, Rule.TIME: 2},
        {Rule.ASSOCIATION: 3},
    ]
    (nobody,) = match([entrepreneur()], []).reports
    assert dict(nobody.unmatched_by_rule) == {Rule.ROLE: 1}


def test_progress_rises_to_one() -> None:
    told: list[float] = []
    match([entrepreneur()], [supporter()], progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    fair: list[float] = []
    match([entrepreneur()], [supporter()], settings=Settings(aim="fairest"), progress=fair.append)
    assert fair == sorted(fair)
    assert fair[-1] == 1
    # Its steps may take minutes: each is a sign of life.
    assert len(fair) > len(told)


def test_an_answer_that_breaks_a_rule_or_a_capacity_never_leaves_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    solve = markets.assign

    def everybody_to_the_first(*arguments: object, **options: object) -> object:
        answer = solve(*arguments, **options)  # type: ignore[arg-type]
        return replace(answer, supporters=np.zeros_like(answer.supporters))

    monkeypatch.setattr(markets, "assign", everybody_to_the_first)
    with pytest.raises(BrokenRuleError) as full:
        match([entrepreneur("e0"), entrepreneur("e1")], [supporter()])
    assert full.value.facts["rule"] is Rule.CAPACITY
    with pytest.raises(BrokenRuleError) as mute:
        match([entrepreneur("e0", availability=0b01)], [supporter(availability=0b10)])
    assert mute.value.facts == {"entrepreneur_id": "e0", "supporter_id": "s0", "rule": Rule.TIME}


def test_one_id_twice_is_refused() -> None:
    with pytest.raises(DuplicateIdError) as error:
        match([entrepreneur(), entrepreneur()], [])
    assert error.value.facts == {"kind": "entrepreneur", "id": "e0"}
    with pytest.raises(DuplicateIdError):
        match([], [supporter(), supporter()])


def test_supporters_are_ranked_allowed_first_then_best_first() -> None:
    helpers = [
        supporter("poor", expertise=()),
        supporter("full", capacity=0),
        supporter("best"),
        supporter("expert", role=Role.EXPERT),
    ]
    pool = prepare([entrepreneur()], helpers)
    ranked = rank_supporters(pool, "e0", Role.MENTOR)
    assert [(line.supporter_id, line.rule) for line in ranked] == [("best", None), ("poor", None), ("full", "capacity")]
    assert [line.rule for line in rank_supporters(pool, "e0", Role.EXPERT)] == [Rule.ROLE]
    assert rank_supporters(pool, "e0", Role.COACH) == ()
    with pytest.raises(UnknownIdError):
        rank_supporters(pool, "nobody", Role.MENTOR)


def test_a_pair_outside_the_context_is_read_with_its_texts() -> None:
    people = [entrepreneur(f"e{at}", text=text) for at, text in enumerate(("vente de pain", "pain", "coiffure"))]
    helpers = [supporter(text="boulangerie pain vente")]
    pool = prepare(people, helpers)
    inside = evaluate_pair(people[0], helpers[0], context=pool)
    outside = evaluate_pair(replace(people[0], waiting_days=9), helpers[0], context=pool)
    assert outside.score == inside.score
    assert evaluate_pair(people[0], helpers[0], context=pool, settings=Settings(choices=1)).score == inside.score
    assert evaluate_pair(entrepreneur("new"), helpers[0], context=pool).allowed


@given(pools())
@settings(RELAXED, max_examples=40)
def test_a_narrower_market_knows_the_same_of_the_columns_left(pool: tuple[list[Entrepreneur], list[Supporter]]) -> None:
    people, helpers = pool
    prepared = prepare(people, helpers)
    market = prepared.market(Role.MENTOR, np.arange(len(people)), np.arange(len(helpers)))
    columns = np.arange(len(helpers))[::2]
    narrow = market.narrow(columns)
    every = np.arange(len(people))
    assert narrow.shape == (len(people), len(columns))
    assert np.array_equal(narrow.points(every), market.points(every)[:, columns])
