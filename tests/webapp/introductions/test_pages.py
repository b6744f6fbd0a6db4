"""Introductions on their pages: the pairing's, one's own, the ledger, and who may know of them."""

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.introductions import Introduction
from models.states import IntroductionState, PairingState
from tests.factories import make_coordinator, make_introduction, make_pairing
from tests.webapp.member_pages import make_helper, make_house, make_member

FORM = {"introduction-organisation": "Mairie de Stains", "introduction-purpose": "public_body"}


@pytest.fixture
def people(app):
    """Two who work together, with a coordinator, and somebody of elsewhere."""
    with transaction() as session:
        house = make_house(session)
        supporter, helper = make_helper(session, house, last_name="Morel")
        person, member = make_member(session, house, first_name="Awa", last_name="Diallo")
        _, stranger = make_helper(session, make_house(session))
        pairing = make_pairing(session, person, supporter, state=PairingState.ACTIVE)
        coordinator = make_coordinator(session, house.association)
    accounts = {"supporter": helper, "entrepreneur": member, "coordinator": coordinator, "stranger": stranger}
    return {"pairing": pairing, "person": person, **accounts}


@pytest.fixture
def as_(client, sign_in, people):
    return lambda side: sign_in(client, people[side])


def note(as_, people, side="supporter", **form):
    return as_(side).post(f"/pairings/{people['pairing'].public_id}/introductions", data={**FORM, **form})


def read():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Introduction)).one()


def text_of(answer):
    return answer.get_data(as_text=True)


def test_two_fields_note_a_promise_and_the_person_tells_in_one_tap(as_, people):
    assert note(as_, people).status_code == 303
    introduction = read()
    assert introduction.state is IntroductionState.PROMISED
    for side in ("supporter", "entrepreneur", "coordinator"):
        assert "Mairie de Stains" in text_of(as_(side).get(f"/pairings/{people['pairing'].public_id}"))
    phone = as_("entrepreneur")
    tell = f"/introductions/{introduction.public_id}/tell"
    for action, state in (("make", "made"), ("meet", "met"), ("succeed", "fruitful")):
        assert f'value="{action}"' in text_of(phone.get("/introductions/mine"))
        assert phone.post(tell, data={"action": action}).status_code == 303
        assert read().state == state
    assert phone.post(tell, data={"action": "succeed"}).status_code == 409
    assert phone.post(tell, data={"action": "other"}).status_code == 422


def test_what_was_made_is_the_next_step_of_the_person(as_, people):
    with transaction() as session:
        make_introduction(session, people["pairing"], state=IntroductionState.MADE)
    page = text_of(as_("entrepreneur").get("/my-steps"))
    assert "Boulangerie Martin" in page
    assert 'value="meet"' in page


def test_a_form_without_anybody_comes_back_with_what_is_wrong(as_, people):
    answer = note(as_, people, **{"introduction-organisation": ""})
    assert answer.status_code == 422
    assert "Merci de dire avec qui." in text_of(answer)
    assert db.session.scalars(select(Introduction)).all() == []


def test_the_ledger_shows_narrows_and_counts(as_, people):
    with transaction() as session:
        make_introduction(
            session, people["pairing"], state=IntroductionState.FRUITFUL, made_at=people["pairing"].proposed_at
        )
    desk = as_("coordinator")
    page = text_of(desk.get("/introductions"))
    assert "Boulangerie Martin" in page
    assert "Un client" in page
    assert "Boulangerie Martin" in text_of(desk.get("/introductions?situation=kept"))
    assert "Boulangerie Martin" not in text_of(desk.get("/introductions?situation=overdue"))


def test_the_dashboard_counts_those_without_news(as_, people):
    with transaction() as session:
        late = make_introduction(session, people["pairing"])
        late.due_at = late.noted_at
    desk = as_("coordinator")
    assert "mise en contact sans nouvelles" in text_of(desk.get("/dashboard"))
    assert "Boulangerie Martin" in text_of(desk.get("/introductions?situation=overdue"))


def test_the_association_notes_its_own(as_, people):
    desk, path = as_("coordinator"), f"/introductions/for/{people['person'].public_id}"
    assert "Awa Diallo" in text_of(desk.get(path))
    assert desk.post(path, data={**FORM, "introduction-organisation": ""}).status_code == 422
    assert desk.post(path, data={**FORM, "introduction-is_made": "y"}).status_code == 303
    assert (read().supporter_id, read().state) == (None, IntroductionState.MADE)
    word = {"word": "Un rendez-vous est pris."}
    assert desk.post(f"/introductions/{read().public_id}/word", data=word).status_code == 303
    assert "Un rendez-vous est pris." in text_of(desk.get("/introductions"))


def test_for_others_nothing_is_there(client, as_, people):
    with transaction() as session:
        introduction = make_introduction(session, people["pairing"])
    path = f"/introductions/{introduction.public_id}/tell"
    assert client.get("/introductions/mine").status_code == 303
    assert client.post(path, data={"action": "make"}).status_code == 303
    stranger = as_("stranger")
    assert stranger.post(path, data={"action": "make"}).status_code == 404
    assert note(as_, people, "stranger").status_code == 404
    assert "Boulangerie Martin" not in text_of(stranger.get("/introductions/mine"))
    assert stranger.get("/introductions").status_code == 404
    assert as_("coordinator").get("/introductions/mine").status_code == 404
    assert read().state is IntroductionState.PROMISED


def test_empty_pages_say_what_next(as_, people):
    assert "Pas encore de mise en contact" in text_of(as_("entrepreneur").get("/introductions/mine"))
    assert "Pas encore de mise en contact" in text_of(as_("supporter").get("/introductions/mine"))
    assert "Aucune mise en contact n’est notée" in text_of(as_("coordinator").get("/introductions"))


def test_the_ledger_takes_few_statements(as_, people, statements):
    with transaction() as session:
        for _ in range(8):
            make_introduction(session, people["pairing"])
    desk = as_("coordinator")
    desk.get("/introductions")
    with statements() as counted:
        desk.get("/introductions")
    assert counted.number <= 12
