"""Every door of the coordinator's workspace: for her, for nobody, for another association, for what does not exist."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun, Suggestion
from models.states import MatchRunState, SuggestionState
from models.supporters import Supporter
from models.workshops import Booking, WorkshopSession
from tests.factories import (
    make_account,
    make_booking,
    make_entrepreneur,
    make_match_run,
    make_supporter,
    make_workshop_session,
)
from tests.webapp.desk import Desk, SignIn, fresh, suggest
from webapp.clock import utc_now

LISTS = (
    "/dashboard",
    "/dashboard/unanswered",
    "/dashboard/returned",
    "/entrepreneurs",
    "/entrepreneurs?q=diallo&situation=alone&stage=launch&state=ready&page=2",
    "/entrepreneurs/add",
    "/supporters",
    "/supporters?q=morel&role=mentor&situation=free&state=active",
    "/supporters/add",
    "/suggestions",
    "/suggestions?role=mentor&order=waiting",
    "/match-runs",
    "/workshops",
    "/workshops?situation=past",
    "/workshops/add",
    "/imports",
    "/imports/columns/entrepreneurs",
    "/imports/example/workshops.csv",
)
SHEETS = {
    "/entrepreneurs/{}": Entrepreneur,
    "/entrepreneurs/{}/edit": Entrepreneur,
    "/entrepreneurs/{}/choose": Entrepreneur,
    "/entrepreneurs/{}/choose/others": Entrepreneur,
    "/entrepreneurs/{}/qpv": Entrepreneur,
    "/supporters/{}": Supporter,
    "/supporters/{}/edit": Supporter,
    "/suggestions/{}": Suggestion,
    "/match-runs/{}": MatchRun,
    "/match-runs/{}/unmatched": MatchRun,
    "/workshops/{}": WorkshopSession,
    "/workshops/{}/edit": WorkshopSession,
    "/workshops/{}/attendance": WorkshopSession,
}
# Whole forms, so that a refusal is the door's and not the form's.
DEEDS: dict[str, tuple[type, dict[str, str]]] = {
    "/entrepreneurs/{}/edit": (Entrepreneur, {"first_name": "Zoé", "last_name": "Autre"}),
    "/entrepreneurs/{}/complete": (Entrepreneur, {}),
    "/entrepreneurs/{}/reopen": (Entrepreneur, {}),
    "/entrepreneurs/{}/close": (Entrepreneur, {}),
    "/entrepreneurs/{}/follow-up": (Entrepreneur, {"follow_up_on": "2030-01-01"}),
    "/entrepreneurs/{}/confirm-qpv": (Entrepreneur, {"ground": "residence", "inside": "yes"}),
    "/entrepreneurs/{}/confided": (Entrepreneur, {}),
    "/entrepreneurs/{}/invite": (Entrepreneur, {}),
    "/entrepreneurs/{}/qpv?commune=93066": (Entrepreneur, {"ground": "residence", "choice": "none"}),
    "/entrepreneurs/{}/choose?role=mentor": (Entrepreneur, {"supporter": str(uuid4()), "reason": "closer"}),
    "/entrepreneurs/{}/book": (Entrepreneur, {"session": str(uuid4())}),
    "/supporters/{}/edit": (Supporter, {"first_name": "Zoé", "last_name": "Autre"}),
    "/supporters/{}/capacity": (Supporter, {"capacity": "9"}),
    "/supporters/{}/pause": (Supporter, {}),
    "/supporters/{}/resume": (Supporter, {}),
    "/supporters/{}/leave": (Supporter, {}),
    "/supporters/{}/invite": (Supporter, {}),
    "/suggestions/{}/approve": (Suggestion, {}),
    "/suggestions/{}/reject": (Suggestion, {"reason": "too_far"}),
    "/workshops/{}/edit": (WorkshopSession, {}),
    "/workshops/{}/seats": (WorkshopSession, {"seats": "12"}),
    "/workshops/{}/cancel": (WorkshopSession, {}),
    "/workshops/{}/attendance": (WorkshopSession, {}),
    "/workshops/{}/held": (WorkshopSession, {}),
}


@pytest.fixture
def records(desk: Desk) -> dict[type, object]:
    session = desk.session
    person = make_entrepreneur(session, desk.association)
    supporter = make_supporter(session, desk.association)
    run = make_match_run(session, desk.association)
    suggestion = suggest(desk, run=run, entrepreneur=person, supporter=supporter)
    workshop = make_workshop_session(session, desk.association, starts_at=utc_now() + timedelta(days=20))
    booking = make_booking(session, workshop, person)
    session.commit()
    return {
        Entrepreneur: person.public_id,
        Supporter: supporter.public_id,
        MatchRun: run.public_id,
        Suggestion: suggestion.public_id,
        WorkshopSession: workshop.public_id,
        Booking: booking.public_id,
    }


@pytest.fixture
def entrepreneur_client(app: Flask, sign_in: SignIn, desk: Desk) -> FlaskClient:
    account = make_account(db.session())
    make_entrepreneur(db.session(), desk.association, account_id=account.id)
    db.session.commit()
    return sign_in(app.test_client(), account)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_for_coordinators(
    desk: Desk, records: dict[type, object], client: FlaskClient, entrepreneur_client: FlaskClient, path: str
) -> None:
    answer = desk.client.get(path)
    assert answer.status_code == 200
    if answer.mimetype == "text/html":
        assert answer.text.count("<h1") == 1
        assert "<title>" in answer.text
        assert desk.association.name in answer.text
    assert client.get(path).status_code == 303
    assert entrepreneur_client.get(path).status_code == 404


@pytest.mark.parametrize("path", SHEETS)
def test_a_sheet_is_for_the_coordinators_of_its_association(
    desk: Desk,
    stranger: Desk,
    records: dict[type, object],
    client: FlaskClient,
    entrepreneur_client: FlaskClient,
    path: str,
) -> None:
    own = path.format(records[SHEETS[path]])
    answer = desk.client.get(own)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert client.get(own).status_code == 303
    assert entrepreneur_client.get(own).status_code == 404
    assert stranger.client.get(own).status_code == 404
    assert desk.client.get(path.format(uuid4())).status_code == 404


@pytest.mark.parametrize("path", DEEDS)
def test_a_deed_on_a_record_of_another_association_is_not_found(
    desk: Desk,
    stranger: Desk,
    records: dict[type, object],
    client: FlaskClient,
    entrepreneur_client: FlaskClient,
    path: str,
) -> None:
    table, form = DEEDS[path]
    own = path.format(records[table])
    for browser, status in ((client, 303), (entrepreneur_client, 404), (stranger.client, 404)):
        assert browser.post(own, data=form).status_code == status
    assert desk.client.post(path.format(uuid4()), data=form).status_code == 404
    session = fresh()
    suggestion = session.get_one(Suggestion, _row(session, Suggestion, records))
    assert suggestion.state is SuggestionState.OPEN
    supporter = session.get_one(Supporter, _row(session, Supporter, records))
    assert (supporter.first_name, supporter.capacity, supporter.state.value) == ("Jean", 2, "active")
    assert session.get_one(Entrepreneur, _row(session, Entrepreneur, records)).first_name == "Aïcha"


def test_cancelling_a_place_of_another_association_is_not_found(
    desk: Desk, stranger: Desk, records: dict[type, object]
) -> None:
    path = f"/entrepreneurs/{records[Entrepreneur]}/bookings/{records[Booking]}/cancel"
    assert stranger.client.post(path).status_code == 404
    other = make_entrepreneur(desk.session, desk.association)
    desk.session.commit()
    assert desk.client.post(f"/entrepreneurs/{other.public_id}/bookings/{records[Booking]}/cancel").status_code == 404
    assert desk.client.post(path).status_code == 303


def test_the_fragment_of_progress_is_for_its_association(desk: Desk, stranger: Desk, client: FlaskClient) -> None:
    run = make_match_run(desk.session, desk.association, state=MatchRunState.RUNNING, progress=40, ended_at=None)
    desk.session.commit()
    path = f"/match-runs/{run.public_id}/progress"
    answer = desk.client.get(path, headers={"HX-Request": "true"})
    assert "40" in answer.text
    assert "<h1" not in answer.text
    assert stranger.client.get(path).status_code == 404
    assert client.get(path, headers={"HX-Request": "true"}).headers["HX-Redirect"].endswith("/sign-in")


@pytest.mark.parametrize("path", ["/imports/columns/loans", "/imports/example/loans.csv"])
def test_a_kind_of_file_that_does_not_exist_is_not_found(desk: Desk, path: str) -> None:
    assert desk.client.get(path).status_code == 404


def _row(session: Session, table: Any, records: dict[type, object]) -> int:
    row: int = session.scalars(select(table.id).where(table.public_id == records[table])).one()
    return row
