"""The words of messages about circles: a day and a first name, never who else is there, nor why."""

from webapp.messages.facts import Content, Facts, if_any, tell_moved
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
            gettext("Who comes, and whose turn it is, is on the page of your circle as soon as the answers are in."),
        ),
        path="/circles/led",
        call=gettext("See the circle:"),
    )


def circle_leader(facts: Facts) -> Content:
    """Tell a circle who leads it from now on; she reads that it is hers."""
    name, leads = facts.text("facilitator"), facts.is_true("leads")
    following = facts.day_and_time("next_at")
    return Content(
        subject=gettext("A circle counts on you") if leads else gettext("Somebody else leads your circle"),
        sentences=(
            gettext("You lead a circle of entrepreneurs from now on. Thank you for taking it over.")
            if leads
            else gettext("%(name)s leads your circle from now on. The group and its days stay.", name=name),
            if_any(following, gettext("Next meeting: %(day)s.", day=following)),
            gettext("Its page says where it meets."),
        ),
        path="/circles/led" if leads else "/circles/mine",
        call=gettext("See the circle:"),
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
        headline=gettext("%(person)s will not be in a circle: a place is free again.", person=person) if person else "",
    )


def circle_over(facts: Facts) -> Content:
    """Tell somebody that she is in a circle, or leads it, no more; its next meeting may take place without her."""
    moment = facts.day_and_time("lost_at")
    sentences: tuple[str | None, ...] = (
        gettext("The circle that you were to lead, or led, is over. Thank you for being there."),
        if_any(moment, gettext("The meeting of %(moment)s does not take place.", moment=moment)),
    )
    if not facts.is_true("leads"):
        sentences = (
            gettext("The circle that was planned for you, or that you were in, goes on without you or is over."),
            if_any(moment, gettext("On %(moment)s you need not come.", moment=moment)),
            gettext("Your wish is kept: we look again when new circles are made, unless you change it."),
        )
    if facts.is_true("lapsed"):
        sentences = (
            gettext("The day to answer your invitation to a circle has passed, and the place is free again."),
            gettext("You would have liked it? Tell your association: they can invite you again."),
        )
    return Content(
        subject=gettext("News of your circle"),
        sentences=sentences,
        path="/",
        call=gettext("Open my space:"),
    )


def circle_meeting_moved(facts: Facts) -> Content:
    """Tell a circle that a meeting has another day, or that it meets somewhere else from one on."""
    moment = facts.day_and_time("starts_at")
    if facts.is_true("is_place"):
        return Content(
            subject=gettext("Where your circle meets"),
            sentences=(
                if_any(moment, gettext("From the meeting of %(moment)s on, its page says where.", moment=moment)),
            ),
            path=_circle_path(facts),
            call=gettext("See my circle:"),
        )
    return Content(
        subject=gettext("Your circle meets on another day"),
        sentences=(
            if_any(moment, gettext("The meeting of your circle was moved to %(moment)s.", moment=moment)),
            tell_moved(facts),
            None if facts.is_true("leads") else gettext("Please say again whether you come: one tap is enough."),
        ),
        path=_circle_path(facts),
        call=gettext("See my circle:"),
    )


def circle_meeting_cancelled(facts: Facts) -> Content:
    """Tell a circle that a meeting does not take place, and when the next one is."""
    moment, following = facts.day_and_time("starts_at"), facts.day_and_time("next_at")
    return Content(
        subject=gettext("A meeting of your circle is called off"),
        sentences=(
            if_any(moment, gettext("The meeting of %(moment)s does not take place.", moment=moment)),
            if_any(following, gettext("Your circle meets next on %(moment)s.", moment=following)),
        ),
        path=_circle_path(facts),
        call=gettext("See my circle:"),
    )


def circle_meeting_kept(facts: Facts) -> Content:
    """Tell a circle that a meeting takes place though few come."""
    moment = facts.day_and_time("starts_at")
    return Content(
        subject=gettext("Your circle meets as planned"),
        sentences=(
            if_any(moment, gettext("The meeting of %(moment)s takes place, in a smaller group.", moment=moment)),
            gettext("If you can come after all, do: there is room for you."),
        ),
        path=_circle_path(facts),
        call=gettext("See my circle:"),
    )


def circle_turn_asked(facts: Facts) -> Content:
    """Ask somebody to take a turn."""
    day = facts.day("starts_at")
    return Content(
        subject=gettext("Would you swap turns in your circle?"),
        sentences=(
            if_any(
                day,
                gettext("Somebody in your circle asks whether you would bring your question on %(day)s.", day=day),
            ),
            gettext("You may say no: then everything stays as it is."),
        ),
        path="/circles/mine",
        call=gettext("Say yes or no:"),
    )


def circle_turn_answered(facts: Facts) -> Content:
    """Tell who asked what the other said."""
    day = facts.day("starts_at")
    return Content(
        subject=gettext("News of your turn in the circle"),
        sentences=(
            gettext("Your turn is taken over. You are first in line for the meeting after.")
            if facts.is_true("agrees")
            else gettext("The other person cannot take your turn. You may ask somebody else."),
            if_any(day, gettext("It is about the meeting of %(day)s.", day=day)),
        ),
        path="/circles/mine",
        call=gettext("See my circle:"),
    )


def _circle_path(facts: Facts) -> str:
    return f"/circles/led/{facts.text('circle_id')}" if facts.is_true("leads") else "/circles/mine"
