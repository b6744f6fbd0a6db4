"""Scores: blocks and lists agree, components keep their bounds, weights are shared out to the last point."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import COMPONENTS, Entrepreneur, Expertise, Need, Role, Settings, Stage, Supporter, evaluate_pair, prepare
from matcher.criteria import CRITERIA
from matcher.encoding import STAGES, great_circle_km, squared_chord, stage_closeness
from matcher.errors import InvalidSettingsError
from matcher.frames import Frame
from matcher.records import MAX_WAITING_DAYS
from matcher.rules import DENSE_RULES
from matcher.scoring import LONGEST_COUNTED_DAYS, POINTS, share_out, waiting_bonus
from matcher.settings import DEFAULT_WEIGHTS
from tests.matcher.people import entrepreneur, supporter
from tests.matcher.strategies import RELAXED, pools

PARIS, LYON = (48.8566, 2.3522), (45.7640, 4.8357)


def value_of(name: str, person: Entrepreneur, helper: Supporter) -> float:
    weights = {role: dict.fromkeys(COMPONENTS, 1.0) for role in Role}
    parts = evaluate_pair(person, helper, settings=Settings(weights=weights)).components
    return next(part.value for part in parts if part.name == name)


@given(pools())
@settings(RELAXED, max_examples=100)
def test_a_block_and_a_list_of_the_same_pairs_agree_to_the_last_bit(
    pool: tuple[list[Entrepreneur], list[Supporter]],
) -> None:
    prepared = prepare(*pool)
    n, m = len(pool[0]), len(pool[1])
    rows, columns = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
    left, right = prepared.entrepreneur_table, prepared.supporter_table
    block = Frame(left, right, paired=False)
    pairs = Frame(left.take(rows), right.take(columns), paired=True)
    for work in (*CRITERIA.values(), *DENSE_RULES.values()):
        whole = np.broadcast_to(work(block), (n, m))
        assert (whole.ravel() == work(pairs)).all()
    for criterion in CRITERIA.values():
        values = criterion(block)
        assert values.dtype == np.float32
        assert ((values >= 0) & (values <= 1)).all()


@given(
    st.lists(st.floats(0, 100), min_size=8, max_size=8).filter(lambda weights: sum(weights) > 0),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_shares_are_whole_and_add_up_to_a_perfect_score(weights: list[float], applies: list[bool]) -> None:
    named = dict(zip(COMPONENTS, weights, strict=True))
    shares = share_out(named, np.array([applies]))[0]
    assert (shares == np.floor(shares)).all()
    assert (shares[~np.array(applies)] == 0).all()
    weighs = any(weight > 0 for weight, counts in zip(weights, applies, strict=True) if counts)
    assert shares.sum() == (POINTS if weighs else 0)


def test_needs_weigh_priority_by_level() -> None:
    person = entrepreneur(needs=(Need(topic="a", priority=3), Need(topic="b", priority=1), Need(topic="b", priority=2)))
    helper = supporter(expertise=(Expertise(topic="a", level=1), Expertise(topic="b", level=3)))
    assert value_of("needs", person, helper) == pytest.approx((3 * 1 + 2 * 3) / (3 * (3 + 2)), abs=1e-6)
    assert value_of("needs", person, supporter(expertise=())) == 0


@pytest.mark.parametrize(
    ("codes", "value"),
    [(("10.71C",), 1), (("10.71D", "47.11B"), 0.8), (("10.7",), 0.6), (("33.11Z",), 0.2), (("47.11B",), 0), ((), 0)],
)
def test_activity_is_the_deepest_level_in_common(codes: tuple[str, ...], value: float) -> None:
    assert value_of("activity", entrepreneur(activity="10.71C"), supporter(activities=codes)) == pytest.approx(value)


def test_stages_are_as_close_as_the_roads_between_them() -> None:
    closeness = stage_closeness()
    assert (closeness == closeness.T).all()
    assert (np.diag(closeness) == 1).all()
    at = STAGES.index
    assert closeness[at(Stage.IDEA), at(Stage.EMERGENCE)] == 0.75
    assert closeness[at(Stage.IDEA), at(Stage.GROWTH)] == 0
    assert closeness[at(Stage.DIFFICULTY), at(Stage.REBOUND)] == 0.75
    assert closeness[at(Stage.TAKEOVER), at(Stage.LAUNCH)] == 0.75
    assert value_of("stage", entrepreneur(), supporter()) == 1
    assert value_of("stage", entrepreneur(), supporter(stages=(Stage.IDEA, Stage.GROWTH))) == 0.5


@pytest.mark.parametrize(
    ("spoken", "value"), [(("ar", "fr"), 1), (("en", "ta"), 0.75), (("ta",), 0.5), (("pt",), 0), ((), 0)]
)
def test_the_first_language_is_worth_most(spoken: tuple[str, ...], value: float) -> None:
    assert value_of("languages", entrepreneur(languages=("fr", "en", "pl", "ta")), supporter(languages=spoken)) == value


@pytest.mark.parametrize(("mask", "value"), [(0, 0), (0b1, 0.25), (0b111, 0.75), (0b1111, 1), ((1 << 21) - 1, 1)])
def test_four_common_slots_are_enough(mask: int, value: float) -> None:
    assert value_of("availability", entrepreneur(), supporter(availability=mask)) == value


def test_nearness_falls_from_next_door_to_the_end_of_the_reach() -> None:
    here = {"latitude": PARIS[0], "longitude": PARIS[1]}
    person = entrepreneur(**here, max_km=50.0)
    assert value_of("place", person, supporter(**here)) == 1
    ten = supporter(latitude=PARIS[0] + 10 / 111.195, longitude=PARIS[1], max_km=20.0, accepts_remote=False)
    assert value_of("place", person, ten) == pytest.approx(0.75, abs=1e-3)
    assert value_of("place", person, supporter(latitude=LYON[0], longitude=LYON[1])) == 0.5
    assert value_of("place", person, supporter()) == 0.5
    assert value_of("place", person, supporter(accepts_remote=False)) == 0


def test_distances_are_those_of_the_globe() -> None:
    pool = prepare(
        [entrepreneur(latitude=PARIS[0], longitude=PARIS[1])], [supporter(latitude=LYON[0], longitude=LYON[1])]
    )
    square = Frame(pool.entrepreneur_table, pool.supporter_table, paired=True).squared_metres
    assert great_circle_km(square)[0] == pytest.approx(391.5, abs=0.5)
    kilometres = np.array([0.001, 1.0, 30.0, 5000.0, 20_000.0])
    assert great_circle_km(squared_chord(kilometres)) == pytest.approx(kilometres, rel=1e-6)


def test_bridging_counts_for_those_who_ask_for_it() -> None:
    person = entrepreneur(wants_bridging=True, catchment="93066")
    assert value_of("bridging", person, supporter(catchment="69001")) == 1
    assert value_of("bridging", person, supporter(catchment="93066")) == 0
    assert value_of("bridging", person, supporter()) == 0
    for silent in (entrepreneur(catchment="93066"), entrepreneur(wants_bridging=True)):
        names = {part.name for part in evaluate_pair(silent, supporter(catchment="69001")).components}
        assert "bridging" not in names


def test_what_she_did_not_tell_does_not_count_against_her() -> None:
    silent = entrepreneur(needs=(), text="", activity=None)
    pair = evaluate_pair(silent, supporter(role=Role.EXPERT))
    assert {part.name for part in pair.components} == {"stage", "languages", "availability"}
    assert pair.score == 1


def test_weights_that_only_hold_what_does_not_apply_score_nothing() -> None:
    pair = evaluate_pair(entrepreneur(needs=()), supporter(), settings=Settings(weights={Role.MENTOR: {"needs": 1.0}}))
    assert (pair.allowed, pair.score, pair.components) == (True, 0, ())


def test_another_order_of_slots_or_topics_changes_nothing() -> None:
    one = entrepreneur(needs=(Need(topic="a", priority=1), Need(topic="b", priority=3)))
    other = entrepreneur(needs=(Need(topic="b", priority=3), Need(topic="a", priority=1)))
    helper = supporter(expertise=(Expertise(topic="b", level=2),))
    assert evaluate_pair(one, helper).score == evaluate_pair(other, helper).score


@given(st.integers(0, 700), st.integers(1, 30), st.integers(0, 600))
def test_the_lead_of_who_waits_longer_grows_from_run_to_run(days: int, lead: int, later: int) -> None:
    first, next_one = (waiting_bonus(np.array([start, start + later]), 0.001) for start in (days + lead, days))
    now, then = first - next_one
    if days + lead + later <= LONGEST_COUNTED_DAYS:
        assert now > 0
        assert then > now if later else then == now
    assert (np.diff(first) >= 0).all()


def test_after_a_year_nobody_newly_come_outweighs_who_waits_and_the_bonus_stays_bounded() -> None:
    half, year = waiting_bonus(np.array([182, 365]), Settings().waiting_bonus_per_day)
    assert half < POINTS < year
    longest = waiting_bonus(np.array([MAX_WAITING_DAYS]), 1.0)[0]
    assert longest == waiting_bonus(np.array([LONGEST_COUNTED_DAYS]), 1.0)[0] < 4e9


def test_a_role_without_weights_of_its_own_keeps_the_engines_and_unknown_ones_are_refused() -> None:
    assert Settings(weights={Role.MENTOR: {"needs": 1}}).weights[Role.COACH] == DEFAULT_WEIGHTS[Role.COACH]
    with pytest.raises(InvalidSettingsError):
        Settings(weights={"mentr": {"needs": 1}})  # type: ignore[dict-item]
