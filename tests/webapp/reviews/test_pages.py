"""Checks and reviews on their pages: found, noted in a row, corrected, left out; a person reads when she is called."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.queries.dashboard import get_overview
from models.reviews import Review, SkipReason
from models.states import PairingState, ReviewState
from tests.factories import make_entrepreneur, make_pairing, make_review, make_supporter
from tests.webapp.member_pages import make_house, make_member
from webapp.clock import PARIS, utc_now


@pytest.fixture
def points(desk):
    """A late check, a review due today, one to come, one held."""
    today, made = utc_now().astimezone(PARIS).date(), {}
    with transaction() as session:
        person = make_entrepreneur(session, desk.association, first_name="Awa", last_name="Diallo")
        pairing = make_pairing(
            session, person, make_supporter(session, desk.association, last_name="Morel"), state=PairingState.ACTIVE
        )
        made["late"] = make_review(session, person, pairing, due_on=today - timedelta(days=30))
        made["today"] = make_review(session, person, due_on=today, month=6)
        made["coming"] = make_review(session, person, due_on=today + timedelta(days=90), month=12)
        made["held"] = make_review(session, person, due_on=today, month=24, state=ReviewState.DONE, heard="Ça va bien.")
    return made


def page(desk, path="/reviews"):
    answer = desk.client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def link(review):
    return f"/reviews/{review.public_id}"


def kept(review):
    db.session.rollback()
    return db.session.get_one(Review, review.id, populate_existing=True)


def test_an_empty_list_says_what_comes_next(desk):
    for situation in ("due", "coming", "done", "skipped"):
        shown = page(desk, f"/reviews?situation={situation}")
        assert shown.count("<h1") == 1
        assert "empty-state" in shown


@pytest.mark.parametrize(
    ("situation", "names"), [("due", {"late", "today"}), ("coming", {"coming"}), ("done", {"held"}), ("skipped", set())]
)
def test_each_list_shows_its_own(desk, points, situation, names):
    shown = page(desk, f"/reviews?situation={situation}")
    assert {name for name, review in points.items() if link(review) in shown} == names


def test_the_dashboard_counts_what_the_list_shows_and_says_that_it_is_late(desk, points):
    overview = get_overview(db.session(), desk.association.id, account_id=None, at=utc_now())
    assert overview.reviews == 2
    shown = page(desk, "/dashboard")
    assert 'href="/reviews"' in shown
    assert "points de suivi à tenir" in shown


def test_many_lines_cost_no_more_statements(desk, points, statements):
    with statements() as few:
        page(desk)
    with transaction() as session:
        for month in range(2, 30):
            person = make_entrepreneur(session, desk.association)
            make_review(session, person, due_on=utc_now().date() - timedelta(days=1), month=month)
    with statements() as many:
        page(desk)
    assert many.number == few.number


def test_noting_one_leads_to_the_next_and_the_last_one_to_the_list(desk, points):
    answer = desk.client.post(link(points["late"]), data={"goes_on": "yes", "heard": "Ils se voient."})
    assert (answer.status_code, answer.location) == (303, link(points["today"]))
    assert (kept(points["late"]).goes_on, kept(points["late"]).heard) == (True, "Ils se voient.")
    form = {"goes_on": "no", "jobs_created": "1,5", "jobs_kept": "", "in_neighbourhood": "no", "heard": ""}
    answer = desk.client.post(link(points["today"]), data=form)
    assert (answer.status_code, answer.location) == (303, "/reviews")
    review = kept(points["today"])
    assert (review.goes_on, review.jobs_created, review.jobs_kept, review.in_neighbourhood) == (False, 1.5, None, False)
    assert review.done_by_id == desk.account.id


def test_what_was_noted_is_shown_again_and_corrected(desk, points):
    assert "Ça va bien." in page(desk, link(points["held"]))
    answer = desk.client.post(link(points["held"]), data={"goes_on": "yes", "heard": "Deux embauches."})
    assert answer.location == "/reviews"
    assert kept(points["held"]).heard == "Deux embauches."


@pytest.mark.parametrize(
    "form",
    [{}, {"goes_on": "maybe"}, {"goes_on": "yes", "jobs_created": "-1"}, {"goes_on": "yes", "heard": "x" * 2001}],
)
def test_what_is_missing_is_said_on_its_field_and_nothing_is_written(desk, points, form):
    answer = desk.client.post(link(points["today"]), data=form)
    assert answer.status_code == 422
    assert "field-error" in answer.get_data(as_text=True)
    assert kept(points["today"]).state is ReviewState.DUE


def test_one_is_left_out_with_a_reason_and_can_still_be_noted(desk, points):
    path = f"{link(points['late'])}/skip"
    assert desk.client.post(path, data={"skip-reason": "file_closed"}).status_code == 422
    answer = desk.client.post(path, data={"skip-reason": "unreachable"})
    assert answer.location == link(points["today"])
    assert kept(points["late"]).skip_reason is SkipReason.UNREACHABLE
    shown = page(desk, link(points["late"]))
    assert "injoignable" in shown
    assert "/skip" not in shown
    desk.client.post(link(points["late"]), data={"goes_on": "yes"})
    assert kept(points["late"]).state is ReviewState.DONE


def test_others_find_nothing(stranger, points, client, sign_in):
    for path in (link(points["today"]), f"/reviews/{uuid4()}"):
        assert stranger.client.get(path).status_code == 404
        assert stranger.client.post(path, data={"goes_on": "yes"}).status_code == 404
        assert stranger.client.post(f"{path}/skip", data={"skip-reason": "other"}).status_code == 404
    assert link(points["today"]) not in page(stranger)
    assert client.get("/reviews").status_code == 303


def test_an_entrepreneur_reads_when_and_who_but_not_what_was_noted(app, client, sign_in):
    with transaction() as session:
        house = make_house(session)
        person, account = make_member(session, house)
        day = utc_now().astimezone(PARIS).date() + timedelta(days=12)
        make_review(session, person, due_on=day, month=12)
        make_review(session, person, due_on=day - timedelta(days=90), state=ReviewState.DONE, heard="Mot secret")
    sign_in(client, account)
    steps, team = (client.get(path).get_data(as_text=True) for path in ("/my-steps", "/my-steps/team"))
    assert "vous appelle pour prendre des nouvelles" in steps
    assert "Vous appelle pour prendre des nouvelles à partir du" in team
    assert "Mot secret" not in steps + team
    assert client.get("/reviews").status_code == 404


def test_what_is_far_away_is_no_step_but_stands_on_her_team_page(app, client, sign_in):
    with transaction() as session:
        person, account = make_member(session, make_house(session))
        make_review(session, person, due_on=utc_now().date() + timedelta(days=200), month=12)
    sign_in(client, account)
    assert "prendre des nouvelles" not in client.get("/my-steps").get_data(as_text=True)
    assert "prendre des nouvelles" in client.get("/my-steps/team").get_data(as_text=True)


def test_only_what_is_due_is_a_number_of_the_dashboard(desk, points):
    rows = db.session.scalars(select(Review).where(Review.state == ReviewState.DUE)).all()
    assert len(rows) == 3
