"""A whole year in which nobody is left without a next step, a deadline and somebody who answers for it."""

import pytest

from tests.simulation.year import DAYS, YearReport, live_a_year
from webapp.services.clocks import registry

DONE = {
    "accept_pairing", "approve_suggestion", "book_session", "cancel_booking", "cancel_session", "close_entrepreneur",
    "create_session", "decline_pairing", "end_pairing", "execute_run", "hold_session", "let_supporter_leave",
    "mark_attendance", "pause_supporter", "reject_suggestion", "resize_session", "resume_supporter", "set_follow_up",
    "update_session", "ask_question", "answer_question", "propose_meeting", "confirm_meeting", "log_meeting",
    "miss_meeting", "pause_pairing", "resume_pairing", "sign_charter", "note_review", "skip_review",
    "create_entrepreneur", "plan_interview", "hold_interview", "miss_interview", "propose_circles", "confirm_circle",
    "join_circle", "decline_circle", "leave_circle", "answer_meeting", "hold_meeting",
}  # fmt: skip
TICKED = {"digests", "expired", "follow_ups_renewed", "let_go", "reminded", "set_aside"} | {
    "next_steps", "noticed_pairings", "noticed_people", "noticed_sessions", "noticed_reviews", "told",
}  # fmt: skip
# To a coordinator: each is one decision of somebody with its own mail, unless she prefers one mail a day.
MOST_MAILS_A_DAY = 10


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> YearReport:
    """Live through the year once for all tests of this file."""
    return live_a_year(tmp_path_factory.mktemp("year"), days=DAYS)


def test_no_law_is_broken_on_any_day_of_the_year(year):
    assert year.broken == []
    assert year.broken_clocks == []


def test_everything_that_can_happen_did_happen(year):
    assert set(year.did) >= DONE
    assert set(year.ticked) >= TICKED


def test_nobody_is_told_the_same_thing_twice_on_one_day_or_buried_in_mails(year):
    assert year.repeated == []
    assert year.most_mails_a_day <= MOST_MAILS_A_DAY


def test_nobody_waits_for_an_answer_longer_than_the_clocks_allow(year):
    longest = {wait.situation: wait.longest for wait in year.waits}
    # Two proposals in a row may each take ten days and a week in which the clocks stood still.
    assert longest["waits for a supporter"] <= 2 * 10 + 7
    # A question may wait twice five days and the clocks' week, then the proposal is taken back.
    assert longest["a question first"] <= 2 * 5 + 7
    # Seven days to decide, fourteen more until it is set aside, for two suggestions in a row and the clocks' week.
    assert longest["waits for the coordinator"] <= 2 * 21 + 7


def test_without_the_clocks_the_laws_are_broken(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "FAMILIES", ())
    report = live_a_year(tmp_path, days=16)
    expected = {"proposal_ends_by_its_deadline", "interview_past_its_day_is_noticed"}
    assert {name for _, name, _ in report.broken} == expected


def test_the_same_seed_gives_the_same_year(tmp_path_factory):
    first, second = (live_a_year(tmp_path_factory.mktemp("again"), seed=5, days=6) for _ in range(2))
    assert first == second
    assert first.did
