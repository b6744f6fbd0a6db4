"""The buttons of a page are the moves of its record in its state, for each who opens it: none more, and none less.

`tests/models/test_states.py` says which moves there are; here is written down once more who makes them, and where.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from models import states
from models.db import transaction
from models.states import MOVES, list_actions
from tests.browsing import sign_in
from tests.webapp.scenes import (
    ALL,
    DESK,
    HELPER,
    PERSON,
    Scene,
    Stage,
    circle_meeting_scene,
    circle_member_scene,
    circle_scene,
    entrepreneur_scene,
    erasure_scene,
    gathering_scene,
    handover_scene,
    interview_scene,
    introduction_scene,
    meeting_scene,
    open_question_scene,
    pairing_scene,
    past_circle_meeting_scene,
    past_gathering_scene,
    question_scene,
    review_scene,
    session_proposal_scene,
    suggestion_scene,
    supporter_scene,
    weight_draft_scene,
)

FORMS = re.compile(r"<form(?P<tag>[^>]*method=\"post\"[^>]*)>(?P<inside>.*?)</form>", re.DOTALL)
# Moves that have a page of their own: the button that leads to it is a link.
PAGES = frozenset({"session_proposals.confirm", "gatherings.change"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a record is made in a state, and which button, of whom, is which move.

    A button is an endpoint, with what its form sends as `action` where one endpoint makes several moves. `never` names
    moves from a state that nobody makes there by a button of its own: the hour forbids it, or another page does it.
    """

    states: type[StrEnum]
    make: Callable[["Stage", StrEnum], Scene]
    buttons: Mapping[str, tuple[str, tuple[str, ...]]]
    never: frozenset[tuple[str, str]] = field(default=frozenset())


KINDS: Mapping[str, Kind] = {
    "pairing": Kind(
        states=states.PairingState,
        make=pairing_scene,
        buttons={
            "pairings.accept": ("accept", (HELPER,)),
            "pairings.decline": ("decline", (HELPER,)),
            "pairings.ask": ("ask", (HELPER,)),
            "pairings.answer": ("answer", (DESK,)),
            "pairings.withdraw": ("withdraw", (DESK,)),
            "pairings.pause": ("pause", ALL),
            "pairings.resume": ("resume", ALL),
            "pairings.end": ("end", ALL),
        },
    ),
    "meeting": Kind(
        states=states.MeetingState,
        make=meeting_scene,
        buttons={
            "pairings.confirm_meeting": ("confirm", (DESK, PERSON)),
            "pairings.cancel_meeting": ("cancel", ALL),
            "pairings.miss_meeting": ("miss", ALL),
        },
        never=frozenset({("confirmed", "miss")}),
    ),
    "entrepreneur": Kind(
        states=states.EntrepreneurState,
        make=entrepreneur_scene,
        buttons={
            "entrepreneurs.complete": ("complete", (DESK,)),
            "entrepreneurs.close": ("close", (DESK,)),
            "entrepreneurs.reopen": ("reopen", (DESK,)),
        },
        never=frozenset({("ready", "reopen")}),
    ),
    "supporter": Kind(
        states=states.SupporterState,
        make=supporter_scene,
        buttons={
            "supporters.pause": ("pause", (DESK,)),
            "supporters.resume": ("resume", (DESK,)),
            "supporters.leave": ("leave", (DESK,)),
            "availability.pause": ("pause", (HELPER,)),
            "availability.resume": ("resume", (HELPER,)),
        },
    ),
    "interview": Kind(
        states=states.InterviewState,
        make=interview_scene,
        buttons={
            "interviews.show": ("hold", (DESK,)),
            "interviews.miss": ("miss", (DESK,)),
            "interviews.cancel": ("cancel", (DESK,)),
        },
    ),
    "introduction": Kind(
        states=states.IntroductionState,
        make=introduction_scene,
        buttons={f"introductions.tell:{one}": (one, ALL) for one in ("make", "meet", "succeed", "lapse")},
    ),
    "expert_question": Kind(
        states=states.ExpertQuestionState,
        make=question_scene,
        buttons={
            "expert_questions.answer": ("answer", (HELPER,)),
            "expert_questions.pass_back": ("hand_back", (HELPER, DESK)),
            "expert_questions.pass_on": ("hand_on", ()),
            "expert_questions.decline": ("decline", ()),
            "expert_questions.close": ("close", (PERSON,)),
        },
    ),
    "expert_question of nobody yet": Kind(
        states=states.ExpertQuestionState,
        make=open_question_scene,
        buttons={
            "expert_questions.answer": ("answer", (DESK,)),
            "expert_questions.pass_back": ("hand_back", ()),
            "expert_questions.pass_on": ("hand_on", (DESK,)),
            "expert_questions.decline": ("decline", (DESK,)),
            "expert_questions.close": ("close", (PERSON,)),
        },
    ),
    "session_proposal": Kind(
        states=states.SessionProposalState,
        make=session_proposal_scene,
        buttons={
            "session_proposals.confirm": ("confirm", (DESK,)),
            "session_proposals.decline": ("decline", (DESK,)),
            "session_proposals.withdraw": ("withdraw", (PERSON,)),
        },
    ),
    "gathering": Kind(
        states=states.GatheringState,
        make=gathering_scene,
        buttons={
            "gatherings.change": ("change", (DESK,)),
            "gatherings.cancel": ("cancel", (DESK,)),
            "gatherings.hold": ("hold", (DESK,)),
            "gatherings.miss": ("miss", (DESK,)),
        },
        never=frozenset({("planned", "hold"), ("planned", "miss")}),
    ),
    "gathering that has begun": Kind(
        states=states.GatheringState,
        make=past_gathering_scene,
        buttons={
            "gatherings.change": ("change", (DESK,)),
            "gatherings.cancel": ("cancel", (DESK,)),
            "gatherings.hold": ("hold", (DESK,)),
            "gatherings.miss": ("miss", (DESK,)),
        },
        never=frozenset({("planned", "change"), ("planned", "cancel")}),
    ),
    "review": Kind(
        states=states.ReviewState,
        make=review_scene,
        buttons={"reviews.note": ("note", (DESK,)), "reviews.skip": ("skip", (DESK,))},
    ),
    "handover": Kind(
        states=states.HandoverState,
        make=handover_scene,
        buttons={
            "handovers.take": ("take", (HELPER,)),
            "handovers.hand_on": ("hand_on", (HELPER,)),
            "handovers.close": ("close", (HELPER,)),
        },
    ),
    "erasure": Kind(states=states.ErasureState, make=erasure_scene, buttons={"erasures.keep": ("keep", (DESK,))}),
    "suggestion": Kind(
        states=states.SuggestionState,
        make=suggestion_scene,
        buttons={"suggestions.approve": ("approve", (DESK,)), "suggestions.reject": ("reject", (DESK,))},
        never=frozenset({("alternative", "approve")}),  # who comes behind is chosen by hand
    ),
    "weight_draft": Kind(
        states=states.WeightDraftState,
        make=weight_draft_scene,
        buttons={"weights.publish": ("publish", (DESK,)), "weights.discard": ("discard", (DESK,))},
    ),
    "circle": Kind(
        states=states.CircleState,
        make=circle_scene,
        buttons={
            "circles.confirm": ("confirm", (DESK,)),
            "circles.dissolve": ("dissolve", (DESK,)),
        },
    ),
    "circle_member": Kind(
        states=states.CircleMemberState,
        make=circle_member_scene,
        buttons={
            "circles.join": ("join", (PERSON,)),
            "circles.agree": ("agree", (PERSON,)),
            "circles.decline": ("decline leave", (PERSON,)),
            "circles.remove": ("remove", (DESK,)),
        },
    ),
    "circle_meeting": Kind(
        states=states.CircleMeetingState,
        make=circle_meeting_scene,
        buttons={
            "circles.move_meeting": ("move", (DESK, HELPER)),
            "circles.cancel_meeting": ("cancel", (DESK, HELPER)),
            "circles.hold_meeting": ("hold", (DESK, HELPER)),
            "circles.miss_meeting": ("miss", (DESK, HELPER)),
        },
        never=frozenset({("planned", "hold"), ("planned", "miss")}),
    ),
    "circle_meeting that has begun": Kind(
        states=states.CircleMeetingState,
        make=past_circle_meeting_scene,
        buttons={
            "circles.move_meeting": ("move", (DESK, HELPER)),
            "circles.cancel_meeting": ("cancel", (DESK, HELPER)),
            "circles.hold_meeting": ("hold", (DESK, HELPER)),
            "circles.miss_meeting": ("miss", (DESK, HELPER)),
        },
        never=frozenset({("planned", "move"), ("planned", "cancel")}),
    ),
}


def read_buttons(app: Flask, page: str, text: str, record_id: str) -> set[str]:
    """Give the endpoints of a page's forms and links that are about a record."""
    adapter, found = app.url_map.bind("localhost"), set()
    parts = [(re.search(r'action="([^"]*)"', one["tag"]), one["inside"], "POST") for one in FORMS.finditer(text)]
    parts += [(one, "", "GET") for one in re.finditer(r'href="([^"#?]*)', text)]
    for address, inside, method in parts:
        path = address[1] if address and address[1] else page
        try:
            endpoint, values = adapter.match(path, method=method)
        except HTTPException:
            continue
        if record_id not in {str(one) for one in values.values()} or (method == "GET" and endpoint not in PAGES):
            continue
        for sent in re.findall(r'name="action" value="([^"]*)"', inside) or [""]:
            found.add(f"{endpoint}:{sent}" if sent else endpoint)
    return found


def read_scene(app: Flask, kind: Kind, scene: Scene, who: str) -> set[str]:
    """Give the buttons of a kind that somebody finds on the page of a scene, none where it is not hers to open."""
    page = scene.pages[who]
    answer = sign_in(app.test_client(), scene.accounts[who]).get(page)
    if answer.status_code != 200:
        return set()
    return read_buttons(app, page, answer.text, str(scene.record.public_id)) & set(kind.buttons)


@pytest.mark.parametrize("name", KINDS)
def test_the_buttons_of_a_page_are_the_moves_of_its_record(app: Flask, name: str) -> None:
    kind, record = KINDS[name], name.split(" ")[0]
    with transaction() as session:
        stage = Stage(session)
        scenes = {state: kind.make(stage, state) for state in kind.states}
    wrong = []
    for state, scene in scenes.items():
        moves = {str(one) for one in list_actions(record, state) if (str(state), str(one)) not in kind.never}
        for who in scene.pages:
            shown = read_scene(app, kind, scene, who)
            meant = {
                button for button, (does, whose) in kind.buttons.items() if moves & set(does.split()) and who in whose
            }
            if shown != meant:
                wrong.append(f"{state}, {who}: too many {sorted(shown - meant)}, missing {sorted(meant - shown)}")
    assert wrong == []


def test_every_record_whose_moves_people_make_on_a_page_of_its_own_is_looked_at() -> None:
    without = {
        "match_run": "workers move it",
        "message": "the sender moves it",
        "charter": "the last signature moves it (tests/webapp/pairings)",
        "plan_line": "its buttons are those of a plan (tests/webapp/plans)",
        "coaching_file": "its space opens by an agreement (tests/webapp/coaching)",
        "workshop_session": "seats, hours and people decide with its state (tests/webapp/workshops)",
        "booking": "seats, hours and people decide with its state (tests/webapp/bookings)",
        "visitor": "moved by the links of a mail (tests/webapp/events)",
    }
    assert {name.split(" ")[0] for name in KINDS} | set(without) == set(MOVES)
