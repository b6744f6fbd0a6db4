"""The suggestions of a run leave as a spreadsheet, towards the coordinators of its association only."""

from models.db import db, transaction
from tests.factories import (
    make_association,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_suggestion,
    make_supporter,
)


def make_run():
    with transaction() as session:
        association = make_association(session)
        coordinator = make_coordinator(session, association)
        run = make_match_run(session, association)
        person, supporter = make_entrepreneur(session, association), make_supporter(session, association)
        make_suggestion(session, run, person, supporter)
    db.session.remove()
    return coordinator, run.public_id, person.reference


def test_a_coordinator_exports_the_suggestions_of_a_run(client, sign_in):
    coordinator, run_id, reference = make_run()
    browser = sign_in(client, coordinator)
    assert f"/match-runs/{run_id}/export" in browser.get(f"/match-runs/{run_id}").text
    answer = browser.post(f"/match-runs/{run_id}/export")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/csv")
    assert "propositions-" in answer.headers["Content-Disposition"]
    header, line = answer.data.decode("utf-8-sig").splitlines()
    assert "score" in header
    assert reference in line


def test_the_run_of_another_association_does_not_exist(client, sign_in):
    _, run_id, _ = make_run()
    stranger, _, _ = make_run()
    assert sign_in(client, stranger).post(f"/match-runs/{run_id}/export").status_code == 404
