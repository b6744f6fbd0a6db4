"""The file that somebody takes with her: all that is kept of her, in words, and nothing that is not hers to read."""

import io
import json
import zipfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.audit import AuditEvent
from models.db import db, transaction
from models.personal.register import REGISTER
from models.personal.ways import EVERY_ROOT
from tests.browsing import sign_in
from tests.factories import make_message
from tests.whole_life import Life, live_a_whole_life

TOLD = {
    (name, column)
    for name, personal in REGISTER.items()
    for root in EVERY_ROOT - set(personal.untold)
    for column in personal.columns_for(root)
}


@pytest.fixture
def life(app: Flask) -> Life:
    with transaction() as session:
        return live_a_whole_life(session)


def take(client: FlaskClient, life: Life) -> dict[str, bytes]:
    answer = sign_in(client, life.account).post("/my-data/file")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_all_that_is_hers_is_told_and_what_is_not_is_kept_back(client: FlaskClient, life: Life) -> None:
    files = take(client, life)
    assert sorted(files) == ["charte-1.pdf", "charte-2.pdf", "maillage.html", "maillage.json"]
    for name in ("maillage.html", "maillage.json"):
        words = files[name].decode()
        heard = {place for place, song in life.canaries.items() if song in words}
        assert heard == TOLD & set(life.canaries)
    assert ("interviews", "team_note") in set(life.canaries) - TOLD


def test_it_speaks_her_language_and_names_no_code(client: FlaskClient, life: Life) -> None:
    told = json.loads(take(client, life)["maillage.json"])
    titles = [part["title"] for part in told["parts"]]
    assert titles[0] == "Votre compte"
    assert titles[1].startswith("Votre dossier")
    assert "Mentor" in titles[2] or "Parrain" in titles[2]
    by_title = {table["title"]: table["rows"] for table in told["parts"][1]["tables"]}
    assert by_title["Vos besoins"] == [{"Sujet": "Trésorerie et impayés", "Priorité": "Urgent"}]
    assert by_title["Ce que vous avez confié"][0]["Ce que vous avez dit d’une liquidation"] == "Oui"
    coached = next(row for row in by_title["Vos binômes"] if row["Rôle"] == "Coach")
    assert "Temps prévu" in coached
    everything = json.dumps(told)
    for code in ("in_person", "superseded", "point_in_polygon", "none yet", '"active"'):
        assert code not in everything


def test_nobody_is_named_whom_she_does_not_know(client: FlaskClient, life: Life) -> None:
    with transaction() as session:
        make_message(session, recipient="somebody.else@example.org", facts={"title": "Autre"})
    words = take(client, life)["maillage.html"].decode()
    assert life.mentor.last_name in words
    assert life.mentee.last_name in words
    assert "somebody.else" not in words
    for person in (life.mentor, life.mentee):
        assert str(person.email) not in words


def test_it_leaves_a_trace_without_a_name(client: FlaskClient, life: Life) -> None:
    take(client, life)
    db.session.rollback()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "take_data")).one()
    assert (event.record, event.record_id, event.actor_id, event.note) == (
        "account",
        life.account.id,
        life.account.id,
        "",
    )


def test_a_coordinator_takes_her_own_and_nobody_elses(client: FlaskClient, life: Life) -> None:
    answer = sign_in(client, life.coordinator).post("/my-data/file")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        words = archive.read("maillage.json").decode()
    assert "Associations que vous animez" in words
    assert "canari" not in words


def test_the_page_leads_to_it_and_strangers_sign_in(client: FlaskClient, life: Life) -> None:
    assert client.post("/my-data/file").status_code == 303
    page: Any = sign_in(client, life.account).get("/my-data")
    assert page.status_code == 200
    assert 'action="/my-data/file"' in page.text
    assert 'href="/my-data"' in client.get("/account").text
