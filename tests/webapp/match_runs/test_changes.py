"""What would help: stored with the run, read by the coordinator and by the person herself, each in her own words."""

from sqlalchemy import select

from models.match_runs import MatchRun, UnmatchedNeed
from models.supporters import SupporterRole
from tests.browsing import sign_in
from tests.factories import make_account, make_entrepreneur, make_match_run, make_supporter, make_unmatched_need
from tests.webapp.desk import Desk, fresh

MONDAY_MORNING, TUESDAY_EVENING = 0b1, 0b100000
TUESDAY = {"steps": [{"kind": "slot", "value": "tue_eve"}], "opens": 3, "places": 2}


def test_a_run_keeps_what_would_help_and_the_page_says_it(desk: Desk) -> None:
    make_entrepreneur(desk.session, desk.association, availability=MONDAY_MORNING)
    for _number in range(2):
        make_supporter(desk.session, desk.association, availability=TUESDAY_EVENING)
    desk.session.commit()
    path = desk.client.post("/match-runs").headers["Location"]
    (need,) = fresh().scalars(select(UnmatchedNeed))
    assert need.changes == [{"steps": [{"kind": "slot", "value": "tue_eve"}], "opens": 2, "places": 2, "freed": 0}]
    page = desk.client.get(f"{path}/unmatched").text
    assert "Avec un moment de plus (mardi soir) : 2 bénévoles de plus, avec une place libre." in page
    assert "Modifier le profil" in page


def test_each_kind_of_change_has_its_words(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    person = make_entrepreneur(desk.session, desk.association)
    place = {"kind": "place", "value": None}
    make_unmatched_need(
        desk.session,
        run,
        person,
        refusals={"time": 3},
        possible=0,
        changes=[
            {
                "steps": [{"kind": "remote", "value": None}, {"kind": "language", "value": "en"}],
                "opens": 1,
                "places": 1,
            },
            {"steps": [{"kind": "distance", "value": 25}, place], "opens": 2, "places": 2},
            {"steps": [place], "opens": 1, "places": 1},
            {"steps": [{"kind": "consent", "value": None}], "opens": 1, "places": 1, "freed": 1},
        ],
    )
    desk.session.commit()
    page = desk.client.get(f"/match-runs/{run.public_id}/unmatched").text
    assert "Avec des échanges par téléphone ou en visio et si la personne parle aussi anglais : 1 bénévole" in page
    assert "En se déplaçant jusqu’à 25 km, et une place de plus chez l’un d’eux : 2 bénévoles conviendraient." in page
    assert "Une place de plus : 1 bénévole conviendrait." in page
    assert "Avec l’accord de la personne pour un coaching : 1 bénévole de plus, avec une place libre ou qu’une" in page
    assert "Ce qui aiderait" in desk.client.get(f"/entrepreneurs/{person.public_id}").text


def test_one_more_place_is_not_said_twice(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    person = make_entrepreneur(desk.session, desk.association)
    changes = [{"steps": [{"kind": "place", "value": None}], "opens": 4, "places": 4}]
    make_unmatched_need(desk.session, run, person, refusals={}, possible=4, changes=changes)
    desk.session.commit()
    assert "Ce qui aiderait" not in desk.client.get(f"/match-runs/{run.public_id}/unmatched").text


def her_page(desk: Desk, *changes: dict[str, object], **values: object) -> str:
    session = desk.session
    account = make_account(session)
    person = make_entrepreneur(session, desk.association, account_id=account.id, wanted_roles=["mentor"], **values)
    run = make_match_run(session, desk.association)
    make_unmatched_need(
        session, run, person, role=SupporterRole.MENTOR, refusals={"time": 3}, possible=0, changes=list(changes)
    )
    session.commit()
    page: str = sign_in(desk.app.test_client(), account).get("/my-steps").text
    return page


def test_she_reads_what_she_can_change_and_where(desk: Desk) -> None:
    page = her_page(desk, TUESDAY, availability=MONDAY_MORNING)
    assert "Si vous avez aussi un moment le mardi soir, 2 personnes de plus pourraient vous accompagner." in page
    assert "Seulement si cela vous convient" in page
    assert "/my-profile/availability" in page


def test_she_is_told_when_a_place_has_still_to_come_free(desk: Desk) -> None:
    page = her_page(desk, {**TUESDAY, "freed": 1}, availability=MONDAY_MORNING)
    assert "2 personnes de plus pourraient vous accompagner, avec des places libres ou que notre prochaine" in page


def test_what_she_has_done_since_or_cannot_do_herself_is_not_asked_of_her(desk: Desk) -> None:
    place = {"steps": [{"kind": "place", "value": None}], "opens": 4, "places": 4}
    done = [
        {"steps": [{"kind": "remote", "value": None}], "opens": 4, "places": 4},
        {"steps": [{"kind": "distance", "value": 25}], "opens": 4, "places": 4},
        {"steps": [{"kind": "language", "value": "fr"}], "opens": 4, "places": 4},
    ]
    page = her_page(desk, place, TUESDAY, *done, availability=TUESDAY_EVENING, accepts_remote=True, max_km=30.0)
    assert "Seulement si cela vous convient" not in page
    assert "Nous cherchons" in page


def test_a_run_of_before_has_nothing_to_say(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    make_unmatched_need(desk.session, run, make_entrepreneur(desk.session, desk.association))
    desk.session.commit()
    assert fresh().scalars(select(UnmatchedNeed)).one().changes == []
    assert fresh().scalars(select(MatchRun)).one().recruitment is None
    assert "Ce qui aiderait" not in desk.client.get(f"/match-runs/{run.public_id}/unmatched").text
