"""A file between its check and its confirmation."""

from uuid import uuid4

import pytest
from flask import Flask

from webapp.imports.uploads import drop_upload, find_upload


@pytest.mark.parametrize("token", ["", "..", "a/b", "é", "x" * 10_000])
def test_a_token_that_nobody_was_given_finds_nothing(app: Flask, token: str) -> None:
    with app.app_context():
        assert find_upload(token, account_id=1, association_id=uuid4()) is None
        drop_upload(token)
