"""What a process does with a link: a module of its own, so that a fresh process can import it."""

from datetime import datetime

from models.correspondence import TapAnswer
from models.exceptions import DomainError
from models.pairings import DeclineReason
from webapp.services.one_taps import use_tap


def tap(token: str, answer: str, at: datetime) -> str:
    """Answer, and give what came of it."""
    reason = DeclineReason.NO_TIME if answer == "no" else None
    try:
        return use_tap(token=token, answer=TapAnswer(answer), place="192.0.2.1", reason=reason, at=at).value
    except DomainError as error:
        return error.code
