"""Whom to recruit: what is promised is what comes out when she is really there, and nothing told shows a person."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from matcher import (
    Entrepreneur,
    MatchResult,
    Need,
    Profile,
    RecruitmentBrief,
    Role,
    Stage,
    Supporter,
    match,
    prepare,
    recruitment_brief,
)
from matcher.errors import InvalidSettingsError
from matcher.profiles import Territories, choose_slots
from matcher.role_answers import solve_role
from tests.matcher.people import ALWAYS, entrepreneur, supporter
from tests.matcher.strategies import RELAXED, pools

MONDAY_MORNING, TUESDAY_EVENING, FRIDAY_EVENING = 0b1, 0b100000, 1 << 14
HERE = {"latitude": 48.93, "longitude": 2.36}
FAR = {"latitude": 45.76, "longitude": 4.84}


def group(count: int, name: str, **changes: object) -> list[Entrepreneur]:
    return [entrepreneur(f"{name}{at}", **changes) for at in range(count)]


def brief_of(people: list[Entrepreneur], helpers: list[Supporter] | None = None, **options: object) -> RecruitmentBrief:
    return recruitment_brief(prepare(people, helpers or []), **options)  # type: ignore[arg-type]


def served(result: MatchResult, role: Role) -> int:
    return sum(report.matched for report in result.reports if report.role is role)


def test_the_evening_of_most_people_comes_first_and_the_next_recruit_serves_the_others() -> None:
    people = [*group(5, "tue", availability=TUESDAY_EVENING), *group(4, "fri", availability=FRIDAY_EVENING)]
    brief = brief_of(people, places=5)
    first, second = brief.sequence
    assert (first.profile.slots, first.served, first.meets, first.places) == (("tue_eve",), 5, 5, 5)
    assert (second.profile.slots, second.served, second.meets) == (("fri_eve",), 4, 4)
    assert brief.options[0] == first
    assert first.profile.topics == ("sales",)
    assert first.profile.remote
    assert first.total > 0


def test_somebody_may_be_served_by_a_supporter_whom_another_leaves() -> None:
    # The one left over meets s0 only, who is taken by the other; a recruit whom only the other can meet frees s0.
    people = [
        entrepreneur("e0", languages=("ar",), needs=()),
        entrepreneur("e1", languages=("fr", "ar"), waiting_days=300),
    ]
    helper = supporter("s0", languages=("ar",))
    pool = prepare(people, [helper])
    assert solve_role(pool, Role.MENTOR).matched == 1
    french = supporter("new", languages=("fr",))
    assert solve_role(prepare(people, [helper, french]), Role.MENTOR).matched == 2
    best = recruitment_brief(pool, smallest=1).options[0]
    assert best.served == 1


def test_who_is_served_by_moving_others_is_not_among_those_she_meets() -> None:
    people = [
        *group(1, "left", languages=("ar",), availability=MONDAY_MORNING),
        *group(6, "moves", languages=("fr",), availability=ALWAYS, waiting_days=100),
    ]
    taken = [supporter("s0", languages=("fr", "ar"), availability=ALWAYS, capacity=6)]
    brief = brief_of(people, taken)
    by_language = {one.profile.languages: (one.served, one.meets) for one in brief.options}
    assert by_language[("ar",)] == (1, 1)
    assert by_language[("fr",)] == (1, 0)


def test_a_territory_is_named_where_enough_people_live_and_speak() -> None:
    here = group(6, "here", **HERE, accepts_remote=False, max_km=20.0)
    far = group(2, "far", **FAR, accepts_remote=False, max_km=20.0)
    communes = {**{one.id: "Saint-Denis" for one in here}, **{one.id: "Lyon" for one in far}}
    departments = {**{one.id: "93" for one in here}, **{one.id: "69" for one in far}}
    brief = brief_of([*here, *far], territories=(communes, departments))
    assert {one.profile.territory for one in brief.options} == {"Saint-Denis"}
    assert brief.options[0].served == 3
    few = brief_of([*here[:3], *far], territories=(communes, departments))
    assert few == RecruitmentBrief(options=(), sequence=())


def test_a_small_commune_is_named_by_its_department() -> None:
    one, other = group(3, "one", **HERE, accepts_remote=False), group(3, "other", **HERE, accepts_remote=False)
    communes = {**{person.id: "Stains" for person in one}, **{person.id: "Pierrefitte" for person in other}}
    departments = dict.fromkeys(communes, "93")
    best = brief_of([*one, *other], territories=(communes, departments)).options[0]
    assert (best.profile.territory, best.profile.remote, best.served) == ("93", False, 3)


def test_a_rare_language_is_not_told_together_with_a_territory_nor_a_rare_topic_at_all() -> None:
    people = group(6, "here", **HERE)
    rare = entrepreneur("rare", **HERE, languages=("ti",), needs=(Need(topic="patents", priority=3),))
    communes = dict.fromkeys([*(one.id for one in people), "rare"], "Saint-Denis")
    helpers = [supporter("s0", capacity=6)]
    brief = brief_of([*people, rare], helpers, territories=(communes,))
    assert brief.options
    for one in brief.options:
        assert (one.profile.languages, one.profile.territory, one.profile.topics) == (("ti",), None, ())
    at_home = replace(rare, accepts_remote=False)
    assert brief_of([*people, at_home], helpers, territories=(communes,)).options == ()
    assert brief_of([*people, at_home], helpers, territories=(communes,), smallest=1).options != ()


def test_less_is_asked_where_it_serves_as_many() -> None:
    people = group(6, "here", **HERE)
    best = brief_of(people, territories=(dict.fromkeys((one.id for one in people), "Saint-Denis"),)).options[0]
    assert (best.profile.territory, best.profile.remote, len(best.profile.slots)) == (None, True, 1)


def test_coaches_are_looked_for_among_those_who_agreed_and_ambassadors_have_bounced_back() -> None:
    people = [
        *group(4, "agreed", wanted_roles=frozenset({Role.COACH}), coaching_consent=True),
        *group(9, "not", wanted_roles=frozenset({Role.COACH})),
        *group(2, "path", wanted_roles=frozenset({Role.AMBASSADOR})),
    ]
    brief = brief_of(people, places=9)
    assert [(one.profile.role, one.served, one.meets) for one in brief.sequence] == [
        (Role.COACH, 4, 4),
        (Role.AMBASSADOR, 2, 2),
    ]


def test_each_association_looks_for_its_own() -> None:
    people = [*group(3, "n", association="north"), *group(2, "s", association="south")]
    assert [(one.profile.association, one.served) for one in brief_of(people).sequence] == [("north", 3), ("south", 2)]


def test_where_nobody_is_left_over_nobody_is_looked_for() -> None:
    assert brief_of([entrepreneur()], [supporter()]) == RecruitmentBrief(options=(), sequence=())
    assert brief_of([]) == RecruitmentBrief(options=(), sequence=())
    assert brief_of(group(6, "never", availability=0)) == RecruitmentBrief(options=(), sequence=())
    assert brief_of(group(6, "mute", languages=())) == RecruitmentBrief(options=(), sequence=())
    assert brief_of(group(3, "e"), recruits=0).sequence == ()


@pytest.mark.parametrize("options", [{"places": 0}, {"verified": 0}, {"recruits": -1}, {"smallest": 0}])
def test_impossible_wishes_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(InvalidSettingsError):
        brief_of([], **options)


def as_supporter(profile: Profile, places: int, territories: Territories) -> Supporter:
    """Make the supporter that a profile describes, from its words alone."""
    from matcher import SLOTS, Expertise

    latitude, longitude = territories.middle(profile.territory)
    return Supporter(
        id="recruit",
        role=profile.role,
        expertise=tuple(Expertise(topic=topic) for topic in profile.topics),
        languages=profile.languages,
        availability=sum(1 << SLOTS.index(slot) for slot in profile.slots),
        capacity=places,
        latitude=latitude,
        longitude=longitude,
        accepts_remote=profile.remote,
        association=profile.association,
        has_bounced_back=profile.role is Role.AMBASSADOR,
    )


@given(pools(most_entrepreneurs=8, most_supporters=4))
@settings(RELAXED, max_examples=60)
def test_what_is_promised_comes_out_when_she_is_really_there(
    pool: tuple[list[Entrepreneur], list[Supporter]],
) -> None:
    people, helpers = pool
    names = {person.id: f"{person.latitude}" for person in people if person.latitude is not None}
    text = prepare(people, helpers).vocabulary.text
    brief = recruitment_brief(prepare(people, helpers), territories=(names,), places=2, smallest=1)
    territories, before = Territories(people, (names,), 1), match(people, helpers)
    assert list(brief.options) == sorted(brief.options, key=lambda one: -one.served)
    for one in brief.options[:3]:
        helper = as_supporter(one.profile, 2, territories)
        after = solve_role(prepare(people, [*helpers, helper], text=text), one.profile.role)
        assert 1 <= one.served <= 2
        assert after.matched - served(before, one.profile.role) == one.served
        objective = sum(report.objective for report in before.reports if report.role is one.profile.role)
        assert one.total == pytest.approx(after.objective - objective)
    gained = [one.served for one in brief.sequence]
    left_over = sum(1 for one in before.unmatched if one.role is not None)
    assert sum(gained) <= left_over


@given(pools())
@settings(RELAXED, max_examples=40)
def test_a_role_solved_by_itself_is_the_role_of_the_whole(pool: tuple[list[Entrepreneur], list[Supporter]]) -> None:
    prepared, result = prepare(*pool), match(*pool)
    for report in result.reports:
        answer = solve_role(prepared, report.role)
        assert (answer.matched, answer.objective) == (report.matched, report.objective)
        left = {one.entrepreneur_id for one in result.unmatched if one.role is report.role}
        alone = {person.id for person, one in zip(prepared.entrepreneurs, answer.alone, strict=True) if one}
        assert alone == left
        assert (answer.asked[answer.alone] <= -answer.unserved[answer.alone]).all()


def test_slots_are_chosen_for_what_each_adds() -> None:
    free = np.zeros((5, 21), dtype=bool)
    free[:3, 4] = free[2:4, 7] = free[4, 20] = True
    assert choose_slots(np.ones(5), free, 5) == [4, 7]
    assert choose_slots(np.ones(5), free, 3) == [4]
    assert choose_slots(np.full(5, 0.4), free, 1) == []


def test_the_same_pool_gives_the_same_brief() -> None:
    people = [
        *group(7, "a", availability=TUESDAY_EVENING, **HERE),
        *group(6, "b", languages=("ar",), stage=Stage.IDEA),
        replace(entrepreneur("c"), wanted_roles=frozenset({Role.EXPERT})),
    ]
    assert brief_of(people) == brief_of(people)
