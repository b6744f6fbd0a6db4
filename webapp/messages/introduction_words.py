"""The words of messages about introductions: never to whom, nor what for."""

from webapp.messages.facts import Content, Facts
from webapp.translation import gettext


def introduction_made(facts: Facts) -> Content:
    """Tell a person that somebody puts her in touch, or promises to."""
    partner = facts.text("partner")
    if facts.is_true("is_made"):
        first = gettext("%(partner)s has put you in touch with somebody who may help you.", partner=partner)
        second = gettext("Your turn: get in touch, then tell in one tap what became of it.")
    else:
        first = gettext("%(partner)s would like to put you in touch with somebody who may help you.", partner=partner)
        second = gettext("Nothing to do for now: you are told as soon as it is done.")
    return Content(
        subject=gettext("Somebody opens a door for you"),
        sentences=(first, second),
        path="/introductions/mine",
        call=gettext("See who it is:"),
    )


def introduction_told(facts: Facts) -> Content:
    """Tell who introduced that there is news of it."""
    partner = facts.text("partner")
    return Content(
        subject=gettext("News of an introduction"),
        sentences=(
            gettext("%(partner)s tells what became of your introduction.", partner=partner),
            gettext("Thank you for opening your address book. There is nothing to do."),
        ),
        path="/introductions/mine",
        call=gettext("Read the news:"),
    )
