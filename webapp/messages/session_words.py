"""What people are told about their workshop sessions. A sensitive one is named by its date and place only."""

from webapp.messages.facts import Content, Facts, tell_moved
from webapp.translation import gettext


def session_lines(facts: Facts) -> str:
    """Say what, when and where, a line each; what is not known or not told is left out."""
    lines = [
        (gettext("Workshop: %(title)s", title=facts.text("title")), facts.text("title")),
        (gettext("When: %(moment)s", moment=facts.day_and_time("starts_at")), facts.text("starts_at")),
        (gettext("Where: %(place)s", place=facts.text("place")), facts.text("place")),
        (gettext("Online: the link is on the page"), facts.is_true("online") and not facts.is_true("link_missing")),
        (gettext("Online: the organiser sends the link before it begins"), facts.is_true("link_missing")),
    ]
    return "\n".join(line for line, shown in lines if shown)


def _tell_unsure(facts: Facts) -> str | None:
    """Say that a session still lacks people, where a fact says so."""
    unsure = gettext("It is not certain yet that it takes place: we write as soon as it is. In doubt, ask us first.")
    return unsure if facts.is_true("unsure") else None


def _session_path(facts: Facts) -> str:
    return f"/sessions/{facts.text('session_id')}"


def booking_confirmed(facts: Facts) -> Content:
    """Tell a person that she has a seat."""
    return Content(
        subject=gettext("Your place is booked for %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext("Your place is booked. We look forward to seeing you."),
            session_lines(facts),
            _tell_unsure(facts),
            gettext("You cannot come? Cancel until the start: somebody on the waiting list will be glad."),
        ),
        path=_session_path(facts),
        call=gettext("See the workshop, add it to your calendar or cancel:"),
    )


def booking_waiting(facts: Facts) -> Content:
    """Tell a person that she waits, and where in the line."""
    position = facts.number("position")
    return Content(
        subject=gettext("You are on the waiting list for %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext("This workshop is full, and your turn is kept."),
            gettext("Your position when you signed up: %(position)s.", position=position) if position else None,
            session_lines(facts),
            gettext("There is nothing to do: as soon as it is your turn we keep a place for you, and write to you."),
        ),
        path=_session_path(facts),
        call=gettext("See your position or leave the list:"),
    )


def booking_promoted(facts: Facts) -> Content:
    """Tell who waited that a seat is hers."""
    return Content(
        subject=gettext("A place is free: you can come on %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext("Good news: a place has become free, and it is yours."),
            session_lines(facts),
            _tell_unsure(facts),
            gettext("You cannot come any more? Please cancel, so that the next person can."),
        ),
        path=_session_path(facts),
        call=gettext("See the workshop, add it to your calendar or cancel:"),
    )


def seat_offered(facts: Facts) -> Content:
    """Tell who is first in line that a seat is held for her, and until when."""
    moment = facts.day_and_time("offer_until")
    return Content(
        subject=gettext("A place is kept for you on %(day)s: are you coming?", day=facts.day("starts_at")),
        sentences=(
            gettext("A place has become free, and it is your turn."),
            session_lines(facts),
            gettext(
                "Your turn: say yes before %(moment)s. After that the place goes to the next person.", moment=moment
            )
            if moment
            else None,
            gettext("You cannot come? Say no in one tap: no reason is asked, and it changes nothing for later."),
        ),
        path=_session_path(facts),
        call=gettext("See the workshop, say yes or no:"),
    )


def seat_free(facts: Facts) -> Content:
    """Tell everybody in line, in the last day, that the first answer has the seat."""
    return Content(
        subject=gettext("A place is free for %(day)s: first come, first served", day=facts.day("starts_at")),
        sentences=(
            gettext("A place has become free at the last moment."),
            session_lines(facts),
            gettext("There is no time to ask one after the other: whoever answers first has it."),
        ),
        path=_session_path(facts),
        call=gettext("See the workshop and take the place:"),
    )


def session_sure(facts: Facts) -> Content:
    """Tell who comes that a session which needed some more people takes place."""
    return Content(
        subject=gettext("The workshop of %(day)s takes place", day=facts.day("starts_at")),
        sentences=(
            gettext("It was still to be confirmed: now it is certain, this workshop takes place."),
            session_lines(facts),
            gettext("You cannot come? Cancel until the start: somebody on the waiting list will be glad."),
        ),
        path=_session_path(facts),
        call=gettext("See the workshop, add it to your calendar or cancel:"),
    )


def session_reminder(facts: Facts) -> Content:
    """Remind who comes, while somebody else can still have the place."""
    return Content(
        subject=gettext("See you soon: your workshop of %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext("Your workshop is soon.")
            if facts.is_true("unsure")
            else gettext("Your workshop is soon. You are expected."),
            session_lines(facts),
            _tell_unsure(facts),
            gettext("You cannot come? Give your place back today: somebody else can still have it."),
        ),
        path=_session_path(facts),
        call=gettext("See the workshop, or give my place back:"),
    )


def booking_cancelled(facts: Facts) -> Content:
    """Tell a person that her booking has ended, and through whom."""
    if facts.is_true("no_seat_freed"):
        subject = gettext("No place became free for %(day)s", day=facts.day("starts_at"))
        sentence = gettext("We are sorry: no place became free, and the waiting list of this workshop is closed.")
    elif facts.is_true("offer_lapsed"):
        subject = gettext("The place for %(day)s goes to the next person", day=facts.day("starts_at"))
        sentence = gettext("We had no answer in time, so the place goes to the next person. You can join again.")
    else:
        subject = gettext("Your booking for %(day)s is cancelled", day=facts.day("starts_at"))
        sentence = (
            gettext("The organiser has cancelled your booking.")
            if facts.is_true("by_organiser")
            else gettext("As you asked, your booking is cancelled.")
        )
    return Content(
        subject=subject,
        sentences=(sentence, session_lines(facts), gettext("Other dates are open to you.")),
        path="/sessions",
        call=gettext("Choose another date:"),
    )


def session_changed(facts: Facts) -> Content:
    """Tell who comes or waits that time or place have changed; for whom a seat is held, until when to answer too."""
    if moment := facts.day_and_time("offer_until"):
        return _offer_changed(facts, moment)
    return Content(
        subject=gettext("Your workshop has changed: now %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext(
                "The organiser has changed your workshop. Your turn in the waiting list stays yours. What holds now:"
            )
            if facts.is_true("waiting")
            else gettext("The organiser has changed your workshop. Your place stays yours. What holds now:"),
            session_lines(facts),
            tell_moved(facts),
            gettext("This no longer suits you? Cancel until the start: somebody on the waiting list will be glad."),
        ),
        path=_session_path(facts),
        call=gettext("See the workshop, add it to your calendar or cancel:"),
    )


def _offer_changed(facts: Facts, moment: str) -> Content:
    return Content(
        subject=gettext("Your workshop has changed: now %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext("The organiser has changed the workshop where a place is kept for you. What holds now:"),
            session_lines(facts),
            gettext(
                "Your turn: say yes before %(moment)s. After that the place goes to the next person.", moment=moment
            ),
            gettext("It no longer suits you? Say no: no reason is asked, and it changes nothing for later."),
        ),
        path=_session_path(facts),
        call=gettext("See the workshop, say yes or no:"),
    )


def session_proposed(facts: Facts) -> Content:
    """Invite a person to a session that suits what she looks for; the seat is hers once she says yes."""
    coordinator = facts.text("coordinator")
    return Content(
        subject=gettext("A workshop for you on %(day)s", day=facts.day("starts_at")),
        sentences=(
            gettext("%(coordinator)s thought of you for this workshop.", coordinator=coordinator)
            if coordinator
            else gettext("We thought of you for this workshop."),
            session_lines(facts),
            gettext("Your turn: say whether you are coming. No place is held: it is yours once you have booked it."),
        ),
        path=_session_path(facts),
        call=gettext("See the workshop and book my place:"),
    )


def session_cancelled(facts: Facts) -> Content:
    """Tell who came or waited that the session will not take place, and the other date that is proposed, if any."""
    other, moment = facts.within("other"), facts.day_and_time("offer_until")
    return Content(
        subject=gettext("The workshop of %(day)s will not take place", day=facts.day("starts_at")),
        sentences=(
            gettext("We are sorry: this workshop will not take place."),
            session_lines(facts),
            *(_other_lines(facts, other, moment) if other else (gettext("Other dates are open to you."),)),
        ),
        path=_session_path(other) if other else "/sessions",
        call=(gettext("See the other date, say yes or no:") if moment else gettext("See the other date:"))
        if other
        else gettext("Choose another date:"),
    )


def _other_lines(facts: Facts, other: Facts, moment: str) -> tuple[str, ...]:
    if moment:
        told = gettext("We propose another date, and a place is kept for you there:")
        turn = gettext("Your turn: say yes before %(moment)s. After that it may go to somebody else.", moment=moment)
        return told, session_lines(other), turn, gettext("It does not suit you? Then there is nothing to do.")
    if facts.is_true("waiting"):
        return (
            gettext("We propose another date. It is full for now, and your turn is kept in its waiting list:"),
            session_lines(other),
            gettext("There is nothing to do: as soon as it is your turn we keep a place for you, and write to you."),
        )
    return gettext("Your place at the other date stays yours:"), session_lines(other)
