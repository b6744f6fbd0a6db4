"""What a supporter can bring to one person, turned to the supporter's side. Nothing private of the person is in it."""

from dataclasses import dataclass

from models.entrepreneurs import Entrepreneur, Stage
from models.pairings import Pairing
from models.states import PairingState
from models.supporters import Supporter
from webapp.territories.distance import measure_km

HARD_TIMES = frozenset({Stage.DIFFICULTY, Stage.REBOUND})
TRADE_DIGITS = 4  # « 56.1 »: the group of the NAF, close enough to speak of the same trade


@dataclass(frozen=True, slots=True, kw_only=True)
class Brings:
    """What two profiles have in common, seen by the supporter."""

    topics: tuple[str, ...]
    other_topics: tuple[str, ...]
    languages: tuple[str, ...]
    slots: int
    distance_km: float | None
    is_within_reach: bool
    is_remote: bool
    knows_stage: bool
    knows_trade: bool


def shown_stage(pairing: Pairing) -> Stage | None:
    """Give the stage, but not, before a yes, one that tells of hard times."""
    stage = pairing.entrepreneur.stage
    return None if stage in HARD_TIMES and pairing.state is not PairingState.ACTIVE else stage


def compare_profiles(pairing: Pairing) -> Brings:
    """Compare the two profiles of a pairing. Needs, expertise and languages must be loaded."""
    person, supporter = pairing.entrepreneur, pairing.supporter
    levels = {known.topic: known.level for known in supporter.expertise}
    needs = sorted(person.needs, key=lambda need: (-need.priority, -levels.get(need.topic, 0), need.topic))
    spoken = {known.language for known in supporter.languages}
    distance = measure_km(person.latitude, person.longitude, supporter.latitude, supporter.longitude)
    return Brings(
        topics=tuple(need.topic for need in needs if need.topic in levels),
        other_topics=tuple(need.topic for need in needs if need.topic not in levels),
        languages=tuple(known.language for known in person.languages if known.language in spoken),
        slots=person.availability & supporter.availability,
        distance_km=distance,
        is_within_reach=distance is not None and distance <= min(person.max_km, supporter.max_km),
        is_remote=person.accepts_remote and supporter.accepts_remote,
        knows_stage=person.stage is not None and str(person.stage) in supporter.stages,
        knows_trade=_knows_trade(person, supporter),
    )


def _knows_trade(person: Entrepreneur, supporter: Supporter) -> bool:
    code = person.activity_code
    return code is not None and any(known[:TRADE_DIGITS] == code[:TRADE_DIGITS] for known in supporter.activity_codes)
