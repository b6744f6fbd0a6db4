"""What a coordinator does for a person on the telephone: check an address, book a workshop, choose somebody."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.entrepreneurs import Entrepreneur
from models.pairings import ChoiceReason, Pairing
from models.states import BookingState, EntrepreneurState, PairingState
from models.supporters import Supporter, SupporterRole
from models.territories import Qpv, QpvCheck, QpvGround, QpvMethod, QpvResult
from models.workshops import Booking
from tests.factories import make_booking, make_entrepreneur, make_pairing, make_supporter, make_workshop_session
from tests.webapp.desk import Desk, fresh
from webapp.clock import utc_now


def person_of(desk: Desk, **values: object) -> Entrepreneur:
    person = make_entrepreneur(desk.session, desk.association, **values)
    desk.session.commit()
    return person


def last_check(person: Entrepreneur) -> QpvCheck:
    rows = select(QpvCheck).where(QpvCheck.entrepreneur_id == person.id).order_by(QpvCheck.id.desc())
    return fresh().scalars(rows).first()  # type: ignore[return-value]


def qpv_of(desk: Desk, commune: str = "93066") -> Qpv:
    return next(one for one in desk.session.scalars(select(Qpv)) if commune in one.communes)


def test_a_neighbourhood_is_chosen_among_those_of_the_town(desk: Desk) -> None:
    person, qpv = person_of(desk), qpv_of(desk)
    path = f"/entrepreneurs/{person.public_id}/qpv"
    assert f'value="{qpv.code}"' in desk.client.get(path).text
    answer = desk.client.post(f"{path}?commune=93066", data={"ground": "head_office", "choice": qpv.code})
    assert answer.status_code == 303
    check = last_check(person)
    assert (check.ground, check.result, check.qpv_code) == (QpvGround.HEAD_OFFICE, QpvResult.DECLARED, qpv.code)
    assert check.checked_by_id == desk.account.id


def test_a_position_decides_by_itself(desk: Desk) -> None:
    person, qpv = person_of(desk), qpv_of(desk)
    form = {"ground": "residence", "latitude": str(qpv.latitude).replace(".", ","), "longitude": str(qpv.longitude)}
    assert desk.client.post(f"/entrepreneurs/{person.public_id}/qpv?commune=93066", data=form).status_code == 303
    assert last_check(person).method is QpvMethod.POINT_IN_POLYGON


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"ground": "residence"}, "Choisissez un quartier"),
        ({"ground": "residence", "latitude": "48,9"}, "ensemble"),
        ({"ground": "residence", "latitude": "98,9", "longitude": "2"}, "Entre -90 et 90"),
        ({"ground": "residence", "choice": "QN00000X"}, ""),
        ({"ground": "moon", "choice": "none"}, ""),
    ],
)
def test_half_an_answer_is_not_kept(desk: Desk, form: dict[str, str], words: str) -> None:
    person = person_of(desk)
    answer = desk.client.post(f"/entrepreneurs/{person.public_id}/qpv?commune=93066", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert last_check(person) is None


def test_a_town_that_is_not_clear_is_asked_again(desk: Desk) -> None:
    person = person_of(desk, commune_code=None)
    path = f"/entrepreneurs/{person.public_id}/qpv"
    assert "Quelle commune" in desk.client.get(path).text
    assert "Nous ne connaissons pas" in desk.client.get(f"{path}?commune=Atlantis").text


@pytest.mark.parametrize(("answer", "result"), [("yes", QpvResult.INSIDE), ("no", QpvResult.OUTSIDE)])
def test_an_address_on_a_border_is_settled_by_name_and_date(desk: Desk, answer: str, result: QpvResult) -> None:
    person, qpv = person_of(desk), qpv_of(desk)
    desk.session.add(
        QpvCheck(
            association_id=desk.association.id,
            entrepreneur_id=person.id,
            ground=QpvGround.RESIDENCE,
            result=QpvResult.BORDERLINE,
            method=QpvMethod.POINT_IN_POLYGON,
            qpv_code=qpv.code,
            zoning_version="2024",
            distance_m=7.0,
            checked_at=utc_now() - timedelta(days=1),
        )
    )
    desk.session.commit()
    sheet = f"/entrepreneurs/{person.public_id}"
    assert "Je confirme" in desk.client.get(sheet).text
    form = {"ground": "residence", "inside": answer}
    assert desk.client.post(f"{sheet}/confirm-qpv", data=form).status_code == 303
    check = last_check(person)
    assert (check.result, check.method, check.checked_by_id) == (
        result,
        QpvMethod.CONFIRMED_BY_STAFF,
        desk.account.id,
    )
    assert fresh().get_one(Entrepreneur, person.id).qpv_code == (qpv.code if answer == "yes" else None)
    page = desk.client.get(sheet).text
    assert "Je confirme" not in page
    assert "a confirmé le quartier" in page
    # Nothing lies on a border any more: a second click changes nothing.
    assert desk.client.post(f"{sheet}/confirm-qpv", data=form).status_code == 409
    assert desk.client.post(f"{sheet}/confirm-qpv", data={"ground": "moon"}).status_code == 422


def test_a_place_is_booked_for_somebody_and_cancelled_again(desk: Desk) -> None:
    person = person_of(desk)
    workshop = make_workshop_session(desk.session, desk.association, starts_at=utc_now() + timedelta(days=5), seats=1)
    desk.session.commit()
    sheet = f"/entrepreneurs/{person.public_id}"
    assert str(workshop.public_id) in desk.client.get(sheet).text
    answer = desk.client.post(f"{sheet}/book", data={"session": str(workshop.public_id), "form_key": "k"})
    assert answer.status_code == 303
    booking = fresh().scalars(select(Booking).where(Booking.entrepreneur_id == person.id)).one()
    assert booking.state is BookingState.CONFIRMED
    assert "Oui, annuler" in desk.client.get(sheet).text, "one click asks first"
    other = person_of(desk)
    again = desk.client.post(f"/entrepreneurs/{other.public_id}/book", data={"session": str(workshop.public_id)})
    assert "rang 1 dans la liste" in desk.client.get(again.headers["Location"]).text
    assert desk.client.post(f"{sheet}/bookings/{booking.public_id}/cancel").status_code == 303
    states = dict(fresh().execute(select(Booking.entrepreneur_id, Booking.state)).all())  # type: ignore[arg-type]
    assert states == {person.id: BookingState.CANCELLED, other.id: BookingState.OFFERED}


@pytest.mark.parametrize(
    ("held", "others", "words"),
    [
        (BookingState.CONFIRMED, 1, "elle est gardée pour la première personne de la liste"),
        (BookingState.CONFIRMED, 0, "La place est annulée.<"),
        (BookingState.WAITING, 1, "Le tour dans la liste d’attente est annulé.<"),
    ],
)
def test_a_cancelled_place_says_what_became_of_it(desk: Desk, held: BookingState, others: int, words: str) -> None:
    person = person_of(desk)
    workshop = make_workshop_session(desk.session, desk.association, starts_at=utc_now() + timedelta(days=5), seats=1)
    if held is BookingState.WAITING:
        make_booking(desk.session, workshop, person_of(desk))
    booking = make_booking(desk.session, workshop, person, state=held)
    for _number in range(others):
        make_booking(desk.session, workshop, person_of(desk), state=BookingState.WAITING)
    desk.session.commit()
    answer = desk.client.post(f"/entrepreneurs/{person.public_id}/bookings/{booking.public_id}/cancel")
    page = re.sub(r"\s+<", "<", desk.client.get(answer.headers["Location"]).text)
    assert words in page
    # What was said is true.
    rest = select(Booking).where(Booking.entrepreneur_id != person.id).order_by(Booking.ticket)
    first = fresh().scalars(rest).first()
    assert first is None or first.state in (BookingState.CONFIRMED, BookingState.OFFERED)


def test_a_coordinator_says_yes_for_a_person_to_the_seat_kept_for_her(desk: Desk) -> None:
    person = person_of(desk)
    workshop = make_workshop_session(desk.session, desk.association, starts_at=utc_now() + timedelta(days=5), seats=1)
    until = utc_now() + timedelta(days=1)
    booking = make_booking(desk.session, workshop, person, state=BookingState.OFFERED, offer_until=until)
    desk.session.commit()
    page = desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert "Dire oui pour la personne" in page
    address = f"/entrepreneurs/{person.public_id}/bookings/{booking.public_id}/accept"
    assert desk.client.post(address).status_code == 303
    assert fresh().scalars(select(Booking)).one().state is BookingState.CONFIRMED
    stranger = person_of(desk)
    foreign = f"/entrepreneurs/{stranger.public_id}/bookings/{booking.public_id}/accept"
    assert desk.client.post(foreign).status_code == 404


def test_no_workshop_chosen_books_nothing(desk: Desk) -> None:
    person = person_of(desk)
    assert desk.client.post(f"/entrepreneurs/{person.public_id}/book", data={"session": ""}).status_code == 303
    assert fresh().scalar(select(Booking.id)) is None


def test_a_sensitive_workshop_of_a_colleague_is_not_offered(desk: Desk) -> None:
    from tests.factories import make_coordinator

    person = person_of(desk)
    make_workshop_session(
        desk.session,
        desk.association,
        title="Souffler un peu",
        theme_slug="stress_management",
        starts_at=utc_now() + timedelta(days=5),
        organiser_id=make_coordinator(desk.session, desk.association).id,
    )
    desk.session.commit()
    assert "Souffler un peu" not in desk.client.get(f"/entrepreneurs/{person.public_id}").text


def test_all_supporters_are_ranked_and_the_others_say_which_rule(desk: Desk) -> None:
    person = person_of(desk)
    make_supporter(desk.session, desk.association, first_name="Alba", last_name="Possible")
    make_supporter(desk.session, desk.association, first_name="Borys", last_name="Muet", languages=("uk",))
    full = make_supporter(desk.session, desk.association, first_name="Carla", last_name="Pleine", capacity=1)
    make_pairing(desk.session, make_entrepreneur(desk.session, desk.association), full)
    desk.session.commit()
    page = desk.client.get(f"/entrepreneurs/{person.public_id}/choose").text
    assert page.index("Alba Possible") < page.index("Borys Muet")
    assert "aucune langue commune" in page
    assert "plus de place libre" in page
    assert page.count('type="radio" name="supporter"') == 1
    assert "Borys Muet" not in desk.client.get(f"/entrepreneurs/{person.public_id}/choose?q=alba").text


def test_a_role_for_which_nobody_asked_leads_to_the_wishes(desk: Desk) -> None:
    person = person_of(desk)
    make_supporter(desk.session, desk.association, role=SupporterRole.EXPERT)
    desk.session.commit()
    page = desk.client.get(f"/entrepreneurs/{person.public_id}/choose?role=expert").text
    assert "cette personne n’a pas demandé ce rôle" in page
    assert f"/entrepreneurs/{person.public_id}/edit#wanted_roles" in page
    assert 'id="wanted_roles"' in desk.client.get(f"/entrepreneurs/{person.public_id}/edit").text


def test_a_choice_of_one_s_own_is_proposed_with_its_reason(desk: Desk) -> None:
    person = person_of(desk)
    supporter = make_supporter(desk.session, desk.association)
    desk.session.commit()
    path = f"/entrepreneurs/{person.public_id}/choose?role=mentor"
    form = {"supporter": str(supporter.public_id), "reason": "asked_for", "note": "Elles se connaissent."}
    assert desk.client.post(path, data=form).status_code == 303
    session = fresh()
    pairing = session.scalars(select(Pairing)).one()
    assert (pairing.state, pairing.choice_reason) == (PairingState.PROPOSED, ChoiceReason.ASKED_FOR)
    assert session.get_one(Supporter, supporter.id).taken == 1
    again = desk.client.post(path, data=form)
    assert again.status_code == 422
    assert "déjà" in again.text
    assert fresh().get_one(Supporter, supporter.id).taken == 1


@pytest.mark.parametrize("missing", ["supporter", "reason"])
@pytest.mark.parametrize("given", [None, "rubbish"])
def test_a_choice_without_somebody_or_without_a_reason_is_asked_again(
    desk: Desk, missing: str, given: str | None
) -> None:
    person = person_of(desk)
    supporter = make_supporter(desk.session, desk.association)
    desk.session.commit()
    form = {"supporter": str(supporter.public_id), "reason": "closer", missing: given}
    sent = {name: value for name, value in form.items() if value is not None}
    answer = desk.client.post(f"/entrepreneurs/{person.public_id}/choose?role=mentor", data=sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert fresh().scalar(select(Pairing.id)) is None


def test_a_forbidden_choice_says_the_rule_and_takes_no_place(desk: Desk) -> None:
    person = person_of(desk)
    supporter = make_supporter(desk.session, desk.association, languages=("uk",))
    desk.session.commit()
    form = {"supporter": str(supporter.public_id), "reason": "known_fit"}
    answer = desk.client.post(f"/entrepreneurs/{person.public_id}/choose?role=mentor", data=form)
    assert answer.status_code == 422
    assert fresh().get_one(Supporter, supporter.id).taken == 0


def test_a_supporter_of_another_association_cannot_be_chosen(desk: Desk, stranger: Desk) -> None:
    person = person_of(desk)
    foreign = make_supporter(stranger.session, stranger.association)
    stranger.session.commit()
    form = {"supporter": str(foreign.public_id), "reason": "known_fit"}
    assert desk.client.post(f"/entrepreneurs/{person.public_id}/choose?role=mentor", data=form).status_code == 404


def test_an_unfinished_profile_is_completed_before_comparing(desk: Desk) -> None:
    person = person_of(desk, state=EntrepreneurState.INCOMPLETE)
    answer = desk.client.get(f"/entrepreneurs/{person.public_id}/choose")
    assert answer.status_code == 303
    assert "Complétez d’abord le profil" in desk.client.get(answer.headers["Location"]).text


def test_a_filled_profile_is_sent_for_the_person(desk: Desk) -> None:
    person = person_of(desk, state=EntrepreneurState.INCOMPLETE)
    assert desk.client.post(f"/entrepreneurs/{person.public_id}/complete").status_code == 303
    assert fresh().get_one(Entrepreneur, person.id).state is EntrepreneurState.READY


def test_a_booking_is_not_offered_twice(desk: Desk) -> None:
    person = person_of(desk)
    workshop = make_workshop_session(desk.session, desk.association, starts_at=utc_now() + timedelta(days=5))
    make_booking(desk.session, workshop, person)
    desk.session.commit()
    page = desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert f'value="{workshop.public_id}"' not in page
    answer = desk.client.post(f"/entrepreneurs/{person.public_id}/book", data={"session": str(workshop.public_id)})
    assert answer.status_code == 303
    assert len(fresh().scalars(select(Booking)).all()) == 1
