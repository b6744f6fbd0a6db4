"""What visitors of public sessions are told. Their sessions are never of a sensitive theme."""

from webapp.identity.signed_links import sign_visitor
from webapp.messages.facts import Content, Facts, if_any
from webapp.messages.session_words import session_lines
from webapp.translation import gettext


def _path(facts: Facts) -> str:
    visitor_id = facts.text("visitor_id")
    return f"/events/mine/{sign_visitor(visitor_id)}" if visitor_id else "/events"


def visitor_asked(facts: Facts) -> Content:
    """Send the link by which a registration is confirmed."""
    moment = facts.day_and_time("expires_at")
    return Content(
        subject=gettext("Confirm your place for %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext("Somebody, surely you, asked for a place with this address."),
            session_lines(facts),
            if_any(
                moment, gettext("Your turn: confirm before %(moment)s. Only then is the place yours.", moment=moment)
            ),
            gettext("You did not ask for this? Then there is nothing to do: your address is erased in two days."),
        ),
        path=_path(facts),
        call=gettext("Confirm my place:"),
    )


def visitor_confirmed(facts: Facts) -> Content:
    """Tell a visitor that she has a seat, and how to give it back."""
    return Content(
        subject=gettext("Your place is booked for %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext("Your place is booked. We look forward to seeing you."),
            session_lines(facts),
            gettext("It is not certain yet that it takes place. If it does not, we write to everybody who has a place.")
            if facts.is_true("unsure")
            else None,
            gettext("You cannot come? Cancel until the start: somebody else will be glad."),
        ),
        path=_path(facts),
        call=gettext("See the workshop or cancel:"),
    )


def visitor_changed(facts: Facts) -> Content:
    """Tell a visitor that time or place have changed."""
    return Content(
        subject=gettext("Your workshop has changed: now %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext("The organiser has changed your workshop. Your place stays yours. What holds now:"),
            session_lines(facts),
            gettext("You cannot come? Cancel until the start: somebody else will be glad."),
        ),
        path=_path(facts),
        call=gettext("See the workshop or cancel:"),
    )


def visitor_cancelled(facts: Facts) -> Content:
    """Tell a visitor that her place is given back, or that the session will not take place."""
    by_organiser, other = facts.is_true("by_organiser"), facts.within("other")
    return Content(
        subject=gettext("The workshop of %(day)s will not take place", day=facts.day("starts_at"))
        if by_organiser
        else gettext("Your booking for %(day)s is cancelled", day=facts.day("starts_at")),
        sentences=(
            gettext("We are sorry: this workshop will not take place.")
            if by_organiser
            else gettext("As you asked, your booking is cancelled."),
            session_lines(facts),
            *((gettext("We propose another date:"), session_lines(other)) if other else ()),
            gettext("Your name is erased; this address is too, in two days."),
        ),
        path=f"/events/{other.text('session_id')}" if other else "/events",
        call=gettext("See the other date:") if other else gettext("Choose another date:"),
    )
