"""Introductions: promised, made, told of, and what time does with those nobody tells of."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, RepeatedRequestError
from models.introductions import Introduction, IntroductionPurpose
from models.messages import Message, MessageKind
from models.notices import Notice
from models.queries.deadlines import check_deadlines
from models.queries.introductions import count_by_purpose, count_by_supporter
from models.states import IntroductionAction, IntroductionState
from tests.clock import NOW
from tests.factories import make_introduction
from tests.office import NOBODY, Office, broken_laws, refused
from tests.webapp.services.test_messages import Recorder
from webapp.services.clocks.introductions import lapse_stale, notice_introductions
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.introductions import Contact, introduce, introduce_for_association, tell_introduction, write_word
from webapp.services.messages import send_due_messages
from webapp.services.pairings import accept_pairing

BANK = Contact(organisation=" Banque du Nord ", purpose=IntroductionPurpose.FINANCE, name="Mme Petit")


@pytest.fixture
def office(app):
    return pair(Office())


def pair(office, *, at=NOW, is_accepted=True):
    office.pair = office.propose(at=at)
    if is_accepted:
        accept_pairing(pairing_id=office.pair.public_id, actor=office.as_supporter(), at=at)
    office.told = len(office.messages())
    return office


def promise(office, now, **values):
    values = {"is_made": False, "actor": office.as_supporter(), "contact": BANK, **values}
    return introduce(pairing_id=office.pair.public_id, at=now, **values)


def read(introduction_id):
    db.session.rollback()
    return db.session.scalars(select(Introduction).where(Introduction.public_id == introduction_id)).one()


def facts_of(kind):
    db.session.rollback()
    return db.session.scalars(select(Message.facts).where(Message.kind == kind).order_by(Message.id)).all()


def tell(introduction_id, action, office, now, actor=None, *, mail_left=False):
    """Tell a step; sometimes after the mails of the steps before have left."""
    if mail_left:
        send_due_messages(at=now, transport=Recorder())
    actor = actor or office.as_person()
    tell_introduction(introduction_id=introduction_id, action=IntroductionAction(action), actor=actor, at=now)


def test_a_promise_is_kept_and_told_step_by_step(any_app, now):
    office = pair(Office())
    made = promise(office, now)
    assert (read(made).organisation, read(made).state) == ("Banque du Nord", IntroductionState.PROMISED)
    assert read(made).due_at == now + timedelta(days=21)
    later = now + timedelta(days=3)
    tell(made, "make", office, later, office.as_supporter(), mail_left=True)
    assert (read(made).made_at, read(made).due_at) == (later, later + timedelta(days=21))
    tell(made, "meet", office, later + timedelta(days=4), mail_left=True)
    assert (read(made).state, read(made).due_at) == (IntroductionState.MET, None)
    tell(made, "succeed", office, later + timedelta(days=60), mail_left=True)
    assert read(made).state is IntroductionState.FRUITFUL
    kinds = [kind for kind, _ in office.messages()[office.told :]]
    assert kinds == ["introduction_made", "introduction_made", "introduction_told", "introduction_told"]
    assert broken_laws() == []


def test_what_the_entrepreneur_notes_is_made(office, now):
    assert read(promise(office, now, actor=office.as_person())).state is IntroductionState.MADE
    assert office.messages()[office.told :] == []


def test_one_that_lapsed_may_still_be_made_and_each_step_is_told(office, now):
    promised = promise(office, now)
    tell(promised, "make", office, now + timedelta(days=1), office.as_supporter(), mail_left=True)
    for day in (2, 90):
        tell(promised, "lapse", office, now + timedelta(days=day), mail_left=True)
        tell(promised, "make", office, now + timedelta(days=day + 1), office.as_supporter(), mail_left=True)
    assert read(promised).told_at is None
    kinds = [kind for kind, _ in office.messages()[office.told :]]
    assert kinds == [*["introduction_made"] * 2, *["introduction_told", "introduction_made"] * 2]
    assert broken_laws() == []


@pytest.mark.parametrize(("mail_left", "told"), [(False, [True]), (True, [False, True])])
def test_made_lapsed_and_made_again_on_one_day_is_one_news_with_the_last_truth(office, now, mail_left, told):
    promised = promise(office, now)
    for step in ("make", "lapse", "make", "lapse", "make"):
        tell(promised, step, office, now, office.as_supporter(), mail_left=mail_left)
    assert [facts["is_made"] for facts in facts_of(MessageKind.INTRODUCTION_MADE)] == told
    tell(promised, "lapse", office, now, office.as_person(), mail_left=False)
    assert len(facts_of(MessageKind.INTRODUCTION_MADE)) == len(told) - (not mail_left)
    tell(promised, "make", office, now, office.as_person(), mail_left=mail_left)
    tell(promised, "meet", office, now, office.as_person(), mail_left=mail_left)
    assert len(facts_of(MessageKind.INTRODUCTION_TOLD)) == 1


def test_a_promise_cannot_be_fruitful_before_it_is_made(office, now):
    promised = promise(office, now)
    with refused(InvalidTransitionError, state="promised", action="succeed"):
        tell(promised, "succeed", office, now)


def test_only_two_who_work_together_have_one(app, now):
    office = pair(Office(), is_accepted=False)
    with refused(InvalidTransitionError, action="introduce"):
        promise(office, now)


def test_it_says_to_whom(office, now):
    with refused(InvalidInputError, field="organisation"):
        promise(office, now, contact=Contact(organisation=" ", purpose=IntroductionPurpose.OTHER))


def test_others_know_nothing_of_it(office, now):
    promised = promise(office, now)
    for actor in (NOBODY, office.as_supporter(1), Office(suggested=False).coordinator):
        with refused(NotFoundError):
            tell(promised, "make", office, now, actor)
        with refused(NotFoundError):
            write_word(introduction_id=promised, word="…", actor=actor, at=now)
    with refused(NotFoundError):
        promise(office, now, actor=office.as_supporter(1))


def test_a_form_sent_twice_counts_once(office, now):
    promise(office, now, actor=office.coordinator, form_key="k")
    with refused(RepeatedRequestError):
        promise(office, now, actor=office.coordinator, form_key="k")


def test_the_association_opens_doors_too(office, now):
    person = office.people[1] if len(office.people) > 1 else office.people[0]
    given = {"entrepreneur_id": person.public_id, "contact": BANK, "is_made": True, "at": now}
    own = introduce_for_association(actor=office.coordinator, **given)
    assert (read(own).supporter_id, read(own).state) == (None, IntroductionState.MADE)
    with refused(NotFoundError):
        introduce_for_association(actor=office.as_supporter(), **given)
    tell(own, "succeed", office, now)
    assert broken_laws() == []


def test_a_word_is_written_and_taken_back(office, now):
    promised = promise(office, now)
    write_word(introduction_id=promised, word=" Un contrat. ", actor=office.as_person(), at=now)
    assert read(promised).word == "Un contrat."
    write_word(introduction_id=promised, word="", actor=office.as_person(), at=now)
    assert read(promised).word == ""


def test_the_ledger_counts_what_was_kept(office, now):
    with transaction() as session:
        for state in IntroductionState:
            make_introduction(session, office.pair, state=state, made_at=None if state == "promised" else now)
    by_supporter = count_by_supporter(db.session(), office.association_id)
    assert [(one.noted, one.kept, one.fruitful) for one in by_supporter] == [(5, 4, 1)]
    by_purpose = count_by_purpose(db.session(), office.association_id)
    assert [(str(one.purpose), one.noted) for one in by_purpose] == [("customer", 5)]


def test_nobody_tells_and_time_asks_then_the_coordinator_then_it_lapses(any_app, now):
    office = pair(Office())
    promised = promise(office, now)
    made = promise(office, now, is_made=True)
    day = now + timedelta(days=21)
    assert notice_introductions(at=day - timedelta(seconds=1)) == 0
    assert notice_introductions(at=day) == 2
    assert notice_introductions(at=day) == 0
    told = db.session.execute(select(Notice.kind, Notice.recipient).order_by(Notice.id)).all()
    people = [("introduction_to_make", office.supporters[0].email), ("introduction_news", office.people[0].email)]
    assert [(str(kind), recipient) for kind, recipient in told] == people
    assert notice_introductions(at=day + timedelta(days=21)) == 2
    late = db.session.scalars(select(Notice.recipient).where(Notice.kind == "introduction_late")).all()
    assert late == [office.account.email] * 2
    assert lapse_stale(at=day + timedelta(days=42) - timedelta(seconds=1)) == 0
    assert unkept_law(day + timedelta(days=45)) == 2
    assert lapse_stale(at=day + timedelta(days=42)) == 2
    assert unkept_law(day + timedelta(days=45)) == 0
    assert {read(promised).state, read(made).state} == {IntroductionState.LAPSED}
    assert broken_laws() == []


def unkept_law(at):
    db.session.rollback()
    checks = {check.name: check for check in check_deadlines(db.session(), at=at)}
    return checks["introduction_is_told_or_lapses"].broken


def test_a_file_that_closes_lets_them_lapse(office, now):
    promised = promise(office, now)
    close_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    assert read(promised).state is IntroductionState.LAPSED
    assert broken_laws() == []
    with refused(InvalidTransitionError, action="make"):
        tell(promised, "make", office, now)
    with refused(InvalidTransitionError, action="introduce"):
        introduce_for_association(
            entrepreneur_id=office.people[0].public_id, contact=BANK, is_made=True, actor=office.coordinator, at=now
        )
