"""Each answer bears the id that its log lines bear; production logs are JSON without personal data."""

import json
import logging
from dataclasses import replace

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.db import db
from tests.databases import build_settings
from webapp.log_config import REQUEST_ID_HEADER, configure_logs


def test_each_answer_bears_its_own_request_id(client):
    first, second = client.get("/"), client.get("/")
    assert len(first.headers[REQUEST_ID_HEADER]) == 32
    assert first.headers[REQUEST_ID_HEADER] != second.headers[REQUEST_ID_HEADER]


def test_an_error_of_the_database_tells_nothing_that_somebody_wrote(any_app):
    with pytest.raises(DBAPIError) as refused:
        db.session.execute(text("SELECT nothing FROM nowhere WHERE name = :name"), {"name": "Aminata"})
    db.session.rollback()
    assert "Aminata" not in str(refused.value)


def test_production_logs_one_json_object_a_line(tmp_path, capsys):
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    settings = build_settings("sqlite://", tmp_path)
    try:
        configure_logs(replace(settings, testing=False, production=True))
        with structlog.contextvars.bound_contextvars(request_id="r1"):
            logging.getLogger("webapp.test").info("pairing accepted", extra={"pairing_id": "p1"})
    finally:
        root.handlers[:], root.level = handlers, level
    line = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    assert line["event"] == "pairing accepted"
    assert (line["request_id"], line["pairing_id"], line["level"]) == ("r1", "p1", "info")
