"""An invitation to a circle answered with the person on the telephone: only then, from both pages, and marked."""

import pytest

from models.circles import CircleMember
from models.states import CircleMemberState, CircleState
from tests.factories import (
    make_assisted_call,
    make_circle,
    make_circle_member,
    make_entrepreneur,
    make_facilitator,
    make_supporter,
)
from tests.webapp.desk import Desk, fresh
from webapp.clock import utc_now

MARK = "Avec la personne, au téléphone"
BUTTONS = ("Dire oui pour la personne", "Dire non pour la personne")


class Invitation:
    """Somebody who is invited to the circle of Lea, and a coordinator who may be in a call with her."""

    def __init__(self, desk: Desk) -> None:
        self.desk, session = desk, desk.session
        leader = make_facilitator(session, make_supporter(session, desk.association, first_name="Lea"))
        self.person = make_entrepreneur(session, desk.association, wants_circle=True)
        self.circle = make_circle(session, leader, state=CircleState.CONFIRMED)
        self.member = make_circle_member(session, self.circle, self.person)
        session.commit()
        self.file, self.page = f"/entrepreneurs/{self.person.public_id}", f"/circles/{self.circle.public_id}"

    def call(self, person=None):
        make_assisted_call(self.desk.session, person or self.person, self.desk.account, began_at=utc_now())
        self.desk.session.commit()

    def read(self, path):
        return self.desk.client.get(path).text

    def answer(self, said, **form):
        return self.desk.client.post(f"/circles/members/{self.member.public_id}/answer", data={"answer": said, **form})

    @property
    def state(self):
        return fresh().get_one(CircleMember, self.member.id).state


@pytest.fixture
def invitation(desk):
    return Invitation(desk)


def test_the_file_tells_of_the_circle_and_the_answer_is_the_persons_own(invitation):
    page = invitation.read(invitation.file)
    for words in ("Cercle de Lea", "Réponse avant le", "C’est à la personne de répondre"):
        assert words in page
    invitation.call(make_entrepreneur(invitation.desk.session, invitation.desk.association))
    for path in (invitation.file, invitation.page):
        assert not any(button in invitation.read(path) for button in BUTTONS)
    refused = invitation.answer("yes")
    assert refused.status_code == 409
    assert "appartient à la personne" in refused.text
    assert invitation.state is CircleMemberState.INVITED


@pytest.mark.parametrize(
    ("said", "state"), [("yes", CircleMemberState.JOINED), ("no", CircleMemberState.DECLINED)], ids=["yes", "no"]
)
def test_in_a_call_she_says_yes_or_no_and_it_is_marked_everywhere(invitation, said, state):
    invitation.call()
    for path in (invitation.file, invitation.page):
        assert all(button in invitation.read(path) for button in BUTTONS)
        assert MARK not in invitation.read(path)
    assert invitation.answer(said, page="file").location == invitation.file
    assert invitation.state is state
    for path in (invitation.file, invitation.page):
        assert MARK in invitation.read(path)
        assert not any(button in invitation.read(path) for button in BUTTONS)


def test_another_word_and_somebody_elses_person_change_nothing(invitation, stranger):
    invitation.call()
    assert invitation.answer("perhaps").status_code == 422
    address = f"/circles/members/{invitation.member.public_id}/answer"
    assert stranger.client.post(address, data={"answer": "yes"}).status_code == 404
    assert invitation.desk.app.test_client().post(address).location.startswith("/sign-in")
    assert invitation.state is CircleMemberState.INVITED


def test_who_asks_for_a_circle_and_is_in_none_is_said_in_her_file(desk):
    person = make_entrepreneur(desk.session, desk.association, wants_circle=True)
    desk.session.commit()
    assert "Souhaite un cercle" in desk.client.get(f"/entrepreneurs/{person.public_id}").text
