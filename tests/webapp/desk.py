"""A coordinator at her desk: her association, her browser, and a stranger who runs another association."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association, Network
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun, Suggestion
from models.states import SuggestionState
from models.supporters import Supporter
from tests.factories import (
    make_association,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_suggestion,
    make_supporter,
)

SignIn = Callable[[FlaskClient, Account], FlaskClient]
PARTS = [
    {"name": "needs", "value": 0.9, "weight": 0.4, "contribution": 0.360001},
    {"name": "activity", "value": 0.0, "weight": 0.0, "contribution": 0.0},
    {"name": "stage", "value": 0.75, "weight": 0.35, "contribution": 0.262499},
    {"name": "text", "value": 0.7, "weight": 0.25, "contribution": 0.1775},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who works here, and with which browser."""

    app: Flask
    association: Association
    account: Account
    client: FlaskClient

    @property
    def session(self) -> Session:
        """Give the session of the test; what a request changed is seen after `fresh`."""
        return db.session()


def open_desk(app: Flask, sign_in: SignIn, *, network: Network = Network.INITIATIVE_FRANCE) -> Desk:
    """Make an association with a coordinator who is signed in."""
    session = db.session()
    association = make_association(session, network=network)
    account = make_coordinator(session, association)
    session.commit()
    client = app.test_client()
    sign_in(client, account)
    return Desk(app=app, association=association, account=account, client=client)


def fresh() -> Session:
    """Forget what was read before a request."""
    session = db.session()
    session.rollback()
    session.expire_all()
    return session


def suggest(
    desk: Desk,
    *,
    run: MatchRun | None = None,
    entrepreneur: Entrepreneur | None = None,
    supporter: Supporter | None = None,
    **values: object,
) -> Suggestion:
    """Make an open suggestion whose parts add up to its score."""
    session = desk.session
    suggestion = make_suggestion(
        session,
        run or make_match_run(session, desk.association),
        entrepreneur or make_entrepreneur(session, desk.association),
        supporter or make_supporter(session, desk.association),
        **{
            "score": 0.8,
            "components": PARTS,
            "reasons": [
                {"code": "needs_covered", "facts": {"topics": ["cash_flow"], "priorities": [3], "levels": [3]}}
            ],
            "gaps": [{"code": "far", "facts": {"distance_km": 22.0}}],
            "state": SuggestionState.OPEN,
            **values,
        },
    )
    session.commit()
    return suggestion
