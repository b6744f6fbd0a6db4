"""The engine: records in, suggestions out.

It knows no Flask, no database and no clock, and imports nothing of ours. Data flows through its modules in this order:
`records`, `settings` and `activities` → `text` → `encoding` → `frames` → `rules`, `criteria` → `scoring` → `components`
tell apart who cannot meet, into `markets` → `assignment` → `explanation`, `unmatched`, `evaluation`, all led by
`matching`; `workers` share the work. The assignment is a library of its own: `tables`, `fixing` and `requests` read
what is asked, `rounds` solves it on few `candidates`, which `forecast` and `near` choose, by `flow` and `prices`,
`faces` and `ties` choose among equals, `fairest`, `levels` and `floors` put the worst off first, `bottleneck` names who
lacks places. `session_views` → `recommendation` does the same for workshop sessions, one person at a time, and `seats`
with `packing` for everybody at once; `circles` composes groups; `plans` joins what these give into one plan per person.
Answers are in `results`; `readings` chooses which reasons are for whom; `changes` looks back on an answer: what would
help those left over, where `freeing` finds room, `recruitment` with `profiles` and `role_answers` at whom to look for,
and `fairness` at how groups fare, by labels that nothing else in the engine knows. From what people decided,
`decisions` → `acceptance`, `calibration` → `learning` suggests weights, and `replays` says beforehand what others would
change. `rematch` answers small changes of an assignment exactly, by `chains` of `moves` among the pairs on
`shortlists`, from an `outset` that it checks; `weighing` says with it what choosing a supporter would mean for the
others. `directions` are what `text` keeps of a corpus, `checks` ask what fields of records may hold.
"""

from matcher.acceptance import AcceptanceModel
from matcher.assignment import Assignment, assign
from matcher.calibration import Calibration, Range
from matcher.changes import Change, ChangeKind, Step, nearest_changes
from matcher.circle_records import (
    CIRCLE_COMPONENTS,
    Circle,
    CircleLeftOut,
    CircleMember,
    CirclePlan,
    CircleRule,
    CircleSettings,
)
from matcher.circles import compose_circles, find_newcomers, judge_circle
from matcher.decisions import Decision, DecisionKind, Outcome
from matcher.errors import InfeasibleError, MatcherError
from matcher.evaluation import RoleQuality, evaluate_result
from matcher.fairness import FairnessReport, Outcomes, fairness_report
from matcher.learning import TooFewDecisions, WeightSuggestion, suggest_weights
from matcher.matching import evaluate_pair, match, match_pool, rank_supporters
from matcher.plan_records import CircleSeat, LeftOut, LineKind, PlanLine, PlanResult, SupportPlan
from matcher.plans import make_plans
from matcher.pool import Pool, broken_rules, prepare
from matcher.profiles import Profile
from matcher.readings import Reader, read_for
from matcher.recommendation import invite_to_coaching, recommend_sessions
from matcher.records import (
    N_SLOTS,
    SLOTS,
    Entrepreneur,
    Expertise,
    Format,
    Need,
    Role,
    Rule,
    Stage,
    Supporter,
    WorkshopSession,
)
from matcher.recruitment import Recruit, RecruitmentBrief, recruitment_brief
from matcher.rematch import Rearrangement, Standing
from matcher.replays import (
    ReplayChange,
    ReplayReport,
    ScoreShift,
    Verdict,
    VerdictCount,
    compare_with_verdicts,
    replay,
    shift_scores,
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
from matcher.settings import COMPONENTS, DEFAULT_WEIGHTS, SESSION_COMPONENTS, Settings
from matcher.text import TextModel, TextSimilarity

__all__ = [
    "CIRCLE_COMPONENTS",
    "COMPONENTS",
    "DEFAULT_WEIGHTS",
    "N_SLOTS",
    "SESSION_COMPONENTS",
    "SLOTS",
    "AcceptanceModel",
    "Assignment",
    "Calibration",
    "Change",
    "ChangeKind",
    "Circle",
    "CircleLeftOut",
    "CircleMember",
    "CirclePlan",
    "CircleRule",
    "CircleSeat",
    "CircleSettings",
    "CoachingInvitation",
    "Component",
    "Decision",
    "DecisionKind",
    "Entrepreneur",
    "Expertise",
    "FairnessReport",
    "Format",
    "InfeasibleError",
    "LeftOut",
    "LineKind",
    "MatchResult",
    "MatcherError",
    "Need",
    "NoSeat",
    "Outcome",
    "Outcomes",
    "PairEvaluation",
    "PlanLine",
    "PlanResult",
    "Pool",
    "Profile",
    "Range",
    "RankedSupporter",
    "Reader",
    "Rearrangement",
    "Reason",
    "Recruit",
    "RecruitmentBrief",
    "ReplayChange",
    "ReplayReport",
    "Role",
    "RoleQuality",
    "RoleReport",
    "Rule",
    "ScoreShift",
    "SeatShares",
    "SessionSuggestion",
    "Settings",
    "Stage",
    "Standing",
    "Step",
    "Suggestion",
    "SupportPlan",
    "Supporter",
    "TextModel",
    "TextSimilarity",
    "TooFewDecisions",
    "Unmatched",
    "Verdict",
    "VerdictCount",
    "WeightSuggestion",
    "WorkshopSession",
    "assign",
    "broken_rules",
    "compare_with_verdicts",
    "compose_circles",
    "evaluate_pair",
    "evaluate_result",
    "fairness_report",
    "find_newcomers",
    "invite_to_coaching",
    "judge_circle",
    "make_plans",
    "match",
    "match_pool",
    "nearest_changes",
    "prepare",
    "rank_supporters",
    "read_for",
    "recommend_sessions",
    "recruitment_brief",
    "replay",
    "share_seats",
    "shift_scores",
    "suggest_weights",
]
