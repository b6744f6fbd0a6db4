"""The engine: records in, suggestions out.

It knows no Flask, no database and no clock, and imports nothing of ours. Data flows through its modules in this
order: `records` and `activities` → `text` → `encoding` → `frames` → `rules`, `criteria` → `scoring` → `candidates` →
`assignment` with `prices` → `explanation`, `unmatched`, `evaluation`, all led by `matching`; `recommendation` does the
same for workshop sessions. Answers are in `results`; `readings` chooses which reasons are for whom; `changes` looks
back on an answer: what would help those left over, and `fairness` how groups fare, by labels that nothing else in the
engine knows.
"""

from matcher.changes import Change, ChangeKind, Step, nearest_changes
from matcher.errors import MatcherError
from matcher.evaluation import RoleQuality, evaluate_result
from matcher.fairness import FairnessReport, Outcomes, fairness_report
from matcher.matching import evaluate_pair, match, match_pool, rank_supporters
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

__all__ = [
    "COMPONENTS",
    "DEFAULT_WEIGHTS",
    "N_SLOTS",
    "SESSION_COMPONENTS",
    "SLOTS",
    "Change",
    "ChangeKind",
    "CoachingInvitation",
    "Component",
    "Entrepreneur",
    "Expertise",
    "FairnessReport",
    "Format",
    "MatchResult",
    "MatcherError",
    "Need",
    "Outcomes",
    "PairEvaluation",
    "Pool",
    "RankedSupporter",
    "Reader",
    "Reason",
    "Role",
    "RoleQuality",
    "RoleReport",
    "Rule",
    "SessionSuggestion",
    "Settings",
    "Stage",
    "Step",
    "Suggestion",
    "Supporter",
    "Unmatched",
    "WorkshopSession",
    "evaluate_pair",
    "evaluate_result",
    "fairness_report",
    "invite_to_coaching",
    "match",
    "match_pool",
    "nearest_changes",
    "prepare",
    "rank_supporters",
    "read_for",
    "recommend_sessions",
]
