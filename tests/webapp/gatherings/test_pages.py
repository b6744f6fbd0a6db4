"""The supporters' circle on its pages: the supporter's, the coordinator's, and nobody else's."""

import re
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from models.associations import Network
from models.db import db, transaction
from models.gatherings import Gathering, SupporterListing
from models.messages import Message
from models.states import GatheringState
from tests.factories import make_coordinator, make_gathering, make_gathering_attendance, make_supporter_listing
from tests.webapp.member_pages import make_helper, make_house, make_member
from webapp.clock import utc_now

WHOLE = {
    "day": (utc_now() + timedelta(days=20)).date().isoformat(),
    "starts_at": "18:30",
    "minutes": "90",
    "place": "Salle 2",
    "online_url": "",
    "words": "Dire non sans blesser",
}
MINE = "/gatherings/mine"


@pytest.fixture
def people(app):
    """Two supporters in a circle, one who is not, a coordinator, and a supporter of elsewhere."""
    with transaction() as session:
        house = make_house(session)
        house.association.network, house.association.name = Network.REBONDS, "Rebonds du Nord"
        named = {"awa": "Awa", "jean": "Jean", "lea": "Lea"}
        made = {who: make_helper(session, house, first_name=name, last_name="Secret") for who, name in named.items()}
        make_supporter_listing(session, made["awa"][0], contact="06 00 00 00 12")
        make_supporter_listing(session, made["jean"][0])
        make_member(session, house)
        _, stranger = make_helper(session, make_house(session))
        coordinator = make_coordinator(session, house.association)
    accounts = {who: account for who, (_, account) in made.items()}
    rows = {f"{who}_row": row for who, (row, _) in made.items()}
    return {"house": house, "coordinator": coordinator, "stranger": stranger, **accounts, **rows}


@pytest.fixture
def as_(client, sign_in, people):
    return lambda who: sign_in(client, people[who])


def text_of(answer):
    return answer.get_data(as_text=True)


def read():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Gathering)).one()


def listed():
    db.session.rollback()
    return set(db.session.scalars(select(SupporterListing.supporter_id)))


def make_past(people, *, days=1, **values):
    with transaction() as session:
        values["starts_at"] = utc_now() - timedelta(days=days)
        return make_gathering(session, people["house"].association.id, people["coordinator"], **values)


def test_a_supporter_joins_sees_the_others_and_takes_her_yes_back(as_, people):
    phone, row = as_("lea"), people["lea_row"]
    assert f'href="{MINE}"' in text_of(phone.get("/pairings"))
    before = text_of(phone.get(MINE))
    assert "2 bénévoles en font partie." in before
    assert not any(word in before for word in ("Awa", "06 00 00 00 12", "Secret"))
    assert phone.post(f"{MINE}/{row.public_id}/join", data={"contact": "x" * 161}).status_code == 422
    assert phone.post(f"{MINE}/{row.public_id}/join", data={"contact": "lea@example.org"}).status_code == 303
    inside = text_of(phone.get(MINE))
    assert all(word in inside for word in ("Awa", "06 00 00 00 12", "lea@example.org", "jamais nommées ici"))
    assert "Secret" not in re.sub(r'value="[^"]*"', "", inside)
    assert "lea@example.org" in text_of(as_("awa").get(MINE))
    assert as_("lea").post(f"{MINE}/{row.public_id}/leave").status_code == 303
    assert listed() == {people["awa_row"].id, people["jean_row"].id}
    assert "lea@example.org" not in text_of(as_("awa").get(MINE))


def test_a_meeting_is_planned_told_answered_moved_and_called_off(as_, people, monkeypatch):
    night = date.fromisoformat(WHOLE["day"]), time(18, 30)
    monkeypatch.setattr("webapp.twice.is_twice", lambda *moment: moment == night)
    desk = as_("coordinator")
    assert "Prévoir une rencontre" in text_of(desk.get("/gatherings"))
    assert desk.post("/gatherings/new", data=WHOLE).status_code == 303
    page = f"/gatherings/{read().public_id}"
    assert "montrent deux fois cette heure" in text_of(desk.get(page))
    assert desk.get("/gatherings/new").headers["Location"] == page
    assert as_("awa").post(f"{page}/answer", data={"answer": "perhaps"}).status_code == 422
    assert page in text_of(as_("awa").get("/pairings"))
    assert "Dire non sans blesser" in text_of(as_("awa").get(page))
    assert as_("awa").post(f"{page}/answer", data={"answer": "yes"}).headers["Location"] == MINE
    assert "Awa" in text_of(as_("jean").get(page))
    assert "1 bénévole vient" in text_of(as_("coordinator").get(page))
    assert 'value="Salle 2"' in text_of(as_("coordinator").get(f"{page}/change"))
    desk = as_("coordinator")
    assert desk.post(f"{page}/change", data={**WHOLE, "place": "Salle 3"}).status_code == 303
    assert "montrent deux fois cette heure" in text_of(desk.get(page))
    assert as_("coordinator").post(f"{page}/cancel").status_code == 303
    assert "Elle n’a pas lieu" in text_of(as_("awa").get(page))
    assert as_("coordinator").get(f"{page}/change").status_code == 409
    db.session.rollback()
    hers = select(Message.kind).where(Message.account_id == people["awa"].id).order_by(Message.id)
    told = db.session.scalars(hers).all()
    assert [kind.value for kind in told] == ["gathering_planned", "gathering_changed", "gathering_cancelled"]


def test_a_mail_of_those_who_rebuild_names_neither_the_house_nor_the_place_and_is_answered_in_one_tap(as_, people):
    as_("coordinator").post("/gatherings/new", data={**WHOLE, "place": "Rebonds du Nord"})
    awa = as_("awa")
    mail = text_of(awa.get("/messages"))
    assert "Le cercle des bénévoles se réunit" in mail
    db.session.rollback()
    message = db.session.scalars(select(Message).where(Message.account_id == people["awa"].id)).one()
    body = text_of(awa.get(f"/messages/{message.public_id}")) if "/messages/" in mail else mail
    assert not any(word in body.split("<main", 1)[1] for word in ("Rebonds du Nord", "Dire non"))
    tap = message.facts["tap"]
    assert "Venez-vous ?" in text_of(awa.get(tap))
    assert awa.post(tap, data={"answer": "yes"}).status_code == 303
    assert "C’est noté : vous venez" in text_of(awa.get(tap))
    assert "Vous avez dit" in text_of(as_("awa").get(MINE))


def test_the_feed_shows_when_and_where(as_, people):
    with transaction() as session:
        make_gathering(session, people["house"].association.id, starts_at=utc_now() + timedelta(days=9))
    inside, outside = as_("awa"), as_("lea")
    addresses = []
    for who in ("awa", "lea"):
        page = text_of(as_(who).post("/calendar/renew"))
        addresses.append(re.search(r"/calendar/[^\s\"<]+\.ics", page)[0])
    assert "Maison des projets" in text_of(inside.get(addresses[0]))
    assert "BEGIN:VEVENT" not in text_of(outside.get(addresses[1]))


def test_who_was_there_is_noted_and_the_hours_count(as_, people):
    gathering = make_past(people)
    with transaction() as session:
        make_gathering_attendance(session, gathering, people["awa_row"])
    page = f"/gatherings/{gathering.public_id}"
    desk = as_("coordinator")
    assert "rencontre de bénévoles à noter" in text_of(desk.get("/dashboard"))
    assert "1 à 1 sur 1" in text_of(desk.get("/gatherings"))
    assert re.search(
        rf'value="{people["awa_row"].public_id}" checked|checked[^>]*{people["awa_row"].public_id}',
        text_of(desk.get(page)),
    )
    assert desk.post(f"{page}/hold", data={"minutes": "90"}).status_code == 422
    present = {"present": [str(people["awa_row"].public_id)], "minutes": "90"}
    assert desk.post(f"{page}/hold", data=present).status_code == 303
    assert "Corriger ce qui est noté" in text_of(desk.get(page))
    assert "1 h 30" in text_of(as_("awa").get(f"/my-availability/{people['awa_row'].public_id}/hours"))
    assert as_("coordinator").post(f"{page}/missed").status_code == 303
    assert read().state is GatheringState.MISSED


def test_a_circle_that_has_not_met_for_long_is_on_the_dashboard(as_, people):
    make_past(people, days=95, state=GatheringState.HELD)
    desk = as_("coordinator")
    assert "rencontre de bénévoles à prévoir" in text_of(desk.get("/dashboard"))
    assert "1 à 1 sur 1" in text_of(desk.get("/gatherings"))


@pytest.mark.parametrize(
    ("field", "value"), [("day", "2020-01-01"), ("starts_at", ""), ("place", ""), ("online_url", "ftp://x")]
)
def test_what_is_not_right_comes_back_with_a_word(as_, field, value):
    answer = as_("coordinator").post("/gatherings/new", data={**WHOLE, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in text_of(answer)


def test_for_others_there_is_no_circle(client, as_, people):
    with transaction() as session:
        starts_at = utc_now() + timedelta(days=9)
        gathering = make_gathering(session, people["house"].association.id, starts_at=starts_at)
    page, row = f"/gatherings/{gathering.public_id}", people["awa_row"]
    assert client.get(MINE).status_code == 303
    for who in ("stranger", "lea"):
        visitor = as_(who)
        for path in (page, "/gatherings", "/gatherings/new", f"{page}/change"):
            assert visitor.get(path).status_code == 404, path
        for action in ("answer", "cancel", "hold", "missed"):
            assert visitor.post(f"{page}/{action}", data={"answer": "yes"}).status_code == 404
        for action in ("join", "leave"):
            assert visitor.post(f"{MINE}/{row.public_id}/{action}").status_code == 404
    assert as_("coordinator").get(MINE).status_code == 404
    assert read().state is GatheringState.PLANNED
    assert row.id in listed()


def test_empty_circles_say_what_comes_next(as_, people):
    with transaction() as session:
        session.execute(SupporterListing.__table__.delete())
    assert "Personne n’est encore dans le cercle" in text_of(as_("coordinator").get("/gatherings"))
    assert "vous ouvririez le cercle" in text_of(as_("awa").get(MINE))
    as_("awa").post(f"{MINE}/{people['awa_row'].public_id}/join", data={"contact": ""})
    assert "Vous ouvrez le cercle" in text_of(as_("awa").get(MINE))


def test_the_pages_take_few_statements(as_, people, statements):
    make_past(people)
    for who, path in (("awa", MINE), ("coordinator", "/gatherings")):
        visitor = as_(who)
        visitor.get(path)
        with statements() as counted:
            visitor.get(path)
        assert counted.number <= 14, path
