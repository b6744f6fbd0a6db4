"""The words of messages about questions, pauses, meetings and charters: never a role, a place or a word of anybody."""

from webapp.messages.facts import Content, Facts, if_any, tell_lost
from webapp.translation import gettext


def _path(facts: Facts) -> str:
    return f"/pairings/{facts.text('pairing_id')}"


def pairing_asked(facts: Facts) -> Content:
    """Tell coordinators of a question before a decision."""
    supporter, person, day = facts.text("supporter"), facts.text("entrepreneur"), facts.day("due_at")
    return Content(
        subject=gettext("A question before deciding"),
        sentences=(
            if_any(
                supporter and person,
                gettext(
                    "%(supporter)s would like to know something before deciding about %(person)s.",
                    supporter=supporter,
                    person=person,
                ),
            ),
            if_any(day, gettext("Your turn: please answer by %(day)s. The proposal waits meanwhile.", day=day)),
        ),
        path=_path(facts),
        call=gettext("Read the question and answer:"),
    )


def pairing_question_answered(facts: Facts) -> Content:
    """Tell a supporter that her question has its answer."""
    day = facts.day("deadline_at")
    return Content(
        subject=gettext("Your question has its answer"),
        sentences=(
            gettext("You asked a question before deciding: the answer is there."),
            if_any(day, gettext("Your turn: please decide by %(day)s. A yes or a no, both help.", day=day)),
        ),
        path=_path(facts),
        call=gettext("Read the answer and decide:"),
    )


def pairing_paused(facts: Facts) -> Content:
    """Tell everybody that two people pause."""
    day, both = facts.day("pause_until"), _both(facts)
    return Content(
        subject=gettext("A pause in the work together"),
        sentences=(
            if_any(both, both),
            tell_lost(facts),
            gettext("The place is kept: nobody has to start again from nothing."),
            if_any(day, gettext("On %(day)s we ask whether it goes on.", day=day)),
        ),
        path=_path(facts),
        call=gettext("See the pairing:"),
        headline=_of_both(facts, gettext("%(supporter)s and %(person)s pause.", **_names(facts))),
    )


def pairing_resumed(facts: Facts) -> Content:
    """Tell everybody that two people go on."""
    both = _both(facts)
    return Content(
        subject=gettext("The work together goes on"),
        sentences=(
            if_any(both, both),
            gettext("The pause is over. Next step: find a date for the next talk."),
        ),
        path=_path(facts),
        call=gettext("Propose a date:"),
        headline=_of_both(facts, gettext("%(supporter)s and %(person)s go on after their pause.", **_names(facts))),
    )


def pairing_extended(facts: Facts) -> Content:
    """Tell everybody that two people go on for longer than they had agreed on."""
    day, both = facts.day("until"), _both(facts)
    return Content(
        subject=gettext("A longer time together"),
        sentences=(
            if_any(both, both),
            if_any(day, gettext("As was agreed with both, it goes on until %(day)s at the latest.", day=day)),
            gettext("Nothing else changes, and it may still end at any time, if one of the two wishes."),
        ),
        path=_path(facts),
        call=gettext("See the pairing:"),
        headline=_of_both(facts, gettext("%(supporter)s and %(person)s go on for longer.", **_names(facts))),
    )


def meeting_proposed(facts: Facts) -> Content:
    """Tell the other that dates are proposed."""
    partner, day = facts.text("partner"), facts.day("due_at")
    return Content(
        subject=gettext("A date to meet"),
        sentences=(
            tell_lost(facts),
            if_any(partner, gettext("%(partner)s proposes a date to meet.", partner=partner)),
            gettext("These dates replace those that were proposed before.") if facts.is_true("replaces") else None,
            if_any(day, gettext("Your turn: choose the date that suits you by %(day)s, or propose another.", day=day)),
        ),
        path=_path(facts),
        call=gettext("Choose a date:"),
    )


def meeting_confirmed(facts: Facts) -> Content:
    """Tell both when they meet."""
    partner, moment = facts.text("partner"), facts.day_and_time("starts_at")
    return Content(
        subject=gettext("Your meeting is agreed"),
        sentences=(
            gettext("You meet %(partner)s on %(moment)s.", partner=partner, moment=moment)
            if partner
            else if_any(moment, gettext("You meet on %(moment)s.", moment=moment)),
            gettext("Something comes up? Say so on the page, and propose another date."),
        ),
        path=_path(facts),
        call=gettext("See the meeting, add it to my calendar:"),
    )


def meeting_cancelled(facts: Facts) -> Content:
    """Tell the other that a meeting does not take place."""
    partner, moment = facts.text("partner"), facts.day_and_time("starts_at")
    return Content(
        subject=gettext("A meeting is called off") if moment else gettext("A date to meet is still to be found"),
        sentences=(
            gettext("The meeting on %(moment)s does not take place.", moment=moment)
            if moment
            else gettext("The dates that were proposed no longer hold."),
            if_any(partner, gettext("%(partner)s and you find another date: propose one.", partner=partner)),
        ),
        path=_path(facts),
        call=gettext("Propose a date:"),
    )


def charter_opened(facts: Facts) -> Content:
    """Ask for a signature."""
    day = facts.day("due_at")
    return Content(
        subject=gettext("A charter to read and sign"),
        sentences=(
            gettext("It says in one page what each promises: it is free, discreet, and may stop at any time."),
            if_any(day, gettext("Your turn: please sign by %(day)s. Ask us if anything is unclear.", day=day)),
        ),
        path=f"{_path(facts)}/charter",
        call=gettext("Read and sign:"),
    )


def charter_signed(facts: Facts) -> Content:
    """Tell all three that the charter is whole."""
    return Content(
        subject=gettext("The charter is signed"),
        sentences=(gettext("All three have signed. The document is kept for you."),),
        path=f"{_path(facts)}/charter",
        call=gettext("Read or print it:"),
        headline=_of_both(facts, gettext("The charter of %(supporter)s and %(person)s is signed.", **_names(facts))),
    )


def _both(facts: Facts) -> str:
    partner = facts.text("partner")
    told = _of_both(facts, gettext("It is about %(supporter)s and %(person)s.", **_names(facts)))
    if told:
        return told
    return str(gettext("It is about %(partner)s and you.", partner=partner)) if partner else ""


def _names(facts: Facts) -> dict[str, str]:
    return {"supporter": facts.text("supporter"), "person": facts.text("entrepreneur")}


def _of_both(facts: Facts, sentence: str) -> str:
    """Keep a sentence that names the two: they stand in what coordinators are told alone."""
    return sentence if all(_names(facts).values()) else ""
