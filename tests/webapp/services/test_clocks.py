"""What time does by itself, each thing once, also when two do it."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from models.db import db, transaction
from models.exceptions import BusyError
from models.messages import Message
from models.states import MatchRunState
from tests.factories import make_match_run
from tests.office import Office, broken_laws, take_snapshot
from webapp.services import clocks
from webapp.services.clocks import TickReport, tick


def test_a_tick_does_what_is_due_and_a_second_one_nothing(any_app, now):
    office = Office(people=3, supporters=3)
    office.propose(0, at=now - timedelta(days=10))
    office.propose(1, at=now - timedelta(days=5))
    with transaction() as session:
        make_match_run(
            session,
            office.association,
            state=MatchRunState.RUNNING,
            progress=40,
            ended_at=None,
            seen_at=now - timedelta(minutes=16),
        )
    assert tick(at=now) == TickReport(expired=1, reminded=1, digests=0, failed_runs=1)
    before = take_snapshot()
    assert tick(at=now) == TickReport(expired=0, reminded=0, digests=0, failed_runs=0)
    assert take_snapshot() == before
    assert broken_laws() == []


def test_an_idle_tick_writes_nothing(any_app, now):
    Office(people=2)
    before = take_snapshot()
    assert tick(at=now) == TickReport(expired=0, reminded=0, digests=0, failed_runs=0)
    assert take_snapshot() == before


def test_overdue_suggestions_are_told_once_a_day_to_each_coordinator(any_app, now):
    office, other = Office(people=2), Office(people=1)
    overdue = office.suggestion(0).deadline_at
    assert tick(at=overdue - timedelta(seconds=1)).digests == 0
    assert tick(at=overdue).digests == 2
    assert tick(at=overdue + timedelta(hours=3)).digests == 0
    assert tick(at=overdue + timedelta(days=1)).digests == 2
    told = Counter(recipient for kind, recipient in office.messages() if kind == "suggestions_waiting")
    assert told == {office.account.email: 2, other.account.email: 2}
    facts = db.session.scalars(
        select(Message.facts).where(Message.account_id == office.account.id).order_by(Message.id)
    ).first()
    assert facts == {"count": 2, "association": office.association.name}


def test_a_busy_database_leaves_the_rest_to_the_next_tick(any_app, now, monkeypatch):
    office = Office(people=2, supporters=3)
    office.propose(0, at=now - timedelta(days=10))
    office.propose(1, at=now - timedelta(days=5))

    def busy(*, at):
        raise BusyError

    with monkeypatch.context() as patched:
        patched.setattr(clocks, "expire_due", busy)
        assert tick(at=now) == TickReport(expired=0, reminded=1, digests=0, failed_runs=0)
    assert tick(at=now).expired == 1
