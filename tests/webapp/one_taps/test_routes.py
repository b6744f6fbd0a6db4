"""One tap from a mail: reading writes nothing, one answer counts, and nothing is said that a mailbox must not hear."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from models.audit import AuditEvent
from models.correspondence import OneTap, TapAnswer, TapPurpose
from models.db import Model, db, transaction
from models.exceptions import InvalidInputError, LinkOverError, TooManyTapsError
from models.gatherings import GatheringAttendance
from models.meetings import Meeting
from models.messages import Message, MessageKind
from models.pairings import DeclineReason, Pairing
from models.states import BookingState, MeetingState, PairingState
from models.supporters import Supporter
from models.workshops import Booking
from tests.factories import (
    make_account,
    make_association,
    make_entrepreneur,
    make_mail_preference,
    make_meeting,
    make_pairing,
    make_supporter,
    make_workshop_session,
)
from tests.office import Office
from tests.processes import run_together
from tests.webapp.services import tapping
from tests.webapp.services.test_gatherings import VALUES, Peers
from tests.webapp.services.test_messages import Recorder
from webapp.clock import utc_now
from webapp.permissions import Actor
from webapp.services.bookings import book_session, cancel_booking
from webapp.services.clocks import tick
from webapp.services.gatherings import change_gathering
from webapp.services.messages import send_due_messages
from webapp.services.one_taps import ANSWERS_PER_PLACE, KEPT_FOR, TAKEN_FOR, forget_old_taps, use_tap
from webapp.services.tap_links import PATH, add_link

LINK = re.compile(r"/tap/[\w-]+")


def letter(kind):
    db.session.rollback()
    found = db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id.desc())).first()
    assert found is not None
    return found


def token_of(path):
    return path.removeprefix("/tap/")


@pytest.fixture
def proposal(app):
    """A proposal to a supporter who has no account, and the path in its mail."""
    office = Office(supporter={"email": "jean@example.org"})
    pairing = office.propose(at=utc_now())
    return pairing, letter(MessageKind.PAIRING_PROPOSED).facts["tap"]


def state_of(pairing):
    db.session.rollback()
    return db.session.scalar(select(Pairing.state).where(Pairing.id == pairing.id))


def all_rows():
    db.session.rollback()
    return {
        name: [tuple(row) for row in db.session.execute(select(table))]
        for name, table in Model.metadata.tables.items()
        if name not in ("activities", "communes", "qpvs")
    }


def test_the_path_in_a_mail_is_that_of_the_page(app):
    with app.test_request_context():
        built = app.url_map.bind("localhost").build("one_taps.show", {"token": "x"})
    assert built == PATH.format(token="x")


def test_opening_a_link_as_often_as_one_likes_writes_nothing(client, proposal):
    before = all_rows()
    for _ in range(3):
        for query in ("", "?answer=yes", "?answer=no"):
            assert client.get(proposal[1] + query).status_code == 200
    assert client.head(proposal[1]).status_code == 200
    assert all_rows() == before


def test_a_yes_counts_once_and_the_page_then_says_so(client, proposal):
    pairing, path = proposal
    assert client.post(path, data={"answer": "yes"}).location == path
    assert state_of(pairing) is PairingState.ACTIVE
    page = client.get(path).get_data(as_text=True)
    assert "Vous avez dit oui" in page
    assert "fixe la date avec vous deux" in page
    with transaction() as session:
        supporter = session.get_one(Supporter, pairing.supporter_id)
        supporter.account_id = make_account(session).id
    assert f'href="/pairings/{pairing.public_id}">Proposer des dates' in client.get(path).get_data(as_text=True)
    assert '<form method="post" action="/tap/' not in page
    assert client.post(path, data={"answer": "no", "reason": "no_time"}).location == path
    assert state_of(pairing) is PairingState.ACTIVE


def test_a_no_needs_its_reason(client, proposal):
    pairing, path = proposal
    refused = client.post(path, data={"answer": "no"})
    assert refused.status_code == 422
    assert "field-error" in refused.get_data(as_text=True)
    assert state_of(pairing) is PairingState.PROPOSED
    assert client.post(path, data={"answer": "no", "reason": "too_far", "note": "Trop loin"}).status_code == 303
    db.session.rollback()
    row = db.session.get_one(Pairing, pairing.id)
    assert (row.state, row.decline_reason, row.answer_note) == (
        PairingState.DECLINED,
        DeclineReason.TOO_FAR,
        "Trop loin",
    )


def test_no_session_is_opened_and_no_name_but_her_own_is_shown(client, proposal):
    path = proposal[1]
    db.session.rollback()
    row = db.session.execute(
        text(
            "SELECT s.first_name, s.last_name, e.first_name, e.last_name FROM pairings p JOIN supporters s ON"
            " s.id = p.supporter_id JOIN entrepreneurs e ON e.id = p.entrepreneur_id"
        )
    ).one()
    answer = client.get(path)
    page = answer.get_data(as_text=True)
    assert f"Bonjour {row[0]}," in page
    for name in row[1:]:
        assert name not in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    client.post(path, data={"answer": "yes"})
    assert client.get("/account").status_code == 303


def test_a_link_is_dead_after_its_deadline_and_an_unknown_one_never_lived(client, proposal, now):
    _, path = proposal
    assert client.get("/tap/unknown").status_code == 404
    assert client.post("/tap/unknown", data={"answer": "yes"}).status_code == 404
    with pytest.raises(LinkOverError):
        use_tap(token=token_of(path), answer=TapAnswer.YES, place="p", at=utc_now() + timedelta(days=40))


def test_a_link_whose_time_has_passed_says_so_and_leads_to_what_it_was_about(client, proposal):
    pairing, path = proposal
    with transaction() as session:
        ago = utc_now() - timedelta(days=40)
        session.execute(update(OneTap).values(created_at=ago, expires_at=ago + timedelta(days=10)))
    for answer in (client.get(path), client.post(path, data={"answer": "yes"}, follow_redirects=True)):
        assert answer.status_code == 200
        assert "le temps d’y répondre est passé" in answer.text
        assert f'href="/pairings/{pairing.public_id}"' in answer.text
        assert '<form method="post" action="/tap/' not in answer.text
    assert state_of(pairing) is PairingState.PROPOSED


def test_a_closed_account_answers_no_more(client, proposal):
    pairing, path = proposal
    with transaction() as session:
        account = make_account(session, is_active=False)
        session.execute(
            text("UPDATE supporters SET account_id = :id WHERE id = :s"), {"id": account.id, "s": pairing.supporter_id}
        )
    assert client.get(path).status_code == 404


def test_what_was_answered_elsewhere_is_said(client, proposal):
    pairing, path = proposal
    tick(at=utc_now() + timedelta(days=11))
    with pytest.raises(LinkOverError):
        use_tap(token=token_of(path), answer=TapAnswer.YES, place="p", at=utc_now() + timedelta(days=11))
    assert "est terminée" in client.get(path).get_data(as_text=True)
    assert state_of(pairing) is PairingState.EXPIRED


@pytest.mark.parametrize("value", ["", "maybe"])
def test_an_answer_that_does_not_exist_is_refused(client, proposal, value):
    assert client.post(proposal[1], data={"answer": value}).status_code == 422
    assert state_of(proposal[0]) is PairingState.PROPOSED


def test_the_service_asks_for_a_reason_and_for_an_answer_to_this_question(app, proposal):
    token = token_of(proposal[1])
    with pytest.raises(InvalidInputError):
        use_tap(token=token, answer=TapAnswer.NO, place="p", at=utc_now())
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(OneTap.used_at.is_not(None))) == 0


def test_what_could_not_be_done_leaves_the_link_unused(app, proposal, monkeypatch):
    pairing, path = proposal
    with transaction() as session:
        session.execute(text("UPDATE entrepreneurs SET state = 'closed', closed_at = updated_at"))
    answer = tapping.tap(token_of(path), "yes", utc_now())
    assert answer == "not_eligible"
    db.session.rollback()
    assert db.session.scalars(select(OneTap.used_at)).all() == [None]
    assert state_of(pairing) is PairingState.PROPOSED


def test_a_place_that_answers_without_end_is_held_up(app, proposal):
    at = utc_now()
    for number in range(ANSWERS_PER_PLACE):  # one household has a whole network of such addresses
        with pytest.raises(LinkOverError):
            use_tap(token="guess", answer=TapAnswer.YES, place=f"2001:db8::{number:x}", at=at)
    with pytest.raises(TooManyTapsError):
        use_tap(token=token_of(proposal[1]), answer=TapAnswer.YES, place="2001:db8::ffff", at=at)


def test_the_outbox_forgets_the_link_once_it_has_left(app, proposal):
    assert send_due_messages(at=utc_now() + timedelta(days=1), transport=Recorder()).failed == 0
    assert "tap" not in letter(MessageKind.PAIRING_PROPOSED).facts
    token = token_of(proposal[1])
    assert token not in str(all_rows())


def test_what_waits_for_a_summary_holds_no_link(app):
    office = Office()
    with transaction() as session:
        account = make_account(session)
        session.execute(text("UPDATE supporters SET account_id = :id"), {"id": account.id})
        make_mail_preference(session, account, asks_way="daily")
    office.propose(at=utc_now())
    assert "tap" not in letter(MessageKind.PAIRING_PROPOSED).facts


def test_many_answers_at_once_are_one(any_app, any_url, tmp_path, now):
    office = Office(supporter={"email": "jean@example.org"})
    pairing = office.propose(at=now)
    token = token_of(letter(MessageKind.PAIRING_PROPOSED).facts["tap"])
    arguments = [(token, answer, now) for answer in ("yes", "no") * 4]
    answers = run_together(any_url, tmp_path, tapping.tap, arguments)
    came = Counter(result for _, result in answers)
    assert came.keys() <= {"yes", "no", "invalid_transition"}
    assert came["yes"] + came["no"] == 1
    assert state_of(pairing) is (PairingState.ACTIVE if came["yes"] else PairingState.DECLINED)
    moved = select(func.count()).where(AuditEvent.record == "pairing", AuditEvent.action.in_(("accept", "decline")))
    assert db.session.scalar(moved) == 1
    assert db.session.scalar(select(func.count()).where(OneTap.used_at.is_not(None))) == 1


@pytest.fixture
def booked(app):
    """A booking of a person without an account, and the path in its mail."""
    with transaction() as session:
        association = make_association(session)
        start = utc_now() + timedelta(days=9)
        workshop = make_workshop_session(session, association, starts_at=start, ends_at=start + timedelta(hours=2))
        person = make_entrepreneur(session, association, email="aicha@example.org")
    book_session(
        session_id=workshop.public_id,
        entrepreneur_id=person.public_id,
        actor=Actor(account_id=None, entrepreneur_ids=frozenset({person.id})),
        at=utc_now(),
    )
    return letter(MessageKind.BOOKING_CONFIRMED).facts["tap"]


def test_a_place_is_given_back_in_one_tap(client, booked):
    page = client.get(booked).get_data(as_text=True)
    assert "Rendre ma place" in page
    assert client.post(booked, data={"answer": "no"}).status_code == 422
    assert client.post(booked, data={"answer": "yes"}).status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Booking.state)).one() is BookingState.CANCELLED
    assert "Votre place est rendue" in client.get(booked).get_data(as_text=True)


@pytest.mark.parametrize(("answer", "state"), [("yes", MeetingState.HELD), ("no", MeetingState.MISSED)])
def test_both_say_from_the_summary_whether_they_met(client, answer, state):
    at = utc_now()
    with transaction() as session:
        association = make_association(session)
        person = make_entrepreneur(session, association, email="aicha@example.org")
        supporter = make_supporter(session, association, email="jean@example.org")
        began = {"answered_at": at - timedelta(days=20), "proposed_at": at - timedelta(days=25)}
        pairing = make_pairing(session, person, supporter, state=PairingState.ACTIVE, **began)
        past = {"starts_at": at - timedelta(days=1), "report_due_at": at - timedelta(hours=1)}
        make_meeting(session, pairing, state=MeetingState.CONFIRMED, **past)
    tick(at=at)
    tick(at=at + timedelta(minutes=5))
    db.session.rollback()
    digests = db.session.scalars(select(Message).where(Message.kind == MessageKind.DIGEST)).all()
    assert sorted(one.recipient for one in digests) == ["aicha@example.org", "jean@example.org"]
    assert db.session.scalar(select(func.count()).select_from(OneTap)) == 2
    path = digests[0].facts["taps"][0]["path"]
    assert client.post(path, data={"answer": answer}).status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Meeting.state)).one() is state
    other = digests[1].facts["taps"][0]["path"]
    assert "C’est noté" in client.get(other).get_data(as_text=True)


def test_an_answer_whose_process_died_can_be_given_again(client, proposal):
    pairing, path = proposal
    token, at = token_of(path), utc_now()
    with transaction() as session:
        session.execute(update(OneTap).values(used_at=at, answer=TapAnswer.NO))
    assert "Vous avez dit non" in client.get(path).get_data(as_text=True)
    assert tapping.tap(token, "yes", at) == "invalid_transition"
    assert tapping.tap(token, "yes", at + TAKEN_FOR) == "yes"
    assert state_of(pairing) is PairingState.ACTIVE


def test_a_link_answers_again_about_a_gathering_that_moved(app, now):
    peers = Peers()
    made = peers.plan()
    token = token_of(letter(MessageKind.GATHERING_PLANNED).facts["tap"])
    assert tapping.tap(token, "yes", now) == "yes"
    moved = replace(VALUES, day=VALUES.day + timedelta(days=1))
    change_gathering(gathering_id=made, values=moved, actor=peers.coordinator, at=now)
    assert tapping.tap(token, "no", now + TAKEN_FOR) == "no"
    db.session.rollback()
    assert [one.answer.value for one in db.session.scalars(select(GatheringAttendance))] == ["no"]


def test_links_that_ended_long_ago_are_forgotten(app, proposal):
    at = utc_now()
    assert forget_old_taps(at=at) == 0
    assert forget_old_taps(at=at + timedelta(days=11) + KEPT_FOR) == 1


def test_a_meeting_told_at_once_as_held_and_missed_is_told_once(any_app, any_url, tmp_path, now):
    with transaction() as session:
        association = make_association(session)
        person = make_entrepreneur(session, association)
        supporter = make_supporter(session, association)
        pairing = make_pairing(session, person, supporter, state=PairingState.ACTIVE)
        past = {"starts_at": now - timedelta(hours=2), "report_due_at": now + timedelta(days=2)}
        meeting = make_meeting(session, pairing, state=MeetingState.CONFIRMED, **past)
        path = add_link(
            session,
            purpose=TapPurpose.TELL_MEETING,
            target_id=meeting.public_id,
            person=person,
            expires_at=now + timedelta(days=14),
            at=now,
        )
    arguments = [(token_of(path), answer, now) for answer in ("yes", "no") * 4]
    came = Counter(result for _, result in run_together(any_url, tmp_path, tapping.tap, arguments))
    assert came["invalid_transition"] == len(arguments) - 1
    told = select(func.count()).where(AuditEvent.record == "meeting", AuditEvent.action.in_(("hold", "miss")))
    assert db.session.scalar(told) == 1


def assert_names_the_session(answer, *, is_private):
    page = answer.get_data(as_text=True)
    assert "Il commence le" in page
    assert [word in page for word in ("Mes comptes", "Salle des fêtes")] == [not is_private] * 2


@pytest.mark.parametrize(
    ("answer", "state", "said", "theme"),
    [
        ("yes", BookingState.CONFIRMED, "La place est à vous", "financial_management"),
        ("no", BookingState.CANCELLED, "La place va à", "stress_management"),
    ],
)
def test_a_seat_that_is_offered_is_taken_or_passed_on_in_one_tap(client, answer, state, said, theme):
    at = utc_now()
    with transaction() as session:
        association = make_association(session)
        start = at + timedelta(days=9)
        dates = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
        named = {"theme_slug": theme, "title": "Mes comptes", "place": "Salle des fêtes"}
        workshop = make_workshop_session(session, association, seats=1, **dates, **named)
        people = [make_entrepreneur(session, association, email=f"p{number}@example.org") for number in range(2)]
    actors = [Actor(account_id=None, entrepreneur_ids=frozenset({person.id})) for person in people]
    booked = [
        book_session(session_id=workshop.public_id, entrepreneur_id=person.public_id, actor=actor, at=at)
        for person, actor in zip(people, actors, strict=True)
    ]
    cancel_booking(booking_id=booked[0].booking_id, actor=actors[0], at=at)
    path = letter(MessageKind.SEAT_OFFERED).facts["tap"]
    is_private = theme == "stress_management"
    assert_names_the_session(client.get(path), is_private=is_private)
    assert client.post(path, data={"answer": answer}).status_code == 303
    assert_names_the_session(client.get(path), is_private=is_private)
    db.session.rollback()
    assert db.session.scalar(select(Booking.state).where(Booking.public_id == booked[1].booking_id)) is state
    assert said in client.get(path).get_data(as_text=True)
