"""A whole year in which nobody is left without a next step, a deadline and somebody who answers for it."""

import pytest

from tests.simulation.year import DAYS, YearReport, live_a_year
from webapp.services.clocks import registry

# Each kind of decision is made at least so many times in a year: once may be an accident of the draw.
SEVERAL = 2
DONE = {
    "assisted_calls": "begin_call end_call",
    "attendance": "hold_session mark_attendance",
    "bookings": "book_session cancel_booking",
    "charters": "sign_charter",
    "circle_leaders": "hand_over_circle",
    "circle_meetings": "answer_meeting hold_meeting",
    "circles": "propose_circles confirm_circle join_circle decline_circle leave_circle",
    "coaching": "open_file assess withdraw_agreement",
    "entrepreneur_files": "set_follow_up",
    "entrepreneurs": "create_entrepreneur save_profile_step complete_entrepreneur close_entrepreneur",
    "erasures": "ask_erasure keep_data",
    "expert_questions": "ask_question answer_question pass_question_back decline_question close_question",
    "gatherings": "plan_gathering change_gathering cancel_gathering answer_gathering hold_gathering miss_gathering",
    "group_minimum": "go_ahead",
    "handovers": "ask_for_call take_call hand_on close_call change_reach",
    "interviews": "plan_interview hold_interview miss_interview",
    "introductions": "introduce introduce_for_association tell_introduction",
    "invitations": "invite_entrepreneur invite_supporter",
    "match_runs": "request_run execute_run",
    "meetings": "propose_meeting confirm_meeting log_meeting miss_meeting",
    "pairing_pauses": "ask_question answer_question pause_pairing resume_pairing",
    "pairings": "accept_pairing decline_pairing end_pairing",
    "rematch": "rematch_person rematch_returned rematch_supporter",
    "reviews": "note_review skip_review",
    "seat_offers": "accept_seat",
    "sentinels": "name_sentinel",
    "series": "create_series book_series leave_series",
    "session_proposals": "propose_session confirm_session_proposal decline_session_proposal",
    "suggestions": "approve_suggestion reject_suggestion choose_supporter",
    "supporter_listings": "join_supporters_circle leave_supporters_circle",
    "supporters": "pause_supporter resume_supporter let_supporter_leave set_capacity lower_capacity",
    "term_extensions": "extend_term",
    "territories": "check_qpv",
    "visitors": "ask_for_seat confirm_seat leave_seat",
    "waiting_moves": "move_in_line",
    "workshops": "create_session update_session resize_session cancel_session",
}
TICKED = {
    *("digests", "expired", "follow_ups_renewed", "let_go", "reminded", "set_aside", "next_steps", "told"),
    *("noticed_pairings", "noticed_people", "noticed_sessions", "noticed_reviews", "noticed_circles"),
    *("noticed_introductions", "lapsed_introductions", "noticed_questions", "settled_questions"),
    *("noticed_session_proposals", "noticed_interviews", "calls", "coaching_files", "ended_calls"),
    *("go_or_no_go", "groups_complete", "lapsed_visitors", "offers_passed_on", "sessions_reminded"),
    *("erased_visitors", "erased_people"),
    *("noticed_gatherings", "gathering_steps", "noticed_pauses", "asked_again"),
}
# To a coordinator: her summary, and what asks something of her. Who prefers it gets each decision of somebody by mail.
MOST_MAILS_A_DAY, MOST_ASKED_FOR = 5, 7


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> YearReport:
    """Live through the year once for all tests of this file."""
    return live_a_year(tmp_path_factory.mktemp("year"), days=DAYS)


def test_no_law_is_broken_on_any_day_of_the_year(year):
    assert year.broken == []
    assert year.broken_clocks == []


def test_everything_that_can_happen_did_happen(year):
    done = {f"{module}.{name}" for module, names in DONE.items() for name in names.split()}
    assert {name for name in done if year.did[name] < SEVERAL} == set()
    assert TICKED - set(year.ticked) == set()


def test_nobody_is_told_the_same_thing_twice_on_one_day_or_buried_in_mails(year):
    assert year.repeated == []
    assert year.most_mails_a_day <= MOST_MAILS_A_DAY
    assert year.most_mails_asked_for <= MOST_ASKED_FOR


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
    assert {name for _, name, _ in report.broken} == {
        "proposal_ends_by_its_deadline",
        "session_is_decided_or_asked_about",
        "telephone_call_ends_in_time",
        "visitor_confirms_or_is_forgotten",
    }


def test_the_same_seed_gives_the_same_year(tmp_path_factory):
    first, second = (live_a_year(tmp_path_factory.mktemp("again"), seed=5, days=3) for _ in range(2))
    assert first == second
    assert first.did
