"""The pages of an entrepreneur's profile."""

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.entrepreneurs import Entrepreneur, EntrepreneurConfided, EntrepreneurLanguage, EntrepreneurNeed
from models.states import EntrepreneurState
from models.territories import QpvCheck
from tests.factories import make_account, make_association, make_coordinator, make_entrepreneur

PAGES = (
    "/my-profile",
    "/my-profile/project",
    "/my-profile/activity",
    "/my-profile/place",
    "/my-profile/head-office",
    "/my-profile/needs",
    "/my-profile/priorities",
    "/my-profile/languages",
    "/my-profile/availability",
    "/my-profile/wishes",
    "/my-profile/words",
)


@pytest.fixture
def person(client, sign_in):
    """A person whose profile is not sent yet, signed in; her association has a coordinator."""
    with transaction() as session:
        association = make_association(session)
        make_coordinator(session, association)
        account = make_account(session)
        entrepreneur = make_entrepreneur(
            session, association, account_id=account.id, state=EntrepreneurState.INCOMPLETE, waiting_since=None
        )
    sign_in(client, account)
    return entrepreneur.public_id


def reread(public_id):
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalar(select(Entrepreneur).where(Entrepreneur.public_id == public_id))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_one_heading_and_a_title(client, person, page, statements):
    with statements() as counted:
        answer = client.get(page)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert text.count("<h1") == 1
    assert "<title> ·" not in text
    assert counted.number <= 12, counted.texts


@pytest.mark.parametrize("page", PAGES)
def test_nobody_reads_a_profile_without_signing_in(client, app, page):
    assert client.get(page).status_code == 303


@pytest.mark.parametrize("page", PAGES)
def test_who_has_no_file_finds_no_profile(client, sign_in, page):
    with transaction() as session:
        account = make_coordinator(session, make_association(session))
    sign_in(client, account)
    assert client.get(page).status_code == 404


def test_one_button_leads_to_the_first_answer_that_is_missing(client, person):
    stored = reread(person)
    stored.availability = 0
    db.session.commit()
    shown = client.get("/my-profile").get_data(as_text=True)
    assert '<a class="btn btn-primary" href="/my-profile/availability">Continuer mon profil</a>' in shown


def test_an_unknown_step_does_not_exist(client, person):
    assert client.get("/my-profile/nowhere").status_code == 404


def test_a_step_saves_and_goes_on_to_the_next(client, person):
    answer = client.post("/my-profile/project", data={"stage": "idea", "project_title": "Couture"})
    assert (answer.status_code, answer.location) == (303, "/my-profile/activity")
    assert reread(person).project_title == "Couture"


@pytest.mark.parametrize(
    ("page", "data", "kept"),
    [
        ("project", {"project_title": "Un long titre"}, "Un long titre"),
        ("needs", {"sent": "1"}, 'name="topics"'),
        ("languages", {"first": "xx", "others": "ar"}, 'value="ar"'),
        ("availability", {"max_km": "10"}, 'value="10.0"'),
        ("availability", {"max_km": "10", "week": "21"}, "<h1"),
        ("wishes", {"roles": "coach"}, 'value="coach"'),
        ("words", {"project_text": "é" * 3001}, "ééé"),
    ],
)
def test_a_form_that_is_not_right_is_shown_again_with_what_was_written(client, person, page, data, kept):
    before = reread(person).updated_at
    answer = client.post(f"/my-profile/{page}", data=data)
    assert answer.status_code == 422
    assert kept in answer.get_data(as_text=True)
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert reread(person).updated_at == before


def test_needs_are_ticked_then_ordered(client, person):
    answer = client.post("/my-profile/needs", data={"topics": ["cash_flow", "sales"]})
    assert answer.location == "/my-profile/priorities"
    answer = client.post("/my-profile/priorities", data={"sales": "3"})
    assert answer.location == "/my-profile/languages"
    needs = dict(db.session.execute(select(EntrepreneurNeed.topic, EntrepreneurNeed.priority)).all())
    assert needs == {"cash_flow": 3, "sales": 3}


def test_without_needs_there_is_nothing_to_order(client, person):
    with transaction() as session:
        session.execute(EntrepreneurNeed.__table__.delete())
    assert client.get("/my-profile/priorities").location == "/my-profile/needs"


def test_the_easiest_language_comes_first(client, person):
    client.post("/my-profile/languages", data={"first": "ar", "others": ["fr", "ar"]})
    entrepreneur = reread(person)
    spoken = db.session.scalars(select(EntrepreneurLanguage.language).order_by(EntrepreneurLanguage.position)).all()
    assert (entrepreneur.public_id, spoken) == (person, ["ar", "fr"])


def test_the_week_is_kept_as_it_was_ticked(client, person):
    client.post("/my-profile/availability", data={"week": ["2", "20"], "max_km": "5", "accepts_remote": "y"})
    after = reread(person)
    assert (after.availability, after.max_km, after.accepts_remote) == (1 << 2 | 1 << 20, 5.0, True)


def test_an_activity_is_found_by_an_everyday_word_and_chosen(client, person):
    page = client.get("/my-profile/activity?q=coiffeuse").get_data(as_text=True)
    assert 'value="96.02A"' in page
    answer = client.post("/my-profile/activity?q=coiffeuse", data={"activity_code": "96.02A"})
    assert answer.location == "/my-profile/place"
    assert reread(person).activity_code == "96.02A"


def test_an_activity_may_stay_unknown(client, person):
    client.post("/my-profile/activity", data={"activity_code": "none"})
    assert reread(person).activity_code is None


def test_words_that_mean_nothing_lead_nowhere_and_say_so(client, person):
    page = client.get("/my-profile/activity?q=zzzz").get_data(as_text=True)
    assert "zzzz" in page


def test_a_town_is_found_by_name_or_postal_code_then_a_neighbourhood_is_chosen(client, person):
    for words in ("saint denis", "93200"):
        assert "commune=93066" in client.get("/my-profile/place", query_string={"q": words}).get_data(as_text=True)
    page = client.get("/my-profile/place?commune=93066").get_data(as_text=True)
    code = page.split('name="choice" ', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    answer = client.post("/my-profile/place?commune=93066", data={"choice": code})
    assert answer.location == "/my-profile/place"
    assert reread(person).qpv_code == code
    assert db.session.scalar(select(QpvCheck.qpv_code)) == code


def test_a_position_answers_without_a_choice(client, person):
    answer = client.post("/my-profile/place?commune=93066", data={"latitude": "46,5", "longitude": "2,0"})
    assert answer.status_code == 303
    assert db.session.scalar(select(QpvCheck.result)) == "outside"


@pytest.mark.parametrize("data", [{}, {"choice": "QN00101M"}, {"latitude": "48"}, {"latitude": "95", "longitude": "2"}])
def test_a_place_that_is_not_right_is_asked_again(client, person, data):
    answer = client.post("/my-profile/place?commune=93066", data=data)
    assert answer.status_code == 422
    assert db.session.scalar(select(QpvCheck.id)) is None


def test_a_town_that_does_not_exist_is_not_found(client, person):
    assert client.get("/my-profile/place?commune=00000").status_code == 404


def test_only_the_pages_about_a_place_may_ask_the_browser_for_it(client, person):
    assert "geolocation=(self)" in client.get("/my-profile/place").headers["Permissions-Policy"]
    assert "geolocation=()" in client.get("/my-profile/words").headers["Permissions-Policy"]


def test_a_whole_profile_is_sent_and_one_that_is_not_goes_back_to_what_is_missing(client, person):
    with transaction() as session:
        session.execute(EntrepreneurNeed.__table__.delete())
    assert client.post("/my-profile/complete").location == "/my-profile/needs"
    assert reread(person).state == EntrepreneurState.INCOMPLETE
    client.post("/my-profile/needs", data={"topics": ["sales"]})
    assert client.post("/my-profile/complete").location == "/my-steps"
    assert reread(person).state == EntrepreneurState.READY


def test_a_profile_that_was_sent_can_be_changed_and_comes_back_to_its_overview(client, person):
    client.post("/my-profile/complete")
    answer = client.post("/my-profile/words", data={"project_text": "Nouveau"})
    assert answer.location == "/my-profile"
    assert reread(person).state == EntrepreneurState.READY


def test_consent_is_given_with_a_wish_and_taken_back_with_one_button(client, person):
    client.post("/my-profile/wishes", data={"roles": ["coach", "mentor"], "coaching_consent": "y"})
    assert db.session.scalar(select(EntrepreneurConfided.coaching_consent_at)) is not None
    assert client.post("/my-profile/consent/withdraw").status_code == 303
    db.session.rollback()
    assert db.session.scalar(select(EntrepreneurConfided.coaching_consent_at)) is None


def test_a_closed_file_shows_whom_to_ask(client, sign_in):
    with transaction() as session:
        association = make_association(session)
        coordinator = make_coordinator(session, association)
        account = make_account(session)
        make_entrepreneur(
            session,
            association,
            account_id=account.id,
            state=EntrepreneurState.CLOSED,
            closed_at=coordinator.created_at,
        )
    sign_in(client, account)
    assert coordinator.email in client.get("/my-profile").get_data(as_text=True)


def test_a_post_without_its_token_changes_nothing(client, person):
    client.sends_token = False
    assert client.post("/my-profile/words", data={"project_text": "Nouveau"}).status_code == 400
    assert reread(person).project_text == ""
