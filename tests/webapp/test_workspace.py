"""A form does what it says where it was opened, whatever another tab has shown meanwhile."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.accounts import Account, Coordinator
from models.associations import Association
from models.db import db
from models.series import WorkshopSeries
from tests.factories import make_association, make_coordinator, make_entrepreneur, make_match_run
from webapp.access import Access, declared_access
from webapp.workspace import SWITCH

ASKED_FOR = {
    *("gatherings.plan", "clocks.edit", "series.add", "supporters.add", "workshops.add", "match_runs.start"),
    *("match_runs.rematch", "weights.draft", "weights.again", "entrepreneurs.add", "entrepreneurs.invite_all"),
    *("imports.check", "imports.confirm", "imports.export", "circles.propose", "handovers.trained"),
}
REFUSED = "Another association was open when you sent this form"
SERIES = {
    "theme": "financial_management",
    "title": "Trouver son prix",
    "description": "Trois matinées.",
    "form_key": "a key",
}


class Tabs:
    """A coordinator of two associations with a tab of each."""

    def __init__(self, app: Flask, sign_in: Callable[[FlaskClient, Account], FlaskClient]) -> None:
        """Sign her in; nothing is opened yet."""
        session = db.session()
        self.here, self.there = make_association(session, name="Ici"), make_association(session, name="Là-bas")
        account = make_coordinator(session, self.here, locale="en")
        session.add(Coordinator(account_id=account.id, association_id=self.there.id))
        self.person = make_entrepreneur(session, self.there).public_id
        self.run = make_match_run(session, self.here).public_id
        session.commit()
        self.client = sign_in(app.test_client(), account)

    def work_in(self, association: Association) -> None:
        """Choose an association at the head of a page."""
        self.client.post("/dashboard/association", data={"association": str(association.public_id)})

    def open_person_of_there(self) -> None:
        """Open, in the other tab, somebody of the other association."""
        assert self.client.get(f"/entrepreneurs/{self.person}").status_code == 200


@pytest.fixture
def tabs(app: Flask, sign_in: Callable[[FlaskClient, Account], FlaskClient]) -> Tabs:
    return Tabs(app, sign_in)


def test_a_form_of_another_tab_is_refused_and_sent_again_where_it_was_opened(tabs: Tabs) -> None:
    tabs.work_in(tabs.here)
    opened = _hidden(tabs.client.get("/workshops/series/add").text)
    assert opened["workspace"] == str(tabs.here.public_id)
    tabs.open_person_of_there()
    answer = tabs.client.post("/workshops/series/add", data={**SERIES, "workspace": opened["workspace"]})
    assert answer.status_code == 409
    assert REFUSED in answer.text
    assert "Send it for Ici" in answer.text
    assert "What you had written" not in answer.text
    assert _owners() == []
    kept = _hidden(answer.text)
    assert SERIES.items() <= kept.items()
    assert tabs.client.post("/workshops/series/add", data=kept).status_code == 303
    assert _owners() == [tabs.here.id]


@pytest.mark.parametrize("workspace", [{}, {"workspace": "b" * 36}], ids=["none", "unknown"])
def test_a_form_that_does_not_say_for_whom_makes_nothing(tabs: Tabs, workspace: dict[str, str]) -> None:
    answer = tabs.client.post("/workshops/series/add", data={**SERIES, **workspace})
    assert answer.status_code == 409
    assert "Trouver son prix" in answer.text
    assert "Send it for" not in answer.text
    assert "b" * 36 not in answer.text
    assert _owners() == []


def test_every_form_that_acts_on_the_association_at_hand_is_asked(app: Flask, tabs: Tabs) -> None:
    asked = {
        rule.endpoint: rule.rule.replace("<kind>", "supporters")
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and "<uuid:" not in rule.rule
        and declared_access(app, rule.endpoint) is Access.COORDINATOR
        and rule.endpoint != SWITCH
    }
    assert asked.keys() >= ASKED_FOR
    for endpoint, address in asked.items():
        tabs.work_in(tabs.there)
        answer = tabs.client.post(address, data={"workspace": str(tabs.here.public_id)})
        assert (answer.status_code, REFUSED in answer.text) == (409, True), endpoint


def test_a_run_is_exported_for_its_own_association(tabs: Tabs) -> None:
    tabs.work_in(tabs.there)
    assert tabs.client.post(f"/match-runs/{tabs.run}/export").status_code == 200


def _hidden(page: str) -> dict[str, str]:
    """Give the hidden fields of a page; the last form of the content is the page's own."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def _owners() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(WorkshopSeries.association_id)))
