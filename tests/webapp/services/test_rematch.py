"""Open suggestions matched once more: exact, few changes, and never what is approved or active."""

import json

import pytest
from sqlalchemy import select, update

from models.audit import AuditEvent
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import BusyError, NotFoundError, PermissionDeniedError
from models.match_runs import MatchRun, RejectReason, Suggestion
from models.pairings import DeclineReason
from models.queries.rematches import list_rematches
from models.states import SuggestionState
from models.supporters import Supporter, SupporterRole
from tests.factories import make_match_run, make_suggestion, make_supporter
from tests.office import Office, broken_laws, refused, take_snapshot
from webapp.services import rematch
from webapp.services.pairings import decline_pairing
from webapp.services.rematch import RematchOutcome, rematch_declined, rematch_open, rematch_rejected
from webapp.services.suggestions import reject_suggestion


def shown(office, person=0):
    """Give the supporter whom a person is shown, by row number."""
    db.session.rollback()
    return db.session.scalar(
        select(Suggestion.supporter_id).where(
            Suggestion.entrepreneur_id == office.people[person].id, Suggestion.state == SuggestionState.OPEN
        )
    )


def ask(office, at):
    return rematch_open(association_id=office.association.public_id, actor=office.coordinator, at=at)


def speak(office, *, person=None, supporter=None, language):
    """Let somebody speak one language only, so that a test decides who can meet whom."""
    table, chosen = (
        (Entrepreneur, office.people[person]) if supporter is None else (Supporter, office.supporters[supporter])
    )
    with transaction() as session:
        record = session.get(table, chosen.id)
        session.refresh(record, ["languages"])
        record.languages[0].language = language


def reject(office, person, at, reason=RejectReason.TOO_FAR):
    suggestion = office.suggestion(person)
    reject_suggestion(suggestion_id=suggestion.public_id, reason=reason, actor=office.coordinator, at=at)
    return rematch_rejected(suggestion_id=suggestion.public_id, actor=office.coordinator, at=at)


def test_what_is_best_already_is_left_alone(any_app, now):
    office = Office(people=2, supporters=2)
    before = take_snapshot()
    assert ask(office, now) == RematchOutcome()
    assert take_snapshot() == before


def test_two_people_with_each_others_supporter_are_shown_their_own(any_app, now):
    office = Office(people=2, supporters=2, supporter={"capacity": 1})
    speak(office, person=0, language="tr")
    speak(office, supporter=1, language="tr")
    assert (shown(office, 0), shown(office, 1)) == (office.supporters[0].id, office.supporters[1].id)
    outcome = ask(office, now)
    assert (outcome.changed, outcome.is_outdated) == (2, False)
    assert (shown(office, 0), shown(office, 1)) == (office.supporters[1].id, office.supporters[0].id)
    assert office.states(0) == office.states(1) == ["alternative", "open"]
    moved = [("step_back", "open", "alternative", "rematch")] * 2 + [("present", "alternative", "open", "rematch")] * 2
    assert office.events("suggestion") == moved
    assert office.events("match_run") == [("rematch", None, None, "asked")]
    assert broken_laws() == []
    assert ask(office, now) == RematchOutcome()


def test_after_a_rejection_a_supporter_whom_the_run_never_named_is_found(any_app, now):
    office = Office(people=1, supporters=1)
    with transaction() as session:
        newcomer = make_supporter(session, office.association)
    found = reject(office, 0, now)
    assert shown(office) == newcomer.id
    fresh = db.session.scalars(select(Suggestion).where(Suggestion.public_id == found)).one()
    assert (fresh.rank, fresh.run_id, fresh.state) == (2, office.suggestion().run_id, SuggestionState.OPEN)
    assert fresh.deadline_at > now
    assert fresh.reasons
    assert sum(part["contribution"] for part in fresh.components) == pytest.approx(fresh.score, abs=1e-9)
    assert office.events("match_run") == [("rematch", None, None, "rejected")]
    assert broken_laws() == []


def test_a_rejected_supporter_does_not_come_back_by_himself(any_app, now):
    office = Office(people=1, supporters=1)
    assert reject(office, 0, now) is None
    assert shown(office) is None
    assert ask(office, now) == RematchOutcome()


def test_whom_a_newer_run_suggests_again_stays_although_an_older_one_was_set_aside(any_app, now):
    office = Office(people=1, supporters=2)
    reject(office, 0, now)
    with transaction() as session:
        old = session.scalars(select(Suggestion).where(Suggestion.state == SuggestionState.OPEN)).one()
        old.state = SuggestionState.SUPERSEDED
        run = make_match_run(session, office.association)
        make_suggestion(
            session, run, office.people[0], office.supporters[0], state=SuggestionState.OPEN, deadline_at=now
        )
    assert ask(office, now) == RematchOutcome()
    assert shown(office) == office.supporters[0].id


def test_after_a_rejection_a_place_that_somebody_else_is_shown_is_not_promised_twice(any_app, now):
    office = Office(people=2, supporters=2, supporter={"capacity": 1})
    # The next choice for the first person is the supporter whom the second is shown; he has one place.
    reject(office, 0, now)
    assert shown(office, 0) == office.supporters[1].id
    assert shown(office, 1) == office.supporters[0].id  # as good for her
    assert office.states(1) == ["alternative", "open"]


def test_what_does_not_hang_together_with_the_rejection_stays_as_it_is_shown(any_app, now):
    office = Office(people=4, supporters=5, supporter={"capacity": 2})
    for number, language in ((2, "tr"), (3, "ar")):
        speak(office, person=number, language=language)
        speak(office, supporter=5 - number, language=language)  # each other's
    reject(office, 0, now)
    assert shown(office, 0) == office.supporters[1].id
    assert (shown(office, 2), shown(office, 3)) == (office.supporters[2].id, office.supporters[3].id)
    assert ask(office, now).changed == 2
    assert (shown(office, 2), shown(office, 3)) == (office.supporters[3].id, office.supporters[2].id)


def test_approved_pairs_and_their_places_are_not_touched(any_app, now):
    office = Office(people=2, supporters=2, supporter={"capacity": 1})
    pairing = office.propose(0, at=now)
    speak(office, person=1, language="tr")
    speak(office, supporter=0, language="tr")  # only he could meet her now, and his place is taken
    before = take_snapshot()
    assert ask(office, now) == RematchOutcome()
    assert take_snapshot() == before
    assert office.pairing(pairing.public_id).supporter_id == office.supporters[0].id


def test_nobody_loses_the_only_suggestion_that_she_has(any_app, now):
    office = Office(people=2, supporters=1, supporter={"capacity": 1})
    assert shown(office, 0) == shown(office, 1) == office.supporters[0].id
    before = take_snapshot()
    assert ask(office, now) == RematchOutcome()
    assert take_snapshot() == before


def test_after_a_decline_the_best_is_shown(any_app, now):
    office = Office(people=1, supporters=1)
    pairing = office.propose(0, at=now)
    with transaction() as session:
        newcomer = make_supporter(session, office.association)
    decline_pairing(pairing_id=pairing.public_id, reason=DeclineReason.NO_TIME, actor=office.as_supporter(0), at=now)
    assert shown(office) is None
    assert rematch_declined(pairing_id=pairing.public_id, at=now).changed == 1
    assert shown(office) == newcomer.id
    assert rematch_declined(pairing_id=pairing.public_id, at=now) == RematchOutcome()


def test_where_somebody_decides_meanwhile_nothing_is_changed(any_app, now, monkeypatch):
    office = Office(people=2, supporters=2, supporter={"capacity": 1})
    speak(office, person=0, language="tr")
    speak(office, supporter=1, language="tr")
    matched = rematch.rematch_bridge.find_best_again

    def slowly(*args, **kwargs):
        found = matched(*args, **kwargs)
        suggestion = office.suggestion(1)
        reject_suggestion(
            suggestion_id=suggestion.public_id, reason=RejectReason.TOO_FAR, actor=office.coordinator, at=now
        )
        slowly.left = take_snapshot()
        return found

    monkeypatch.setattr(rematch.rematch_bridge, "find_best_again", slowly)
    assert ask(office, now) == RematchOutcome(is_outdated=True)
    assert take_snapshot() == slowly.left


def test_a_supporter_who_lost_his_place_meanwhile_is_not_presented(any_app, now, monkeypatch):
    office = Office(people=2, supporters=2, supporter={"capacity": 1})
    speak(office, person=0, language="tr")
    speak(office, supporter=1, language="tr")
    matched = rematch.rematch_bridge.find_best_again

    def slowly(*args, **kwargs):
        found = matched(*args, **kwargs)
        with transaction() as session:
            session.execute(update(Supporter).where(Supporter.id == office.supporters[1].id).values(capacity=0))
        return found

    monkeypatch.setattr(rematch.rematch_bridge, "find_best_again", slowly)
    assert ask(office, now) == RematchOutcome()
    assert (shown(office, 0), shown(office, 1)) == (office.supporters[0].id, office.supporters[1].id)


def test_a_busy_database_keeps_nobody_from_rejecting(any_app, now, monkeypatch):
    office = Office(people=1, supporters=2)

    def busy(*args, **kwargs):
        raise BusyError

    monkeypatch.setattr(rematch, "store_changes", busy)
    assert reject(office, 0, now) == office.suggestion(rank=2).public_id


def test_only_who_may_run_matches_asks_for_it(any_app, now):
    office, other = Office(), Office()
    asked = {"association_id": office.association.public_id, "at": now}
    with refused(NotFoundError):
        rematch_open(actor=other.coordinator, **asked)
    suggestion = office.suggestion()
    with refused(PermissionDeniedError):
        rematch_rejected(suggestion_id=suggestion.public_id, actor=office.as_person(), at=now)


def test_the_run_tells_who_was_shown_somebody_else(any_app, now):
    office = Office(people=1, supporters=1)
    with transaction() as session:
        newcomer = make_supporter(session, office.association, first_name="Anne", last_name="Bey")
    reject(office, 0, now)
    run = office.suggestion().run_id
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "rematch")).one()
    assert event.record_id == run
    assert json.loads(event.note) == [
        {"person": office.people[0].id, "role": "mentor", "before": None, "after": newcomer.id}
    ]
    (told,) = list_rematches(db.session(), db.session.get(MatchRun, run))
    (line,) = told.lines
    assert (told.cause, line.role, line.before, line.after) == ("rejected", SupporterRole.MENTOR, None, "Anne Bey")
