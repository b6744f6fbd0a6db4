"""Who arrives, or a place that opens or goes: somebody is found at once, and nobody loses what she is shown."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.db import db, transaction
from models.exceptions import NotFoundError
from models.match_runs import MatchRun, Suggestion
from models.states import MatchRunState, SuggestionState
from tests.factories import make_entrepreneur, make_match_run, make_supporter
from tests.office import Office, broken_laws, refused, take_snapshot
from webapp import jobs, matcher_bridge
from webapp.services import rematch
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.match_runs import execute_run, request_run
from webapp.services.rematch import RematchOutcome, rematch_missed, rematch_person, rematch_supporter
from webapp.services.supporters import let_supporter_leave, resume_supporter, set_capacity


def arrive(office, **values):
    with transaction() as session:
        return make_entrepreneur(session, office.association, **values)


def join(office, **values):
    with transaction() as session:
        return make_supporter(session, office.association, **values)


def shown(person):
    """Give the supporter whom a person is shown, by row number."""
    db.session.rollback()
    return db.session.scalar(
        select(Suggestion.supporter_id).where(
            Suggestion.entrepreneur_id == person.id, Suggestion.state == SuggestionState.OPEN
        )
    )


def find(person, now):
    return rematch_person(entrepreneur_id=person.public_id, at=now).changed


def look(supporter, now):
    return rematch_supporter(supporter_id=supporter.public_id, at=now).changed


def causes(office):
    return [cause for action, _, _, cause in office.events("match_run") if action == "rematch"]


def test_who_arrives_is_suggested_somebody_at_once_and_joins_the_last_run(any_app, now):
    office = Office(people=1, supporters=1)
    newcomer = arrive(office)
    assert find(newcomer, now) == 1
    assert shown(newcomer) == office.supporters[0].id  # he has a place left
    row = db.session.scalars(select(Suggestion).where(Suggestion.entrepreneur_id == newcomer.id)).one()
    assert (row.rank, row.run_id) == (1, office.suggestion().run_id)
    assert row.deadline_at > now
    assert row.reasons
    assert causes(office) == ["arrived"]
    assert broken_laws() == []
    before = take_snapshot()
    assert find(newcomer, now) == 0
    assert take_snapshot() == before


def test_others_change_where_that_helps_and_nobody_loses_what_she_is_shown(any_app, now):
    office = Office(people=2, supporters=2, supporter={"capacity": 1}, person={"needs": {"fundraising": 3}})
    approved = office.propose(1, at=now)
    third = join(office, capacity=1, languages=("fr", "tr"))
    # Only the first person's supporter can talk with her; that person can go to the third one.
    newcomer, due_at = arrive(office, languages=("en",)), office.suggestion(0).deadline_at
    with transaction() as session:
        held = session.get(type(third), office.supporters[0].id)
        session.refresh(held, ["languages"])
        held.languages = [*held.languages, type(held.languages[0])(language="en")]
    assert find(newcomer, now) == 2
    assert (shown(newcomer), shown(office.people[0])) == (office.supporters[0].id, third.id)
    assert office.pairing(approved.public_id).supporter_id == office.supporters[1].id
    # Whoever changed has waited for a decision since then; whoever arrived waits from now on.
    open_now = select(Suggestion.deadline_at).where(Suggestion.state == SuggestionState.OPEN)
    assert set(db.session.scalars(open_now)) == {due_at, now + timedelta(days=7)}
    # Whoever comes now takes no place that somebody is shown, however long she has waited and however well he fits.
    with transaction() as session:
        session.get(type(newcomer), office.people[0].id).waiting_since = now.date().replace(year=2020)
    late = arrive(office, waiting_since=now.date().replace(year=2020))
    before = take_snapshot()
    assert find(late, now) == 0
    assert take_snapshot() == before
    assert broken_laws() == []


def test_a_place_that_opens_serves_who_has_nobody(any_app, now):
    office = Office(people=1, supporters=1, supporter={"capacity": 1})
    waiting, other_role = arrive(office), arrive(office, wanted_roles=["expert"])
    assert find(waiting, now) == 0
    anne = join(office, state="paused")
    resume_supporter(supporter_id=anne.public_id, actor=office.coordinator, at=now)
    assert look(anne, now) == 1
    assert (shown(waiting), shown(other_role)) == (anne.id, None)
    assert shown(office.people[0]) == office.supporters[0].id
    assert causes(office) == ["place_opened"]


def test_a_place_is_not_left_empty_because_others_want_what_somebody_is_shown(any_app, now):
    office = Office(people=2, supporters=1, supporter={"capacity": 2, "languages": ("fr", "en")}, person={})
    # Both wait longer than whoever is shown something, and could only meet him.
    waiting = [arrive(office, languages=("en",), waiting_since=now.date().replace(year=2025)) for _ in range(2)]
    anne = join(office, capacity=1)
    assert look(anne, now) == 2
    assert sorted([shown(person) or 0 for person in waiting]) == [0, office.supporters[0].id]
    assert {shown(person) for person in office.people} == {office.supporters[0].id, anne.id}


def test_a_place_that_goes_sends_who_was_shown_it_to_another(any_app, now):
    office = Office(people=1, supporters=1, supporter={"capacity": 1})
    anne = join(office)
    set_capacity(supporter_id=office.supporters[0].public_id, capacity=0, actor=office.coordinator, at=now)
    assert look(office.supporters[0], now) == 1
    assert shown(office.people[0]) == anne.id
    assert causes(office) == ["place_gone"]
    # Without another she keeps what she is shown, rather than nothing.
    set_capacity(supporter_id=anne.public_id, capacity=0, actor=office.coordinator, at=now)
    assert look(anne, now) == 0
    assert shown(office.people[0]) == anne.id


def test_who_leaves_makes_room_and_whom_she_leaves_is_found_somebody(any_app, now):
    office = Office(people=1, supporters=1, supporter={"capacity": 1})
    waiting = arrive(office)
    close_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    assert find(office.people[0], now) == 1
    assert shown(waiting) == office.supporters[0].id
    anne = join(office)
    let_supporter_leave(supporter_id=office.supporters[0].public_id, actor=office.coordinator, at=now)
    assert shown(waiting) is None
    assert look(office.supporters[0], now) == 1
    assert shown(waiting) == anne.id
    assert causes(office) == ["place_opened", "place_gone"]


def test_before_the_first_run_and_while_one_is_under_way_nothing_is_done(any_app, now):
    office = Office(people=1, supporters=1, suggested=False)
    assert find(office.people[0], now) == 0
    with transaction() as session:
        make_match_run(session, office.association)
        make_match_run(
            session,
            office.association,
            state=MatchRunState.RUNNING,
            progress=5,
            seen_at=now,
            ended_at=None,
            report=None,
        )
    assert rematch_person(entrepreneur_id=office.people[0].public_id, at=now) == RematchOutcome()
    with refused(NotFoundError):
        rematch_person(entrepreneur_id=office.association.public_id, at=now)


def test_who_came_while_a_run_worked_is_found_somebody_after_it(any_app, now, monkeypatch):
    office, came = Office(people=1, supporters=1, suggested=False), []
    run_id = request_run(association_id=office.association.public_id, actor=office.coordinator, at=now)
    matched = matcher_bridge.find_matches

    def slowly(*args, **kwargs):
        answer = matched(*args, **kwargs)
        came.append(arrive(office, updated_at=now))
        assert find(came[0], now) == 0  # the run would replace it
        return answer

    monkeypatch.setattr(matcher_bridge, "find_matches", slowly)
    monkeypatch.setattr(jobs, "utc_now", lambda: now)
    jobs.run_match(str(run_id))
    assert shown(came[0]) == office.supporters[0].id
    assert causes(office) == ["arrived"]
    assert rematch_missed(run_id=run_id, at=now) == RematchOutcome()


def test_what_a_run_that_began_meanwhile_would_replace_is_not_presented(any_app, now, monkeypatch):
    office = Office(people=1, supporters=1)
    newcomer, matched = arrive(office), rematch.rematch_bridge.find_best_again

    def slowly(*args, **kwargs):
        answer = matched(*args, **kwargs)
        request_run(association_id=office.association.public_id, actor=office.coordinator, at=now)
        return answer

    monkeypatch.setattr(rematch.rematch_bridge, "find_best_again", slowly)
    assert find(newcomer, now) == 0
    assert shown(newcomer) is None


def test_a_run_during_which_nothing_changed_is_not_followed_by_another_matching(app, now, monkeypatch):
    office = Office(people=2, supporters=1, suggested=False, supporter={"capacity": 1})
    run_id = request_run(association_id=office.association.public_id, actor=office.coordinator, at=now)
    execute_run(run_id=run_id, at=now)
    monkeypatch.setattr(rematch, "read_pool", pytest.fail)
    assert rematch_missed(run_id=run_id, at=now) == RematchOutcome()


def test_two_who_arrive_at_once_are_found_somebody_one_after_the_other(any_app, now, monkeypatch):
    office = Office(people=1, supporters=2, supporter={"capacity": 1})
    first, second = arrive(office), arrive(office)
    join(office, capacity=1)
    matched, met = rematch.rematch_bridge.find_best_again, []

    def slowly(*args, **kwargs):
        answer = matched(*args, **kwargs)
        if not met:
            met.append(second)
            assert find(second, now) == 1
        return answer

    monkeypatch.setattr(rematch.rematch_bridge, "find_best_again", slowly)
    assert find(first, now) == 1
    given = [shown(person) for person in (office.people[0], first, second)]
    assert None not in given
    assert len(set(given)) == 3
    assert db.session.scalar(select(func.count()).select_from(MatchRun)) == 1
