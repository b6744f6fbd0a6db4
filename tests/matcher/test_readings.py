"""Three readings of one account: each reader finds what is hers, and the wall holds."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from matcher import Entrepreneur, Need, Reader, Reason, Stage, Supporter, evaluate_pair, read_for
from matcher import readings as readings_module
from matcher.readings import HARD_TOPICS, READERS, STAGES_LIKE_HARD_ONES
from tests.matcher.people import entrepreneur, supporter
from tests.matcher.strategies import RELAXED, entrepreneurs, supporters

MATCHER = Path(readings_module.__file__).parent


def codes(reader: Reader, *told: Reason, accepted: bool = False) -> list[str]:
    return [reason.code for reason in read_for(reader, told, accepted=accepted)]


def test_every_code_that_the_engine_gives_has_its_readers() -> None:
    written = set()
    for module in ("explanation.py", "recommendation.py", "session_views.py"):
        written |= set(re.findall(r'Reason\(\s*code="(\w+)"', (MATCHER / module).read_text(encoding="utf-8")))
    assert written == set(READERS)
    assert all(READERS.values())


def test_the_coordinator_reads_all_about_a_pair_and_the_entrepreneur_never_what_is_missing() -> None:
    pair = [Reason(code=code, facts={}) for code in ("needs_covered", "few_slots", "no_place_left", "other_stage")]
    assert codes(Reader.COORDINATOR, *pair) == ["needs_covered", "few_slots", "no_place_left", "other_stage"]
    assert codes(Reader.ENTREPRENEUR, *pair) == ["needs_covered"]


@pytest.mark.parametrize("code", ["situation", "declared_needs", "declared_stage", "declared_liquidation"])
def test_what_was_confided_comes_back_to_her_alone(code: str) -> None:
    assert READERS[code] == {Reader.ENTREPRENEUR}


@pytest.mark.parametrize("stage", sorted(STAGES_LIKE_HARD_ONES))
@pytest.mark.parametrize("as_kept", [Stage, str])
def test_a_stage_told_like_those_of_hard_times_is_told_with_a_yes(stage: Stage, as_kept: type) -> None:
    told = Reason(code="knows_stage", facts={"stage": as_kept(stage)})
    assert codes(Reader.SUPPORTER, told) == []
    assert codes(Reader.SUPPORTER, told, accepted=True) == ["knows_stage"]
    assert codes(Reader.ENTREPRENEUR, told) == ["knows_stage"]


def test_an_uncovered_need_that_tells_of_hard_times_is_left_out_before_a_yes() -> None:
    told = Reason(code="needs_uncovered", facts={"topics": ["insolvency_debt", "sales"], "priorities": [3, 1]})
    (kept,) = read_for(Reader.SUPPORTER, [told])
    assert kept.facts == {"topics": ("sales",), "priorities": (1,)}
    assert read_for(Reader.SUPPORTER, [told], accepted=True) == (told,)
    alone = Reason(code="needs_uncovered", facts={"topics": ["bounce_back"], "priorities": [3]})
    assert read_for(Reader.SUPPORTER, [alone, Reason(code="needs_uncovered", facts={})]) == ()


def test_words_of_her_own_text_are_told_to_a_supporter_with_her_yes() -> None:
    text = "Après une liquidation judiciaire et un surendettement, je rouvre une boulangerie."
    pair = evaluate_pair(entrepreneur(text=text), supporter(text=f"Boulanger. {text}"))
    assert "similar_words" not in codes(Reader.SUPPORTER, *pair.reasons)
    assert "similar_words" in codes(Reader.SUPPORTER, *pair.reasons, accepted=True)
    assert "similar_words" in codes(Reader.ENTREPRENEUR, *pair.reasons)


def test_a_code_of_another_engine_goes_to_the_coordinator_only() -> None:
    unknown = Reason(code="of_another_engine", facts={})
    assert [bool(codes(reader, unknown)) for reader in Reader] == [True, False, False]


@given(entrepreneurs("e"), supporters("s"))
@settings(RELAXED, max_examples=100)
def test_no_reading_of_a_pair_before_a_yes_tells_of_hard_times(person: Entrepreneur, helper: Supporter) -> None:
    pair = evaluate_pair(person, helper)
    offered = {skill.topic for skill in helper.expertise}
    for reason in read_for(Reader.SUPPORTER, (*pair.reasons, *pair.gaps)):
        assert reason.facts.get("stage") not in STAGES_LIKE_HARD_ONES
        topics = reason.facts.get("topics", ())
        assert isinstance(topics, tuple)
        assert not (set(topics) - offered) & HARD_TOPICS


def test_the_same_pair_is_read_in_three_ways() -> None:
    person = entrepreneur(
        stage=Stage.REBOUND, needs=(Need(topic="sales"), Need(topic="stress_balance")), languages=("ar", "fr")
    )
    pair = evaluate_pair(person, supporter(stages=(Stage.REBOUND,)))
    told = (*pair.reasons, *pair.gaps)
    assert codes(Reader.COORDINATOR, *told) == [reason.code for reason in told]
    ours = ["needs_covered", "common_language", "common_slots"]
    assert codes(Reader.SUPPORTER, *told) == [*ours, "other_language"]
    assert codes(Reader.ENTREPRENEUR, *told) == ["needs_covered", "knows_stage", *ours[1:]]
