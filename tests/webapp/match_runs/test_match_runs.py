"""A match run as its coordinator sees it: what it will do, how far it is, what it reached, whom it left and why."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.match_runs import MatchRun, Suggestion
from models.states import MatchRunState, SuggestionState
from models.supporters import SupporterRole
from tests.factories import make_entrepreneur, make_match_run, make_supporter, make_unmatched_need
from tests.webapp.desk import Desk, fresh, suggest


def under_way(desk: Desk, **values: object) -> MatchRun:
    run = make_match_run(
        desk.session,
        desk.association,
        **{"state": MatchRunState.RUNNING, "progress": 30, "ended_at": None, **values},
    )
    desk.session.commit()
    return run


def test_it_is_said_what_a_run_would_do(desk: Desk) -> None:
    for _number in range(3):
        make_entrepreneur(desk.session, desk.association)
    make_supporter(desk.session, desk.association, capacity=4, taken=1)
    make_supporter(desk.session, desk.association, role=SupporterRole.COACH, capacity=15, taken=7)
    suggest(desk, run=make_match_run(desk.session, desk.association))
    page = desk.client.get("/match-runs").text
    assert "4 profils d’entrepreneurs sont complets" in page
    assert "3 bénévoles sont disponibles" in page
    assert "avec 5 places libres" in page
    assert "et 1 parcours de coaching" in page
    assert "1 proposition à examiner est remplacée" in page


def test_without_people_there_is_nothing_to_start(desk: Desk) -> None:
    page = desk.client.get("/match-runs").text
    assert "Pas assez de monde" in page
    assert 'action="/match-runs"' not in page


def test_a_run_is_started_and_reaches_suggestions(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association)
    make_supporter(desk.session, desk.association)
    make_entrepreneur(desk.session, desk.association, languages=("uk",))
    desk.session.commit()
    answer = desk.client.post("/match-runs")
    assert answer.status_code == 303
    session = fresh()
    run = session.scalars(select(MatchRun)).one()
    assert answer.headers["Location"] == f"/match-runs/{run.public_id}"
    assert (run.state, run.requested_by_id) == (MatchRunState.DONE, desk.account.id)
    suggestion = session.scalars(select(Suggestion).where(Suggestion.state == SuggestionState.OPEN)).one()
    assert suggestion.entrepreneur_id == person.id
    page = desk.client.get(answer.headers["Location"]).text
    assert "Le meilleur possible" in page
    assert "1 proposition de cette campagne attend votre décision" in page
    assert "Voir pourquoi 1 demande reste sans personne" in page
    unmatched = desk.client.get(f"{answer.headers['Location']}/unmatched").text
    assert "aucune langue commune" in unmatched
    assert "<h1" in desk.client.get(f"/suggestions/{suggestion.public_id}").text


def test_two_runs_at_once_are_refused(desk: Desk) -> None:
    run = under_way(desk)
    assert f"/match-runs/{run.public_id}" in desk.client.get("/match-runs").text
    assert desk.client.post("/match-runs").status_code == 409


def test_a_page_under_way_asks_again_with_and_without_scripts(desk: Desk) -> None:
    run = under_way(desk)
    page = desk.client.get(f"/match-runs/{run.public_id}").text
    assert f'hx-get="/match-runs/{run.public_id}/progress"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Actualiser" in page
    assert 'value="30"' in page
    session = fresh()
    session.get_one(MatchRun, run.id).progress = 70
    session.commit()
    fragment = desk.client.get(f"/match-runs/{run.public_id}/progress", headers={"HX-Request": "true"})
    assert 'value="70"' in fragment.text
    assert "hx-get" in fragment.text


def test_the_fragment_leads_to_the_result_when_it_is_there(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    desk.session.commit()
    path = f"/match-runs/{run.public_id}/progress"
    answer = desk.client.get(path, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/match-runs/{run.public_id}"
    plain = desk.client.get(path)
    assert (plain.status_code, plain.headers["Location"]) == (303, f"/match-runs/{run.public_id}")
    assert "http-equiv" not in desk.client.get(f"/match-runs/{run.public_id}").text


@pytest.mark.parametrize("failure", ["worker_lost", "engine_refused", "unexpected", "busy"])
def test_a_run_that_failed_says_so_and_can_be_started_again(desk: Desk, failure: str) -> None:
    run = make_match_run(desk.session, desk.association, state=MatchRunState.FAILED, failure=failure)
    desk.session.commit()
    page = desk.client.get(f"/match-runs/{run.public_id}").text
    assert "s’est arrêtée sur un problème" in page
    assert "Rien n’a changé" in page
    assert 'action="/match-runs"' in page


def test_figures_are_shown_by_role_and_only_a_proof_is_called_the_best(desk: Desk) -> None:
    figures = {
        "role": "mentor",
        "entrepreneurs": 5,
        "supporters": 2,
        "places": 3,
        "matched": 3,
        "unmatched": 2,
        "unmatched_by_rule": {},
        "objective": 2.25,
        "upper_bound": 2.5,
        "gap": 0.25,
        "rounds": 1,
    }
    run = make_match_run(desk.session, desk.association, report={"roles": [figures]})
    desk.session.commit()
    page = desk.client.get(f"/match-runs/{run.public_id}").text
    assert "2,250" in page
    assert "2,500" in page
    assert "0,25" in page
    assert "Le meilleur possible" not in page


def test_people_are_counted_once_under_what_stands_most_in_their_way(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    cases: tuple[tuple[dict[str, int], int], ...] = (
        ({"language": 5, "time": 2}, 0),
        ({"language": 1, "time": 4}, 0),
        ({"time": 9}, 3),
        ({}, 0),
    )
    for refusals, possible in cases:
        person = make_entrepreneur(desk.session, desk.association)
        make_unmatched_need(desk.session, run, person, refusals=refusals, possible=possible)
    coach = make_entrepreneur(desk.session, desk.association, first_name="Cléa")
    make_unmatched_need(desk.session, run, coach, role=SupporterRole.COACH, refusals={"consent": 4})
    desk.session.commit()
    path = f"/match-runs/{run.public_id}/unmatched"
    page = desk.client.get(path).text
    summary = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.findall(r'<td class="number"[^>]*>(\d+)</td>', summary) == ["1"] * 5
    assert "3 bénévoles conviendraient" in page
    assert "pas encore de bénévole dans ce rôle" in page
    only = desk.client.get(f"{path}?role=coach").text
    assert "Cléa" in only
    assert "1 à 1 sur 1" in only
    assert "Cléa" not in desk.client.get(f"{path}?role=mentor").text


def test_nobody_left_over_is_good_news(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    desk.session.commit()
    assert "Chaque personne a quelqu’un" in desk.client.get(f"/match-runs/{run.public_id}/unmatched").text


def test_pages_of_a_run_ask_as_much_for_many_as_for_few(desk: Desk, statements: Callable[[], Any]) -> None:
    run = make_match_run(desk.session, desk.association)
    paths = (f"/match-runs/{run.public_id}", f"/match-runs/{run.public_id}/unmatched", "/match-runs")
    fill(desk, run, 2)
    few = [count(desk, statements, path) for path in paths]
    fill(desk, run, 20)
    assert [count(desk, statements, path) for path in paths] == few
    assert max(few) <= 9


def fill(desk: Desk, run: MatchRun, number: int) -> None:
    for _number in range(number):
        suggest(desk, run=run)
        make_unmatched_need(desk.session, run, make_entrepreneur(desk.session, desk.association))
        make_match_run(desk.session, desk.association)
    desk.session.commit()


def count(desk: Desk, statements: Callable[[], Any], path: str) -> int:
    desk.client.get(path)
    with statements() as counted:
        assert desk.client.get(path).status_code == 200
    return int(counted.number)
