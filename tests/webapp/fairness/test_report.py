"""How groups fare, for a coordinator: the numbers of other screens, small groups hidden, the lending side walled."""

import re

import pytest
from flask import Flask

from models.associations import Network
from models.db import db
from models.entrepreneurs import EntrepreneurConfided
from models.pairings import DeclineReason
from models.queries.match_runs import read_pool
from models.states import EntrepreneurState, PairingState
from tests.browsing import sign_in as sign_in_as
from tests.factories import (
    make_account,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_suggestion,
    make_supporter,
)
from tests.webapp.desk import Desk, SignIn, fresh, open_desk
from webapp import matcher_bridge
from webapp.clock import day_of, utc_now
from webapp.services.fairness import read_fairness


@pytest.fixture
def rebuilder(app: Flask, sign_in: SignIn) -> Desk:
    return open_desk(app, sign_in, network=Network.REBONDS)


def people(desk: Desk, count: int, *, accompanied: int = 0, **values: object) -> None:
    helper = make_supporter(desk.session, desk.association, capacity=100)
    for number in range(count):
        person = make_entrepreneur(desk.session, desk.association, **values)
        if number < accompanied:
            make_pairing(desk.session, person, helper)
    desk.session.commit()


def section(page: str, name: str) -> str:
    return page.split(f'id="by-{name}"')[1].split("</section>")[0]


def test_the_numbers_are_those_of_the_lists_they_link_to(desk: Desk) -> None:
    people(desk, 8, accompanied=3, stage="idea")
    people(desk, 6, accompanied=1, stage="launch")
    make_entrepreneur(desk.session, desk.association, state=EntrepreneurState.INCOMPLETE)
    desk.session.commit()
    page = desk.client.get("/fairness").text
    assert page.count("<h1") == 1
    assert "14 personnes dont le profil est complet" in page
    assert "dont 4 accompagnées" in page
    assert "1 à 14 sur 14" in desk.client.get("/entrepreneurs?state=ready").text
    assert "1 à 4 sur 4" in desk.client.get("/entrepreneurs?state=ready&situation=accompanied").text
    by_stage = section(page, "stage").replace("\u202f", " ").replace("\xa0", " ")
    assert re.search(
        r"<strong>38 %</strong>\s*<span[^>]*>14 % – 69 %", by_stage.replace("\u202f", " ").replace("\xa0", " ")
    )
    assert "<svg" in by_stage
    assert 'href="/fairness"' in desk.client.get("/dashboard").text


def test_a_small_group_is_hidden_with_a_second_one(rebonds_desk: Desk) -> None:
    people(rebonds_desk, 9, stage="idea")
    people(rebonds_desk, 6, stage="launch")
    people(rebonds_desk, 2, stage="growth")
    by_stage = section(rebonds_desk.client.get("/fairness").text, "stage")
    assert "Idée" in by_stage
    assert "Lancement" not in by_stage
    assert "Croissance" not in by_stage
    assert "2 groupes sont masqués" in by_stage
    assert "8 personnes" in by_stage


def test_scores_waiting_and_refusals_are_counted(desk: Desk, now) -> None:
    helper, run = (
        make_supporter(desk.session, desk.association, capacity=100),
        make_match_run(desk.session, desk.association),
    )
    for _ in range(5):
        person = make_entrepreneur(desk.session, desk.association, waiting_since=day_of(utc_now()))
        make_suggestion(desk.session, run, person, helper, score=0.8)
        make_pairing(
            desk.session,
            person,
            helper,
            state=PairingState.DECLINED,
            decline_reason=DeclineReason.OTHER_EXPERTISE,
            answered_at=now,
            ended_at=now,
        )
    desk.session.commit()
    everybody = read_fairness(fresh(), association_id=desk.association.id, lends=True, at=utc_now()).everybody
    assert everybody.score is not None
    assert everybody.refused is not None
    assert everybody.waiting_days is not None
    assert everybody.score.value == pytest.approx(0.8)
    assert (everybody.refused.count, everybody.refused.of) == (5, 5)
    assert everybody.waiting_days.value == 0


def test_the_lending_side_has_no_group_after_a_liquidation(desk: Desk, statements) -> None:
    people(desk, 12, accompanied=6, confided={"after_liquidation": "yes"})
    people(desk, 12, accompanied=6)
    with statements() as counted:
        page = desk.client.get("/fairness").text
    assert 'id="by-setback"' not in page
    assert "ne la voit pas, même comptée" in page
    assert not any("after_liquidation" in statement for statement in counted.texts)
    assert counted.number <= 16


def test_those_who_rebuild_see_it_counted_only(rebuilder: Desk) -> None:
    people(rebuilder, 12, accompanied=6, confided={"after_liquidation": "yes"})
    people(rebuilder, 12, accompanied=6)
    by_setback = section(rebuilder.client.get("/fairness").text, "setback")
    assert "12" in by_setback
    assert "50" in by_setback


def test_who_is_served_does_not_tell_who_confided(rebuilder: Desk) -> None:
    people(rebuilder, 6, accompanied=6, confided={"after_liquidation": "yes"})
    people(rebuilder, 12)
    by_setback = section(rebuilder.client.get("/fairness").text, "setback")
    assert by_setback.count("non montré") == 2


def test_gender_is_declared_by_herself_alone_and_only_counted(desk: Desk, statements) -> None:
    account = make_account(desk.session)
    person = make_entrepreneur(desk.session, desk.association, account_id=account.id)
    people(desk, 11, accompanied=5, confided={"gender": "woman"})
    desk.session.commit()
    browser = sign_in_as(desk.app.test_client(), account)
    page = browser.get("/my-profile/declaration").text
    assert "Je préfère ne pas répondre" in page
    assert "checked" in page.split('value=""')[0].split("<input")[-1] + page.split('value=""')[1].split(">")[0]
    assert browser.post("/my-profile/declaration", data={"gender": "nonsense"}).status_code == 422
    assert browser.post("/my-profile/declaration", data={"gender": "woman"}).status_code == 303
    session = fresh()
    assert session.query(EntrepreneurConfided).filter_by(entrepreneur_id=person.id).one().gender == "woman"
    assert "Une femme" in section(desk.client.get("/fairness").text, "gender")
    assert "Une femme" not in desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert browser.post("/my-profile/declaration", data={"gender": ""}).status_code == 303
    assert fresh().query(EntrepreneurConfided).filter_by(entrepreneur_id=person.id).one().gender is None
    assert desk.client.get("/my-profile/declaration").status_code == 404


def test_neither_gender_nor_an_earlier_liquidation_changes_what_the_engine_reads(desk: Desk) -> None:
    people(desk, 4)
    people(desk, 3, confided={"after_liquidation": "yes", "gender": "woman"})

    def read() -> matcher_bridge.RunRecords:
        pool = read_pool(fresh(), desk.association.id)
        return matcher_bridge.build_records(pool, weights=matcher_bridge.default_weights(), at=utc_now())

    before = read()
    found = matcher_bridge.find_matches(before)
    session = db.session()
    for confided in session.query(EntrepreneurConfided):
        confided.after_liquidation, confided.gender = None, "man"
    session.commit()
    assert read() == before
    assert matcher_bridge.find_matches(read()) == found


def test_without_anybody_the_report_says_when_it_begins(desk: Desk) -> None:
    assert "Personne à comparer" in desk.client.get("/fairness").text


def test_others_do_not_see_it(app: Flask) -> None:
    assert app.test_client().get("/fairness").status_code == 303
    account = make_account(db.session())
    db.session().commit()
    assert sign_in_as(app.test_client(), account).get("/fairness").status_code == 404
