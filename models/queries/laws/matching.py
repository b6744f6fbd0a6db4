"""What must hold of match runs, their suggestions and plans, committees and weights."""

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from models.associations import WeightVersion
from models.committees import CommitteeFile
from models.match_runs import MatchRun, Suggestion
from models.pairings import Pairing
from models.plans import PlanLine, SupportPlan
from models.queries.committees import same_person
from models.queries.laws.law import Law, count_all
from models.states import LIVE_PAIRING_STATES, MatchRunState, PlanLineState, SuggestionState, WeightDraftState
from models.supporters import Supporter
from models.weights import WeightDraft


def list_laws() -> list[Law]:
    """List the laws, as the check names them."""
    return [
        ("open_suggestion_has_a_deadline", count_all(Suggestion, _is_open()), _open_without_deadline),
        ("open_suggestion_is_for_somebody_unserved", count_all(Suggestion, _is_open()), _open_though_served),
        ("approved_suggestion_has_its_pairing", count_all(Suggestion, _is_approved()), _approved_without_pairing),
        ("examiner_is_not_suggested", count_all(CommitteeFile), _examiner_suggested),
        ("plan_line_is_about_its_person", count_all(PlanLine, PlanLine.suggestion_id.is_not(None)), _foreign_line),
        ("proposed_line_is_of_the_last_run", count_all(PlanLine, _is_proposed()), _proposed_by_an_older_run),
        ("one_run_under_way", count_all(MatchRun), _several_under_way),
        ("published_weights_are_those_of_their_draft", count_all(WeightDraft, _is_published()), _published_elsewhere),
    ]


def _is_open() -> ColumnElement[bool]:
    return Suggestion.state == SuggestionState.OPEN


def _is_approved() -> ColumnElement[bool]:
    return Suggestion.state == SuggestionState.APPROVED


def _open_without_deadline() -> Select[int]:
    return count_all(Suggestion, _is_open(), Suggestion.deadline_at.is_(None))


def _open_though_served() -> Select[int]:
    served = exists().where(
        Pairing.entrepreneur_id == Suggestion.entrepreneur_id,
        Pairing.role == Suggestion.role,
        Pairing.state.in_(LIVE_PAIRING_STATES),
    )
    return count_all(Suggestion, _is_open(), served)


def _approved_without_pairing() -> Select[int]:
    return count_all(Suggestion, _is_approved(), ~exists().where(Pairing.suggestion_id == Suggestion.id))


def _examiner_suggested() -> Select[int]:
    """Count committee lines of now whose supporter, in any of her roles, is suggested, proposed or with the person."""
    named, every = aliased(Supporter), aliased(Supporter)
    rows = (
        select(every.id)
        .join(named, and_(every.association_id == named.association_id, same_person(named, every)))
        .where(named.id == CommitteeFile.supporter_id)
        .correlate(CommitteeFile)
    )
    live = exists().where(
        Pairing.entrepreneur_id == CommitteeFile.entrepreneur_id,
        Pairing.supporter_id.in_(rows),
        Pairing.state.in_(LIVE_PAIRING_STATES),
    )
    waiting = exists().where(
        Suggestion.entrepreneur_id == CommitteeFile.entrepreneur_id,
        Suggestion.supporter_id.in_(rows),
        Suggestion.state.in_((SuggestionState.OPEN, SuggestionState.ALTERNATIVE)),
    )
    return count_all(CommitteeFile, CommitteeFile.until.is_(None), or_(live, waiting))


def _is_proposed() -> ColumnElement[bool]:
    return PlanLine.state == PlanLineState.PROPOSED


def _foreign_line() -> Select[int]:
    """Count lines whose suggestion is for somebody else than the plan, or in another role."""
    same = exists().where(
        Suggestion.id == PlanLine.suggestion_id,
        SupportPlan.id == PlanLine.plan_id,
        Suggestion.entrepreneur_id == SupportPlan.entrepreneur_id,
        cast(Suggestion.role, String) == cast(PlanLine.kind, String),
    )
    return count_all(PlanLine, PlanLine.suggestion_id.is_not(None), ~same)


def _proposed_by_an_older_run() -> Select[int]:
    current = exists().where(SupportPlan.id == PlanLine.plan_id, SupportPlan.run_id == PlanLine.run_id)
    return count_all(PlanLine, _is_proposed(), ~current)


def _is_published() -> ColumnElement[bool]:
    return WeightDraft.state == WeightDraftState.PUBLISHED


def _published_elsewhere() -> Select[int]:
    """Count drafts whose version is of another association, or aims at something else."""
    return count_all(WeightDraft, _is_published()).where(
        ~exists().where(
            WeightVersion.id == WeightDraft.published_as_id,
            WeightVersion.association_id == WeightDraft.association_id,
            WeightVersion.aim == WeightDraft.aim,
        )
    )


def _several_under_way() -> Select[int]:
    groups = (
        select(literal(1))
        .where(MatchRun.state.in_((MatchRunState.QUEUED, MatchRunState.RUNNING)))
        .group_by(MatchRun.association_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)
