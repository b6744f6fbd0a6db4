"""An association with a past: people, supporters, and decisions that follow known weights."""

import numpy as np
from sqlalchemy.orm import Session

from models.associations import Association
from models.match_runs import MatchRun, RejectReason, Suggestion
from models.pairings import DeclineReason
from models.states import PairingState, SuggestionState
from tests.factories import make_entrepreneur, make_match_run, make_pairing, make_suggestion, make_supporter
from tests.factories.sequence import MADE_AT

PARTS = ("needs", "stage", "languages", "availability", "place", "text")
SUPPORTERS = 6


def make_history(
    session: Session, association: Association, people: int, *, seed: int = 0, **run_values: object
) -> MatchRun:
    """Two suggestions per person, each approved where the stage is right, set aside where it is not.

    Every other approval was accepted; the others were declined for want of time.
    """
    rng = np.random.default_rng(seed)
    run = make_match_run(session, association, **run_values)
    supporters = [make_supporter(session, association, capacity=400) for _ in range(SUPPORTERS)]
    for number in range(people):
        person = make_entrepreneur(session, association)
        for rank in (1, 2):
            values = dict(zip(PARTS, rng.random(len(PARTS)).round(6).tolist(), strict=True))
            suggestion = decided(session, run, person, supporters[(number + rank) % SUPPORTERS], values, rank=rank)
            if suggestion.state is SuggestionState.APPROVED:
                accepted = number % 2 == 0
                make_pairing(
                    session,
                    person,
                    supporters[(number + rank) % SUPPORTERS],
                    suggestion_id=suggestion.id,
                    choice_reason=None,
                    # A first pairing is over before the second begins: one live pairing per role.
                    state=PairingState.DECLINED if not accepted or rank == 1 else PairingState.ACTIVE,
                    decline_reason=DeclineReason.NO_TIME if not accepted or rank == 1 else None,
                    deadline_at=None,
                )
    return run


def decided(session, run, person, supporter, values: dict[str, float], *, rank: int) -> Suggestion:
    approved = values["stage"] > 0.5
    return make_suggestion(
        session,
        run,
        person,
        supporter,
        rank=rank,
        components=[
            {"name": name, "value": value, "weight": 0.1, "contribution": 0.1} for name, value in values.items()
        ],
        state=SuggestionState.APPROVED if approved else SuggestionState.REJECTED,
        reject_reason=None if approved else RejectReason.NEEDS_DIFFER,
        deadline_at=None,
        decided_at=MADE_AT,
    )
