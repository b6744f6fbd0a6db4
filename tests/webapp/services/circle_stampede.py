"""What each process does with circles at the same moment: module-level functions, since they travel by name."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from models.circle_meetings import CircleAnswer
from models.circles import DepartureReason
from models.exceptions import DomainError
from webapp.permissions import Actor
from webapp.services import circle_places
from webapp.services.circle_meetings import MeetingReport, answer_meeting, hold_meeting
from webapp.services.circle_seats import add_member
from webapp.services.circles import decline_circle, join_circle, leave_circle, remove_member
from webapp.services.entrepreneurs import close_entrepreneur

Pair = tuple[UUID, UUID]


def offer_all(places: Sequence[Pair], actor: Actor, at: datetime, seed: int) -> Counter[str]:
    """Offer a place of each circle to somebody, in an order of one's own."""
    return _each(
        places,
        seed,
        lambda pair: add_member(circle_id=pair[0], entrepreneur_id=pair[1], actor=actor, at=at),
    )


def offer_or_close(places: Sequence[Pair], closes: bool, actor: Actor, at: datetime, seed: int) -> Counter[str]:
    """Offer the places in an order that all share, or close the file of whom they are offered to at the same moment."""
    if not closes:
        return offer_all(places, actor, at, seed)
    return _each(places, seed, lambda pair: close_entrepreneur(entrepreneur_id=pair[1], actor=actor, at=at))


def part_all(members: Sequence[tuple[UUID, Actor]], part: str, at: datetime, seed: int) -> Counter[str]:
    """Join, decline, leave or remove each member: what this process is there for."""
    ways: dict[str, Callable[..., None]] = {"join": join_circle, "decline": decline_circle, "leave": leave_circle}
    act, more = ways.get(part, remove_member), {} if part in ways else {"reason": DepartureReason.OTHER_CHOICE}
    done = _each(members, seed, lambda one: act(member_id=one[0], actor=one[1], at=at, **more))
    done[part] += done.pop("done", 0)
    return done


def leave_unguarded(members: Sequence[tuple[UUID, Actor]], at: datetime, seed: int) -> Counter[str]:
    """Leave without looking whether the place was given back already."""
    circle_places.move = _overwrite  # type: ignore[assignment]
    return part_all(members, "leave", at, seed)


def answer_all(
    meetings: Sequence[tuple[UUID, UUID, Actor]], answer: CircleAnswer, at: datetime, seed: int
) -> Counter[str]:
    """Say of each meeting whether one comes."""
    return _each(
        meetings,
        seed,
        lambda one: answer_meeting(meeting_id=one[0], member_id=one[1], answer=answer, actor=one[2], at=at),
    )


def hold_all(reports: Sequence[tuple[UUID, MeetingReport]], actors: Sequence[Actor], at: datetime) -> Counter[str]:
    """Note of each meeting who was there."""
    work = list(zip(reports, actors, strict=True))
    return _each(work, 0, lambda one: hold_meeting(meeting_id=one[0][0], report=one[0][1], actor=one[1], at=at))


def _each(work: Sequence[Any], seed: int, act: Callable[[Any], object]) -> Counter[str]:
    done: Counter[str] = Counter()
    for one in random.Random(seed).sample(list(work), len(work)):
        try:
            act(one)
            done["done"] += 1
        except DomainError as error:
            done[error.code] += 1
    return done


def _overwrite(_session: Any, record: Any, _action: Any, *, actor_id: Any, at: Any, reason: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.state = "left"
