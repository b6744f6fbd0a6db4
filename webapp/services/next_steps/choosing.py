"""At most three next steps for a person, each with its reason, a date and somebody's name. Nobody is left with none."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.states import EntrepreneurState
from webapp.clock import day_of
from webapp.services.next_steps.gatherings import list_circle_steps, list_own_sessions, list_session_steps
from webapp.services.next_steps.kinds import WAITING_KINDS, NextStep, pressing_order
from webapp.services.next_steps.own_file import (
    list_care_steps,
    list_erasures,
    list_interview_steps,
    list_own_steps,
    list_reviews,
    list_rights,
    tell_closed,
)
from webapp.services.next_steps.people import (
    list_charters,
    list_introduction_steps,
    list_people_steps,
    list_question_steps,
)
from webapp.services.next_steps.situation import Situation, read_situation

MOST_STEPS = 3
MOST_WAITING = 2


def list_next_steps(
    session: Session, *, entrepreneur: Entrepreneur, at: datetime
) -> tuple[Situation, tuple[NextStep, ...]]:
    """Give what a person's steps follow from, and the steps, the most pressing first: one to three of them."""
    situation = read_situation(session, entrepreneur, at=at)
    return situation, choose_steps(situation, at=at)


def choose_steps(situation: Situation, *, at: datetime) -> tuple[NextStep, ...]:
    """Choose the steps to show. Pure: the same situation at the same instant gives the same steps."""
    today = day_of(at)
    if situation.entrepreneur.state == EntrepreneurState.CLOSED:
        return (tell_closed(situation, today),)
    found = sorted(
        [
            *list_erasures(situation),
            *list_interview_steps(situation, today),
            *list_own_steps(situation, today),
            *list_people_steps(situation, today),
            *list_circle_steps(situation, today),
            *list_introduction_steps(situation, today),
            *list_question_steps(situation, today),
            *list_session_steps(situation, today),
            *list_own_sessions(situation, today),
            *list_care_steps(situation, today),
            *list_rights(situation),
            *list_reviews(situation, today),
            *list_charters(situation, today),
        ],
        key=pressing_order,
    )
    kept: list[NextStep] = []
    for step in found:
        waiting = sum(chosen.kind in WAITING_KINDS for chosen in kept)
        if step.kind not in WAITING_KINDS or waiting < MOST_WAITING:
            kept.append(step)
    return tuple(kept[:MOST_STEPS])
