"""Workshop sessions as an entrepreneur sees and books them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.messages import Message, MessageKind
from models.states import BookingState, SessionState
from models.workshops import Booking, SessionFormat, WorkshopSession
from tests.factories import make_booking, make_entrepreneur, make_workshop_session
from tests.webapp.desk import fresh
from tests.webapp.member_pages import make_house, make_member
from webapp.clock import utc_now
from webapp.messages.wording import render_message

SOON = utc_now().replace(hour=17, minute=0) + timedelta(days=7)


def later(**values):
    """A session to come, on a weekday evening, close to home."""
    start = SOON
    while start.weekday() > 4:
        start += timedelta(days=1)
    start = values.pop("starts_at", start)
    return {
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "latitude": 48.94,
        "longitude": 2.36,
        **values,
    }


@pytest.fixture
def house(app):
    with transaction() as session:
        return make_house(session)


@pytest.fixture
def person(house, client, sign_in):
    with transaction() as session:
        person, account = make_member(session, house, needs={"cash_flow": 3})
    sign_in(client, account)
    return person


def make(house, **values):
    with transaction() as session:
        return make_workshop_session(session, house.association, **later(**values))


def text_of(answer):
    return answer.get_data(as_text=True)


def test_a_useful_session_comes_first_with_its_reason(client, person, house, statements):
    make(house, title="Autre chose", theme_slug="ecological_transition")
    make(house, title="Trésorerie")
    with statements() as counted:
        page = text_of(client.get("/sessions"))
    assert page.count("<h1") == 1
    assert page.index("Trésorerie") < page.index("Autre chose")
    assert "trésorerie et impayés" in page
    assert counted.number <= 12, counted.texts


def test_a_list_does_not_ask_more_of_the_database_when_it_is_longer(client, person, house, statements):
    make(house)
    client.get("/sessions")
    numbers = []
    for _round in range(2):
        with statements() as counted:
            client.get("/sessions")
        numbers.append(counted.number)
        for _more in range(5):
            make(house)
    assert numbers[0] == numbers[1]


def test_sessions_of_others_of_the_past_and_cancelled_ones_are_not_listed(client, person, house):
    with transaction() as session:
        make_workshop_session(session, make_house(session).association, **later(title="Ailleurs"))
        past = utc_now() - timedelta(days=1)
        make_workshop_session(session, house.association, **later(title="Passé", starts_at=past))
        make_workshop_session(session, house.association, **later(title="Annulé"), state=SessionState.CANCELLED)
    page = text_of(client.get("/sessions"))
    assert "empty-state" in page
    assert not [word for word in ("Ailleurs", "Passé", "Annulé") if word in page]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("theme=legal_status", {"Statut"}),
        ("online=1", {"Visio"}),
        ("near=1", {"Ici", "Statut"}),
        ("theme=nothing", set()),
    ],
)
def test_the_list_is_narrowed_by_theme_online_and_near(client, person, house, query, titles):
    make(house, title="Ici")
    make(house, title="Statut", theme_slug="legal_status")
    make(house, title="Loin", latitude=43.3, longitude=5.4)
    make(house, title="Visio", format=SessionFormat.ONLINE, latitude=None, longitude=None)
    page = text_of(client.get(f"/sessions?{query}"))
    assert {title for title in ("Ici", "Statut", "Loin", "Visio") if f">{title}<" in page} == titles


def test_an_online_session_without_its_link_says_who_sends_it(client, person, house):
    workshop = make(house, format=SessionFormat.ONLINE, online_url="")
    client.post(f"/sessions/{workshop.public_id}/book")
    assert "envoie le lien avant le début" in text_of(client.get(f"/sessions/{workshop.public_id}"))
    confirmed = fresh().scalars(select(Message).where(Message.kind == MessageKind.BOOKING_CONFIRMED)).one()
    body = render_message(confirmed).body
    assert "envoie le lien avant le début" in body
    assert "le lien est sur la page" not in body


def test_a_long_list_comes_in_pages(client, person, house):
    with transaction() as session:
        for number in range(25):
            start = SOON + timedelta(days=number)
            make_workshop_session(
                session,
                house.association,
                **later(starts_at=start, theme_slug="legal_status", title=f"Atelier {number}"),
            )
    first = text_of(client.get("/sessions?theme=legal_status"))
    assert "page=2" in first
    assert first.count('class="task"') == 20
    last = text_of(client.get("/sessions?theme=legal_status&page=99"))
    assert last.count('class="task"') == 5


def test_booking_takes_one_tap_and_gives_a_calendar_file(client, person, house):
    session = make(house)
    page = f"/sessions/{session.public_id}"
    assert "/book" in text_of(client.get(page))
    assert client.post(f"{page}/book", data={"form_key": "k1"}).location == page
    shown = text_of(client.get(page))
    assert "/calendar.ics" in shown
    assert "/book" not in shown
    calendar = client.get(f"{page}/calendar.ics")
    assert calendar.mimetype == "text/calendar"
    assert b"BEGIN:VEVENT" in calendar.data


def test_a_double_click_books_once(client, person, house):
    session = make(house)
    for _click in range(2):
        client.post(f"/sessions/{session.public_id}/book", data={"form_key": "same"})
    assert len(db.session.scalars(select(Booking)).all()) == 1


def test_a_full_session_has_a_waiting_list_with_a_position_and_who_waits_moves_up(client, person, house, sign_in):
    session = make(house, seats=1)
    with transaction() as writing:
        first, account = make_member(writing, house)
        writing.add(session)
        make_booking(writing, session, first)
        make_booking(writing, session, make_entrepreneur(writing, house.association), state=BookingState.WAITING)
    page = f"/sessions/{session.public_id}"
    shown = text_of(client.get(page))
    assert "liste d’attente" in shown
    client.post(f"{page}/book", data={"form_key": "k"})
    assert "numéro 2" in text_of(client.get(page))
    assert "numéro 2" in text_of(client.get("/sessions/mine"))
    other = client.application.test_client()
    sign_in(other, account)
    assert other.post(f"{page}/cancel").status_code == 303
    assert "numéro 1" in text_of(client.get(page))


def offered(writing, house, first, *, from_session_id=None, **values):
    """A full session whose only seat is held for this person."""
    session = make_workshop_session(writing, house.association, **later(seats=1, **values))
    held = {"offer_until": utc_now() + timedelta(hours=20), "from_session_id": from_session_id}
    make_booking(writing, session, first, state=BookingState.OFFERED, **held)
    return session


def test_a_place_that_is_kept_is_taken_in_one_tap_or_left_to_the_next(client, person, house):
    with transaction() as writing:
        session = offered(writing, house, person)
    page = f"/sessions/{session.public_id}"
    shown = text_of(client.get(page))
    assert "Une place vous est gardée" in shown
    assert "Pourquoi vous êtes à ce rang" in shown
    assert f"{page}/accept" in shown
    assert "Une place vous est gardée" in text_of(client.get("/my-steps"))
    assert "Place gardée, à confirmer" in text_of(client.get("/sessions/mine"))
    assert client.post(f"{page}/accept").location == page
    shown = text_of(client.get(page))
    assert "Vous avez une place" in shown
    assert f"{page}/accept" not in shown


def test_who_is_asked_to_another_date_reads_why_and_finds_it_from_the_cancelled_one(client, person, house):
    cancelled = make(house, state=SessionState.CANCELLED)
    with transaction() as writing:
        session = offered(writing, house, person, from_session_id=cancelled.id, title="Seconde date")
    for page in (f"/sessions/{session.public_id}", "/my-steps"):
        assert "Votre date a été annulée, et une place vous est gardée" in text_of(client.get(page))
    shown = text_of(client.get(f"/sessions/{cancelled.public_id}"))
    assert "Une place vous est gardée à une autre date" in shown
    assert f'href="/sessions/{session.public_id}"' in shown


def test_a_no_is_thanked_for_and_changes_nothing(client, person, house):
    with transaction() as writing:
        session = offered(writing, house, person)
    page = f"/sessions/{session.public_id}"
    client.post(f"{page}/cancel")
    assert "cela ne change rien pour vous" in text_of(client.get(page))
    assert client.post(f"{page}/accept").status_code == 409


def test_on_the_last_day_a_free_place_can_be_taken_from_the_list(client, person, house):
    with transaction() as writing:
        soon = utc_now() + timedelta(hours=5)
        session = make_workshop_session(writing, house.association, **later(seats=1, starts_at=soon))
        make_booking(writing, session, person, state=BookingState.WAITING)
    page = f"/sessions/{session.public_id}"
    assert "la première réponse" in text_of(client.get(page))
    assert client.post(f"{page}/accept").location == page
    assert "Vous avez une place" in text_of(client.get(page))


def test_a_place_is_given_back(client, person, house):
    session = make(house)
    page = f"/sessions/{session.public_id}"
    client.post(f"{page}/book")
    assert client.post(f"{page}/cancel").location == page
    assert "/book" in text_of(client.get(page))
    assert client.post(f"{page}/cancel").status_code == 404


def test_attendance_of_a_sensitive_theme_is_said_to_be_private(client, person, house):
    session = make(house, theme_slug="stress_management", organiser_id=house.coordinator.id)
    assert "la personne qui organise savez" in text_of(client.get(f"/sessions/{session.public_id}"))
    nobodys = make(house, theme_slug="stress_management")
    assert "la personne qui organise savez" in text_of(client.get(f"/sessions/{nobodys.public_id}"))
    plain = make(house)
    assert "Confidentiel" not in text_of(client.get(f"/sessions/{plain.public_id}"))


def test_my_bookings_show_what_comes_and_what_is_past(client, person, house, statements):
    with transaction() as session:
        make_booking(session, make_workshop_session(session, house.association, **later(title="Demain")), person)
        past = utc_now() - timedelta(days=3)
        held = make_workshop_session(
            session, house.association, **later(title="Hier", starts_at=past), state=SessionState.HELD
        )
        make_booking(session, held, person, state=BookingState.ATTENDED)
    with statements() as counted:
        page = text_of(client.get("/sessions/mine"))
    assert page.index("Demain") < page.index("Hier")
    assert counted.number <= 9, counted.texts


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("post", "/book"),
        ("post", "/cancel"),
        ("post", "/accept"),
        ("post", "/i-was-there"),
        ("get", "/calendar.ics"),
    ],
)
def test_a_session_of_another_association_does_not_exist(client, person, method, path):
    with transaction() as session:
        elsewhere = make_workshop_session(session, make_house(session).association, **later())
    for public_id in (elsewhere.public_id, uuid4()):
        assert getattr(client, method)(f"/sessions/{public_id}{path}").status_code == 404
    assert db.session.scalar(select(Booking.id)) is None


@pytest.mark.parametrize("path", ["/sessions", "/sessions/mine", "/sessions/00000000-0000-4000-8000-000000000000"])
def test_sessions_ask_for_a_sign_in_and_for_a_file(client, app, sign_in, path):
    assert client.get(path).status_code == 303
    with transaction() as session:
        coordinator = make_house(session).coordinator
    sign_in(client, coordinator)
    assert client.get(path).status_code == 404


def test_a_session_that_has_begun_cannot_be_booked(client, person, house):
    session = make(house, starts_at=utc_now() - timedelta(minutes=5))
    page = f"/sessions/{session.public_id}"
    assert "/book" not in text_of(client.get(page))
    assert client.post(f"{page}/book").status_code == 409


def over(house, person, **values):
    """A session that took place two days ago, to which the person came."""
    workshop = make(house, starts_at=utc_now() - timedelta(days=2), **values)
    with transaction() as session:
        make_booking(session, session.merge(workshop), person, state=BookingState.ATTENDED)
    return workshop


def test_after_a_session_one_tap_says_how_it_was(client, person, house):
    workshop = over(house, person)
    address = f"/sessions/{workshop.public_id}"
    assert "#feedback" in text_of(client.get("/sessions/mine"))
    assert "Comment était-ce" in text_of(client.get(address))
    answer = client.post(f"{address}/feedback", data={"face": "good", "word": "Très clair"})
    assert answer.status_code == 303
    page = text_of(client.get(address))
    assert "Votre réponse : Cela m’a aidé" in page
    assert "Très clair" in page
    assert "#feedback" not in text_of(client.get("/sessions/mine"))


def test_a_face_that_does_not_exist_is_refused(client, person, house):
    workshop = over(house, person)
    assert client.post(f"/sessions/{workshop.public_id}/feedback", data={"face": "angry"}).status_code == 422
    assert client.post(f"/sessions/{uuid4()}/feedback", data={"face": "good"}).status_code == 404


def test_before_its_end_nobody_is_asked(client, person, house):
    workshop = make(house)
    client.post(f"/sessions/{workshop.public_id}/book")
    assert "Comment était-ce" not in text_of(client.get(f"/sessions/{workshop.public_id}"))
    assert client.post(f"/sessions/{workshop.public_id}/feedback", data={"face": "good"}).status_code == 409


def test_a_session_to_be_confirmed_says_so_and_then_that_it_is_certain(client, person, house):
    with transaction() as session:
        workshop = make_workshop_session(
            session, house.association, **later(minimum=4, decide_by=utc_now() - timedelta(days=1))
        )
        make_booking(session, workshop, person)
    page = f"/sessions/{workshop.public_id}"
    shown = text_of(client.get(page))
    assert "Il faut 4 personnes" in shown
    assert "À confirmer très bientôt" in shown, "no day that is over is announced"
    assert "On vous attend" not in shown + text_of(client.get("/my-steps"))
    assert "une personne qui attend" not in shown, "nobody waits for her place"
    with transaction() as session:
        session.get_one(WorkshopSession, workshop.id).sure_at = utc_now()
    shown = text_of(client.get(page))
    assert "il a lieu" in shown
    assert "On vous attend" in shown
    assert "Il faut 4 personnes" not in shown


def test_an_absence_is_put_right_in_one_tap(client, person, house):
    with transaction() as session:
        past = utc_now() - timedelta(days=3)
        workshop = make_workshop_session(session, house.association, **later(starts_at=past), state=SessionState.HELD)
        make_booking(session, workshop, person, state=BookingState.ABSENT)
    page = f"/sessions/{workshop.public_id}"
    assert "J’étais là" in text_of(client.get(page))
    assert client.post(f"{page}/i-was-there").location == page
    shown = text_of(client.get(page))
    assert "J’étais là" not in shown
    with transaction() as session:
        assert session.query(Booking).one().state is BookingState.ATTENDED


def test_a_word_about_attendance_that_comes_too_late_is_told_so(client, person, house):
    start = utc_now() - timedelta(days=30)
    with transaction() as session:
        workshop = make_workshop_session(session, house.association, **later(starts_at=start))
        make_booking(session, workshop, person, state=BookingState.ABSENT)
    answer = client.post(f"/sessions/{workshop.public_id}/i-was-there")
    assert answer.status_code == 409
    assert "dans les deux semaines qui suivent" in text_of(answer)
    assert "closes" not in text_of(answer)
