"""Weights as a coordinator sees them: what counts, a draft and its replay, publishing, what past decisions say."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.associations import WeightVersion
from models.audit import AuditEvent
from models.match_runs import MatchRun
from models.states import WeightDraftState
from models.supporters import SupporterRole
from models.weights import WeightDraft
from tests.factories import make_entrepreneur, make_supporter, make_weight_draft, make_weight_version
from tests.office import broken_laws
from tests.webapp.desk import Desk, fresh
from tests.webapp.weights.history import make_history
from webapp import decision_bridge
from webapp.matcher_bridge import default_weights
from webapp.weights import routes


def fill(desk: Desk, people: int = 2) -> None:
    for _number in range(people):
        make_entrepreneur(desk.session, desk.association)
        make_supporter(desk.session, desk.association)
    desk.session.commit()


def entered(**changes: object) -> dict[str, object]:
    """What the form sends: the engine's own weights, with some changed."""
    points = {
        f"{role}_{name}": int(value) for role, parts in default_weights().items() for name, value in parts.items()
    }
    return {**points, "aim": "most_served", "note": "", **changes}


def draft(desk: Desk, **changes: object) -> str:
    answer = desk.client.post("/weights/draft", data=entered(**changes))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def versions(desk: Desk) -> list[WeightVersion]:
    return list(
        fresh()
        .scalars(
            select(WeightVersion)
            .where(WeightVersion.association_id == desk.association.id)
            .order_by(WeightVersion.number)
        )
        .all()
    )


def test_what_counts_is_said_before_any_run(desk: Desk) -> None:
    page = desk.client.get("/weights").text
    row = page[page.index("Besoins") : page.index("</tr>", page.index("Besoins"))]
    assert re.findall(r"(\d+)\s%", row) == ["40", "30", "40", "20"]
    assert "deviennent la version 1" in page
    assert "/weights" in desk.client.get("/match-runs").text


def test_a_draft_is_replayed_and_published_with_a_note_and_used_by_the_next_run(desk: Desk) -> None:
    fill(desk)
    place = draft(desk, mentor_needs=10, mentor_stage=60, note="Les étapes d’abord")
    page = desk.client.get(place).text
    assert "Qui gagnerait ou perdrait" in page
    assert "Les étapes d’abord" in page
    assert desk.client.post(f"{place}/publish", data={"note": "  "}).status_code == 422
    assert versions(desk) == []
    answer = desk.client.post(f"{place}/publish", data={"note": "Les étapes comptent davantage."})
    assert answer.headers["Location"] == "/weights"
    (version,) = versions(desk)
    assert (version.number, version.note, version.published_by_id) == (
        1,
        "Les étapes comptent davantage.",
        desk.account.id,
    )
    assert version.weights["mentor"]["stage"] == 60
    page = desk.client.get("/weights").text
    assert "Les étapes comptent davantage." in page
    desk.client.post("/match-runs")
    run = fresh().scalars(select(MatchRun)).one()
    assert run.weight_version_id == version.id
    events = fresh().scalars(select(AuditEvent).where(AuditEvent.record == "weight_draft").order_by(AuditEvent.id))
    assert [(event.action, event.actor_id) for event in events] == [
        ("draft", desk.account.id),
        ("start", None),
        ("finish", None),
        ("publish", desk.account.id),
    ]


def test_a_draft_alone_changes_nothing_for_the_next_run(desk: Desk) -> None:
    fill(desk)
    draft(desk, mentor_needs=0)
    desk.client.post("/match-runs")
    run = fresh().scalars(select(MatchRun)).one()
    assert fresh().get_one(WeightVersion, run.weight_version_id).weights == default_weights()


def test_an_earlier_version_is_used_again_by_a_draft_of_its_own(desk: Desk) -> None:
    fill(desk)
    first = draft(desk, mentor_needs=10)
    desk.client.post(f"{first}/publish", data={"note": "Essai"})
    page = desk.client.get("/weights").text
    assert page.count('action="/weights/again"') == 1
    answer = desk.client.post("/weights/again", data={"number": 1, "is_national": "1"})
    assert "Retour à la version nationale 1" in desk.client.get(answer.headers["Location"]).text
    desk.client.post(f"{answer.headers['Location']}/publish", data={"note": "Retour en arrière"})
    assert [version.weights["mentor"]["needs"] for version in versions(desk)] == [10, 40]


def test_the_aim_is_drafted_replayed_published_and_followed_by_the_next_run_and_its_page(desk: Desk) -> None:
    fill(desk)
    assert 'value="fairest"' in desk.client.get("/weights/draft").text
    place = draft(desk, aim="fairest")
    page = desk.client.get(place).text
    assert "la personne la moins bien servie aurait un score de" in page
    assert "Commencer par la personne la moins bien servie ne retire rien" in page
    desk.client.post(f"{place}/publish", data={"note": "Personne ne doit être oublié."})
    assert [version.aim for version in versions(desk)] == ["fairest"]
    assert "puis d’abord la personne la moins bien servie" in desk.client.get("/weights").text
    desk.client.post("/match-runs")
    run = fresh().scalars(select(MatchRun)).one()
    (role,) = run.report["roles"]
    assert (role["aim"], role["floor"], role["gap"]) == ("fairest", role["floor_bound"], 0)
    page = desk.client.get(f"/match-runs/{run.public_id}").text
    assert "Le plus équitable possible" in page
    assert "la personne la moins bien servie a un score de" in page
    assert "Cela n’a rien retiré" in page
    assert broken_laws() == []
    # What is used again brings its own aim.
    answer = desk.client.post("/weights/again", data={"number": 1, "is_national": "1"})
    desk.client.post(f"{answer.headers['Location']}/publish", data={"note": "Retour en arrière"})
    assert [version.aim for version in versions(desk)] == ["fairest", "most_served"]


def test_two_drafts_of_the_same_weights_cannot_both_be_published(desk: Desk) -> None:
    fill(desk)
    first, second = draft(desk, mentor_needs=10), draft(desk, mentor_needs=20)
    desk.client.post(f"{first}/publish", data={"note": "Un"})
    answer = desk.client.post(f"{second}/publish", data={"note": "Deux"})
    assert answer.status_code == 409
    assert "D’autres pondérations ont été publiées" in answer.text
    assert len(versions(desk)) == 1


def test_a_form_sent_twice_makes_one_draft(desk: Desk) -> None:
    key = re.search(r'name="form_key" value="([^"]+)"', desk.client.get("/weights/draft").text)
    assert key
    places = {
        desk.client.post("/weights/draft", data=entered(form_key=key[1])).headers["Location"] for _time in range(2)
    }
    assert len(places) == 1
    again = {"number": 1, "is_national": "1", "form_key": "once"}
    assert len({desk.client.post("/weights/again", data=again).headers["Location"] for _time in range(2)}) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mentor_needs": 101}, "entre 0 et 100"),
        ({"mentor_needs": ""}, "Indiquez un nombre"),
        ({"aim": "total"}, "aim-error"),
        ({"mentor_text": 90}, "un quart"),
        ({f"coach_{name}": 0 for name in default_weights()["coach"]}, "Au moins un critère"),
    ],
)
def test_what_no_run_could_use_is_refused_beside_its_field(
    desk: Desk, changes: dict[str, object], sentence: str
) -> None:
    answer = desk.client.post("/weights/draft", data=entered(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fresh().scalars(select(WeightDraft)).all() == []


def test_who_changes_is_named_and_past_decisions_are_compared(desk: Desk) -> None:
    make_history(desk.session, desk.association, 4)
    fill(desk)
    place = draft(desk, mentor_needs=0, mentor_stage=100)
    found = fresh().scalars(select(WeightDraft)).one()
    assert found.replay is not None
    page = desk.client.get(place).text
    assert "Comparé aux décisions passées" in page
    (shift,) = found.replay["shifts"]
    assert shift["for_new"] > shift["for_old"]
    assert shift["against_new"] < shift["against_old"]
    (standing,) = found.replay["standings"]
    assert standing["approved"] + standing["rejected"] == 8


def test_changes_show_names_and_those_who_left_without(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association, first_name="Aminata")
    helper = make_supporter(desk.session, desk.association, first_name="Lucien")
    role = {"role": "mentor", "matched_before": 1, "matched_after": 0, "gained": 0, "lost": 1, "changed": 0, "kept": 0,
            "old_by_old": 0.5, "new_by_old": None, "old_by_new": 0.4, "new_by_new": None}  # fmt: skip
    replayed = {
        "people": 2, "supporters": 1, "roles": [role], "change_count": 9, "standings": [], "shifts": [], "seconds": 1.0,
        "changes": [
            {"entrepreneur_id": person.id, "role": "mentor", "before": helper.id, "after": None},
            {"entrepreneur_id": 10**6, "role": "mentor", "before": None, "after": 10**6},
        ],
        "groups": [
            {"dimension": "stage", "hidden": 0, "groups": [{"label": "launch", "people": 7, "before": 3, "after": None},
                                                           {"label": None, "people": 5, "before": 1, "after": 2}]},
            {"dimension": "neighbourhood", "hidden": 3, "groups": []},
        ],
    }  # fmt: skip
    made = make_weight_draft(desk.session, desk.association, replay=replayed)
    desk.session.commit()
    page = desk.client.get(f"/weights/drafts/{made.public_id}").text
    for words in ("Aminata", "Lucien", "personne", "n’est plus là", "Les 2 premiers des 9 changements", "Lancement"):
        assert words in page, words
    assert "Quartier" not in page[page.index('id="groups"') : page.index('id="past"')]


def test_many_people_are_left_to_a_worker(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(desk)
    asked: list[object] = []
    monkeypatch.setattr(routes, "PAIRS_AT_ONCE", 1)
    monkeypatch.setattr(routes, "enqueue_replay", asked.append)
    place = draft(desk)
    page = desk.client.get(place).text
    assert f'hx-get="{place}/progress"' in page
    assert "<noscript><meta" in page
    assert "hx-get" in desk.client.get(f"{place}/progress", headers={"HX-Request": "true"}).text
    monkeypatch.undo()
    routes.enqueue_replay(asked[0])
    ended = desk.client.get(f"{place}/progress", headers={"HX-Request": "true"})
    assert ended.headers["HX-Redirect"] == place
    assert desk.client.get(f"{place}/progress").status_code == 303
    assert "Publier" in desk.client.get(place).text


def test_a_replay_that_fails_says_so_and_can_be_set_aside(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(desk)

    def fail(*_arguments: object, **_values: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(decision_bridge, "replay", fail)
    place = draft(desk)
    page = desk.client.get(place).text
    assert "arrêtée par un problème" in page
    assert "/publish" not in page
    assert desk.client.post(f"{place}/publish", data={"note": "Quand même"}).status_code == 409
    assert desk.client.post(f"{place}/discard").status_code == 303
    assert fresh().scalars(select(WeightDraft.state)).one() is WeightDraftState.DISCARDED
    assert place not in desk.client.get("/weights").text


def test_drafts_wait_on_the_page_until_they_are_published_or_set_aside(desk: Desk) -> None:
    made = make_weight_draft(desk.session, desk.association)
    desk.session.commit()
    place = f"/weights/drafts/{made.public_id}"
    assert place in desk.client.get("/weights").text
    desk.client.post(f"{place}/discard")
    assert place not in desk.client.get("/weights").text
    again = desk.client.post(f"{place}/discard")
    assert again.status_code == 303
    assert desk.client.get(again.location).status_code == 200


def test_the_drafts_and_versions_of_another_association_do_not_exist(desk: Desk, stranger: Desk) -> None:
    made = make_weight_draft(desk.session, desk.association)
    make_weight_version(desk.session, association_id=desk.association.id, number=7, note="à nous seuls")
    desk.session.commit()
    place = f"/weights/drafts/{made.public_id}"
    for path in (place, f"{place}/progress"):
        assert stranger.client.get(path).status_code == 404
    for path in (f"{place}/publish", f"{place}/discard"):
        assert stranger.client.post(path, data={"note": "Non"}).status_code == 404
    assert stranger.client.post("/weights/again", data={"number": 7}).status_code == 404
    assert stranger.client.post("/weights/again", data={"number": "x"}).status_code == 404
    assert "à nous seuls" not in stranger.client.get("/weights").text
    assert fresh().get_one(WeightDraft, made.id).state is WeightDraftState.READY


@pytest.mark.parametrize("role", list(SupporterRole))
def test_too_few_decisions_are_said_plainly(desk: Desk, role: SupporterRole) -> None:
    make_history(desk.session, desk.association, 3)
    desk.session.commit()
    page = desk.client.get(f"/weights/suggested/{role}").text
    assert "Trop peu de décisions" in page
    assert "20 sont nécessaires" in page
    assert "suggested=" not in page
    assert "ne sert jamais" in page


def test_what_decisions_suggest_is_shown_with_ranges_and_becomes_a_draft(desk: Desk) -> None:
    make_history(desk.session, desk.association, 120)
    desk.session.commit()
    page = desk.client.get("/weights/suggested/mentor").text
    assert "s’accordent mieux" in page
    assert re.search(r"\d+ à \d+", page)
    assert "Deux fois plus de bénévoles proposés" not in page  # everybody was shown as many
    assert "/weights/draft?suggested=mentor" in page
    form = desk.client.get("/weights/draft?suggested=mentor").text
    stage = re.search(r'name="mentor_stage" value="(\d+)"', form)
    assert stage
    assert int(stage[1]) > 40
    assert "Proposé par les décisions passées" in form
    assert desk.client.get("/weights/draft?suggested=coach").status_code == 200


def test_decisions_that_follow_the_weights_suggest_to_keep_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = {**default_weights(), "mentor": {"stage": 100.0}}
    make_weight_version(desk.session, association_id=desk.association.id, number=1, weights=weights)
    make_history(desk.session, desk.association, 60)
    desk.session.commit()
    page = desk.client.get("/weights/suggested/mentor").text
    assert "Gardez vos pondérations" in page
    assert "suggested=mentor" not in page


def test_a_role_in_which_nothing_counts_has_nothing_to_learn(desk: Desk) -> None:
    make_weight_version(desk.session, association_id=desk.association.id, number=1, weights={"mentor": {"needs": 1.0}})
    desk.session.commit()
    assert "Aucun critère ne compte" in desk.client.get("/weights/suggested/coach").text


def test_pages_ask_as_much_for_many_as_for_few(desk: Desk, statements: Callable[[], Any]) -> None:
    made = make_weight_draft(desk.session, desk.association)
    paths = ("/weights", f"/weights/drafts/{made.public_id}", "/weights/suggested/mentor")
    counts = []
    for number in (1, 6):
        make_history(desk.session, desk.association, number, seed=number)
        for _again in range(number):
            make_weight_version(desk.session, association_id=desk.association.id)
            make_weight_draft(desk.session, desk.association)
        desk.session.commit()
        counts.append([count(desk, statements, path) for path in paths])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10


def count(desk: Desk, statements: Callable[[], Any], path: str) -> int:
    desk.client.get(path)
    with statements() as counted:
        assert desk.client.get(path).status_code == 200
    return int(counted.number)
