"""Calls asked for: from her page to the sentinel's, and what others see of it: nothing."""

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.handovers import Handover, Sentinel
from models.states import HandoverState
from tests.browsing import sign_in
from tests.factories import make_account, make_handover, make_sentinel
from tests.factories.sequence import MADE_AT
from tests.webapp.dashboard.test_waiting import read_lines
from tests.webapp.member_pages import make_helper, make_house, make_member

DISTRESS = {"activity": "very_hard", "cash": "under_a_month", "mood": "not_coping"}


class Watch:
    def __init__(self, app) -> None:
        self.app = app
        with transaction() as session:
            self.house = make_house(session)
            self.person, self.account = make_member(session, self.house, first_name="Aminata", phone="0612345678")
            _helper, self.listener = make_helper(session, self.house)
            _helper, self.stranger = make_helper(session, self.house)
            self.sentinel = make_sentinel(session, self.house.association, self.listener)

    def enter(self, account):
        return sign_in(self.app.test_client(), account)

    def handovers(self):
        db.session.rollback()
        return db.session.scalars(select(Handover).execution_options(populate_existing=True)).all()


@pytest.fixture
def watch(app) -> Watch:
    return Watch(app)


def wish(watch, **values):
    return {"sentinel": str(watch.sentinel.public_id), "reach": "06 12 34 56 78", "agrees": "y", **values}


def test_distress_leads_to_a_call_by_a_second_agreement(watch):
    client = watch.enter(watch.account)
    answer = client.post("/my-check-in", data=DISTRESS)
    assert "/my-check-in/call" in answer.text
    assert watch.handovers() == []
    refused = client.post("/my-check-in/call", data=wish(watch, agrees=""))
    assert refused.status_code == 422
    assert "Sans votre accord" in refused.text
    assert "3114" in refused.text
    assert watch.handovers() == []
    assert client.post("/my-check-in/call", data=wish(watch)).status_code == 303
    client.post("/my-check-in/call", data=wish(watch))
    assert len(watch.handovers()) == 1
    assert watch.listener.last_name in client.get("/my-check-in/call").text
    assert "Vous avez demandé un appel" in client.get("/my-steps").text


def test_the_sentinel_calls_and_says_so(watch):
    watch.enter(watch.account).post("/my-check-in/call", data=wish(watch))
    client, [handover] = watch.enter(watch.listener), watch.handovers()
    page = client.get("/handovers").text
    assert "Aminata" in page
    assert "06 12 34 56 78" in page
    client.post(f"/handovers/{handover.public_id}/take")
    assert watch.handovers()[0].state is HandoverState.TAKEN
    client.post(f"/handovers/{handover.public_id}/close")
    assert (watch.handovers()[0].state, watch.handovers()[0].reach) == (HandoverState.CLOSED, None)
    assert "Aminata" not in client.get("/handovers").text


def test_she_may_take_her_wish_back(watch):
    client = watch.enter(watch.account)
    client.post("/my-check-in/call", data=wish(watch))
    answer = client.post(f"/handovers/{watch.handovers()[0].public_id}/close")
    assert answer.headers["Location"].endswith("/my-check-in/call")
    assert watch.handovers()[0].state is HandoverState.CLOSED


def test_nobody_else_sees_or_moves_it(watch):
    with transaction() as session:
        handover = make_handover(session, watch.person, watch.sentinel)
        other_house = make_house(session)
        elsewhere = make_account(session)
        make_sentinel(session, other_house.association, elsewhere)
    for account in (watch.house.coordinator, watch.stranger, other_house.coordinator, elsewhere):
        client = watch.enter(account)
        assert "Aminata" not in client.get("/handovers").text
        assert "Aminata" not in client.get("/sentinels").text
        for move in ("take", "pass", "close"):
            assert client.post(f"/handovers/{handover.public_id}/{move}").status_code == 404
    assert watch.enter(watch.house.coordinator).get("/handovers").status_code == 404


def test_a_coordinator_sees_a_wish_only_when_nobody_answered_and_a_name_only_by_agreement(watch):
    with transaction() as session:
        handover = make_handover(session, watch.person, watch.sentinel, told_at=MADE_AT)
    client = watch.enter(watch.house.coordinator)
    page = client.get("/sentinels").text
    assert page.count("Quelqu’un souhaite un appel") == 1
    assert "Aminata" not in page
    waiting = read_lines(client.get("/dashboard").text)
    assert waiting["/sentinels"] == 1
    with transaction() as session:
        session.get_one(Handover, handover.id).tells_name = True
    assert "Aminata" in client.get("/sentinels").text
    client.post(f"/handovers/{handover.public_id}/close")
    assert watch.handovers()[0].state is HandoverState.CLOSED
    assert "/sentinels" not in read_lines(client.get("/dashboard").text)


def test_a_coordinator_names_and_ends(watch):
    client = watch.enter(watch.house.coordinator)
    form = {"account": str(watch.stranger.public_id), "trained_on": "2026-03-01"}
    assert client.post("/sentinels", data=form).status_code == 422
    assert client.post("/sentinels", data={**form, "certifies": "y", "trained_on": "2126-03-01"}).status_code == 422
    assert client.post("/sentinels", data={**form, "certifies": "y"}).status_code == 303
    made = db.session.scalars(select(Sentinel).where(Sentinel.account_id == watch.stranger.id)).one()
    assert watch.enter(watch.stranger).get("/handovers").status_code == 200
    client.post(f"/sentinels/{made.public_id}/end")
    assert watch.enter(watch.stranger).get("/handovers").status_code == 404
    assert watch.enter(watch.account).post(f"/sentinels/{watch.sentinel.public_id}/end").status_code == 404


def test_without_anybody_trained_the_page_is_honest(watch):
    with transaction() as session:
        session.delete(session.get_one(Sentinel, watch.sentinel.id))
    client = watch.enter(watch.account)
    page = client.get("/my-check-in/call").text
    assert "n’a personne de formé" in page
    assert "3114" in page
    assert client.post("/my-check-in/call", data=wish(watch)).status_code != 303
    assert watch.handovers() == []
    answer = client.post("/my-check-in", data=DISTRESS).text
    assert "/my-check-in/call" not in answer
    assert "Votre contact peut chercher avec vous" in answer


def test_when_everybody_trained_has_passed_it_on_nobody_is_said_to_call(watch):
    client = watch.enter(watch.account)
    client.post("/my-check-in/call", data=wish(watch))
    passed = watch.enter(watch.listener).post(
        f"/handovers/{watch.handovers()[0].public_id}/pass", follow_redirects=True
    )
    assert "Il n’y a plus personne à solliciter" in passed.text
    for page in (client.get("/my-steps").text, client.get("/my-check-in/call").text):
        assert "est sollicitée" not in page
        assert "un rappel lui est envoyé" in page


def test_a_second_wish_with_another_number_is_not_dropped_without_a_word(watch):
    client = watch.enter(watch.account)
    client.post("/my-check-in/call", data=wish(watch))
    assert client.post("/my-check-in/call", data=wish(watch)).status_code == 303
    again = client.post("/my-check-in/call", data=wish(watch, reach="07 98 76 54 32"))
    assert again.status_code == 409
    assert "rien n’a changé" in again.text
    assert 'value="07 98 76 54 32"' in again.text
    assert watch.handovers()[0].reach == "06 12 34 56 78"
    assert client.post("/my-check-in/call/number", data={"reach": "07"}).status_code == 422
    assert (
        client.post("/my-check-in/call/number", data={"reach": "07 98 76 54 32", "tells_reach": "y"}).status_code == 303
    )
    [handover] = watch.handovers()
    assert (handover.reach, handover.tells_reach) == ("07 98 76 54 32", False), "without her name the number stays too"
    assert "07 98 76 54 32" in watch.enter(watch.listener).get("/handovers").text
    client.post(f"/handovers/{handover.public_id}/close")
    assert client.post("/my-check-in/call/number", data={"reach": "06 11 11 11 11"}).status_code == 409
    assert watch.enter(watch.house.coordinator).post("/my-check-in/call/number").status_code == 404
    assert watch.app.test_client().post("/my-check-in/call/number").status_code == 303


def test_the_association_knows_the_number_of_the_call_only_if_she_ticked_that(watch):
    client, coordinator = watch.enter(watch.account), watch.enter(watch.house.coordinator)
    refused = client.post("/my-check-in/call", data=wish(watch, tells_reach="y"))
    assert refused.status_code == 422
    assert "Votre numéro dit qui vous êtes" in refused.text
    client.post("/my-check-in/call", data=wish(watch, reach="07 98 76 54 32", tells_name="y"))
    with transaction() as session:
        session.get_one(Handover, watch.handovers()[0].id).told_at = MADE_AT
    assert "celui-ci reste à la personne sollicitée" in client.get("/my-check-in/call").text
    page = coordinator.get("/sentinels").text
    assert "tel:0612345678" in page
    assert "C’est le numéro du dossier" in page
    assert "07 98 76 54 32" not in page
    client.post("/my-check-in/call/number", data={"reach": "07 98 76 54 32", "tells_reach": "y"})
    assert "et connaître ce numéro" in client.get("/my-check-in/call").text
    page = coordinator.get("/sentinels").text
    assert "tel:0798765432" in page
    assert "tel:0612345678" not in page
