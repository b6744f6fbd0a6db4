"""What time does by itself, each thing once, also when two do it."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from models.clocks import AssociationClock, Clock
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import BusyError
from models.messages import Message
from models.states import EntrepreneurState, MatchRunState
from tests.factories import make_entrepreneur, make_match_run
from tests.office import Office, broken_laws, take_snapshot
from webapp.clock import PARIS
from webapp.services.clocks import FAMILIES, ClockFamily, TickReport, registry, tick

IDLE = {family.name: 0 for family in FAMILIES}


def with_expired(run):
    """Give the registry with another function in the place of the one that expires proposals."""
    return tuple(ClockFamily(name="expired", run=run) if one.name == "expired" else one for one in FAMILIES)


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
    assert tick(at=now).did == {"expired": 1, "reminded": 1, "failed_runs": 1}
    before = take_snapshot()
    assert tick(at=now).did == {}
    assert take_snapshot() == before
    assert broken_laws() == []


def test_an_idle_tick_writes_nothing(any_app, now):
    Office(people=2)
    before = take_snapshot()
    assert tick(at=now).did == {}
    assert take_snapshot() == before


def test_overdue_suggestions_are_told_once_a_day_to_each_coordinator(any_app, now):
    office, other = Office(people=2), Office(people=1)
    overdue = office.suggestion(0).deadline_at
    assert tick(at=overdue - timedelta(seconds=1))["digests"] == 0
    assert tick(at=overdue)["digests"] == 2
    assert tick(at=overdue + timedelta(hours=3))["digests"] == 0
    assert tick(at=overdue + timedelta(days=1))["digests"] == 2
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
        patched.setattr(registry, "FAMILIES", with_expired(busy))
        assert tick(at=now) == TickReport(counts={**IDLE, "reminded": 1}, postponed=("expired",))
    assert tick(at=now)["expired"] == 1


def test_a_clock_that_breaks_is_named_and_keeps_no_other_from_its_work(any_app, now, monkeypatch):
    office = Office(people=2, supporters=3)
    office.propose(1, at=now - timedelta(days=5))

    def broken(*, at):
        raise ZeroDivisionError

    monkeypatch.setattr(registry, "FAMILIES", with_expired(broken))
    assert tick(at=now) == TickReport(counts={**IDLE, "reminded": 1}, broken=("expired",))


def test_what_nobody_decides_is_set_aside_and_the_person_has_a_day(any_app, now):
    office = Office(people=2, supporters=3)
    late = office.suggestion(0).deadline_at + timedelta(days=14)
    assert tick(at=late - timedelta(seconds=1))["set_aside"] == 0
    assert office.states(0) == ["open", "alternative", "alternative"]
    assert tick(at=late)["set_aside"] == 2
    assert office.states(0) == office.states(1) == ["superseded", "superseded", "superseded"]
    person = db.session.get_one(Entrepreneur, office.people[0].id)
    assert person.follow_up_on == late.astimezone(PARIS).date() + timedelta(days=14)
    assert [event[3] for event in office.events("suggestion")] == ["not_decided"] * 6
    assert tick(at=late + timedelta(days=30))["set_aside"] == 0
    assert broken_laws() == []


def test_each_association_sets_how_long_a_suggestion_may_wait(app, now):
    patient, usual = Office(people=1), Office(people=1)
    with transaction() as session:
        session.add(
            AssociationClock(
                association_id=patient.association.id, clock=Clock.SUGGESTION_ESCALATION, days=30, set_at=now
            )
        )
    assert tick(at=usual.suggestion(0).deadline_at + timedelta(days=14))["set_aside"] == 1
    assert (patient.states(0)[0], usual.states(0)[0]) == ("open", "superseded")


def test_everybody_who_waits_without_a_day_gets_one(any_app, now):
    office = Office(people=1, suggested=False)
    served = Office(people=1)
    with transaction() as session:
        unfinished = make_entrepreneur(session, office.association, state=EntrepreneurState.INCOMPLETE)
        closed = make_entrepreneur(session, office.association, state=EntrepreneurState.CLOSED, closed_at=now)
    assert tick(at=now)["follow_ups_planned"] == 2
    assert tick(at=now)["follow_ups_planned"] == 0
    days = [db.session.get_one(Entrepreneur, person.id).follow_up_on for person in (office.people[0], unfinished)]
    assert days == [now.date() + timedelta(days=14)] * 2
    assert db.session.get_one(Entrepreneur, closed.id).follow_up_on is None
    assert db.session.get_one(Entrepreneur, served.people[0].id).follow_up_on is None


def test_who_was_kept_waiting_a_week_past_her_day_gets_another_one(any_app, now):
    today = now.date()
    office = Office(people=3, suggested=False)
    with transaction() as session:
        for person, days in zip(office.people, (7, 6, -1), strict=True):
            session.get_one(Entrepreneur, person.id).follow_up_on = today - timedelta(days=days)
    assert tick(at=now)["follow_ups_renewed"] == 1
    assert tick(at=now)["follow_ups_renewed"] == 0
    days = [db.session.get_one(Entrepreneur, person.id).follow_up_on for person in office.people]
    assert [(day - today).days for day in days] == [14, -6, 1]
