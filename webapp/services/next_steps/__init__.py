"""At most three next steps for a person, each with its reason, a date and somebody's name. Nobody is left with none."""

from webapp.services.next_steps.choosing import MOST_STEPS, choose_steps, list_next_steps
from webapp.services.next_steps.kinds import NextStep, StepKind, Turn
from webapp.services.next_steps.own_file import find_day_to_meet_again
from webapp.services.next_steps.people import agrees_to_coach, find_news_day
from webapp.services.next_steps.situation import CITESLAB, QUARTER_LOAN, Situation

__all__ = [
    "CITESLAB",
    "MOST_STEPS",
    "QUARTER_LOAN",
    "NextStep",
    "Situation",
    "StepKind",
    "Turn",
    "agrees_to_coach",
    "choose_steps",
    "find_day_to_meet_again",
    "find_news_day",
    "list_next_steps",
]
