"""The engine: records in, suggestions out.

It knows no Flask, no database and no clock, and imports nothing of ours. Data flows through its modules in this
order: `records` and `activities` → `text` → `encoding` → `frames` → `rules`, `criteria` → `scoring` → `candidates` →
`assignment` with `prices` → `explanation`, `unmatched`, `evaluation`, all led by `matching`; `session_views` →
`recommendation` does the same for workshop sessions, one person at a time, and `seats` with `packing` for everybody at
once; `plans` joins what these give into one plan per person. Answers are in `results`; `readings` chooses which reasons
are for whom; `changes` looks back on an answer: what would help those left over, and `fairness` how groups fare, by
labels that nothing else in the engine knows.
"""

from matcher.changes import Change, ChangeKind, Step, nearest_changes
from matcher.errors import MatcherError
from matcher.evaluation import RoleQuality, evaluate_result
from matcher.fairness import FairnessReport, Outcomes, fairness_report
from matcher.matching import evaluate_pair, match, match_pool, rank_supporters
from matcher.plan_records import CircleSeat, LeftOut, LineKind, PlanLine, PlanResult, SupportPlan
from matcher.plans import make_plans
from matcher.pool import Pool, prepare
from matcher.readings import Reader, read_for
from matcher.recommendation import invite_to_coaching, recommend_sessions
from matcher.records import (
    COMPONENTS,
    DEFAULT_WEIGHTS,
    N_SLOTS,
    SESSION_COMPONENTS,
    SLOTS,
    Entrepreneur,
    Expertise,
    Format,
    Need,
    Role,
    Rule,
    Settings,
    Stage,
    Supporter,
    WorkshopSession,
)
from matcher.results import (
    CoachingInvitation,
    Component,
    MatchResult,
    PairEvaluation,
    RankedSupporter,
    Reason,
    RoleReport,
    SessionSuggestion,
    Suggestion,
    Unmatched,
)
from matcher.seats import NoSeat, SeatShares, share_seats

__all__ = [
    "COMPONENTS",
    "DEFAULT_WEIGHTS",
    "N_SLOTS",
    "SESSION_COMPONENTS",
    "SLOTS",
    "Change",
    "ChangeKind",
    "CircleSeat",
    "CoachingInvitation",
    "Component",
    "Entrepreneur",
    "Expertise",
    "FairnessReport",
    "Format",
    "LeftOut",
    "LineKind",
    "MatchResult",
    "MatcherError",
    "Need",
    "NoSeat",
    "Outcomes",
    "PairEvaluation",
    "PlanLine",
    "PlanResult",
    "Pool",
    "RankedSupporter",
    "Reader",
    "Reason",
    "Role",
    "RoleQuality",
    "RoleReport",
    "Rule",
    "SeatShares",
    "SessionSuggestion",
    "Settings",
    "Stage",
    "Step",
    "Suggestion",
    "SupportPlan",
    "Supporter",
    "Unmatched",
    "WorkshopSession",
    "evaluate_pair",
    "evaluate_result",
    "fairness_report",
    "invite_to_coaching",
    "make_plans",
    "match",
    "match_pool",
    "nearest_changes",
    "prepare",
    "rank_supporters",
    "read_for",
    "recommend_sessions",
    "share_seats",
]
