"""The delays of an association, as its coordinator sets them."""

import re

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.clocks import SPANS, AssociationClock, Clock
from models.queries.clocks import get_clocks, list_clocks
from tests.factories import make_association
from tests.webapp.desk import Desk, fresh

USUAL = {clock.value: str(span.default) for clock, span in SPANS.items()}


def test_without_a_choice_every_delay_is_the_usual_one(desk: Desk) -> None:
    page = desk.client.get("/clocks").get_data(as_text=True)
    for clock, span in SPANS.items():
        tag = re.search(rf'<input[^>]*name="{clock.value}"[^>]*>', page)
        assert tag
        assert f'value="{span.default}"' in tag.group()


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


@pytest.mark.parametrize(
    ("field", "typed"), [("seat_offer", "8"), ("question", "0"), ("review", ""), ("silence", "soon"), ("silence", "45")]
)
def test_a_delay_that_cannot_be_is_refused_on_its_field_and_nothing_is_lost(desk: Desk, field: str, typed: str) -> None:
    answer = desk.client.post("/clocks", data={**USUAL, "charter": "20", field: typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'value="20"' in page
    assert fresh().scalar(select(func.count()).select_from(AssociationClock)) == 0
