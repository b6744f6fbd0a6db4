"""Every list and sheet of the workspace on both databases: what SQLite forgives, PostgreSQL may refuse."""

from datetime import timedelta

from flask import Flask

from models.supporters import Supporter
from tests.factories import (
    make_booking,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_unmatched_need,
    make_workshop_session,
)
from tests.webapp.dashboard.test_doors import LISTS, SHEETS
from tests.webapp.desk import Desk, SignIn, open_desk, suggest
from webapp.clock import utc_now


def fill(desk: Desk) -> dict[str, object]:
    session = desk.session
    run = make_match_run(session, desk.association)
    suggestion = suggest(desk, run=run)
    person = make_entrepreneur(session, desk.association)
    make_unmatched_need(session, run, person)
    workshop = make_workshop_session(session, desk.association, starts_at=utc_now() + timedelta(days=20))
    make_booking(session, workshop, person)
    known = session.get_one(Supporter, suggestion.supporter_id)
    make_pairing(session, person, known)
    session.commit()
    return {
        "Entrepreneur": person.public_id,
        "Supporter": known.public_id,
        "MatchRun": run.public_id,
        "Suggestion": suggestion.public_id,
        "WorkshopSession": workshop.public_id,
    }


def test_every_page_is_shown_on_both_databases(any_app: Flask, sign_in: SignIn) -> None:
    desk = open_desk(any_app, sign_in)
    ids = fill(desk)
    for path in LISTS:
        assert desk.client.get(path).status_code == 200, path
    for path, table in SHEETS.items():
        assert desk.client.get(path.format(ids[table.__name__])).status_code == 200, path


def test_a_run_and_its_approval_on_both_databases(any_app: Flask, sign_in: SignIn) -> None:
    desk = open_desk(any_app, sign_in)
    fill(desk)
    assert desk.client.post("/match-runs").status_code == 303
    page = desk.client.get("/suggestions").text
    chosen = page.split('name="suggestion" value="')[1].split('"')[0]
    assert desk.client.post("/suggestions/approve", data={"suggestion": chosen}).status_code == 303
    assert "1 proposition validée" in desk.client.get("/suggestions").text
