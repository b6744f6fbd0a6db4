"""What choosing a supporter would mean for the other people whose supporter is still open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.db import db
from models.exceptions import NotEligibleError
from models.names import full_name
from models.queries.match_runs import read_pool
from models.queries.suggestions import get_entrepreneur, list_open_suggestions_of_association
from models.states import EntrepreneurState
from models.supporters import SupporterRole
from webapp import matcher_bridge, rematch_bridge
from webapp.permissions import Actor, Permission, require
from webapp.services.match_runs import read_last_measure
from webapp.services.suggestions import also_wanted

NOTICED = 0.0005
"""Scores are shown in whole points of 100: what lies below a tenth of a point is no difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPerson:
    """Somebody else who would change: names, None for nobody; scores from 0 to 1."""

    name: str
    before: str | None
    after: str | None
    score_before: float
    score_after: float

    @property
    def loses(self) -> bool:
        """Say whether she would have a less good match, or none any more."""
        return self.score_after < self.score_before - NOTICED


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedSupporter:
    """One supporter who could be chosen, and what it would mean for the others."""

    supporter_id: UUID
    name: str
    score: float
    is_best: bool
    waiting: int
    others: tuple[OtherPerson, ...]

    @property
    def losing(self) -> tuple[OtherPerson, ...]:
        """Give those who would have a less good match, but somebody still."""
        return tuple(one for one in self.others if one.loses and one.after is not None)


def weigh_others(
    *, entrepreneur_id: UUID, role: SupporterRole, actor: Actor, at: datetime
) -> tuple[WeighedSupporter, ...]:
    """Give every supporter whom a rule allows and who has a free place, the best score first, with what it would mean.

    The best answer for everybody whose suggestion is open is compared with the best one that has this pair; what is
    approved or active is not touched by either.
    Raises NotFoundError, PermissionDeniedError or NotEligibleError.
    """
    session = db.session()
    person = get_entrepreneur(session, entrepreneur_id)
    require(actor, Permission.SUGGESTION_DECIDE, person)
    if person.state is not EntrepreneurState.READY:
        raise NotEligibleError(rule="not_ready", state=str(person.state), entrepreneur_id=entrepreneur_id)
    pool = read_pool(session, person.association_id)
    choices = rematch_bridge.weigh(
        matcher_bridge.build_records(pool, weights=read_last_measure(session, person.association_id).weights, at=at),
        entrepreneur_id=person.id,
        role=role,
        shown=list_open_suggestions_of_association(session, person.association_id, role),
        also_wanted=also_wanted(session, person, role),
    )
    supporters = {one.id: one for one in pool.supporters}
    names = {one.id: full_name(one) for one in pool.supporters}
    people = {one.id: full_name(one) for one in pool.entrepreneurs}
    return tuple(
        WeighedSupporter(
            supporter_id=supporters[choice.supporter_id].public_id,
            name=names[choice.supporter_id],
            score=choice.score,
            is_best=choice.is_best,
            waiting=choice.waiting,
            others=tuple(
                OtherPerson(
                    name=people[one.entrepreneur_id],
                    before=None if one.before_id is None else names[one.before_id],
                    after=None if one.after_id is None else names[one.after_id],
                    score_before=one.score_before,
                    score_after=one.score_after,
                )
                for one in choice.others
            ),
        )
        for choice in choices
    )
