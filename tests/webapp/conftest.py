"""Fixtures of the web app's tests: coordinators at their desks."""

import pytest
from flask import Flask

from models.associations import Network
from tests.webapp.desk import Desk, SignIn, open_desk


@pytest.fixture
def desk(app: Flask, sign_in: SignIn) -> Desk:
    """A coordinator of Initiative France, signed in."""
    return open_desk(app, sign_in)


@pytest.fixture
def rebonds_desk(app: Flask, sign_in: SignIn) -> Desk:
    """A coordinator of 60 000 rebonds, signed in."""
    return open_desk(app, sign_in, network=Network.REBONDS)


@pytest.fixture
def stranger(app: Flask, sign_in: SignIn) -> Desk:
    """A coordinator of another association, signed in."""
    return open_desk(app, sign_in)
