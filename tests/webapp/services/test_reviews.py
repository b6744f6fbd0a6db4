"""Checks and reviews: planned with the yes, told when due and when late, held, corrected, left out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.accounts import Account
from models.associations import Network
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, PermissionDeniedError
from models.messages import Message, MessageKind
from models.notices import Notice
from models.pairings import EndReason
from models.queries.deadlines import check_deadlines
from models.queries.invariants import check_invariants
from models.reviews import Review, ReviewKind, SkipReason
from models.states import PairingState, ReviewState
from models.supporters import SupporterRole
from tests.factories import make_account, make_coordinator, make_pairing, make_review, make_supporter
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.permissions import Actor
from webapp.services.clocks import tick
from webapp.services.entrepreneurs import close_entrepreneur, reopen_entrepreneur
from webapp.services.pairings import accept_pairing, end_pairing
from webapp.services.reviews import ReviewAnswers, note_review, skip_review


@pytest.fixture
def office(any_app):
    return Office(person={"follow_up_on": date(2027, 12, 1)})


@pytest.fixture
def pair(office, now):
    proposed = office.propose(at=now)
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=now)
    return office.pairing(proposed.public_id)


def points(kind=None):
    db.session.rollback()
    db.session.expire_all()
    rows = select(Review).order_by(Review.kind, Review.month, Review.id)
    return [one for one in db.session.scalars(rows) if kind is None or one.kind is kind]


def states(kind):
    return [(one.month, str(one.state), one.skip_reason and str(one.skip_reason)) for one in points(kind)]


def noticed():
    db.session.rollback()
    rows = select(Notice.kind, Notice.recipient).order_by(Notice.id)
    return [(str(kind), to) for kind, to in db.session.execute(rows) if str(kind).startswith("review")]


def law(name, at):
    db.session.rollback()
    checks = [*check_invariants(db.session()), *check_deadlines(db.session(), at=at)]
    return next(check for check in checks if check.name == name)


def test_a_yes_plans_the_checks_and_the_reviews_each_with_its_day(office, pair, now):
    began = now.date()
    assert [one.month for one in points(ReviewKind.CHECK)] == [1, 3, 6]
    assert [one.month for one in points(ReviewKind.REVIEW)] == [6, 12, 24, 36, 48, 60]
    last = points(ReviewKind.REVIEW)[-1]
    assert (last.due_on.year, last.due_on.month) == (began.year + 5, began.month)
    assert all(one.deadline_at - one.due_at == timedelta(days=21) for one in points())
    assert {one.pairing_id for one in points(ReviewKind.CHECK)} == {pair.id}
    assert broken_laws() == []


def test_month_ends_and_nights_on_which_clocks_change_keep_the_day(any_app):
    office = Office()
    at = datetime(2026, 8, 30, 22, 30, tzinfo=UTC)  # the 31st in France
    proposed = office.propose(at=at)
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=at)
    days = {one.month: (one.due_on, one.due_at) for one in points(ReviewKind.CHECK)}
    assert days[1] == (date(2026, 9, 30), datetime(2026, 9, 29, 22, tzinfo=UTC))
    assert days[3] == (date(2026, 11, 30), datetime(2026, 11, 29, 23, tzinfo=UTC))
    assert days[6][0] == date(2027, 2, 28)


def test_a_second_pairing_gets_its_checks_and_the_reviews_stay_those_of_the_person(office, pair, now):
    later = now + timedelta(days=40)
    end_pairing(pairing_id=pair.public_id, reason=EndReason.NOT_A_FIT, actor=office.coordinator, at=later)
    with transaction() as session:
        again = make_pairing(session, session.merge(office.people[0]), session.merge(office.supporters[1]))
    accept_pairing(pairing_id=again.public_id, actor=office.as_supporter(1), at=later)
    ended = [one for one in points(ReviewKind.CHECK) if one.pairing_id == pair.id]
    assert {(one.state, one.skip_reason) for one in ended} == {(ReviewState.SKIPPED, SkipReason.PAIRING_ENDED)}
    assert sum(one.state is ReviewState.DUE for one in points(ReviewKind.CHECK)) == 3
    assert len(points(ReviewKind.REVIEW)) == 6
    assert broken_laws() == []


def test_short_help_has_no_checks(any_app, now):
    office = Office(supporter={"role": SupporterRole.EXPERT}, person={"wanted_roles": ["expert"]})
    proposed = office.propose(at=now)
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=now)
    assert points() == []


@pytest.mark.parametrize(("network", "planned"), [(Network.INITIATIVE_FRANCE, 0), (Network.REBONDS, 9)])
def test_what_a_coach_hears_is_no_matter_of_who_decides_on_loans(any_app, now, network, planned):
    office = Office(suggested=False, association={"network": network}, supporters=0)
    with transaction() as session:
        coach = make_supporter(session, office.association, role=SupporterRole.COACH, capacity=14)
        pairing = make_pairing(session, office.people[0], coach)
    accept_pairing(
        pairing_id=pairing.public_id, actor=Actor(account_id=None, supporter_ids=frozenset({coach.id})), at=now
    )
    assert len(points()) == planned
    assert tick(at=now)["checks_planned"] == 0
    assert law("lending_side_checks_no_coach", now).holds
    if not planned:
        with transaction() as session:
            make_review(session, office.people[0], office.pairing(pairing.public_id))
        assert law("lending_side_checks_no_coach", now).broken == 1


def test_a_closed_file_takes_everything_and_an_open_one_begins_again(office, pair, now):
    later = now + timedelta(days=10)
    close_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=later)
    assert {str(one.skip_reason) for one in points()} == {"pairing_ended", "file_closed"}
    assert broken_laws() == []
    reopen_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=later)
    with transaction() as session:
        pairing = make_pairing(session, session.merge(office.people[0]), session.merge(office.supporters[1]))
    accept_pairing(pairing_id=pairing.public_id, actor=office.as_supporter(1), at=later)
    assert sum(one.state is ReviewState.DUE for one in points()) == 9


def test_pairs_from_before_get_what_is_still_to_come_and_twice_is_once(any_app, now):
    office = Office(suggested=False, person={"follow_up_on": date(2027, 12, 1)})
    with transaction() as session:
        began = now - timedelta(days=50)
        make_pairing(
            session, office.people[0], office.supporters[0], state=PairingState.ACTIVE, answered_at=began,
            next_meeting_due_at=now + timedelta(days=20),
        )  # fmt: skip
    assert tick(at=now)["checks_planned"] == 1
    assert [one.month for one in points(ReviewKind.CHECK)] == [3, 6]
    assert tick(at=now)["checks_planned"] == 0


def test_the_referent_is_told_on_the_day_all_coordinators_when_it_is_late_then_it_is_set_aside(office, pair, now):
    with transaction() as session:
        referent = make_coordinator(session, office.association, email="referent@example.org")
        session.get_one(Entrepreneur, office.people[0].id).referent_id = referent.id
    first = points(ReviewKind.CHECK)[0]
    tick(at=first.due_at - timedelta(seconds=1))
    assert noticed() == []
    tick(at=first.due_at)
    assert noticed() == [("review_due", "referent@example.org")]
    tick(at=first.deadline_at)
    assert noticed()[1:] == [("review_late", office.account.email), ("review_late", "referent@example.org")]
    last = first.deadline_at + timedelta(days=60)
    assert law("review_is_held_or_set_aside", last + timedelta(days=3)).broken == 1
    assert tick(at=last)["reviews_set_aside"] == 1
    assert law("review_is_held_or_set_aside", last + timedelta(days=3)).holds
    assert states(ReviewKind.CHECK)[0] == (1, "skipped", "not_held")
    assert tick(at=last).did == {}


def test_a_referent_who_left_is_replaced_by_who_runs_the_association(office, pair, now):
    with transaction() as session:
        gone = make_account(session, email="gone@example.org", is_active=False)
        session.get_one(Entrepreneur, office.people[0].id).referent_id = gone.id
    tick(at=points(ReviewKind.CHECK)[0].due_at)
    assert noticed() == [("review_due", office.account.email)]
    assert law("due_review_has_a_named_person", now).holds
    with transaction() as session:
        session.get_one(Account, office.account.id).is_active = False
    assert law("due_review_has_a_named_person", now).broken == 9


def test_the_digest_counts_and_names_nobody(office, pair):
    tick(at=points(ReviewKind.CHECK)[0].due_at)
    db.session.rollback()
    facts = db.session.scalars(
        select(Message.facts).where(Message.kind == MessageKind.DIGEST, Message.recipient == office.account.email)
    ).all()
    assert facts[-1]["review_due"] == 1
    # Who accepted is news, told by name; who is due for a review is counted only.
    assert office.people[0].last_name not in str([{**one, "news": None} for one in facts])


def test_what_was_heard_is_kept_encrypted_and_can_be_corrected(office, pair, now):
    review = points(ReviewKind.REVIEW)[0]
    answers = ReviewAnswers(
        goes_on=True, jobs_created=1.5, jobs_kept=2, in_neighbourhood=True, heard="  Deux embauches en vue. "
    )
    note_review(review_id=review.public_id, answers=answers, actor=office.coordinator, at=now)
    kept = points(ReviewKind.REVIEW)[0]
    assert (kept.state, kept.jobs_created, kept.in_neighbourhood) == (ReviewState.DONE, 1.5, True)
    assert (kept.heard, kept.done_by_id) == ("Deux embauches en vue.", office.account.id)
    stored = db.session.connection().exec_driver_sql("SELECT heard FROM reviews WHERE heard IS NOT NULL").scalar_one()
    assert "embauches" not in stored
    note_review(review_id=review.public_id, answers=ReviewAnswers(goes_on=False), actor=office.coordinator, at=now)
    kept = points(ReviewKind.REVIEW)[0]
    assert (kept.goes_on, kept.jobs_created, kept.heard) == (False, None, None)
    assert [event[0] for event in office.events("review")][-2:] == ["note", "note"]
    assert broken_laws() == []


def test_a_check_keeps_no_jobs(office, pair, now):
    check = points(ReviewKind.CHECK)[0]
    answers = ReviewAnswers(goes_on=True, jobs_created=3, in_neighbourhood=True)
    note_review(review_id=check.public_id, answers=answers, actor=office.coordinator, at=now)
    kept = points(ReviewKind.CHECK)[0]
    assert (kept.goes_on, kept.jobs_created, kept.in_neighbourhood) == (True, None, None)


def test_one_that_was_left_out_can_still_be_held(office, pair, now):
    check = points(ReviewKind.CHECK)[0]
    skip_review(review_id=check.public_id, reason=SkipReason.UNREACHABLE, actor=office.coordinator, at=now)
    assert states(ReviewKind.CHECK)[0] == (1, "skipped", "unreachable")
    with refused(InvalidTransitionError, record="review"):
        skip_review(review_id=check.public_id, reason=SkipReason.OTHER, actor=office.coordinator, at=now)
    note_review(review_id=check.public_id, answers=ReviewAnswers(goes_on=True), actor=office.coordinator, at=now)
    assert states(ReviewKind.CHECK)[0] == (1, "done", None)


@pytest.mark.parametrize(
    "answers",
    [
        ReviewAnswers(goes_on=True, jobs_created=-1),
        ReviewAnswers(goes_on=True, jobs_kept=1001),
        ReviewAnswers(goes_on=True, heard="x" * 2001),
    ],
)
def test_what_cannot_be_is_refused(office, pair, now, answers):
    with refused(InvalidInputError):
        note_review(review_id=points()[0].public_id, answers=answers, actor=office.coordinator, at=now)


def test_a_reason_of_the_clock_is_not_given_by_hand(office, pair, now):
    with refused(InvalidInputError, field="reason"):
        skip_review(review_id=points()[0].public_id, reason=SkipReason.NOT_HELD, actor=office.coordinator, at=now)


def test_others_are_refused_and_strangers_know_nothing(office, pair, now):
    review = points()[0]
    answers = ReviewAnswers(goes_on=True)
    with refused(NotFoundError):
        note_review(review_id=review.public_id, answers=answers, actor=NOBODY, at=now)
    with refused(NotFoundError):
        skip_review(review_id=review.public_id, reason=SkipReason.OTHER, actor=office.as_supporter(), at=now)
    with refused(PermissionDeniedError):
        note_review(review_id=review.public_id, answers=answers, actor=office.as_person(), at=now)


def test_laws_about_checks_can_be_broken(office, pair, now):
    with transaction() as session:
        ended = make_pairing(
            session, session.merge(office.people[0]), session.merge(office.supporters[1]), state=PairingState.ENDED,
            end_reason=EndReason.MOVED,
        )  # fmt: skip
        make_review(session, session.merge(office.people[0]), ended)
    assert law("due_check_is_of_two_together", now).broken == 1
    with transaction() as session:
        person = session.get_one(Entrepreneur, office.people[0].id)
        person.state, person.closed_at = "closed", now
    assert law("due_review_has_an_open_file", now).broken == 10
