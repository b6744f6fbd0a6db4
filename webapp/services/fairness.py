"""How groups of people fare in an association: who is accompanied, after how long, how well, and how often refused."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.queries.fairness import GroupedPerson, list_grouped_people
from models.wall import tell_stage
from webapp.clock import day_of
from webapp.insight_bridge import FairnessReport, PersonOutcome, days_between, report_fairness

TERRITORY, NEIGHBOURHOOD, STAGE, LANGUAGE = "territory", "neighbourhood", "stage", "language"
SETBACK, GENDER = "setback", "gender"
# Told in confidence: how many of them are served is shown only where it tells nothing about one of them.
GUARDED = frozenset({SETBACK, GENDER})
YES, NO = "yes", "no"


def read_fairness(session: Session, *, association_id: int, lends: bool, at: datetime) -> FairnessReport:
    """Compare the groups of an association. The lending side has no group of people after a liquidation at all."""
    people = list_grouped_people(session, association_id, reads_confided=not lends)
    labels: dict[str, list[str | None]] = {
        TERRITORY: [person.commune_code for person in people],
        NEIGHBOURHOOD: [YES if person.lives_in_qpv else NO for person in people],
        STAGE: [str(tell_stage(person.stage, lends=lends)) if person.stage else None for person in people],
        LANGUAGE: [person.language for person in people],
        GENDER: [person.gender for person in people],
    }
    if not lends:
        labels[SETBACK] = [YES if person.after_liquidation else None for person in people]
    return report_fairness([_outcome(person, at) for person in people], labels, guarded=GUARDED)


def _outcome(person: GroupedPerson, at: datetime) -> PersonOutcome:
    until = person.accompanied_at or at
    return PersonOutcome(
        is_served=person.accompanied_at is not None,
        waiting_days=days_between(person.waiting_since, day_of(until)),
        score=person.score,
        proposals=person.proposals,
        refusals=person.refusals,
    )
