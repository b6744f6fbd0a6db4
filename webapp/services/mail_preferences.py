"""How an account wishes to be written to, as its owner sets it."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from models.accounts import Account
from models.correspondence import (
    USUAL_QUIET_FROM,
    USUAL_QUIET_UNTIL,
    USUAL_WAYS,
    WAYS,
    MailGroup,
    MailPreference,
    MailWay,
)
from models.db import db, retried, transaction
from models.exceptions import InvalidInputError, NotFoundError
from webapp.permissions import Actor

logger = logging.getLogger(__name__)
LAST_HOUR = 23


def read_preference(account_id: int | None) -> MailPreference:
    """Give what an account chose, or a row of what is usual that nobody has saved."""
    found = db.session().get(MailPreference, account_id) if account_id is not None else None
    return found or MailPreference(
        **{f"{group}_way": way for group, way in USUAL_WAYS.items()},
        quiet_from=USUAL_QUIET_FROM,
        quiet_until=USUAL_QUIET_UNTIL,
    )


@retried
def set_preference(
    *, ways: Mapping[MailGroup, MailWay], quiet_from: int, quiet_until: int, actor: Actor, at: datetime
) -> None:
    """Keep how the actor wishes to be written to; groups that are not named stay as they are.

    Raises NotFoundError or InvalidInputError.
    """
    if actor.account_id is None:
        raise NotFoundError(record="Account")
    for group, way in ways.items():
        if way not in WAYS[group]:
            raise InvalidInputError(field=f"{group}_way", expected="a way that reaches her in time")
    for field, hour in (("quiet_from", quiet_from), ("quiet_until", quiet_until)):
        if not 0 <= hour <= LAST_HOUR:
            raise InvalidInputError(field=field, minimum=0, maximum=LAST_HOUR)
    with transaction() as session:
        kept = _lock_or_add(session, actor.account_id, at)
        for group, way in ways.items():
            setattr(kept, f"{group}_way", way)
        kept.quiet_from, kept.quiet_until, kept.updated_at = quiet_from, quiet_until, at
    logger.info("mail preference set", extra={"account_id": actor.account_id})


def _lock_or_add(session: Session, account_id: int, at: datetime) -> MailPreference:
    session.get_one(Account, account_id, with_for_update=True)  # two first choices at once: one after the other
    found = session.get(MailPreference, account_id, populate_existing=True)
    if found is None:
        found = MailPreference(
            account_id=account_id,
            **{f"{group}_way": way for group, way in USUAL_WAYS.items()},
            updated_at=at,
        )
        session.add(found)
    return found
