"""Every state × action of every record: the moves that exist, and the refusal of all others."""

from enum import StrEnum

import pytest

from models import states
from models.states import MOVES, list_actions

RECORDS: dict[str, tuple[type[StrEnum], type[StrEnum]]] = {
    "entrepreneur": (states.EntrepreneurState, states.EntrepreneurAction),
    "supporter": (states.SupporterState, states.SupporterAction),
    "match_run": (states.MatchRunState, states.MatchRunAction),
    "weight_draft": (states.WeightDraftState, states.WeightDraftAction),
    "suggestion": (states.SuggestionState, states.SuggestionAction),
    "plan_line": (states.PlanLineState, states.PlanLineAction),
    "pairing": (states.PairingState, states.PairingAction),
    "meeting": (states.MeetingState, states.MeetingAction),
    "charter": (states.CharterState, states.CharterAction),
    "review": (states.ReviewState, states.ReviewAction),
    "coaching_file": (states.CoachingFileState, states.CoachingFileAction),
    "handover": (states.HandoverState, states.HandoverAction),
    "workshop_session": (states.SessionState, states.SessionAction),
    "booking": (states.BookingState, states.BookingAction),
    "visitor": (states.VisitorState, states.VisitorAction),
    "circle": (states.CircleState, states.CircleAction),
    "circle_meeting": (states.CircleMeetingState, states.CircleMeetingAction),
    "circle_member": (states.CircleMemberState, states.CircleMemberAction),
    "introduction": (states.IntroductionState, states.IntroductionAction),
    "expert_question": (states.ExpertQuestionState, states.ExpertQuestionAction),
    "session_proposal": (states.SessionProposalState, states.SessionProposalAction),
    "gathering": (states.GatheringState, states.GatheringAction),
    "erasure": (states.ErasureState, states.ErasureAction),
    "interview": (states.InterviewState, states.InterviewAction),
    "message": (states.MessageState, states.MessageAction),
}
# Written out a second time on purpose: a move that appears or disappears must be meant.
EXPECTED = {
    "entrepreneur": """
        incomplete complete ready
        incomplete close closed
        ready reopen incomplete
        ready close closed
        closed reopen incomplete
    """,
    "interview": """
        planned hold held
        planned miss missed
        planned cancel cancelled
        held hold held
    """,
    "erasure": """
        asked keep kept
        asked begin under_way
        under_way carry_out done
    """,
    "supporter": """
        active pause paused
        active leave left
        paused resume active
        paused leave left
    """,
    "match_run": """
        queued start running
        queued fail failed
        running finish done
        running fail failed
    """,
    "weight_draft": """
        queued start running
        running finish ready
        running fail failed
        ready publish published
        ready discard discarded
        failed discard discarded
    """,
    "suggestion": """
        alternative present open
        alternative approve approved
        alternative supersede superseded
        open approve approved
        open reject rejected
        open supersede superseded
        open step_back alternative
        superseded present open
    """,
    "plan_line": """
        proposed approve approved
        proposed reject rejected
        proposed supersede superseded
    """,
    "pairing": """
        proposed accept active
        proposed decline declined
        proposed ask asked
        proposed withdraw withdrawn
        proposed expire expired
        asked accept active
        asked decline declined
        asked answer proposed
        asked withdraw withdrawn
        active pause paused
        active end ended
        paused resume active
        paused end ended
    """,
    "meeting": """
        proposed confirm confirmed
        proposed move proposed
        proposed cancel cancelled
        confirmed move proposed
        confirmed hold held
        confirmed miss missed
        confirmed cancel cancelled
        held miss missed
        missed hold held
    """,
    "charter": """
        open complete signed
        open close closed
    """,
    "review": """
        due note done
        due skip skipped
        done note done
        skipped note done
    """,
    "coaching_file": """
        open withdraw withdrawn
        open close closed
        withdrawn renew open
    """,
    "handover": """
        open take taken
        open hand_on open
        open close closed
        taken hand_on open
        taken close closed
    """,
    "workshop_session": """
        scheduled cancel cancelled
        scheduled hold held
    """,
    "booking": """
        waiting offer offered
        waiting promote confirmed
        waiting cancel cancelled
        offered accept confirmed
        offered cancel cancelled
        confirmed cancel cancelled
        confirmed attend attended
        confirmed miss absent
        attended miss absent
        absent attend attended
    """,
    "circle": """
        proposed confirm confirmed
        proposed replace dissolved
        proposed dissolve dissolved
        confirmed go_on confirmed
        confirmed dissolve dissolved
    """,
    "visitor": """
        asked confirm confirmed
        asked cancel cancelled
        asked lapse lapsed
        confirmed cancel cancelled
    """,
    "circle_meeting": """
        planned move planned
        planned keep planned
        planned hold held
        planned miss missed
        planned cancel cancelled
        held hold held
        held miss missed
        missed hold held
    """,
    "circle_member": """
        proposed invite invited
        proposed remove left
        invited join joined
        invited decline declined
        invited expire declined
        invited remove left
        joined agree joined
        joined leave left
        joined remove left
    """,
    "introduction": """
        promised make made
        promised lapse lapsed
        made meet met
        made succeed fruitful
        made lapse lapsed
        met succeed fruitful
        lapsed make made
    """,
    "expert_question": """
        asked answer answered
        asked hand_back asked
        asked hand_on asked
        asked decline declined
        asked expire expired
        asked close closed
        answered close closed
    """,
    "session_proposal": """
        proposed confirm confirmed
        proposed decline declined
        proposed withdraw withdrawn
    """,
    "gathering": """
        planned change planned
        planned hold held
        planned miss missed
        planned cancel cancelled
        held hold held
        held miss missed
        missed hold held
    """,
    "message": """
        queued take sending
        sending deliver sent
        sending release queued
        sending give_up failed
        held gather kept
        queued gather kept
    """,
}
# States in which a record may rest for ever.
FINAL = {
    "entrepreneur": set(),
    "erasure": {"kept", "done"},
    "interview": {"missed", "cancelled"},
    "supporter": {"left"},
    "match_run": {"done", "failed"},
    "weight_draft": {"published", "discarded"},
    "suggestion": {"approved", "rejected"},
    "plan_line": {"approved", "rejected", "superseded"},
    "pairing": {"declined", "withdrawn", "expired", "ended"},
    "meeting": {"cancelled"},
    "charter": {"signed", "closed"},
    "review": set(),
    "coaching_file": {"closed"},
    "handover": {"closed"},
    "workshop_session": {"cancelled", "held"},
    "booking": {"cancelled"},
    "circle": {"dissolved"},
    "visitor": {"cancelled", "lapsed"},
    "circle_meeting": {"cancelled"},
    "circle_member": {"declined", "left"},
    "introduction": {"fruitful"},
    "expert_question": {"closed", "declined", "expired"},
    "session_proposal": {"confirmed", "declined", "withdrawn"},
    "gathering": {"cancelled"},
    "message": {"sent", "failed", "kept"},
}
CASES = [
    pytest.param(record, state, action, id=f"{record}-{state}-{action}")
    for record, (all_states, actions) in RECORDS.items()
    for state in all_states
    for action in actions
]


def expected_moves(record: str) -> dict[tuple[str, str], str]:
    lines = (line.split() for line in EXPECTED[record].strip().splitlines())
    return {(start, action): target for start, action, target in lines}


def test_every_record_with_a_state_is_in_the_tables() -> None:
    assert set(MOVES) == set(RECORDS) == set(EXPECTED)


@pytest.mark.parametrize(("record", "state", "action"), CASES)
def test_a_move_leads_where_it_was_meant_to_or_does_not_exist(record: str, state: StrEnum, action: StrEnum) -> None:
    target = MOVES[record].get((state, action))
    assert (None if target is None else target.value) == expected_moves(record).get((state.value, action.value))


@pytest.mark.parametrize("record", RECORDS)
def test_moves_stay_within_the_states_of_their_record(record: str) -> None:
    all_states, actions = RECORDS[record]
    for (start, action), target in MOVES[record].items():
        assert type(start) is all_states
        assert type(target) is all_states
        assert type(action) is actions


@pytest.mark.parametrize("record", RECORDS)
def test_only_final_states_have_no_way_out(record: str) -> None:
    all_states, _ = RECORDS[record]
    assert {state.value for state in all_states if not list_actions(record, state)} == FINAL[record]


@pytest.mark.parametrize("record", RECORDS)
def test_the_listed_actions_are_exactly_those_that_have_a_move(record: str) -> None:
    all_states, actions = RECORDS[record]
    for state in all_states:
        listed = list_actions(record, state)
        assert len(listed) == len(set(listed))
        assert set(listed) == {action for action in actions if (state, action) in MOVES[record]}


def test_live_states_are_those_that_hold_a_place() -> None:
    assert {state.value for state in states.LIVE_PAIRING_STATES} == {"proposed", "asked", "active", "paused"}
    assert {state.value for state in states.LIVE_MEETING_STATES} == {"proposed", "confirmed"}
    assert {state.value for state in states.SEATED_BOOKING_STATES} == {"confirmed", "offered", "attended", "absent"}
    assert set(states.LIVE_BOOKING_STATES) == set(states.BookingState) - {states.BookingState.CANCELLED}
    assert {state.value for state in states.OPEN_BOOKING_STATES} == {"confirmed", "offered", "waiting"}
