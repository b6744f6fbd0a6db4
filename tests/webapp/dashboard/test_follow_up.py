"""Pairings where it is the coordinator's turn: each kind is listed, counted once, and gone when it is settled."""

from datetime import timedelta

import pytest

from models.db import db, transaction
from models.queries.dashboard import get_overview, list_to_follow
from models.states import PairingState
from tests.factories import make_charter, make_entrepreneur, make_pairing, make_supporter
from webapp.clock import utc_now


@pytest.fixture
def pairs(desk):
    """One pairing of each kind that waits for her, and one that goes its way."""
    now, made = utc_now(), {}
    with transaction() as session:
        kinds = {
            "asked": {"state": PairingState.ASKED},
            "silent": {"state": PairingState.ACTIVE, "next_meeting_due_at": now - timedelta(days=1)},
            "pause": {"state": PairingState.PAUSED, "pause_until": now - timedelta(days=1)},
            "unsigned": {"state": PairingState.ACTIVE, "next_meeting_due_at": now + timedelta(days=5)},
            "ended": {"state": PairingState.ENDED, "end_reason": "moved", "closing_due_at": now + timedelta(days=5)},
            "fine": {"state": PairingState.ACTIVE, "next_meeting_due_at": now + timedelta(days=5)},
        }
        for name, values in kinds.items():
            person = make_entrepreneur(session, desk.association, last_name=name.title())
            made[name] = make_pairing(session, person, make_supporter(session, desk.association), **values)
        make_charter(session, made["unsigned"], due_at=now - timedelta(days=1))
        make_charter(session, made["fine"], due_at=now + timedelta(days=9))
    return made


def test_each_kind_is_listed_and_the_number_is_that_of_the_list(desk, pairs):
    listed = list_to_follow(db.session(), desk.association.id, at=utc_now())
    assert {pairing.id for pairing in listed.lines} == {pairs[name].id for name in pairs if name != "fine"}
    assert get_overview(db.session(), desk.association.id, account_id=None, at=utc_now()).to_follow == 5


def test_the_page_says_whose_turn_it_is_and_why(desk, pairs):
    page = desk.client.get("/dashboard/follow-up").get_data(as_text=True)
    assert page.count("<h1") == 1
    assert all(str(pairs[name].public_id) in page for name in pairs if name != "fine")
    assert str(pairs["fine"].public_id) not in page
    assert "Il manque une signature" in page


def test_another_association_sees_an_empty_page(stranger, pairs):
    page = stranger.client.get("/dashboard/follow-up").get_data(as_text=True)
    assert "Aucun binôme" in page
    assert "Asked" not in page
