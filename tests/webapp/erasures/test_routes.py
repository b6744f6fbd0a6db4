"""The pages about being forgotten: a question, a day, the way back; for a coordinator only what concerns her."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.associations import Association
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.erasures import TIME_TO_THINK, Erasure, ErasureGround
from models.states import ErasureState
from tests.browsing import sign_in
from tests.factories import make_coordinator
from tests.whole_life import Life, live_a_whole_life
from webapp.clock import utc_now
from webapp.services.erasing import SETTLES, carry_out_erasures

NOTED = {"ground": "by_telephone", "is_told": "y"}


@pytest.fixture
def life(app: Flask) -> Life:
    with transaction() as session:
        return live_a_whole_life(session)


def states() -> list[tuple[ErasureState, ErasureGround]]:
    db.session.rollback()
    rows = db.session.execute(select(Erasure.state, Erasure.ground).order_by(Erasure.id))
    return [(row.state, row.ground) for row in rows]


def find() -> Erasure:
    db.session.rollback()
    return db.session.scalars(select(Erasure)).one()


def test_she_asks_thinks_it_over_and_stays(client: FlaskClient, life: Life) -> None:
    sign_in(client, life.account)
    page = client.get("/my-data/erase").text
    for words in ("pour toujours", "3 binômes", "1 appel", "1 espace de coaching", "Vous avez un jour"):
        assert words in page
    answer = client.post("/my-data/erase", follow_redirects=True)
    assert "Tout sera effacé le" in answer.text
    assert client.get("/my-data/erase").status_code == 303
    assert "Vous pouvez encore changer d’avis" in client.get("/my-steps").text
    erasure = find()
    kept = client.post(f"/my-data/erasures/{erasure.public_id}/keep", follow_redirects=True)
    assert "Tout est gardé" in kept.text
    assert states() == [(ErasureState.KEPT, ErasureGround.OWN)]


def test_a_coordinator_notes_it_with_how_she_was_asked(client: FlaskClient, life: Life) -> None:
    sign_in(client, life.coordinator)
    address = f"/entrepreneurs/{life.person.public_id}"
    page = client.get(f"{address}/erase").text
    assert "2 binômes" in page
    assert "espace de coaching" not in page
    assert client.post(f"{address}/erase", data={"ground": "own", "is_told": "y"}).status_code == 422
    assert client.post(f"{address}/erase", data={"ground": "by_telephone"}).status_code == 422
    assert states() == []
    answer = client.post(f"{address}/erase", data=NOTED, follow_redirects=True)
    assert "on peut revenir en arrière" in answer.text
    erasure = find()
    assert "Votre association a noté" in sign_in(client, life.account).get("/my-data").text
    sign_in(client, life.coordinator)
    assert client.post(f"/erasures/{erasure.public_id}/keep").location == address
    assert states() == [(ErasureState.KEPT, ErasureGround.BY_TELEPHONE)]


def test_afterwards_the_sheets_say_so_and_offer_nothing(client: FlaskClient, life: Life) -> None:
    for who, address in (
        (life.coordinator, f"/entrepreneurs/{life.person.public_id}"),
        (life.elsewhere, f"/supporters/{life.supporter.public_id}"),
    ):
        sign_in(client, who).post(f"{address}/erase", data=NOTED)
    for later in (SETTLES, 2 * SETTLES):
        carry_out_erasures(at=utc_now() + TIME_TO_THINK + later)
    page = sign_in(client, life.coordinator).get(f"/entrepreneurs/{life.person.public_id}").text
    assert "Personne effacée" in page
    for offered in ("/reopen", "/invite", "/confided", "/erase"):
        assert f'{life.person.public_id}{offered}"' not in page
    answer = client.post(f"/entrepreneurs/{life.person.public_id}/reopen")
    assert answer.status_code == 409
    assert "Personne effacée" in sign_in(client, life.elsewhere).get(f"/supporters/{life.supporter.public_id}").text


def test_others_find_nothing(client: FlaskClient, life: Life) -> None:
    sign_in(client, life.elsewhere)
    for address in (f"/entrepreneurs/{life.person.public_id}/erase", f"/colleagues/{life.coordinator.public_id}/erase"):
        assert client.get(address).status_code == 404
        assert client.post(address, data=NOTED).status_code == 404
    assert states() == []
    db.session.rollback()
    assert db.session.get_one(Entrepreneur, life.person.id).erased_at is None


def test_who_runs_an_association_is_told_what_comes_first(client: FlaskClient, life: Life) -> None:
    sign_in(client, life.coordinator)
    assert "passe d’abord à un ou une collègue" in client.get("/my-data").text
    assert client.get("/my-data/erase").status_code == 303
    assert client.post("/my-data/erase").status_code == 422


def test_a_colleague_who_left_is_erased_from_the_team(client: FlaskClient, life: Life) -> None:
    with transaction() as session:
        association = session.get_one(Association, life.person.association_id)
        leaver = make_coordinator(session, association, is_active=False)
    address = f"/colleagues/{leaver.public_id}/erase"
    sign_in(client, life.coordinator)
    assert address in client.get("/colleagues").text
    assert client.get(address).status_code == 200
    assert client.post(address, data=NOTED).location == "/colleagues"
    assert "on peut revenir en arrière" in client.get(address).text
    assert client.post(f"/erasures/{find().public_id}/keep").location == "/colleagues"
    assert states() == [(ErasureState.KEPT, ErasureGround.BY_TELEPHONE)]
