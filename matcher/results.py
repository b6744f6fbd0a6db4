"""What the engine answers: suggestions with their parts and reasons, people without anybody, reports with their proof.

All are frozen, like the records that come in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.records import Role, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part of a score: its value in [0, 1], the share of the total that it may bring, and what it brings.

    Contributions are multiples of 0.000001, and those of one score add up to it.
    """

    name: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why, as a code and its facts; the sentences are made where the reader is known."""

    code: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A supporter proposed for an entrepreneur: rank 1 holds a place of hers, ranks 2 and 3 are the next best allowed.

    `score` lies in [0, 1] with six decimals and is the sum of the components' contributions; `gaps` says what is
    missing.
    """

    entrepreneur_id: str
    supporter_id: str
    role: Role
    rank: int
    score: float
    components: tuple[Component, ...]
    reasons: tuple[Reason, ...]
    gaps: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """Somebody for whom no place was found, and why.

    `refusals` counts, for each rule by itself, the supporters of that role whom it forbids (one supporter may be
    forbidden by several); supporters of other associations count under ASSOCIATION only. `possible` counts the
    allowed ones whose places went to others. `role` is None when she asked for none.
    """

    entrepreneur_id: str
    role: Role | None
    refusals: Mapping[Rule, int]
    possible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleReport:
    """What one role's assignment reached, with its proof.

    Parameters
    ----------
    role : Role
        The role.
    entrepreneurs, supporters, places : int
        How many asked, how many could give, and their free places.
    objective : float
        Total of scores and waiting bonuses of the people served.
    upper_bound : float
        What no assignment that serves as many can exceed, from the prices; of the fairest aim, none that is as fair.
        Equal to the objective.
    gap : float
        `upper_bound - objective`, exactly 0: both are counted in integers.
    matched, unmatched : int
        People served and not.
    unmatched_by_rule : Mapping of Rule to int
        Of those nobody may meet, how many each rule holds back: each person counts once, under the rule that forbids
        the most supporters of her association (ROLE where there is no supporter at all). People whose possible
        supporters are all taken are in `unmatched` only.
    rounds : int
        Times the solver had to go on with more candidates.
    aim : str
        What the run aimed at: `"most_served"` or `"fairest"`.
    floor : float or None
        Lowest score among the people served; None if nobody is.
    floor_bound : float or None
        Of the fairest aim: what the lowest score of the same people cannot exceed, equal to the floor where keeping
        earlier pairs is worth nothing, else above it by that at most. None for the other aim, or if nobody is served.
    fairness_price : float or None
        Of the fairest aim: what it takes from the total of scores, what keeping is worth included. None for the other.
    """

    role: Role
    entrepreneurs: int
    supporters: int
    places: int
    objective: float
    upper_bound: float
    gap: float
    matched: int
    unmatched: int
    unmatched_by_rule: Mapping[Rule, int]
    rounds: int
    aim: str = "most_served"
    floor: float | None = None
    floor_bound: float | None = None
    fairness_price: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchResult:
    """The answer to a match run: suggestions by role, input order and rank; the unmatched; one report per role."""

    suggestions: tuple[Suggestion, ...]
    unmatched: tuple[Unmatched, ...]
    reports: tuple[RoleReport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairEvaluation:
    """One pair looked at by itself: `rules` are all those it breaks, `score` what the two profiles are worth together.

    The score is given for a forbidden pair too, so that two people can be shown side by side; only `allowed` decides.
    """

    entrepreneur_id: str
    supporter_id: str
    role: Role
    allowed: bool
    rules: tuple[Rule, ...]
    score: float
    components: tuple[Component, ...]
    reasons: tuple[Reason, ...]
    gaps: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSupporter:
    """One line of the list to choose somebody else from; `rule` is the first that forbids, None where allowed."""

    supporter_id: str
    allowed: bool
    rule: Rule | None
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSuggestion:
    """A workshop session recommended to an entrepreneur, with the parts of its score and the reasons."""

    entrepreneur_id: str
    session_id: str
    score: float
    components: tuple[Component, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingInvitation:
    """Somebody to whom coaching may be offered: she asked for it and agreed; reasons are what she declared."""

    entrepreneur_id: str
    reasons: tuple[Reason, ...]
