"""What must hold of checks and reviews, first interviews, and files ready to be matched."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_

from models.assisted import AssistedCall
from models.associations import Association, Network
from models.entrepreneurs import Entrepreneur
from models.interviews import Interview
from models.pairings import Pairing
from models.queries.laws.law import Law, count_all
from models.reviews import Review, ReviewKind
from models.states import TOGETHER_PAIRING_STATES, EntrepreneurState, InterviewState, ReviewState
from models.supporters import SupporterRole


def list_laws() -> list[Law]:
    """List the laws, as the check names them."""
    return [
        ("due_check_is_of_two_together", count_all(Review, _is_due_check()), _check_of_nobody),
        ("due_review_has_an_open_file", count_all(Review, Review.state == ReviewState.DUE), _review_of_a_closed_file),
        ("lending_side_checks_no_coach", count_all(Review, Review.pairing_id.is_not(None)), _walled_check),
        ("telephone_call_is_of_an_open_file", count_all(AssistedCall, _is_on_the_phone()), _call_of_a_closed_file),
        ("interview_to_come_is_of_an_open_file", count_all(Interview, _is_to_hold()), _interview_of_a_closed_file),
        (
            "ready_file_is_whole",
            count_all(Entrepreneur, Entrepreneur.state == EntrepreneurState.READY),
            _ready_not_whole,
        ),
    ]


def _is_due_check() -> ColumnElement[bool]:
    return and_(Review.state == ReviewState.DUE, Review.kind == ReviewKind.CHECK)


def _check_of_nobody() -> Select[int]:
    together = exists().where(Pairing.id == Review.pairing_id, Pairing.state.in_(TOGETHER_PAIRING_STATES))
    return count_all(Review, _is_due_check(), ~together)


def _review_of_a_closed_file() -> Select[int]:
    closed = exists().where(Entrepreneur.id == Review.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED)
    return count_all(Review, Review.state == ReviewState.DUE, closed)


def _walled_check() -> Select[int]:
    """Count checks of coaches' paths in associations that decide on loans."""
    lending = exists().where(Association.id == Review.association_id, Association.network == Network.INITIATIVE_FRANCE)
    coached = exists().where(Pairing.id == Review.pairing_id, Pairing.role == SupporterRole.COACH)
    return count_all(Review, lending, coached)


def _is_to_hold() -> ColumnElement[bool]:
    return Interview.state == InterviewState.PLANNED


def _interview_of_a_closed_file() -> Select[int]:
    closed = exists().where(
        Entrepreneur.id == Interview.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    return count_all(Interview, _is_to_hold(), closed)


def _ready_not_whole() -> Select[int]:
    lacking = or_(Entrepreneur.stage.is_(None), Entrepreneur.waiting_since.is_(None))
    return count_all(Entrepreneur, Entrepreneur.state == EntrepreneurState.READY, lacking)


def _is_on_the_phone() -> ColumnElement[bool]:
    return AssistedCall.ended_at.is_(None)


def _call_of_a_closed_file() -> Select[int]:
    closed = exists().where(
        Entrepreneur.id == AssistedCall.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    return count_all(AssistedCall, _is_on_the_phone(), closed)
