"""A person's own plan, line by line: what it is for, where it stands, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.circles import CircleMember
from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.plans import PlanLine
from models.queries.plans import PlanSheet, find_plan_sheet, state_of
from models.states import EntrepreneurState, PlanLineState
from models.supporters import SupporterRole
from webapp.clock import day_of
from webapp.services.next_steps import Situation
from webapp.services.talks import NextTalk
from webapp.words.plans import tell_person

SHOWN = frozenset({PlanLineState.PROPOSED, PlanLineState.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One line; of a supporter who was not asked yet only the role is known, of a workshop what needs it serves.

    `talk` is with whom she is or who is asked in that role now, `over` what ended without anybody after it.
    """

    line: PlanLine
    state: PlanLineState
    role: SupporterRole | None
    talk: NextTalk | None
    over: Pairing | None
    is_wanted: bool
    news_day: date
    topics: tuple[str, ...]
    is_booked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlan:
    """What the team plans for a person, and what the plan lacks, in words."""

    lines: Sequence[OwnLine]
    place: CircleMember | None
    lacks: Sequence[tuple[str, str]]


def read_own_plan(
    session: Session, entrepreneur: Entrepreneur, *, situation: Situation, at: datetime
) -> OwnPlan | None:
    """Give the plan of a person, if there is one with something to tell; what her steps follow from is read already."""
    if entrepreneur.state is not EntrepreneurState.READY:
        return None
    sheet = find_plan_sheet(session, entrepreneur.id, at=at)
    if sheet is None:
        return None
    talks = {talk.pairing.role: talk for talk in situation.talks}
    lines = [_read_line(line, sheet, entrepreneur, talks) for line in sheet.lines if state_of(line) in SHOWN]
    # Who has a workshop in her plan need not read why there is no other.
    named = {str(own.line.kind) for own in lines}
    lacks = tell_person(one for one in sheet.plan.left_out if one["kind"] not in named)
    if not (lines or lacks or situation.place):
        return None
    return OwnPlan(lines=lines, place=situation.place, lacks=lacks)


def _read_line(
    line: PlanLine, sheet: PlanSheet, entrepreneur: Entrepreneur, talks: Mapping[SupporterRole, NextTalk]
) -> OwnLine:
    role = None if line.suggestion is None else line.suggestion.role
    deadline_at = line.suggestion.deadline_at if line.suggestion is not None else None
    return OwnLine(
        line=line,
        state=state_of(line),
        role=role,
        talk=talks.get(role) if role is not None else None,
        over=sheet.pairings.get(line.suggestion_id or 0),
        is_wanted=role is not None and role in entrepreneur.wanted_roles,
        news_day=day_of(deadline_at or sheet.plan.deadline_at),
        topics=_topics(line),
        is_booked=line.session_id in sheet.booked,
    )


def _topics(line: PlanLine) -> tuple[str, ...]:
    served = next((reason for reason in line.reasons if reason["code"] == "needs_served"), None)
    return tuple(served["facts"]["topics"]) if line.suggestion is None and served else ()
