"""Support plans as they come out: lines, what was left out and why, the plan of each person, the whole answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from matcher.checks import A_NAME, Field, Form, is_name, whole
from matcher.packing import Aim
from matcher.records import N_SLOTS
from matcher.results import MatchResult, Reason
from matcher.seats import SeatShares


class LineKind(StrEnum):
    """What a line of a plan brings; the first three come every month."""

    MENTOR = "mentor"
    COACH = "coach"
    CIRCLE = "circle"
    EXPERT = "expert"
    AMBASSADOR = "ambassador"
    WORKSHOP = "workshop"


PLAN_ORDER = (LineKind.MENTOR, LineKind.COACH, LineKind.CIRCLE, LineKind.EXPERT, LineKind.AMBASSADOR)
"""What is kept first when not everything fits; workshops come last, in the hours that are left."""

MONTHLY = (LineKind.MENTOR, LineKind.COACH, LineKind.CIRCLE)
"""Lines that need a weekly slot of their own, month after month; the others meet once and find another date."""

LINE_HOURS: Mapping[LineKind, float] = MappingProxyType(
    {
        LineKind.MENTOR: 2.0,
        LineKind.COACH: 2.0,
        LineKind.CIRCLE: 3.0,
        LineKind.EXPERT: 1.0,
        LineKind.AMBASSADOR: 1.0,
    }
)
"""Hours that a line takes in a month: a mentor's monthly meeting with the way, a coach's, a long circle, one meeting.
Judged by the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleSeat:
    """A person's place in a circle: its id, the weekly slot (0 to 20) and the language in which it meets."""

    circle_id: str
    slot: int
    language: str

    def __post_init__(self) -> None:
        _SEAT.check(self)


_SEAT = Form(
    "circle seat",
    Field("circle_id", is_name, A_NAME),
    Field("slot", whole(0, N_SLOTS - 1), "a weekly slot, 0 to 20"),
    Field("language", is_name, A_NAME),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One line of a plan.

    Parameters
    ----------
    kind : LineKind
        What it brings.
    target : str
        Id of the supporter, the circle or the workshop session.
    score : float or None
        That of the suggestion, in [0, 1]; None for a circle, which is judged as a group.
    slot : str or None
        Weekly slot kept for a monthly line, or in which the session lies; None where any common slot will do.
    hours : float
        Hours in a month.
    reasons : tuple of Reason
        Why.
    instead_of : str or None
        Supporter whom the match of this role alone would have given, when the plan changed her.
    """

    kind: LineKind
    target: str
    score: float | None
    slot: str | None
    hours: float
    reasons: tuple[Reason, ...]
    instead_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something that she wished for, or that a match alone would have given, and why the plan lacks it.

    `target` is who or what was left out, None where nobody was found. Codes of the reason: `same_slot` (`slots`: all
    that this line has in common with her, needed by other lines), `no_hours` (`hours` of the line, `hours_per_month`
    hers), `place_taken` (her other lines changed, and the place had gone to somebody else), `nobody` (`rules`:
    supporters set aside by each, `possible`: those whose places went to others), `language` and `time` (of a circle:
    `slot`, `language`), and those of `seats.NoSeat` for workshops.
    """

    kind: LineKind
    target: str | None
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportPlan:
    """Everything proposed to one person together: lines in the order of `LineKind`, and what was left out."""

    entrepreneur_id: str
    lines: tuple[PlanLine, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """The plans of a match run.

    Parameters
    ----------
    plans : tuple of SupportPlan
        One per entrepreneur, in input order.
    matched : MatchResult
        The match with the ranks that the plans left: rank 1 is who the plan proposes. Its reports are those of each
        role alone.
    seats : SeatShares
        The workshop seats, with their proof.
    aims : tuple of Aim
        What joining the conflicting lines reached: lines kept by kind, lines `unchanged`, `points`. Empty where
        nothing conflicted.
    """

    plans: tuple[SupportPlan, ...]
    matched: MatchResult
    seats: SeatShares
    aims: tuple[Aim, ...]
