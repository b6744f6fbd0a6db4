"""Sessions that members lead, on their pages: the member's, the coordinator's, and nobody else's."""

import re

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.session_proposals import SessionProposal
from models.states import SessionProposalState
from models.workshops import WorkshopSession
from tests.factories import make_booking, make_coordinator, make_session_proposal
from tests.webapp.member_pages import make_helper, make_house, make_member

WHOLE = {"title": "Tenir un stand", "theme": "financial_management", "words": "Mes erreurs.", "seats": "6", "place": ""}
HOURS = {
    "theme": "financial_management",
    "title": "Tenir un stand",
    "day": "2030-07-02",
    "starts_at": "18:30",
    "ends_at": "20:30",
    "seats": "6",
    "format": "in_person",
    "place": "Maison des projets",
    "language": "fr",
    "word": "Merci à vous !",
}


@pytest.fixture
def people(app):
    """Two entrepreneurs, a supporter, a coordinator, and somebody of elsewhere."""
    with transaction() as session:
        house = make_house(session)
        person, member = make_member(session, house, first_name="Awa", last_name="Diallo")
        other, neighbour = make_member(session, house, first_name="Ines", last_name="Secret")
        _, helper = make_helper(session, house, first_name="Jean", last_name="Morel")
        _, stranger = make_helper(session, make_house(session))
        coordinator = make_coordinator(session, house.association)
    accounts = {"entrepreneur": member, "neighbour": neighbour, "supporter": helper, "stranger": stranger}
    return {"person": person, "other": other, "coordinator": coordinator, **accounts}


@pytest.fixture
def as_(client, sign_in, people):
    return lambda who: sign_in(client, people[who])


def read():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(SessionProposal)).one()


def text_of(answer):
    return answer.get_data(as_text=True)


def propose(as_, who="entrepreneur", **values):
    return as_(who).post("/session-proposals/mine", data={**WHOLE, **values})


def test_a_member_proposes_the_team_confirms_and_people_book(as_, people):
    phone = as_("entrepreneur")
    assert 'href="/session-proposals/mine"' in text_of(phone.get("/sessions"))
    assert "Animer un atelier" in text_of(phone.get("/session-proposals/mine"))
    assert propose(as_).status_code == 303
    page = f"/session-proposals/{read().public_id}"
    assert "Vous avez proposé un atelier : Tenir un stand" in text_of(as_("entrepreneur").get("/my-steps"))
    own = text_of(as_("entrepreneur").get("/session-proposals/mine"))
    assert "Une proposition à la fois" in own
    assert re.search(r"Envoyé : l’association répond.*\w+ \w+ répond avant le", own, re.DOTALL)
    desk = as_("coordinator")
    assert "atelier proposé par un membre" in text_of(desk.get("/dashboard"))
    assert "Awa Diallo" in text_of(desk.get("/session-proposals"))
    assert "Mes erreurs." in text_of(desk.get(page))
    assert 'value="Tenir un stand"' in text_of(desk.get(f"{page}/confirm"))
    assert desk.post(f"{page}/confirm", data={**HOURS, "starts_at": ""}).status_code == 422
    assert desk.post(f"{page}/confirm", data={**HOURS, "theme": "stress_management"}).status_code == 422
    night = {"day": "2030-10-27", "starts_at": "00:30", "ends_at": "02:30"}
    answer = desk.post(f"{page}/confirm", data={**HOURS, **night})
    assert answer.status_code == 303
    assert "montrent deux fois cette heure" in text_of(desk.get(answer.location))
    assert desk.get(f"{page}/confirm").status_code == 409
    workshop = db.session.scalars(select(WorkshopSession)).one()
    with transaction() as session:
        make_booking(session, workshop, people["other"])
    shown = text_of(as_("neighbour").get(f"/sessions/{workshop.public_id}"))
    assert "Animé par Awa, qui porte un projet comme vous." in shown
    assert "Diallo" not in shown
    mine = text_of(as_("entrepreneur").get(page))
    assert "Merci à vous !" in mine
    assert "Ines" in mine
    assert "Secret" not in mine
    assert "Vous animez un atelier : Tenir un stand" in text_of(as_("entrepreneur").get("/my-steps"))


def test_a_supporter_proposes_and_reads_a_kind_no(as_):
    assert 'href="/session-proposals/mine"' in text_of(as_("supporter").get("/pairings"))
    assert propose(as_, "supporter").status_code == 303
    page = f"/session-proposals/{read().public_id}"
    assert page in text_of(as_("supporter").get("/pairings"))
    desk = as_("coordinator")
    assert desk.post(f"{page}/decline", data={"decline-word": ""}).status_code == 422
    assert desk.post(f"{page}/decline", data={"decline-word": "Au printemps ?"}).status_code == 303
    assert "Tenir un stand" in text_of(desk.get("/session-proposals"))
    assert "Au printemps ?" in text_of(as_("supporter").get(page))
    assert page not in text_of(as_("supporter").get("/pairings"))


def test_a_proposal_is_withdrawn_by_who_made_it(as_, people):
    propose(as_)
    page = f"/session-proposals/{read().public_id}"
    assert as_("coordinator").post(f"{page}/withdraw").status_code == 403
    assert as_("entrepreneur").post(f"{page}/withdraw").status_code == 303
    assert read().state is SessionProposalState.WITHDRAWN
    assert "Proposer un autre atelier" in text_of(as_("entrepreneur").get(page))


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("theme", "stress_management"), ("seats", "0"), ("wished_on", "2020-01-01")]
)
def test_what_is_not_right_comes_back_with_a_word(as_, field, value):
    answer = propose(as_, **{field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in text_of(answer)


def test_private_themes_are_not_on_offer(as_):
    assert 'value="stress_management"' not in text_of(as_("entrepreneur").get("/session-proposals/mine"))


def test_for_others_there_is_no_proposal(client, as_, people):
    with transaction() as session:
        proposal = make_session_proposal(session, people["person"])
    page = f"/session-proposals/{proposal.public_id}"
    assert client.get(page).status_code == 303
    for who in ("stranger", "neighbour"):
        visitor = as_(who)
        assert visitor.get(page).status_code == 404
        assert visitor.get("/session-proposals").status_code == 404
        for action in ("confirm", "decline", "withdraw"):
            assert visitor.post(f"{page}/{action}", data={"decline-word": "x"}).status_code == 404
    assert as_("coordinator").get("/session-proposals/mine").status_code == 404
    assert read().state is SessionProposalState.PROPOSED


def test_an_empty_list_says_where_proposals_come_from(as_):
    assert "Aucune proposition ne vous attend" in text_of(as_("coordinator").get("/session-proposals"))


def test_the_list_takes_few_statements(as_, people, statements):
    with transaction() as session:
        make_session_proposal(session, people["person"])
    desk = as_("coordinator")
    desk.get("/session-proposals")
    with statements() as counted:
        desk.get("/session-proposals")
    assert counted.number <= 10
