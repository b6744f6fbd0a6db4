"""Pauses of supporters: they have a day, and begin by themselves after proposals in a row without a word."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.clocks import AssociationClock, Clock
from models.db import db, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError
from models.notices import Notice, NoticeKind
from models.pairings import DeclineReason
from models.queries.deadlines import check_deadlines
from models.states import PairingState, SupporterState
from models.supporters import Supporter
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.services.clocks import tick
from webapp.services.clocks.rests import ask_away_again, notice_away
from webapp.services.pairing_pauses import ask_question
from webapp.services.pairings import accept_pairing, decline_pairing, expire_each
from webapp.services.supporter_rests import put_off_return
from webapp.services.supporters import pause_supporter, resume_supporter

DAY = timedelta(days=1)
RESTS = (NoticeKind.SUPPORTER_RESTS, NoticeKind.AVAILABLE_AGAIN, NoticeKind.STILL_AWAY)


def read(office, number=0):
    db.session.rollback()
    return db.session.get_one(Supporter, office.supporters[number].id)


def notices():
    db.session.rollback()
    told = select(Notice.kind, Notice.recipient).where(Notice.kind.in_(RESTS)).order_by(Notice.id)
    return [(str(kind), recipient) for kind, recipient in db.session.execute(told)]


def late(at):
    db.session.rollback()
    return [check.name for check in check_deadlines(db.session(), at=at) if not check.holds]


def test_who_leaves_two_proposals_in_a_row_unanswered_is_on_pause_and_nobody_waits_for_her(any_app, now):
    office = Office(people=3, supporters=3, supporter={"capacity": 5})
    first = office.propose(0, at=now)
    tick(at=first.deadline_at)
    assert (read(office).state, read(office).unanswered) == (SupporterState.ACTIVE, 1)
    second = office.propose(2, rank=2, at=first.deadline_at)
    waiting = office.propose(1, rank=3, at=first.deadline_at + 2 * DAY)
    assert second.supporter_id == waiting.supporter_id == office.supporters[0].id
    at = second.deadline_at
    tick(at=at)
    tick(at=at)
    silent = read(office)
    assert (silent.state, silent.unanswered, silent.taken) == (SupporterState.PAUSED, 2, 0)
    assert silent.back_on == at.date() + 60 * DAY
    assert [event[3] for event in office.events("supporter")] == ["no_answer"]
    assert office.pairing(waiting.public_id).state is PairingState.WITHDRAWN
    assert sorted(notices()) == sorted(("supporter_rests", address) for address in (silent.email, office.account.email))
    assert "open" in office.states(0) + office.states(1) + office.states(2)
    assert (broken_laws(), late(at + 3 * DAY)) == ([], [])


@pytest.mark.parametrize("word", ["decline", "accept", "ask", "resume"])
def test_a_word_in_between_begins_the_count_again(app, now, word):
    office = Office(people=2, supporters=2, supporter={"capacity": 5})
    first = office.propose(0, at=now)
    assert len(list(expire_each(at=first.deadline_at))) == 1
    other, actor, at = office.propose(1, rank=2, at=first.deadline_at), office.as_supporter(0), first.deadline_at
    assert read(office).unanswered == 1
    if word == "decline":
        decline_pairing(pairing_id=other.public_id, reason=DeclineReason.NO_TIME, actor=actor, at=at)
    elif word == "accept":
        accept_pairing(pairing_id=other.public_id, actor=actor, at=at)
    elif word == "ask":
        ask_question(pairing_id=other.public_id, question="Combien d'heures ?", actor=actor, at=at)
    else:
        pause_supporter(supporter_id=office.supporters[0].public_id, actor=actor, at=at)
        resume_supporter(supporter_id=office.supporters[0].public_id, actor=actor, at=at)
    assert (read(office).unanswered, read(office).back_on) == (0, None)


def test_on_the_day_of_a_pause_she_is_asked_then_her_coordinator_then_it_gets_another_day(any_app, now):
    office = Office(suggested=False)
    with transaction() as session:
        session.add(AssociationClock(association_id=office.association.id, clock=Clock.AWAY, days=30, set_at=now))
    pause_supporter(supporter_id=office.supporters[0].public_id, actor=office.coordinator, at=now)
    day = read(office).back_on
    assert day == now.date() + 30 * DAY
    assert notice_away(at=now + 29 * DAY) == 0
    assert [notice_away(at=now + days * DAY) for days in (30, 30, 37, 37)] == [1, 0, 1, 0]
    assert notices() == [("available_again", read(office).email), ("still_away", office.account.email)]
    assert ask_away_again(at=now + 43 * DAY) == 0
    assert "pause_of_a_supporter_has_a_day_to_come" in late(now + 47 * DAY)
    assert [ask_away_again(at=now + 44 * DAY) for _time in range(2)] == [1, 0]
    assert read(office).back_on == day + 44 * DAY
    assert [event[0] for event in office.events("supporter")] == ["pause", "put_off"]
    assert "pause_of_a_supporter_has_a_day_to_come" not in late(now + 47 * DAY)
    assert read(office).state is SupporterState.PAUSED


def test_a_pause_may_have_a_day_of_its_own_and_another_one_later(app, now):
    office = Office()
    chosen = {"supporter_id": office.supporters[0].public_id, "actor": office.as_supporter(0), "at": now}
    with refused(InvalidTransitionError, state="active"):
        put_off_return(back_on=date(2027, 1, 4), **chosen)
    for day in (now.date(), now.date() + timedelta(days=367)):
        with refused(InvalidInputError, field="back_on"):
            pause_supporter(back_on=day, **chosen)
    pause_supporter(back_on=date(2027, 1, 4), **chosen)
    assert read(office).back_on == date(2027, 1, 4)
    with refused(InvalidInputError, field="back_on"):
        put_off_return(back_on=now.date(), **chosen)
    with refused(NotFoundError):
        put_off_return(back_on=date(2027, 3, 1), **{**chosen, "actor": NOBODY})
    put_off_return(back_on=date(2027, 3, 1), **chosen)
    assert read(office).back_on == date(2027, 3, 1)
    assert [event[0] for event in office.events("supporter")] == ["pause", "put_off"]
