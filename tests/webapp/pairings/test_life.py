"""The life of a pairing on its pages: questions, dates, talks, charter, pause, end, for each of the three sides."""

import re
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.accounts import Account
from models.charters import Charter
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.meetings import Meeting
from models.messages import Message, MessageKind
from models.moves import write_event
from models.pairings import Pairing
from models.states import CharterState, MeetingState, PairingState
from models.supporters import Supporter
from tests.factories import make_assisted_call, make_coordinator, make_meeting, make_pairing
from tests.webapp.member_pages import make_helper, make_house, make_member
from webapp.clock import PARIS, day_of, utc_now
from webapp.templating import format_day, format_weekday


@pytest.fixture
def people(app):
    """A proposal with its supporter's, its entrepreneur's and a coordinator's accounts."""
    with transaction() as session:
        house = make_house(session)
        supporter, helper = make_helper(session, house, expertise={"cash_flow": 3})
        person, member = make_member(session, house, first_name="Awa", last_name="Diallo", needs={"cash_flow": 3})
        coordinator = make_coordinator(session, house.association)
        pairing = make_pairing(session, person, supporter, deadline_at=utc_now() + timedelta(days=4))
    return {"pairing": pairing, "supporter": helper, "entrepreneur": member, "coordinator": coordinator}


@pytest.fixture
def as_(client, sign_in, people):
    return lambda side: sign_in(client, people[side])


@pytest.fixture
def page(people):
    return f"/pairings/{people['pairing'].public_id}"


def text_of(answer):
    return answer.get_data(as_text=True)


def read(kind):
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(kind)).one()


def pairing_parties(pairing):
    found = db.session
    person, helper = (
        found.get_one(Entrepreneur, pairing.entrepreneur_id),
        found.get_one(Supporter, pairing.supporter_id),
    )
    return person.public_id, helper.public_id


def dates(days=7, hour="18:00"):
    day = (utc_now().astimezone(PARIS) + timedelta(days=days)).date().isoformat()
    return {"dates-day_1": day, "dates-hour_1": hour, "dates-format": "phone"}


def accept(as_, page, **form):
    return as_("supporter").post(f"{page}/accept", data=form or {"together": "yes"})


def test_a_supporter_asks_the_coordinator_answers_and_she_accepts_with_dates(as_, page):
    phone, asked = as_("supporter"), {"ask-words": "Parle-t-elle anglais ?"}
    for _lost_and_sent_again in range(2):
        assert phone.post(f"{page}/ask", data=asked).location == page
    other = phone.post(f"{page}/ask", data={"ask-words": "Et turc, peut-être ?"})
    assert (other.status_code, "Et turc, peut-être ?" in text_of(other)) == (409, True)
    assert read(Pairing).state is PairingState.ASKED
    desk = as_("coordinator")
    assert "Parle-t-elle anglais ?" in text_of(desk.get(page))
    assert desk.post(f"{page}/answer", data={"answer-words": "Un peu."}).status_code == 303
    answered = text_of(as_("supporter").get(page))
    assert "Un peu." in answered
    assert accept(as_, page, **dates()).status_code == 303
    assert read(Meeting).state is MeetingState.PROPOSED


def test_other_dates_of_an_old_page_are_not_said_to_have_counted(as_, page):
    first, other = dates(days=7), dates(days=9)
    assert accept(as_, page, **first).status_code == 303
    assert accept(as_, page, **first).location == page  # sent again: it counted once
    assert accept(as_, page, **other).status_code == 409
    assert "Où cela en est maintenant" in text_of(accept(as_, page, **other))
    assert len(read(Meeting).slots) == 1


def test_a_talk_noted_by_mistake_is_put_right_and_its_hours_go(as_, page):
    accept(as_, page)
    today = utc_now().astimezone(PARIS).date().isoformat()
    as_("supporter").post(f"{page}/meetings/log", data={"log-day": today, "log-minutes": "240"})
    assert "Un échange à ce jour, 4 h en tout." in text_of(as_("entrepreneur").get(page))
    undo = f"{page}/meetings/{read(Meeting).public_id}/missed"
    assert f'action="{undo}"' in text_of(as_("supporter").get(page))
    assert as_("supporter").post(undo).status_code == 303
    seen = text_of(as_("entrepreneur").get(page))
    assert "Aucun échange n’est encore noté." in seen
    assert f'action="{undo}"' not in seen


def test_who_plans_for_two_is_not_told_that_she_is_one_of_them(as_, page):
    accept(as_, page)
    desk = as_("coordinator")
    sent = text_of(desk.post(f"{page}/meetings", data=dates(), follow_redirects=True))
    assert "l’une des deux personnes choisit d’un geste" in sent
    meeting = read(Meeting)
    chosen = {"starts_at": meeting.slots[0]["starts_at"]}
    agreed = text_of(desk.post(f"{page}/meetings/{meeting.public_id}/confirm", data=chosen, follow_redirects=True))
    assert "C’est fixé, et les deux personnes sont prévenues." in agreed
    off = text_of(desk.post(f"{page}/meetings/{meeting.public_id}/cancel", follow_redirects=True))
    assert "Elles conviennent ensemble d’une autre date." in off


def test_dates_are_chosen_with_one_tap_and_go_to_the_calendar(as_, client, page, monkeypatch):
    night = date.fromisoformat(dates()["dates-day_1"]), time(18, 0)
    monkeypatch.setattr("webapp.twice.is_twice", lambda *moment: moment == night)
    accept(as_, page, **dates())
    assert "montrent deux fois cette heure" in text_of(client.get(page))
    meeting = read(Meeting)
    phone = as_("entrepreneur")
    shown = text_of(phone.get(page))
    starts_at = meeting.slots[0]["starts_at"]
    assert f'value="{starts_at}"' in shown
    answer = phone.post(f"{page}/meetings/{meeting.public_id}/confirm", data={"starts_at": starts_at})
    assert answer.status_code == 303
    assert phone.post(answer.request.path, data={"starts_at": starts_at}).location == page
    assert (read(Meeting).state, read(Meeting).sequence) == (MeetingState.CONFIRMED, 1)
    calendar = text_of(phone.get(f"{page}/meetings/{meeting.public_id}/calendar.ics"))
    assert f"UID:{meeting.public_id}@maillage" in calendar
    assert "SEQUENCE:1" in calendar
    assert "Awa" not in calendar
    phone.post(f"{page}/meetings/{meeting.public_id}/cancel", data={"cancel-word": "Malade"})
    assert "STATUS:CANCELLED" in text_of(phone.get(f"{page}/meetings/{meeting.public_id}/calendar.ics"))


def test_dates_that_are_sent_twice_are_told_once(as_, page, monkeypatch):
    accept(as_, page)
    helper = as_("supporter")
    shown = text_of(helper.get(page))
    key = re.search(rf'action="{page}/meetings".*?name="form_key" value="([^"]+)"', shown, re.DOTALL).group(1)
    night = date.fromisoformat(dates()["dates-day_1"]), time(18, 0)
    monkeypatch.setattr("webapp.twice.is_twice", lambda *moment: moment == night)
    for _twice in range(2):
        answer = helper.post(f"{page}/meetings", data={**dates(), "form_key": key})
        assert (answer.status_code, answer.location) == (303, page)
    assert read(Meeting).sequence == 0
    shown = text_of(helper.get(page))
    assert "Il a compté une fois" in shown
    assert "montrent deux fois cette heure" in shown


@pytest.mark.parametrize(
    ("side", "to_two", "to_her", "to_helper"),
    [
        ("entrepreneur", "Nous prévenons aussitôt Paul,", "Vous avez annulé", "Awa a annulé"),
        ("supporter", "Nous prévenons aussitôt Awa,", "Paul a annulé", "Vous avez annulé"),
        ("coordinator", "Nous prévenons aussitôt Awa et Paul,", "L’association a annulé", "L’association a annulé"),
    ],
)
def test_calling_off_says_who_is_told_and_afterwards_who_did_it(as_, page, side, to_two, to_her, to_helper):
    with transaction() as session:
        session.query(Supporter).update({"first_name": "Paul"})
    accept(as_, page, **dates())
    desk = as_(side)
    assert to_two in text_of(desk.get(page))
    desk.post(f"{page}/meetings/{read(Meeting).public_id}/cancel")
    for reader, words in (("entrepreneur", to_her), ("supporter", to_helper)):
        assert f"{words} le dernier rendez-vous" in text_of(as_(reader).get(page))


def test_a_talk_is_logged_by_either_and_its_next_step_is_for_the_two(as_, page):
    accept(as_, page)
    today = utc_now().astimezone(PARIS).date().isoformat()
    form = {"log-day": today, "log-minutes": "240", "log-next_step": "Appeler la banque demain"}
    assert as_("entrepreneur").post(f"{page}/meetings/log", data=form).status_code == 303
    assert read(Meeting).state is MeetingState.HELD
    assert "Appeler la banque demain" in text_of(as_("supporter").get(page))
    seen = text_of(as_("coordinator").get(page))
    assert "Appeler la banque demain" not in seen
    assert "4 h" in seen


def test_three_sign_and_the_document_is_kept(as_, page):
    accept(as_, page)
    for side in ("entrepreneur", "supporter", "coordinator"):
        signed_in = as_(side)
        assert "sign-name" in text_of(signed_in.get(f"{page}/charter"))
        assert signed_in.get(f"{page}/charter.pdf").status_code == 404
        assert signed_in.post(f"{page}/charter/sign", data={"sign-name": "Une Personne"}).status_code == 303
    assert read(Charter).state is CharterState.SIGNED
    answer = as_("entrepreneur").get(f"{page}/charter.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")


def test_a_paper_signature_is_marked(as_, page):
    accept(as_, page)
    desk = as_("coordinator")
    form = {"paper-party": "entrepreneur", "paper-name": "Awa Diallo"}
    assert desk.post(f"{page}/charter/paper", data=form).status_code == 303
    assert "Sur papier" in text_of(desk.get(f"{page}/charter"))
    assert desk.post(f"{page}/charter/paper", data={"paper-party": "nobody", "paper-name": "A"}).status_code == 422


def test_the_buttons_are_the_moves(as_, page):
    proposed = text_of(as_("supporter").get(page))
    assert f"{page}/ask" in proposed
    assert f"{page}/pause" not in proposed
    accept(as_, page)
    for side in ("supporter", "entrepreneur", "coordinator"):
        active = text_of(as_(side).get(page))
        assert active.count("<h1") == 1
        assert f"{page}/pause" in active
        assert f"{page}/resume" not in active
    as_("entrepreneur").post(f"{page}/pause")
    for side in ("supporter", "entrepreneur", "coordinator"):
        paused = text_of(as_(side).get(page))
        assert f"{page}/resume" in paused
        assert f"{page}/meetings/log" in paused
        assert f'action="{page}/pause"' not in paused
    as_("supporter").post(f"{page}/resume")
    assert read(Pairing).state is PairingState.ACTIVE


def test_an_end_with_its_wish_leaves_an_interview_to_hold(as_, page):
    accept(as_, page)
    form = {"endreason-reason": "not_a_fit", "endreason-wants_other": "no"}
    as_("entrepreneur").post(f"{page}/end", data=form)
    ended = read(Pairing)
    assert (ended.state, ended.wants_other, ended.closing_done_at) == (PairingState.ENDED, False, None)
    desk = as_("coordinator")
    assert f"{page}/closing" in text_of(desk.get(page))
    assert desk.post(f"{page}/closing").status_code == 303
    assert read(Pairing).closing_done_at is not None


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("ask", {"ask-words": " "}),
        ("meetings", {"dates-day_1": "demain"}),
        ("meetings", {**dates(), "dates-day_2": "2027-01-01"}),
        ("meetings/log", {"log-day": "2026-13-01"}),
        ("charter/sign", {"sign-name": ""}),
    ],
)
def test_what_cannot_be_read_is_asked_again(as_, page, path, form):
    if path != "ask":
        accept(as_, page)
    answer = as_("supporter").post(f"{page}/{path}", data=form)
    assert answer.status_code == 422
    assert "alert" in text_of(answer)


def test_a_yes_needs_dates_unless_she_chooses_to_find_one_together(as_, page):
    mentor = as_("supporter")
    for form in ({}, {"together": "no"}):
        refused = mentor.post(f"{page}/accept", data=form)
        assert refused.status_code == 422
        assert 'id="dates-day_1-error"' in text_of(refused)
        assert read(Pairing).state is PairingState.PROPOSED
    mentor.post(f"{page}/accept", data={"together": "yes"})
    due = format_weekday(read(Pairing).next_meeting_due_at)
    shown = text_of(mentor.get(page))
    assert f"Fixez une première date ensemble, avant le {due}" in shown
    assert re.search(r'<details class="confirm" open>\s*<summary[^>]*>Proposer des dates', shown)


@pytest.mark.parametrize("path", ["accept", "meetings"])
def test_a_date_that_has_gone_by_is_said_on_its_field_and_nothing_typed_is_lost(as_, page, path):
    if path == "meetings":
        accept(as_, page)
    gone = {f"{name.removesuffix('1')}3": value for name, value in dates(-1).items() if name.endswith("1")}
    form = {**dates(), **gone, "dates-format": "in_person", "dates-place": "Café du coin"}
    refused = as_("supporter").post(f"{page}/{path}", data=form)
    shown = text_of(refused)
    assert refused.status_code == 422
    assert "sont déjà passés" in shown.split('id="dates-day_3-error"')[1].split("</p>")[0]
    assert all(value in shown for value in form.values())
    assert db.session.scalars(select(Meeting)).all() == []


def test_a_first_date_may_be_late_which_is_said_and_not_so_far_that_they_lose_sight_of_each_other(as_, page):
    mentor = as_("supporter")
    far = mentor.post(f"{page}/accept", data=dates(days=60))
    error = text_of(far).split('id="dates-day_1-error"')[1].split("</p>")[0]
    assert (far.status_code, "42 jours à l’avance au plus" in error) == (422, True)
    assert mentor.post(f"{page}/accept", data=dates(days=30)).status_code == 303
    assert "aide à bien démarrer" in text_of(mentor.get(page))
    mentor.post(f"{page}/meetings", data=dates(days=5))
    assert "aide à bien démarrer" not in text_of(mentor.get(page))


def test_a_talk_on_a_day_that_cannot_be_is_said_on_its_field(as_, page):
    accept(as_, page)
    for days in (-400, 1):
        day = (utc_now() + timedelta(days=days)).astimezone(PARIS).date().isoformat()
        form = {"log-day": day, "log-minutes": "90", "log-next_step": "Appeler la banque"}
        refused = as_("entrepreneur").post(f"{page}/meetings/log", data=form)
        assert refused.status_code == 422
        assert "entre le début du binôme" in text_of(refused).split('id="log-day-error"')[1].split("</p>")[0]
        assert day in text_of(refused)
        assert "Appeler la banque" in text_of(refused)


def test_a_date_that_is_no_longer_proposed_leads_back_to_where_things_stand(as_, page):
    accept(as_, page, **dates())
    path = f"{page}/meetings/{read(Meeting).public_id}/confirm"
    phone = as_("entrepreneur")
    assert phone.post(path, data={"starts_at": utc_now().isoformat()}).location == page
    assert "n’est plus proposée" in text_of(phone.get(page))


def test_a_meeting_that_has_begun_is_noted_not_moved_or_called_off(as_, page):
    accept(as_, page)
    with transaction() as session:
        meeting = make_meeting(
            session, read(Pairing), state=MeetingState.CONFIRMED, starts_at=utc_now() - timedelta(hours=2)
        )
    phone = as_("entrepreneur")
    shown = text_of(phone.get(page))
    assert f"{page}/meetings/{meeting.public_id}/missed" in shown
    assert f"{page}/meetings/{meeting.public_id}/cancel" not in shown
    assert f'action="{page}/meetings"' not in shown
    assert phone.post(f"{page}/meetings/{meeting.public_id}/cancel").status_code == 409


def test_who_asked_waits_for_the_answer_and_nobody_is_pressed_for_hers(as_, page):
    as_("supporter").post(f"{page}/ask", data={"ask-words": "Combien de temps ?"})
    for shown in (text_of(as_("supporter").get(path)) for path in (page, "/pairings")):
        assert "votre délai attend." in shown
        assert "Merci de répondre avant" not in shown
    desk, pairing = as_("coordinator"), read(Pairing)
    assert "Réponse attendue de" not in text_of(desk.get(page))
    person, helper = pairing_parties(pairing)
    assert "sur la proposition reçoit une réponse" in text_of(desk.get(f"/entrepreneurs/{person}"))
    assert "à vous de répondre avant" in text_of(desk.get(f"/supporters/{helper}"))
    assert "Réponse avant" not in text_of(as_("entrepreneur").get(page))


def test_talks_are_expected_by_how_long_the_two_are_together(as_, page):
    accept(as_, page)
    today = utc_now().astimezone(PARIS).date().isoformat()
    mentor = as_("supporter")
    mentor.post(f"{page}/meetings/log", data={"log-day": today, "log-minutes": "60"})
    for days, told in ((3, None), (40, "un échange est attendu"), (95, "pour trois attendus")):
        with transaction() as session:
            session.scalars(select(Pairing)).one().answered_at = utc_now() - timedelta(days=days)
        talks = text_of(mentor.get(page)).split("Vos échanges")[1].split("</section>")[0]
        assert told in talks if told else "attendu" not in talks
    with transaction() as session:
        for action, days in (("pause", 70), ("resume", 5)):
            pairing = session.scalars(select(Pairing)).one()
            write_event(session, pairing, action, actor_id=None, at=utc_now() - timedelta(days=days))
    assert "attendu" not in text_of(mentor.get(page)).split("Vos échanges")[1].split("</section>")[0]


def test_what_two_noted_stays_readable_for_both_after_the_end(as_, page):
    accept(as_, page)
    today = utc_now().astimezone(PARIS).date().isoformat()
    note = {"log-day": today, "log-minutes": "60", "log-next_step": "Relire le devis"}
    as_("supporter").post(f"{page}/meetings/log", data=note)
    as_("entrepreneur").post(f"{page}/end", data={"endreason-reason": "goal_reached"})
    assert read(Pairing).state is PairingState.ENDED
    for side, is_read in (("supporter", True), ("entrepreneur", True), ("coordinator", False)):
        assert ("Relire le devis" in text_of(as_(side).get(page))) is is_read


def test_the_last_talk_can_still_be_noted_once_the_two_have_ended(as_, page):
    accept(as_, page)
    with transaction() as session:
        make_meeting(session, read(Pairing), state=MeetingState.CONFIRMED, starts_at=utc_now())
    as_("supporter").post(f"{page}/end", data={"endreason-reason": "goal_reached"})
    for side in ("supporter", "entrepreneur", "coordinator"):
        shown = text_of(as_(side).get(page))
        assert f"{page}/meetings/log" in shown
        assert f"{page}/meetings/{read(Meeting).public_id}/missed" in shown
    today = utc_now().astimezone(PARIS).date().isoformat()
    as_("entrepreneur").post(f"{page}/meetings/log", data={"log-day": today, "log-minutes": "60"})
    assert read(Meeting).state is MeetingState.HELD
    with transaction() as session:
        session.scalars(select(Pairing)).one().ended_at = utc_now() - timedelta(days=31)
    assert "/meetings/" not in text_of(as_("supporter").get(page))


def test_who_had_proposed_dates_is_told_that_others_replace_them(as_, page):
    accept(as_, page, **dates())
    as_("entrepreneur").post(f"{page}/meetings", data=dates(days=9))
    as_("entrepreneur").post(f"{page}/meetings", data=dates(days=10))
    told = select(Message.facts).where(Message.kind == MessageKind.MEETING_PROPOSED).order_by(Message.id)
    assert [facts.get("replaces") for facts in db.session.scalars(told)] == [True, None]


def test_what_is_late_was_due(as_, page):
    accept(as_, page)
    with transaction() as session:
        session.scalars(select(Charter)).one().due_at = utc_now() - timedelta(days=2)
    for shown in (text_of(as_("entrepreneur").get(path)) for path in (page, f"{page}/charter")):
        assert "était prévue avant le" in shown
        assert "À signer par" not in shown


def test_what_a_coordinator_does_with_her_on_the_telephone_is_marked_for_coordinators(as_, page, people):
    accept(as_, page)
    today = utc_now().astimezone(PARIS).date().isoformat()
    desk, mark = as_("coordinator"), "Avec la personne, au téléphone"
    desk.post(f"{page}/meetings/log", data={"log-day": today, "log-minutes": "60"})
    assert mark not in text_of(desk.get(page))
    with transaction() as session:
        person = session.get_one(Entrepreneur, people["pairing"].entrepreneur_id)
        make_assisted_call(session, person, people["coordinator"], began_at=utc_now())
    desk.post(f"{page}/meetings", data=dates())
    shown = text_of(desk.get(page))
    assert shown.count(mark) == shown.split("Prochain rendez-vous")[1].split("</section>")[0].count(mark) == 1
    desk.post(f"{page}/pause")
    shown = text_of(desk.get(page))
    assert shown.count(mark) == shown.split("</h1>")[1].split("<dl")[0].count(mark) == 1
    assert mark not in text_of(as_("supporter").get(page))


def test_a_date_that_is_not_one_is_refused(as_, page):
    accept(as_, page, **dates())
    path = f"{page}/meetings/{read(Meeting).public_id}/confirm"
    for wrong in ("", "demain", "2026-12-08T18:00"):
        assert as_("entrepreneur").post(path, data={"starts_at": wrong}).status_code == 422


def test_others_and_anonymous_see_nothing(as_, client, page, people, sign_in):
    accept(as_, page, **dates())
    meeting = read(Meeting).public_id
    with transaction() as session:
        _stranger, account = make_helper(session, make_house(session))
    paths = ("charter", "charter.pdf", f"meetings/{meeting}/calendar.ics")
    sign_in(client, account)
    assert {client.get(f"{page}/{path}").status_code for path in paths} == {404}
    assert client.post(f"{page}/meetings/{meeting}/cancel").status_code == 404
    assert client.post(f"{page}/pause").status_code == 404
    assert client.get(f"/pairings/{uuid4()}/charter").status_code == 404


def test_the_page_asks_little_of_the_database(as_, page, statements):
    accept(as_, page, **dates())
    client = as_("supporter")
    client.get(page)
    with statements() as counted:
        client.get(page)
    assert counted.number <= 19, counted.texts


def test_used_hours_wait_for_the_coordinator_on_every_page(as_, page, people):
    number = people["pairing"].id
    with transaction() as session:
        values = {"state": PairingState.ACTIVE, "role": "coach", "cost": 7, "budget_minutes": 420}
        values |= {"answered_at": utc_now(), "next_meeting_due_at": utc_now(), "ends_on": day_of(utc_now())}
        session.query(Supporter).update({"role": "coach", "capacity": 14})
        session.query(Pairing).update(values)
        make_meeting(session, session.get_one(Pairing, number), state="held", minutes=480, logged_at=utc_now())
    day = format_day(utc_now() + timedelta(days=7), "EEEE d MMMM")
    pages = {"supporter": (page, "/pairings"), "entrepreneur": (page, "/my-steps", "/my-steps/team")}
    for side, paths in {**pages, "coordinator": (page,)}.items():
        shown = as_(side)
        for path in paths:
            text = text_of(shown.get(path))
            assert f"la coordination décide avant le {day}" in text
            assert f'{page}/meetings"' not in text
            assert "échange avant" not in text
    desk = as_("coordinator")
    assert "en ajouter, ou y mettre fin" in text_of(desk.get("/dashboard/follow-up"))
    form = {"hours-hours": "2", "form_key": re.findall(r'name="form_key" value="([^"]+)"', text_of(desk.get(page)))[0]}
    assert [desk.post(f"{page}/hours", data=form).status_code for _sent in range(2)] == [303, 303]
    assert read(Pairing).budget_minutes == 540
    assert "en ajouter, ou y mettre fin" not in text_of(desk.get("/dashboard/follow-up"))
    assert f'{page}/meetings"' in text_of(as_("entrepreneur").get(page))


@pytest.mark.parametrize(("closed", "reader"), [("entrepreneur", "supporter"), ("supporter", "entrepreneur")])
def test_who_works_with_somebody_whose_account_is_closed_reads_what_comes_next(as_, page, people, closed, reader):
    accept(as_, page, **dates())
    assert "est fermé" not in text_of(as_(reader).get(page))
    with transaction() as session:
        session.get_one(Account, people[closed].id).is_active = False
        other = getattr(session.get_one(Pairing, people["pairing"].id), f"{closed}_id")
        name = session.get_one(Entrepreneur if closed == "entrepreneur" else Supporter, other).first_name
    told = text_of(as_(reader).get(page))
    assert f"Le compte {'d’' if name[0] in 'AEIOU' else 'de '}{name} est fermé" in told
    assert "voit la suite avec vous deux" in told
    coordinator = as_("coordinator")
    shown = text_of(coordinator.get(page))
    assert "rouvrir le compte, ou mettre fin au binôme" in shown
    coordinator.post(re.search(r'action="(/[^"]+/open)"', shown)[1])
    assert "est fermé" not in text_of(coordinator.get(page))
