"""Past decisions: what people answered to a pair, as evidence of fit or as none; nothing about who anybody is.

Three questions are asked about a pair, each answered by somebody else: the coordinator's (is it proposed?), the
supporter's (does she accept?), the course of the pairing (how did it end?). An answer for want of time, for a rule or
for reasons untold says little or nothing about the fit of two profiles: `EVIDENCE` is the one place where this is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from matcher.checks import Field, Form, is_whole, kind_of, member_field, number, whole
from matcher.encoding import IntArray
from matcher.records import Role
from matcher.settings import COMPONENTS

Columns = NDArray[np.float64]


class DecisionKind(StrEnum):
    """Which question was answered, and by whom."""

    COORDINATOR = "coordinator"
    SUPPORTER = "supporter"
    COURSE = "course"


class Outcome(StrEnum):
    """What was answered, with its closed reason."""

    APPROVED = "approved"
    REJECTED_NEEDS_DIFFER = "rejected_needs_differ"
    REJECTED_TOO_FAR = "rejected_too_far"
    REJECTED_ALREADY_SUPPORTED = "rejected_already_supported"
    REJECTED_NOT_NOW = "rejected_not_now"
    REJECTED_CONFLICT_OF_INTEREST = "rejected_conflict_of_interest"
    REJECTED_BETTER_KNOWN = "rejected_better_known"
    REJECTED_OTHER = "rejected_other"
    CHOSEN_ASKED_FOR = "chosen_asked_for"
    CHOSEN_KNOWN_FIT = "chosen_known_fit"
    CHOSEN_BETTER_EXPERTISE = "chosen_better_expertise"
    CHOSEN_CLOSER = "chosen_closer"
    CHOSEN_SPREAD_LOAD = "chosen_spread_load"
    CHOSEN_OTHER = "chosen_other"
    ACCEPTED = "accepted"
    DECLINED_NO_TIME = "declined_no_time"
    DECLINED_TOO_FAR = "declined_too_far"
    DECLINED_OTHER_EXPERTISE = "declined_other_expertise"
    DECLINED_CONFLICT_OF_INTEREST = "declined_conflict_of_interest"
    DECLINED_LANGUAGE = "declined_language"
    DECLINED_OTHER = "declined_other"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ENDED_GOAL_REACHED = "ended_goal_reached"
    ENDED_TERM_REACHED = "ended_term_reached"
    ENDED_UNAVAILABLE = "ended_unavailable"
    ENDED_NEED_CHANGED = "ended_need_changed"
    ENDED_NOT_A_FIT = "ended_not_a_fit"
    ENDED_PROJECT_STOPPED = "ended_project_stopped"
    ENDED_MOVED = "ended_moved"
    ENDED_OTHER = "ended_other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an answer says about fit: for it or against it, and how much, from 0 (nothing) to 1 (a whole decision)."""

    kind: DecisionKind
    fits: bool
    weight: float


FULL, HALF, UNTOLD, NOTHING = 1.0, 0.5, 0.25, 0.0
"""Weights of evidence: said outright; likely; for a reason that was not told; about something else than fit."""


def _evidence(kind: DecisionKind, fits: bool, answers: Mapping[Outcome, float]) -> dict[Outcome, Evidence]:
    return {outcome: Evidence(kind=kind, fits=fits, weight=weight) for outcome, weight in answers.items()}


EVIDENCE: Mapping[Outcome, Evidence] = MappingProxyType(
    _evidence(
        DecisionKind.COORDINATOR,
        True,
        {
            Outcome.APPROVED: FULL,
            Outcome.CHOSEN_BETTER_EXPERTISE: FULL,
            Outcome.CHOSEN_CLOSER: FULL,
            Outcome.CHOSEN_KNOWN_FIT: HALF,  # something that the profiles may not hold
            Outcome.CHOSEN_OTHER: UNTOLD,
            Outcome.CHOSEN_ASKED_FOR: NOTHING,  # the person's wish, not the coordinator's judgement
            Outcome.CHOSEN_SPREAD_LOAD: NOTHING,  # about load
        },
    )
    | _evidence(
        DecisionKind.COORDINATOR,
        False,
        {
            Outcome.REJECTED_NEEDS_DIFFER: FULL,
            Outcome.REJECTED_TOO_FAR: FULL,
            Outcome.REJECTED_OTHER: UNTOLD,
            Outcome.REJECTED_ALREADY_SUPPORTED: NOTHING,  # about the person's situation
            Outcome.REJECTED_NOT_NOW: NOTHING,  # about the moment
            Outcome.REJECTED_CONFLICT_OF_INTEREST: NOTHING,  # a hard rule, whatever the fit
            Outcome.REJECTED_BETTER_KNOWN: NOTHING,  # for somebody else, not against this one
        },
    )
    | _evidence(DecisionKind.SUPPORTER, True, {Outcome.ACCEPTED: FULL})
    | _evidence(
        DecisionKind.SUPPORTER,
        False,
        {
            Outcome.DECLINED_TOO_FAR: FULL,
            Outcome.DECLINED_OTHER_EXPERTISE: FULL,
            Outcome.DECLINED_LANGUAGE: FULL,
            Outcome.DECLINED_OTHER: UNTOLD,
            Outcome.DECLINED_NO_TIME: NOTHING,  # capacity
            Outcome.DECLINED_CONFLICT_OF_INTEREST: NOTHING,  # a hard rule, whatever the fit
            Outcome.EXPIRED: NOTHING,  # silence
            Outcome.WITHDRAWN: NOTHING,  # taken back before an answer
        },
    )
    | _evidence(DecisionKind.COURSE, True, {Outcome.ENDED_GOAL_REACHED: FULL, Outcome.ENDED_TERM_REACHED: HALF})
    | _evidence(
        DecisionKind.COURSE,
        False,
        {
            Outcome.ENDED_NOT_A_FIT: FULL,
            Outcome.ENDED_OTHER: NOTHING,  # most endings have nothing to do with the two
            Outcome.ENDED_UNAVAILABLE: NOTHING,
            Outcome.ENDED_NEED_CHANGED: NOTHING,
            Outcome.ENDED_PROJECT_STOPPED: NOTHING,
            Outcome.ENDED_MOVED: NOTHING,
        },
    )
)
"""What each answer says; judged by the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One answer about one pair. It cannot say who anybody is: there is no field for it.

    Parameters
    ----------
    role : Role
        In which role the supporter was proposed.
    components : Mapping of str to float
        The parts of the pair's score as they were when it was proposed, each in [0, 1]; what did not apply is left out.
    outcome : Outcome
        What was answered.
    case : int
        A number that decisions about the same request share, any number otherwise: it keeps them together in one fold
        and one draw, and lets alternatives for one person be compared with each other. Never an input of the model.
    list_length : int
        How many supporters were shown to choose from, at least 1.
    popularity : int
        How often this supporter had been proposed before, to anybody.
    weight_version : int
        Which version of the weights had made the score; 0 where it is not known.
    """

    role: Role
    components: Mapping[str, float]
    outcome: Outcome
    case: int
    list_length: int = 1
    popularity: int = 0
    weight_version: int = 0

    def __post_init__(self) -> None:
        _DECISION.check(self)
        for name, value in self.components.items():
            if name not in COMPONENTS:
                _DECISION.refuse(self, "components", name, f"one of {', '.join(COMPONENTS)}")
            if not _is_share(value):
                _DECISION.refuse(self, f"components[{name}]", value, "a value from 0 to 1")

    @property
    def evidence(self) -> Evidence:
        """What it says about fit."""
        return EVIDENCE[self.outcome]


_is_share = number(0, 1)
_DECISION = Form(
    "decision",
    Field("case", is_whole, "a whole number"),
    member_field("role", Role),
    Field("components", kind_of(Mapping), "a value per component"),
    member_field("outcome", Outcome),
    Field("list_length", whole(1), "1 or more"),
    Field("popularity", whole(0), "0 or more"),
    Field("weight_version", whole(0), "0 or more"),
)

NUISANCES = ("list_length", "popularity", "answered_by_supporter", "answered_by_course")
"""What predicts an answer without meaning fit, in the order of its columns: the doublings of how many were shown and of
how often the supporter had been proposed, and whose answer it is (a coordinator's where both are 0)."""


@dataclass(frozen=True)
class DecisionTable:
    """Decisions of one role as columns, those that say nothing about fit left out.

    Parameters
    ----------
    names : tuple of str
        Components that weigh now.
    components : ndarray of float64 of shape (n, n_names)
        Their values in [0, 1]; what did not apply to a person counts as the weighted mean of what did, which is how a
        score is made.
    nuisances : ndarray of float64 of shape (n, n_nuisances)
        Columns of `NUISANCES`.
    fits : ndarray of int of shape (n,)
        1 for, 0 against.
    weight : ndarray of float64 of shape (n,)
        How much each says, above 0 and at most 1.
    cases : ndarray of int of shape (n,)
        0 for the first request met, 1 for the next.
    """

    names: tuple[str, ...]
    components: Columns
    nuisances: Columns
    fits: IntArray
    weight: Columns
    cases: IntArray

    def __len__(self) -> int:
        return len(self.fits)


def tabulate(decisions: Sequence[Decision], current: Mapping[str, float], role: Role) -> DecisionTable:
    """Turn decisions into columns.

    Parameters
    ----------
    decisions : sequence of Decision
        Of any role.
    current : Mapping of str to float
        Weights that hold now; what weighs nothing has no column.
    role : Role
        Whose decisions are taken.

    Returns
    -------
    table : DecisionTable
        In the order given; without those that say nothing about fit, and those of whose parts nothing weighs.

    Examples
    --------
    >>> one = Decision(role=Role.MENTOR, components={"needs": 0.5}, outcome=Outcome.ACCEPTED, case=7, popularity=3)
    >>> table = tabulate([one], {"needs": 3, "stage": 1}, Role.MENTOR)
    >>> table.names, table.components.tolist(), table.nuisances.tolist()
    (('needs', 'stage'), [[0.5, 0.5]], [[0.0, 2.0, 1.0, 0.0]])
    """
    names = tuple(name for name in COMPONENTS if current.get(name, 0) > 0)
    kept = [
        one
        for one in decisions
        if one.role is role and one.evidence.weight > 0 and any(name in one.components for name in names)
    ]
    values = np.array([[one.components.get(name, np.nan) for name in names] for one in kept]).reshape(-1, len(names))
    weights = np.array([current[name] for name in names], dtype=np.float64)
    numbers: dict[int, int] = {}
    return DecisionTable(
        names=names,
        components=_fill(values, weights),
        nuisances=np.array([_nuisances(one) for one in kept]).reshape(-1, len(NUISANCES)),
        fits=np.array([one.evidence.fits for one in kept], dtype=np.int64),
        weight=np.array([one.evidence.weight for one in kept], dtype=np.float64),
        cases=np.array([numbers.setdefault(one.case, len(numbers)) for one in kept], dtype=np.int64),
    )


def _fill(values: Columns, weights: Columns) -> Columns:
    """Let what does not apply count as the weighted mean of what does: its weight goes to the others."""
    known = ~np.isnan(values)
    mean = (np.where(known, values, 0.0) @ weights) / (known @ weights)
    return np.asarray(np.where(known, values, mean[:, None]))


def _nuisances(decision: Decision) -> tuple[float, ...]:
    kind = decision.evidence.kind
    return (
        float(np.log2(decision.list_length)),
        float(np.log2(1 + decision.popularity)),
        float(kind is DecisionKind.SUPPORTER),
        float(kind is DecisionKind.COURSE),
    )
