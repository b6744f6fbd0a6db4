"""Expert questions: one question, one answer, closed; and what time does when nobody answers."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import (
    InvalidInputError,
    InvalidTransitionError,
    NotEligibleError,
    NotFoundError,
    QuestionOpenError,
    RoleNotAskedError,
)
from models.expert_questions import ExpertQuestion
from models.notices import Notice
from models.pairings import ChoiceReason, EndReason
from models.queries.deadlines import check_deadlines
from models.states import ExpertQuestionState, PairingState
from models.supporters import SupporterRole
from tests.clock import NOW
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.permissions import SYSTEM
from webapp.services.clocks import tick
from webapp.services.clocks.questions import notice_questions, settle_questions
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.expert_questions import (
    answer_question,
    ask_question,
    close_question,
    decline_question,
    pass_question_back,
    pass_question_on,
)
from webapp.services.pairings import accept_pairing, end_pairing
from webapp.services.suggestions import choose_supporter, compare_supporters
from webapp.services.supporters import let_supporter_leave

WORDS = "Puis-je embaucher un apprenti ?"


def make_office():
    """An expert who works with the person."""
    office = Office(people=2, person={"wanted_roles": ["expert"]}, supporter={"role": SupporterRole.EXPERT})
    office.pair = office.propose(at=NOW)
    accept_pairing(pairing_id=office.pair.public_id, actor=office.as_supporter(), at=NOW)
    office.told = len(office.messages())
    return office


@pytest.fixture
def office(app):
    return make_office()


def ask(office, *, person=0, at=NOW, actor=None, **values):
    actor = actor or office.as_person(person)
    return ask_question(
        entrepreneur_id=office.people[person].public_id, actor=actor, at=at, **{"question": WORDS, **values}
    )


def answer(office, asked, *, at=NOW, actor=None):
    answer_question(question_id=asked, answer=" Oui. ", actor=actor or office.as_supporter(), at=at)


def read(asked):
    db.session.rollback()
    return db.session.scalars(select(ExpertQuestion).where(ExpertQuestion.public_id == asked)).one()


def told(office):
    return [kind for kind, _ in office.messages()[office.told :]]


def test_one_question_one_answer_and_the_expert_is_free_again(any_app):
    office = make_office()
    asked = ask(office)
    assert (read(asked).supporter_id, read(asked).due_at) == (office.supporters[0].id, NOW + timedelta(days=10))
    later = NOW + timedelta(days=2)
    answer(office, asked, at=later)
    assert (read(asked).answer, read(asked).state) == ("Oui.", ExpertQuestionState.ANSWERED)
    assert read(asked).due_at == later + timedelta(days=10)
    assert office.taken() == 1
    close_question(question_id=asked, actor=office.as_person(), at=later)
    assert read(asked).state is ExpertQuestionState.CLOSED
    pairing = office.pairing(office.pair.public_id)
    assert (pairing.state, pairing.end_reason) == (PairingState.ENDED, EndReason.GOAL_REACHED)
    assert office.taken() == 0
    assert told(office)[:2] == ["expert_asked", "expert_answered"]
    assert broken_laws() == []


def test_the_expert_may_stay_for_another_question(office):
    asked = ask(office)
    with refused(QuestionOpenError):
        ask(office)
    answer(office, asked)
    close_question(question_id=asked, keeps_expert=True, actor=office.as_person(), at=NOW)
    assert office.taken() == 1
    assert read(ask(office)).state is ExpertQuestionState.ASKED


def test_a_question_taken_back_before_its_answer_frees_nobody(office):
    asked = ask(office)
    close_question(question_id=asked, actor=office.as_person(), at=NOW)
    assert office.taken() == 1


def test_without_an_expert_the_association_answers(office):
    asked = ask(office, person=1)
    assert (read(asked).supporter_id, read(asked).due_at) == (None, NOW + timedelta(days=5))
    assert office.messages()[office.told :] == [("expert_asked", office.account.email)]
    with refused(NotEligibleError, rule="no_expert"):
        pass_question_on(question_id=asked, actor=office.coordinator, at=NOW)
    answer(office, asked, actor=office.coordinator)
    close_question(question_id=asked, actor=office.as_person(1), at=NOW)
    assert broken_laws() == []


def test_who_asks_a_question_can_be_given_an_expert_without_having_wished_for_one(any_app):
    office = Office(supporters=1, person={"wanted_roles": ["mentor"]}, supporter={"role": SupporterRole.EXPERT})
    pair = {"entrepreneur_id": office.people[0].public_id, "role": SupporterRole.EXPERT}
    pair |= {"actor": office.coordinator, "at": NOW}
    chosen = {"supporter_id": office.supporters[0].public_id, "reason": ChoiceReason.KNOWN_FIT}
    assert [one.rule for one in compare_supporters(**pair)] == ["not_wanted"]
    with refused(RoleNotAskedError, rule="not_wanted"):
        choose_supporter(**pair, **chosen)
    asked = ask(office)
    assert [one.allowed for one in compare_supporters(**pair)] == [True]
    pairing = choose_supporter(**pair, **chosen)
    accept_pairing(pairing_id=pairing.pairing_id, actor=office.as_supporter(), at=NOW)
    pass_question_on(question_id=asked, actor=office.coordinator, at=NOW)
    answer(office, asked)
    close_question(question_id=asked, actor=office.as_person(), at=NOW)
    assert [one.rule for one in compare_supporters(**pair)] == ["not_wanted"]
    assert broken_laws() == []


def test_what_the_expert_gives_back_comes_to_the_association_and_can_be_put_on(office):
    asked = ask(office)
    with refused(InvalidTransitionError, action="answer"):
        answer(office, asked, actor=office.coordinator)
    pass_question_back(question_id=asked, word="Pas mon domaine", actor=office.as_supporter(), at=NOW)
    assert (read(asked).supporter_id, read(asked).word) == (None, "Pas mon domaine")
    assert read(asked).due_at == NOW + timedelta(days=5)
    with refused(NotFoundError):
        answer(office, asked)
    with refused(InvalidTransitionError, action="hand_back"):
        pass_question_back(question_id=asked, actor=office.coordinator, at=NOW)
    pass_question_on(question_id=asked, actor=office.coordinator, at=NOW)
    answer(office, asked)
    assert broken_laws() == []


def test_the_association_says_that_nobody_can_answer(office):
    asked = ask(office, person=1)
    with refused(InvalidInputError, field="word"):
        decline_question(question_id=asked, word=" ", actor=office.coordinator, at=NOW)
    decline_question(question_id=asked, word="Voyez le point d’accès au droit.", actor=office.coordinator, at=NOW)
    assert read(asked).state is ExpertQuestionState.DECLINED
    assert told(office) == ["expert_asked", "expert_unanswered"]


@pytest.mark.parametrize("how", ["end", "leave"])
def test_when_the_expert_goes_the_question_comes_back(office, how):
    asked = ask(office)
    if how == "end":
        pairing_id = office.pair.public_id
        end_pairing(pairing_id=pairing_id, reason=EndReason.UNAVAILABLE, actor=office.as_supporter(), at=NOW)
    else:
        let_supporter_leave(supporter_id=office.supporters[0].public_id, actor=office.coordinator, at=NOW)
    assert (read(asked).state, read(asked).supporter_id) == (ExpertQuestionState.ASKED, None)
    assert broken_laws() == []


def test_a_file_that_closes_closes_its_question(office):
    asked = ask(office)
    close_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=NOW)
    assert read(asked).state is ExpertQuestionState.CLOSED
    with refused(InvalidTransitionError, action="ask"):
        ask(office)
    assert broken_laws() == []


def test_others_know_nothing_of_it(office):
    asked = ask(office)
    for actor in (NOBODY, office.as_supporter(1), office.as_person(1), Office(suggested=False).coordinator):
        with refused(NotFoundError):
            answer(office, asked, actor=actor)
        with refused(NotFoundError):
            close_question(question_id=asked, actor=actor, at=NOW)
        with refused(NotFoundError):
            ask(office, actor=actor)


def test_an_empty_question_or_answer_is_refused(office):
    with refused(InvalidInputError, field="question"):
        ask(office, question="  ")
    asked = ask(office)
    with refused(InvalidInputError, field="answer"):
        answer_question(question_id=asked, answer="", actor=office.as_supporter(), at=NOW)


def test_the_words_are_stored_unreadable(office):
    ask(office)
    assert WORDS not in db.session.scalar(text("SELECT question FROM expert_questions"))


def test_nobody_answers_and_time_reminds_gives_back_and_ends(any_app):
    office = make_office()
    asked, day = ask(office), NOW + timedelta(days=10)
    assert notice_questions(at=day - timedelta(seconds=1)) == 0
    assert notice_questions(at=day) == 1
    assert notice_questions(at=day) == 0
    assert db.session.scalars(select(Notice.recipient)).all() == [office.supporters[0].email]
    back = day + timedelta(days=5)
    assert settle_questions(at=back - timedelta(seconds=1)) == 0
    assert settle_questions(at=back) == 1
    assert (read(asked).supporter_id, read(asked).due_at) == (None, back + timedelta(days=5))
    assert notice_questions(at=back + timedelta(days=5)) == 1
    last = back + timedelta(days=15)
    assert unsettled(last + timedelta(days=3)) == 1
    assert settle_questions(at=last) == 1
    assert unsettled(last + timedelta(days=3)) == 0
    assert read(asked).state is ExpertQuestionState.EXPIRED
    assert db.session.get_one(Entrepreneur, office.people[0].id).follow_up_on is not None
    assert told(office)[-1] == "expert_unanswered"
    assert broken_laws() == []


def unsettled(at):
    db.session.rollback()
    checks = {check.name: check for check in check_deadlines(db.session(), at=at)}
    return checks["question_is_answered_passed_back_or_ended"].broken


def test_who_is_left_without_anybody_by_a_tick_has_a_day_in_the_same_tick(office):
    answer(office, ask(office))
    closes = NOW + timedelta(days=10)
    with transaction() as session:
        session.get_one(Entrepreneur, office.people[0].id).follow_up_on = NOW.date()
    assert tick(at=closes)["settled_questions"] == 1
    db.session.rollback()
    assert db.session.get_one(Entrepreneur, office.people[0].id).follow_up_on > closes.date()


def test_an_answer_that_nobody_closes_closes_by_itself_and_frees_the_expert(office):
    asked = ask(office)
    answer(office, asked)
    assert settle_questions(at=NOW + timedelta(days=10) - timedelta(seconds=1)) == 0
    assert settle_questions(at=NOW + timedelta(days=10)) == 1
    assert (read(asked).state, office.taken()) == (ExpertQuestionState.CLOSED, 0)
    with pytest.raises(InvalidTransitionError):
        close_question(question_id=asked, actor=SYSTEM, at=NOW)
    assert broken_laws() == []
