"""Workshop sessions at their organiser's desk."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from models.accounts import Account, Coordinator
from models.audit import AuditEvent
from models.entrepreneurs import Entrepreneur
from models.messages import Message, MessageKind
from models.states import BookingState, SessionState
from models.workshops import Booking, WorkshopSession
from tests.factories import (
    make_account,
    make_booking,
    make_coordinator,
    make_entrepreneur,
    make_session_feedback,
    make_workshop_session,
)
from tests.webapp.desk import Desk, fresh
from webapp.clock import utc_now

WHOLE: dict[str, Any] = {
    "theme": "financial_management",
    "title": "Tenir ses comptes",
    "description": "Avec vos propres factures.",
    "day": "2030-07-02",
    "starts_at": "18:30",
    "ends_at": "20:30",
    "seats": "8",
    "format": "in_person",
    "place": "Maison des projets",
    "commune": "93066",
    "language": "fr",
    "stages": ["launch"],
}


def session_of(desk: Desk, **values: Any) -> WorkshopSession:
    workshop = make_workshop_session(
        desk.session,
        desk.association,
        **{"starts_at": utc_now() + timedelta(days=10), "organiser_id": desk.account.id, **values},
    )
    desk.session.commit()
    return workshop


def book(desk: Desk, workshop: WorkshopSession, state: BookingState = BookingState.CONFIRMED, **values: Any) -> Booking:
    person = make_entrepreneur(desk.session, desk.association, **values)
    booking = make_booking(desk.session, workshop, person, state=state)
    desk.session.commit()
    return booking


def test_a_session_is_planned_at_the_time_of_clocks_in_france(desk: Desk) -> None:
    answer = desk.client.post("/workshops/add", data=WHOLE)
    assert answer.status_code == 303
    workshop = fresh().scalars(select(WorkshopSession)).one()
    assert workshop.starts_at == datetime(2030, 7, 2, 16, 30, tzinfo=UTC)
    assert (workshop.organiser_id, workshop.seats, workshop.stages) == (desk.account.id, 8, ["launch"])
    assert (workshop.commune_code, workshop.latitude is not None) == ("93066", True)
    page = desk.client.get(answer.headers["Location"]).text
    assert "18:30" in page
    assert "Maison des projets" in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "Merci de remplir ce champ"),
        ({"day": "2020-01-01"}, "déjà passés"),
        ({"day": "2027-03-28", "starts_at": "02:30", "ends_at": "04:00"}, "n’existe pas"),
        ({"ends_at": "18:00"}, "La fin doit venir après le début"),
        ({"seats": "0"}, "Entre 1 et 500"),
        ({"place": ""}, "dites où"),
        ({"format": "online", "place": "", "online_url": "javascript:alert(1)"}, "https://"),
        ({"format": "online", "place": ""}, "donnez le lien"),
        ({"theme": "surfing"}, ""),
        ({"language": "xx"}, ""),
        ({"commune": "Atlantis"}, "Nous ne connaissons pas"),
        ({"day": "bientôt"}, ""),
    ],
)
def test_a_session_that_cannot_be_says_why_and_keeps_what_was_typed(
    desk: Desk, values: dict[str, str], words: str
) -> None:
    answer = desk.client.post("/workshops/add", data={**WHOLE, **values})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Avec vos propres factures." in answer.text
    assert fresh().scalar(select(WorkshopSession.id)) is None


@pytest.mark.parametrize(("starts_at", "ends_at"), [("02:30", "04:30"), ("00:30", "02:30")])
def test_an_hour_that_comes_twice_is_said(desk: Desk, starts_at: str, ends_at: str) -> None:
    night = {**WHOLE, "day": "2030-10-27", "starts_at": starts_at, "ends_at": ends_at}
    answer = desk.client.post("/workshops/add", data=night)
    assert "montrent deux fois cette heure" in desk.client.get(answer.headers["Location"]).text


def test_moving_a_session_tells_who_comes(desk: Desk) -> None:
    workshop = session_of(desk)
    book(desk, workshop)
    path = f"/workshops/{workshop.public_id}/edit"
    assert "Maison de l’emploi" in desk.client.get(path).text.replace("&#39;", "’")
    night = {"day": "2030-10-27", "starts_at": "02:30", "ends_at": "04:30"}
    answer = desk.client.post(path, data={**WHOLE, **night, "seats": "10"})
    assert answer.status_code == 303
    moved = desk.client.get(answer.headers["Location"]).text
    assert "Un message part à 1 personne" in moved
    assert "montrent deux fois cette heure" in moved
    session = fresh()
    assert session.scalars(select(Message.kind)).all() == [MessageKind.SESSION_CHANGED]
    assert session.get_one(WorkshopSession, workshop.id).title == "Tenir ses comptes"


def test_seats_cannot_fall_below_those_that_people_hold(desk: Desk) -> None:
    workshop = session_of(desk, seats=3)
    for _number in range(2):
        book(desk, workshop)
    path = f"/workshops/{workshop.public_id}/seats"
    answer = desk.client.post(path, data={"seats": "1"})
    assert answer.status_code == 409
    assert "field-error" in answer.text
    unread = desk.client.post(path, data={"seats": "x"})
    assert unread.status_code == 422
    assert "Écrivez un nombre entier en chiffres" in unread.text
    assert fresh().get_one(WorkshopSession, workshop.id).seats == 3
    edited = desk.client.post(f"/workshops/{workshop.public_id}/edit", data={**WHOLE, "seats": "1"})
    assert edited.status_code == 422
    assert fresh().get_one(WorkshopSession, workshop.id).title != "Tenir ses comptes"


def test_new_seats_go_to_the_waiting_list_in_its_order(desk: Desk) -> None:
    workshop = session_of(desk, seats=1)
    book(desk, workshop)
    first, second = (
        book(desk, workshop, BookingState.WAITING, first_name=name, last_name="Attend") for name in ("Zita", "Aline")
    )
    page = desk.client.get(f"/workshops/{workshop.public_id}").text
    assert page.index("Zita Attend") < page.index("Aline Attend"), "by turn, not by name"
    answer = desk.client.post(f"/workshops/{workshop.public_id}/seats", data={"seats": "2"})
    assert (
        "Une place est gardée pour 1 personne de la liste d’attente" in desk.client.get(answer.headers["Location"]).text
    )
    session = fresh()
    assert session.get_one(Booking, first.id).state is BookingState.OFFERED
    assert session.get_one(Booking, second.id).state is BookingState.WAITING
    page = desk.client.get(f"/workshops/{workshop.public_id}").text
    assert "Place gardée, réponse avant le" in page


def test_cancelling_says_how_many_are_told_and_tells_them(desk: Desk) -> None:
    workshop = session_of(desk, seats=1)
    book(desk, workshop)
    book(desk, workshop, BookingState.WAITING)
    path = f"/workshops/{workshop.public_id}"
    assert f"{path}/cancel" in desk.client.get(path).text
    assert "2 personnes inscrites ou en attente seront prévenues" in desk.client.get(f"{path}/cancel").text
    answer = desk.client.post(f"{path}/cancel", data={"choice": "nothing"})
    assert "Un message part à 2 personnes" in desk.client.get(answer.headers["Location"]).text
    session = fresh()
    assert session.get_one(WorkshopSession, workshop.id).state is SessionState.CANCELLED
    page = desk.client.get(path).text
    assert "Cette session est annulée" in page
    assert "/cancel" not in page
    assert desk.client.post(f"{path}/edit", data=WHOLE).status_code == 409


def test_attendance_is_marked_for_all_in_one_form_and_corrected_later(desk: Desk) -> None:
    workshop = session_of(desk, starts_at=utc_now() - timedelta(hours=3))
    came, stayed, later = (book(desk, workshop) for _number in range(3))
    path = f"/workshops/{workshop.public_id}/attendance"
    assert str(workshop.public_id) in desk.client.get("/workshops?situation=attendance").text
    form = {f"booking-{came.public_id}": "present", f"booking-{stayed.public_id}": "absent", "booking-x": "present"}
    answer = desk.client.post(path, data=form)
    assert "Présence notée pour 2 personnes" in desk.client.get(answer.headers["Location"]).text
    states = {line.id: line.state for line in fresh().scalars(select(Booking))}
    assert states == {
        came.id: BookingState.ATTENDED,
        stayed.id: BookingState.ABSENT,
        later.id: BookingState.CONFIRMED,
    }
    assert "Noter la présence de 1 personne" in desk.client.get("/workshops?situation=attendance").text
    desk.client.post(path, data={f"booking-{later.public_id}": "present", f"booking-{stayed.public_id}": "rubbish"})
    session = fresh()
    assert session.get_one(WorkshopSession, workshop.id).state is SessionState.HELD
    assert session.get_one(Booking, stayed.id).state is BookingState.ABSENT
    desk.client.post(path, data={f"booking-{stayed.public_id}": "present"})
    assert fresh().get_one(Booking, stayed.id).state is BookingState.ATTENDED
    assert "3 présences" in desk.client.get("/workshops?situation=past").text
    assert "Toutes les présences sont notées" in desk.client.get("/workshops?situation=attendance").text


def test_attendance_cannot_be_marked_before_the_beginning(desk: Desk) -> None:
    workshop = session_of(desk)
    booking = book(desk, workshop)
    path = f"/workshops/{workshop.public_id}/attendance"
    assert "à partir du début" in desk.client.get(path).text
    desk.client.post(path, data={f"booking-{booking.public_id}": "present"})
    assert fresh().get_one(Booking, booking.id).state is BookingState.CONFIRMED


def test_who_may_not_know_names_is_not_asked_to_mark_attendance(desk: Desk) -> None:
    organiser = make_coordinator(desk.session, desk.association)
    begun = utc_now() - timedelta(hours=3)
    workshop = session_of(desk, theme_slug="bounce_back", starts_at=begun, organiser_id=organiser.id)
    book(desk, workshop)
    page = desk.client.get(f"/workshops/{workshop.public_id}").text
    assert "La personne qui organise note les présences" in page
    assert "Noter la présence" not in page + desk.client.get("/workshops?situation=attendance").text


def test_a_session_to_which_nobody_was_booked_is_closed_in_one_click(desk: Desk) -> None:
    ahead = desk.client.post(f"/workshops/{session_of(desk).public_id}/held")
    assert ahead.status_code == 409
    assert "pas encore commencé" in ahead.text
    assert "il a commencé" not in ahead.text
    workshop = session_of(desk, starts_at=utc_now() - timedelta(hours=3))
    path = f"/workshops/{workshop.public_id}"
    assert "Personne n’était inscrit" in desk.client.get(path).text
    assert desk.client.post(f"{path}/held").status_code == 303
    assert fresh().get_one(WorkshopSession, workshop.id).state is SessionState.HELD


def test_sessions_are_found_by_their_situation(desk: Desk) -> None:
    now = utc_now()
    session_of(desk, title="Avec place")
    full = session_of(desk, title="Toute pleine", seats=1)
    book(desk, full)
    book(desk, full, BookingState.WAITING)
    session_of(desk, title="Déjà passée", starts_at=now - timedelta(days=3))
    session_of(desk, title="Sans suite", state=SessionState.CANCELLED)
    found = {
        situation: {
            title
            for title in ("Avec place", "Toute pleine", "Déjà passée", "Sans suite")
            if title in desk.client.get(f"/workshops?situation={situation}").text
        }
        for situation in ("upcoming", "free", "waiting", "past")
    }
    assert found == {
        "upcoming": {"Avec place", "Toute pleine"},
        "free": {"Avec place"},
        "waiting": {"Toute pleine"},
        "past": {"Déjà passée", "Sans suite"},
    }


def test_lists_and_sheets_ask_as_much_for_many_as_for_few(desk: Desk, statements: Callable[[], Any]) -> None:
    workshop = session_of(desk, seats=60)
    book(desk, workshop)
    paths = ("/workshops", f"/workshops/{workshop.public_id}")
    few = [count(desk, statements, path) for path in paths]
    for _number in range(25):
        book(desk, workshop)
        session_of(desk)
    assert [count(desk, statements, path) for path in paths] == few
    assert max(few) <= 9


def count(desk: Desk, statements: Callable[[], Any], path: str) -> int:
    desk.client.get(path)
    with statements() as counted:
        assert desk.client.get(path).status_code == 200
    return int(counted.number)


@pytest.mark.parametrize("gone", ["inactive", "elsewhere"])
def test_a_private_session_whose_organiser_left_is_taken_over(desk: Desk, gone: str) -> None:
    organiser = make_coordinator(desk.session, desk.association)
    over = utc_now() - timedelta(days=1)
    workshop = session_of(desk, theme_slug="stress_management", organiser_id=organiser.id, starts_at=over)
    book(desk, workshop, last_name="Discrète")
    path = f"/workshops/{workshop.public_id}"
    page = desk.client.get(path).text
    assert "Discrète" not in page
    assert "Reprendre cette session" not in page, "its organiser is here"
    assert desk.client.post(f"{path}/take-over").status_code == 403
    assert fresh().get_one(WorkshopSession, workshop.id).organiser_id == organiser.id
    if gone == "inactive":
        desk.session.get_one(Account, organiser.id).is_active = False
    else:
        desk.session.execute(delete(Coordinator).where(Coordinator.account_id == organiser.id))
    desk.session.commit()
    assert "Reprendre cette session" in desk.client.get(path).text
    for _time in range(2):
        assert desk.client.post(f"{path}/take-over").status_code == 303
    assert fresh().get_one(WorkshopSession, workshop.id).organiser_id == desk.account.id
    events = fresh().scalars(select(AuditEvent).where(AuditEvent.action == "take_over")).all()
    assert [(event.actor_id, event.record_id) for event in events] == [(desk.account.id, workshop.id)]
    page = desk.client.get(path).text
    assert "Discrète" in page
    assert "Reprendre cette session" not in page


def test_who_comes_to_a_private_session_without_an_organiser_is_for_nobody_until_it_is_taken_over(desk: Desk) -> None:
    over = utc_now() - timedelta(days=1)
    workshop = session_of(desk, theme_slug="stress_management", organiser_id=None, starts_at=over)
    booking = book(desk, workshop, last_name="Discrète")
    path = f"/workshops/{workshop.public_id}"
    assert "Discrète" not in desk.client.get(path).text
    assert desk.client.post(f"{path}/attendance", data={f"booking-{booking.public_id}": "present"}).status_code == 303
    assert fresh().get_one(Booking, booking.id).state is BookingState.CONFIRMED
    assert "Personne ne l’organise" in desk.client.get("/workshops?situation=attendance").text
    assert desk.client.post(f"{path}/take-over").status_code == 303
    assert "Discrète" in desk.client.get(path).text


def test_a_stranger_takes_nothing_over(desk: Desk, stranger: Desk) -> None:
    organiser = make_coordinator(desk.session, desk.association, is_active=False)
    workshop = session_of(desk, theme_slug="stress_management", organiser_id=organiser.id)
    assert stranger.client.post(f"/workshops/{workshop.public_id}/take-over").status_code == 404
    assert fresh().get_one(WorkshopSession, workshop.id).organiser_id == organiser.id


def test_the_organiser_reads_what_people_thought_together_and_without_names(desk: Desk) -> None:
    workshop = session_of(desk, starts_at=utc_now() - timedelta(days=2))
    address = f"/workshops/{workshop.public_id}"
    for number in range(3):
        assert "Trop rapide" not in desk.client.get(address).text
        booking = book(desk, workshop, BookingState.ATTENDED)
        make_session_feedback(desk.session, booking, word="Trop rapide" if number == 0 else None)
        desk.session.commit()
    page = desk.client.get(address).text
    assert "3 réponses" in page
    assert "Trop rapide" in page


def test_of_a_sensitive_session_only_the_organiser_reads_it(desk: Desk) -> None:
    other = make_coordinator(desk.session, desk.association)
    workshop = session_of(
        desk, starts_at=utc_now() - timedelta(days=2), theme_slug="stress_management", organiser_id=other.id
    )
    for _number in range(5):
        make_session_feedback(desk.session, book(desk, workshop, BookingState.ATTENDED), word="Je dors mieux")
    desk.session.commit()
    page = desk.client.get(f"/workshops/{workshop.public_id}").text
    assert "Je dors mieux" not in page
    assert "Ce que les personnes en ont pensé" not in page


def test_a_session_that_needs_people_is_decided_on_its_page_and_listed_on_the_day(desk: Desk) -> None:
    needy = {"minimum": 3, "decide_by": utc_now() - timedelta(hours=1)}
    workshop = session_of(desk, seats=5, title="Peu de monde", **needy)
    book(desk, workshop)
    page = desk.client.get("/workshops?situation=to_decide").text
    assert "Peu de monde" in page
    assert "Décider : 1 personnes sur 3" in page
    assert "atelier à maintenir ou non" in desk.client.get("/dashboard").text
    page = desk.client.get(f"/workshops/{workshop.public_id}").text
    assert "il faut 3 personnes" in page
    assert "C’était à décider avant" in page
    answer = desk.client.post(f"/workshops/{workshop.public_id}/go")
    assert "La session a lieu." in desk.client.get(answer.headers["Location"]).text
    assert fresh().get_one(WorkshopSession, workshop.id).sure_at is not None
    assert "Aucune session à décider" in desk.client.get("/workshops?situation=to_decide").text


def test_more_people_needed_than_seats_is_said_on_the_field(desk: Desk) -> None:
    answer = desk.client.post("/workshops/add", data={**WHOLE, "seats": "4", "minimum": "5"})
    assert answer.status_code == 422
    assert "Il ne peut pas falloir plus de personnes" in answer.text


def test_a_place_in_line_is_changed_with_a_reason_that_the_page_keeps_and_the_line_reads(desk: Desk, sign_in) -> None:
    workshop = session_of(desk, seats=1)
    book(desk, workshop)
    zita = make_account(desk.session)
    for_zita = {"first_name": "Zita", "account_id": zita.id}
    book(desk, workshop, BookingState.WAITING, last_name="Attend", **for_zita)
    second = book(desk, workshop, BookingState.WAITING, last_name="Attend", first_name="Aline")
    address = f"/workshops/{workshop.public_id}/line/{second.public_id}"
    assert address in desk.client.get(f"/workshops/{workshop.public_id}").text
    answer = desk.client.post(address, data={"position": "1", "reason": "access"})
    page = desk.client.get(answer.headers["Location"]).text
    assert page.index("Aline Attend") < page.index("Zita Attend")
    assert "Une contrainte d’accès ou de date" in page
    hers = sign_in(desk.app.test_client(), zita).get(f"/sessions/{workshop.public_id}").text
    assert "pour cette raison : Une contrainte d’accès ou de date." in hers
    assert "Aline" not in hers
    for wrong in ({"position": "9", "reason": "access"}, {"position": "1", "reason": "because"}, {}):
        answer = desk.client.post(address, data=wrong)
        assert "Choisissez un rang de la liste" in desk.client.get(answer.headers["Location"]).text
    other = session_of(desk, seats=1)
    assert desk.client.post(f"/workshops/{other.public_id}/line/{second.public_id}").status_code == 404


def test_recent_absences_are_shown_as_a_count_to_the_organiser(desk: Desk) -> None:
    workshop = session_of(desk, seats=3)
    booking = book(desk, workshop)
    person = desk.session.get_one(Entrepreneur, booking.entrepreneur_id)
    for state in (BookingState.ATTENDED, BookingState.ABSENT):
        past = session_of(desk, starts_at=utc_now() - timedelta(days=9))
        make_booking(desk.session, past, person, state=state)
    desk.session.commit()
    page = desk.client.get(f"/workshops/{workshop.public_id}").text
    assert "Présence : 1 sur les 2 derniers ateliers" in page
