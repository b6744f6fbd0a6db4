"""What was done in a call is said as what it was."""

import pytest
from flask import Flask
from flask_babel import force_locale

from models.queries.assisted import DoneLine
from models.states import MeetingAction
from webapp.clock import utc_now
from webapp.words.calls import tell_done


@pytest.mark.parametrize("action", ["propose", "log", *MeetingAction])
def test_what_was_done_about_a_meeting_is_named(app: Flask, action: str) -> None:
    with app.test_request_context(), force_locale("en"):
        said = tell_done(DoneLine(record="meeting", action=action, at=utc_now(), about=""))
    assert said != "Something in your file was changed."
