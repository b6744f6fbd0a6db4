"""Reasons and gaps carry the facts that people would name."""

import pytest

from matcher import Expertise, Need, PairEvaluation, Reason, Role, Stage, evaluate_pair
from matcher.explanation import slot_names
from tests.matcher.people import entrepreneur, supporter

EXPERT = {"wanted_roles": frozenset({Role.EXPERT})}


def reason(pair: PairEvaluation, code: str) -> Reason | None:
    return next((reason for reason in (*pair.reasons, *pair.gaps) if reason.code == code), None)


def facts(pair: PairEvaluation, code: str) -> object:
    found = reason(pair, code)
    return found and found.facts


def test_covered_and_uncovered_needs_are_named_most_urgent_first() -> None:
    person = entrepreneur(
        needs=tuple(Need(topic=topic, priority=at % 3 + 1) for at, topic in enumerate(("a", "b", "c", "d", "e", "f")))
    )
    helper = supporter(expertise=tuple(Expertise(topic=topic, level=3) for topic in ("a", "b", "c", "d")))
    pair = evaluate_pair(person, helper)
    assert facts(pair, "needs_covered") == {"topics": ("c", "b", "a"), "priorities": (3, 2, 1), "levels": (3, 3, 3)}
    assert facts(pair, "needs_uncovered") == {"topics": ("f", "e"), "priorities": (3, 2)}
    assert reason(evaluate_pair(person, supporter(expertise=())), "needs_covered") is None
    assert reason(evaluate_pair(entrepreneur(), supporter()), "needs_uncovered") is None


def test_the_activity_is_named_for_an_expert_only() -> None:
    person = entrepreneur(activity="10.71C", **EXPERT)
    near = supporter(role=Role.EXPERT, activities=("10.71D",))
    assert facts(evaluate_pair(person, near), "same_activity") == {"depth": "class", "activity": "10.71C"}
    other = evaluate_pair(person, supporter(role=Role.EXPERT, activities=("47.11B",)))
    assert facts(other, "other_activity") == {"activity": "10.71C"}
    assert reason(other, "same_activity") is None
    section = evaluate_pair(person, supporter(role=Role.EXPERT, activities=("33.11Z",)))
    assert reason(section, "same_activity") is None
    assert reason(section, "other_activity") is None
    mentor = evaluate_pair(entrepreneur(activity="10.71C"), supporter(activities=("10.71C",)))
    assert reason(mentor, "same_activity") is None


def test_stage_language_and_slots_are_named() -> None:
    person = entrepreneur(languages=("en", "fr"), availability=0b111)
    pair = evaluate_pair(person, supporter(stages=(Stage.LAUNCH,), availability=0b1001))
    assert facts(pair, "knows_stage") == {"stage": "launch"}
    assert facts(pair, "common_language") == {"languages": ("fr",)}
    assert facts(pair, "other_language") == {"language": "en"}
    assert facts(pair, "common_slots") == {"slots": ("mon_am",), "count": 1}
    assert facts(pair, "few_slots") == {"slots": ("mon_am",), "count": 1}
    far = evaluate_pair(entrepreneur(stage=Stage.IDEA, languages=()), supporter(stages=(Stage.GROWTH,)))
    assert facts(far, "other_stage") == {"stage": "idea"}
    assert reason(far, "common_language") is None
    assert reason(far, "other_language") is None
    free = evaluate_pair(entrepreneur(), supporter())
    assert facts(free, "common_slots") == {"slots": ("mon_am", "mon_pm", "mon_eve"), "count": 21}
    assert reason(free, "few_slots") is None
    assert reason(evaluate_pair(entrepreneur(availability=0), supporter()), "common_slots") is None
    assert slot_names(0) == ()


@pytest.mark.parametrize(
    ("north_km", "remote", "codes"),
    [
        (1.0, True, {"near"}),
        (28.0, True, {"near", "far"}),
        (40.0, True, {"remote"}),
        (40.0, False, set()),
    ],
)
def test_distance_is_named_as_it_would_be_felt(north_km: float, remote: bool, codes: set[str]) -> None:
    person = entrepreneur(latitude=48.0, longitude=2.0)
    helper = supporter(latitude=48.0 + north_km / 111.195, longitude=2.0, accepts_remote=remote)
    pair = evaluate_pair(person, helper)
    named = {reason.code: reason.facts for reason in (*pair.reasons, *pair.gaps)}
    assert named.keys() & {"near", "far", "remote"} == codes
    assert all(named[code] == {"distance_km": north_km} for code in codes)


def test_somebody_without_a_place_is_met_remotely_at_no_distance() -> None:
    pair = evaluate_pair(entrepreneur(latitude=48.0, longitude=2.0), supporter())
    assert facts(pair, "remote") == {"distance_km": None}


def test_common_words_are_named_as_she_wrote_them() -> None:
    person = entrepreneur(text="J'ouvre une boulangerie : pains, pâtisseries, brioches, sandwichs")
    pair = evaluate_pair(person, supporter(text="Boulanger retraité, pain et patisserie, brioche"))
    assert facts(pair, "similar_words") == {"words": ("boulangerie", "pains", "pâtisseries")}
    assert reason(evaluate_pair(person, supporter(text="coiffure")), "similar_words") is None
    helper = supporter(text="accompagnement approvisionnement administration")
    only_pieces = evaluate_pair(entrepreneur(text="acompagnement aprovisionnement administation"), helper)
    assert next(part.value for part in only_pieces.components if part.name == "text") > 0.2
    assert reason(only_pieces, "similar_words") is None


def test_facts_about_the_supporter_are_named() -> None:
    ambassador = supporter(role=Role.AMBASSADOR, has_bounced_back=True)
    assert reason(evaluate_pair(entrepreneur(), ambassador), "bounced_back")
    assert reason(evaluate_pair(entrepreneur(), supporter(has_bounced_back=True)), "bounced_back") is None
    assert reason(evaluate_pair(entrepreneur(), supporter(role=Role.COACH, certified=True)), "certified")
    assert reason(evaluate_pair(entrepreneur(), supporter(role=Role.COACH)), "certified") is None


def test_a_network_beyond_the_neighbourhood_is_named() -> None:
    person = entrepreneur(wants_bridging=True, catchment="93066")
    assert reason(evaluate_pair(person, supporter(catchment="69001")), "beyond_neighbourhood")
    assert reason(evaluate_pair(person, supporter(catchment="93066")), "beyond_neighbourhood") is None
