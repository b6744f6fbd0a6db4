"""Where a record stands that a move came too late for, and what can be done from there: for refusals."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.states import MOVES
from webapp.translation import gettext as _
from webapp.words.enums import label

DECIDED = _l("It has been decided already: the person’s page says what came next.")
NOTED = _l("It is noted already. If the note is wrong, the association puts it right.")
CALLED_OFF = _l("It is no longer planned. A new date can be proposed.")
PAIRING_OVER = _l("It is over. The association looks for somebody else where that is wished.")
QUESTION_OVER = _l("This question is over. Another one can be asked at any time.")
PROPOSAL_OVER = _l("This proposal was answered. Another session can be proposed.")
LEFT = _l("Whoever left can come back: the association takes care of it.")
NEXT_STEPS: Mapping[str, Mapping[str, LazyString]] = MappingProxyType(
    {
        "entrepreneur": {
            "incomplete": _l("Complete the profile first: the page says what is missing."),
            "ready": _l("The profile is complete: there is nothing more to send."),
            "closed": _l("Open the file again first: that can be done at any time."),
        },
        "supporter": {
            "active": _l("Nothing more is needed: this person can be proposed."),
            "paused": _l("End the pause first, on the page about availability."),
            "left": LEFT,
        },
        "interview": {"held": NOTED, "missed": NOTED, "cancelled": CALLED_OFF},
        "suggestion": dict.fromkeys(("approved", "rejected", "superseded"), DECIDED),
        "plan_line": dict.fromkeys(("approved", "rejected", "superseded"), DECIDED),
        "pairing": {
            "proposed": _l("The supporter’s answer comes first."),
            "asked": _l("The supporter’s question comes first: it waits for its answer."),
            "active": _l("The answer was yes: from now on the two agree on dates on their page."),
            "paused": _l("End the pause first, on the page of the pairing."),
            **dict.fromkeys(("declined", "withdrawn", "expired", "ended"), PAIRING_OVER),
        },
        "meeting": {
            "proposed": _l("Choose one of the dates first, or propose others."),
            "confirmed": _l("A date is agreed. To change it, propose another one."),
            "held": NOTED,
            "missed": CALLED_OFF,
            "cancelled": CALLED_OFF,
        },
        "charter": {"signed": _l("Everybody has signed: there is nothing more to do.")},
        "review": {"done": NOTED, "skipped": NOTED},
        "booking": {
            "confirmed": _l("The place is kept: there is nothing more to do."),
            "cancelled": _l("This place is no longer kept. Look whether one is left, or join the waiting list."),
            "attended": NOTED,
            "absent": NOTED,
        },
        "circle_member": {
            "joined": _l("The place is taken: there is nothing more to do."),
            "declined": _l("This invitation is over. Your association can invite you again: tell them."),
            "left": LEFT,
        },
        "circle_meeting": {"held": NOTED, "missed": NOTED, "cancelled": CALLED_OFF},
        "gathering": {"held": NOTED, "missed": NOTED, "cancelled": CALLED_OFF},
        "expert_question": {
            "answered": _l("The answer is there: read it, then close the question."),
            **dict.fromkeys(("closed", "declined", "expired"), QUESTION_OVER),
        },
        "session_proposal": dict.fromkeys(("confirmed", "declined", "withdrawn"), PROPOSAL_OVER),
        "handover": {"closed": _l("It is over. Another call can be asked for at any time.")},
    }
)


def tell_standing(record: object, state: object) -> str:
    """Say where a record stands; nothing where nobody gave the state a word."""
    kind = next((type(start) for start, _action in MOVES.get(str(record), ())), None)
    if kind is None or state not in set(kind):
        return ""
    return _("Where it stands now: %(state)s.", state=label(kind(str(state))))


def tell_what_now(record: object, state: object) -> str:
    """Say what can be done from there; nothing where looking again is all there is."""
    steps = NEXT_STEPS.get(str(record), {})
    return str(steps[str(state)]) if str(state) in steps else ""
