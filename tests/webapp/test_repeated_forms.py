"""Whoever sends a form of creation twice finds one record, and is led to it."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.db import Model
from models.entrepreneurs import Entrepreneur
from models.supporters import Supporter
from models.workshops import WorkshopSession
from tests.webapp.desk import SignIn, fresh, open_desk
from tests.webapp.supporters.test_supporters import WHOLE as SUPPORTER
from tests.webapp.workshops.test_workshops import WHOLE as WORKSHOP

PERSON = {"first_name": "Zoé", "last_name": "N’Diaye"}


@pytest.mark.parametrize(
    ("path", "table", "form"),
    [
        ("/entrepreneurs/add", Entrepreneur, PERSON),
        ("/supporters/add", Supporter, SUPPORTER),
        ("/workshops/add", WorkshopSession, WORKSHOP),
    ],
)
def test_a_form_sent_twice_counts_once(
    any_app: Flask, sign_in: SignIn, path: str, table: type[Model], form: dict[str, object]
) -> None:
    client = open_desk(any_app, sign_in).client
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(path).text)
    assert key is not None
    first, second = (client.post(path, data={**form, "form_key": key[1]}) for _time in range(2))
    assert first.status_code == second.status_code == 303
    assert second.headers["Location"] == first.headers["Location"]
    assert "Il a compté une fois" in client.get(second.headers["Location"]).text
    assert fresh().scalar(select(func.count()).select_from(table)) == 1
