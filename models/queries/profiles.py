"""What a match looks at in people and supporters, as plain rows: nothing to be changed, no session held on to.

A match reads everybody of an association, thousands in a large one, and writes to none of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur, EntrepreneurConfided, EntrepreneurLanguage, EntrepreneurNeed, Stage
from models.states import EntrepreneurState, SupporterState
from models.supporters import Supporter, SupporterExpertise, SupporterLanguage, SupporterRole

Rows = Sequence[Row[*tuple[Any, ...]]]


class PersonProfile(NamedTuple):
    """A person whose file is ready; of what she confided, only the consent that is a rule of the match."""

    id: int
    public_id: UUID
    association_id: int
    first_name: str
    last_name: str
    stage: Stage | None
    activity_code: str | None
    project_title: str
    project_text: str
    commune_code: str | None
    qpv_code: str | None
    latitude: float | None
    longitude: float | None
    max_km: float
    accepts_remote: bool
    availability: int
    wanted_roles: Sequence[str]
    wants_bridging: bool
    household: str | None
    waiting_since: date | None
    coaching_consent_at: datetime | None
    needs: Rows
    languages: Rows

    @property
    def has_consented(self) -> bool:
        """Whether she agreed to resilience coaching."""
        return self.coaching_consent_at is not None


class SupporterProfile(NamedTuple):
    """A supporter who can be proposed."""

    id: int
    public_id: UUID
    association_id: int
    first_name: str
    last_name: str
    role: SupporterRole
    capacity: int
    taken: int
    presentation: str
    activity_codes: Sequence[str]
    stages: Sequence[str]
    commune_code: str | None
    latitude: float | None
    longitude: float | None
    max_km: float
    accepts_remote: bool
    availability: int
    household: str | None
    in_business: bool
    has_bounced_back: bool
    is_certified: bool
    expertise: Rows
    languages: Rows


# Every match of what is open asks these: they are written once.
_IS_READY = Entrepreneur.association_id == bindparam("association"), Entrepreneur.state == EntrepreneurState.READY
_IS_ACTIVE = Supporter.association_id == bindparam("association"), Supporter.state == SupporterState.ACTIVE
_PEOPLE = (
    select(*(getattr(Entrepreneur, name) for name in PersonProfile._fields[:-3]))
    .add_columns(EntrepreneurConfided.coaching_consent_at)
    .outerjoin(EntrepreneurConfided, EntrepreneurConfided.entrepreneur_id == Entrepreneur.id)
    .where(*_IS_READY)
    .order_by(Entrepreneur.id)
)
_NEEDS = (
    select(EntrepreneurNeed.entrepreneur_id, EntrepreneurNeed.topic, EntrepreneurNeed.priority)
    .join(Entrepreneur, Entrepreneur.id == EntrepreneurNeed.entrepreneur_id)
    .where(*_IS_READY)
    .order_by(EntrepreneurNeed.priority.desc(), EntrepreneurNeed.topic)
)
_SPOKEN_BY_PEOPLE = (
    select(EntrepreneurLanguage.entrepreneur_id, EntrepreneurLanguage.language)
    .join(Entrepreneur, Entrepreneur.id == EntrepreneurLanguage.entrepreneur_id)
    .where(*_IS_READY)
    .order_by(EntrepreneurLanguage.position, EntrepreneurLanguage.language)
)
_SUPPORTERS = (
    select(*(getattr(Supporter, name) for name in SupporterProfile._fields[:-2]))
    .where(*_IS_ACTIVE)
    .order_by(Supporter.id)
)
_EXPERTISE = (
    select(SupporterExpertise.supporter_id, SupporterExpertise.topic, SupporterExpertise.level)
    .join(Supporter, Supporter.id == SupporterExpertise.supporter_id)
    .where(*_IS_ACTIVE)
    .order_by(SupporterExpertise.level.desc(), SupporterExpertise.topic)
)
_SPOKEN_BY_SUPPORTERS = (
    select(SupporterLanguage.supporter_id, SupporterLanguage.language)
    .join(Supporter, Supporter.id == SupporterLanguage.supporter_id)
    .where(*_IS_ACTIVE)
    .order_by(SupporterLanguage.position, SupporterLanguage.language)
)


def list_ready_people(session: Session, association_id: int) -> Sequence[PersonProfile]:
    """Give the people of an association whose file is ready, in the order of their numbers."""
    of = {"association": association_id}
    people = session.execute(_PEOPLE, of).all()
    needs, spoken = _by_owner(session.execute(_NEEDS, of)), _by_owner(session.execute(_SPOKEN_BY_PEOPLE, of))
    return [PersonProfile._make((*row, needs.get(row[0], ()), spoken.get(row[0], ()))) for row in people]


def list_supporter_profiles(session: Session, association_id: int) -> Sequence[SupporterProfile]:
    """Give the supporters of an association who can be proposed, in the order of their numbers."""
    of = {"association": association_id}
    supporters = session.execute(_SUPPORTERS, of).all()
    known, spoken = _by_owner(session.execute(_EXPERTISE, of)), _by_owner(session.execute(_SPOKEN_BY_SUPPORTERS, of))
    return [SupporterProfile._make((*row, known.get(row[0], ()), spoken.get(row[0], ()))) for row in supporters]


def _by_owner(rows: Iterable[Row[*tuple[Any, ...]]]) -> Mapping[int, Rows]:
    """Put together the rows of each person, whose number comes first in them; they keep their order."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found
