"""The meetings of a circle as pages: the facilitator's, the coordinator's, and each member's."""

import uuid
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from models.circle_meetings import CircleAgreement, CircleAnswer, CircleAttendance, CircleMeeting
from models.circles import Circle, CircleFormat, CircleMember
from models.db import db, transaction
from models.messages import Message
from models.states import CircleMeetingState, CircleMemberState, CircleState
from tests.factories import (
    make_circle,
    make_circle_agreement,
    make_circle_attendance,
    make_circle_meeting,
    make_circle_member,
    make_entrepreneur,
    make_facilitator,
)
from tests.webapp.desk import fresh
from tests.webapp.member_pages import make_helper, make_house, make_member
from webapp.clock import PARIS, utc_now
from webapp.messages.wording import render_message


class Ring:
    """A circle that somebody leads, with three members who can sign in, and its next meeting in ten days."""

    def __init__(self, app, sign_in, **circle):  # type: ignore[no-untyped-def]
        self.app, self.sign_in, session = app, sign_in, db.session()
        house = make_house(session)
        self.house = house
        supporter, self.leader = make_helper(session, house, first_name="Lea")
        made = make_circle(
            session,
            make_facilitator(session, supporter),
            **{"state": CircleState.CONFIRMED, "quorum": 2, "minimum": 3, **circle},
        )
        people = [
            make_member(session, house, first_name=name, wants_circle=True, activity_code=None)
            for name in ("Ana", "Bea", "Eve")
        ]
        self.accounts = [account for _, account in people]
        joined = {"state": CircleMemberState.JOINED}
        self.members = [make_circle_member(session, made, person, **joined) for person, _ in people]
        start = (utc_now() + timedelta(days=10)).replace(microsecond=0)
        self.meeting = make_circle_meeting(session, made, starts_at=start, client_member_id=self.members[0].id)
        self.later = make_circle_meeting(session, made, starts_at=start + timedelta(days=30), number=2)
        self.circle = made
        session.commit()

    def as_(self, account):
        return self.sign_in(self.app.test_client(), account)

    @property
    def as_leader(self):
        return self.as_(self.leader)

    def url(self, action=""):
        return f"/circles/meetings/{self.meeting.public_id}{action}"

    def past(self):
        found = fresh().get_one(CircleMeeting, self.meeting.id)
        found.starts_at = utc_now() - timedelta(hours=3)
        found.quorum_due_at = found.starts_at
        found.report_due_at = found.starts_at + timedelta(hours=2)
        db.session.commit()

    def again(self):
        return fresh().get_one(CircleMeeting, self.meeting.id)


@pytest.fixture
def ring(app, sign_in):
    return Ring(app, sign_in)


def test_a_facilitator_finds_her_circle_from_her_pairings(ring):
    client = ring.as_leader
    assert "Vous animez un cercle" in client.get("/pairings").text
    page = client.get("/circles/led").text
    assert f"/circles/led/{ring.circle.public_id}" in page
    assert "Prochaine rencontre" in page
    assert page.count("<h1") == 1


def test_the_facilitators_page_says_what_is_next_who_comes_whose_turn_and_who_agreed(ring, statements):
    session = db.session()
    make_circle_agreement(session, ring.members[1])
    make_circle_attendance(session, ring.meeting, ring.members[2], answer=CircleAnswer.NO)
    session.commit()
    client = ring.as_leader
    with statements() as counted:
        page = client.get(f"/circles/led/{ring.circle.public_id}")
    assert counted.number <= 16, counted.texts
    for words in ("2 personnes attendues", "Ana", "prochain tour", "a dit oui le", "n’a pas encore dit oui"):
        assert words in page.text
    assert page.text.count("<h1") == 1


def test_what_waits_in_her_circles_stands_on_a_facilitators_pages(ring, statements):
    client = ring.as_leader
    assert "Ce qui attend" not in client.get("/circles/led").text
    ring.past()
    ring.again()
    db.session.get_one(Circle, ring.circle.id).decide_by_at = utc_now() + timedelta(days=4)
    db.session.commit()
    for path in ("/pairings", "/circles/led"):
        with statements() as counted:
            page = client.get(path).text
        assert "Rien ne vous attend" not in page
        waiting = page.split("Ce qui attend")[1] if path == "/pairings" else page.split("Ce qui vous attend")[1]
        assert f"/circles/meetings/{ring.meeting.public_id}" in waiting
        assert "Qui était là" in waiting
        assert "Moins de monde que prévu" in waiting
        assert "À décider avant" in waiting
        assert counted.number <= 16, counted.texts


def test_who_leads_nothing_reads_so(app, sign_in):
    session = db.session()
    _, account = make_helper(session, make_house(session))
    session.commit()
    client = sign_in(app.test_client(), account)
    assert "Vous n’animez pas de cercle" in client.get("/circles/led").text
    assert "Vous animez" not in client.get("/pairings").text


@pytest.mark.parametrize("path", ["/circles/led", "/circles/led/{circle}", "/circles/meetings/{meeting}"])
def test_pages_of_a_circle_want_a_sign_in(ring, path):
    path = path.format(circle=ring.circle.public_id, meeting=ring.meeting.public_id)
    assert ring.app.test_client().get(path).location.startswith("/sign-in")


def test_to_others_a_circle_and_its_meetings_do_not_exist(ring):
    session = db.session()
    _, other = make_helper(session, ring.house)
    _, person = make_member(session, ring.house)
    session.commit()
    posts = ("move", "where", "cancel", "keep", "hold", "missed", "turn", "answer", "swap", "swap-answer")
    for account in (other, person):
        client = ring.as_(account)
        assert client.get(f"/circles/led/{ring.circle.public_id}").status_code == 404
        assert client.get(ring.url()).status_code == 404
        assert client.get(ring.url("/calendar.ics")).status_code == 404
        assert client.post(f"/circles/{ring.circle.public_id}/go-on").status_code == 404
        form = {
            "answer": "yes",
            "day": "2027-01-05",
            "hour": "18:00",
            "place": "Salle Ader",
            "member": str(ring.members[1].public_id),
        }
        assert {client.post(ring.url(f"/{action}"), data=form).status_code for action in posts} == {404}
    member = ring.as_(ring.accounts[0])
    assert member.get(ring.url()).status_code == 404
    assert member.post(ring.url("/cancel")).status_code == 404
    assert member.get(f"/circles/meetings/{uuid.uuid4()}").status_code == 404
    assert ring.again().state is CircleMeetingState.PLANNED


def test_a_meeting_is_moved_and_a_wrong_day_is_said_on_its_field(ring, monkeypatch):
    client = ring.as_leader
    monkeypatch.setattr("webapp.twice.is_twice", lambda *moment: moment == (date.fromisoformat(day), time(19, 15)))
    day = (ring.meeting.starts_at + timedelta(days=1)).astimezone(PARIS).date().isoformat()
    assert client.post(ring.url("/move"), data={"day": day, "hour": "19:15"}).status_code == 303
    assert "montrent deux fois cette heure" in client.get(ring.url()).text
    assert ring.again().wall_start == f"{day}T19:15"
    wrong = client.post(ring.url("/move"), data={"day": "2020-01-01", "hour": "19:15"})
    assert wrong.status_code == 422
    assert "Choisissez un jour à venir" in wrong.text
    assert client.post(ring.url("/move"), data={"day": "", "hour": ""}).status_code == 422
    assert ring.again().wall_start == f"{day}T19:15"


def test_where_a_circle_meets_is_said_once_told_and_in_calendars(ring):
    with transaction() as session:
        circle = session.get_one(Circle, ring.circle.id)
        circle.format, circle.place = CircleFormat.IN_PERSON, "Saint-Denis"
    client, where = ring.as_leader, "Salle Ader, 12 rue de l’Exemple, Saint-Denis"
    said = "Dire où le cercle se retrouve"
    pages = (f"/circles/led/{ring.circle.public_id}", ring.url(), f"/circles/meetings/{ring.later.public_id}")
    assert [said in client.get(page).text for page in pages] == [True, True, False]
    for _ in range(2):
        assert client.post(ring.url("/where"), data={"place": f"  {where} "}).status_code == 303
    told = db.session.scalars(select(Message)).all()
    assert {one.account_id for one in told} == {one.id for one in ring.accounts}
    assert [one.facts["is_place"] for one in told] == [True] * 3
    assert "sa page dit où" in render_message(told[0]).body
    assert "Ader" not in render_message(told[0]).body
    assert [fresh().get_one(CircleMeeting, one.id).sequence for one in (ring.meeting, ring.later)] == [1, 1]
    member = ring.as_(ring.accounts[0])
    assert where in member.get("/circles/mine").text
    assert "Salle Ader" in member.get(ring.url("/calendar.ics")).text
    refused = client.post(ring.url("/where"), data={"place": "là"})
    assert refused.status_code == 422
    assert "Une adresse que chacun trouve" in refused.text


def test_a_circle_online_meets_at_a_link(ring):
    with transaction() as session:
        circle = session.get_one(Circle, ring.circle.id)
        circle.format, circle.place = CircleFormat.ONLINE, ""
    client = ring.as_leader
    assert "commence par https://" in client.post(ring.url("/where"), data={"place": "par Internet"}).text
    client.post(ring.url("/where"), data={"place": "https://visio.example.org/cercle"})
    assert 'href="https://visio.example.org/cercle"' in ring.as_(ring.accounts[0]).get("/circles/mine").text
    assert "visio.example.org" not in client.get("/circles/led").text


def test_the_day_and_hour_that_it_has_already_is_said_on_the_field_and_told_to_nobody(ring):
    client, there = ring.as_leader, ring.meeting.starts_at.astimezone(PARIS)
    ring.again().starts_at = ring.meeting.starts_at.replace(second=0)
    db.session.commit()
    answer = client.post(ring.url("/move"), data={"day": f"{there:%Y-%m-%d}", "hour": f"{there:%H:%M}"})
    assert answer.status_code == 422
    assert "déjà ce jour et cette heure" in answer.text
    assert f'value="{there:%H:%M}"' in answer.text
    assert ring.again().sequence == 0
    assert db.session.scalars(select(Message)).all() == []


def test_a_meeting_that_has_begun_is_noted_and_neither_moved_nor_called_off(ring):
    ring.past()
    client = ring.as_leader
    page = client.get(ring.url()).text
    assert "Noter la rencontre" in page
    assert "À noter" in page
    assert "Prévue" not in page
    assert "Déplacer cette rencontre" not in page
    assert "Annuler cette rencontre" not in page
    assert client.post(ring.url("/cancel")).status_code == 409
    assert client.post(ring.url("/move"), data={"day": "2099-01-05", "hour": "18:00"}).status_code == 409
    assert ring.again().state is CircleMeetingState.PLANNED


def test_who_had_a_turn_that_is_not_noted_yet_is_not_offered_another(ring):
    session = db.session()
    begun = {"starts_at": utc_now() - timedelta(days=2), "number": 3, "client_member_id": ring.members[1].id}
    make_circle_meeting(session, ring.circle, **begun)
    session.commit()
    for page in (ring.as_leader.get(ring.url()).text, ring.as_(ring.accounts[0]).get("/circles/mine").text):
        assert f'value="{ring.members[2].public_id}"' in page
        assert f'value="{ring.members[1].public_id}"' not in page
    form = {"member": str(ring.members[1].public_id)}
    assert ring.as_leader.post(ring.url("/turn"), data=form).status_code == 422
    assert ring.as_(ring.accounts[0]).post(ring.url("/swap"), data=form).status_code == 422


def test_words_of_meetings_and_the_gap_between_buttons(ring):
    page = ring.as_leader.get(f"/circles/led/{ring.circle.public_id}").text
    assert "Présences" in page
    assert "Demandes" not in page
    assert "Annuler cette rencontre" in ring.as_leader.get(ring.url()).text
    page = ring.as_(ring.accounts[0]).get("/circles/mine").text
    assert "Prochain rendez-vous" not in page
    assert page.split('<div class="inline-actions">')[1].split("</div>")[0].count("btn ") == 3


def test_too_few_are_shown_with_what_can_be_done_and_kept(app, sign_in):
    ring = Ring(app, sign_in, quorum=3, minimum=3)
    make_circle_attendance(db.session(), ring.meeting, ring.members[2], answer=CircleAnswer.NO)
    db.session.commit()
    client = ring.as_leader
    page = client.get(ring.url()).text
    assert "Trop peu de personnes viennent" in page
    assert "Maintenir la rencontre" in page
    assert client.post(ring.url("/keep")).status_code == 303
    page = client.get(ring.url()).text
    assert "Elle a lieu en plus petit groupe" in page
    assert "Maintenir la rencontre" not in page


def test_attendance_is_noted_on_one_screen_and_counts_for_the_certificate(ring):
    ring.past()
    client = ring.as_leader
    page = client.get(ring.url()).text
    assert page.count('name="present"') == 3
    assert page.count("checked") >= 3
    here = [str(member.public_id) for member in ring.members[:2]]
    nobody = client.post(ring.url("/hold"), data={"minutes": "90"})
    assert nobody.status_code == 422
    assert "Cochez qui était là" in nobody.text
    absent = {"present": here, "client": str(ring.members[2].public_id), "minutes": "90"}
    assert client.post(ring.url("/hold"), data=absent).status_code == 422
    answer = client.post(ring.url("/hold"), data={"present": here, "client": here[0], "minutes": "90"})
    assert answer.location == f"/circles/led/{ring.circle.public_id}"
    found = ring.again()
    assert (found.state, found.minutes) == (CircleMeetingState.HELD, 90)
    rows = db.session.scalars(select(CircleAttendance).order_by(CircleAttendance.member_id))
    assert [row.was_there for row in rows] == [True, True, False]
    page = plain(client.get(f"/circles/led/{ring.circle.public_id}").text)
    assert "1 h 30" in page
    year = found.starts_at.astimezone(PARIS).year
    hours = page.split("/my-availability/")[1].split('"')[0]
    assert "1 · 1 h 30" in plain(client.get(f"/my-availability/{hours}?year={year}").text)
    assert "Corriger ce qui est noté" in client.get(ring.url()).text
    assert client.post(ring.url("/missed")).status_code == 303
    assert ring.again().state is CircleMeetingState.MISSED


def plain(page):
    return page.replace("\u202f", " ").replace("\xa0", " ")


def test_a_turn_is_given_to_somebody_else_by_the_facilitator(ring):
    client = ring.as_leader
    form = {"member": str(ring.members[2].public_id)}
    assert client.post(ring.url("/turn"), data=form).status_code == 303
    assert ring.again().client_member_id == ring.members[2].id
    assert client.post(ring.url("/turn"), data={"member": "nobody"}).status_code == 422


@pytest.mark.parametrize(
    ("days", "words"), [(3, "Lea vous dit avant le"), (-1, "Lea devait vous dire avant le"), (None, "")]
)
def test_who_would_come_to_few_reads_who_decides_and_until_when(ring, days, words):
    session = db.session()
    if days is not None:
        meeting = session.get_one(CircleMeeting, ring.meeting.id)
        meeting.quorum_due_at = utc_now() + timedelta(days=days)
        for member in ring.members[:2]:
            make_circle_attendance(session, meeting, member, answer=CircleAnswer.NO)
    session.commit()
    page = ring.as_(ring.accounts[2]).get("/circles/mine").text
    assert words in page
    assert ("si elle a lieu" in page) is bool(words)


def test_a_member_sees_the_meeting_answers_with_one_tap_and_changes_her_mind(ring):
    client = ring.as_(ring.accounts[1])
    page = client.get("/circles/mine").text
    for words in ("Venez-vous", "Ana apporte une question", "Ce que nous nous promettons", "Les rencontres suivantes"):
        assert words in page
    assert "Demander à échanger" not in page
    assert client.post(ring.url("/answer"), data={"answer": "no"}).location == "/circles/mine"
    assert "Je ne peux pas venir" in client.get("/circles/mine").text.split("Vous avez dit")[1][:150]
    client.post(ring.url("/answer"), data={"answer": "yes"})
    assert db.session.scalars(select(CircleAttendance.answer)).all() == [CircleAnswer.YES]
    assert client.post(ring.url("/answer"), data={"answer": "perhaps"}).status_code == 422


def test_members_swap_their_turns_between_themselves(ring):
    first, second = ring.as_(ring.accounts[0]), ring.as_(ring.accounts[1])
    assert "C’est votre tour" in first.get("/circles/mine").text
    form = {"member": str(ring.members[1].public_id)}
    assert second.post(ring.url("/swap"), data={"member": str(ring.members[2].public_id)}).status_code == 404
    assert first.post(ring.url("/swap"), data={"member": "x"}).status_code == 422
    assert first.post(ring.url("/swap"), data=form).location == "/circles/mine"
    assert "Vous avez demandé à Bea" in first.get("/circles/mine").text
    assert "Ana vous demande de prendre ce tour" in second.get("/circles/mine").text
    assert second.post(ring.url("/swap-answer"), data={"answer": "yes"}).location == "/circles/mine"
    assert ring.again().client_member_id == ring.members[1].id


def test_the_contract_is_agreed_to_with_its_date(ring):
    client = ring.as_(ring.accounts[0])
    member = ring.members[0].public_id
    assert "Rien de ce qui se dit ici n’arrive au comité" in client.get("/circles/mine").text
    assert client.post(f"/circles/mine/{member}/agree").location == "/circles/mine"
    assert "Vous avez dit oui le" in client.get("/circles/mine").text
    assert db.session.scalars(select(CircleAgreement.member_id)).all() == [ring.members[0].id]
    assert client.post(f"/circles/mine/{ring.members[1].public_id}/agree").status_code == 404


def test_a_meeting_goes_into_a_calendar_under_one_name(ring):
    for account in (ring.leader, ring.accounts[0], ring.house.coordinator):
        answer = ring.as_(account).get(ring.url("/calendar.ics"))
        assert answer.content_type == "text/calendar; charset=utf-8"
        body = answer.text
        assert f"UID:{ring.meeting.public_id}@maillage" in body
        assert "SEQUENCE:0" in body
        assert "Ana" not in body
    ring.as_leader.post(ring.url("/cancel"))
    body = ring.as_leader.get(ring.url("/calendar.ics")).text
    assert "SEQUENCE:1" in body
    assert "STATUS:CANCELLED" in body


def test_the_coordinator_sees_meetings_contract_and_what_is_to_decide(ring):
    circle = fresh().get_one(Circle, ring.circle.id)
    circle.minimum, circle.decide_by_at = 6, utc_now() + timedelta(days=3)
    db.session.commit()
    client = ring.as_(ring.house.coordinator)
    page = client.get(f"/circles/{ring.circle.public_id}").text
    for words in ("Rencontres", "Engagement du cercle", "À décider avant", "Voir qui pourrait rejoindre"):
        assert words in page
    assert client.get(ring.url()).status_code == 200
    answer = client.post(f"/circles/{ring.circle.public_id}/go-on")
    assert answer.location == f"/circles/{ring.circle.public_id}"
    assert "À décider avant" not in client.get(f"/circles/{ring.circle.public_id}").text
    assert client.post(f"/circles/{ring.circle.public_id}/go-on").status_code == 409


def test_a_free_place_is_offered_from_the_list_of_who_fits_best(ring):
    client = ring.as_(ring.house.coordinator)
    path = f"/circles/{ring.circle.public_id}/next-people"
    assert "Personne n’attend de cercle" in client.get(path).text
    session = db.session()
    far = make_entrepreneur(session, ring.house.association, wants_circle=True, activity_code=None, availability=1)
    session.commit()
    assert "Personne ne convient ici" in client.get(path).text
    fits = make_entrepreneur(
        session,
        ring.house.association,
        first_name="Fatou",
        wants_circle=True,
        activity_code=None,
        needs={"cash_flow": 3},
        offers={"cash_flow": 3},
    )
    session.commit()
    assert "Proposer la place à Fatou" in client.get(path).text
    add = f"/circles/{ring.circle.public_id}/add"
    assert client.post(add, data={"person": str(far.public_id)}).status_code == 409
    assert client.post(add, data={"person": "x"}).status_code == 422
    assert client.post(add, data={"person": str(fits.public_id)}).status_code == 303
    placed = fresh().scalars(select(CircleMember).where(CircleMember.entrepreneur_id == fits.id)).one()
    assert placed.state is CircleMemberState.INVITED


def test_the_team_and_the_steps_of_a_member_name_the_next_meeting(ring):
    client = ring.as_(ring.accounts[0])
    assert "Prochaine rencontre" in client.get("/my-steps/team").text
    page = client.get("/my-steps").text
    assert "Votre cercle se réunit" in page
    assert "C’est votre tour" in page
