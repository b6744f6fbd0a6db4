"""The review of suggestions: listed, compared, approved one by one or together, set aside with a reason."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.match_runs import RejectReason, Suggestion
from models.pairings import Pairing
from models.states import EntrepreneurState, PairingState, SuggestionState
from models.supporters import Supporter, SupporterRole
from tests.factories import make_entrepreneur, make_match_run, make_pairing, make_supporter
from tests.webapp.desk import PARTS, Desk, fresh, suggest
from webapp.clock import utc_now
from webapp.suggestions.comparison import shown_points

ROWS = re.compile(r'name="suggestion" value="([0-9a-f-]{36})"')


def listed(desk: Desk, query: str = "") -> list[str]:
    return ROWS.findall(desk.client.get(f"/suggestions{query}").text)


def test_the_first_deadline_comes_first_and_others_on_request(desk: Desk) -> None:
    now, run = utc_now(), make_match_run(desk.session, desk.association)

    def add(days: int, score: float, waiting_days: int, name: str) -> str:
        person = make_entrepreneur(
            desk.session,
            desk.association,
            last_name=name,
            waiting_since=(now - timedelta(days=waiting_days)).date(),
        )
        found = suggest(desk, run=run, entrepreneur=person, deadline_at=now + timedelta(days=days), score=score)
        return str(found.public_id)

    late, good, patient = add(-1, 0.5, 10, "Zola"), add(4, 0.9, 20, "Martin"), add(6, 0.3, 90, "Abadie")
    assert listed(desk) == [late, good, patient]
    assert listed(desk, "?order=score") == [good, late, patient]
    assert listed(desk, "?order=waiting") == [patient, good, late]
    assert listed(desk, "?order=rubbish") == [late, good, patient]
    assert "en retard" in desk.client.get("/suggestions").text


def test_a_role_is_a_filter_with_its_number(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    mentor = suggest(desk, run=run)
    expert = suggest(desk, run=run, supporter=make_supporter(desk.session, desk.association, role=SupporterRole.EXPERT))
    assert listed(desk, "?role=expert") == [str(expert.public_id)]
    assert listed(desk, "?role=mentor") == [str(mentor.public_id)]
    assert "(2)" in desk.client.get("/suggestions").text


def test_a_line_tells_score_reason_what_is_missing_and_free_places(desk: Desk) -> None:
    suggest(desk)
    page = desk.client.get("/suggestions").text
    assert "80\u202f%" in page or "80 %" in page or "80\xa0%" in page
    assert "besoin urgent" in page
    assert "22" in page


def test_nothing_to_decide_leads_to_a_match_run(desk: Desk) -> None:
    page = desk.client.get("/suggestions").text
    assert "Rien à décider" in page
    assert 'href="/match-runs"' in page


def test_several_are_approved_and_each_refusal_is_explained(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    good = suggest(desk, run=run)
    full = make_supporter(desk.session, desk.association, capacity=1)
    make_pairing(desk.session, make_entrepreneur(desk.session, desk.association), full)
    person = make_entrepreneur(desk.session, desk.association, first_name="Inès", last_name="Sans-Place")
    refused = suggest(desk, run=run, supporter=full, entrepreneur=person)
    rejected = suggest(desk, run=run, state=SuggestionState.SUPERSEDED)
    left = suggest(desk, run=run)
    ids = [str(one.public_id) for one in (good, refused, rejected)]
    answer = desk.client.post("/suggestions/approve", data={"suggestion": [*ids, "rubbish", str(uuid4())]})
    assert answer.status_code == 303
    page = desk.client.get(answer.headers["Location"]).text
    assert "1 proposition validée" in page
    assert "Inès Sans-Place" in page
    assert "place libre" in page
    assert "une proposition qui n’existe plus" in page
    session = fresh()
    states = {one.id: one.state for one in session.scalars(select(Suggestion))}
    assert states == {
        good.id: SuggestionState.APPROVED,
        refused.id: SuggestionState.OPEN,
        rejected.id: SuggestionState.SUPERSEDED,
        left.id: SuggestionState.OPEN,
    }


def test_those_of_another_association_are_not_approved_nor_named(desk: Desk, stranger: Desk) -> None:
    person = make_entrepreneur(stranger.session, stranger.association, last_name="Inconnue")
    foreign = suggest(stranger, entrepreneur=person)
    answer = desk.client.post("/suggestions/approve", data={"suggestion": str(foreign.public_id)})
    assert "Inconnue" not in desk.client.get(answer.headers["Location"]).text
    assert fresh().get_one(Suggestion, foreign.id).state is SuggestionState.OPEN


def test_checking_nothing_is_said(desk: Desk) -> None:
    suggest(desk)
    answer = desk.client.post("/suggestions/approve", data={"role": "mentor", "order": "score"})
    assert answer.headers["Location"] == "/suggestions?role=mentor&order=score"
    assert "Aucune proposition n’est cochée" in desk.client.get(answer.headers["Location"]).text
    answer = desk.client.post("/suggestions/approve", data={"role": "//evil.example", "order": "x"})
    assert answer.headers["Location"] == "/suggestions"


def test_the_parts_shown_add_up_to_the_total_shown(desk: Desk) -> None:
    page = desk.client.get(f"/suggestions/{suggest(desk).public_id}").text
    shown = [float(value.replace(",", ".")) for value in re.findall(r'measure-number">([\d,]+) points', page)]
    assert sum(shown) == pytest.approx(80.0)
    assert "total de 80,0 points" in page
    assert len(shown) == 2, "what weighs nothing is not shown; the lending side reads stage and words as one"


def test_the_rebuilding_network_reads_each_part(rebonds_desk: Desk) -> None:
    page = rebonds_desk.client.get(f"/suggestions/{suggest(rebonds_desk).public_id}").text
    assert len(re.findall(r'measure-number">([\d,]+) points', page)) == 3


@given(st.lists(st.floats(min_value=0, max_value=0.2), min_size=1, max_size=8))
def test_rounded_points_always_add_up(contributions: list[float]) -> None:
    points = shown_points(contributions)
    assert round(sum(points), 6) == round(sum(contributions) * 1000) / 10
    assert all(abs(shown - 100 * exact) <= 0.1001 for shown, exact in zip(points, contributions, strict=True))


def test_both_people_and_the_other_choices_stand_side_by_side(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    person = make_entrepreneur(desk.session, desk.association, project_title="Épicerie solidaire")
    first = suggest(desk, run=run, entrepreneur=person)
    other = make_supporter(desk.session, desk.association, first_name="Odile", last_name="Second")
    parts = [dict(part, contribution=part["contribution"] / 2) for part in PARTS]  # type: ignore[operator]
    second = suggest(
        desk,
        run=run,
        entrepreneur=person,
        supporter=other,
        rank=2,
        state=SuggestionState.ALTERNATIVE,
        deadline_at=None,
        score=0.4,
        components=parts,
    )
    page = desk.client.get(f"/suggestions/{first.public_id}").text
    assert "Épicerie solidaire" in page
    assert "Odile Second" in page
    assert f"/suggestions/{second.public_id}" in page
    assert "40,0" in page
    waiting = desk.client.get(f"/suggestions/{second.public_id}").text
    assert "C’est un autre choix" in waiting
    assert "/approve" not in waiting


def test_approving_keeps_a_place_and_goes_back_to_the_list(desk: Desk) -> None:
    suggestion = suggest(desk)
    answer = desk.client.post(f"/suggestions/{suggestion.public_id}/approve")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/suggestions")
    session = fresh()
    pairing = session.scalars(select(Pairing)).one()
    assert pairing.state is PairingState.PROPOSED
    assert session.get_one(Supporter, suggestion.supporter_id).taken == 1
    again = desk.client.post(f"/suggestions/{suggestion.public_id}/approve")
    assert (again.status_code, again.headers["Location"]) == (303, f"/suggestions/{suggestion.public_id}")
    assert fresh().get_one(Supporter, suggestion.supporter_id).taken == 1
    page = desk.client.get(f"/suggestions/{suggestion.public_id}").text
    assert "répond avant le" in page
    assert f"/pairings/{pairing.public_id}" in page


def test_approving_can_go_on_to_the_next_one(desk: Desk) -> None:
    run = make_match_run(desk.session, desk.association)
    first, second = suggest(desk, run=run), suggest(desk, run=run)
    answer = desk.client.post(f"/suggestions/{first.public_id}/approve", data={"then": "next"})
    assert answer.headers["Location"] == f"/suggestions/{second.public_id}"
    answer = desk.client.post(f"/suggestions/{second.public_id}/approve", data={"then": "next"})
    assert answer.headers["Location"] == "/suggestions"


def test_setting_aside_wants_a_reason_and_brings_the_next(desk: Desk) -> None:
    run, person = make_match_run(desk.session, desk.association), make_entrepreneur(desk.session, desk.association)
    first = suggest(desk, run=run, entrepreneur=person)
    second = suggest(
        desk, run=run, entrepreneur=person, rank=2, state=SuggestionState.ALTERNATIVE, deadline_at=None, score=0.5
    )
    path = f"/suggestions/{first.public_id}/reject"
    for form in ({}, {"reason": "because"}, {"reason": ""}):
        answer = desk.client.post(path, data=form)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert fresh().get_one(Suggestion, first.id).state is SuggestionState.OPEN
    answer = desk.client.post(path, data={"reason": "too_far", "note": "Deux heures de trajet."})
    assert answer.headers["Location"] == f"/suggestions/{second.public_id}"
    session = fresh()
    aside = session.get_one(Suggestion, first.id)
    assert (aside.state, aside.reject_reason, aside.note) == (
        SuggestionState.REJECTED,
        RejectReason.TOO_FAR,
        "Deux heures de trajet.",
    )
    assert session.get_one(Suggestion, second.id).state is SuggestionState.OPEN
    page = desk.client.get(f"/suggestions/{first.public_id}").text
    assert "Trop loin" in page
    assert "Deux heures de trajet." in page
    last = desk.client.post(f"/suggestions/{second.public_id}/reject", data={"reason": "not_now"})
    assert last.headers["Location"] == "/suggestions"
    assert "une date de nouvelles est fixée" in desk.client.get("/suggestions").text


def test_a_full_supporter_is_said_before_one_clicks(desk: Desk) -> None:
    full = make_supporter(desk.session, desk.association, first_name="Paule", capacity=1)
    make_pairing(desk.session, make_entrepreneur(desk.session, desk.association), full)
    page = desk.client.get(f"/suggestions/{suggest(desk, supporter=full).public_id}").text
    assert "n’a plus de place libre" in page


def test_a_place_that_is_free_again_is_not_said_to_be_missing(desk: Desk) -> None:
    free = suggest(desk, gaps=[{"code": "no_place_left", "facts": {}}])
    assert "N’a plus de place libre pour le moment" not in desk.client.get(f"/suggestions/{free.public_id}").text
    full = make_supporter(desk.session, desk.association, capacity=1)
    make_pairing(desk.session, make_entrepreneur(desk.session, desk.association), full)
    taken = suggest(desk, supporter=full, gaps=[{"code": "no_place_left", "facts": {}}])
    assert "N’a plus de place libre pour le moment" in desk.client.get(f"/suggestions/{taken.public_id}").text


def test_the_review_asks_as_much_for_many_as_for_few(desk: Desk, statements: Callable[[], Any]) -> None:
    run, person = make_match_run(desk.session, desk.association), make_entrepreneur(desk.session, desk.association)
    first = suggest(desk, run=run, entrepreneur=person)
    few = count(desk, statements, "/suggestions"), count(desk, statements, f"/suggestions/{first.public_id}")
    for rank in range(2, 6):
        suggest(
            desk,
            run=run,
            entrepreneur=person,
            rank=rank,
            state=SuggestionState.ALTERNATIVE,
            deadline_at=None,
        )
    for _number in range(30):
        suggest(desk, run=run)
    many = count(desk, statements, "/suggestions"), count(desk, statements, f"/suggestions/{first.public_id}")
    assert many == few
    assert max(many) <= 14


def count(desk: Desk, statements: Callable[[], Any], path: str) -> int:
    desk.client.get(path)
    with statements() as counted:
        assert desk.client.get(path).status_code == 200
    return int(counted.number)


def test_a_profile_that_is_no_longer_complete_is_named_in_words(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association, state=EntrepreneurState.INCOMPLETE)
    suggestion = suggest(desk, entrepreneur=person)
    desk.client.post("/suggestions/approve", data={"suggestion": str(suggestion.public_id)})
    page = desk.client.get("/suggestions").text
    assert "un profil complet" in page
    assert "not_ready" not in page
