"""A person whom two associations follow: she turns from one file to the other, and each page says whose it is."""

from datetime import timedelta

import pytest

from models.db import transaction
from models.states import EntrepreneurState
from tests.clock import NOW
from tests.factories import make_account, make_entrepreneur, make_workshop_session
from tests.webapp.member_pages import House, make_house, make_member
from webapp.clock import utc_now


class Two:
    """One account with a file in each of two associations, signed in."""

    def __init__(self, client, sign_in, **older) -> None:
        with transaction() as session:
            self.here, self.there = make_house(session), make_house(session)
            self.account = make_account(session)
            self.older, self.newer = (self._open(session, self.here, **older), self._open(session, self.there))
        self.client = sign_in(client, self.account)

    def _open(self, session, house: House, **values):
        return make_entrepreneur(
            session,
            house.association,
            account_id=self.account.id,
            referent_id=house.coordinator.id,
            **values,
        )

    def read(self, path="/my-steps"):
        return self.client.get(path).get_data(as_text=True)

    def choose(self, file):
        return self.client.post("/my-steps/file", data={"file": str(file)})


@pytest.fixture
def two(app, client, sign_in):
    return Two(client, sign_in)


def is_about(page, house):
    return f"<strong>{house.association.name}</strong>" in page


def test_the_page_says_whose_file_it_is_and_remembers_the_choice(two):
    page = two.read()
    assert is_about(page, two.there)
    assert f"Aller à votre dossier chez : {two.here.association.name}" in page
    answer = two.choose(two.older.public_id)
    assert (answer.status_code, answer.location) == (303, "/my-steps")
    for path in ("/my-steps", "/my-steps/team", "/my-profile", "/sessions"):
        assert is_about(two.read(path), two.here), path
    assert two.here.coordinator.email in two.read()
    assert two.there.coordinator.email not in two.read()


def test_a_closed_file_is_not_the_first(app, client, sign_in):
    two = Two(client, sign_in)
    with transaction() as session:
        file = session.merge(two.newer)
        file.state, file.closed_at = EntrepreneurState.CLOSED, NOW
    assert is_about(two.read(), two.here)


def test_a_workshop_is_about_the_file_of_its_association(two):
    with transaction() as session:
        at = utc_now() + timedelta(days=9)
        workshop = make_workshop_session(session, two.here.association, starts_at=at, ends_at=at + timedelta(hours=2))
    assert is_about(two.read(), two.there)
    assert is_about(two.read(f"/sessions/{workshop.public_id}"), two.here)
    assert is_about(two.read(), two.here)


def test_a_file_that_is_not_hers_does_not_exist(two):
    with transaction() as session:
        other, _account = make_member(session, two.here)
    for file in (other.public_id, two.account.public_id, "", "x"):
        assert two.choose(file).status_code == 404
    assert is_about(two.read(), two.there)


def test_who_has_one_file_is_asked_nothing(app, client, sign_in):
    with transaction() as session:
        _person, account = make_member(session, make_house(session))
    sign_in(client, account)
    assert "whose-file" not in client.get("/my-steps").get_data(as_text=True)


def test_others_cannot_choose(two, app, desk):
    assert desk.client.post("/my-steps/file", data={"file": str(two.older.public_id)}).status_code == 404
    assert app.test_client().post("/my-steps/file", data={}).status_code == 303
