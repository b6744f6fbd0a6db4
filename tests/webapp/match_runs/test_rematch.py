"""Recomputing the open suggestions, as a coordinator asks for it and sees what it changed."""

from sqlalchemy import select

from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun, Suggestion
from models.states import SuggestionState
from tests.factories import make_entrepreneur, make_match_run, make_supporter, make_unmatched_need
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
    assert "Léa Martin (Parrain ou marraine) : Paul Roy au lieu d’Anne Bey" in page
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


def test_who_arrives_after_the_run_is_suggested_somebody_and_the_run_says_why(desk: Desk) -> None:
    session = desk.session
    suggestion = suggest(desk)
    lea = make_entrepreneur(
        session, desk.association, first_name="Léa", last_name="Martin", state="incomplete", waiting_since=None
    )
    session.commit()
    page = desk.client.post(f"/entrepreneurs/{lea.public_id}/complete", follow_redirects=True).text
    assert "nous cherchons quelqu’un dès maintenant" in page
    found = fresh().scalars(select(Suggestion).where(Suggestion.entrepreneur_id == lea.id)).one()
    assert (found.state, found.run_id) == (SuggestionState.OPEN, suggestion.run_id)
    run = fresh().get_one(MatchRun, suggestion.run_id)
    page = desk.client.get(f"/match-runs/{run.public_id}").text
    assert "un dossier nouveau, ou modifié" in page
    assert "Léa Martin" in page
    assert desk.client.get(f"/suggestions/{found.public_id}").status_code == 200
    assert desk.client.post(f"/suggestions/{found.public_id}/approve").status_code == 303
    assert fresh().get_one(Suggestion, found.id).state is SuggestionState.APPROVED


def test_a_supporter_who_is_added_paused_and_back_serves_who_has_nobody(desk: Desk) -> None:
    session = desk.session
    suggestion = suggest(desk)
    waiting = make_entrepreneur(session, desk.association, languages=("tr",))
    paul = make_supporter(session, desk.association, languages=("tr",), state="paused")
    session.commit()

    def shown() -> list[int]:
        rows = select(Suggestion.supporter_id).where(
            Suggestion.entrepreneur_id == waiting.id, Suggestion.state == SuggestionState.OPEN
        )
        return list(fresh().scalars(rows))

    make_unmatched_need(session, fresh().get_one(MatchRun, suggestion.run_id), waiting)
    session.commit()
    assert "Pourquoi personne encore" in desk.client.get(f"/entrepreneurs/{waiting.public_id}").text
    desk.client.post(f"/supporters/{paul.public_id}/resume")
    assert shown() == [paul.id]
    assert "Pourquoi personne encore" not in desk.client.get(f"/entrepreneurs/{waiting.public_id}").text
    desk.client.post(f"/supporters/{paul.public_id}/pause")
    assert shown() == []
    desk.client.post(f"/supporters/{paul.public_id}/resume")
    assert shown() == [paul.id]
    run = fresh().get_one(MatchRun, suggestion.run_id)
    assert "Parce qu’une place s’est libérée." in desk.client.get(f"/match-runs/{run.public_id}").text
