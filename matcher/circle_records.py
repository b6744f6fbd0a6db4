"""Records about peer circles: what an association may choose, and the plan with its members, reasons and proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from matcher.checks import Field, check_setting, check_settings, number, whole
from matcher.records import Format
from matcher.results import Component, Reason
from matcher.settings import check_weights

CIRCLE_COMPONENTS = ("receives", "gives", "size", "languages", "place")
"""Names of the parts of a member's score, in the order in which they are shown."""

DEFAULT_CIRCLE_WEIGHTS: Mapping[str, float] = MappingProxyType(
    dict(zip(CIRCLE_COMPONENTS, (45, 25, 10, 10, 10), strict=True))
)
"""Weight of each component, out of 100; judged by the project: what a circle is for comes before how it meets."""


class CircleRule(StrEnum):
    """What keeps somebody out of every circle; `PEOPLE`: too few others at the same time in the same language."""

    FACILITATOR = "facilitator"
    ASSOCIATION = "association"
    CONFLICT = "conflict"
    COMPETITOR = "competitor"
    LANGUAGE = "language"
    TIME = "time"
    DISTANCE = "distance"
    PEOPLE = "people"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleSettings:
    """What an association may choose for its circles.

    Parameters
    ----------
    minimum, target, maximum : int
        Members of a circle: fewest, best, most; the facilitator is not counted.
    quorum : int
        Members who must be there for a meeting to be held; kept with the circle.
    weights : Mapping of str to float
        Weight of each component, 0 or more, any total; a component left out weighs nothing.
    waiting_bonus_per_day : float
        As in `Settings`: decides who is placed when places lack, never part of the score shown.
    competitor_km : float
        Two businesses of the same trade closer than this compete, in kilometres.
    exact_groups : int
        Groups up to which all are listed and the best plan is proven; beyond, the answer is searched and bounded.

    Examples
    --------
    >>> CircleSettings(minimum=4, target=5).maximum
    8
    """

    minimum: int = 6
    target: int = 7
    maximum: int = 8
    quorum: int = 4
    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_CIRCLE_WEIGHTS)
    waiting_bonus_per_day: float = 0.001
    competitor_km: float = 3.0
    exact_groups: int = 12_000

    def __post_init__(self) -> None:
        check_settings(self, _SETTINGS)
        check_setting("target", self.target, self.minimum <= self.target, "the minimum or more")
        check_setting("maximum", self.maximum, self.target <= self.maximum, "the target or more")
        check_setting("quorum", self.quorum, self.quorum <= self.minimum, "from 2 to the minimum")
        check_weights("weights", self.weights, CIRCLE_COMPONENTS)


_SETTINGS = (
    Field("minimum", whole(2), "2 or more"),
    Field("target", whole(2), "the minimum or more"),
    Field("maximum", whole(2), "the target or more"),
    Field("quorum", whole(2), "from 2 to the minimum"),
    Field("waiting_bonus_per_day", number(0, 1), "from 0 to 1"),
    Field("competitor_km", number(0, 20_000), "kilometres from 0 to 20000"),
    Field("exact_groups", whole(0), "0 or more"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleMember:
    """Somebody in a circle: her score is the sum of the components' contributions, in [0, 1] with six decimals."""

    entrepreneur_id: str
    score: float
    components: tuple[Component, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """One circle: who leads it, when, in which language and where; members in input order.

    A circle in person meets where its facilitator lives or works; `slot` is a weekly slot, 0 to 20. `score` is the mean
    of its members' scores.
    """

    facilitator_id: str
    slot: int
    language: str
    format: Format
    quorum: int
    minimum: int
    maximum: int
    score: float
    members: tuple[CircleMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleLeftOut:
    """Somebody who asked for a circle and is in none.

    `rule` is what holds her back most; `refusals` counts, for each rule by itself, the facilitators whom it forbids
    (one may be forbidden by several; those of other associations count under ASSOCIATION only). `change` is the nearest
    one that would open a circle to her, None when no single one does.
    """

    entrepreneur_id: str
    rule: CircleRule
    refusals: Mapping[CircleRule, int]
    change: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CirclePlan:
    """The answer: circles, who is left out, and what was proven.

    Parameters
    ----------
    circles : tuple of Circle
        By facilitator in input order, then by slot and first member.
    left_out : tuple of CircleLeftOut
        Everybody who asked and is in none, in input order.
    placed, placed_bound : int
        People in circles, and what no plan can exceed.
    objective : float
        Total of scores and waiting bonuses of the people placed.
    upper_bound : float
        What no plan that places as many can exceed.
    gap : float
        `upper_bound - objective`; 0 means that no better plan exists among those that place as many.
    exact : bool
        Whether all valid groups were listed and the choice among them solved to its end: the plan is then the best one.
    """

    circles: tuple[Circle, ...]
    left_out: tuple[CircleLeftOut, ...]
    placed: int
    placed_bound: int
    objective: float
    upper_bound: float
    gap: float
    exact: bool
