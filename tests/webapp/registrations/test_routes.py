"""The public page of registration, and the page of its link."""

import re

from sqlalchemy import func, select

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.messages import Message
from models.registrations import Registration
from tests.factories import make_account
from tests.webapp.desk import fresh
from webapp.services.registrations import PATH

PASSWORD = "un bateau dans la brume"


def form_of(desk, **values):
    return {
        "association": str(desk.association.public_id),
        "first_name": "Awa",
        "last_name": "Ndiaye",
        "email": "awa@example.org",
        "words": "Un food truck",
        **values,
    }


def link():
    return fresh().scalars(select(Message.facts).order_by(Message.id.desc()).limit(1)).one()["path"]


def test_anybody_registers_without_a_company_number(app, desk):
    client = app.test_client()
    page = client.get("/register").get_data(as_text=True)
    assert page.count("<h1") == 1
    assert "numéro d’entreprise" in page
    answer = client.post("/register", data=form_of(desk))
    assert (answer.status_code, answer.location) == (303, "/register/sent")
    assert "trois jours" in client.get("/register/sent").get_data(as_text=True)
    address = link()
    with app.test_request_context():
        assert address.startswith(PATH.format(token=""))
    assert "awa@example.org" in client.get(address).get_data(as_text=True)
    assert db.session.scalar(select(func.count()).select_from(Entrepreneur)) == 0
    assert client.post(address, data={"password": PASSWORD, "again": "autre"}).status_code == 422
    assert client.post(address, data={"password": "awa@example.org", "again": "awa@example.org"}).status_code == 422
    answer = client.post(address, data={"password": PASSWORD, "again": PASSWORD}, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "Un premier échange avec Nadia Lopez" in page
    assert client.get(address).status_code == 404


def test_a_request_that_is_sent_twice_is_one_and_another_address_is_another(app, desk):
    client = app.test_client()
    key = re.search(r'name="form_key" value="([^"]+)"', client.get("/register").get_data(as_text=True)).group(1)
    for email in ("awa@example.org", "awa@example.org", "awa.ndiaye@example.org"):
        answer = client.post("/register", data=form_of(desk, email=email, form_key=key))
        assert (answer.status_code, answer.location) == (303, "/register/sent")
    told = fresh().scalars(select(Message.recipient).order_by(Message.id)).all()
    assert told == ["awa@example.org", "awa.ndiaye@example.org"]


def test_a_known_address_sees_the_same_page_and_signs_in(app, desk):
    known = make_account(desk.session, password_hash="kept")
    desk.session.commit()
    answers = [
        app.test_client().post("/register", data=form_of(desk, email=email), follow_redirects=True)
        for email in ("personne@example.org", known.email)
    ]
    told = [answer.get_data(as_text=True).split("<main")[1].split("</main>")[0] for answer in answers]
    assert told[0] == told[1]
    answer = app.test_client().post(link())
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_the_association_is_found_by_the_town(app, desk, stranger):
    desk.association.department, stranger.association.department = "93", "69"
    desk.session.commit()
    page = app.test_client().get("/register?town=Saint-Denis (93066)").get_data(as_text=True)
    assert desk.association.name in page
    assert stranger.association.name not in page
    page = app.test_client().get("/register?town=Nowhere").get_data(as_text=True)
    assert stranger.association.name in page
    assert "connaissons pas" in page


def test_looking_for_a_town_keeps_what_was_typed(app, desk, stranger):
    desk.association.department, stranger.association.department = "93", "69"
    desk.session.commit()
    client = app.test_client()
    asked = form_of(desk, email="", town="Saint-Denis (93066)", shown="", find="yes")
    answer = client.post("/register", data=asked)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert all(text in page for text in ("Awa", "Ndiaye", "Un food truck", desk.association.name))
    assert stranger.association.name not in page
    # The key Enter presses the first button of a form: with the town as it was shown, the form is meant.
    sent = form_of(desk, town="Saint-Denis (93066)", shown="Saint-Denis (93066)", find="yes")
    assert client.post("/register", data=sent).location == "/register/sent"


def test_what_is_missing_is_said(app, desk):
    for values in ({"email": "nobody"}, {"first_name": ""}, {"association": ""}, {"association": "x"}):
        answer = app.test_client().post("/register", data=form_of(desk, **values))
        assert answer.status_code == 422
        assert "Un food truck" in answer.get_data(as_text=True)
    assert fresh().scalar(select(func.count()).select_from(Registration)) == 0


def test_a_stranger_link_tells_nothing(app, desk):
    answer = app.test_client().get("/register/x")
    assert answer.status_code == 404
    assert "Déjà confirmé" in answer.get_data(as_text=True)
    assert app.test_client().post("/register/x").status_code == 404
