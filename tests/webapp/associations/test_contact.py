"""How an association is reached: said by who coordinates it, read by everybody."""

import pytest
from sqlalchemy import select

from models.associations import Association
from models.audit import AuditEvent
from models.states import VisitorState
from tests.factories import make_entrepreneur, make_interview, make_visitor, make_workshop_session
from tests.webapp.desk import fresh
from webapp.clock import utc_now
from webapp.identity.signed_links import sign_visitor

CONTACT = {"email": "accueil@example.org", "phone": "01 99 00 00 01", "address": "Maison des projets, Saint-Denis"}


def test_what_is_saved_stands_wherever_somebody_looks_for_whom_to_call(desk):
    workshop = make_workshop_session(desk.session, desk.association, is_public=True)
    visitor = make_visitor(desk.session, workshop, state=VisitorState.CONFIRMED)
    person = make_entrepreneur(desk.session, desk.association)
    interview = make_interview(desk.session, person, coordinator_id=desk.account.id, due_at=utc_now())
    desk.session.commit()
    public = (f"/events/{workshop.public_id}", f"/events/mine/{sign_visitor(str(visitor.public_id))}")
    visitor_pages = desk.app.test_client()
    assert all("Une question" not in visitor_pages.get(path).text.split("<footer")[0] for path in public)
    for _ in range(2):
        assert desk.client.post("/association", data=CONTACT).status_code == 303
    for path in public:
        assert [
            value for value in CONTACT.values() if value not in visitor_pages.get(path).text.replace("<wbr>", "")
        ] == []
    assert f'value="{CONTACT["address"]}"' in desk.client.get(f"/interviews/{interview.public_id}").text
    assert f'value="{CONTACT["phone"]}"' in desk.client.get("/association").text
    assert fresh().scalars(select(AuditEvent.action).where(AuditEvent.record == "association")).all() == ["set_contact"]


@pytest.mark.parametrize(("field", "typed"), [("email", "accueil"), ("phone", "demain"), ("address", "x" * 256)])
def test_what_reaches_nobody_is_refused_on_its_field(desk, field, typed):
    answer = desk.client.post("/association", data={**CONTACT, field: typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert set(fresh().scalars(select(Association.phone))) == {""}


def test_only_who_coordinates_it_says_so(desk, stranger):
    assert stranger.client.post("/association", data=CONTACT).status_code == 303
    assert fresh().get(Association, desk.association.id).phone == ""
    assert desk.app.test_client().get("/association").status_code == 303
