"""Pairings as the supporter, the entrepreneur and the coordinator see and decide them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from matcher import readings
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur, Stage
from models.messages import Message, MessageKind
from models.pairings import Pairing
from models.states import PairingState
from models.supporters import Supporter, SupporterRole
from models.topics import Topic
from models.wall import HARD_STAGES, WIDE_STAGES
from tests.factories import make_account, make_entrepreneur, make_pairing, make_supporter
from tests.office import Office
from tests.webapp.member_pages import make_helper, make_house, make_member
from webapp.clock import utc_now
from webapp.messages.wording import render_message
from webapp.pairings import discretion

TOGETHER = {"together": "yes"}
TOKEN = re.compile(r'name="(csrf_token|form_key)"[^>]*>|"X-CSRFToken": "[^"]*"')
DECLINE = "declinereason-"
END = "endreason-"
WITHDRAW = "withdrawreason-"


@pytest.fixture
def house(app):
    with transaction() as session:
        return make_house(session)


@pytest.fixture
def both(house, client, sign_in):
    """A proposal, its supporter (signed in) and its entrepreneur."""
    with transaction() as session:
        supporter, account = make_helper(session, house, expertise={"cash_flow": 3, "sales": 1})
        person, person_account = make_member(
            session,
            house,
            first_name="Awa",
            last_name="Secret",
            phone="06 11 22 33 44",
            project_text="Mon rêve depuis dix ans.",
            needs={"cash_flow": 3, "marketing": 2},
            confided={"after_liquidation": "yes"},
        )
        pairing = make_pairing(session, person, supporter, deadline_at=utc_now() + timedelta(days=4))
    sign_in(client, account)
    return pairing, account, person_account


def text_of(answer):
    return answer.get_data(as_text=True)


def state_of(pairing):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(type(pairing), pairing.id).state


def test_a_proposal_comes_first_with_its_deadline(client, both, house, statements):
    pairing, _account, _person = both
    with statements() as counted:
        page = text_of(client.get("/pairings"))
    assert page.count("<h1") == 1
    assert f"/pairings/{pairing.public_id}" in page
    assert "Awa" in page
    assert counted.number <= 14, counted.texts


def test_the_list_does_not_ask_more_of_the_database_when_it_is_longer(client, both, house, statements):
    pairing, _account, _person = both
    client.get("/pairings")
    numbers = []
    for _round in range(2):
        with statements() as counted:
            client.get("/pairings")
        numbers.append(counted.number)
        with transaction() as session:
            supporter = session.get_one(Supporter, pairing.supporter_id)
            supporter.capacity = 9
            session.flush()
            for _more in range(3):
                make_pairing(session, make_entrepreneur(session, house.association), supporter)
    assert numbers[0] == numbers[1]


def test_before_a_yes_nothing_private_is_shown(client, both, statements):
    pairing, _account, _person = both
    with statements() as counted:
        page = text_of(client.get(f"/pairings/{pairing.public_id}"))
    assert "Mon rêve depuis dix ans." in page
    assert "Trésorerie et impayés" in page
    assert counted.number <= 15, counted.texts
    for private in ("Secret", "06 11 22 33 44", "entrepreneure", "iquidation"):
        assert private not in page
    assert "Secret" not in text_of(client.get("/pairings"))


def test_after_a_yes_the_name_and_the_contact_are_there(client, both):
    pairing, _account, _person = both
    page = f"/pairings/{pairing.public_id}"
    assert client.post(f"{page}/accept", data=TOGETHER).location == page
    assert state_of(pairing) == PairingState.ACTIVE
    for shown in (text_of(client.get(page)), text_of(client.get("/pairings"))):
        assert "Secret" in shown
        assert "06 11 22 33 44" in shown
    assert client.post(f"{page}/accept", data=TOGETHER).location == page
    assert "Elle a compté une fois" in text_of(client.get(page))


def test_who_is_coach_and_mentor_of_one_person_tells_the_two_apart_and_counts_one(client, both, house):
    pairing, account, _person = both
    client.post(f"/pairings/{pairing.public_id}/accept", data=TOGETHER)
    assert "Parrain ou marraine" not in text_of(client.get("/pairings"))
    with transaction() as session:
        coach = make_supporter(session, house.association, account_id=account.id, role="coach", capacity=7)
        person = session.get_one(Entrepreneur, pairing.entrepreneur_id)
        second = make_pairing(session, person, coach, state=PairingState.ACTIVE, budget_minutes=420)
    shown = text_of(client.get("/pairings"))
    assert "<p>Parrain ou marraine</p>" in shown
    assert "<p>Coach</p>" in shown
    assert "Vous accompagnez une personne" in shown
    assert "<p>Coach <" in text_of(client.get(f"/pairings/{second.public_id}"))


def test_a_no_needs_a_reason_and_loses_no_word(client, both):
    pairing, _account, _person = both
    page = f"/pairings/{pairing.public_id}"
    refused = client.post(f"{page}/decline", data={f"{DECLINE}note": "Je pars en voyage."})
    assert refused.status_code == 422
    assert "Je pars en voyage." in text_of(refused)
    assert state_of(pairing) == PairingState.PROPOSED
    data = {f"{DECLINE}reason": "no_time", f"{DECLINE}note": "Je pars."}
    assert client.post(f"{page}/decline", data=data).location == "/pairings"
    assert state_of(pairing) == PairingState.DECLINED
    after = text_of(client.get(page))
    assert "Secret" not in after
    assert "/accept" not in after


@pytest.mark.parametrize(
    "data", [{f"{DECLINE}reason": "because"}, {f"{DECLINE}reason": "other", f"{DECLINE}note": "x" * 1001}]
)
def test_a_decline_that_is_not_right_is_shown_again(client, both, data):
    pairing, _account, _person = both
    assert client.post(f"/pairings/{pairing.public_id}/decline", data=data).status_code == 422
    assert state_of(pairing) == PairingState.PROPOSED


def test_the_entrepreneur_sees_a_first_name_then_whom_she_has_and_may_stop(client, both, sign_in):
    pairing, _account, person_account = both
    page = f"/pairings/{pairing.public_id}"
    own = client.application.test_client()
    sign_in(own, person_account)
    last_name = db.session.get(Supporter, pairing.supporter_id).last_name
    assert last_name not in text_of(own.get(page))
    client.post(f"{page}/accept", data=TOGETHER)
    assert last_name in text_of(own.get(page))
    assert own.post(f"{page}/end", data={"sent": "1"}).status_code == 422
    assert own.post(f"{page}/end", data={f"{END}reason": "not_a_fit"}).status_code == 303
    assert state_of(pairing) == PairingState.ENDED
    assert own.get(page).status_code == 200


def test_the_entrepreneur_does_not_answer_for_the_supporter(client, both, sign_in):
    pairing, _account, person_account = both
    sign_in(client, person_account)
    assert client.post(f"/pairings/{pairing.public_id}/accept").status_code == 404
    assert state_of(pairing) == PairingState.PROPOSED


@pytest.mark.parametrize("stage", ["rebound", "difficulty"])
def test_hard_times_are_not_told_before_a_yes(client, house, sign_in, stage):
    with transaction() as session:
        supporter, account = make_helper(session, house, stages=[stage])
        person, _account = make_member(session, house, stage=stage)
        pairing = make_pairing(session, person, supporter, deadline_at=utc_now() + timedelta(days=4))
    sign_in(client, account)
    word = {"rebound": "Rebond après liquidation", "difficulty": "Entreprise en difficulté"}[stage]
    page = f"/pairings/{pairing.public_id}"
    assert word not in text_of(client.get(page))
    assert word not in text_of(client.get("/pairings"))
    client.post(f"{page}/accept", data=TOGETHER)
    assert word in text_of(client.get(page))


def test_before_a_yes_a_rebound_reads_as_an_early_stage_does(client, house, sign_in):
    """Byte for byte: on the page, in the list, in the mail and on the page of one tap."""
    with transaction() as session:
        account = make_account(session)
    office = Office(person={"stage": "idea"}, supporter={"stages": ["idea", "rebound"]}, supporters=1)
    with transaction() as session:
        session.get_one(Supporter, office.supporters[0].id).account_id = account.id
    pairing = office.propose(at=utc_now())
    letter = db.session.scalars(select(Message).where(Message.kind == MessageKind.PAIRING_PROPOSED)).one()
    letter_id, paths = letter.id, (f"/pairings/{pairing.public_id}", "/pairings", letter.facts["tap"])
    sign_in(client, account)
    seen = []
    for stage in (Stage.IDEA, Stage.REBOUND):
        with transaction() as session:
            session.get_one(Entrepreneur, office.people[0].id).stage = stage
        pages = [TOKEN.sub("", text_of(client.get(path))) for path in paths]
        told = render_message(db.session.get_one(Message, letter_id))
        seen.append([*pages, str(told)])
    assert seen[0] == seen[1]
    assert "Projet en préparation" in seen[0][0]


def brought_by(page):
    return page.split('class="tick-list"')[1].split("</ul>")[0]


def test_what_can_be_brought_is_what_both_profiles_share(client, house, sign_in):
    with transaction() as session:
        supporter, account = make_helper(
            session, house, expertise={"sales": 3}, languages=("fr", "ar"), stages=["launch"], commune_code="75056"
        )
        person, _account = make_member(
            session, house, needs={"sales": 2, "hiring": 3}, languages=("ar", "tr"), wants_bridging=True
        )
        pairing = make_pairing(session, person, supporter, deadline_at=utc_now() + timedelta(days=4))
    sign_in(client, account)
    page = text_of(client.get(f"/pairings/{pairing.public_id}"))
    brought = brought_by(page)
    for word in ("Vente et prospection", "Lancement", "arabe", "soir", "km", "au-delà du quartier"):
        assert word in brought
    assert "turc" not in brought
    assert "Recrutement" not in brought
    assert "Recrutement et management." in page.split("quelqu’un d’autre aidera")[1].split("</p>")[0]


@pytest.mark.parametrize(("role", "is_told"), [(SupporterRole.EXPERT, True), (SupporterRole.MENTOR, False)])
def test_the_trade_is_what_an_expert_brings_and_a_mentor_need_not(client, house, sign_in, role, is_told):
    with transaction() as session:
        supporter, account = make_helper(session, house, role=role, activity_codes=["56.10C"])
        person, _account = make_member(session, house, activity_code="56.10C")
        pairing = make_pairing(session, person, supporter, deadline_at=utc_now() + timedelta(days=4))
    sign_in(client, account)
    assert ("Vous connaissez ce métier" in text_of(client.get(f"/pairings/{pairing.public_id}"))) is is_told


@pytest.mark.parametrize("offered", [False, True])
def test_needs_that_tell_of_hard_times_are_told_before_a_yes_to_who_offers_help_with_them(
    client, house, sign_in, offered
):
    with transaction() as session:
        expertise = {"sales": 3, **({"insolvency_debt": 3} if offered else {})}
        supporter, account = make_helper(session, house, expertise=expertise)
        person, _account = make_member(session, house, needs={"insolvency_debt": 3, "sales": 1, "hiring": 2})
        pairing = make_pairing(session, person, supporter, deadline_at=utc_now() + timedelta(days=4))
    sign_in(client, account)
    word = labels_of("insolvency_debt")
    for page in (f"/pairings/{pairing.public_id}", "/pairings"):
        assert (word.casefold() in text_of(client.get(page)).casefold()) is offered
    client.post(f"/pairings/{pairing.public_id}/accept", data=TOGETHER)
    assert word in text_of(client.get(f"/pairings/{pairing.public_id}"))


def labels_of(slug):
    return db.session.get_one(Topic, slug).label_fr


def test_the_entrepreneur_reads_why_this_person_and_never_what_is_missing(client, both, house, sign_in):
    pairing, _account, person_account = both
    sign_in(client, person_account)
    for page in (f"/pairings/{pairing.public_id}", "/my-steps/team"):
        told = text_of(client.get(page))
        assert "Pourquoi Jean" in told
        assert re.search(r"Jean peut vous aider sur\s: Trésorerie et impayés\.", brought_by(told))
        assert labels_of("marketing") not in brought_by(told)


def test_a_first_talk_whose_day_has_passed_was_planned(client, both, sign_in):
    pairing, _account, person_account = both
    client.post(f"/pairings/{pairing.public_id}/accept", data=TOGETHER)
    with transaction() as session:
        row = session.get_one(Pairing, pairing.id)
        row.answered_at, row.next_meeting_due_at = utc_now() - timedelta(days=15), utc_now() - timedelta(days=5)
    for page in ("/pairings", f"/pairings/{pairing.public_id}"):
        assert "Le premier échange était prévu avant le" in text_of(client.get(page))
    sign_in(client, person_account)
    assert "Le premier échange était prévu avant le" in text_of(client.get(f"/pairings/{pairing.public_id}"))


def test_the_two_lists_of_what_tells_of_hard_times_are_one():
    alike = {stage for stages in WIDE_STAGES.values() if stages & HARD_STAGES for stage in stages}
    assert set(map(str, alike)) == set(map(str, readings.STAGES_LIKE_HARD_ONES))
    assert discretion.HARD_TOPICS == readings.HARD_TOPICS


def test_a_note_with_what_no_text_holds_is_kept_without_it(client, both):
    pairing, _account, _person = both
    data = {f"{DECLINE}reason": "other", f"{DECLINE}note": "Bon\x00jour"}
    for _lost_and_sent_again in range(2):
        assert client.post(f"/pairings/{pairing.public_id}/decline", data=data).status_code == 303
    assert (
        client.post(f"/pairings/{pairing.public_id}/decline", data={**data, f"{DECLINE}note": "!"}).status_code == 409
    )
    assert state_of(pairing) == PairingState.DECLINED
    assert db.session.get(type(pairing), pairing.id).answer_note == "Bonjour"


def test_the_coordinator_withdraws_a_proposal_with_a_reason(client, both, house, sign_in):
    pairing, _account, _person = both
    sign_in(client, house.coordinator)
    page = f"/pairings/{pairing.public_id}"
    assert "Secret" in text_of(client.get(page))
    assert client.post(f"{page}/withdraw", data={"sent": "1"}).status_code == 422
    assert client.post(f"{page}/withdraw", data={f"{WITHDRAW}reason": "other_choice"}).location == page
    assert state_of(pairing) == PairingState.WITHDRAWN
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("path", ["", "/accept", "/decline", "/withdraw", "/end"])
def test_others_do_not_know_of_a_pairing(client, both, house, sign_in, path):
    pairing, _account, _person = both
    with transaction() as session:
        strangers = [
            make_helper(session, house)[1],
            make_member(session, house)[1],
            make_house(session).coordinator,
        ]
    for stranger in strangers:
        sign_in(client, stranger)
        for public_id in (pairing.public_id, uuid4()):
            call = client.post if path else client.get
            assert (
                call(f"/pairings/{public_id}{path}", data={f"{END}reason": "other"} if path else None).status_code
                == 404
            )
    assert state_of(pairing) == PairingState.PROPOSED


@pytest.mark.parametrize("path", ["/pairings", "/pairings/00000000-0000-4000-8000-000000000000"])
def test_pairings_ask_for_a_sign_in(client, app, path):
    assert client.get(path).status_code == 303


def test_nobody_to_support_says_what_to_expect(client, house, sign_in):
    with transaction() as session:
        _supporter, account = make_helper(session, house, role=SupporterRole.EXPERT)
    sign_in(client, account)
    page = text_of(client.get("/pairings"))
    assert "empty-state" in page
    assert house.coordinator.email in page


def test_who_supports_nobody_has_no_list(client, house, sign_in):
    sign_in(client, house.coordinator)
    assert client.get("/pairings").status_code == 404
