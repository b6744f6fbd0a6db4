"""What an association may choose for a match run, and the weights that the engine brings itself.

Settings check their own values when they are made, as records do.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from matcher.checks import (
    EFFORT,
    Field,
    check_setting,
    check_settings,
    is_number,
    number,
    read_member,
    whole,
)
from matcher.records import Role

COMPONENTS = ("needs", "activity", "stage", "languages", "availability", "place", "text", "bridging")
"""Names of the parts of a score, in the order in which they are shown."""

SESSION_COMPONENTS = ("needs", "stage", "languages", "place", "soon")
"""Names of the parts of a workshop session's score, in the order in which they are shown."""

MAX_TEXT_SHARE = 0.25
"""Largest share of a role's weights that free text may hold: words support a decision, they do not make it."""


def _weights(*shares: float) -> Mapping[str, float]:
    return MappingProxyType(dict(zip(COMPONENTS, shares, strict=True)))


DEFAULT_WEIGHTS: Mapping[Role, Mapping[str, float]] = MappingProxyType(
    {
        # A mentor works on posture and decisions: the same activity is neither wanted nor avoided.
        Role.MENTOR: _weights(40, 0, 15, 10, 10, 10, 10, 5),
        # A coach works on the person: time, language and the situation matter more than the trade.
        Role.COACH: _weights(30, 0, 20, 15, 20, 10, 5, 0),
        # An expert answers a question of the trade: the activity counts.
        Role.EXPERT: _weights(40, 20, 5, 10, 5, 5, 15, 0),
        # An ambassador shares an experience: the moment of the project and being able to talk count most.
        Role.AMBASSADOR: _weights(20, 5, 30, 15, 10, 10, 10, 0),
    }
)
"""Weight of each component per role, out of 100; judged by the project, to be set per association."""

RUN_AIMS = ("most_served", "fairest")
"""What a match run may aim at, once it serves as many people as can be: the total, or the person worst off first."""

DEFAULT_SESSION_WEIGHTS: Mapping[str, float] = MappingProxyType(
    dict(zip(SESSION_COMPONENTS, (50, 20, 10, 10, 10), strict=True))
)
"""Weight of each component of a workshop session's score, out of 100."""


def _names_workers(value: object) -> bool:
    return isinstance(value, str) and (value in ("threads", "processes") or "://" in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an association may choose for a match run.

    Parameters
    ----------
    weights : Mapping of Role to Mapping of str to float
        Weight of each component per role, 0 or more, any total; a component left out weighs nothing. Text may hold at
        most a quarter of a role's total. A role left out keeps the engine's own weights.
    aim : str
        What decides who gets whom. `"most_served"`: as many people as can be, then the largest total of scores and
        waiting bonuses. `"fairest"`: the very same people are served, since who waits longest must not wait for the
        sake of an aim; among them the lowest score is as high as can be, then the next lowest, and so on (leximin),
        then the total.
    session_weights : Mapping of str to float
        The same for workshop sessions.
    waiting_bonus_per_day : float
        Added to the value of serving somebody for her first days of waiting, more for each day that follows (see
        `scoring.waiting_bonus`): 0.001 makes a month count as 0.035 of score, a year as 1.11. It decides who is served
        when places lack, whatever the aim, and is never part of the score shown.
    keeping : float
        What keeping an earlier pair is worth when matching again, in score: a pair that people have seen gives way only
        for more than that, whatever the aim: of the fairest, too, it counts for so much more when scores are compared.
        0: only where it costs nothing. Never part of the score shown.
    choices : int
        Suggestions per entrepreneur and role: the assigned supporter, then the next best.
    competitor_km : float
        Two businesses of the same trade closer than this compete, in kilometres.
    sessions_per_person : int
        Workshop sessions recommended to one entrepreneur at most.
    block_size : int or None
        Entrepreneurs scored at once, None to let the engine choose; changes memory and speed, never the answer.
    candidates : int
        Supporters per entrepreneur that the solver starts with; changes speed, never the answer.
    n_jobs : int
        Threads or processes that share the work, as joblib counts them (-1: all); changes speed, never the answer.
    workers : str
        Who shares it: `"threads"`, `"processes"`, or the workers of a Dask scheduler, by its address
        (`"tcp://host:8786"`); changes speed, never the answer.
    """

    weights: Mapping[Role, Mapping[str, float]] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    aim: str = "most_served"
    session_weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_SESSION_WEIGHTS)
    waiting_bonus_per_day: float = 0.001
    keeping: float = 0.0
    choices: int = 3
    competitor_km: float = 3.0
    sessions_per_person: int = 3
    block_size: int | None = None
    candidates: int = 12
    n_jobs: int = -1
    workers: str = "threads"

    def __post_init__(self) -> None:
        check_setting("weights", self.weights, isinstance(self.weights, Mapping), "weights per role")
        named = {read_member(f"weights[{role}]", role, Role): weights for role, weights in self.weights.items()}
        # A role that is not named keeps the engine's own weights: without any, all its pairs would be worth nothing.
        object.__setattr__(self, "weights", {**DEFAULT_WEIGHTS, **named})
        for role, weights in self.weights.items():
            check_role_weights(f"weights[{role}]", weights)
        check_weights("session_weights", self.session_weights, SESSION_COMPONENTS)
        check_settings(self, _SETTINGS)


_SETTINGS = (
    Field("aim", lambda aim: aim in RUN_AIMS, f"one of {', '.join(RUN_AIMS)}"),
    Field("waiting_bonus_per_day", number(0, 1), "from 0 to 1"),
    Field("keeping", number(0, 1), "from 0 to 1"),
    Field("choices", whole(1), "1 or more"),
    Field("competitor_km", number(0, 20_000), "kilometres from 0 to 20000"),
    Field("sessions_per_person", whole(0), "0 or more"),
    *EFFORT,
    Field("workers", _names_workers, "threads, processes, or an address like tcp://host:8786"),
)


def check_role_weights(name: str, weights: Mapping[str, float]) -> None:
    """Refuse weights of a role that cannot be used, or give text more than its share; raises InvalidSettingsError."""
    check_weights(name, weights, COMPONENTS)
    share = weights.get("text", 0.0) / sum(weights.values())
    check_setting(f"{name}[text]", share, share <= MAX_TEXT_SHARE, f"a share of {MAX_TEXT_SHARE} at most")


def check_weights(name: str, weights: Mapping[str, float], known: tuple[str, ...]) -> None:
    """Refuse weights with unknown names, below 0 or beyond all bounds, or all 0; raises InvalidSettingsError."""
    check_setting(name, weights, isinstance(weights, Mapping), "a weight per component")
    for component, weight in weights.items():
        check_setting(f"{name}[{component}]", weight, component in known, f"one of {', '.join(known)}")
        fits = is_number(weight) and 0 <= weight < math.inf
        check_setting(f"{name}[{component}]", weight, fits, "a weight, 0 or more")
    check_setting(name, dict(weights), sum(weights.values()) > 0, "at least one weight above 0")
