"""Sessions that members propose: past their day for who answers, a week later for the whole team.

What nobody answers does not happen by itself: it stays on the dashboard, late, and who proposed it reads whom to ask.
"""

from datetime import datetime

from models.accounts import Account
from models.db import db, retried, transaction
from models.notices import NoticeKind
from models.queries.coordinators import list_coordinators
from models.queries.overdue import Overdue, list_all_due
from models.session_proposals import SessionProposal
from webapp.services.notices import notice


def notice_session_proposals(*, at: datetime) -> int:
    """Notice proposals that are due, and those that are late."""
    kinds = (NoticeKind.SESSION_PROPOSAL_WAITS, NoticeKind.SESSION_PROPOSAL_LATE)
    found = list_all_due(db.session(), kinds, at=at)
    return sum(_notice(kind, overdue, at=at) for kind, overdue in found)


@retried
def _notice(kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        proposal = session.get_one(SessionProposal, overdue.record_id)
        team = list_coordinators(session, overdue.association_id)
        named: list[Account] = [account for account in team if account.id == proposal.coordinator_id]
        # Who was named may have gone since: then it is the matter of the whole team at once.
        people = team if kind is NoticeKind.SESSION_PROPOSAL_LATE or not named else named
        return notice(session, kind, overdue, people, at=at)
