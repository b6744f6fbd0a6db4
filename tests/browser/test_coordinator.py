"""A coordinator's pages in a real browser, at a desk and on a phone: axe sees each, keys reach everything."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from models.states import BookingState, EntrepreneurState, MatchRunState, SuggestionState
from tests.browser.chromium import DESK, PHONE, list_violations, turn
from tests.browser.test_members import open_page
from tests.factories import (
    make_booking,
    make_committee_file,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_supporter,
    make_unmatched_need,
    make_weight_draft,
    make_workshop_session,
)
from tests.webapp.dashboard.test_waiting import fill
from tests.webapp.desk import Desk, open_desk, suggest
from tests.webapp.weights.history import make_history
from webapp.clock import utc_now

pytestmark = pytest.mark.browser
BAD_FILE = "référence;prénom;nom;commune;étape;besoins;disponibilités\nE2;Paul;;99999;lune;;jamais\n"


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> Desk:
    return open_desk(app, sign_in)


@pytest.fixture
def pages(desk: Desk) -> list[str]:
    """Every page, with something on it."""
    session, association, now = desk.session, desk.association, utc_now()
    fill(desk, 2)
    recruit = {"role": "mentor", "languages": ["fr", "ar"], "slots": ["tue_eve"], "territory": "department:93"}
    recruit |= {"remote": True, "topics": ["sales", "cash_flow"], "places": 3, "served": 2, "total": 1.5, "meets": 4}
    run = make_match_run(session, association, recruitment={"options": [recruit], "sequence": [recruit]})
    for _number in range(6):
        make_entrepreneur(session, association)
    person = make_entrepreneur(session, association, project_text="Je couds depuis toujours.")
    first = suggest(desk, run=run, entrepreneur=person)
    make_committee_file(session, person, make_supporter(session, association))
    suggest(desk, run=run, entrepreneur=person, rank=2, state=SuggestionState.ALTERNATIVE, deadline_at=None)
    evening = {"steps": [{"kind": "slot", "value": "tue_eve"}], "opens": 3, "places": 2}
    make_unmatched_need(session, run, make_entrepreneur(session, association), changes=[evening])
    unfinished = make_entrepreneur(session, association, state=EntrepreneurState.INCOMPLETE)
    failed = make_match_run(session, association, state=MatchRunState.FAILED, failure="worker_lost")
    going = make_match_run(session, association, state=MatchRunState.RUNNING, progress=40, ended_at=None)
    supporter = make_supporter(session, association)
    make_pairing(session, make_entrepreneur(session, association), supporter)
    coming = make_workshop_session(session, association, starts_at=now + timedelta(days=9), seats=1)
    over = make_workshop_session(session, association, starts_at=now - timedelta(days=1))
    for workshop in (coming, over):
        make_booking(session, workshop, person)
    make_booking(session, coming, unfinished, state=BookingState.WAITING)
    drafted = make_weight_draft(session, association)
    make_history(session, association, 60)
    session.commit()
    people = f"/entrepreneurs/{person.public_id}"
    return [
        "/dashboard",
        "/dashboard/unanswered",
        "/weights",
        "/weights/draft",
        "/weights/suggested/mentor",
        "/weights/suggested/coach",
        f"/weights/drafts/{drafted.public_id}",
        "/dashboard/returned",
        "/entrepreneurs",
        "/entrepreneurs?q=personne+de+ce+nom",
        "/entrepreneurs/add",
        people,
        f"/entrepreneurs/{unfinished.public_id}",
        f"{people}/edit",
        f"{people}/qpv",
        f"{people}/choose",
        f"{people}/choose/others",
        f"{people}/committee",
        "/supporters",
        "/supporters/add",
        f"/supporters/{supporter.public_id}",
        "/suggestions",
        f"/suggestions/{first.public_id}",
        "/match-runs",
        f"/match-runs/{run.public_id}",
        f"/match-runs/{run.public_id}/unmatched",
        f"/match-runs/{run.public_id}/recruitment",
        "/fairness",
        "/messages/preview",
        f"/match-runs/{failed.public_id}",
        f"/match-runs/{going.public_id}",
        "/workshops",
        "/workshops/add",
        f"/workshops/{coming.public_id}",
        f"/workshops/{coming.public_id}/cancel",
        f"/workshops/{over.public_id}/attendance",
        "/imports",
        "/imports/columns/supporters",
    ]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    chromium: Browser, app: Flask, address: str, desk: Desk, pages: list[str], size: dict[str, int]
) -> None:
    page = open_page(chromium, app, address, desk.account, viewport=size)
    found, complaints = [], []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for path in pages:
        page.goto(path)
        found += [f"{path}: {line}" for line in list_violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{path}: too wide")
    page.context.close()
    assert found == []
    assert complaints == [], "the content security policy, or a script, complains"


def test_work_tables_are_cards_on_a_phone_and_dense_at_a_desk(
    chromium: Browser, app: Flask, address: str, desk: Desk, pages: list[str]
) -> None:
    page = open_page(chromium, app, address, desk.account, viewport=PHONE)
    sideways = "[...document.querySelectorAll('.table-scroll')].filter(one => one.scrollWidth > one.clientWidth).length"
    worked_with = [path for path in pages if path.startswith(("/suggestions", "/match-runs")) or "/choose" in path]
    assert len(worked_with) >= 7
    assert {path: page.goto(path) and page.evaluate(sideways) for path in worked_with} == dict.fromkeys(worked_with, 0)
    page.context.close()
    for _more in range(8):
        suggest(desk)
    page = open_page(chromium, app, address, desk.account, viewport=DESK)
    page.goto("/suggestions")
    fold = page.locator(".sticky-actions").bounding_box()
    rows = [row.bounding_box() for row in page.locator("tbody tr").all()]
    assert fold is not None
    assert sum(row is not None and row["y"] + row["height"] <= fold["y"] for row in rows) >= 5
    page.context.close()


def test_the_page_of_a_run_follows_it_to_the_end_by_itself(
    chromium: Browser, app: Flask, address: str, desk: Desk
) -> None:
    session = desk.session
    run = make_match_run(session, desk.association, state=MatchRunState.RUNNING, progress=10, ended_at=None)
    session.commit()
    page = open_page(chromium, app, address, desk.account, viewport=DESK)
    page.goto(f"/match-runs/{run.public_id}")
    run.progress = 60
    session.commit()
    page.wait_for_selector("progress[value='60']")
    run.state, run.progress, run.ended_at = MatchRunState.DONE, 100, utc_now()
    session.commit()
    page.wait_for_selector("text=La suite")
    assert page.locator("progress").count() == 0
    page.context.close()


def test_one_box_checks_all_and_the_keyboard_does_the_rest(
    chromium: Browser, app: Flask, address: str, desk: Desk
) -> None:
    run = make_match_run(desk.session, desk.association)
    for _number in range(3):
        suggest(desk, run=run)
    page = open_page(chromium, app, address, desk.account, viewport=DESK)
    page.goto("/suggestions")
    page.focus("th input[type=checkbox]")
    page.keyboard.press("Space")
    assert page.locator("tbody input:checked").count() == 3
    page.focus("tbody input[type=checkbox] >> nth=1")
    page.keyboard.press("Space")
    assert page.evaluate("document.querySelector('th input').indeterminate")
    page.focus("text=Valider les propositions cochées")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "2 propositions validées" in page.inner_text("main")
    assert page.locator("tbody input[type=checkbox]").count() == 1
    page.context.close()


@pytest.mark.parametrize("has_script", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_file_is_checked_mended_and_imported(
    chromium: Browser, app: Flask, address: str, desk: Desk, has_script: bool
) -> None:
    page = open_page(chromium, app, address, desk.account, viewport=DESK, java_script_enabled=has_script)
    page.goto("/imports")
    bad = {"name": "liste.csv", "mimeType": "text/csv", "buffer": BAD_FILE.encode()}
    page.set_input_files("input[type=file]", files=[bad])
    turn(page, "text=Vérifier le fichier")
    assert "à corriger, rien n’a été enregistré" in page.inner_text("[role=alert]")
    assert "99999" in page.inner_text("main")
    turn(page, "text=Choisir le fichier corrigé")
    with page.expect_download() as download:
        page.click("text=Télécharger l’exemple >> nth=0")
    page.set_input_files("input[type=file]", files=[str(download.value.path())])
    turn(page, "text=Vérifier le fichier")
    turn(page, "button:has-text('Importer')")
    assert page.url.endswith("/entrepreneurs")
    assert page.locator("tbody tr").count() == 1
    page.context.close()
