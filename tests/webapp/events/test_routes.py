"""Public sessions without an account: list, ask, confirm by the link in the mail, cancel, and the sitemap."""

import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.associations import Association
from models.db import db, transaction
from models.messages import Message, MessageKind
from models.states import VisitorState
from models.visitors import Visitor
from models.workshops import WorkshopSession
from tests.browsing import plain
from tests.factories import make_account, make_visitor, make_workshop_session
from tests.webapp.desk import fresh
from tests.webapp.member_pages import make_house, make_member
from tests.webapp.workshops.test_workshops import WHOLE
from webapp.clock import utc_now
from webapp.identity.signed_links import sign_visitor
from webapp.messages.wording import render_message
from webapp.permissions import SYSTEM
from webapp.services.workshops import cancel_session

FORM = {"name": "Camille Roy", "email": "camille@example.org"}


def make(**values):
    with transaction() as session:
        house = make_house(session)
        start = values.pop("starts_at", utc_now() + timedelta(days=10))
        return make_workshop_session(session, house.association, starts_at=start, **{"is_public": True, **values})


def link_in(kind):
    message = fresh().scalars(select(Message).where(Message.kind == kind)).one()
    body = render_message(message).body
    assert not any(word in str(message.facts) for word in ("path", "mine"))
    return re.search(r"(/events/mine/\S+)", body).group(1)


def test_the_list_shows_public_sessions_to_come_only(client, app, statements):
    make(title="Portes ouvertes")
    make(title="Réservé", is_public=False)
    make(title="Passé", starts_at=utc_now() - timedelta(days=1))
    client.get("/events")
    with statements() as counted:
        page = client.get("/events").text
    assert "Portes ouvertes" in page
    assert "Réservé" not in page
    assert "Passé" not in page
    assert counted.number <= 5, counted.texts


def test_a_visitor_reads_on_page_and_in_the_mail_that_it_is_not_certain_yet(client, app):
    workshop = make(minimum=4, decide_by=utc_now() + timedelta(days=7))
    client.post(f"/events/{workshop.public_id}", data=FORM)
    link = link_in(MessageKind.VISITOR_ASKED)
    client.post(f"{link}/confirm")
    confirmed = fresh().scalars(select(Message).where(Message.kind == MessageKind.VISITOR_CONFIRMED)).one()
    for told in (client.get("/events").text, client.get(link).text, plain(render_message(confirmed).body)):
        assert "Il n’est pas encore certain qu’il ait lieu" in told
        assert "On vous attend" not in told


def test_without_any_the_page_says_what_next(client, app):
    assert "Rien n’est prévu" in client.get("/events").text


def test_from_the_form_by_the_mail_to_the_seat_and_back(client, app):
    workshop = make(seats=1)
    address = f"/events/{workshop.public_id}"
    answer = client.post(address, data=FORM, follow_redirects=True)
    assert "Regardez votre boîte e-mail" in answer.text
    link = link_in(MessageKind.VISITOR_ASKED)
    page = client.get(link)
    assert "Il manque un geste" in page.text
    assert fresh().scalars(select(Visitor)).one().state is VisitorState.ASKED
    assert "Votre place est réservée" in client.post(f"{link}/confirm", follow_redirects=True).text
    assert fresh().scalars(select(WorkshopSession)).one().taken == 1
    assert "Complet" in client.get("/events").text
    assert "Je souhaite venir" not in client.get(address).text
    assert link_in(MessageKind.VISITOR_CONFIRMED) == link
    assert f"{address}/calendar.ics" in client.get(link).text
    left = client.post(f"{link}/cancel", follow_redirects=True)
    assert "Votre nom est effacé" in left.text
    assert fresh().scalars(select(WorkshopSession)).one().taken == 0
    assert client.get(link).status_code == 404


def test_a_public_session_goes_into_a_calendar_without_the_link_to_join(client, app):
    workshop = make(format="online", place="", online_url="https://visio.example.org/x", title="Portes ouvertes")
    address = f"/events/{workshop.public_id}"
    assert f"{address}/calendar.ics" in client.get(address).text
    answer = client.get(f"{address}/calendar.ics", headers={"Host": "evil.example"})
    assert answer.mimetype == "text/calendar"
    assert f"URL:{app.config['SETTINGS'].public_url}{address}" in answer.text.replace("\r\n ", "")
    assert "SUMMARY:Portes ouvertes" in answer.text
    assert "visio" not in answer.text
    hidden = make(is_public=False)
    assert client.get(f"/events/{hidden.public_id}/calendar.ics").status_code == 404


def test_a_full_session_is_said_and_the_link_stays(client, app):
    workshop = make(seats=1)
    client.post(f"/events/{workshop.public_id}", data=FORM)
    with transaction() as session:
        make_visitor(session, session.merge(workshop), state=VisitorState.CONFIRMED)
    link = link_in(MessageKind.VISITOR_ASKED)
    assert "Réessayez ce lien" in client.post(f"{link}/confirm", follow_redirects=True).text


def test_the_link_of_a_cancelled_session_says_so_to_who_had_not_confirmed(client, app):
    workshop = make()
    client.post(f"/events/{workshop.public_id}", data=FORM)
    link = link_in(MessageKind.VISITOR_ASKED)
    cancel_session(session_id=workshop.public_id, actor=SYSTEM, at=utc_now())
    for page in (client.get(link), client.post(f"{link}/confirm", follow_redirects=True)):
        assert "n’aura pas lieu" in page.text
        assert "Oui, je viens" not in page.text
        assert "Camille" not in page.text


@pytest.mark.parametrize("values", [{"name": ""}, {"email": ""}, {"email": "camille"}, {"email": "a@b"}])
def test_a_form_that_cannot_be_read_says_why(client, app, values):
    workshop = make()
    answer = client.post(f"/events/{workshop.public_id}", data={**FORM, **values})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text
    assert fresh().scalars(select(Visitor)).all() == []


def test_what_is_not_public_does_not_exist_here(client, app):
    private = make(is_public=False)
    for public_id in (private.public_id, uuid4()):
        assert client.get(f"/events/{public_id}").status_code == 404
        assert client.post(f"/events/{public_id}", data=FORM).status_code == 404
    for token in ("abc", sign_visitor(uuid4())):
        assert client.get(f"/events/mine/{token}").status_code == 404
        assert client.post(f"/events/mine/{token}/confirm").status_code == 404
        assert client.post(f"/events/mine/{token}/cancel").status_code == 404


def test_a_link_without_its_signature_opens_nothing(client, app):
    workshop = make()
    client.post(f"/events/{workshop.public_id}", data=FORM)
    visitor = fresh().scalars(select(Visitor)).one()
    assert client.get(f"/events/mine/{visitor.public_id}").status_code == 404
    assert client.get(f"/events/mine/{visitor.public_id.hex}").status_code == 404


def test_the_sitemap_names_sessions_and_nobody(client, app):
    workshop = make()
    with transaction() as session:
        make_visitor(session, session.merge(workshop), name="Camille Roy")
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    assert f"/events/{workshop.public_id}</loc>" in answer.text
    assert "Camille" not in answer.text
    assert "/mine" not in answer.text


def test_the_organiser_opens_a_session_to_everybody_and_reads_who_comes(desk, client):
    answer = desk.client.post("/workshops/add", data={**WHOLE, "is_public": "y"})
    workshop = fresh().scalars(select(WorkshopSession)).one()
    assert workshop.is_public
    with transaction() as session:
        make_visitor(session, session.merge(workshop), name="Camille Roy", email="camille@example.org")
    page = desk.client.get(answer.headers["Location"]).text
    assert "Camille Roy" in page
    assert "camille@example.org" in page
    assert "Camille" not in client.get(f"/events/{workshop.public_id}").text
    count = f"/workshops/{workshop.public_id}/visitors"
    assert desk.client.post(count, data={"came": "1"}).status_code == 409, "it has not begun"
    with transaction() as session:
        session.get_one(WorkshopSession, workshop.id).starts_at = utc_now() - timedelta(hours=1)
    for came in ("3", "99"):
        assert desk.client.post(count, data={"came": came}).status_code == 303
    assert fresh().get_one(WorkshopSession, workshop.id).visitors_came == 3, "never more than there were seats"
    refused = desk.client.post("/workshops/add", data={**WHOLE, "theme": "stress_management", "is_public": "y"})
    assert refused.status_code == 422
    assert "ne peut pas être montré à tout le monde" in refused.text
    db.session.rollback()


def test_whoever_has_a_file_in_the_association_books_with_her_account(client, app, sign_in):
    workshop = make()
    with transaction() as session:
        house = SimpleNamespace(
            association=session.get_one(Association, workshop.association_id), coordinator=make_account(session)
        )
        _person, account = make_member(session, house)
    shown = sign_in(client, account).get(f"/events/{workshop.public_id}").text
    assert f'href="/sessions/{workshop.public_id}"' in shown
    assert 'name="email"' not in shown
