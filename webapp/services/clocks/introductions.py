"""Introductions nobody tells of: the one who promised, then the coordinators, and in the end it lapses by itself.

============  =================================  ==================================  ===============================
what waits    at its day                         INTRODUCTION days later             as long again
============  =================================  ==================================  ===============================
promised      who promised it is reminded        the coordinators                    it lapses, and can still be made
made          the entrepreneur is asked          the coordinators                    it lapses
============  =================================  ==================================  ===============================
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import DomainError
from models.introductions import Introduction
from models.notices import NoticeKind
from models.queries.coordinators import list_coordinators
from models.queries.introductions import list_stale
from models.queries.overdue import Overdue, list_all_due
from models.states import IntroductionAction
from models.supporters import Supporter
from webapp.permissions import SYSTEM
from webapp.services.introductions import tell_introduction
from webapp.services.notices import Addressee, notice

KINDS = (NoticeKind.INTRODUCTION_TO_MAKE, NoticeKind.INTRODUCTION_NEWS, NoticeKind.INTRODUCTION_LATE)


def notice_introductions(*, at: datetime) -> int:
    """Notice introductions past their day, for whose turn it is."""
    return sum(_notice(kind, overdue, at=at) for kind, overdue in list_all_due(db.session(), KINDS, at=at))


def lapse_stale(*, at: datetime) -> int:
    """Let introductions lapse of which nobody has told for long."""
    lapsed = 0
    for introduction_id in [one.public_id for one in list_stale(db.session(), at=at)]:
        try:
            tell_introduction(introduction_id=introduction_id, action=IntroductionAction.LAPSE, actor=SYSTEM, at=at)
        except DomainError:
            continue
        lapsed += 1
    return lapsed


@retried
def _notice(kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        introduction = session.get_one(Introduction, overdue.record_id)
        return notice(session, kind, overdue, _people(session, kind, introduction), at=at)


def _people(session: Session, kind: NoticeKind, introduction: Introduction) -> Iterable[Addressee]:
    """Say whose turn it is; what the association promised itself is its coordinators'."""
    if kind is NoticeKind.INTRODUCTION_NEWS:
        return [session.get_one(Entrepreneur, introduction.entrepreneur_id)]
    if kind is NoticeKind.INTRODUCTION_TO_MAKE and introduction.supporter_id is not None:
        return [session.get_one(Supporter, introduction.supporter_id)]
    return list_coordinators(session, introduction.association_id)
