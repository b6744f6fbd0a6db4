"""What is past its day is noticed once, told in one mail a day, and does not stay so for ever."""

from collections import Counter
from datetime import date, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from models.correspondence import OneTap
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.messages import Message, MessageKind
from models.notices import Notice
from models.pairings import Pairing
from models.states import EntrepreneurState, MeetingState, PairingState
from tests.factories import make_charter, make_entrepreneur, make_meeting, make_pairing, make_workshop_session
from tests.factories.sequence import MADE_AT
from tests.office import Office, broken_laws, take_snapshot
from webapp.services import notices
from webapp.services.clocks import tick
from webapp.services.clocks.pairings import notice_pairings
from webapp.services.notices import tell_notices
from webapp.services.pairing_pauses import ask_question
from webapp.words.talks import tell_called_off


@pytest.fixture
def office(any_app):
    return Office(suggested=False, person={"follow_up_on": date(2027, 12, 1)})


def together(office, **values):
    """Two who have worked together for so long that no check of the first months is due any more."""
    usual = {"state": PairingState.ACTIVE, "answered_at": MADE_AT - timedelta(days=200)}
    with transaction() as session:
        return make_pairing(session, office.people[0], office.supporters[0], **{**usual, **values})


def noticed():
    db.session.rollback()
    return Counter(str(kind) for kind in db.session.scalars(select(Notice.kind)))


def digests():
    db.session.rollback()
    rows = select(Message.recipient, Message.facts).where(Message.kind == MessageKind.DIGEST).order_by(Message.id)
    return [(recipient, dict(facts)) for recipient, facts in db.session.execute(rows)]


def test_two_who_have_no_date_are_both_told_once_and_their_coordinator_later(office, now):
    together(office, next_meeting_due_at=now)
    assert tick(at=now - timedelta(seconds=1))["noticed_pairings"] == 0
    assert tick(at=now)["noticed_pairings"] == 2
    assert tick(at=now)["noticed_pairings"] == 0
    assert noticed() == {"date_to_find": 2}
    tick(at=now + timedelta(days=21))
    assert noticed() == {"date_to_find": 2, "silence": 1}
    coordinator = [facts for recipient, facts in digests() if recipient == office.account.email]
    assert coordinator == [{"association": office.association.name, "silence": 1}]


def test_long_silence_is_told_and_then_the_round_begins_again(office, now):
    pairing = together(office, next_meeting_due_at=now)
    late = now + timedelta(days=45)
    assert tick(at=late)["next_steps"] == 1
    assert noticed() == {"date_to_find": 2, "silence": 1, "long_silence": 1}
    again = db.session.get_one(Pairing, pairing.id, populate_existing=True)
    assert (again.state, again.next_meeting_due_at) == (PairingState.ACTIVE, late + timedelta(days=10))
    tick(at=late + timedelta(days=10))
    assert noticed() == {"date_to_find": 4, "silence": 1, "long_silence": 1}


def test_a_week_without_a_tick_ends_in_one_mail_to_each(office, now):
    pairing = together(office, next_meeting_due_at=now - timedelta(days=30), ends_on=now.date())
    with transaction() as session:
        make_charter(session, pairing, due_at=now - timedelta(days=6))
        make_workshop_session(
            session,
            office.association,
            organiser_id=office.account.id,
            starts_at=now - timedelta(days=5),
            ends_at=now - timedelta(days=4),
        )
    report = tick(at=now)
    assert report["told"] == 3
    told = dict(digests())
    assert told[office.account.email] == {
        "association": office.association.name, "silence": 1, "charter_to_sign": 1, "term_near": 1,
        "attendance_to_mark": 1,
    }  # fmt: skip
    before = take_snapshot()
    assert tick(at=now + timedelta(hours=1)).did == {}
    assert take_snapshot() == before


def test_what_comes_up_later_that_day_waits_for_the_next_mail(office, now):
    together(office, next_meeting_due_at=now)
    tick(at=now)
    with transaction() as session:
        session.get_one(Entrepreneur, office.people[0].id)
        late = make_entrepreneur(session, office.association, follow_up_on=now.date(), waiting_since=now.date())
    assert tick(at=now + timedelta(hours=1)).did == {"noticed_people": 1, "told": 1}
    with transaction() as session:
        session.get_one(Entrepreneur, late.id).follow_up_on = now.date() - timedelta(days=1)
    assert tick(at=now + timedelta(hours=2)).did == {"noticed_people": 1}
    assert tick(at=now + timedelta(days=1)).did == {"told": 1}


def test_a_question_nobody_answers_goes_to_the_coordinator_then_the_proposal_is_taken_back(any_app, now):
    office = Office(people=1, supporters=3)
    pairing = office.propose(at=now)
    ask_question(pairing_id=pairing.public_id, question="Combien d'heures ?", actor=office.as_supporter(), at=now)
    tick(at=now + timedelta(days=5))
    assert noticed() == {"question_waits": 1}
    assert tick(at=now + timedelta(days=10) - timedelta(seconds=1))["next_steps"] == 0
    assert tick(at=now + timedelta(days=10))["next_steps"] == 1
    assert office.pairing(pairing.public_id).state is PairingState.WITHDRAWN
    assert office.states() == ["approved", "open", "alternative"]
    assert broken_laws() == []


def test_meetings_are_asked_about_and_dates_that_nobody_chose_are_called_off(office, now):
    pairing = together(office, next_meeting_due_at=now + timedelta(days=60))
    with transaction() as session:
        meeting = make_meeting(session, pairing, answer_due_at=now)
    tick(at=now)
    assert noticed() == {"date_to_choose": 2}
    assert tick(at=now + timedelta(days=7))["next_steps"] == 1
    db.session.rollback()
    off = db.session.scalars(select(type(meeting))).one()
    assert off.state is MeetingState.CANCELLED
    with force_locale("fr"):
        assert "choisie à temps" in tell_called_off(off, pairing, "supporter")


def test_a_planned_meeting_is_asked_about_and_its_silence_told(office, now):
    pairing = together(office, next_meeting_due_at=now + timedelta(days=60))
    with transaction() as session:
        make_meeting(session, pairing, state=MeetingState.CONFIRMED, report_due_at=now)
    tick(at=now)
    assert noticed() == {"did_you_meet": 2}
    tick(at=now + timedelta(days=3))
    assert noticed() == {"did_you_meet": 2, "report_missing": 1}


def test_a_clock_that_comes_second_with_the_same_list_tells_nobody_and_leaves_no_link(office, now, monkeypatch):
    pairing = together(office, next_meeting_due_at=now)
    notice_pairings(at=now)
    listed = notices._list_mails(db.session(), now)
    assert tell_notices(at=now) == 2
    with transaction() as session:
        make_meeting(session, pairing, state=MeetingState.CONFIRMED, report_due_at=now)
    notice_pairings(at=now)
    monkeypatch.setattr(notices, "_list_mails", lambda _session, _at: listed)
    assert tell_notices(at=now) == 0
    untold = db.session.scalars(select(Notice.kind).where(Notice.told_at.is_(None))).all()
    assert [str(kind) for kind in untold] == ["did_you_meet"] * 2
    assert db.session.scalars(select(OneTap)).all() == []


def test_a_pause_comes_to_its_end_and_goes_on_by_itself(office, now):
    pairing = together(office, state=PairingState.PAUSED, pause_until=now)
    assert tick(at=now).did == {"noticed_pairings": 3, "told": 3}
    tick(at=now + timedelta(days=14))
    assert office.pairing(pairing.public_id).state is PairingState.ACTIVE
    assert broken_laws() == []


def test_a_profile_that_rests_is_told_to_the_person_and_without_an_address_to_the_coordinator(any_app, now):
    office = Office(suggested=False, people=0)
    with transaction() as session:
        for email in ("lea@example.org", None):
            make_entrepreneur(
                session,
                office.association,
                email=email,
                state=EntrepreneurState.INCOMPLETE,
                created_at=now - timedelta(days=7),
                follow_up_on=date(2027, 1, 1),
            )
    tick(at=now)
    assert [recipient for recipient, _ in digests()] == sorted([office.account.email, "lea@example.org"])
