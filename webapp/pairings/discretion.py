"""What a supporter does not learn before she says yes: a stage, or needs, that tell of hard times."""

from models.entrepreneurs import Entrepreneur, EntrepreneurNeed, Stage
from models.pairings import Pairing
from models.states import TOGETHER_PAIRING_STATES

HARD_TIMES = frozenset({Stage.DIFFICULTY, Stage.REBOUND})
HARD_TOPICS = frozenset({"insolvency_debt", "stress_balance", "bounce_back"})


def shown_stage(pairing: Pairing) -> Stage | None:
    """Give the stage, but not, before a yes, one that tells of hard times."""
    stage = pairing.entrepreneur.stage
    return None if stage in HARD_TIMES and pairing.state not in TOGETHER_PAIRING_STATES else stage


def shown_needs(pairing: Pairing) -> list[EntrepreneurNeed]:
    """Give the needs, but before a yes, of those that tell of hard times, only what the supporter offers help with."""
    person: Entrepreneur = pairing.entrepreneur
    if pairing.state in TOGETHER_PAIRING_STATES:
        return list(person.needs)
    offered = {known.topic for known in pairing.supporter.expertise}
    return [need for need in person.needs if need.topic not in HARD_TOPICS or need.topic in offered]
