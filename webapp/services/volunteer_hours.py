"""The hours a volunteer gave in a year, for herself and for those who run her association."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from models.associations import Association
from models.db import db
from models.names import full_name
from models.queries.meetings import GivenHours, read_given_hours
from models.queries.supporters import get_supporter
from webapp.charters.hours import build_certificate
from webapp.clock import PARIS
from webapp.permissions import Actor, Permission, require


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfHours:
    """What one volunteer gave in one year, in one of her roles."""

    supporter_id: UUID
    name: str
    association: str
    year: int
    given: GivenHours


def read_hours(*, supporter_id: UUID, year: int, actor: Actor) -> YearOfHours:
    """Read what a volunteer gave in a calendar year, as the clocks of France tell it.

    Raises NotFoundError or PermissionDeniedError.
    """
    session = db.session()
    supporter = get_supporter(session, supporter_id)
    require(actor, Permission.SUPPORTER_READ, supporter)
    start, end = (datetime.combine(date(number, 1, 1), time(), PARIS) for number in (year, year + 1))
    return YearOfHours(
        supporter_id=supporter.public_id,
        name=full_name(supporter),
        association=session.get_one(Association, supporter.association_id).name,
        year=year,
        given=read_given_hours(session, supporter, start=start, end=end),
    )


def read_certificate(*, supporter_id: UUID, year: int, actor: Actor, at: datetime) -> bytes:
    """Give the certificate of a year as a PDF.

    Raises NotFoundError or PermissionDeniedError.
    """
    hours = read_hours(supporter_id=supporter_id, year=year, actor=actor)
    return build_certificate(name=hours.name, association=hours.association, year=year, given=hours.given, at=at)
