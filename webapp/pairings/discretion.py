"""What a supporter does not learn before she says yes: that a stage, or needs, tell of hard times."""

from models.entrepreneurs import Entrepreneur, EntrepreneurNeed
from models.pairings import Pairing
from models.states import TOGETHER_PAIRING_STATES
from models.wall import ToldStage, tell_stage

HARD_TOPICS = frozenset({"insolvency_debt", "stress_balance", "bounce_back"})


def shown_stage(pairing: Pairing) -> ToldStage | None:
    """Give the stage; before a yes as wide as the lending side is told it, for a gap would tell of hard times."""
    stage = pairing.entrepreneur.stage
    return None if stage is None else tell_stage(stage, lends=pairing.state not in TOGETHER_PAIRING_STATES)


def shown_needs(pairing: Pairing) -> list[EntrepreneurNeed]:
    """Give the needs, but before a yes, of those that tell of hard times, only what the supporter offers help with."""
    person: Entrepreneur = pairing.entrepreneur
    if pairing.state in TOGETHER_PAIRING_STATES:
        return list(person.needs)
    offered = {known.topic for known in pairing.supporter.expertise}
    return [need for need in person.needs if need.topic not in HARD_TOPICS or need.topic in offered]
