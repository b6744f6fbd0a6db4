"""Every refusal has a status and words, as a page and as a fragment."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

import matcher.errors
from models import exceptions
from models.db import db
from models.exceptions import DomainError
from models.states import MOVES
from tests.browsing import plain
from tests.databases import create_test_app
from webapp.access import Access, access
from webapp.error_words import DOMAIN_WORDS, HTTP_WORDS
from webapp.errors import ErrorPage, answer_repeated, describe
from webapp.labels import rule_label
from webapp.words.standing import NEXT_STEPS


def list_errors() -> list[type[DomainError]]:
    return [
        kind
        for _name, kind in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(kind, DomainError) and kind.__module__ == exceptions.__name__
    ]


def words(app: Flask, error: Exception, locale: str) -> ErrorPage:
    with app.test_request_context(), force_locale(locale):
        return describe(error)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list_errors(), ids=lambda kind: kind.__name__)
def test_every_refusal_of_the_domain_has_words_in_both_languages(app: Flask, kind: type[DomainError]) -> None:
    assert kind in DOMAIN_WORDS
    french, english = words(app, kind(), "fr"), words(app, kind(), "en")
    assert french.what != english.what
    assert french.next_step != english.next_step
    assert french.status == english.status >= 400
    assert "%(" not in french.sentence + english.sentence


def test_codes_of_refusals_are_unique() -> None:
    codes = [kind.code for kind in list_errors()]
    assert len(set(codes)) == len(codes)


def test_every_refusal_of_the_engine_has_words(app: Flask) -> None:
    error = matcher.errors.InvalidSettingsError(field="competitor_km", value=-1, expected="kilometres")
    page = words(app, error, "en")
    assert page.status == 422
    assert "competitor_km" in page.detail
    assert words(app, matcher.errors.NotFittedError(name="text"), "fr").detail == ""


def test_facts_become_words(app: Flask) -> None:
    waiting = exceptions.TooManyAttemptsError(retry_at=datetime(2026, 11, 23, 9, 15, tzinfo=UTC))
    assert "23 novembre 2026, 10:15" in words(app, waiting, "fr").detail
    with app.test_request_context(), force_locale("fr"):
        assert rule_label("distance") in describe(exceptions.NotEligibleError(rule="distance")).detail
    assert "rule_of_tomorrow" in words(app, exceptions.NotEligibleError(rule="rule_of_tomorrow"), "fr").detail


def test_a_move_that_came_too_late_says_where_things_stand_and_what_can_be_done(app: Flask) -> None:
    late = exceptions.InvalidTransitionError(record="booking", state="cancelled", action="confirm")
    page = words(app, late, "fr")
    assert plain(page.detail) == "Où cela en est maintenant : Annulée."
    assert page.next_step.startswith("Cette place n’est plus gardée.")
    bare = words(app, exceptions.InvalidTransitionError(), "fr")
    for facts in ({"record": "one_tap", "state": "used"}, {"record": "pairing", "state": "of_tomorrow"}):
        assert words(app, exceptions.InvalidTransitionError(**facts), "fr") == bare
    past = exceptions.MeetingPastError(record="meeting", state="confirmed", action="move")
    assert words(app, past, "fr") == words(app, exceptions.MeetingPastError(), "fr")


def test_what_can_be_done_is_said_of_states_that_exist(app: Flask) -> None:
    for record, steps in NEXT_STEPS.items():
        kind = type(next(iter(MOVES[record]))[0])
        assert set(steps) <= set(kind), record
        for state in kind:
            page = words(app, exceptions.InvalidTransitionError(record=record, state=str(state)), "fr")
            assert page.detail


def test_only_who_signs_in_reads_of_a_password(app: Flask) -> None:
    kinds = [kind for kind in list_errors() if issubclass(kind, exceptions.TooManyAttemptsError)]
    about = {kind for kind in kinds if "password" in words(app, kind(), "en").sentence}
    assert about == {exceptions.TooManySignInsError}
    assert {words(app, kind(), "en").status for kind in kinds} == {429}


def test_a_refusal_that_is_new_to_the_table_is_still_answered(app: Flask) -> None:
    class UnheardOfError(exceptions.CapacityReachedError):
        code = "unheard_of"

    assert words(app, UnheardOfError(), "en") == words(app, exceptions.CapacityReachedError(), "en")


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An app of its own, to which a test may add routes."""
    app = create_test_app(sqlite_url, tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def failing(app: Flask) -> Flask:
    """The app with routes that fail in every way."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.route("/fail/<code>", methods=["GET", "POST"])
    @access(Access.PUBLIC)
    def fail(code: str) -> str:
        found = {kind.code: kind for kind in list_errors()}
        if code in found:
            raise found[code]()
        if code == "engine":
            raise matcher.errors.NotFittedError(name="text")
        raise RuntimeError("secret insides")

    return app


@pytest.mark.parametrize("kind", list_errors(), ids=lambda kind: kind.__name__)
def test_a_refusal_is_a_page_with_its_status_and_a_fragment_for_scripts(
    failing: Flask, kind: type[DomainError]
) -> None:
    client = failing.test_client()
    page = client.get(f"/fail/{kind.code}")
    assert page.status_code == DOMAIN_WORDS[kind].status
    assert page.text.count("<h1>") == 1
    fragment = client.post(f"/fail/{kind.code}", headers={"HX-Request": "true"})
    assert fragment.status_code == page.status_code
    assert "<html" not in fragment.text
    assert 'role="alert"' in fragment.text


def test_a_refused_form_leads_back_and_shows_what_was_written(failing: Flask) -> None:
    client = failing.test_client()
    answer = client.post(
        "/fail/invalid_transition",
        data={
            "note": "A long explanation that took me an hour",
            "password": "never show this one",
            "form_key": "never-show-this-key-either",
            "short": "oui, si",
            "starts_at": "2026-12-10T09:00:00+00:00",
            "person": "03b2107d-f5ff-426e-a1f1-810868a4f880",
        },
        headers={"Referer": "http://localhost/messages?page=2"},
    )
    assert answer.status_code == 409
    assert 'href="/messages?page=2"' in answer.text
    assert "A long explanation that took me an hour" in answer.text
    assert "never" not in answer.text
    assert "oui, si" not in answer.text
    assert not {"T09:00", "03b2107d"} & {part for part in ("T09:00", "03b2107d") if part in answer.text}


@pytest.mark.parametrize(
    "referrer",
    [
        "https://evil.example/help",
        "http://localhost//evil.example",
        "http://localhost/nope",
        "nonsense",
        "http://[x",
        "",
    ],
)
def test_the_way_back_is_one_of_our_pages(failing: Flask, referrer: str) -> None:
    answer = failing.test_client().post("/fail/refused", headers={"Referer": referrer})
    assert "Revenir à la page</a>" not in answer.text
    assert "evil" not in answer.text


def test_a_script_that_says_nonsense_of_its_page_is_sent_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/dashboard", headers={"HX-Request": "true", "HX-Current-URL": "http://[x"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in")


def test_what_was_written_is_escaped(failing: Flask) -> None:
    answer = failing.test_client().post("/fail/refused", data={"note": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.text


def test_a_busy_database_says_when_to_try_again(failing: Flask) -> None:
    answer = failing.test_client().get("/fail/busy")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_defect_is_answered_kindly_and_without_its_insides(failing: Flask) -> None:
    client = failing.test_client()
    assert client.get("/fail/engine").status_code == 422
    answer = client.get("/fail/anything")
    assert answer.status_code == 500
    assert "de notre côté" in answer.text
    assert "secret insides" not in answer.text


def test_what_flask_refuses_has_words_too(app: Flask, client: FlaskClient) -> None:
    missing = client.get("/nope")
    assert (missing.status_code, "Nous ne trouvons pas" in missing.text) == (404, True)
    wrong = client.get("/sign-out")
    assert (wrong.status_code, "POST" in wrong.headers["Allow"]) == (405, True)
    app.config["MAX_CONTENT_LENGTH"] = 100
    large = client.post("/language", data={"locale": "x" * 1000})
    assert (large.status_code, "trop volumineux" in large.text) == (413, True)
    assert set(HTTP_WORDS) >= {400, 403, 404, 405, 413, 429, 500}


def test_an_unknown_status_keeps_its_number(app: Flask, client: FlaskClient) -> None:
    from flask import abort

    @app.get("/teapot")
    @access(Access.PUBLIC)
    def teapot() -> str:
        abort(418)

    assert client.get("/teapot").status_code == 418


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/suggestions/{}/approve", "/suggestions/{}"),
        ("/pairings/{}/decline", "/pairings/{}"),
        ("/pairings/{0}/meetings/{0}/confirm", "/pairings/{}"),
        ("/questions/{}/answer", "/questions/{}"),
        ("/circles/{}/confirm", "/circles/{}"),
        ("/circles/mine/{}/join", "/circles/mine"),
        ("/circles/mine/{}/decline", "/circles/mine"),
        ("/my-availability/{}/pause", "/my-availability"),
        ("/circles/meetings/{}/cancel", None),
        ("/circles/members/{}/remove", None),
        ("/plans/lines/{}/approve", None),
    ],
)
def test_an_answer_sent_again_leads_to_its_own_record_or_back(app: Flask, path: str, location: str | None) -> None:
    number, back = str(uuid4()), "http://localhost/dashboard"
    with app.test_request_context(path.format(number), method="POST", headers={"Referer": back}):
        answer = app.make_response(answer_repeated(exceptions.RepeatedAnswerError()))
    assert answer.status_code == 303
    assert answer.location == ("/dashboard" if location is None else location.format(number))


def test_an_answer_sent_again_from_nowhere_is_answered_with_words(app: Flask) -> None:
    with app.test_request_context(f"/plans/lines/{uuid4()}/approve", method="POST"):
        answer = app.make_response(answer_repeated(exceptions.RepeatedAnswerError()))
    assert answer.status_code == 409
