"""The page on which somebody chooses how we write to her."""

import pytest
from sqlalchemy import func, select

from models.correspondence import MailPreference, MailWay
from models.db import db
from models.exceptions import InvalidInputError, NotFoundError
from tests.factories import make_account
from tests.office import NOBODY
from tests.webapp.desk import Desk, fresh
from webapp.messages.wording import PREFERENCES
from webapp.permissions import Actor
from webapp.services.mail_preferences import set_preference

CHOICE = {
    "asks_way": "daily",
    "pairs_way": "weekly",
    "workshops_way": "in_app",
    "circles_way": "each",
    "desk_way": "each",
    "quiet_from": "22",
    "quiet_until": "7",
}


@pytest.fixture
def member(app, sign_in):
    account = make_account(db.session())
    db.session.commit()
    return account, sign_in(app.test_client(), account)


def test_mails_link_to_the_page(app):
    with app.test_request_context():
        assert app.url_map.bind("localhost").build("messages.preferences") == PREFERENCES


def test_without_a_choice_the_usual_is_shown(member):
    page = member[1].get(PREFERENCES).get_data(as_text=True)
    assert page.count("checked") == 4
    assert '<option selected value="20">' in page
    assert '<option selected value="8">' in page
    assert "desk_way" not in page


def test_a_choice_is_kept_and_shown_again(member):
    account, browser = member
    assert browser.post(PREFERENCES, data=CHOICE).location == PREFERENCES
    kept = fresh().scalars(select(MailPreference)).one()
    assert (kept.account_id, kept.asks_way, kept.pairs_way) == (account.id, MailWay.DAILY, MailWay.WEEKLY)
    assert (kept.workshops_way, kept.circles_way) == (MailWay.IN_APP, MailWay.EACH)
    assert (kept.quiet_from, kept.quiet_until) == (22, 7)
    assert kept.desk_way is MailWay.DAILY  # she runs no association: nothing of hers is changed there
    assert '<option selected value="22">' in browser.get(PREFERENCES).get_data(as_text=True)


def test_a_coordinator_chooses_for_her_desk_too(desk: Desk):
    desk.client.post(PREFERENCES, data=CHOICE)
    assert fresh().scalars(select(MailPreference.desk_way)).one() is MailWay.EACH


def test_quiet_hours_can_be_given_up(member):
    _, browser = member
    browser.post(PREFERENCES, data={**CHOICE, "quiet_from": "never"})
    kept = fresh().scalars(select(MailPreference)).one()
    assert kept.quiet_from == kept.quiet_until
    assert '<option selected value="never">' in browser.get(PREFERENCES).get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value"), [("asks_way", "in_app"), ("asks_way", ""), ("pairs_way", "x"), ("quiet_until", "24")]
)
def test_what_cannot_be_is_refused_on_its_field(member, field, value):
    answer = member[1].post(PREFERENCES, data={**CHOICE, field: value})
    assert answer.status_code == 422
    assert "field-error" in answer.get_data(as_text=True)
    assert fresh().scalar(select(func.count()).select_from(MailPreference)) == 0


def test_the_service_refuses_silence_about_deadlines_and_hours_that_no_clock_shows(app, now):
    account = make_account(db.session())
    db.session.commit()
    actor = Actor(account_id=account.id)
    for ways, hours in (({"asks": MailWay.IN_APP}, (20, 8)), ({}, (24, 8)), ({}, (20, -1))):
        with pytest.raises(InvalidInputError):
            set_preference(ways=ways, quiet_from=hours[0], quiet_until=hours[1], actor=actor, at=now)
    with pytest.raises(NotFoundError):
        set_preference(ways={}, quiet_from=20, quiet_until=8, actor=NOBODY, at=now)
