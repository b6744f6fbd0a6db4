"""Match runs, suggestions, people without anybody."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association
from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun, Suggestion, UnmatchedNeed
from models.states import MatchRunState, SuggestionState
from models.supporters import Supporter, SupporterRole
from tests.factories.associations import make_weight_version
from tests.factories.sequence import MADE_AT


def make_match_run(session: Session, association: Association, **values: Any) -> MatchRun:
    """Make a run that is done."""
    run = MatchRun(
        **{
            "association_id": association.id,
            "state": MatchRunState.DONE,
            "progress": 100,
            "weight_version_id": values.pop("weight_version_id", None) or make_weight_version(session).id,
            "requested_at": MADE_AT,
            "started_at": MADE_AT,
            "seen_at": MADE_AT + timedelta(seconds=2),
            "ended_at": MADE_AT + timedelta(seconds=2),
            **values,
        }
    )
    session.add(run)
    session.flush()
    return run


def make_suggestion(
    session: Session, run: MatchRun, entrepreneur: Entrepreneur, supporter: Supporter, **values: Any
) -> Suggestion:
    """Make the open suggestion of a run."""
    suggestion = Suggestion(
        **{
            "association_id": run.association_id,
            "run_id": run.id,
            "entrepreneur_id": entrepreneur.id,
            "supporter_id": supporter.id,
            "role": supporter.role,
            "rank": 1,
            "score": 0.8,
            "components": [{"name": "needs", "value": 0.8, "weight": 1.0, "contribution": 0.8}],
            "reasons": [],
            "gaps": [],
            "state": SuggestionState.OPEN,
            "deadline_at": MADE_AT + timedelta(days=7),
            **values,
        }
    )
    session.add(suggestion)
    session.flush()
    return suggestion


def make_unmatched_need(session: Session, run: MatchRun, entrepreneur: Entrepreneur, **values: Any) -> UnmatchedNeed:
    """Make the record of a person for whom nobody was found."""
    unmatched = UnmatchedNeed(
        **{
            "association_id": run.association_id,
            "run_id": run.id,
            "entrepreneur_id": entrepreneur.id,
            "role": SupporterRole.MENTOR,
            "refusals": {"language": 3, "time": 2},
            "possible": 0,
            **values,
        }
    )
    session.add(unmatched)
    session.flush()
    return unmatched
