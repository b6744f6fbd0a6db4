"""Canaries: every field that is for few holds a word found nowhere else, and everybody opens all that she can open.

Pages, forms that come back with mistakes, files, calendars, mails, logs, reasons and the database itself: a canary
shows to whom it is meant for alone, and the controls see it show elsewhere when a wall is broken on purpose.
"""

import io
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from models.accounts import Account, Locale
from models.associations import Association, Network
from models.coaching import CoachingMoment
from models.db import Model, db, transaction
from models.messages import Message
from models.states import CircleMemberState, CircleState, PairingState
from models.supporters import SupporterRole
from seeds.vocabulary import reference_vocabulary
from tests.browsing import sign_in
from tests.crawl.crawler import Crawler
from tests.crawl.test_doors import RECORDS
from tests.crawl.test_wall import Recorder, read_text
from tests.factories import (
    make_account,
    make_association,
    make_booking,
    make_circle,
    make_circle_member,
    make_coaching_assessment,
    make_coaching_file,
    make_coordinator,
    make_entrepreneur,
    make_facilitator,
    make_handover,
    make_meeting,
    make_pairing,
    make_sentinel,
    make_supporter,
    make_workshop_session,
)
from tests.factories.sequence import MADE_AT
from webapp.clock import utc_now
from webapp.commands.serving import list_routes
from webapp.messages.wording import render_message
from webapp.permissions import SYSTEM
from webapp.services import clocks, coaching
from webapp.services.exports import export_rows, export_suggestions
from webapp.services.match_runs import execute_run, request_run
from webapp.spreadsheets import Kind
from webapp.words.suggestions import describe_suggestion

YEAR = timedelta(days=365)
# Each canary, and who may read it.
ENTITLED: Mapping[str, frozenset[str]] = {
    "canari-force-avant": frozenset({"person", "coach"}),
    "canari-manque-avant": frozenset({"person", "coach"}),
    "canari-force-apres": frozenset({"person", "coach"}),
    "canari-manque-apres": frozenset({"person", "coach"}),
    "canari-pas-coach": frozenset({"person", "coach"}),
    "canari-pas-mentor": frozenset({"person", "mentor"}),
    "canari-joindre": frozenset({"person", "sentinel"}),
    "canari-porte": frozenset(),
    "canari-mot": frozenset({"person", "coach"}),
    "canari-liquidation": frozenset(),
}
SHOWN = {canary for canary, readers in ENTITLED.items() if readers}
ROLES = (
    "nobody",
    "neighbour",
    "member of her circle",
    "mentor",
    "coach",
    "coach of another",
    "expert",
    "coordinator",
    "coordinator elsewhere",
    "organiser",
    "sentinel",
    "other sentinel",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A person with all that can be confided, and one account per role around her."""

    app: Flask
    association: Association
    accounts: Mapping[str, Account | None]
    records: tuple[Any, ...]


@pytest.fixture
def world(app: Flask, request: pytest.FixtureRequest) -> World:
    """Make it on the lending side of the wall, or on the other where a test says so."""
    network = getattr(request, "param", Network.INITIATIVE_FRANCE)
    app.test_client_class = Recorder
    with transaction() as session:
        house = make_association(session, network=network)
        elsewhere = make_association(session, network=next(one for one in Network if one is not network))
        accounts: dict[str, Account | None] = {"nobody": None, "coordinator": make_coordinator(session, house)}
        accounts["organiser"] = make_coordinator(session, house)
        accounts["coordinator elsewhere"] = make_coordinator(session, elsewhere)
        for who in ("person", *(role for role in ROLES if role not in accounts)):
            accounts[who] = make_account(session)
        ids = {who: account.id for who, account in accounts.items() if account is not None}
        records = fill(session, house, ids)
    at = utc_now()
    run_id = request_run(association_id=house.public_id, actor=SYSTEM, at=at)
    execute_run(run_id=run_id, at=at)
    return World(app=app, association=house, accounts=accounts, records=tuple(records))


def fill(session: Any, house: Association, ids: Mapping[str, int]) -> list[Any]:
    """Give the person everything that there is to confide, and give every record that has an address."""
    person = make_entrepreneur(
        session,
        house,
        account_id=ids["person"],
        wanted_roles=["mentor", "coach", "expert", "ambassador"],
        confided={"after_liquidation": "canari-liquidation", "coaching_consent_at": MADE_AT, "gender": "other"},
    )
    others = [make_entrepreneur(session, house, account_id=ids[who]) for who in ("neighbour", "member of her circle")]
    mentor, expert = (make_supporter(session, house, account_id=ids[role], role=role) for role in ("mentor", "expert"))
    coach, other_coach = (
        make_supporter(session, house, account_id=ids[who], role=SupporterRole.COACH, capacity=21)
        for who in ("coach", "coach of another")
    )
    with_coach = make_pairing(session, person, coach, state=PairingState.ACTIVE, budget_minutes=420)
    with_mentor = make_pairing(session, person, mentor, state=PairingState.ACTIVE)
    asked = make_pairing(session, person, expert, state=PairingState.PROPOSED)
    another = make_pairing(session, others[0], other_coach, state=PairingState.ACTIVE)
    meetings = [
        make_meeting(session, with_coach, state="held", next_step="canari-pas-coach"),
        make_meeting(session, with_mentor, state="held", next_step="canari-pas-mentor"),
        make_meeting(session, with_coach, state="cancelled", word="canari-mot", cancelled_by="entrepreneur"),
    ]
    file = make_coaching_file(session, with_coach, door="canari-porte")
    for moment, when in ((CoachingMoment.BEFORE, "avant"), (CoachingMoment.AFTER, "apres")):
        words = {"strengths": f"canari-force-{when}", "gaps": f"canari-manque-{when}"}
        make_coaching_assessment(session, file, moment, **words)
    helpers = [make_supporter(session, house, account_id=ids[who]) for who in ("sentinel", "other sentinel")]
    sentinels = [make_sentinel(session, house, session.get_one(Account, one.account_id)) for one in helpers]
    due_at = utc_now() + 3 * YEAR
    handover = make_handover(session, person, sentinels[0], reach="canari-joindre", due_at=due_at)
    workshop = make_workshop_session(
        session, house, theme_slug="stress_management", title="Souffler", organiser_id=ids["organiser"]
    )
    make_booking(session, workshop, person)
    circle = make_circle(session, make_facilitator(session, helpers[1]), state=CircleState.CONFIRMED)
    for one in (person, others[1]):
        make_circle_member(session, circle, one, state=CircleMemberState.JOINED)
    people = [person, *others, mentor, expert, coach, other_coach]
    return [*people, with_coach, with_mentor, asked, another, *meetings, file, handover, *sentinels, workshop, circle]


def open_everything(world: World, who: str) -> Iterator[tuple[str, str]]:
    """Give all that one role can open: what links lead to, then every address of every record, also sent empty."""
    client = world.app.test_client()
    assert isinstance(client, Recorder)
    account = world.accounts[who]
    if account is not None:
        sign_in(client, account)
    with world.app.test_request_context():
        Crawler(world.app, client, most_alike=3).crawl(who)
    for method in ("GET", "POST"):
        for path in list_addresses(world, method):
            answer = client.open(path, method=method, data={"word": "x"} if method == "POST" else None)
            yield f"{method} {path}", read_any(answer)
    yield from client.__dict__["seen"].items()
    if "coordinator" in who:
        yield "dry run", send_own_file(world, client)


def read_any(answer: Any) -> str:
    """Give what an answer says, in whichever code it is written."""
    return read_text(answer) if answer.mimetype == "application/pdf" else answer.data.decode(errors="replace")


def list_addresses(world: World, method: str) -> Iterator[str]:
    for route in list_routes(world.app):
        if method not in route["methods"] or route["endpoint"] in ("static", "accounts.sign_out"):
            continue
        if route["access"] == "development":
            continue
        if not route["arguments"] and method == "POST":
            yield route["rule"]
        elif route["arguments"] in (["public_id"], ["moment", "public_id"]):
            endpoint = route["endpoint"]
            table = RECORDS.get(endpoint) or RECORDS.get(endpoint.split(".")[0], Model)
            for record in (one for one in world.records if isinstance(one, table)):
                path = route["rule"].replace("<uuid:public_id>", str(record.public_id))
                yield path.replace("<any(before, after):moment>", "before")


def send_own_file(world: World, client: Recorder) -> str:
    """Send the association's own file of people, as it was given out, and read what the check says."""
    data = export(world, Kind.ENTREPRENEURS).encode()
    form = {"kind": "entrepreneurs", "file": (io.BytesIO(data), "liste.csv")}
    return str(client.post("/imports", data=form).get_data(as_text=True))


def export(world: World, kind: Kind) -> str:
    association_id = world.association.public_id
    given = export_rows(
        kind=kind, vocabulary=reference_vocabulary(), association_id=association_id, actor=SYSTEM, at=utc_now()
    )
    return given.content.decode()


def find_leaks(seen: Iterator[tuple[str, str]], who: str) -> set[tuple[str, str]]:
    """Name the places where a canary sings to somebody whom it is not for."""
    kept = [canary for canary, readers in ENTITLED.items() if who not in readers]
    return {(place, canary) for place, words in seen for canary in kept if canary in words}


@pytest.mark.parametrize("who", ROLES)
def test_nobody_reads_what_is_not_for_her(world: World, who: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert find_leaks(open_everything(world, who), who) == set()
        clocks.tick(at=utc_now())
    logged = "".join(str(record.__dict__) for record in caplog.records)
    assert [canary for canary in ENTITLED if canary in logged] == []


@pytest.mark.parametrize("world", [Network.REBONDS], indirect=True)
@pytest.mark.parametrize("who", ["coordinator", "organiser"])
def test_who_rebuilds_with_her_reads_no_more(world: World, who: str) -> None:
    assert find_leaks(open_everything(world, who), who) == set()


@pytest.mark.parametrize("who", ["person", "coach", "mentor", "sentinel"])
def test_who_is_entitled_reads_it(world: World, who: str) -> None:
    client = world.app.test_client()
    assert isinstance(client, Recorder)
    sign_in(client, world.accounts[who])
    with world.app.test_request_context():
        Crawler(world.app, client, most_alike=5).crawl(who)
    words = " ".join(client.__dict__["seen"].values())
    assert {canary for canary in ENTITLED if canary in words} == {one for one in SHOWN if who in ENTITLED[one]}


def test_files_reasons_and_mails_know_of_nothing(world: World) -> None:
    texts = [export(world, kind) for kind in Kind]
    given = export_suggestions(
        describe=describe_suggestion, association_id=world.association.public_id, actor=SYSTEM, at=utc_now()
    )
    texts.append(given.content.decode())
    for years in (4, 5, 6):
        clocks.tick(at=utc_now() + years * YEAR)
    messages = db.session.scalars(select(Message)).all()
    assert {str(message.kind) for message in messages} >= {"handover_asked", "handover_unanswered", "digest"}
    for message in messages:
        for locale in Locale:
            message.locale = locale
            rendered = render_message(message)
            texts += [rendered.subject, rendered.body, str(message.facts)]
    assert {canary for canary in ENTITLED for one in texts if canary in one} == set()


def test_the_database_itself_tells_nothing_in_clear(world: World) -> None:
    assert read_in_clear() == set()
    assert len(inspect(db.engine).get_table_names()) > len(SHOWN)


def read_in_clear() -> set[str]:
    """Give the canaries that somebody reads who has the file of the database and no key."""
    db.session.rollback()
    rows = (row for table in Model.metadata.tables for row in db.session.execute(text(f'SELECT * FROM "{table}"')))  # noqa: S608
    words = " ".join(str(value) for row in rows for value in row)
    return {canary for canary in ENTITLED if canary in words}


def test_control_a_space_that_any_coach_could_read_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coaching, "may_coach", lambda _actor, _file: True)
    leaks = {canary for _place, canary in find_leaks(open_everything(world, "coach of another"), "coach of another")}
    assert leaks == {canary for canary in ENTITLED if "force" in canary or "manque" in canary}


def test_control_calls_shown_to_every_sentinel_are_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.queries import care
    from webapp.handovers import routes

    def list_all(session: Any, _ids: object) -> Any:
        return care._know(session, care._select_live())

    monkeypatch.setattr(routes, "list_handovers_of", list_all)
    leaks = find_leaks(open_everything(world, "other sentinel"), "other sentinel")
    assert {canary for _place, canary in leaks} == {"canari-joindre"}


def test_control_a_column_in_clear_is_noticed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # Statements keep how a column is written from one test to the next: the key is what is taken away.
    monkeypatch.setattr("models.encryption._keys", [SimpleNamespace(encrypt=lambda written: written)])
    with transaction() as session:
        make_entrepreneur(session, make_association(session), confided={"after_liquidation": "canari-liquidation"})
    assert read_in_clear() == {"canari-liquidation"}
