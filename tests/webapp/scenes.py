"""A record in each of its states, with its people and the pages on which they look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from models import states
from models.accounts import Account
from models.entrepreneurs import Entrepreneur
from tests.factories import (
    make_circle,
    make_circle_meeting,
    make_circle_member,
    make_erasure,
    make_expert_question,
    make_facilitator,
    make_gathering,
    make_handover,
    make_interview,
    make_introduction,
    make_match_run,
    make_meeting,
    make_pairing,
    make_review,
    make_sentinel,
    make_session_proposal,
    make_suggestion,
    make_supporter_listing,
    make_weight_draft,
    make_weight_version,
    make_workshop_session,
)
from tests.factories.sequence import MADE_AT
from tests.webapp.member_pages import make_helper, make_house, make_member
from webapp.clock import utc_now

DESK, HELPER, PERSON = "coordinator", "supporter", "entrepreneur"
BOTH, ALL = (HELPER, PERSON), (DESK, HELPER, PERSON)
# What a row must hold in a state, beyond what its factory gives.
HELD = {
    ("pairing", "declined"): {"decline_reason": "no_time"},
    ("pairing", "withdrawn"): {"withdraw_reason": "other"},
    ("pairing", "ended"): {"end_reason": "goal_reached"},
    ("introduction", "fruitful"): {"made_at": MADE_AT},
    ("review", "skipped"): {"skip_reason": "other"},
    ("handover", "taken"): {"taken_at": MADE_AT},
    ("handover", "closed"): {"closed_at": MADE_AT, "reach": None},
    ("erasure", "kept"): {"ended_at": MADE_AT},
    ("erasure", "done"): {"ended_at": MADE_AT, "mails_until": MADE_AT},
    ("suggestion", "approved"): {"decided_at": MADE_AT},
    ("suggestion", "rejected"): {"decided_at": MADE_AT, "reject_reason": "other"},
    ("weight_draft", "running"): {"seen_at": MADE_AT},
    ("weight_draft", "failed"): {"failure": "gone"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A record in its state, the address of its page for each who may open it, and their accounts."""

    record: Any
    pages: Mapping[str, str]
    accounts: Mapping[str, Account]


def held(record: str, state: StrEnum) -> dict[str, Any]:
    """Give what the row of a record must hold in a state."""
    return {"state": state, **HELD.get((record, str(state)), {})}


class Stage:
    """An association, and as many people of it as scenes need."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.house = make_house(session)
        self.now = utc_now()

    def pair(self, state: StrEnum = states.PairingState.ACTIVE, **helper: Any) -> tuple[Any, dict[str, Account]]:
        person, hers = make_member(self.session, self.house)
        supporter, his = make_helper(self.session, self.house, **helper)
        soon = {"deadline_at": self.now + timedelta(days=5)}
        if state is states.PairingState.ASKED:
            soon |= {"question_due_at": self.now + timedelta(days=5)}
        pairing = make_pairing(self.session, person, supporter, **held("pairing", state), **soon)
        return pairing, {DESK: self.house.coordinator, HELPER: his, PERSON: hers}

    def desk(self, record: Any, page: str, **others: Any) -> Scene:
        return Scene(record=record, pages={DESK: page}, accounts={DESK: self.house.coordinator}, **others)


def pairing_scene(stage: Stage, state: StrEnum) -> Scene:
    pairing, accounts = stage.pair(state)
    return Scene(record=pairing, pages=dict.fromkeys(ALL, f"/pairings/{pairing.public_id}"), accounts=accounts)


def meeting_scene(stage: Stage, state: StrEnum) -> Scene:
    pairing, accounts = stage.pair()
    ahead = state in (states.MeetingState.PROPOSED, states.MeetingState.CONFIRMED)
    start = stage.now.replace(microsecond=0) + timedelta(days=7 if ahead else -7)
    dates = {"slots": [{"starts_at": start.isoformat(), "wall_start": f"{start:%Y-%m-%dT%H:%M}", "zone": "UTC"}]}
    agreed = {"starts_at": start, "report_due_at": start + timedelta(days=3)} if state == "confirmed" else {}
    if state == "proposed":
        agreed = {"answer_due_at": stage.now + timedelta(days=5)}
    meeting = make_meeting(stage.session, pairing, state=state, **dates, **agreed)
    return Scene(record=meeting, pages=dict.fromkeys(ALL, f"/pairings/{pairing.public_id}"), accounts=accounts)


def entrepreneur_scene(stage: Stage, state: StrEnum) -> Scene:
    closed = {"closed_at": stage.now} if state == "closed" else {}
    person, _account = make_member(stage.session, stage.house, state=state, **closed)
    return stage.desk(person, f"/entrepreneurs/{person.public_id}")


def supporter_scene(stage: Stage, state: StrEnum) -> Scene:
    helper, account = make_helper(stage.session, stage.house, state=state)
    pages = {DESK: f"/supporters/{helper.public_id}", HELPER: "/my-availability"}
    return Scene(record=helper, pages=pages, accounts={DESK: stage.house.coordinator, HELPER: account})


def interview_scene(stage: Stage, state: StrEnum) -> Scene:
    person, _account = make_member(stage.session, stage.house, state="incomplete")
    held = {"held_at": stage.now, "outcome": "joins"} if state == "held" else {}
    interview = make_interview(stage.session, person, state=state, coordinator_id=stage.house.coordinator.id, **held)
    return stage.desk(interview, f"/interviews/{interview.public_id}")


def introduction_scene(stage: Stage, state: StrEnum) -> Scene:
    pairing, accounts = stage.pair()
    introduction = make_introduction(stage.session, pairing, **held("introduction", state))
    pages = {DESK: "/introductions", **dict.fromkeys(BOTH, "/introductions/mine")}
    return Scene(record=introduction, pages=pages, accounts=accounts)


def question_scene(stage: Stage, state: StrEnum) -> Scene:
    pairing, accounts = stage.pair(role="expert")
    person = stage.session.get_one(Entrepreneur, pairing.entrepreneur_id)
    question = make_expert_question(stage.session, person, pairing, state=state)
    pages = dict.fromkeys(ALL, f"/questions/{question.public_id}")
    return Scene(record=question, pages=pages, accounts=accounts)


def open_question_scene(stage: Stage, state: StrEnum) -> Scene:
    pairing, accounts = stage.pair(role="expert")
    question = make_expert_question(
        stage.session, stage.session.get_one(Entrepreneur, pairing.entrepreneur_id), state=state
    )
    return Scene(
        record=question, pages=dict.fromkeys((DESK, PERSON), f"/questions/{question.public_id}"), accounts=accounts
    )


def session_proposal_scene(stage: Stage, state: StrEnum) -> Scene:
    person, account = make_member(stage.session, stage.house)
    planned = {}
    if state == "confirmed":
        planned = {"session_id": make_workshop_session(stage.session, stage.house.association).id}
    proposal = make_session_proposal(stage.session, person, state=state, **planned)
    page = f"/session-proposals/{proposal.public_id}"
    return Scene(
        record=proposal, pages={DESK: page, PERSON: page}, accounts={DESK: stage.house.coordinator, PERSON: account}
    )


def gathering_scene(stage: Stage, state: StrEnum, days: int = 7) -> Scene:
    start = stage.now.replace(microsecond=0) + timedelta(days=days if state == "planned" else -7)
    make_supporter_listing(stage.session, make_helper(stage.session, stage.house)[0])
    gathering = make_gathering(
        stage.session, stage.house.association.id, stage.house.coordinator, state=state, starts_at=start
    )
    return stage.desk(gathering, f"/gatherings/{gathering.public_id}")


def past_gathering_scene(stage: Stage, state: StrEnum) -> Scene:
    return gathering_scene(stage, state, days=-1)


def review_scene(stage: Stage, state: StrEnum) -> Scene:
    person, _account = make_member(stage.session, stage.house)
    review = make_review(stage.session, person, **held("review", state))
    return stage.desk(review, f"/reviews/{review.public_id}")


def handover_scene(stage: Stage, state: StrEnum) -> Scene:
    person, _hers = make_member(stage.session, stage.house)
    _helper, account = make_helper(stage.session, stage.house)
    sentinel = make_sentinel(stage.session, stage.house.association, account)
    soon = {"due_at": stage.now + timedelta(hours=20)}
    handover = make_handover(stage.session, person, sentinel, **held("handover", state), **soon)
    return Scene(record=handover, pages={HELPER: "/handovers"}, accounts={HELPER: account})


def erasure_scene(stage: Stage, state: StrEnum) -> Scene:
    person, _account = make_member(stage.session, stage.house)
    erasure = make_erasure(stage.session, person, **held("erasure", state), due_at=stage.now + timedelta(hours=20))
    return stage.desk(erasure, f"/entrepreneurs/{person.public_id}")


def suggestion_scene(stage: Stage, state: StrEnum) -> Scene:
    person, _hers = make_member(stage.session, stage.house)
    helper, _his = make_helper(stage.session, stage.house)
    soon = {"deadline_at": stage.now + timedelta(days=5) if state == "open" else None}
    run = make_match_run(stage.session, stage.house.association)
    suggestion = make_suggestion(stage.session, run, person, helper, **held("suggestion", state), **soon)
    return stage.desk(suggestion, f"/suggestions/{suggestion.public_id}")


def weight_draft_scene(stage: Stage, state: StrEnum) -> Scene:
    published = {}
    if state == "published":
        published = {
            "published_as_id": make_weight_version(stage.session, association_id=stage.house.association.id).id
        }
    draft = make_weight_draft(stage.session, stage.house.association, **held("weight_draft", state), **published)
    return stage.desk(draft, f"/weights/drafts/{draft.public_id}")


def fill(stage: Stage, circle: Any, number: int, **values: Any) -> None:
    for _ in range(number):
        make_circle_member(stage.session, circle, make_member(stage.session, stage.house)[0], **values)


def circle_scene(stage: Stage, state: StrEnum) -> Scene:
    helper, _his = make_helper(stage.session, stage.house)
    circle = make_circle(stage.session, make_facilitator(stage.session, helper), state=state)
    if state == "proposed":
        fill(stage, circle, 6)
    return stage.desk(circle, f"/circles/{circle.public_id}")


def circle_member_scene(stage: Stage, state: StrEnum) -> Scene:
    person, hers = make_member(stage.session, stage.house, wants_circle=True)
    helper, _his = make_helper(stage.session, stage.house)
    of = states.CircleState.PROPOSED if state == "proposed" else states.CircleState.CONFIRMED
    circle = make_circle(stage.session, make_facilitator(stage.session, helper), state=of)
    soon = {} if state == "proposed" else {"deadline_at": stage.now + timedelta(days=5)}
    member = make_circle_member(stage.session, circle, person, state=state, **soon)
    pages = {DESK: f"/circles/{circle.public_id}", PERSON: "/circles/mine"}
    return Scene(record=member, pages=pages, accounts={DESK: stage.house.coordinator, PERSON: hers})


def circle_meeting_scene(stage: Stage, state: StrEnum, days: int = 9) -> Scene:
    helper, his = make_helper(stage.session, stage.house)
    circle = make_circle(stage.session, make_facilitator(stage.session, helper), state=states.CircleState.CONFIRMED)
    fill(stage, circle, 1, state=states.CircleMemberState.JOINED)
    start = stage.now.replace(microsecond=0) + timedelta(days=days if state == "planned" else -7)
    meeting = make_circle_meeting(stage.session, circle, state=state, starts_at=start)
    pages = dict.fromkeys((DESK, HELPER), f"/circles/meetings/{meeting.public_id}")
    return Scene(record=meeting, pages=pages, accounts={DESK: stage.house.coordinator, HELPER: his})


def past_circle_meeting_scene(stage: Stage, state: StrEnum) -> Scene:
    return circle_meeting_scene(stage, state, days=-1)
