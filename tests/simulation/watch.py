"""What is looked at every day: the laws, mails told twice, and who waits where since when."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from statistics import median, quantiles

from sqlalchemy import and_, case, exists, func, select

from models.accounts import Account
from models.correspondence import MailPreference, MailWay
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.match_runs import Suggestion
from models.meetings import Meeting
from models.messages import Message
from models.pairings import Pairing
from models.queries.deadlines import check_deadlines
from models.queries.invariants import check_invariants
from models.states import EntrepreneurState, MeetingState, MessageState, PairingState, SuggestionState
from webapp.clock import PARIS

# What a message is about, by the fact that names it.
SUBJECTS = (
    *("pairing_id", "session_id", "circle_id", "review_id", "introduction_id", "question_id", "proposal_id"),
    "visitor_id",
)

# The way of a person, in the order in which she goes it; what she waits for, or what goes on.
PHASES = (
    "profile to finish",
    "somebody is looked for",
    "waits for the coordinator",
    "a question first",
    "waits for a supporter",
    "first meeting to come",
    "together",
    "pausing",
    "closed",
)

# What somebody's pairings say of her, the nearest first; before two who are together have met, that is what comes.
WITH_SOMEBODY = (
    (PairingState.ACTIVE, "together"),
    (PairingState.PAUSED, "pausing"),
    (PairingState.ASKED, "a question first"),
    (PairingState.PROPOSED, "waits for a supporter"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long people were in one situation: how many times, and days."""

    situation: str
    times: int
    median: float
    p95: float
    longest: int


class Watch:
    """Looks at the database once a day, and keeps what it found."""

    def __init__(self) -> None:
        self.broken: list[tuple[date, str, int]] = []
        self.repeated: list[tuple[date, str, str, str]] = []
        self.mails: Counter[str] = Counter()
        self.most_mails, self.most_asked_for = 0, 0
        self._asks_for_each = frozenset(
            db.session.scalars(
                select(Account.email).join(MailPreference).where(MailPreference.desk_way == MailWay.EACH)
            )
        )
        self._last_message = 0
        self._since: dict[int, tuple[str, date]] = {}
        self._waits: dict[str, list[int]] = defaultdict(list)

    def look(self, at: datetime, *, silent_days: int) -> None:
        """Check every law, today's mails, and everybody's situation."""
        db.session.rollback()
        session = db.session()
        day = at.astimezone(PARIS).date()
        checks = check_deadlines(session, at=at, grace=timedelta(days=1 + silent_days))
        checks += check_invariants(session)
        self.broken += [(day, check.name, check.broken) for check in checks if not check.holds]
        self._read_mails(day)
        self._follow(day)

    def list_waits(self, last: date) -> Sequence[Wait]:
        """Sum up how long people were in each situation, those who still are included."""
        waits = {situation: list(days) for situation, days in self._waits.items()}
        for situation, since in self._since.values():
            waits.setdefault(situation, []).append((last - since).days)
        return [
            Wait(
                situation=situation,
                times=len(days),
                median=median(days),
                p95=quantiles(days, n=20, method="inclusive")[-1] if len(days) > 1 else days[0],
                longest=max(days),
            )
            for situation in PHASES
            if (days := waits.get(situation))
        ]

    def _read_mails(self, day: date) -> None:
        rows = db.session.execute(
            select(Message.id, Message.kind, Message.recipient, Message.facts, Message.event_key, Message.state)
            .where(Message.id > self._last_message)
            .order_by(Message.id)
        ).all()
        told: Counter[tuple[str, str, str]] = Counter()
        for number, kind, recipient, facts, event_key, _ in rows:
            self._last_message = number
            self.mails[str(kind)] += 1
            subject = next((str(facts[name]) for name in SUBJECTS if name in facts), event_key.split(":")[1])
            # Two people of one circle may answer on one day.
            about = f"{subject} {facts.get('entrepreneur', '')}"
            told[str(kind), recipient, about] += 1
        self.repeated += [(day, *thing) for thing, times in told.items() if times > 1]
        # What waits for a summary, or was told in one, is no mail of its own.
        leaving = Counter(row.recipient for row in rows if row.state is MessageState.QUEUED)
        for recipient, mails in leaving.items():
            if recipient in self._asks_for_each:
                self.most_asked_for = max(self.most_asked_for, mails)
            else:
                self.most_mails = max(self.most_mails, mails)

    def _follow(self, day: date) -> None:
        for person, situation in db.session.execute(_select_situations()).all():
            known = self._since.get(person)
            if known is None or known[0] != situation:
                if known is not None:
                    self._waits[known[0]].append((day - known[1]).days)
                self._since[person] = (situation, day)


@cache
def _select_situations():
    """Write the statement once: every day asks it."""
    met = exists().where(Meeting.pairing_id == Pairing.id, Meeting.state == MeetingState.HELD)
    rank = case(
        (and_(Pairing.state == PairingState.ACTIVE, ~met), 0),
        *((Pairing.state == state, rank) for rank, (state, _) in enumerate(WITH_SOMEBODY, start=1)),
    )
    live = Pairing.state.in_([state for state, _ in WITH_SOMEBODY])
    nearest = select(Pairing.entrepreneur_id, func.min(rank).label("rank")).where(live)
    nearest = nearest.group_by(Pairing.entrepreneur_id).subquery()
    suggested = exists().where(Suggestion.entrepreneur_id == Entrepreneur.id, Suggestion.state == SuggestionState.OPEN)
    situation = case(
        (Entrepreneur.state == EntrepreneurState.CLOSED, "closed"),
        (Entrepreneur.state == EntrepreneurState.INCOMPLETE, "profile to finish"),
        (nearest.c.rank == 0, "first meeting to come"),
        *((nearest.c.rank == rank, situation) for rank, (_, situation) in enumerate(WITH_SOMEBODY, start=1)),
        (suggested, "waits for the coordinator"),
        else_="somebody is looked for",
    )
    return select(Entrepreneur.id, situation).outerjoin(nearest, nearest.c.entrepreneur_id == Entrepreneur.id)
