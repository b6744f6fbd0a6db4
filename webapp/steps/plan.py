"""A person's own plan, line by line: what it is for, where it stands, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.circles import CircleMember
from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.plans import PlanLine
from models.queries.plans import find_plan_sheet, state_of
from models.states import EntrepreneurState, PlanLineState
from models.supporters import SupporterRole
from webapp.words.plans import tell_person

SHOWN = frozenset({PlanLineState.PROPOSED, PlanLineState.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One line; of a supporter who was not asked yet only the role is known, of a workshop what needs it serves."""

    line: PlanLine
    state: PlanLineState
    role: SupporterRole | None
    pairing: Pairing | None
    topics: tuple[str, ...]
    is_booked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlan:
    """What the team plans for a person, until when it decides, and what it lacks, in words."""

    deadline_at: datetime
    lines: Sequence[OwnLine]
    place: CircleMember | None
    lacks: Sequence[tuple[str, str]]


def read_own_plan(
    session: Session, entrepreneur: Entrepreneur, *, place: CircleMember | None, at: datetime
) -> OwnPlan | None:
    """Give the plan of a person, if there is one with something to tell; `place` is hers in a circle, once invited."""
    if entrepreneur.state is not EntrepreneurState.READY:
        return None
    sheet = find_plan_sheet(session, entrepreneur.id, at=at)
    if sheet is None:
        return None
    lines = [
        OwnLine(
            line=line,
            state=state_of(line),
            role=None if line.suggestion is None else line.suggestion.role,
            pairing=sheet.pairings.get(line.suggestion_id or 0),
            topics=_topics(line),
            is_booked=line.session_id in sheet.booked,
        )
        for line in sheet.lines
        if state_of(line) in SHOWN
    ]
    # Who has a workshop in her plan need not read why there is no other.
    named = {str(own.line.kind) for own in lines}
    lacks = tell_person(one for one in sheet.plan.left_out if one["kind"] not in named)
    if not (lines or lacks or place):
        return None
    return OwnPlan(deadline_at=sheet.plan.deadline_at, lines=lines, place=place, lacks=lacks)


def _topics(line: PlanLine) -> tuple[str, ...]:
    served = next((reason for reason in line.reasons if reason["code"] == "needs_served"), None)
    return tuple(served["facts"]["topics"]) if line.suggestion is None and served else ()
