"""The wall: the same pages are opened as each role before and after something private changes. Who may not know it
must see no difference: no word, no number, no filter, no line of a file.
"""

import logging
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import unified_diff
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models import wall
from models.accounts import Account
from models.associations import Association, Network
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur, EntrepreneurConfided, Stage
from models.handovers import Sentinel
from models.match_runs import Suggestion
from models.messages import Message
from models.plans import PlanLine
from models.states import MeetingState, PairingState
from models.supporters import Supporter, SupporterRole
from models.workshops import Booking
from seeds.vocabulary import reference_vocabulary
from tests.browsing import Browser, sign_in
from tests.crawl.crawler import Crawler
from tests.factories import (
    make_account,
    make_association,
    make_booking,
    make_coordinator,
    make_entrepreneur,
    make_handover,
    make_match_run,
    make_meeting,
    make_pairing,
    make_plan_line,
    make_sentinel,
    make_suggestion,
    make_support_plan,
    make_supporter,
    make_workshop_session,
)
from webapp.clock import utc_now
from webapp.permissions import SYSTEM
from webapp.services.exports import export_rows, export_suggestions
from webapp.spreadsheets import Kind
from webapp.words import profiles
from webapp.words.suggestions import describe_suggestion

CANARY = "canari-7f3a9c"
DAY = timedelta(days=1)
# What differs from one answer to the next and says nothing: tokens of forms, and scores, which people's lives move.
PASSING = re.compile(r'name="(csrf_token|form_key)"[^>]*>|value="[\w.\-]{40,}"|"X-CSRFToken": "[^"]*"|DTSTAMP:\w+')
# Among supporters compared as of now, only the numbers may follow a stage: it decides who suits whom.
NUMBER = re.compile(r"\d+([.,]\d+)?")
COMPARED = ("entrepreneurs.choose", "entrepreneurs.weigh")


class Recorder(Browser):
    """A browser that keeps the text of every page it opened."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Open, and keep."""
        answer = super().get(*args, **kwargs)
        self.__dict__.setdefault("seen", {})[str(args[0])] = f"{answer.status_code} {read_text(answer)}"
        return answer


def read_text(answer: Any) -> str:
    """Give what an answer says; of a PDF, what its packed streams say."""
    if answer.mimetype != "application/pdf":
        return str(answer.get_data(as_text=True))
    # A packed stream may end in any byte, a carriage return too: only the line feed before the word is not part of it.
    streams = re.findall(rb"stream\r?\n(.*?)\nendstream", answer.data, re.DOTALL)
    return b" ".join(zlib.decompress(stream) for stream in streams).decode("latin-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Two networks, one person in each, and somebody else in every role around them."""

    app: Flask
    lending: Association
    rebuilding: Association
    person: Entrepreneur
    neighbour: Entrepreneur
    rebounder: Entrepreneur
    booking: Booking
    suggestion: Suggestion
    coach: Supporter
    accounts: Mapping[str, Account | None]


@pytest.fixture
def world(app: Flask) -> World:
    """Make it, with a sensitive workshop that has an organiser of its own."""
    app.test_client_class = Recorder
    with transaction() as session:
        lending, rebuilding = make_association(session), make_association(session, network=Network.REBONDS)
        accounts: dict[str, Account | None] = {"nobody": None}
        for who in ("person", "neighbour", "mentor", "expert", "rebounder", "coach"):
            accounts[who] = make_account(session)
        accounts["lending coordinator"] = make_coordinator(session, lending)
        accounts["organiser"] = make_coordinator(session, lending)
        accounts["rebuilding coordinator"] = make_coordinator(session, rebuilding)
        ids = {who: account.id for who, account in accounts.items() if account is not None}
        person = make_entrepreneur(
            session, lending, account_id=ids["person"], first_name="Canarine", stage=Stage.PLANNING, confided={}
        )
        neighbour = make_entrepreneur(session, lending, account_id=ids["neighbour"], stage=Stage.PLANNING)
        rebounder = make_entrepreneur(session, rebuilding, account_id=ids["rebounder"], confided={})
        mentor = make_supporter(session, lending, account_id=ids["mentor"])
        # She likes every stage: a sentence about one of them would show, or be missing.
        expert = make_supporter(
            session, lending, account_id=ids["expert"], role=SupporterRole.EXPERT, stages=[str(one) for one in Stage]
        )
        near_coach = make_supporter(session, lending, role=SupporterRole.COACH, capacity=21, is_certified=True)
        coach = make_supporter(
            session, rebuilding, account_id=ids["coach"], role=SupporterRole.COACH, capacity=21, is_certified=True
        )
        make_pairing(session, neighbour, mentor, state=PairingState.ACTIVE)
        make_pairing(session, person, expert, state=PairingState.PROPOSED)
        make_pairing(session, rebounder, coach, state=PairingState.ACTIVE)
        run = make_match_run(session, lending)
        suggestion = make_suggestion(session, run, person, mentor, **account_of(person))
        plan = make_support_plan(session, run, person)
        make_plan_line(session, plan, suggestion)
        make_plan_line(session, plan, make_workshop_session(session, lending), reasons=account_of(person)["reasons"])
        workshop = make_workshop_session(
            session, lending, theme_slug="stress_management", title="Souffler", organiser_id=ids["organiser"]
        )
        booking = make_booking(session, workshop, neighbour)
        for _number in range(2):
            make_sentinel(session, lending, make_account(session))
    return World(
        app=app,
        lending=lending,
        rebuilding=rebuilding,
        person=person,
        neighbour=neighbour,
        rebounder=rebounder,
        booking=booking,
        suggestion=suggestion,
        coach=near_coach,
        accounts=accounts,
    )


def account_of(person: Entrepreneur) -> dict[str, Any]:
    """Give why a supporter suits somebody, as a run would keep it."""
    facts = {"stage": person.stage}
    stage = 0.2 if person.stage in wall.HARD_STAGES else 0.15
    # The contributions give the same score, as if the words had made up for the stage.
    parts = [("needs", 0.5, 0.5), ("stage", stage, stage), ("text", 0.3, 0.3 - stage)]
    return {
        "components": [
            {"name": name, "value": value, "weight": 1.0, "contribution": part} for name, value, part in parts
        ],
        "reasons": [{"code": "knows_stage", "facts": facts}, {"code": "near", "facts": {"distance_km": 1.0}}],
        "gaps": [{"code": "other_stage", "facts": facts}],
    }


def turn_to_hard_times(world: World) -> None:
    """Let the person's project become a rebound, with the suggestion that a run would then keep."""
    with transaction() as session:
        person = session.get_one(Entrepreneur, world.person.id)
        person.stage = Stage.REBOUND
        suggestion = session.get_one(Suggestion, world.suggestion.id)
        for name, value in account_of(person).items():
            setattr(suggestion, name, value)
        for line in session.scalars(select(PlanLine).where(PlanLine.suggestion_id.is_(None))):
            line.reasons = account_of(person)["reasons"]


def confide(world: World) -> None:
    """Let both people confide all that there is to confide, and one ask to be called."""
    with transaction() as session:
        sentinel = session.scalars(select(Sentinel).order_by(Sentinel.id).limit(1)).one()
        make_handover(session, session.get_one(Entrepreneur, world.person.id), sentinel, due_at=utc_now() + DAY)
        for confided in session.scalars(select(EntrepreneurConfided)):
            confided.after_liquidation = f"{CANARY}-liquidation"
            confided.gender = "other"
            confided.coaching_consent_at = utc_now()


def come_to_a_sensitive_workshop(world: World) -> None:
    """Let the person come in her neighbour's place."""
    with transaction() as session:
        session.get_one(Booking, world.booking.id).entrepreneur_id = world.person.id


def begin_with_a_coach(world: World) -> None:
    """Let the neighbour, who has a mentor, be coached too, and talk with her coach tomorrow."""
    with transaction() as session:
        neighbour = session.get_one(Entrepreneur, world.neighbour.id)
        neighbour.wanted_roles = [SupporterRole.MENTOR, SupporterRole.COACH]
        near_coach = session.get_one(Supporter, world.coach.id)
        pairing = make_pairing(session, neighbour, near_coach, state=PairingState.ACTIVE, budget_minutes=420)
        make_meeting(session, pairing, state=MeetingState.CONFIRMED, starts_at=utc_now() + DAY)


def open_everything(world: World, who: str) -> dict[str, str]:
    """Give every page and file that one role reaches, by its address."""
    client = world.app.test_client()
    assert isinstance(client, Recorder)
    account = world.accounts[who]
    if account is not None:
        sign_in(client, account)
    with world.app.test_request_context():
        Crawler(world.app, client, most_alike=3).crawl(who)
    return {path: clean(world.app, path, text) for path, text in client.__dict__["seen"].items()} | files(world, who)


def clean(app: Flask, path: str, text: str) -> str:
    """Leave out what changes by itself."""
    text = PASSING.sub("", text)
    endpoint = app.url_map.bind("localhost").match(path.partition("?")[0], method="GET", return_rule=True)[0].endpoint
    return NUMBER.sub("#", text) if endpoint in COMPARED else text


def files(world: World, who: str) -> dict[str, str]:
    """Give the files of the association that a coordinator runs, by the service that page and command share."""
    association = {"lending coordinator": world.lending, "rebuilding coordinator": world.rebuilding}.get(who)
    if association is None:
        return {}
    common: dict[str, Any] = {"association_id": association.public_id, "actor": SYSTEM, "at": utc_now()}
    found = {
        f"file {kind}": export_rows(kind=kind, vocabulary=reference_vocabulary(), **common).content.decode()
        for kind in Kind
    }
    if association is world.lending:
        found["file suggestions"] = export_suggestions(describe=describe_suggestion, **common).content.decode()
    return found


def list_differences(world: World, who: str, *changes: Callable[[World], None]) -> list[list[str]]:
    """Open everything as one role, let each change happen, and name what is not the same after it."""
    found = []
    before = open_everything(world, who)
    assert len(before) > (20 if "coordinator" in who else 2), "who opens nothing learns nothing"
    for change in changes:
        change(world)
        after = open_everything(world, who)
        found.append(
            [path for path in {**before, **after} if tell_difference(before.get(path, ""), after.get(path, ""))]
        )
        before = after
    return found


def tell_difference(before: str, after: str) -> list[str]:
    """Give the lines that are not the same; printed, so that a failure says what leaked."""
    found = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    print("\n".join(found))
    return found


def everything_private(world: World) -> None:
    """Let all of it happen at once."""
    turn_to_hard_times(world)
    confide(world)
    come_to_a_sensitive_workshop(world)
    begin_with_a_coach(world)


@pytest.mark.parametrize("who", ["nobody", "mentor", "expert", "coach"])
def test_nothing_private_shows_to_other_people(world: World, who: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert list_differences(world, who, everything_private) == [[]]
    assert CANARY not in "".join(str(record.__dict__) for record in caplog.records)


def test_nothing_private_shows_to_a_neighbour(world: World) -> None:
    assert list_differences(world, "neighbour", turn_to_hard_times, confide) == [[], []]


def test_nothing_private_shows_on_the_lending_side(world: World, caplog: pytest.LogCaptureFixture) -> None:
    changes = (turn_to_hard_times, confide, come_to_a_sensitive_workshop)
    with caplog.at_level(logging.DEBUG):
        assert list_differences(world, "lending coordinator", *changes) == [[], [], []]
    assert CANARY not in "".join(str(record.__dict__) for record in caplog.records)
    assert CANARY not in "".join(str(message.facts) for message in db.session.scalars(select(Message)))


def test_the_rebuilding_side_reads_what_was_confided_to_it_in_its_file_alone(world: World) -> None:
    differences = list_differences(world, "rebuilding coordinator", everything_private)
    assert differences == [["file entrepreneurs"]]


def test_who_is_entitled_sees_it(world: World) -> None:
    assert all(list_differences(world, "organiser", come_to_a_sensitive_workshop))
    assert all(list_differences(world, "person", turn_to_hard_times, confide))


def test_the_crawl_sees_a_wall_that_leaks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: a sheet that tells the stage as it is must be noticed."""
    monkeypatch.setattr(profiles, "tell_stage", lambda stage, **_side: stage)
    [leaks] = list_differences(world, "lending coordinator", turn_to_hard_times)
    assert any(path.startswith(f"/entrepreneurs/{world.person.public_id}") for path in leaks)
