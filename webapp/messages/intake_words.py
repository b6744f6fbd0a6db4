"""The words of messages about first interviews: never what was said, nor where a person was sent."""

from models.interviews import InterviewOutcome
from models.meetings import MeetingFormat
from webapp.messages.facts import Content, Facts, if_any, tell_lost, tell_moved
from webapp.translation import gettext, ngettext
from webapp.words.intake import tell_how

PATH = "/my-steps"


def registration(facts: Facts) -> Content:
    """Send the link that confirms a registration."""
    association, day = facts.text("association"), facts.day("expires_at")
    return Content(
        subject=gettext("Confirm your request"),
        sentences=(
            if_any(
                association, gettext("You would like to talk with %(association)s: thank you.", association=association)
            ),
            if_any(day, gettext("One click more: the link is good until %(day)s.", day=day)),
            gettext("It was not you? Do nothing: without this click, everything is forgotten."),
        ),
        path=facts.text("path"),
        call=gettext("Confirm my request:"),
    )


def interview_planned(facts: Facts) -> Content:
    """Tell a person who meets her, and by when."""
    if facts.is_true("is_called_off"):
        return _interview_called_off(facts)
    name = _who(facts)
    moment, day = facts.day_and_time("starts_at"), facts.day("due_at")
    again = gettext("We did not manage to talk this time. It happens: we try again.")
    return Content(
        subject=gettext("A first talk about your project"),
        sentences=(
            again if facts.is_true("was_missed") else None,
            gettext("%(name)s talks with you on %(moment)s.", name=name, moment=moment)
            if moment
            else if_any(day, gettext("%(name)s contacts you before %(day)s.", name=name, day=day)),
            tell_moved(facts),
            gettext("Something has changed: what is written here is what holds.")
            if facts.is_true("is_changed")
            else None,
            _how(facts),
            gettext("Your project, what you need, what we can do together. You need to prepare nothing."),
        ),
        path=PATH,
        call=gettext("See what comes next:"),
    )


def _how(facts: Facts) -> str | None:
    channel, place = facts.text("channel"), facts.text("place")
    if not channel:
        return None
    if not place:
        return gettext("Your page says where you talk, or at which number.")
    return tell_how(MeetingFormat(channel), place=place, person_calls=facts.is_true("person_calls"), name=_name(facts))


def _interview_called_off(facts: Facts) -> Content:
    day = facts.day("due_at")
    return Content(
        subject=gettext("The talk that was planned does not take place"),
        sentences=(
            tell_lost(facts) or gettext("The talk that was planned with you is called off: you need to do nothing."),
            if_any(day, gettext("You have news from %(name)s before %(day)s.", name=_who(facts), day=day)),
        ),
        path=PATH,
        call=gettext("See what comes next:"),
    )


def interview_outcome(facts: Facts) -> Content:
    """Tell a person what comes next after the first talk."""
    name, day, outcome = _name(facts), facts.day("again_at"), facts.text("outcome")
    if outcome == InterviewOutcome.JOINS:
        return Content(
            subject=gettext("Welcome: we set out together"),
            sentences=(
                gettext("Thank you for this first talk with %(name)s.", name=name),
                gettext("Next step: complete your profile. As soon as it is sent, we look for somebody for you."),
                gettext("You can also complete it by telephone with us."),
            ),
            path=PATH,
            call=gettext("Go on with my profile:"),
        )
    agreed = (
        gettext("As agreed, your page says who can help you best for now.")
        if outcome == InterviewOutcome.ELSEWHERE
        else gettext("As agreed, we take up your project together a little later.")
    )
    return Content(
        subject=gettext("After our talk: what comes next"),
        sentences=(
            gettext("Thank you for this first talk with %(name)s.", name=name),
            agreed,
            if_any(
                day, gettext("%(name)s comes back to you on %(day)s. Sooner? A word is enough.", name=name, day=day)
            ),
        ),
        path=PATH,
        call=gettext("See what comes next:"),
    )


def call_ended(facts: Facts) -> Content:
    """Tell a person that something was done with her on the telephone; her page says what."""
    name, number = _name(facts), facts.number("done")
    return Content(
        subject=gettext("What we did together by telephone"),
        sentences=(
            gettext("Thank you for the call with %(name)s.", name=name),
            ngettext(
                "One thing was done with you in your space.", "%(num)d things were done with you in your space.", number
            ),
            gettext("There is nothing to do. If something is not right, tell us: it is changed at once."),
        ),
        path="/my-steps/calls",
        call=gettext("See what was done:"),
    )


def _name(facts: Facts) -> str:
    return facts.text("coordinator") or facts.text("association") or gettext("The team")


def _who(facts: Facts) -> str:
    """Name who talks, and for whom unless that is the same or must not stand in a mailbox."""
    name, association = _name(facts), facts.text("association")
    return f"{name} ({association})" if association and association != name else name
