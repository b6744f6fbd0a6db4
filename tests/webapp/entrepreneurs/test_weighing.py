"""The page that says what each choice would mean for the others."""

from models.entrepreneurs import Entrepreneur
from models.states import PairingState
from models.supporters import SupporterRole
from tests.factories import make_entrepreneur, make_expert_question, make_match_run, make_pairing, make_supporter
from tests.webapp.desk import Desk, suggest


def busy_desk(desk: Desk) -> Entrepreneur:
    """One person with two possible supporters; one of them is the only one whom somebody else can have."""
    session = desk.session
    run = make_match_run(session, desk.association)
    lea = make_entrepreneur(session, desk.association, first_name="Léa", last_name="Martin")
    tom = make_entrepreneur(session, desk.association, first_name="Tom", last_name="Diallo", languages=("tr",))
    paul = make_supporter(session, desk.association, first_name="Paul", last_name="Roy", capacity=1)
    anne = make_supporter(
        session, desk.association, first_name="Anne", last_name="Bey", capacity=1, languages=("fr", "tr")
    )
    suggest(desk, run=run, entrepreneur=lea, supporter=paul)
    suggest(desk, run=run, entrepreneur=tom, supporter=anne)
    session.commit()
    return lea


def test_each_choice_says_who_would_wait_and_who_would_change(desk: Desk) -> None:
    lea = busy_desk(desk)
    page = desk.client.get(f"/entrepreneurs/{lea.public_id}/choose/others?role=mentor").text
    assert "Le meilleur choix pour tout le monde" in page
    assert "1 autre personne devrait attendre." in page
    assert "Tom Diallo : devrait attendre, au lieu d’Anne Bey" in page
    assert f"/entrepreneurs/{lea.public_id}/choose?role=mentor" in page


def test_the_page_is_found_from_the_choice_and_leads_back_with_the_choice_made(desk: Desk) -> None:
    lea = busy_desk(desk)
    choice = desk.client.get(f"/entrepreneurs/{lea.public_id}/choose?role=mentor").text
    assert f"/entrepreneurs/{lea.public_id}/choose/others?role=mentor" in choice
    weighed = desk.client.get(f"/entrepreneurs/{lea.public_id}/choose/others?role=mentor").text
    link = next(part.split('"')[0] for part in weighed.split('href="') if "supporter=" in part.split('"')[0])
    chosen = desk.client.get(link.replace("&amp;", "&")).text
    assert chosen.count(" checked>") == 1


def test_in_a_role_nobody_asked_for_there_is_nothing_to_weigh(desk: Desk) -> None:
    lea = busy_desk(desk)
    page = desk.client.get(f"/entrepreneurs/{lea.public_id}/choose/others?role={SupporterRole.EXPERT}").text
    assert "Rien à comparer ici" in page
    assert "/choose/others" not in desk.client.get(f"/entrepreneurs/{lea.public_id}/choose?role=expert").text


def test_where_only_a_question_asks_for_an_expert_the_choice_is_weighed_too(desk: Desk) -> None:
    lea = busy_desk(desk)
    _awa, igor = (
        make_supporter(desk.session, desk.association, first_name=name, last_name="Sow", role=SupporterRole.EXPERT)
        for name in ("Awa", "Igor")
    )
    make_expert_question(desk.session, lea)
    desk.session.commit()
    path = f"/entrepreneurs/{lea.public_id}/choose"
    assert f"{path}/others?role=expert" in desk.client.get(f"{path}?role=expert").text
    page = desk.client.get(f"{path}/others?role=expert").text
    assert "Awa Sow" in page
    assert "Igor Sow" in page
    make_pairing(desk.session, lea, igor, state=PairingState.ACTIVE)
    desk.session.commit()
    assert "Awa Sow" not in desk.client.get(f"{path}/others?role=expert").text
