"""What entrepreneurs and supporters read of themselves, on both databases."""

from datetime import timedelta

import pytest

from models.db import db, transaction
from models.queries import members, sessions
from models.states import BookingState, EntrepreneurState, PairingState, SuggestionState
from models.territories import QpvCheck, QpvGround, QpvMethod, QpvResult
from tests.clock import NOW
from tests.factories import (
    make_account,
    make_association,
    make_booking,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_suggestion,
    make_supporter,
    make_unmatched_need,
    make_workshop_session,
)

pytestmark = pytest.mark.usefixtures("any_app")


def names(communes):
    return [commune.name for commune in communes]


def test_a_town_is_found_by_name_accents_or_postal_code_and_the_exact_one_first():
    session = db.session()
    assert names(members.find_communes(session, "SAINT DENIS"))[0] == "Saint-Denis"
    assert "Aubervilliers" in names(members.find_communes(session, "auberv"))
    assert "Saint-Denis" in names(members.find_communes(session, "93200"))
    assert names(members.find_communes(session, "denis")) != []


@pytest.mark.parametrize("text", ["", "?", "9", "zzzz", "\x00", "%", "_"])
def test_what_names_no_town_finds_none(text):
    assert members.find_communes(db.session(), text) == []


def test_namesakes_of_a_department_come_first():
    session = db.session()
    found = members.find_communes(session, "saint", department="31")
    assert found[0].department == "31"


def test_an_open_file_comes_before_a_closed_one():
    with transaction() as session:
        association = make_association(session)
        opened = make_entrepreneur(session, association)
        closed = make_entrepreneur(session, association, state=EntrepreneurState.CLOSED, closed_at=NOW)
        elsewhere = make_entrepreneur(session, make_association(session))
    session = db.session()
    ids = (opened.id, closed.id, elsewhere.id)
    assert members.find_entrepreneur(session, ids).id == elsewhere.id
    assert members.find_entrepreneur(session, ids, association_id=association.id).id == opened.id
    assert members.find_entrepreneur(session, ()) is None


def test_the_contact_is_the_referent_then_a_coordinator_then_the_association():
    with transaction() as session:
        association = make_association(session, name="Initiative Seule")
    session = db.session()
    assert members.find_contact(session, association_id=association.id, referent_id=None).name == "Initiative Seule"
    with transaction() as session:
        first = make_coordinator(session, association, first_name="Première")
        second = make_coordinator(session, association, first_name="Seconde")
        gone = make_coordinator(session, association, first_name="Partie", is_active=False)
        stranger = make_account(session)
    session = db.session()

    def contact(referent):
        found = members.find_contact(session, association_id=association.id, referent_id=referent)
        return found.name.split()[0]

    assert contact(None) == "Première"
    assert contact(second.id) == "Seconde"
    assert contact(gone.id) == "Première"
    assert contact(stranger.id) == first.first_name


def test_live_pairings_open_suggestions_and_the_last_run_are_read():
    with transaction() as session:
        association = make_association(session)
        person, supporter = make_entrepreneur(session, association), make_supporter(session, association)
        make_pairing(
            session, person, make_supporter(session, association), state=PairingState.ENDED, end_reason="other"
        )
        live = make_pairing(session, person, supporter)
        old, last = make_match_run(session, association), make_match_run(session, association, ended_at=NOW)
        make_unmatched_need(session, old, person)
        found_nobody = make_unmatched_need(session, last, person)
        shown = make_suggestion(session, last, person, supporter)
        make_suggestion(
            session, last, person, make_supporter(session, association), rank=2, state=SuggestionState.ALTERNATIVE
        )
    session = db.session()
    assert [one.id for one in members.list_live_pairings(session, person.id)] == [live.id]
    assert members.list_live_pairings(session, person.id)[0].supporter.first_name == "Jean"
    assert [one.id for one in members.list_open_suggestions(session, person.id)] == [shown.id]
    unmatched = members.list_unmatched(session, association_id=association.id, entrepreneur_id=person.id)
    assert [one.id for one in unmatched] == [found_nobody.id]


def test_only_the_last_check_of_each_ground_counts():
    with transaction() as session:
        association = make_association(session)
        person = make_entrepreneur(session, association)
        for days, result in ((0, QpvResult.UNKNOWN), (1, QpvResult.OUTSIDE)):
            session.add(
                QpvCheck(
                    association_id=association.id,
                    entrepreneur_id=person.id,
                    ground=QpvGround.RESIDENCE,
                    result=result,
                    method=QpvMethod.CHOSEN_IN_LIST,
                    zoning_version="2024",
                    checked_at=NOW + timedelta(days=days),
                )
            )
    found = members.list_last_checks(db.session(), person.id)
    assert {ground: known.check.result for ground, known in found.items()} == {QpvGround.RESIDENCE: QpvResult.OUTSIDE}


def test_turns_in_a_waiting_list_count_those_who_wait_before():
    with transaction() as session:
        association = make_association(session)
        workshop = make_workshop_session(session, association, seats=1)
        people = [make_entrepreneur(session, association) for _number in range(4)]
        states = (BookingState.CONFIRMED, BookingState.WAITING, BookingState.CANCELLED, BookingState.WAITING)
        for person, state in zip(people, states, strict=True):
            reason = {"cancel_reason": "by_person"} if state == BookingState.CANCELLED else {}
            make_booking(session, workshop, person, state=state, **reason)
    session = db.session()
    turns = [[own.position for own in sessions.list_own_bookings(session, person.id)] for person in people]
    assert turns == [[None], [1], [], [2]]
    assert sessions.count_waiting(session, workshop.id) == 2


def test_sessions_to_come_are_those_of_the_association_in_order():
    with transaction() as session:
        association = make_association(session)
        later = make_workshop_session(session, association, starts_at=NOW + timedelta(days=9))
        sooner = make_workshop_session(session, association, starts_at=NOW + timedelta(days=2))
        make_workshop_session(session, association, starts_at=NOW - timedelta(days=2))
        make_workshop_session(session, association, starts_at=NOW + timedelta(days=3), state="cancelled")
        make_workshop_session(session, make_association(session), starts_at=NOW + timedelta(days=3))
    found = sessions.list_coming_sessions(db.session(), (association.id,), at=NOW)
    assert [one.id for one in found] == [sooner.id, later.id]
    assert found[0].theme.slug == "financial_management"
