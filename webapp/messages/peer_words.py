"""The words of messages about sessions that members lead: never a title, which stays on the page."""

from webapp.messages.facts import Content, Facts, if_any, tell_moved
from webapp.translation import gettext


def _path(facts: Facts) -> str:
    return f"/session-proposals/{facts.text('proposal_id')}"


def peer_proposed(facts: Facts) -> Content:
    """Tell the coordinator that somebody wishes to lead a session."""
    partner, day = facts.text("partner"), facts.day("due_at")
    return Content(
        subject=gettext("Somebody proposes to lead a workshop"),
        sentences=(
            gettext("%(partner)s offers time and experience: a workshop led by a peer.", partner=partner),
            if_any(day, gettext("Your turn: please confirm it or answer with a word by %(day)s.", day=day)),
        ),
        path=_path(facts),
        call=gettext("Read the proposal and answer:"),
    )


def peer_answered(facts: Facts) -> Content:
    """Tell who proposed a session what came of it."""
    moment = facts.day_and_time("starts_at")
    if facts.is_true("is_confirmed"):
        return Content(
            subject=gettext("Your workshop is confirmed"),
            sentences=(
                gettext("Thank you: the workshop that you proposed takes place, and people can book it."),
                if_any(moment, gettext("When: %(moment)s.", moment=moment)),
            ),
            path=_path(facts),
            call=gettext("See your workshop:"),
        )
    return Content(
        subject=gettext("About the workshop you proposed"),
        sentences=(
            gettext("Thank you for your proposal. It cannot take place this time, and a word for you says why."),
            gettext("Another idea, or another moment? You can propose again."),
        ),
        path=_path(facts),
        call=gettext("Read the answer:"),
    )


def peer_changed(facts: Facts) -> Content:
    """Tell who leads a session that it has moved, or is cancelled."""
    moment = facts.day_and_time("starts_at")
    if facts.is_true("is_cancelled"):
        return Content(
            subject=gettext("The workshop you were to lead is cancelled"),
            sentences=(
                gettext("The workshop that you were to lead does not take place. Who had booked it is told."),
                if_any(moment, gettext("It was planned for %(moment)s.", moment=moment)),
            ),
            path=_path(facts),
            call=gettext("See what you proposed:"),
        )
    return Content(
        subject=gettext("The workshop you lead has changed"),
        sentences=(
            gettext("The day, the hours or the place of the workshop that you lead have changed."),
            if_any(moment, gettext("When: %(moment)s.", moment=moment)),
            tell_moved(facts),
        ),
        path=_path(facts),
        call=gettext("See your workshop:"),
    )
