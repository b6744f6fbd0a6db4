"""The page of the approval committee: seen and used by coordinators of the association alone."""

from uuid import UUID

import pytest

from models.states import PairingState
from tests.factories import make_committee_file, make_entrepreneur, make_pairing, make_supporter
from tests.webapp.desk import fresh, open_desk


@pytest.fixture
def desk(app, sign_in):
    return open_desk(app, sign_in)


@pytest.fixture
def person(desk):
    person = make_entrepreneur(desk.session, desk.association)
    desk.session.commit()
    return person


def test_nobody_is_named_then_somebody_then_nobody_again(desk, person):
    supporter = make_supporter(desk.session, desk.association, first_name="Odile", last_name="Comité")
    desk.session.commit()
    address = f"/entrepreneurs/{person.public_id}/committee"
    page = desk.client.get(address).get_data(as_text=True)
    assert "Personne n’est désigné" in page
    assert page.count("<h1") == 1
    answer = desk.client.post(address, data={"supporter": str(supporter.public_id)})
    assert (answer.status_code, answer.location) == (303, address)
    page = desk.client.get(address).get_data(as_text=True)
    assert f'value="{supporter.public_id}"' not in page
    assert "Odile" in desk.client.get(f"/entrepreneurs/{person.public_id}").get_data(as_text=True)
    release = page.split('action="/entrepreneurs/committee/')[1].split('"')[0]
    assert desk.client.post(f"/entrepreneurs/committee/{release}").location == address
    assert f'value="{supporter.public_id}"' in desk.client.get(address).get_data(as_text=True)


@pytest.mark.parametrize("chosen", ["", "nobody", str(UUID(int=7))])
def test_a_choice_outside_the_list_is_shown_again(desk, person, chosen):
    address = f"/entrepreneurs/{person.public_id}/committee"
    assert desk.client.post(address, data={"supporter": chosen, "sent": "1"}).status_code == 422


def test_who_supports_the_person_is_refused_with_a_sentence(desk, person):
    supporter = make_supporter(desk.session, desk.association)
    make_pairing(desk.session, person, supporter, state=PairingState.ACTIVE)
    desk.session.commit()
    answer = desk.client.post(
        f"/entrepreneurs/{person.public_id}/committee", data={"supporter": str(supporter.public_id)}
    )
    assert answer.status_code == 422
    assert "travaillent déjà ensemble" in answer.get_data(as_text=True)


def test_others_do_not_know_of_it(desk, person, app, sign_in):
    line = make_committee_file(desk.session, person, make_supporter(desk.session, desk.association))
    desk.session.commit()
    stranger = open_desk(app, sign_in)
    addresses = f"/entrepreneurs/{person.public_id}/committee", f"/entrepreneurs/committee/{line.public_id}/release"
    assert stranger.client.get(addresses[0]).status_code == 404
    assert stranger.client.post(addresses[1]).status_code == 404
    anonymous = app.test_client()
    assert anonymous.get(addresses[0]).status_code == 303
    assert fresh().get(type(line), line.id).until is None
