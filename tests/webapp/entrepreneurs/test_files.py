"""The files of the people a coordinator follows: found, opened by hand, corrected, invited."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.accounts import Account
from models.entrepreneurs import Entrepreneur, EntrepreneurConfided
from models.messages import Message, MessageKind
from models.pairings import Pairing
from models.queries.pages import PAGE_SIZE
from models.states import EntrepreneurState, PairingState
from models.supporters import SupporterRole
from tests.factories import make_entrepreneur, make_pairing, make_supporter
from tests.webapp.desk import Desk, fresh, suggest
from webapp.clock import PARIS, utc_now

WHOLE = {
    "first_name": "Zoé",
    "last_name": "N’Diaye",
    "email": "zoe@example.org",
    "phone": "06 00 00 00 00",
    "stage": "launch",
    "project_title": "Atelier de couture",
    "project_text": "Je couds des robes.",
    "activity": "14.13Z",
    "commune": "93066",
    "needs-cash_flow": "3",
    "needs-sales": "1",
    "languages": ["fr", "ar"],
    "first_language": "ar",
    "availability": ["2", "5"],
    "max_km": "12,5",
    "accepts_remote": "y",
    "wanted_roles": ["mentor", "expert"],
    "household": "foyer-1",
}


def find(desk: Desk, last_name: str = "N’Diaye") -> Entrepreneur:
    return (
        fresh()
        .scalars(
            select(Entrepreneur)
            .where(Entrepreneur.last_name == last_name)
            .options(
                selectinload(Entrepreneur.needs),
                selectinload(Entrepreneur.languages),
                selectinload(Entrepreneur.confided),
            )
        )
        .one()
    )


@pytest.mark.parametrize("typed", ["zoe", "ZOÉ", "diaye zoe", "n diaye", "E-77"])
def test_a_person_is_found_without_accents_by_any_part_of_the_name(desk: Desk, typed: str) -> None:
    make_entrepreneur(desk.session, desk.association, first_name="Zoé", last_name="N’Diaye", reference="E-77")
    make_entrepreneur(desk.session, desk.association, first_name="Paul", last_name="Martin")
    desk.session.commit()
    page = desk.client.get("/entrepreneurs", query_string={"q": typed}).text
    assert "Zoé" in page
    assert "Paul" not in page


def test_a_wildcard_is_only_a_letter(desk: Desk) -> None:
    make_entrepreneur(desk.session, desk.association)
    desk.session.commit()
    assert "Personne ne correspond" in desk.client.get("/entrepreneurs?q=%25x").text


def test_filters_narrow_and_are_kept_from_page_to_page(desk: Desk) -> None:
    for _number in range(PAGE_SIZE + 3):
        make_entrepreneur(desk.session, desk.association, stage="launch")
    make_entrepreneur(desk.session, desk.association, stage="idea")
    desk.session.commit()
    page = desk.client.get("/entrepreneurs?stage=launch").text
    assert "1 à 50 sur 53" in page
    assert "/entrepreneurs?stage=launch&amp;page=2" in page
    assert "51 à 53 sur 53" in desk.client.get("/entrepreneurs?stage=launch&page=2").text
    assert "51 à 53 sur 53" in desk.client.get("/entrepreneurs?stage=launch&page=999").text


@pytest.mark.parametrize("query", ["stage=none", "state=x", "situation=y", "page=-1", "page=²", "q=" + "a" * 5000])
def test_a_filter_that_does_not_exist_is_no_filter(desk: Desk, query: str) -> None:
    make_entrepreneur(desk.session, desk.association)
    desk.session.commit()
    assert desk.client.get(f"/entrepreneurs?{query}").status_code == 200


def test_a_closed_file_is_shown_only_when_asked_for(desk: Desk) -> None:
    make_entrepreneur(
        desk.session, desk.association, first_name="Ancienne", state=EntrepreneurState.CLOSED, closed_at=utc_now()
    )
    make_entrepreneur(desk.session, desk.association)
    desk.session.commit()
    assert "Ancienne" not in desk.client.get("/entrepreneurs").text
    assert "Ancienne" in desk.client.get("/entrepreneurs?state=closed").text


def test_the_list_asks_as_much_for_many_as_for_few(desk: Desk, statements: Callable[[], object]) -> None:
    fill(desk, 2)
    few = count(desk, statements, "/entrepreneurs")
    fill(desk, 25)
    assert count(desk, statements, "/entrepreneurs") == few <= 9


def test_a_sheet_asks_as_much_for_a_long_story_as_for_a_short_one(desk: Desk, statements: Callable[[], object]) -> None:
    person = make_entrepreneur(desk.session, desk.association)
    make_pairing(desk.session, person, make_supporter(desk.session, desk.association))
    desk.session.commit()
    path = f"/entrepreneurs/{person.public_id}"
    few = count(desk, statements, path)
    for role in (SupporterRole.EXPERT, SupporterRole.COACH):
        helper = make_supporter(desk.session, desk.association, role=role, capacity=20)
        suggest(desk, entrepreneur=person, supporter=helper)
        for _number in range(4):
            other = make_supporter(desk.session, desk.association, role=role, capacity=20)
            make_pairing(desk.session, person, other, state=PairingState.DECLINED, decline_reason="too_far")
    desk.session.commit()
    assert count(desk, statements, path) == few <= 19


def fill(desk: Desk, number: int) -> None:
    for _number in range(number):
        person = make_entrepreneur(desk.session, desk.association)
        make_pairing(desk.session, person, make_supporter(desk.session, desk.association))
        suggest(desk)
    desk.session.commit()


def count(desk: Desk, statements: Callable[[], object], path: str) -> int:
    desk.client.get(path)
    with statements() as counted:  # type: ignore[attr-defined]
        assert desk.client.get(path).status_code == 200
    return int(counted.number)


def test_a_whole_file_entered_by_hand_is_ready_at_once(desk: Desk) -> None:
    answer = desk.client.post("/entrepreneurs/add", data=WHOLE)
    assert answer.status_code == 303
    person = find(desk)
    assert answer.headers["Location"].endswith(f"/entrepreneurs/{person.public_id}")
    assert person.state is EntrepreneurState.READY
    assert {need.topic: need.priority for need in person.needs} == {"cash_flow": 3, "sales": 1}
    assert [line.language for line in person.languages] == ["ar", "fr"], "the easiest first"
    assert (person.availability, person.max_km, person.accepts_remote) == (0b100100, 12.5, True)
    assert (person.commune_code, person.activity_code) == ("93066", "14.13Z")
    assert person.latitude is not None, "without a point nobody could be reached in person"
    assert person.wanted_roles == ["mentor", "expert"]
    assert person.referent_id == desk.account.id
    page = desk.client.get(answer.headers["Location"]).text
    assert "Zoé N’Diaye" in page
    assert "a ouvert le dossier" in page


def test_a_name_is_enough_to_open_a_file(desk: Desk) -> None:
    answer = desk.client.post("/entrepreneurs/add", data={"first_name": "Zoé", "last_name": "N’Diaye"})
    assert answer.status_code == 303
    assert find(desk).state is EntrepreneurState.INCOMPLETE
    page = desk.client.get(answer.headers["Location"]).text
    assert "Il manque encore" in page
    assert "les besoins" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_name", "", "Merci de remplir ce champ"),
        ("email", "zoe", "Une adresse ressemble"),
        ("commune", "Nulle-Part-sur-Mer", "Nous ne connaissons pas cette commune"),
        ("commune", "Saint", "Plusieurs communes portent ce nom"),
        ("activity", "qzxw", "Nous ne trouvons pas d’activité"),
        ("max_km", "loin", ""),
        ("max_km", "5000", "Entre 0 et 1000"),
        ("needs-cash_flow", "9", "Choisissez un niveau"),
        ("availability", "44", "Choisissez des moments"),
        ("stage", "retired", ""),
    ],
)
def test_a_form_that_is_not_right_says_where_and_keeps_what_was_typed(
    desk: Desk, field: str, value: str, words: str
) -> None:
    answer = desk.client.post("/entrepreneurs/add", data={**WHOLE, field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Atelier de couture" in answer.text
    assert fresh().scalar(select(Entrepreneur.id).where(Entrepreneur.last_name == "N’Diaye")) is None


def test_more_needs_than_are_read_is_refused(desk: Desk) -> None:
    topics = (
        "project_idea",
        "market_study",
        "business_model",
        "fundraising",
        "legal_status",
        "tax_social",
        "marketing",
    )
    needs = {f"needs-{topic}": "1" for topic in topics}
    answer = desk.client.post("/entrepreneurs/add", data={**WHOLE, **needs})
    assert answer.status_code == 422
    assert "huit au plus" in answer.text


def test_a_town_chosen_among_several_reads_back_as_itself(desk: Desk) -> None:
    typed = {**WHOLE, "commune": "Saint-Denis (93066)"}
    assert desk.client.post("/entrepreneurs/add", data=typed).status_code == 303
    person = find(desk)
    assert person.commune_code == "93066"
    assert "Saint-Denis (93066)" in desk.client.get(f"/entrepreneurs/{person.public_id}/edit").text


def test_correcting_a_file_leaves_what_was_confided_alone(desk: Desk) -> None:
    person = make_entrepreneur(
        desk.session,
        desk.association,
        confided={"after_liquidation": "yes", "coaching_consent_at": utc_now()},
        wanted_roles=["coach"],
    )
    desk.session.commit()
    path = f"/entrepreneurs/{person.public_id}/edit"
    form = {**WHOLE, "referent": str(desk.account.id), "coaching_consent": "", "after_liquidation": ""}
    assert desk.client.post(path, data=form).status_code == 303
    changed = find(desk)
    assert (changed.id, changed.first_name, changed.search_name) == (person.id, "Zoé", "zoe n diaye")
    assert changed.confided is not None
    assert changed.confided.after_liquidation == "yes"
    assert changed.confided.coaching_consent_at is not None


def test_an_exact_place_is_kept_as_long_as_the_town_stays(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association, latitude=48.91, longitude=2.38)
    desk.session.commit()
    path = f"/entrepreneurs/{person.public_id}/edit"
    desk.client.post(path, data=WHOLE)
    assert find(desk).latitude == 48.91
    desk.client.post(path, data={**WHOLE, "commune": "93001"})
    assert find(desk).latitude != 48.91


def test_one_who_is_coach_and_mentor_of_one_person_is_told_apart_and_a_closed_file_invites_nobody(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association, email="awa@example.org", account_id=None)
    for role in (SupporterRole.COACH, SupporterRole.MENTOR):
        helper = make_supporter(desk.session, desk.association, role=role, last_name="Lopez", capacity=10)
        make_pairing(desk.session, person, helper, state=PairingState.ACTIVE)
    desk.session.commit()
    page = desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert page.count("<strong>Jean Lopez (coach)</strong>") == page.count("<strong>Jean Lopez (parrain") == 1
    invite = f"/entrepreneurs/{person.public_id}/invite"
    assert invite in page
    desk.client.post(f"/entrepreneurs/{person.public_id}/close")
    assert invite not in desk.client.get(f"/entrepreneurs/{person.public_id}").text
    answer = desk.client.post(invite)
    assert answer.status_code == 409
    assert "Ce n’est plus possible" in answer.text


def test_a_closed_file_cannot_be_corrected_before_it_is_opened_again(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association, state=EntrepreneurState.CLOSED, closed_at=utc_now())
    desk.session.commit()
    assert desk.client.post(f"/entrepreneurs/{person.public_id}/edit", data=WHOLE).status_code == 409
    assert desk.client.post(f"/entrepreneurs/{person.public_id}/reopen").status_code == 303
    assert desk.client.post(f"/entrepreneurs/{person.public_id}/edit", data=WHOLE).status_code == 303


def test_only_a_colleague_can_answer_for_what_comes_next(desk: Desk, stranger: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association)
    desk.session.commit()
    form = {**WHOLE, "referent": str(stranger.account.id)}
    assert desk.client.post(f"/entrepreneurs/{person.public_id}/edit", data=form).status_code == 422
    assert fresh().get_one(Entrepreneur, person.id).referent_id is None


def test_the_day_of_the_next_news_is_set_and_checked(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association)
    desk.session.commit()
    path, today = f"/entrepreneurs/{person.public_id}/follow-up", utc_now().astimezone(PARIS).date()
    assert desk.client.post(path, data={"follow_up_on": "2020-01-01"}).status_code == 422
    assert desk.client.post(path, data={"follow_up_on": "demain"}).status_code == 422
    later = today + timedelta(days=12)
    assert desk.client.post(path, data={"follow_up_on": later.isoformat()}).status_code == 303
    assert fresh().get_one(Entrepreneur, person.id).follow_up_on == later
    assert "a fixé la date des prochaines nouvelles" in desk.client.get(f"/entrepreneurs/{person.public_id}").text


def test_inviting_takes_one_click_and_shows_when(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association, email="zoe@example.org")
    desk.session.commit()
    sheet = f"/entrepreneurs/{person.public_id}"
    shown = desk.client.get(sheet).text
    assert "Pas encore d’invitation" in shown
    form = re.search(rf'action="{sheet}/invite".*?name="form_key" value="([^"]+)"', shown, re.DOTALL)
    assert form is not None
    for _twice in range(2):
        answer = desk.client.post(f"{sheet}/invite", data={"form_key": form.group(1)})
        assert (answer.status_code, answer.location) == (303, sheet)
    session = fresh()
    message = session.scalars(select(Message).where(Message.kind == MessageKind.INVITATION)).one()
    assert message.recipient == "zoe@example.org"
    assert session.scalars(select(Account).where(Account.email == "zoe@example.org")).one().password_hash is None
    page = desk.client.get(sheet).text
    assert "Invitation envoyée le" in page
    assert "Renvoyer l’invitation" in page


def test_a_person_without_an_address_cannot_be_invited(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association, email=None)
    desk.session.commit()
    assert "Il faut une adresse e-mail" in desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert desk.client.post(f"/entrepreneurs/{person.public_id}/invite").status_code == 422


def test_the_lending_side_is_not_asked_what_a_person_confides(desk: Desk, rebonds_desk: Desk) -> None:
    assert "coaching_consent" not in desk.client.get("/entrepreneurs/add").text
    assert "after_liquidation" in rebonds_desk.client.get("/entrepreneurs/add").text
    told = {**WHOLE, "wanted_roles": ["coach"], "coaching_consent": "y", "after_liquidation": "y"}
    assert desk.client.post("/entrepreneurs/add", data=told).status_code == 422, "a wish for a coach is her own"
    assert desk.client.post("/entrepreneurs/add", data={**told, "wanted_roles": ["mentor"]}).status_code == 303
    session = fresh()
    kept = session.scalars(select(EntrepreneurConfided)).all()
    assert all(line.after_liquidation is None and line.coaching_consent_at is None for line in kept)
    assert rebonds_desk.client.post("/entrepreneurs/add", data={**told, "last_name": "Autre"}).status_code == 303
    confided = find(rebonds_desk, "Autre").confided
    assert confided is not None
    assert confided.after_liquidation is not None
    assert confided.coaching_consent_at is not None


def test_waiting_since_is_the_day_the_profile_was_whole(desk: Desk) -> None:
    desk.client.post("/entrepreneurs/add", data=WHOLE)
    assert find(desk).waiting_since == utc_now().astimezone(PARIS).date()
    assert isinstance(find(desk).waiting_since, date)


def test_closing_is_explained_first_and_takes_proposals_back(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association)
    pairing = make_pairing(desk.session, person, make_supporter(desk.session, desk.association))
    desk.session.commit()
    sheet = f"/entrepreneurs/{person.public_id}"
    assert "les demandes sans réponse sont retirées" in desk.client.get(sheet).text
    assert desk.client.post(f"{sheet}/close").status_code == 303
    session = fresh()
    assert session.get_one(Entrepreneur, person.id).state is EntrepreneurState.CLOSED
    assert session.get_one(Pairing, pairing.id).state is PairingState.WITHDRAWN
    page = desk.client.get(sheet).text
    assert "Le dossier est clos" in page
    assert "/close" not in page
    assert "a clos le dossier" in page
