"""Somebody wishes to be forgotten: what was open ends as it always ends, and not a word of hers stays anywhere."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from models.accounts import Account
from models.associations import Association
from models.audit import AuditEvent
from models.charters import CharterParty, CharterSignature
from models.circles import Circle
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.erasures import MAILS_KEPT, TIME_TO_THINK, Erasure, ErasureGround
from models.exceptions import (
    BusyError,
    InvalidInputError,
    InvalidTransitionError,
    NotFoundError,
)
from models.introductions import Introduction
from models.meetings import Meeting
from models.messages import Message, MessageKind
from models.names import full_name
from models.pairings import EndReason, Pairing
from models.personal.register import REGISTER
from models.personal.ways import Root, find_table
from models.queries.dashboard import get_overview
from models.queries.erasures import StillOpen, count_open, scope_of_account
from models.queries.holdings import list_team
from models.queries.invariants import check_invariants
from models.queries.programme import read_programme
from models.reviews import Review
from models.states import ErasureState, PairingState
from models.supporters import Supporter
from tests.factories import make_account, make_coordinator, make_message, make_sentinel
from tests.whole_life import CANARY, Life, find_songs, live_a_whole_life
from webapp.permissions import SYSTEM, Actor
from webapp.services import erasing
from webapp.services.account_closing import close_account, reopen_account
from webapp.services.entrepreneurs import reopen_entrepreneur
from webapp.services.erasing import SETTLES, carry_out_erasures
from webapp.services.erasures import ask_erasure, keep_data
from webapp.services.fairness import read_fairness
from webapp.services.handovers import ask_for_call
from webapp.services.introductions import write_word
from webapp.services.messages import queue_message
from webapp.services.reviews import ReviewAnswers, note_review

ALL_GONE = TIME_TO_THINK + MAILS_KEPT + SETTLES


@pytest.fixture
def life(any_app: Flask) -> Life:
    with transaction() as session:
        return live_a_whole_life(session)


@pytest.fixture
def one_life(app: Flask) -> Life:
    """The same on SQLite alone, for what no database does otherwise than another."""
    with transaction() as session:
        return live_a_whole_life(session)


def herself(life: Life) -> Actor:
    return Actor(
        account_id=life.account.id,
        entrepreneur_ids=frozenset({life.person.id}),
        supporter_ids=frozenset({life.supporter.id}),
    )


def coordinator_of(account: Account, association_id: int) -> Actor:
    return Actor(account_id=account.id, coordinates=frozenset({association_id}))


def ask(life: Life, at: datetime) -> Erasure:
    asked = ask_erasure(
        root=Root.ACCOUNT,
        public_id=life.account.public_id,
        ground=ErasureGround.OWN,
        actor=herself(life),
        at=at,
    )
    return find(asked.erasure_id)


def find(erasure_id: object) -> Erasure:
    db.session.rollback()
    return db.session.scalars(
        select(Erasure).where(Erasure.public_id == erasure_id).execution_options(populate_existing=True)
    ).one()


def broken() -> dict[str, int]:
    db.session.rollback()
    return {check.name: check.broken for check in check_invariants(db.session()) if not check.holds}


def carry_out(now: datetime) -> int:
    """Let two ticks carry out what was asked for now: the second one, after a while, forgets."""
    assert carry_out_erasures(at=now + TIME_TO_THINK) == 0
    return carry_out_erasures(at=now + TIME_TO_THINK + SETTLES)


def test_not_a_word_of_hers_is_left_anywhere(life: Life, now: datetime) -> None:
    with transaction() as session:
        people = session.get_one(Entrepreneur, life.person.id), session.get_one(Supporter, life.supporter.id)
        pairing = session.scalars(select(Pairing).where(Pairing.entrepreneur_id == life.person.id).limit(1)).one()
        for number, person in enumerate(people):
            queue_message(
                session,
                kind=MessageKind.PAIRING_DECLINED,
                account_id=(life.coordinator, life.elsewhere)[number].id,
                event_key=f"pairing:{pairing.public_id}:{number}",
                facts={"entrepreneur": full_name(person), "supporter": full_name(person)},
                association_id=person.association_id,
                at=now,
            )
        session.add(
            AuditEvent(
                association_id=people[0].association_id,
                record="match_run",
                record_id=1,
                action="note",
                at=now,
                note=f"Vu avec {full_name(people[0])}",
            )
        )
        session.execute(
            update(Circle).where(Circle.facilitator_id == life.supporter.id).values(place=f"{CANARY}, chez elle")
        )
    assert "circles.place" in find_songs()
    assert len(find_songs()) > 50
    before = broken()
    ask(life, now)
    assert carry_out(now) == 1
    assert find_songs() <= {"messages.recipient", "messages.facts", "messages.event_key"}
    assert carry_out_erasures(at=now + ALL_GONE) == 1
    assert find_songs() == set()
    assert carry_out_erasures(at=now + ALL_GONE) == 0
    after = broken()
    assert {law: number for law, number in after.items() if number > before.get(law, 0)} == {}


def test_what_was_open_ends_as_it_always_ends(life: Life, now: datetime) -> None:
    still = count_open(db.session(), scope_of_account(db.session(), life.account), at=now)
    assert still[StillOpen.PAIRING] == 3
    assert StillOpen.CIRCLE_LED in still
    ask(life, now)
    carry_out(now)
    db.session.rollback()
    ends = {tuple(row) for row in db.session.execute(select(Pairing.state, Pairing.end_reason))}
    assert ends == {(PairingState.ENDED, EndReason.PROJECT_STOPPED), (PairingState.ENDED, EndReason.UNAVAILABLE)}
    assert count_open(db.session(), scope_of_account(db.session(), life.account), at=now) == {}
    assert db.session.scalars(select(Supporter.taken).order_by(Supporter.id)).all() == [0, 0, 0]
    told = db.session.scalars(select(Message.kind).where(Message.account_id == life.coordinator.id)).all()
    assert MessageKind.PAIRING_ENDED in told
    last = db.session.scalars(select(Message).where(Message.recipient == "canari-0@example.org")).all()
    assert [one.kind for one in last] == [MessageKind.ERASURE_DONE]
    assert not db.session.get_one(Account, life.account.id).is_active


def test_every_number_stays_what_it_was(one_life: Life, now: datetime, monkeypatch: Any) -> None:
    def count() -> list[object]:
        db.session.rollback()
        session, houses = db.session(), (one_life.person.association_id, one_life.supporter.association_id)
        kept = [name for name, personal in REGISTER.items() if not personal.is_deleted and name != "audit_events"]
        rows = [session.scalar(select(func.count()).select_from(find_table(name))) for name in kept]
        # Nobody is asked how it was with somebody forgotten: that is work less, and no figure.
        desks = [replace(get_overview(session, house, account_id=None, at=now), to_follow=0) for house in houses]
        programmes = [read_programme(session, house, at=now, since=now - timedelta(days=90)) for house in houses]
        fair = [read_fairness(session, association_id=house, lends=False, at=now) for house in houses]
        return [*rows, *desks, *programmes, *fair, session.scalar(select(func.sum(Meeting.minutes)))]

    ask(one_life, now)
    with monkeypatch.context() as only_ended:
        only_ended.setattr(erasing, "_forget", lambda _erasure_id, **_at: 0)
        carry_out_erasures(at=now + TIME_TO_THINK)
    before = count()
    assert carry_out(now) == 1
    assert count() == before


def test_a_day_to_change_her_mind_and_no_way_back_after(life: Life, now: datetime) -> None:
    erasure = ask(life, now)
    assert ask(life, now).id == erasure.id
    assert carry_out_erasures(at=now + TIME_TO_THINK - timedelta(seconds=1)) == 0
    for _ in range(2):
        keep_data(erasure_id=erasure.public_id, actor=herself(life), at=now + timedelta(hours=23))
    assert carry_out_erasures(at=now + ALL_GONE) == 0
    assert (find(erasure.public_id).state, len(find_songs()) > 50) == (ErasureState.KEPT, True)
    again = ask(life, now)
    with pytest.raises(InvalidTransitionError):
        keep_data(erasure_id=again.public_id, actor=herself(life), at=now + TIME_TO_THINK)
    carry_out(now)
    with pytest.raises(InvalidTransitionError):
        reopen_account(account_id=life.account.public_id, actor=SYSTEM, at=now)
    with pytest.raises(InvalidTransitionError):
        reopen_entrepreneur(entrepreneur_id=life.person.public_id, actor=SYSTEM, at=now)


def test_what_was_broken_off_goes_on_at_the_next_tick(one_life: Life, now: datetime, monkeypatch: Any) -> None:
    ask(one_life, now)
    with monkeypatch.context() as broken_off:
        broken_off.setattr(erasing, "let_supporter_leave", fail)
        assert carry_out_erasures(at=now + TIME_TO_THINK) == 0
    assert len(find_songs()) > 50
    assert carry_out(now) == 1
    assert carry_out_erasures(at=now + ALL_GONE) == 1
    assert find_songs() == set()


def fail(**_values: object) -> None:
    raise BusyError


def test_a_coordinator_has_one_file_forgotten_and_not_the_other(life: Life, now: datetime) -> None:
    actor = coordinator_of(life.coordinator, life.person.association_id)
    public_id, ground = life.person.public_id, ErasureGround.BY_TELEPHONE
    asked = ask_erasure(root=Root.ENTREPRENEUR, public_id=public_id, ground=ground, actor=actor, at=now)
    assert find(asked.erasure_id).asked_by_id == life.coordinator.id
    carry_out(now)
    db.session.rollback()
    account, supporter = db.session.get_one(Account, life.account.id), db.session.get_one(Supporter, life.supporter.id)
    assert db.session.get_one(Entrepreneur, life.person.id).erased_at is not None
    assert (account.is_active, account.erased_at, supporter.erased_at) == (True, None, None)
    other = coordinator_of(life.elsewhere, supporter.association_id)
    ask_erasure(root=Root.SUPPORTER, public_id=supporter.public_id, ground=ErasureGround.IN_PERSON, actor=other, at=now)
    carry_out(now)
    db.session.rollback()
    assert db.session.get_one(Account, life.account.id).erased_at is not None
    carry_out_erasures(at=now + ALL_GONE)
    assert find_songs() == set()


def test_who_may(one_life: Life, now: datetime) -> None:
    by_phone, own = ErasureGround.BY_TELEPHONE, ErasureGround.OWN
    runs = coordinator_of(one_life.coordinator, one_life.person.association_id)
    person, account = (Root.ENTREPRENEUR, one_life.person.public_id), (Root.ACCOUNT, one_life.account.public_id)
    refusals: list[tuple[tuple[Root, Any], ErasureGround, Actor, type[Exception]]] = [
        (person, by_phone, coordinator_of(one_life.elsewhere, one_life.supporter.association_id), NotFoundError),
        (person, by_phone, Actor(account_id=None), NotFoundError),
        (person, own, runs, InvalidInputError),
        (account, by_phone, herself(one_life), InvalidInputError),
        (account, by_phone, runs, NotFoundError),
        ((Root.ACCOUNT, one_life.coordinator.public_id), own, runs, InvalidInputError),
        ((Root.ACCOUNT, one_life.elsewhere.public_id), by_phone, runs, NotFoundError),
    ]
    for (root, public_id), ground, actor, refusal in refusals:
        with pytest.raises(refusal):
            ask_erasure(root=root, public_id=public_id, ground=ground, actor=actor, at=now)
    erasure = ask(one_life, now)
    for stranger in (Actor(account_id=None), Actor(account_id=one_life.elsewhere.id)):
        with pytest.raises(NotFoundError):
            keep_data(erasure_id=erasure.public_id, actor=stranger, at=now)


def test_a_colleague_who_left_is_forgotten_and_her_name_leaves_what_she_signed(one_life: Life, now: datetime) -> None:
    with transaction() as session:
        association = session.get_one(Association, one_life.person.association_id)
        leaver = make_coordinator(session, association, first_name=CANARY, email=f"{CANARY}-9@example.org")
        session.execute(
            update(CharterSignature)
            .where(CharterSignature.party == CharterParty.REFERENT)
            .values(name=f"{CANARY}-9", signed_by_id=leaver.id)
        )
    actor = coordinator_of(one_life.coordinator, association.id)
    close_account(account_id=leaver.public_id, successor_id=None, actor=actor, at=now)
    asked = ask_erasure(
        root=Root.ACCOUNT, public_id=leaver.public_id, ground=ErasureGround.IN_WRITING, actor=actor, at=now
    )
    carry_out(now)
    assert find(asked.erasure_id).state is ErasureState.DONE
    names = set(db.session.scalars(select(CharterSignature.name)))
    assert f"{CANARY}-9" not in names
    assert [one.id for one in list_team(db.session(), association.id)] == [one_life.coordinator.id]


def test_a_call_asked_for_meanwhile_ends_before_anything_is_forgotten(one_life: Life, now: datetime) -> None:
    """A closed file keeps nobody from asking for a call, up to the moment at which she is forgotten."""

    def ask_for_one() -> None:
        ask_for_call(
            entrepreneur_id=one_life.person.public_id,
            sentinel_id=None,
            reach="06 12 34 56 78",
            tells_name=False,
            agrees=True,
            actor=herself(one_life),
            at=now,
        )

    with transaction() as session:
        make_sentinel(session, session.get_one(Association, one_life.person.association_id), make_account(session))
    ask(one_life, now)
    at = now + TIME_TO_THINK
    carry_out_erasures(at=at)
    ask_for_one()
    with pytest.MonkeyPatch.context() as begun_before:
        begun_before.setattr(erasing, "_end_everything", lambda _erasure_id, **_at: None)
        assert carry_out_erasures(at=at + SETTLES) == 0
    assert carry_out_erasures(at=at + SETTLES) == 1
    with pytest.raises(InvalidTransitionError):
        ask_for_one()
    assert not [law for law in broken() if law.startswith("forgotten")]


def test_what_others_had_begun_to_write_to_her_is_forgotten_too(one_life: Life, now: datetime) -> None:
    ask(one_life, now)
    at = now + TIME_TO_THINK
    carry_out_erasures(at=at)
    with transaction() as session:  # by a request that had read her account as open
        make_message(session, account_id=one_life.account.id, recipient="canari-0@example.org")
    assert carry_out_erasures(at=at + SETTLES - timedelta(seconds=1)) == 0
    assert carry_out_erasures(at=at + SETTLES) == 1
    assert not [law for law in broken() if law.startswith("forgotten")]


def test_no_word_is_written_any_more_about_somebody_forgotten(one_life: Life, now: datetime) -> None:
    def number(column: Any, condition: Any) -> Any:
        return db.session.scalars(select(column).where(condition).limit(1)).one()

    introduction_id = number(Introduction.public_id, Introduction.supporter_id == one_life.supporter.id)
    review_id = number(Review.public_id, Review.entrepreneur_id == one_life.person.id)
    ask(one_life, now)
    carry_out(now)
    elsewhere = coordinator_of(one_life.elsewhere, one_life.supporter.association_id)
    with pytest.raises(InvalidTransitionError):
        write_word(introduction_id=introduction_id, word="Un client de plus", actor=elsewhere, at=now)
    actor = coordinator_of(one_life.coordinator, one_life.person.association_id)
    heard = ReviewAnswers(goes_on=True, jobs_created=None, jobs_kept=None, in_neighbourhood=None, heard="Tout va")
    with pytest.raises(InvalidTransitionError):
        note_review(review_id=review_id, answers=heard, actor=actor, at=now)
