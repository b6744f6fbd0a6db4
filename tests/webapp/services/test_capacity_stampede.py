"""Many real processes want the last places: none too many, none too few, nobody is told an error."""

import random
from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select, text

from models.associations import WeightVersion
from models.audit import AuditEvent
from models.db import db, transaction
from models.match_runs import MatchRun, Suggestion
from models.messages import Message
from models.notices import Notice, NoticeKind
from models.pairings import Pairing
from models.states import LIVE_PAIRING_STATES, PairingState, SuggestionState
from models.supporters import Supporter
from tests.factories import make_entrepreneur, make_match_run, make_suggestion
from tests.office import Office, broken_laws
from tests.processes import run_together
from tests.webapp.services import stampede

PROCESSES = 16
NAIVE_PROCESSES = 6
REFUSALS = {
    "already_served",
    "capacity_in_use",
    "capacity_reached",
    "invalid_transition",
    "not_eligible",
    "not_found",
    "repeated_answer",
    "run_under_way",
}
MENTORS = 6
PEOPLE_EACH = 4
CAPACITY = 2


def build_office():
    """Give an office where four people each have one of six mentors suggested, who have two places."""
    office = Office(people=0, supporters=MENTORS, suggested=False, supporter={"capacity": CAPACITY})
    with transaction() as session:
        run = make_match_run(session, office.association)
        for _ in range(PEOPLE_EACH):
            for mentor in office.supporters:
                person = make_entrepreneur(session, office.association)
                make_suggestion(session, run, person, mentor)
    return office


def approve_in_disorder(office, url, folder, at, *, naive=False):
    """Let each process try to approve every suggestion in an order of its own; give the outcomes counted."""
    ids = list(db.session.scalars(select(Suggestion.public_id).order_by(Suggestion.id)))
    db.session.rollback()
    orders = [random.Random(number).sample(ids, len(ids)) for number in range(NAIVE_PROCESSES if naive else PROCESSES)]
    work = stampede.approve_all_naively if naive else stampede.approve_all
    return run_together(url, folder, work, [(order, office.coordinator, at) for order in orders])


def count_live():
    return dict(
        db.session.execute(
            select(Pairing.supporter_id, func.sum(Pairing.cost))
            .where(Pairing.state.in_(LIVE_PAIRING_STATES))
            .group_by(Pairing.supporter_id)
        ).all()
    )


def test_sixteen_processes_take_each_last_place_exactly_once(any_app, any_url, tmp_path, now):
    office = build_office()
    answers = approve_in_disorder(office, any_url, tmp_path, now)
    assert [kind for kind, _ in answers] == ["done"] * PROCESSES, answers
    outcomes = sum((outcome for _, outcome in answers), Counter())
    places = MENTORS * CAPACITY
    db.session.rollback()
    assert outcomes["approved"] == places
    assert set(outcomes) <= {"approved", "capacity_reached", "invalid_transition", "repeated_answer"}
    assert count_live() == {mentor.id: CAPACITY for mentor in office.supporters}
    assert list(db.session.scalars(select(Supporter.taken))) == [CAPACITY] * MENTORS
    assert db.session.scalar(select(func.count()).select_from(Message)) == places
    events = db.session.scalars(select(AuditEvent.action).where(AuditEvent.record == "suggestion"))
    assert list(events) == ["approve"] * places
    left = db.session.scalar(
        select(func.count()).select_from(Suggestion).where(Suggestion.state == SuggestionState.OPEN)
    )
    assert left == MENTORS * PEOPLE_EACH - places
    assert broken_laws() == []


def test_the_same_stampede_overbooks_when_the_guard_trusts_what_was_read(any_app, any_url, tmp_path, now):
    """The negative control: without the conditional update this test bench does find the fault."""
    office = build_office()
    if db.engine.dialect.name == "postgresql":
        with transaction() as session:
            session.execute(text("ALTER TABLE supporters DROP CONSTRAINT ck_supporters_taken"))
    answers = approve_in_disorder(office, any_url, tmp_path, now, naive=True)
    assert [kind for kind, _ in answers] == ["done"] * NAIVE_PROCESSES, answers
    db.session.rollback()
    assert max(count_live().values()) > CAPACITY
    assert "supporter_within_capacity" in broken_laws()


def test_places_given_back_and_taken_at_the_same_time_are_counted_exactly(any_app, any_url, tmp_path, now):
    office = build_office()
    ids = list(db.session.scalars(select(Suggestion.public_id).order_by(Suggestion.id)))
    held = [
        stampede.suggestions.approve_suggestion(suggestion_id=one, actor=office.coordinator, at=now).pairing_id
        for one in ids[: MENTORS * CAPACITY]
    ]
    everybody = frozenset(mentor.id for mentor in office.supporters)
    supporter = stampede.Actor(account_id=None, supporter_ids=everybody)
    db.session.rollback()
    shuffled = [random.Random(number) for number in range(8)]
    arguments = [
        (
            chance.sample(ids[len(held) :], len(ids) - len(held)),
            chance.sample(held, 6),
            office.coordinator,
            supporter,
            now,
        )
        for chance in shuffled
    ]
    answers = run_together(any_url, tmp_path, stampede.answer_and_approve, arguments)
    assert [kind for kind, _ in answers] == ["done"] * len(arguments), answers
    outcomes = sum((outcome for _, outcome in answers), Counter())
    db.session.rollback()
    states = Counter(db.session.scalars(select(Pairing.state)))
    assert outcomes["decline_pairing"] == states[PairingState.DECLINED] > 0
    assert outcomes["approve_suggestion"] == states.total() - len(held)
    assert set(outcomes) <= {
        "decline_pairing",
        "approve_suggestion",
        "capacity_reached",
        "invalid_transition",
        "repeated_answer",
    }
    assert broken_laws() == []


def test_clocks_of_two_processes_do_each_thing_once(any_app, any_url, tmp_path, now):
    office = Office(people=6, supporters=3, supporter={"capacity": 6})
    for number in range(6):
        office.propose(number, at=now if number < 3 else now + timedelta(days=4))
    at = now + timedelta(days=10)
    db.session.rollback()
    answers = run_together(any_url, tmp_path, stampede.tick, [(at,)] * 4)
    assert [kind for kind, _ in answers] == ["done"] * 4, answers
    totals = [sum(numbers) for numbers in zip(*(report for _, report in answers), strict=True)]
    assert totals[:2] == [3, 3]
    kinds = Counter(kind for kind, _ in office.messages())
    assert (kinds["pairing_expired"], kinds["pairing_reminder"]) == (2 * 3, 3)
    assert broken_laws() == []


def test_a_silent_supporter_is_put_on_pause_once_by_clocks_of_several_processes(any_app, any_url, tmp_path, now):
    office = Office(people=3, supporters=1, supporter={"capacity": 3})
    for number in range(3):
        office.propose(number, at=now if number < 2 else now + timedelta(days=4))
    db.session.rollback()
    answers = run_together(any_url, tmp_path, stampede.tick, [(now + timedelta(days=10),)] * 4)
    assert [kind for kind, _ in answers] == ["done"] * 4, answers
    assert office.events("supporter") == [("pause", "active", "paused", "no_answer")]
    assert office.taken(0) == 0
    kinds = Counter(db.session.scalars(select(Notice.kind)))
    assert kinds[NoticeKind.SUPPORTER_RESTS] == 2
    states = Counter(db.session.scalars(select(Pairing.state)))
    assert (states[PairingState.EXPIRED], states[PairingState.WITHDRAWN]) == (2, 1)
    assert broken_laws() == []


def test_one_run_is_requested_and_executed_however_many_ask(any_app, any_url, tmp_path, now):
    office = Office(people=3, suggested=False)
    db.session.rollback()
    asked = run_together(
        any_url, tmp_path, stampede.request_run, [(office.association.public_id, office.coordinator, now)] * 6
    )
    assert sorted(asked) == [("done", "requested")] + [("done", "run_under_way")] * 5
    run_id = db.session.scalars(select(MatchRun.public_id)).one()
    db.session.rollback()
    done = run_together(any_url, tmp_path, stampede.execute_run, [(run_id, now)] * 4)
    assert sorted(done) == [("done", "done")] + [("done", "invalid_transition")] * 3
    assert db.session.scalar(select(func.count()).select_from(Suggestion)) == 6
    assert broken_laws() == []


def test_two_alternatives_for_one_person_are_never_both_proposed(any_app, any_url, tmp_path, now):
    office = Office(people=8, supporters=3, supporter={"capacity": 20})
    ids = list(db.session.scalars(select(Suggestion.public_id)))
    db.session.rollback()
    orders = [random.Random(number).sample(ids, len(ids)) for number in range(8)]
    answers = run_together(
        any_url, tmp_path, stampede.approve_all, [(order, office.coordinator, now) for order in orders]
    )
    assert [kind for kind, _ in answers] == ["done"] * 8, answers
    outcomes = sum((outcome for _, outcome in answers), Counter())
    assert set(outcomes) <= {"approved", "already_served", "invalid_transition", "repeated_answer"}
    assert outcomes["approved"] == len(office.people)
    served = db.session.scalars(select(Pairing.entrepreneur_id).order_by(Pairing.entrepreneur_id))
    assert list(served) == sorted(person.id for person in office.people)
    assert broken_laws() == []


def test_a_wild_day_of_everybody_at_once_breaks_no_law(any_app, any_url, tmp_path, now):
    """Every decision against every other: each ends, is refused for a reason, and leaves the house in order."""
    office = Office(people=10, supporters=6)
    db.session.rollback()
    days = [(seed, office.coordinator, now, 40) for seed in range(6)]
    answers = run_together(any_url, tmp_path, stampede.live_a_day, days)
    assert [kind for kind, _ in answers] == ["done"] * len(days), answers
    outcomes = sum((outcome for _, outcome in answers), Counter())
    refusals = {name.rsplit(" ", 1)[1] for name in outcomes}
    # Clocks of different days declare each other's runs dead: that is their work.
    assert refusals <= REFUSALS | {"done", "worker_lost"}
    done = {name.removesuffix(" done") for name in outcomes if name.endswith(" done")}
    assert {"approve", "answer"} <= done
    assert broken_laws() == []


def test_the_first_national_weights_are_published_once_whoever_comes_first(any_app, any_url, tmp_path, now):
    offices = [Office(people=1, suggested=False) for _ in range(6)]
    asked = run_together(
        any_url,
        tmp_path,
        stampede.request_run,
        [(office.association.public_id, office.coordinator, now) for office in offices],
    )
    assert asked == [("done", "requested")] * 6
    (version,) = db.session.scalars(select(WeightVersion)).all()
    assert set(db.session.scalars(select(MatchRun.weight_version_id))) == {version.id}
