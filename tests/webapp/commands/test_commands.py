"""The `maillage` command as somebody types it: exit codes, messages, files, and nothing written when refused."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from models.accounts import Coordinator
from models.audit import AuditEvent
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.messages import Message
from seeds.examples_files import EXAMPLES
from tests.databases import build_settings
from tests.factories import make_association, make_coordinator, make_entrepreneur, make_supporter
from webapp import app as app_module
from webapp.commands import main
from webapp.commands.entry import main as group

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def run(app, monkeypatch, sqlite_url, tmp_path):
    """Type a command; it works on the test's database."""
    monkeypatch.setattr(app_module, "load_settings", lambda: build_settings(sqlite_url, tmp_path))

    def typed(*words, code=0):
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exit_code == code, result.output + repr(result.exception)
        db.session.rollback()
        return result.output

    return typed


def list_commands(command=group, words=()):
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        yield (*words, name), found
        if isinstance(found, click.Group):
            yield from list_commands(found, (*words, name))


def test_every_module_hangs_its_commands_on_the_group():
    assert set(group.commands) == set(group.modules)


@pytest.mark.parametrize(("words", "command"), [pytest.param(w, c, id=" ".join(w)) for w, c in list_commands()])
def test_every_command_explains_itself_with_an_example(words, command):
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    assert f"Example: maillage {words[0]}" in " ".join(result.output.split())


def test_matching_the_example_files_writes_suggestions_and_a_proof(tmp_path):
    out, report = tmp_path / "suggestions.csv", tmp_path / "report.json"
    left, right = EXAMPLES / "entrepreneurs.csv", EXAMPLES / "supporters.csv"
    words = ["match", left, right, "--out", out, "--report", report, "--today", "2026-11-23", "--aim", "fairest"]
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    told = json.loads(report.read_text())
    assert told["gap"] == 0
    assert told["objective"] == told["upper_bound"] > 0
    assert {role["aim"] for role in told["roles"]} == {"fairest"}
    assert all(role["floor"] == role["floor_bound"] for role in told["roles"])
    assert told["matched"] + told["unmatched"] == sum(role["entrepreneurs"] for role in told["roles"])
    lines = out.read_text(encoding="utf-8-sig")
    assert lines.startswith("entrepreneur;")
    assert "Langue commune" in lines


def test_processes_write_the_same_suggestions(tmp_path):
    words = ["match", str(EXAMPLES / "entrepreneurs.csv"), str(EXAMPLES / "supporters.csv"), "--today", "2026-11-23"]
    files = [tmp_path / "threads.csv", tmp_path / "processes.csv"]
    for out, more in zip(files, ([], ["--processes"]), strict=True):
        result = CliRunner().invoke(main, [*words, "--out", str(out), *more])
        assert result.exit_code == 0, result.output
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_cluster_that_does_not_answer_is_named_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("matcher.workers.PATIENCE_SECONDS", 0.3)
    words = ["match", str(EXAMPLES / "entrepreneurs.csv"), str(EXAMPLES / "supporters.csv")]
    out = tmp_path / "out.csv"
    result = CliRunner().invoke(main, [*words, "--out", str(out), "--dask", "tcp://127.0.0.1:9"])
    assert result.exit_code == 1
    assert "tcp://127.0.0.1:9" in result.output
    assert "dask scheduler" in result.output
    assert not out.exists()


def test_matching_files_works_in_a_process_of_its_own(tmp_path):
    words = [EXAMPLES / "entrepreneurs.csv", EXAMPLES / "supporters.csv", "--out", tmp_path / "suggestions.csv"]
    subprocess.run([sys.executable, "-m", "webapp", "match", *words], check=True, cwd=ROOT)
    assert (tmp_path / "suggestions.csv").exists()


def test_matching_a_bad_file_says_where_and_writes_nothing(tmp_path):
    bad = tmp_path / "bad.csv"
    text = (EXAMPLES / "entrepreneurs.csv").read_text(encoding="utf-8-sig")
    bad.write_text(text.replace("Montage", "Monttage", 1), encoding="utf-8")
    out = tmp_path / "out.csv"
    result = CliRunner().invoke(main, ["match", str(bad), str(EXAMPLES / "supporters.csv"), "--out", str(out)])
    assert result.exit_code == 1
    assert "line 2, column « étape »: “Monttage”" in result.output
    assert "Montage" in result.output
    assert not out.exists()


@pytest.mark.parametrize("option", ["--out", "--report"])
def test_a_folder_that_is_not_there_is_told_before_a_file_is_read(tmp_path, option):
    unread = tmp_path / "unread.csv"
    unread.write_text("no column that anybody knows", encoding="utf-8")
    options = {"--out": tmp_path / "out.csv", option: tmp_path / "missing" / "file"}
    words = ["match", unread, unread, *(word for pair in options.items() for word in pair)]
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 2
    assert f"nothing can be written to the folder {tmp_path / 'missing'}" in " ".join(result.output.split())


def test_importing_twice_adds_once(run):
    with transaction() as session:
        make_association(session, slug="ici")
    path = EXAMPLES / "entrepreneurs.csv"
    assert "would be added: 24" in run("import", "entrepreneurs", path, "--association", "ici", "--dry-run")
    assert db.session.scalar(select(func.count()).select_from(Entrepreneur)) == 0
    assert "added: 24, updated: 0, unchanged: 0" in run("import", "entrepreneurs", path, "--association", "ici")
    assert "added: 0, updated: 0, unchanged: 24" in run("import", "entrepreneurs", path, "--association", "ici")


def test_what_is_exported_is_unchanged_when_imported(run, tmp_path):
    with transaction() as session:
        association = make_association(session, slug="ici")
        make_entrepreneur(session, association, project_text="=SOMME(A1)", project_title="-10 % ?")
        make_supporter(session, association)
    for kind in ("entrepreneurs", "supporters"):
        path = tmp_path / f"{kind}.csv"
        assert "1 lines" in run("export", kind, path, "--association", "ici")
        assert "unchanged: 1" in run("import", kind, path, "--association", "ici")


def test_a_run_from_the_command_line_prints_its_report(run):
    with transaction() as session:
        association = make_association(session, slug="ici")
        make_entrepreneur(session, association)
        make_supporter(session, association)
    told = json.loads(run("run", "--association", "ici"))
    assert [role["matched"] for role in told["roles"] if role["role"] == "mentor"] == [1]


def test_an_unknown_association_is_refused_with_those_there_are(run):
    with transaction() as session:
        make_association(session, slug="ici")
    assert "ici" in run("run", "--association", "ailleurs", code=1)


def test_making_an_association_and_its_coordinator(run):
    run("association", "create", "--slug", "neuve", "--name", "Initiative Neuve")
    run("association", "create", "--slug", "neuve", "--name", "Initiative Neuve", code=1)
    said = run(
        "user", "create", "nadia@example.org", "--association", "neuve", "--first-name", "Nadia", "--last-name", "Lopez"
    )
    assert "outbox" in said
    assert db.session.scalar(select(Message.recipient)) == "nadia@example.org"
    assert "sent: 1" in run("messages", "send")


def test_nobody_runs_associations_on_both_sides_of_the_wall(run):
    for slug, network in (("prete", "initiative_france"), ("aussi", "initiative_france"), ("rebond", "rebonds")):
        run("association", "create", "--slug", slug, "--name", slug, "--network", network)
    person = ("nadia@example.org", "--first-name", "Nadia", "--last-name", "Lopez")
    run("user", "create", *person, "--association", "prete")
    assert "other side of the wall" in run("user", "create", *person, "--association", "rebond", code=2)
    run("user", "create", *person, "--association", "aussi")
    assert db.session.scalar(select(func.count()).select_from(Coordinator)) == 2


def test_an_account_is_closed_and_opened_again(run):
    with transaction() as session:
        association = make_association(session)
        leaver = make_coordinator(session, association, email="nadia@example.org")
    assert "open already" in run("user", "reactivate", "nadia@example.org")
    run("user", "deactivate", "nadia@example.org", code=1)  # nobody else runs the association
    with transaction() as session:
        paul = make_coordinator(session, association, email="paul@example.org")
        person = make_entrepreneur(session, association, referent_id=leaver.id)
    assert "--hand-over-to" in run("user", "deactivate", "nadia@example.org", code=2)
    assert "ailleurs" in run("user", "deactivate", "ailleurs@example.org", code=2)
    named = ("user", "deactivate", "nadia@example.org", "--hand-over-to", "Paul@example.org")
    assert "is closed" in run(*named)
    assert "already" in run(*named)
    db.session.expire_all()
    assert db.session.get_one(Entrepreneur, person.id).referent_id == paul.id
    assert "open again" in run("user", "reactivate", "nadia@example.org")


def test_invariants_and_routes_are_json(run):
    checks = json.loads(run("invariants", "--json"))
    assert checks
    assert not any(check["broken"] for check in checks)
    routes = json.loads(run("routes", "--json"))
    assert {"rule", "endpoint", "methods", "access", "arguments"} <= set(routes[0])
    assert all(route["access"] != "None" for route in routes)


def test_a_tick_may_run_twice(run):
    assert run("tick") == run("tick")
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_a_database_without_tables_is_said_so(monkeypatch, tmp_path):
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    monkeypatch.setattr(app_module, "load_settings", lambda: build_settings(url, tmp_path))
    result = CliRunner().invoke(main, ["invariants"])
    assert result.exit_code == 1
    assert "maillage db upgrade" in result.output
