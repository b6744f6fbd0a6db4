"""The delays of an association, as its coordinator sets them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.associations import Delay
from models.audit import AuditEvent
from models.clocks import SPANS, WAITS, AssociationClock, Clock, span_of
from models.pairings import Pairing
from models.queries.clocks import get_clocks, get_waits, list_clocks
from tests.factories import make_association
from tests.webapp.desk import Desk, fresh, suggest

USUAL = {wait.value: str(span_of(wait).default) for wait in WAITS}


def test_without_a_choice_every_delay_is_the_usual_one(desk: Desk) -> None:
    page = desk.client.get("/clocks").get_data(as_text=True)
    for name, days in USUAL.items():
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert tag
        assert f'value="{days}"' in tag.group()


def test_a_change_is_kept_noted_and_holds_for_this_association_only(desk: Desk) -> None:
    other = make_association(desk.session)
    desk.session.commit()
    answer = desk.client.post("/clocks", data={**USUAL, "silence": "30"})
    assert answer.status_code == 303
    session = fresh()
    days = list_clocks(session, [desk.association.id, other.id])
    assert days[desk.association.id][Clock.SILENCE] == 30
    assert days[other.id] == {clock: span.default for clock, span in SPANS.items()}
    assert session.scalar(select(AuditEvent.note).where(AuditEvent.action == "set_clock")) == "silence: 21 → 30"
    assert session.scalar(select(func.count()).select_from(AssociationClock)) == 1


def test_going_back_to_the_usual_delay_is_a_change_too(desk: Desk) -> None:
    desk.client.post("/clocks", data={**USUAL, "silence": "30"})
    desk.client.post("/clocks", data=USUAL)
    assert get_clocks(fresh(), desk.association.id)[Clock.SILENCE] == SPANS[Clock.SILENCE].default


def test_how_long_a_proposal_waits_is_the_association_s_to_choose(desk: Desk) -> None:
    chosen = {"reminder_days": "3", "expiry_days": "6", "decision_days": "4", "follow_up_days": "10"}
    page = desk.client.post("/clocks", data={**USUAL, **chosen}, follow_redirects=True).get_data(as_text=True)
    assert "4 délais" in page
    now = get_waits(fresh(), desk.association.id)
    assert {delay.value: str(now[delay]) for delay in Delay} == chosen
    notes = set(fresh().scalars(select(AuditEvent.note).where(AuditEvent.action == "set_clock")))
    assert {"reminder_days: 5 → 3", "expiry_days: 10 → 6"} < notes
    desk.client.post(f"/suggestions/{suggest(desk).public_id}/approve")
    proposal = fresh().scalars(select(Pairing)).one()
    assert proposal.deadline_at is not None
    assert proposal.deadline_at - proposal.proposed_at == timedelta(days=6)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(("seat_offer", "8"), ("question", "0"), ("review", ""), ("silence", "soon"), ("silence", "45")),
        *(("expiry_days", "5"), ("reminder_days", "10"), ("follow_up_days", "91")),
    ],
)
def test_a_delay_that_cannot_be_is_refused_on_its_field_and_nothing_is_lost(desk: Desk, field: str, typed: str) -> None:
    answer = desk.client.post("/clocks", data={**USUAL, "charter": "20", field: typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'value="20"' in page
    assert fresh().scalar(select(func.count()).select_from(AssociationClock)) == 0
