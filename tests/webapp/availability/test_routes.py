"""What a supporter offers, and her pauses."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.pairings import Pairing
from models.states import PairingState, SupporterState
from models.supporters import Supporter, SupporterExpertise, SupporterLanguage, SupporterRole
from tests.factories import make_pairing, make_supporter
from tests.webapp.member_pages import make_helper, make_house, make_member
from webapp.clock import day_of, utc_now

PAGE = "/my-availability"


@pytest.fixture
def house(app):
    with transaction() as session:
        return make_house(session)


@pytest.fixture
def helper(house, client, sign_in):
    with transaction() as session:
        supporter, account = make_helper(session, house)
    sign_in(client, account)
    return supporter


def reread(supporter):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Supporter, supporter.id)


def a_form(**values):
    return {
        "capacity": "3",
        "week": ["2", "5"],
        "max_km": "20",
        "accepts_remote": "y",
        "languages": ["fr", "ar"],
        "expertise-cash_flow": "2",
        "expertise-sales": "3",
        "presentation": "Bonjour",
        **values,
    }


def test_the_page_shows_what_is_offered(client, helper, statements):
    with statements() as counted:
        answer = client.get(PAGE)
    page = answer.get_data(as_text=True)
    assert page.count("<h1") == 1
    assert page.count('name="week"') == 21
    assert counted.number <= 12, counted.texts


def test_everything_is_saved_and_what_is_not_asked_stays(client, helper):
    assert client.post(PAGE, data=a_form()).status_code == 303
    after = reread(helper)
    assert (after.capacity, after.availability, after.max_km, after.presentation) == (3, 0b100100, 20.0, "Bonjour")
    assert (after.commune_code, after.activity_codes, after.email) == ("93066", ["69.20Z"], helper.email)
    levels = dict(db.session.execute(select(SupporterExpertise.topic, SupporterExpertise.level)).all())
    assert levels == {"cash_flow": 2, "sales": 3}
    assert set(db.session.scalars(select(SupporterLanguage.language))) == {"fr", "ar"}


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"capacity": "-1"}, "Bonjour"),
        ({"capacity": "many"}, "many"),
        ({"week": []}, "Bonjour"),
        ({"week": ["21"]}, "Bonjour"),
        ({"languages": []}, "Bonjour"),
        ({"max_km": "near"}, "Bonjour"),
        ({"expertise-sales": "9"}, "Bonjour"),
    ],
)
def test_a_form_that_is_not_right_is_shown_again_with_what_was_written(client, helper, values, kept):
    answer = client.post(PAGE, data=a_form(**values))
    assert answer.status_code == 422
    assert kept in answer.get_data(as_text=True)
    assert reread(helper).presentation == ""


def test_capacity_does_not_go_below_what_is_in_use(client, helper, house):
    with transaction() as session:
        person, _account = make_member(session, house)
        make_pairing(session, person, session.get_one(Supporter, helper.id))
    answer = client.post(PAGE, data=a_form(capacity="0"))
    assert answer.status_code == 422
    assert "Bonjour" in answer.get_data(as_text=True)
    after = reread(helper)
    assert (after.capacity, after.presentation) == (2, "")


def test_a_pause_gives_proposals_back_and_ends_when_one_comes_back(client, helper, house):
    with transaction() as session:
        person, _account = make_member(session, house)
        pairing = make_pairing(session, person, session.get_one(Supporter, helper.id))
    address = f"{PAGE}/{helper.public_id}"
    assert client.post(f"{address}/pause").status_code == 303
    assert reread(helper).state == SupporterState.PAUSED
    assert db.session.get(type(pairing), pairing.id).state == PairingState.WITHDRAWN
    assert f"{address}/resume" in client.get(PAGE).get_data(as_text=True)
    assert client.post(f"{address}/pause").location == PAGE
    assert client.post(f"{address}/resume").status_code == 303
    assert reread(helper).state == SupporterState.ACTIVE


def test_a_pause_has_a_day_that_may_be_put_off(client, helper):
    address = f"{PAGE}/{helper.public_id}"
    refused = client.post(f"{address}/pause", data={"pause-back_on": "2020-01-01", "pause-word": "Déménagement"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "à partir de demain" in page
    assert "Déménagement" in page
    assert client.post(f"{address}/pause", data={"pause-back_on": "demain"}).status_code == 422
    assert client.post(f"{address}/pause", data={"pause-word": "x" * 501}).status_code == 422
    assert reread(helper).state == SupporterState.ACTIVE
    day = day_of(utc_now()) + timedelta(days=40)
    assert client.post(f"{address}/pause", data={"pause-back_on": day.isoformat()}).status_code == 303
    assert reread(helper).back_on == day
    assert "nous vous demanderons" in client.get(PAGE).get_data(as_text=True)
    assert client.post(f"{address}/put-off", data={"return-back_on": ""}).status_code == 422
    later = day + timedelta(days=40)
    assert client.post(f"{address}/put-off", data={"return-back_on": "2020-01-01"}).status_code == 422
    assert client.post(f"{address}/put-off", data={"return-back_on": later.isoformat()}).location == PAGE
    assert reread(helper).back_on == later


def test_who_is_on_pause_for_want_of_an_answer_reads_why(client, helper):
    with transaction() as session:
        silent = session.get_one(Supporter, helper.id)
        silent.state, silent.unanswered, silent.back_on = SupporterState.PAUSED, 2, date(2026, 1, 5)
    page = client.get(PAGE).get_data(as_text=True)
    assert "restées sans réponse" in page
    assert "La date de votre pause est arrivée" in page
    pairings = client.get("/pairings").get_data(as_text=True)
    assert "La date de votre pause est arrivée" in pairings
    assert "nous vous demanderons" not in pairings


@pytest.mark.parametrize("action", ["pause", "resume", "put-off"])
def test_nobody_pauses_somebody_else(client, helper, house, action):
    with transaction() as session:
        other = make_supporter(session, house.association)
    for public_id in (other.public_id, uuid4()):
        data = {"return-back_on": (day_of(utc_now()) + timedelta(days=9)).isoformat()}
        assert client.post(f"{PAGE}/{public_id}/{action}", data=data).status_code == 404
    assert reread(other).state == SupporterState.ACTIVE


def test_a_coach_counts_hours_and_reads_how(client, house, sign_in):
    with transaction() as session:
        _coach, account = make_helper(session, house, role=SupporterRole.COACH, capacity=14)
    sign_in(client, account)
    assert "14 heures" in client.get(PAGE).get_data(as_text=True)


def test_who_has_two_roles_chooses_one(client, house, sign_in):
    with transaction() as session:
        mentor, account = make_helper(session, house)
        expert = make_supporter(session, house.association, account_id=account.id, role=SupporterRole.EXPERT)
    sign_in(client, account)
    assert "role=expert" in client.get(PAGE).get_data(as_text=True)
    client.post(f"{PAGE}?role=expert", data=a_form(presentation="Experte"))
    assert (reread(expert).presentation, reread(mentor).presentation) == ("Experte", "")
    assert client.get(f"{PAGE}?role=coach").status_code == 404


def test_the_page_asks_for_a_sign_in_and_for_a_supporter(client, house, sign_in):
    assert client.get(PAGE).status_code == 303
    sign_in(client, house.coordinator)
    assert client.get(PAGE).status_code == 404


def test_less_time_gives_proposals_back_with_a_word(client, house, helper):
    with transaction() as session:
        person, _ = make_member(session, house)
        pairing = make_pairing(session, person, session.get_one(Supporter, helper.id))
    page = f"{PAGE}/{helper.public_id}/less"
    assert client.post(page, data={"less-capacity": ""}).status_code == 422
    assert client.post(page, data={"less-capacity": "0", "less-word": "Un chantier"}).status_code == 303
    db.session.rollback()
    db.session.expire_all()
    given_back = db.session.get_one(Pairing, pairing.id)
    assert (given_back.state, given_back.answer_note) == (PairingState.WITHDRAWN, "Un chantier")
    assert reread(helper).capacity == 0


def test_less_time_is_never_more_and_leads_to_where_more_is_offered(client, house, helper):
    page, before = f"{PAGE}/{helper.public_id}/less", reread(helper).capacity
    answer = client.post(page, data={"less-capacity": str(before + 1)})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert f"entre 0 et {before}." in shown
    assert 'href="#capacity"' in shown
    assert 'id="capacity"' in shown
    # The other form of the page still shows what is known.
    assert shown.count(" checked") == client.get(PAGE).get_data(as_text=True).count(" checked") > 0
    assert reread(helper).capacity == before
    assert client.post(page, data={"less-capacity": str(before)}).status_code == 303
    assert "revenu à la coordination" not in client.get(PAGE).get_data(as_text=True)
    assert "entre 0 et 30." in client.post(PAGE, data={"capacity": "99"}).get_data(as_text=True)


def test_whom_she_supports_stays_and_the_page_says_so(client, house, helper):
    with transaction() as session:
        person, _ = make_member(session, house)
        make_pairing(session, person, session.get_one(Supporter, helper.id), state=PairingState.ACTIVE)
    answer = client.post(f"{PAGE}/{helper.public_id}/less", data={"less-capacity": "0"})
    assert answer.status_code == 422
    assert "Vous accompagnez déjà davantage de personnes." in answer.get_data(as_text=True)
    assert client.post(f"{PAGE}/{uuid4()}/less", data={"less-capacity": "0"}).status_code == 404


def test_papers_that_are_over_are_shown_as_a_warning(client, helper):
    with transaction() as session:
        session.get_one(Supporter, helper.id).insurance_until = date(2020, 1, 31)
    page = client.get(PAGE).get_data(as_text=True)
    assert "Formation et assurance" in page
    assert "Échue" in page
