"""The rules of a check-in, each case of the three answers."""

from itertools import product

import pytest

from webapp.services.check_ins import RULES, Activity, Advice, Cash, Mood, advise

CASES = list(product(Activity, Cash, Mood))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("fine", "long", "fine"), ["go_on"]),
        (("hard", "long", "fine"), ["go_on"]),
        (("hard", "some_months", "tired"), ["talk", "rest"]),
        (("fine", "some_months", "tired"), ["rest"]),
        (("very_hard", "long", "fine"), ["talk"]),
        (("fine", "under_a_month", "fine"), ["talk", "cash"]),
        (("fine", "not_known", "fine"), ["cash"]),
        (("fine", "long", "not_coping"), ["help_now"]),
        (("very_hard", "under_a_month", "tired"), ["help_now", "talk", "cash", "rest"]),
        (("very_hard", "under_a_month", "fine"), ["talk", "cash"]),
    ],
)
def test_what_is_said_after_three_answers(answers: tuple[str, str, str], expected: list[str]) -> None:
    activity, cash, mood = answers
    said = advise(activity=Activity(activity), cash=Cash(cash), mood=Mood(mood))
    assert [str(one) for one in said] == expected


@pytest.mark.parametrize(("activity", "cash", "mood"), CASES)
def test_who_is_not_coping_always_reads_of_help_first(activity: Activity, cash: Cash, mood: Mood) -> None:
    said = advise(activity=activity, cash=cash, mood=mood)
    assert said
    assert len(set(said)) == len(said)
    assert (Advice.GO_ON in said) == (said == (Advice.GO_ON,))
    if mood is Mood.NOT_COPING:
        assert said[0] is Advice.HELP_NOW


def test_every_rule_speaks_in_some_case() -> None:
    for rule in RULES:
        assert any(rule.holds(activity=activity, cash=cash, mood=mood) for activity, cash, mood in CASES)
