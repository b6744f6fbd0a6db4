"""A check-in: three answers, and what may help after them. Rules, not a score; pure, and nothing is kept anywhere.

The answers live as long as the request that brings them: no table, no log, no message and no history knows them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Activity(StrEnum):
    """How the business goes."""

    FINE = "fine"
    HARD = "hard"
    VERY_HARD = "very_hard"


class Cash(StrEnum):
    """How long the money lasts."""

    LONG = "long"
    SOME_MONTHS = "some_months"
    UNDER_A_MONTH = "under_a_month"
    NOT_KNOWN = "not_known"


class Mood(StrEnum):
    """How the person is."""

    FINE = "fine"
    TIRED = "tired"
    NOT_COPING = "not_coping"


class Advice(StrEnum):
    """What the page says, the most urgent first."""

    HELP_NOW = "help_now"
    TALK = "talk"
    CASH = "cash"
    REST = "rest"
    GO_ON = "go_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is said when each of three answers is among those named; an answer not named does not matter."""

    advice: Advice
    activity: frozenset[Activity] = frozenset(Activity)
    cash: frozenset[Cash] = frozenset(Cash)
    mood: frozenset[Mood] = frozenset(Mood)

    def holds(self, *, activity: Activity, cash: Cash, mood: Mood) -> bool:
        """Say whether the rule speaks of these answers."""
        return activity in self.activity and cash in self.cash and mood in self.mood


HARD = frozenset({Activity.HARD, Activity.VERY_HARD})
SHORT = frozenset({Cash.UNDER_A_MONTH})
RULES: tuple[Rule, ...] = (
    Rule(advice=Advice.HELP_NOW, mood=frozenset({Mood.NOT_COPING})),
    # Everything at once: help is named before somebody has to ask for it.
    Rule(
        advice=Advice.HELP_NOW,
        activity=frozenset({Activity.VERY_HARD}),
        cash=SHORT,
        mood=frozenset({Mood.TIRED}),
    ),
    Rule(advice=Advice.TALK, activity=frozenset({Activity.VERY_HARD})),
    Rule(advice=Advice.TALK, activity=HARD, mood=frozenset({Mood.TIRED, Mood.NOT_COPING})),
    Rule(advice=Advice.TALK, cash=SHORT),
    Rule(advice=Advice.CASH, cash=frozenset({Cash.UNDER_A_MONTH, Cash.NOT_KNOWN})),
    Rule(advice=Advice.REST, mood=frozenset({Mood.TIRED})),
)


def advise(*, activity: Activity, cash: Cash, mood: Mood) -> tuple[Advice, ...]:
    """Give what may help, the most urgent first and each once; when no rule speaks, that all is well."""
    said = {rule.advice for rule in RULES if rule.holds(activity=activity, cash=cash, mood=mood)}
    return tuple(advice for advice in Advice if advice in said) or (Advice.GO_ON,)
