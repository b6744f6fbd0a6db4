"""The words of messages about circles: a day and a first name, never who else is there, nor why."""

from webapp.messages.facts import Content, Facts, if_any
from webapp.translation import gettext


def circle_invited(facts: Facts) -> Content:
    """Invite to a circle."""
    first, day, facilitator = facts.day("first_meeting_at"), facts.day("deadline_at"), facts.text("facilitator")
    return Content(
        subject=gettext("A circle of entrepreneurs is ready for you"),
        sentences=(
            gettext("You asked to meet other entrepreneurs: a small group that helps each other, once a month."),
            if_any(
                facilitator and first,
                gettext(
                    "%(facilitator)s leads it. The first meeting is planned for %(day)s.",
                    facilitator=facilitator,
                    day=first,
                ),
            ),
            if_any(day, gettext("Your turn: please answer by %(day)s. You may decline, without saying why.", day=day)),
        ),
        path="/circles/mine",
        call=gettext("See the invitation and answer:"),
    )


def circle_led(facts: Facts) -> Content:
    """Tell a facilitator that a circle is hers."""
    first = facts.day("first_meeting_at")
    return Content(
        subject=gettext("A circle counts on you"),
        sentences=(
            gettext("A circle of entrepreneurs is confirmed, and you lead it. Its members are being invited."),
            if_any(first, gettext("The first meeting is planned for %(day)s.", day=first)),
            gettext("Your coordinator tells you who comes as soon as the answers are in."),
        ),
        path="/",
        call=gettext("Open my space:"),
    )


def circle_answered(facts: Facts) -> Content:
    """Tell the coordinators that a place is free again."""
    person = facts.text("entrepreneur")
    return Content(
        subject=gettext("A place in a circle is free again"),
        sentences=(
            if_any(person, gettext("%(person)s will not be in this circle.", person=person)),
            gettext("Your turn: see whether the circle still has enough people."),
        ),
        path=f"/circles/{facts.text('circle_id')}",
        call=gettext("See the circle:"),
    )


def circle_over(facts: Facts) -> Content:
    """Tell somebody that she is in a circle, or leads it, no more."""
    sentences: tuple[str, ...] = (
        gettext("The circle that you were to lead, or led, is over. Thank you for being there."),
    )
    if not facts.is_true("leads"):
        sentences = (
            gettext("The circle that was planned for you, or that you were in, goes on without you or is over."),
            gettext("Your wish is kept: we look again when new circles are made, unless you change it."),
        )
    return Content(
        subject=gettext("News of your circle"),
        sentences=sentences,
        path="/",
        call=gettext("Open my space:"),
    )
