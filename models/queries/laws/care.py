"""What must hold of the space between a person and her coach, of the wall around it, and of calls asked for."""

from sqlalchemy import ColumnElement, Select, distinct, exists, func, select
from sqlalchemy.orm import aliased

from models.accounts import Coordinator
from models.associations import Association, Network
from models.coaching import CoachingAssessment, CoachingFile
from models.handovers import Handover, Sentinel
from models.pairings import Pairing
from models.queries.laws.law import Law, count_all
from models.states import LIVE_HANDOVER_STATES
from models.supporters import SupporterRole


def list_laws() -> list[Law]:
    """List the laws, as the check names them."""
    return [
        ("coaching_file_is_of_a_coach", count_all(CoachingFile), _file_of_no_coach),
        ("erased_file_keeps_no_word", count_all(CoachingFile, CoachingFile.erased_at.is_not(None)), _erased_with_words),
        ("nobody_runs_both_sides_of_the_wall", count_all(Coordinator), _runs_both_sides),
        ("waiting_call_has_somebody_named", count_all(Handover, _is_wished()), _call_of_nobody),
    ]


def _file_of_no_coach() -> Select[int]:
    """Count files whose pairing is no coach's, or somebody else's."""
    own = exists().where(
        Pairing.id == CoachingFile.pairing_id,
        Pairing.entrepreneur_id == CoachingFile.entrepreneur_id,
        Pairing.role == SupporterRole.COACH,
    )
    return count_all(CoachingFile, ~own)


def _erased_with_words() -> Select[int]:
    noted = exists().where(CoachingAssessment.file_id == CoachingFile.id)
    return count_all(CoachingFile, CoachingFile.erased_at.is_not(None), noted)


def _runs_both_sides() -> Select[int]:
    """Count accounts, open or closed, that run one association that lends and one that does not."""
    first, other = aliased(Association), aliased(Association)
    elsewhere = aliased(Coordinator)
    return (
        select(func.count(distinct(Coordinator.account_id)))
        .join(first, first.id == Coordinator.association_id)
        .join(elsewhere, elsewhere.account_id == Coordinator.account_id)
        .join(other, other.id == elsewhere.association_id)
        .where(first.network == Network.INITIATIVE_FRANCE, other.network != Network.INITIATIVE_FRANCE)
    )


def _is_wished() -> ColumnElement[bool]:
    return Handover.state.in_(LIVE_HANDOVER_STATES)


def _call_of_nobody() -> Select[int]:
    """Count wishes for which no sentinel answers and of which no coordinator was told."""
    still = exists().where(Sentinel.id == Handover.sentinel_id, Sentinel.ended_at.is_(None))
    return count_all(Handover, _is_wished(), ~still, Handover.told_at.is_(None))
