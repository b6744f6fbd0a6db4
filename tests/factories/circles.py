"""Circles: who leads them, compositions, circles and their members."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association
from models.circles import (
    Circle,
    CircleComposition,
    CircleFormat,
    CircleLeftOut,
    CircleMember,
    CircleRound,
    DepartureReason,
    DissolveReason,
    Facilitator,
)
from models.entrepreneurs import Entrepreneur
from models.states import LIVE_CIRCLE_MEMBER_STATES, CircleMemberState, CircleState
from models.supporters import Supporter
from tests.factories.sequence import MADE_AT


def make_facilitator(session: Session, supporter: Supporter, **values: Any) -> Facilitator:
    """Make a supporter lead two circles at most."""
    facilitator = Facilitator(
        **{
            "supporter_id": supporter.id,
            "association_id": supporter.association_id,
            "capacity": 2,
            "taken": 0,
            **values,
        }
    )
    session.add(facilitator)
    session.flush()
    return facilitator


def make_circle_round(session: Session, association: Association, **values: Any) -> CircleRound:
    """Make a composition that placed six people and proved it."""
    made = CircleRound(
        **{
            "association_id": association.id,
            "composed_at": MADE_AT,
            "placed": 6,
            "placed_bound": 6,
            "objective": 3.6,
            "upper_bound": 3.6,
            "gap": 0.0,
            "is_exact": True,
            **values,
        }
    )
    session.add(made)
    session.flush()
    return made


def make_circle_composition(session: Session, association: Association, **values: Any) -> CircleComposition:
    """Make a composition that waits for a worker."""
    sizes = {"minimum": 6, "target": 7, "maximum": 8, "quorum": 4}
    made = CircleComposition(
        **{"association_id": association.id, "sizes": sizes, "requested_at": MADE_AT, "attempts": 0, **values}
    )
    session.add(made)
    session.flush()
    return made


def make_circle_left_out(
    session: Session, circle_round: CircleRound, entrepreneur: Entrepreneur, **values: Any
) -> CircleLeftOut:
    """Leave somebody out for want of a common time."""
    left_out = CircleLeftOut(
        **{
            "association_id": circle_round.association_id,
            "round_id": circle_round.id,
            "entrepreneur_id": entrepreneur.id,
            "rule": "time",
            "refusals": {"time": 2},
            "change": {"code": "add_slot", "facts": {"slot": "tue_eve"}},
            **values,
        }
    )
    session.add(left_out)
    session.flush()
    return left_out


def make_circle(
    session: Session, facilitator: Facilitator, circle_round: CircleRound | None = None, **values: Any
) -> Circle:
    """Make a proposed circle by video, on Tuesday evenings; a confirmed one takes its facilitator."""
    state = values.get("state", CircleState.PROPOSED)
    confirmed = {"confirmed_at": MADE_AT, "first_meeting_on": date(2026, 12, 8)}
    over = {"ended_at": MADE_AT, "dissolve_reason": DissolveReason.OTHER}
    if circle_round is None:
        circle_round = make_circle_round(session, session.get_one(Association, facilitator.association_id))
    circle = Circle(
        **{
            "association_id": facilitator.association_id,
            "round_id": circle_round.id,
            "facilitator_id": facilitator.supporter_id,
            "slot": 5,
            "language": "fr",
            "format": CircleFormat.ONLINE,
            "quorum": 4,
            "minimum": 6,
            "maximum": 8,
            "score": 0.6,
            **(confirmed if state is CircleState.CONFIRMED else {}),
            **(over if state is CircleState.DISSOLVED else {}),
            **values,
        }
    )
    if state is CircleState.CONFIRMED:
        facilitator.taken += 1
    session.add(circle)
    session.flush()
    return circle


def make_circle_member(session: Session, circle: Circle, entrepreneur: Entrepreneur, **values: Any) -> CircleMember:
    """Put somebody in a circle; a live place counts."""
    confirmed = CircleMemberState.INVITED if circle.state is CircleState.CONFIRMED else CircleMemberState.PROPOSED
    state = values.setdefault("state", confirmed)
    invited = {"invited_at": MADE_AT, "deadline_at": MADE_AT + timedelta(days=7)}
    gone = {"departed_at": MADE_AT, "departure_reason": DepartureReason.DECLINED}
    member = CircleMember(
        **{
            "association_id": circle.association_id,
            "circle_id": circle.id,
            "entrepreneur_id": entrepreneur.id,
            "score": 0.6,
            "components": [],
            "reasons": [
                {"code": "receives", "facts": {"topics": ["cash_flow"], "others": ["0"]}},
                {"code": "gives", "facts": {"topics": ["sales"], "others": ["0", "1"]}},
                {"code": "common_slot", "facts": {"slot": "tue_eve"}},
                {"code": "common_language", "facts": {"language": "fr"}},
                {"code": "remote", "facts": {}},
            ],
            **({} if state is CircleMemberState.PROPOSED else invited),
            **({"joined_at": MADE_AT} if state is CircleMemberState.JOINED else {}),
            **({} if state in LIVE_CIRCLE_MEMBER_STATES else gone),
            **values,
        }
    )
    if state in LIVE_CIRCLE_MEMBER_STATES:
        circle.taken += 1
    session.add(member)
    session.flush()
    return member
