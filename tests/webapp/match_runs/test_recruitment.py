"""Whom to recruit: found with the run, read on a page, printed, and taken along as a file that names nobody."""

import re

from models.match_runs import MatchRun
from tests.factories import make_entrepreneur, make_match_run
from tests.webapp.desk import Desk, fresh, open_desk

TUESDAY_EVENING = 0b100000
RECRUIT = {
    "role": "mentor",
    "languages": ["fr", "ar"],
    "slots": ["tue_eve", "sat_am"],
    "territory": "commune:93066",
    "remote": False,
    "topics": ["cash_flow", "sales"],
    "places": 3,
    "served": 2,
    "total": 1.5,
    "meets": 4,
}


def run_with(desk: Desk, *recruits: dict[str, object]) -> MatchRun:
    brief = {"options": list(recruits), "sequence": list(recruits[:1])}
    run = make_match_run(desk.session, desk.association, recruitment=brief)
    desk.session.commit()
    return run


def test_a_run_says_whom_to_recruit_and_the_run_solved_again_agrees(desk: Desk) -> None:
    for _number in range(6):
        make_entrepreneur(desk.session, desk.association, availability=TUESDAY_EVENING, accepts_remote=True)
    desk.session.commit()
    path = desk.client.post("/match-runs").headers["Location"]
    assert f"{path}/recruitment" in desk.client.get(path).text
    brief = fresh().query(MatchRun).one().recruitment
    assert brief is not None
    assert [(one["slots"], one["served"], one["meets"]) for one in brief["sequence"]] == [
        (["tue_eve"], 3, 6),
        (["tue_eve"], 3, 3),
    ]
    page = desk.client.get(f"{path}/recruitment").text
    assert page.count("<h1") == 1
    assert "mardi soir" in page
    assert re.search(r"<strong>\+3</strong>", page)
    assert "6 demandes sans personne" in page


def test_a_profile_is_told_in_words(desk: Desk) -> None:
    anywhere = {**RECRUIT, "territory": None, "remote": True, "topics": []}
    department = {**RECRUIT, "territory": "department:93", "remote": True}
    run = run_with(desk, RECRUIT, anywhere, department)
    page = desk.client.get(f"/match-runs/{run.public_id}/recruitment").text
    for words in (
        "Autour de Saint-Denis",
        "mardi soir et samedi matin",
        "français et arabe",
        "avec 3 places",
        "Partout, par téléphone ou en visio",
        "Dans le département 93, ou en visio",
    ):
        assert words in page
    file = desk.client.get(f"/match-runs/{run.public_id}/recruitment.csv")
    assert file.content_type.startswith("text/csv")
    assert "recherche-" in file.headers["Content-Disposition"]
    header, *lines = file.data.decode("utf-8-sig").splitlines()
    assert header.startswith("Ordre;")
    assert [line.split(";")[0] for line in lines] == ["ensemble 1", "seul 1", "seul 2", "seul 3"]


def test_without_a_brief_the_page_says_what_comes_next(desk: Desk) -> None:
    empty, older = run_with(desk), make_match_run(desk.session, desk.association)
    desk.session.commit()
    assert "Personne à rechercher" in desk.client.get(f"/match-runs/{empty.public_id}/recruitment").text
    page = desk.client.get(f"/match-runs/{older.public_id}/recruitment").text
    assert "pas de fiche de recherche" in page
    assert len(desk.client.get(f"/match-runs/{older.public_id}/recruitment.csv").data.splitlines()) == 1


def test_the_brief_of_another_association_does_not_exist(desk: Desk, app, sign_in) -> None:
    run = run_with(desk, RECRUIT)
    stranger = open_desk(app, sign_in)
    assert stranger.client.get(f"/match-runs/{run.public_id}/recruitment").status_code == 404
    assert stranger.client.get(f"/match-runs/{run.public_id}/recruitment.csv").status_code == 404
    assert app.test_client().get(f"/match-runs/{run.public_id}/recruitment").status_code == 303
