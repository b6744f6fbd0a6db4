"""The words of messages about the supporters' circle: a moment, never who is there, nor where or about what."""

from webapp.messages.facts import Content, Facts, if_any, tell_moved
from webapp.translation import gettext


def gathering_planned(facts: Facts) -> Content:
    """Invite to the next gathering."""
    moment = facts.day_and_time("starts_at")
    return Content(
        subject=gettext("The supporters’ circle meets"),
        sentences=(
            gettext("You are among supporters who talk to each other about how they help: you are not alone in this."),
            if_any(moment, gettext("The next meeting is on %(moment)s.", moment=moment)),
            gettext("Where it is and what it is about is on its page. Please say whether you come: one tap is enough."),
        ),
        path=_path(facts),
        call=gettext("See the meeting and answer:"),
    )


def gathering_changed(facts: Facts) -> Content:
    """Tell that a gathering has another moment, place or matter."""
    moment = facts.day_and_time("starts_at")
    is_moved = facts.is_true("is_moved")
    return Content(
        subject=gettext("The meeting of supporters has changed"),
        sentences=(
            if_any(moment, gettext("It is now on %(moment)s.", moment=moment))
            if is_moved
            else if_any(
                moment,
                gettext("The meeting of %(moment)s stays on its day; its place or its matter changed.", moment=moment),
            ),
            tell_moved(facts),
            gettext("Please say again whether you come: one tap is enough.") if is_moved else None,
        ),
        path=_path(facts),
        call=gettext("See the meeting:"),
    )


def gathering_cancelled(facts: Facts) -> Content:
    """Tell that a gathering does not take place."""
    moment = facts.day_and_time("starts_at")
    return Content(
        subject=gettext("The meeting of supporters is called off"),
        sentences=(
            if_any(moment, gettext("The meeting of %(moment)s does not take place.", moment=moment)),
            gettext("As soon as another one is planned, we write to you."),
        ),
        path="/gatherings/mine",
        call=gettext("See the supporters’ circle:"),
    )


def _path(facts: Facts) -> str:
    return f"/gatherings/{facts.text('gathering_id')}"
