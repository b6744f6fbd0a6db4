"""The engine: records in, suggestions out.

It knows no Flask, no database and no clock, and imports nothing of ours. Data flows through its modules in this order:
`records` and `activities` → `text` → `encoding` → `frames` → `rules`, `criteria` → `scoring` → `candidates` → `assignment` →
`explanation`, `evaluation`, all led by `matching`; `recommendation` does the same for workshop sessions.
"""

from matcher.records import (
    COMPONENTS,
    DEFAULT_WEIGHTS,
    N_SLOTS,
    SESSION_COMPONENTS,
    SLOTS,
    CoachingInvitation,
    Component,
    Entrepreneur,
    Expertise,
    Format,
    MatchResult,
    Need,
    PairEvaluation,
    RankedSupporter,
    Reason,
    Role,
    RoleReport,
    Rule,
    SessionSuggestion,
    Settings,
    Stage,
    Suggestion,
    Supporter,
    Unmatched,
    WorkshopSession,
)

__all__ = [
    "COMPONENTS",
    "DEFAULT_WEIGHTS",
    "N_SLOTS",
    "SESSION_COMPONENTS",
    "SLOTS",
    "CoachingInvitation",
    "Component",
    "Entrepreneur",
    "Expertise",
    "Format",
    "MatchResult",
    "Need",
    "PairEvaluation",
    "RankedSupporter",
    "Reason",
    "Role",
    "RoleReport",
    "Rule",
    "SessionSuggestion",
    "Settings",
    "Stage",
    "Suggestion",
    "Supporter",
    "Unmatched",
    "WorkshopSession",
]
