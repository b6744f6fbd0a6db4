"""The words of messages about calls asked for: a mailbox is read over the shoulder, so they name nobody."""

from webapp.messages.facts import Content, Facts, if_any
from webapp.translation import gettext


def handover_asked(facts: Facts) -> Content:
    """Ask somebody trained to call."""
    return _to_sentinel(
        facts,
        gettext("Somebody would like you to call"),
        gettext("A person whom the association supports has agreed to be called by you."),
    )


def handover_reminder(facts: Facts) -> Content:
    """Remind her."""
    return _to_sentinel(
        facts,
        gettext("Somebody still waits for your call"),
        gettext("Have you called already? Then please say so: it takes one tap."),
    )


def handover_unanswered(facts: Facts) -> Content:
    """Tell the coordinators that nobody has called."""
    person = facts.text("entrepreneur")
    return Content(
        subject=gettext("Somebody asked for a call"),
        sentences=(
            gettext("%(person)s asked for a call, and nobody has been able to call yet.", person=person)
            if person
            else gettext("Somebody asked for a call, and nobody has been able to call yet."),
            gettext("Your turn: ask the people who are trained for it, or name somebody else who is."),
            if_any(person, gettext("You may call yourself, without asking why.")),
        ),
        path="/sentinels",
        call=gettext("See what can be done:"),
    )


def _to_sentinel(facts: Facts, subject: str, sentence: str) -> Content:
    moment = facts.day_and_time("due_at")
    return Content(
        subject=subject,
        sentences=(
            sentence,
            if_any(moment, gettext("Your turn: please call before %(moment)s, or say that you cannot.", moment=moment)),
        ),
        path="/handovers",
        call=gettext("See whom to call:"),
    )
