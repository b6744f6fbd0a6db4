"""Recomputing the open suggestions, as a coordinator asks for it and sees what it changed."""

from sqlalchemy import select

from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun, Suggestion
from models.states import SuggestionState
from tests.factories import make_entrepreneur, make_match_run, make_supporter
from tests.webapp.desk import Desk, fresh, suggest


def crossed_desk(desk: Desk) -> tuple[MatchRun, Entrepreneur]:
    """Two people who are each shown the supporter that only the other one can talk with."""
    session = desk.session
    run = make_match_run(session, desk.association)
    lea = make_entrepreneur(session, desk.association, first_name="Léa", last_name="Martin")
    tom = make_entrepreneur(session, desk.association, first_name="Tom", last_name="Diallo", languages=("tr",))
    paul = make_supporter(session, desk.association, first_name="Paul", last_name="Roy", capacity=1)
    anne = make_supporter(session, desk.association, first_name="Anne", last_name="Bey", capacity=1, languages=("tr",))
    suggest(desk, run=run, entrepreneur=lea, supporter=anne)
    suggest(desk, run=run, entrepreneur=tom, supporter=paul)
    session.commit()
    return run, lea


def test_the_open_suggestions_are_recomputed_and_the_run_says_what_changed(desk: Desk) -> None:
    run, lea = crossed_desk(desk)
    assert 'action="/match-runs/rematch"' in desk.client.get("/match-runs").text
    answer = desk.client.post("/match-runs/rematch")
    assert answer.headers["Location"] == f"/match-runs/{run.public_id}#rematches"
    page = desk.client.get(answer.headers["Location"]).text
    assert "2 personnes se voient proposer quelqu’un d’autre" in page
    assert "Recalculé depuis" in page
    assert "Léa Martin (Parrain ou marraine) : Paul Roy au lieu de Anne Bey" in page
    session = fresh()
    suggestion = session.scalars(
        select(Suggestion).where(
            Suggestion.entrepreneur_id == lea.id, Suggestion.state == SuggestionState.OPEN, Suggestion.rank == 2
        )
    ).one()
    assert desk.client.get(f"/suggestions/{suggestion.public_id}").status_code == 200
    again = desk.client.post("/match-runs/rematch", follow_redirects=True).text
    assert "rien n’a été changé" in again


def test_without_open_suggestions_there_is_nothing_to_recompute(desk: Desk) -> None:
    assert "/match-runs/rematch" not in desk.client.get("/match-runs").text
    answer = desk.client.post("/match-runs/rematch", follow_redirects=True)
    assert "rien n’a été changé" in answer.text


def test_only_coordinators_recompute(desk: Desk) -> None:
    run, _lea = crossed_desk(desk)
    answer = desk.app.test_client().post("/match-runs/rematch")
    assert answer.status_code == 303
    assert "/match-runs" not in answer.headers["Location"].split("?")[0]
    states = fresh().scalars(select(Suggestion.state).where(Suggestion.run_id == run.id)).all()
    assert set(states) == {SuggestionState.OPEN}


def test_setting_a_suggestion_aside_shows_whom_the_run_had_not_named(desk: Desk) -> None:
    session = desk.session
    suggestion = suggest(desk)
    newcomer = make_supporter(session, desk.association, first_name="Nour", last_name="Amrani")
    session.commit()
    answer = desk.client.post(f"/suggestions/{suggestion.public_id}/reject", data={"reason": "too_far"})
    page = desk.client.get(answer.headers["Location"]).text
    assert f"{newcomer.first_name} {newcomer.last_name}" in page
    assert "Voici la proposition suivante" in page
