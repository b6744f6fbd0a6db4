"""With the person on the telephone: begun with a spoken yes, marked for staff and for her, ended by hand or by time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.assisted import LONGEST_CALL, AssistedCall
from models.audit import AuditEvent
from models.exceptions import NotFoundError
from models.messages import Message, MessageKind
from tests.factories import make_account, make_assisted_call, make_entrepreneur, make_workshop_session
from tests.factories.accounts import make_coordinator
from tests.webapp.desk import Desk, fresh
from webapp.clock import utc_now
from webapp.permissions import Actor
from webapp.services.assisted_calls import begin_call, end_call
from webapp.services.clocks import tick

MARK = "Avec la personne, au téléphone"
TOGETHER = "Réservé avec la personne, au téléphone"
BANNER = "Au téléphone avec"


class Caller:
    """A coordinator at her desk, and a person who can sign in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.account = make_account(desk.session)
        self.person = make_entrepreneur(desk.session, desk.association, account_id=self.account.id)
        self.workshop = make_workshop_session(desk.session, desk.association)
        desk.session.commit()
        self.sheet = f"/entrepreneurs/{self.person.public_id}"

    def begin(self, **form: str) -> int:
        return self.desk.client.post(f"{self.sheet}/call", data=form).status_code

    def end(self) -> int:
        return self.desk.client.post(f"{self.sheet}/call/end").status_code

    def book(self) -> None:
        self.desk.client.post(f"{self.sheet}/book", data={"session": str(self.workshop.public_id)})

    def calls(self) -> list[AssistedCall]:
        return list(fresh().scalars(select(AssistedCall).order_by(AssistedCall.id)))

    def mails(self) -> list[Message]:
        return list(fresh().scalars(select(Message).where(Message.kind == MessageKind.CALL_ENDED)))

    def read_sheet(self) -> str:
        return self.desk.client.get(self.sheet).text


def test_she_reads_who_booked_for_her_and_no_more_once_she_did_it_herself(caller: Caller, sign_in) -> None:
    caller.book()
    hers, page = sign_in(caller.desk.app.test_client(), caller.account), f"/sessions/{caller.workshop.public_id}"
    assert "Réservé pour vous par" in hers.get(page).text
    hers.post(f"{page}/cancel")
    hers.post(f"{page}/book")
    assert "Réservé pour vous par" not in hers.get(page).text


@pytest.fixture
def caller(desk: Desk) -> Caller:
    return Caller(desk)


def test_nothing_begins_without_a_spoken_yes(caller: Caller) -> None:
    assert caller.begin() == 303
    assert caller.calls() == []
    assert BANNER not in caller.read_sheet()


def test_what_is_done_in_a_call_is_marked_for_both_and_told(caller: Caller, sign_in) -> None:
    caller.begin(agreed="yes")
    assert BANNER in caller.read_sheet()
    assert BANNER in caller.desk.client.get("/workshops").text
    caller.book()
    assert caller.read_sheet().count(MARK) == 1
    assert caller.desk.client.get(f"/workshops/{caller.workshop.public_id}").text.count(TOGETHER) == 1
    assert caller.end() == 303
    sheet = caller.read_sheet()
    assert "Ce que vous avez fait ensemble est marqué comme tel." in sheet
    assert BANNER not in sheet
    assert caller.end() == 303
    assert [mail.facts["done"] for mail in caller.mails()] == [1]
    hers = sign_in(caller.desk.app.test_client(), caller.account)
    for address in ("/sessions/mine", f"/sessions/{caller.workshop.public_id}"):
        assert hers.get(address).text.count("Réservé avec vous au téléphone, par") == 1
    page = hers.get("/my-steps/calls").text
    assert "Fait avec vous au téléphone par" in page
    assert f"Réservé : {caller.workshop.title}" in page.replace("&#39;", "'")


def test_what_is_done_before_and_after_or_by_somebody_else_is_not(caller: Caller) -> None:
    colleague = make_coordinator(caller.desk.session, caller.desk.association)
    now = utc_now()
    call = make_assisted_call(
        caller.desk.session, caller.person, caller.desk.account, began_at=now - timedelta(hours=1), ended_at=now
    )
    for actor, at in (
        (caller.desk.account, call.began_at - timedelta(seconds=1)),
        (caller.desk.account, now + timedelta(seconds=1)),
        (colleague, now - timedelta(minutes=30)),
    ):
        about = {"association_id": caller.person.association_id, "record_id": caller.person.id}
        caller.desk.session.add(AuditEvent(record="entrepreneur", action="correct", actor_id=actor.id, at=at, **about))
    caller.desk.session.commit()
    assert MARK not in caller.read_sheet()


def test_a_call_without_anything_done_is_not_told(caller: Caller) -> None:
    caller.begin(agreed="yes")
    caller.end()
    sheet = caller.read_sheet()
    assert "L’appel est terminé." in sheet
    assert "Ce que vous avez fait ensemble" not in sheet
    assert caller.mails() == []


def test_beginning_twice_is_once_and_another_person_ends_the_first(caller: Caller) -> None:
    caller.begin(agreed="yes")
    caller.begin(agreed="yes")
    assert len(caller.calls()) == 1
    other = Caller(caller.desk)
    other.begin(agreed="yes")
    assert [call.ended_at is None for call in caller.calls()] == [False, True]


def test_a_forgotten_call_ends_by_itself_at_its_hour(caller: Caller) -> None:
    began_at = utc_now() - timedelta(hours=5)
    make_assisted_call(caller.desk.session, caller.person, caller.desk.account, began_at=began_at)
    caller.desk.session.commit()
    assert BANNER not in caller.read_sheet()
    assert tick(at=utc_now())["ended_calls"] == 1
    assert [call.ended_at for call in caller.calls()] == [began_at + LONGEST_CALL]
    assert tick(at=utc_now())["ended_calls"] == 0


def test_a_closed_file_has_no_call(caller: Caller) -> None:
    caller.begin(agreed="yes")
    caller.desk.client.post(f"{caller.sheet}/close")
    assert all(call.ended_at for call in caller.calls())
    assert caller.begin(agreed="yes") in (303, 409)
    assert len(caller.calls()) == 1


def test_what_was_confided_is_not_read_in_a_call(rebonds_desk: Desk) -> None:
    caller = Caller(rebonds_desk)
    caller.begin(agreed="yes")
    assert "/confided" not in caller.read_sheet()
    assert rebonds_desk.client.post(f"{caller.sheet}/confided").status_code == 403
    caller.end()
    assert rebonds_desk.client.post(f"{caller.sheet}/confided").status_code == 200


def test_nobody_else_begins_or_ends_one(caller: Caller, sign_in) -> None:
    caller.begin(agreed="yes")
    own = Actor(account_id=caller.account.id, entrepreneur_ids=frozenset({caller.person.id}))
    for move, more in ((begin_call, {"agreed": True}), (end_call, {})):
        with pytest.raises(NotFoundError):
            move(entrepreneur_id=caller.person.public_id, actor=Actor(account_id=None), at=utc_now(), **more)
        with pytest.raises(Exception, match="call:hold"):
            move(entrepreneur_id=caller.person.public_id, actor=own, at=utc_now(), **more)
    hers = sign_in(caller.desk.app.test_client(), caller.account)
    assert hers.post(f"{caller.sheet}/call/end").status_code == 404
    assert caller.calls()[0].ended_at is None


def test_who_had_no_call_reads_what_it_would_be(caller: Caller, sign_in) -> None:
    answer = sign_in(caller.desk.app.test_client(), caller.account).get("/my-steps/calls")
    assert answer.status_code == 200
    assert "Rien pour l’instant" in answer.text
    assert caller.desk.app.test_client().get("/my-steps/calls").status_code == 303
