"""The page that invites everybody: counted first, sent once, of one association only."""

from models.messages import Message
from tests.factories import make_entrepreneur
from tests.webapp.desk import fresh

PAGE = "/entrepreneurs/invitations"


def add_people(desk, number, **values):
    for one in range(number):
        make_entrepreneur(
            desk.session, desk.association, **{"email": f"p{one}@example.org", "account_id": None, **values}
        )
    desk.session.commit()


def test_the_list_counts_them_and_the_page_asks_first(desk):
    add_people(desk, 2)
    page = desk.client.get("/entrepreneurs").get_data(as_text=True)
    assert "2 personnes n’ont pas encore été invitées" in page
    assert PAGE in page
    asked = desk.client.get(PAGE).get_data(as_text=True)
    assert "Envoyer 2 invitations" in asked
    assert asked.count("<h1") == 1
    assert fresh().query(Message).count() == 0


def test_they_are_invited_once(desk):
    add_people(desk, 2)
    answer = desk.client.post(PAGE)
    assert (answer.status_code, answer.location) == (303, "/entrepreneurs")
    assert "2 invitations sont en route" in desk.client.get("/entrepreneurs").get_data(as_text=True)
    desk.client.post(PAGE)
    assert fresh().query(Message).count() == 2
    page = desk.client.get(PAGE).get_data(as_text=True)
    assert "Toutes les personnes qui ont une adresse ont été invitées" in page


def test_more_than_fit_at_once_are_sent_in_turn(desk, monkeypatch):
    monkeypatch.setattr("webapp.services.invitations.MOST_AT_ONCE", 2)
    add_people(desk, 3)
    assert "Envoyer 2 invitations" in desk.client.get(PAGE).get_data(as_text=True)


def test_who_has_no_address_is_counted_apart(desk):
    add_people(desk, 1, email=None)
    assert "n’a pas d’adresse e-mail" in desk.client.get(PAGE).get_data(as_text=True)
    assert PAGE not in desk.client.get("/entrepreneurs").get_data(as_text=True)


def test_others_do_not_reach_it(app, desk, stranger):
    add_people(desk, 1)
    assert app.test_client().get(PAGE).status_code == 303
    stranger.client.post(PAGE)
    assert fresh().query(Message).count() == 0
