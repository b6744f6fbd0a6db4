"""Expert questions on their pages: the person's, the expert's, the coordinator's, and nobody else's."""

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.expert_questions import ExpertQuestion
from models.pairings import Pairing
from models.states import EntrepreneurState, ExpertQuestionState, PairingState
from models.supporters import SupporterRole
from tests.factories import make_coordinator, make_expert_question, make_pairing
from tests.webapp.member_pages import make_helper, make_house, make_member

WORDS = "Puis-je embaucher un apprenti ?"


@pytest.fixture
def people(app):
    """A person with an expert, a coordinator, and somebody of elsewhere."""
    with transaction() as session:
        house = make_house(session)
        expert, helper = make_helper(session, house, last_name="Morel", role=SupporterRole.EXPERT)
        person, member = make_member(session, house, first_name="Awa", last_name="Diallo")
        _, stranger = make_helper(session, make_house(session))
        pairing = make_pairing(session, person, expert, state=PairingState.ACTIVE)
        coordinator = make_coordinator(session, house.association)
    accounts = {"expert": helper, "entrepreneur": member, "coordinator": coordinator, "stranger": stranger}
    return {"pairing": pairing, "person": person, **accounts}


@pytest.fixture
def as_(client, sign_in, people):
    return lambda side: sign_in(client, people[side])


def read():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(ExpertQuestion)).one()


def text_of(answer):
    return answer.get_data(as_text=True)


def ask(as_, words=WORDS):
    return as_("entrepreneur").post("/questions/mine", data={"question-words": words})


def test_a_person_asks_the_expert_answers_and_she_closes(as_, people):
    assert "Jean Morel vous répond." in text_of(as_("entrepreneur").get("/questions/mine"))
    assert ask(as_).status_code == 303
    page = f"/questions/{read().public_id}"
    assert "Votre question est en route" in text_of(as_("entrepreneur").get("/my-steps"))
    expert = as_("expert")
    assert page in text_of(expert.get("/pairings"))
    assert WORDS in text_of(expert.get(page))
    assert expert.post(f"{page}/answer", data={"answer-words": ""}).status_code == 422
    for _lost_and_sent_again in range(2):
        assert expert.post(f"{page}/answer", data={"answer-words": "Oui, dès 16 ans."}).location == page
    phone = as_("entrepreneur")
    assert "Oui, dès 16 ans." in text_of(phone.get(page))
    assert f'href="{page}">Lire la réponse' in text_of(phone.get("/my-steps"))
    assert phone.post(f"{page}/close").status_code == 303
    assert read().state is ExpertQuestionState.CLOSED
    assert WORDS in text_of(phone.get("/questions/mine"))


def test_who_also_wishes_for_a_coach_finds_her_question_among_her_steps(as_, people):
    with transaction() as session:
        session.get_one(Entrepreneur, people["person"].id).wanted_roles = ["mentor", "coach"]
    assert ask(as_).status_code == 303
    steps = as_("entrepreneur").get("/my-steps")
    assert steps.status_code == 200
    assert "Votre question est en route" in text_of(steps)


def test_what_is_given_back_waits_on_the_dashboard(as_, people):
    ask(as_)
    page = f"/questions/{read().public_id}"
    assert as_("expert").post(f"{page}/pass-back", data={"back-word": "Pas mon domaine"}).status_code == 303
    desk = as_("coordinator")
    assert "question d’expert pour vous" in text_of(desk.get("/dashboard"))
    assert "Awa Diallo" in text_of(desk.get("/questions?situation=yours"))
    assert "Pas mon domaine" in text_of(desk.get(page))
    assert desk.post(f"{page}/pass-on").status_code == 303
    assert read().supporter_id is not None
    assert "Awa Diallo" not in text_of(desk.get("/questions?situation=yours"))
    assert desk.post(f"{page}/pass-back").status_code == 303
    assert desk.post(f"{page}/decline", data={"decline-word": ""}).status_code == 422
    assert desk.post(f"{page}/decline", data={"decline-word": "Voyez la chambre des métiers."}).status_code == 303
    assert "Voyez la chambre des métiers." in text_of(as_("entrepreneur").get(page))


def test_an_expert_is_chosen_for_a_question_once_the_profile_is_complete(as_, people):
    with transaction() as session:
        question = make_expert_question(session, people["person"])
    desk, choice = as_("coordinator"), f"/entrepreneurs/{people['person'].public_id}/choose?role=expert"
    with transaction() as session:
        session.delete(session.get_one(Pairing, people["pairing"].id))
    assert choice in text_of(desk.get(f"/questions/{question.public_id}"))
    with transaction() as session:
        session.get_one(Entrepreneur, people["person"].id).state = EntrepreneurState.INCOMPLETE
    page = text_of(desk.get(f"/questions/{question.public_id}"))
    assert choice not in page
    assert f"/entrepreneurs/{people['person'].public_id}/edit" in page


def test_an_empty_question_comes_back(as_):
    answer = ask(as_, words="")
    assert answer.status_code == 422
    assert 'id="question-words-error"' in text_of(answer)


def test_for_others_there_is_no_question(client, as_, people):
    with transaction() as session:
        question = make_expert_question(session, people["person"], people["pairing"])
    page = f"/questions/{question.public_id}"
    assert client.get(page).status_code == 303
    stranger = as_("stranger")
    assert stranger.get(page).status_code == 404
    for action in ("answer", "pass-back", "close"):
        assert stranger.post(f"{page}/{action}", data={"answer-words": "x"}).status_code == 404
    assert stranger.get("/questions").status_code == 404
    assert stranger.get("/questions/mine").status_code == 404
    assert as_("expert").post(f"{page}/close").status_code == 403
    assert as_("entrepreneur").post(f"{page}/answer", data={"answer-words": "x"}).status_code == 403
    assert read().state is ExpertQuestionState.ASKED


def test_an_empty_list_says_where_questions_come_from(as_):
    assert "Aucune question ouverte ici" in text_of(as_("coordinator").get("/questions"))


def test_the_list_takes_few_statements(as_, people, statements):
    with transaction() as session:
        make_expert_question(session, people["person"], people["pairing"])
    desk = as_("coordinator")
    desk.get("/questions")
    with statements() as counted:
        desk.get("/questions")
    assert counted.number <= 10
