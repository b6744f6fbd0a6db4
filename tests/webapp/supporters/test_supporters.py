"""Supporters as their coordinator keeps them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import object_session, selectinload

from models.match_runs import Suggestion
from models.messages import Message, MessageKind
from models.pairings import Pairing
from models.states import PairingState, SuggestionState, SupporterState
from models.supporters import Supporter, SupporterRole
from tests.factories import make_entrepreneur, make_pairing, make_supporter
from tests.webapp.desk import Desk, fresh, suggest
from webapp.clock import day_of, utc_now

WHOLE: dict[str, Any] = {
    "first_name": "Émile",
    "last_name": "Vasseur",
    "role": "mentor",
    "email": "emile@example.org",
    "commune": "Saint-Denis (93066)",
    "capacity": "3",
    "expertise-cash_flow": "3",
    "expertise-sales": "1",
    "activities": "69.20Z\n56.10A",
    "stages": ["launch"],
    "languages": ["fr"],
    "availability": ["0", "20"],
    "max_km": "15",
    "text": "Ancien restaurateur.",
}


def find(last_name: str = "Vasseur") -> Supporter:
    return (
        fresh()
        .scalars(
            select(Supporter)
            .where(Supporter.last_name == last_name)
            .options(selectinload(Supporter.expertise), selectinload(Supporter.languages))
        )
        .one()
    )


def supporter_of(desk: Desk, **values: Any) -> Supporter:
    supporter = make_supporter(desk.session, desk.association, **values)
    desk.session.commit()
    return supporter


def test_a_supporter_is_added_by_hand(desk: Desk) -> None:
    answer = desk.client.post("/supporters/add", data=WHOLE)
    assert answer.status_code == 303
    supporter = find()
    assert (supporter.role, supporter.capacity, supporter.taken) == (SupporterRole.MENTOR, 3, 0)
    assert {line.topic: line.level for line in supporter.expertise} == {"cash_flow": 3, "sales": 1}
    assert supporter.activity_codes == ["69.20Z", "56.10A"]
    assert supporter.availability == 1 | 1 << 20
    assert supporter.latitude is not None
    assert supporter.accepts_remote is False
    page = desk.client.get(answer.headers["Location"]).text
    assert "Ancien restaurateur" in page
    assert "3 places libres sur 3" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("last_name", "", "Merci de remplir ce champ"),
        ("commune", "", "Merci de remplir ce champ"),
        ("commune", "Atlantis", "Nous ne connaissons pas"),
        ("activities", "qzxw", "Nous ne trouvons pas d’activité"),
        ("role", "president", ""),
        ("role", "ambassador", "une personne qui a rebondi"),
        ("capacity", "-1", "Entre 0 et 500"),
        ("languages", [], "Choisissez au moins une langue"),
        ("email", "a@b", "Une adresse ressemble"),
    ],
)
def test_a_profile_that_is_not_right_says_where(desk: Desk, field: str, value: object, words: str) -> None:
    answer = desk.client.post("/supporters/add", data={**WHOLE, field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Ancien restaurateur" in answer.text
    assert fresh().scalar(select(Supporter.id)) is None


def test_without_a_topic_nobody_can_be_suggested(desk: Desk) -> None:
    form = {name: value for name, value in WHOLE.items() if not name.startswith("expertise")}
    answer = desk.client.post("/supporters/add", data=form)
    assert answer.status_code == 422
    assert "Choisissez au moins un sujet" in answer.text


def test_the_list_is_narrowed_by_name_role_and_places(desk: Desk) -> None:
    supporter_of(desk, first_name="Zoé", last_name="Libre")
    full = supporter_of(desk, first_name="Yann", last_name="Plein", capacity=1)
    coach = supporter_of(
        desk, first_name="Xena", last_name="Coach", role=SupporterRole.COACH, capacity=13, taken=7, is_certified=True
    )
    make_pairing(desk.session, make_entrepreneur(desk.session, desk.association), full)
    desk.session.commit()
    assert coach.capacity - coach.taken == 6, "six hours are not a path"
    free = desk.client.get("/supporters?situation=free").text
    assert "Zoé" in free
    assert "Yann" not in free
    assert "Xena" not in free
    filled = desk.client.get("/supporters?situation=full").text
    assert "Yann" in filled
    assert "Xena" in filled
    assert "Zoé" not in filled
    assert "0 sur 1" in desk.client.get("/supporters?role=coach").text
    assert "Zoé" in desk.client.get("/supporters?q=zoe+libre").text
    assert "Personne ne correspond" in desk.client.get("/supporters?q=personne").text


def test_who_has_left_is_shown_only_when_asked_for(desk: Desk) -> None:
    supporter_of(desk, first_name="Partie", state=SupporterState.LEFT)
    assert "Partie" not in desk.client.get("/supporters").text
    assert "Partie" in desk.client.get("/supporters?state=left").text


def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    assert "Importez votre liste" in desk.client.get("/supporters").text


def test_a_profile_is_corrected_but_its_role_stays(desk: Desk) -> None:
    supporter = supporter_of(desk)
    path = f"/supporters/{supporter.public_id}/edit"
    page = desk.client.get(path).text
    assert 'name="role"' not in page
    assert desk.client.post(path, data={**WHOLE, "role": "expert"}).status_code == 303
    changed = find()
    assert (changed.id, changed.role, changed.reference) == (supporter.id, SupporterRole.MENTOR, supporter.reference)


def test_capacity_cannot_fall_below_what_is_in_use(desk: Desk) -> None:
    supporter = supporter_of(desk)
    make_pairing(desk.session, make_entrepreneur(desk.session, desk.association), supporter)
    desk.session.commit()
    path = f"/supporters/{supporter.public_id}/capacity"
    answer = desk.client.post(path, data={"capacity": "0"})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert desk.client.post(path, data={"capacity": "beaucoup"}).status_code == 422
    assert fresh().get_one(Supporter, supporter.id).capacity == 2
    assert desk.client.post(path, data={"capacity": "5"}).status_code == 303
    assert fresh().get_one(Supporter, supporter.id).capacity == 5
    edit = desk.client.post(f"/supporters/{supporter.public_id}/edit", data={**WHOLE, "capacity": "0"})
    assert edit.status_code == 422


def test_a_coordinator_chooses_the_day_of_a_pause_and_reads_why_one_began_by_itself(desk: Desk) -> None:
    make_entrepreneur(desk.session, desk.association)
    supporter = supporter_of(desk, last_name="Silva")
    sheet, day = f"/supporters/{supporter.public_id}", day_of(utc_now()) + timedelta(days=20)
    for unreadable in ("2020-01-01", "demain"):
        assert desk.client.post(f"{sheet}/pause", data={"back-back_on": unreadable}).status_code == 422
    assert find("Silva").state is SupporterState.ACTIVE
    assert desk.client.post(f"{sheet}/pause", data={"back-back_on": day.isoformat()}).status_code == 303
    assert find("Silva").back_on == day
    assert desk.client.post(f"{sheet}/put-off").status_code == 422
    assert desk.client.post(f"{sheet}/put-off", data={"back-back_on": "2020-01-01"}).status_code == 422
    later = day + timedelta(days=20)
    assert desk.client.post(f"{sheet}/put-off", data={"back-back_on": later.isoformat()}).status_code == 303
    assert find("Silva").back_on == later
    silent = find("Silva")
    silent.unanswered, silent.back_on = 2, date(2026, 1, 5)
    object_session(silent).commit()
    page = desk.client.get(sheet).get_data(as_text=True)
    assert "Les 2 dernières propositions sont restées sans réponse" in page
    assert "cela ne dit rien de la personne" in page
    assert "Silva" in desk.client.get("/supporters?situation=away").get_data(as_text=True)
    assert "bénévole en pause dont la date est passée" in desk.client.get("/dashboard").get_data(as_text=True)


def test_a_pause_sends_unanswered_proposals_back(desk: Desk) -> None:
    supporter = supporter_of(desk)
    make_pairing(desk.session, make_entrepreneur(desk.session, desk.association), supporter)
    desk.session.commit()
    sheet = f"/supporters/{supporter.public_id}"
    assert desk.client.post(f"{sheet}/pause").status_code == 303
    session = fresh()
    assert session.scalars(select(Pairing)).one().state is PairingState.WITHDRAWN
    assert session.get_one(Supporter, supporter.id).taken == 0
    assert desk.client.post(f"{sheet}/pause").headers["Location"] == sheet
    assert desk.client.post(f"{sheet}/resume").status_code == 303
    assert fresh().get_one(Supporter, supporter.id).state is SupporterState.ACTIVE


def test_a_departure_is_asked_for_twice_and_brings_everybody_back(desk: Desk) -> None:
    supporter = supporter_of(desk)
    person = make_entrepreneur(desk.session, desk.association)
    make_pairing(desk.session, person, supporter, state=PairingState.ACTIVE)
    waiting = suggest(desk, supporter=supporter)
    desk.session.commit()
    sheet = f"/supporters/{supporter.public_id}"
    assert "C’est définitif" in desk.client.get(sheet).text
    assert desk.client.post(f"{sheet}/leave").status_code == 303
    session = fresh()
    assert session.scalars(select(Pairing)).one().state is PairingState.ENDED
    assert session.get_one(Suggestion, waiting.id).state is not SuggestionState.OPEN
    page = desk.client.get(sheet).text
    assert "Corriger le profil" not in page
    assert "a noté le départ" in page


def test_lists_and_sheets_ask_as_much_for_many_as_for_few(desk: Desk, statements: Callable[[], Any]) -> None:
    supporter = supporter_of(desk, capacity=50)
    few = count(desk, statements, "/supporters"), count(desk, statements, f"/supporters/{supporter.public_id}")
    for _number in range(20):
        supporter_of(desk)
        make_pairing(desk.session, make_entrepreneur(desk.session, desk.association), supporter)
        suggest(desk, supporter=supporter)
    desk.session.commit()
    many = count(desk, statements, "/supporters"), count(desk, statements, f"/supporters/{supporter.public_id}")
    assert many == few
    assert max(many) <= 14


def count(desk: Desk, statements: Callable[[], Any], path: str) -> int:
    desk.client.get(path)
    with statements() as counted:
        assert desk.client.get(path).status_code == 200
    return int(counted.number)


def test_inviting_a_supporter_shows_when(desk: Desk) -> None:
    supporter = supporter_of(desk)
    sheet = f"/supporters/{supporter.public_id}"
    assert "ne peut pas répondre" in desk.client.get(sheet).text
    for _twice in range(2):
        assert desk.client.post(f"{sheet}/invite", data={"form_key": "k"}).location == sheet
    assert len(fresh().scalars(select(Message).where(Message.kind == MessageKind.INVITATION)).all()) == 1
    assert "Invitation envoyée le" in desk.client.get(sheet).text


def test_the_dates_of_training_and_insurance_are_noted_listed_and_counted(desk: Desk) -> None:
    make_entrepreneur(desk.session, desk.association)
    supporter = supporter_of(desk)
    page = f"/supporters/{supporter.public_id}"
    assert desk.client.post(f"{page}/papers", data={"papers-training_until": "demain"}).status_code == 422
    assert desk.client.post(f"{page}/papers", data={"papers-training_until": "2020-01-31"}).status_code == 303
    assert "Échue" in desk.client.get(page).get_data(as_text=True)
    listed = desk.client.get("/supporters?situation=papers").get_data(as_text=True)
    assert supporter.last_name in listed
    assert "bénévole à mettre à jour" in desk.client.get("/dashboard").get_data(as_text=True)
    assert desk.client.post(f"{page}/papers", data={"papers-training_until": "2099-01-31"}).status_code == 303
    assert supporter.last_name not in desk.client.get("/supporters?situation=papers").get_data(as_text=True)
