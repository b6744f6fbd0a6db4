"""Why two people suit each other, for the one who reads it: the engine's reasons, less what is not hers to know."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.queries.match_runs import find_weight_version
from models.states import LIVE_PAIRING_STATES, TOGETHER_PAIRING_STATES
from models.supporters import Supporter
from webapp import matcher_bridge
from webapp.matcher_bridge import PairAccount

NOTHING_TOLD = PairAccount(reasons=[], gaps=[])


def read_for_supporter(session: Session, pairing: Pairing, *, at: datetime) -> PairAccount:
    """Say what the supporter can bring, and before her yes nothing that tells of hard times."""
    if pairing.state not in LIVE_PAIRING_STATES:
        return NOTHING_TOLD
    accepted = pairing.state in TOGETHER_PAIRING_STATES
    return _explain(session, pairing.entrepreneur, [pairing.supporter], reader="supporter", accepted=accepted, at=at)[0]


def read_for_entrepreneur(
    session: Session, person: Entrepreneur, supporters: Sequence[Supporter], *, at: datetime
) -> dict[int, PairAccount]:
    """Say why these people, by the number of the supporter."""
    if not supporters:
        return {}
    found = _explain(session, person, supporters, reader="entrepreneur", accepted=True, at=at)
    return {supporter.id: account for supporter, account in zip(supporters, found, strict=True)}


def _explain(
    session: Session,
    person: Entrepreneur,
    supporters: Sequence[Supporter],
    *,
    reader: str,
    accepted: bool,
    at: datetime,
) -> tuple[PairAccount, ...]:
    weights = matcher_bridge.read_measure(find_weight_version(session, person.association_id)).weights
    return matcher_bridge.explain_pairs(person, supporters, reader=reader, accepted=accepted, weights=weights, at=at)
