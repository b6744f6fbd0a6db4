"""Who else is not forgotten: ready people in no run, invitations nobody took up, attendance nobody noted, no answer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.accounts import LinkPurpose, OneTimeLink
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.match_runs import Suggestion
from models.notices import Notice
from models.states import SuggestionState
from tests.factories import (
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_suggestion,
    make_supporter,
    make_workshop_session,
)
from tests.office import Office, broken_laws
from webapp.services.clocks import tick
from webapp.services.invitations import invite_entrepreneur

KINDS = ("never_matched", "invitation_waits", "invitation_unanswered", "attendance_to_mark", "attendance_late")


@pytest.fixture
def office(any_app):
    return Office(suggested=False, people=0)


def noticed():
    db.session.rollback()
    rows = select(Notice.kind, Notice.recipient).order_by(Notice.kind, Notice.recipient)
    return [(str(kind), to) for kind, to in db.session.execute(rows) if str(kind) in KINDS]


def make_ready(office, now, *, days, **values):
    with transaction() as session:
        since = (now - timedelta(days=days)).date()
        return make_entrepreneur(
            session, office.association, **{"waiting_since": since, "follow_up_on": date(2027, 12, 1), **values}
        )


def test_who_is_ready_for_two_weeks_and_in_no_run_is_told_to_the_coordinators_once(office, now):
    make_ready(office, now, days=13)
    tick(at=now)
    assert noticed() == []
    tick(at=now + timedelta(days=1))
    tick(at=now + timedelta(days=2))
    assert noticed() == [("never_matched", office.account.email)]


def test_who_was_looked_for_is_not_told_again(office, now):
    person = make_ready(office, now, days=30)
    with transaction() as session:
        run = make_match_run(session, office.association)
        make_suggestion(
            session, run, session.merge(person), session.merge(office.supporters[0]), state=SuggestionState.SUPERSEDED
        )
    tick(at=now)
    assert noticed() == []


def test_an_invitation_nobody_took_up_is_told_to_her_then_to_the_coordinators(office, now):
    person = make_ready(office, now, days=0, email="awa@example.org")
    invite_entrepreneur(entrepreneur_id=person.public_id, actor=office.coordinator, at=now)
    tick(at=now + timedelta(days=7) - timedelta(seconds=1))
    assert noticed() == []
    tick(at=now + timedelta(days=7))
    assert noticed() == [("invitation_waits", "awa@example.org")]
    tick(at=now + timedelta(days=13))
    assert len(noticed()) == 1
    tick(at=now + timedelta(days=14))
    told = [one for one in noticed() if one[0].startswith("invitation")]
    assert told == [("invitation_unanswered", office.account.email), ("invitation_waits", "awa@example.org")]


def test_a_new_invitation_begins_the_count_again_and_an_open_account_ends_it(office, now):
    person = make_ready(office, now, days=0, email="awa@example.org")
    invite_entrepreneur(entrepreneur_id=person.public_id, actor=office.coordinator, at=now)
    later = now + timedelta(days=5)
    with transaction() as session:
        link = session.scalars(select(OneTimeLink).where(OneTimeLink.purpose == LinkPurpose.INVITATION)).one()
        link.created_at = later
    tick(at=now + timedelta(days=8))
    assert noticed() == []
    with transaction() as session:
        account_id = session.get_one(Entrepreneur, person.id).account_id
        session.get_one(type(office.account), account_id).password_hash = "x"
    tick(at=now + timedelta(days=30))
    assert [one for one in noticed() if one[0].startswith("invitation")] == []


def test_attendance_nobody_noted_goes_from_the_organiser_to_everybody_who_runs_the_association(office, now):
    with transaction() as session:
        make_coordinator(session, office.association, email="other@example.org")
        make_workshop_session(
            session,
            office.association,
            organiser_id=office.account.id,
            starts_at=now - timedelta(hours=2),
            ends_at=now,
        )
    tick(at=now + timedelta(days=1))
    assert noticed() == [("attendance_to_mark", office.account.email)]
    tick(at=now + timedelta(days=5))
    late = [one for one in noticed() if one[0] == "attendance_late"]
    assert late == [("attendance_late", email) for email in sorted((office.account.email, "other@example.org"))]


def test_a_proposal_without_an_answer_is_matched_again_by_itself(any_app, now):
    office = Office(people=1, supporters=1)
    office.propose(at=now)
    with transaction() as session:
        # Nobody else was suggested: only another match can find somebody.
        second = make_supporter(session, office.association)
    assert tick(at=now + timedelta(days=10))["expired"] == 1
    db.session.rollback()
    opened = db.session.scalars(select(Suggestion).where(Suggestion.state == SuggestionState.OPEN)).all()
    assert [one.supporter_id for one in opened] == [second.id]
    assert broken_laws() == []
