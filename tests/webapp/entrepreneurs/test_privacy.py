"""What a person confided: never on the lending side, read on request elsewhere, each reading written down."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.entrepreneurs import Entrepreneur
from models.states import BookingState
from tests.factories import make_booking, make_entrepreneur, make_workshop_session
from tests.webapp.desk import Desk, fresh
from webapp.clock import utc_now

CONFIDED = {"after_liquidation": "yes", "coaching_consent_at": utc_now()}


def confiding(desk: Desk) -> Entrepreneur:
    person = make_entrepreneur(desk.session, desk.association, confided=CONFIDED)
    desk.session.commit()
    return person


def list_reads(action: str) -> list[AuditEvent]:
    return list(fresh().scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_the_lending_side_is_told_that_it_is_private(desk: Desk) -> None:
    person = confiding(desk)
    page = desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert "jamais montrés du côté des prêts" in page
    assert "/confided" not in page
    assert "iquidation" not in page


def test_the_lending_side_cannot_read_and_the_refusal_is_written_down(desk: Desk) -> None:
    person = confiding(desk)
    answer = desk.client.post(f"/entrepreneurs/{person.public_id}/confided")
    assert answer.status_code == 403
    assert "A traversé une liquidation" not in answer.text
    assert [event.actor_id for event in list_reads("refuse_confided")] == [desk.account.id]
    assert list_reads("read_confided") == []


def test_the_rebuilding_network_reads_on_request_and_it_is_written_down(rebonds_desk: Desk) -> None:
    person = confiding(rebonds_desk)
    sheet = rebonds_desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert "Oui, dit par la personne" not in sheet
    assert list_reads("read_confided") == []
    answer = rebonds_desk.client.post(f"/entrepreneurs/{person.public_id}/confided")
    assert answer.status_code == 200
    assert "Oui, dit par la personne" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    events = list_reads("read_confided")
    assert [(event.actor_id, event.record_id) for event in events] == [(rebonds_desk.account.id, person.id)]
    # Who read is for the trail, not for colleagues' curiosity; and consent is not told by the history either.
    assert "read_confided" not in rebonds_desk.client.get(f"/entrepreneurs/{person.public_id}").text


def test_reading_is_never_a_matter_of_opening_an_address(rebonds_desk: Desk) -> None:
    person = confiding(rebonds_desk)
    assert rebonds_desk.client.get(f"/entrepreneurs/{person.public_id}/confided").status_code == 405


@pytest.mark.parametrize("action", ["give_consent", "withdraw_consent"])
def test_a_history_does_not_tell_of_consent(desk: Desk, action: str) -> None:
    person = confiding(desk)
    for told in (action, "correct"):
        desk.session.add(
            AuditEvent(
                association_id=desk.association.id,
                record="entrepreneur",
                record_id=person.id,
                action=told,
                actor_id=None,
                at=utc_now(),
            )
        )
    desk.session.commit()
    page = desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert page.count('<time datetime="') - page.count('class="deadline') >= 1
    assert page.count("Maillage a ") == 1, "the correction alone"


def test_a_sensitive_workshop_is_not_told_on_a_sheet(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association)
    start = utc_now() + timedelta(days=9)
    plain = make_workshop_session(desk.session, desk.association, title="Trésorerie du matin", starts_at=start)
    private = make_workshop_session(
        desk.session, desk.association, title="Souffler un peu", theme_slug="stress_management", starts_at=start
    )
    make_booking(desk.session, plain, person)
    booking = make_booking(desk.session, private, person)
    desk.session.add(
        AuditEvent(
            association_id=desk.association.id,
            record="booking",
            record_id=booking.id,
            action="book",
            actor_id=None,
            at=utc_now(),
        )
    )
    desk.session.commit()
    page = desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert "Trésorerie du matin" in page
    assert "Souffler un peu" not in page


def test_names_of_a_sensitive_session_are_for_its_organiser(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association, last_name="Secrète")
    begun = utc_now() - timedelta(hours=3)
    mine, other = (
        make_workshop_session(
            desk.session,
            desk.association,
            theme_slug="stress_management",
            starts_at=begun,
            organiser_id=organiser,
        )
        for organiser in (desk.account.id, _somebody(desk))
    )
    for workshop in (mine, other):
        make_booking(desk.session, workshop, person)
    desk.session.commit()
    assert "Secrète" in desk.client.get(f"/workshops/{mine.public_id}").text
    assert "Secrète" in desk.client.get(f"/workshops/{mine.public_id}/attendance").text
    page = desk.client.get(f"/workshops/{other.public_id}").text
    assert "Secrète" not in page
    assert "Qui vient est privé" in page
    path = f"/workshops/{other.public_id}/attendance"
    assert desk.client.get(path).status_code == 303
    booking = other.id
    assert desk.client.post(path, data={}).status_code == 303
    states = {line.state for line in _bookings(booking)}
    assert states == {BookingState.CONFIRMED}
    assert "Secrète" not in desk.client.get("/workshops?situation=attendance").text


def _somebody(desk: Desk) -> int:
    from tests.factories import make_coordinator

    return make_coordinator(desk.session, desk.association).id


def _bookings(session_id: int) -> list:  # type: ignore[type-arg]
    from models.workshops import Booking

    return list(fresh().scalars(select(Booking).where(Booking.session_id == session_id)))
