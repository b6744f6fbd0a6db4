"""The words of each message: plain text, in the recipient's language, saying who acts next and until when.

What is read here are the message's facts alone (listed in `webapp/services/messages.py`); the sentence of a fact that
is missing is left out. A mailbox is read over the shoulder: nothing here names a need or a theme, nor any role but a
mentor's, in the word of the network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import current_app
from flask_babel import force_locale

from models.messages import Message, MessageKind
from models.queries.senders import Sender
from webapp.messages import (
    care_words,
    circle_words,
    digest_words,
    erasure_words,
    gathering_words,
    intake_words,
    introduction_words,
    meeting_words,
    peer_words,
    question_words,
    session_words,
    tap_words,
    visitor_words,
)
from webapp.messages.facts import Content, Facts, if_any, tell_lost
from webapp.messages.signature import sign, tell_facts
from webapp.translation import gettext, ngettext
from webapp.words.networks import mentor_word

PREFERENCES = "/messages/preferences"
"""The page on which a person chooses; a test compares it with the routes."""
BEFORE_SIGNING_IN = frozenset({MessageKind.INVITATION, MessageKind.PASSWORD_RESET, MessageKind.REGISTRATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedMessage:
    """A message in words."""

    subject: str
    body: str


def render_message(message: Message, sender: Sender | None = None) -> RenderedMessage:
    """Put a message into the words of its recipient's language and of its sender's network."""
    with force_locale(message.locale):
        facts, public_url = tell_facts(message.facts, sender), current_app.config["SETTINGS"].public_url
        has_account = message.account_id is not None and message.kind not in BEFORE_SIGNING_IN
        content = _content(message.kind, facts, sender)
        paragraphs = [
            gettext("Hello,"),
            *(sentence for sentence in content.sentences if sentence),
            f"{content.call}\n{public_url}{content.path}",
            *tap_words.say_taps(message.kind, facts, public_url),
            sign(facts, sender),
            *([_footer(public_url)] if has_account else ()),
        ]
        return RenderedMessage(subject=content.subject, body="\n\n".join(paragraphs) + "\n")


def _footer(public_url: str) -> str:
    line = gettext("How we write to you, and when:")
    return f"{line}\n{public_url}{PREFERENCES}"


def _content(kind: MessageKind, facts: Facts, sender: Sender | None) -> Content:
    """Say a message; a summary says in one line each what it gathered, in the same words."""
    if kind is not MessageKind.DIGEST:
        return WORDINGS[kind](facts)
    news = [(MessageKind(one["kind"]), tell_facts(one["facts"], sender)) for one in facts.parts("news")]
    return digest_words.digest(facts, [_content(told, told_facts, sender) for told, told_facts in news])


def _invitation(facts: Facts) -> Content:
    association, moment = facts.text("association"), facts.day_and_time("expires_at")
    has_password = facts.is_true("has_password")
    return Content(
        subject=gettext("Your space on Maillage is ready"),
        sentences=(
            gettext("%(association)s has opened a space on Maillage for you.", association=association)
            if association
            else gettext("A space on Maillage has been opened for you."),
            gettext("There you see what is proposed to you, why, and whom you can talk to."),
            gettext("Your turn: sign in with this address and the password that you have.")
            if has_password
            else if_any(
                moment, gettext("Your turn: choose a password before %(moment)s. The link works once.", moment=moment)
            ),
        ),
        path=facts.text("path"),
        call=gettext("Sign in:") if has_password else gettext("Choose my password:"),
    )


def _password_reset(facts: Facts) -> Content:
    moment = facts.day_and_time("expires_at")
    return Content(
        subject=gettext("Choose a new password"),
        sentences=(
            gettext("You asked for a new password."),
            if_any(moment, gettext("The link works once, until %(moment)s.", moment=moment)),
            gettext("You did not ask for this? Then there is nothing to do: your password stays as it is."),
        ),
        path=facts.text("path"),
        call=gettext("Choose my password:"),
    )


def _pairing_path(facts: Facts) -> str:
    return f"/pairings/{facts.text('pairing_id')}"


def _answer_by(facts: Facts) -> str | None:
    day, coordinator = facts.day("deadline_at"), facts.text("coordinator")
    if coordinator:
        sentence = gettext(
            "Your turn: please answer by %(day)s. You may decline, a reason is enough. "
            "Without an answer, %(coordinator)s will ask somebody else.",
            day=day,
            coordinator=coordinator,
        )
    else:
        sentence = gettext("Your turn: please answer by %(day)s. You may decline, a reason is enough.", day=day)
    return if_any(day, sentence)


def _pairing_proposed(facts: Facts) -> Content:
    person = facts.text("entrepreneur")
    return Content(
        subject=gettext("Somebody would like to count on you"),
        sentences=(
            gettext("%(person)s is building a business, and we thought of you to lend a hand.", person=person)
            if person
            else gettext("Somebody is building a business, and we thought of you to lend a hand."),
            gettext("It would be as a %(role)s, about one meeting a month.", role=mentor_word(facts.text("network")))
            if facts.is_true("as_mentor")
            else None,
            gettext("You will find why we thought of you, and what you can bring."),
            _answer_by(facts),
        ),
        path=_pairing_path(facts),
        call=gettext("Read the proposal and answer:"),
    )


def _pairing_reminder(facts: Facts) -> Content:
    return Content(
        subject=gettext("A proposal still waits for your answer"),
        sentences=(gettext("A few days ago we made you a proposal. A yes or a no, both help."), _answer_by(facts)),
        path=_pairing_path(facts),
        call=gettext("Read the proposal and answer:"),
    )


def _first_date(facts: Facts) -> str | None:
    day = facts.day("due_at")
    if facts.is_true("has_dates"):
        sentence = gettext(
            "Dates for a first meeting are proposed to you. Your turn: choose the one that suits you by %(day)s.",
            day=day,
        )
        return if_any(day, sentence)
    if facts.is_true("sent_dates"):
        return gettext("The dates that you propose are sent: we tell you which one is chosen.")
    return if_any(
        day, gettext("Next step, for both of you: agree on a date for a first meeting before %(day)s.", day=day)
    )


def _pairing_accepted(facts: Facts) -> Content:
    partner, supporter, person = facts.text("partner"), facts.text("supporter"), facts.text("entrepreneur")
    if supporter and person:
        news = gettext("%(supporter)s accepts to support %(person)s.", supporter=supporter, person=person)
        return Content(
            subject=gettext("A proposal was accepted"),
            sentences=(
                news,
                gettext("The two find a date for a first meeting themselves. There is nothing to do."),
            ),
            path=_pairing_path(facts),
            call=gettext("See the two together:"),
            headline=news,
        )
    return Content(
        subject=gettext("You are a team now"),
        sentences=(
            gettext(
                "%(partner)s is your %(role)s from now on.", partner=partner, role=mentor_word(facts.text("network"))
            )
            if partner and facts.is_true("has_mentor")
            else if_any(partner, gettext("%(partner)s and you will work together from now on.", partner=partner)),
            _first_date(facts),
        ),
        path=_pairing_path(facts),
        call=gettext("Choose a date, and see how to reach each other:")
        if facts.is_true("has_dates")
        else gettext("See how to reach each other:"),
    )


def _pairing_declined(facts: Facts) -> Content:
    supporter, person = facts.text("supporter"), facts.text("entrepreneur")
    news = gettext("%(supporter)s cannot help %(person)s at present.", supporter=supporter, person=person)
    headline = if_any(supporter and person, news)
    return Content(
        subject=gettext("A proposal was declined"),
        sentences=(
            headline,
            gettext("Your turn: the reason is on the page, and the next suggestion waits for your decision."),
        ),
        path=_pairing_path(facts),
        call=gettext("See the reason and what comes next:"),
        headline=headline or "",
    )


def _pairing_expired(facts: Facts) -> Content:
    supporter, person, headline = facts.text("supporter"), facts.text("entrepreneur"), ""
    if supporter and person:
        headline = gettext("For %(person)s: %(supporter)s did not answer in time.", supporter=supporter, person=person)
        sentences = (
            headline,
            gettext("Your turn: the proposal is back with you, with the next suggestion if there is one."),
        )
    else:
        sentences = (
            gettext("The time to answer has passed, so the proposal went back to the association."),
            gettext("There is nothing to do. You can pause new proposals whenever you wish."),
        )
    return Content(
        subject=gettext("A proposal ended without an answer"),
        sentences=sentences,
        path=_pairing_path(facts),
        call=gettext("See the proposal:"),
        headline=headline,
    )


def _pairing_withdrawn(facts: Facts) -> Content:
    return Content(
        subject=gettext("A proposal was taken back"),
        sentences=(
            gettext("The proposal that we made you is no longer needed. There is nothing to do."),
            gettext("Thank you for being there: we will write to you when somebody else needs you."),
        ),
        path=_pairing_path(facts),
        call=gettext("See the proposal:"),
    )


def _pairing_ended(facts: Facts) -> Content:
    partner, coordinator = facts.text("partner"), facts.text("coordinator")
    supporter, person = facts.text("supporter"), facts.text("entrepreneur")
    if supporter and person:
        news = gettext("%(supporter)s and %(person)s end their path together.", supporter=supporter, person=person)
        return Content(
            subject=gettext("Two people have ended their work together"),
            sentences=(news, gettext("Your turn: read the reason, and say what comes next.")),
            path=_pairing_path(facts),
            call=gettext("See the reason and what comes next:"),
            headline=news,
        )
    return Content(
        subject=gettext("Your work together has come to its end"),
        sentences=(
            if_any(
                partner, gettext("%(partner)s and you have come to the end of your path together.", partner=partner)
            ),
            tell_lost(facts),
            if_any(
                coordinator,
                gettext("%(coordinator)s stays at your side for what comes next.", coordinator=coordinator),
            ),
        ),
        path=_pairing_path(facts),
        call=gettext("See what comes next:"),
    )


def _suggestions_waiting(facts: Facts) -> Content:
    count, day = facts.number("count"), facts.day("deadline_at")
    return Content(
        subject=ngettext("One suggestion waits for you", "%(num)d suggestions wait for you", count),
        sentences=(
            ngettext(
                "One person waits for your decision.",
                "%(num)d people wait for your decision.",
                count,
            ),
            if_any(day, gettext("Your turn: please decide by %(day)s.", day=day)),
        ),
        path="/suggestions",
        call=gettext("Read and decide:"),
    )


WORDINGS: Mapping[MessageKind, Callable[[Facts], Content]] = MappingProxyType(
    {
        MessageKind.INVITATION: _invitation,
        MessageKind.ERASURE_ASKED: erasure_words.erasure_asked,
        MessageKind.ERASURE_DONE: erasure_words.erasure_done,
        MessageKind.PASSWORD_RESET: _password_reset,
        MessageKind.PAIRING_PROPOSED: _pairing_proposed,
        MessageKind.PAIRING_REMINDER: _pairing_reminder,
        MessageKind.PAIRING_ACCEPTED: _pairing_accepted,
        MessageKind.PAIRING_DECLINED: _pairing_declined,
        MessageKind.PAIRING_EXPIRED: _pairing_expired,
        MessageKind.PAIRING_WITHDRAWN: _pairing_withdrawn,
        MessageKind.PAIRING_ENDED: _pairing_ended,
        MessageKind.BOOKING_CONFIRMED: session_words.booking_confirmed,
        MessageKind.BOOKING_WAITING: session_words.booking_waiting,
        MessageKind.BOOKING_PROMOTED: session_words.booking_promoted,
        MessageKind.SEAT_OFFERED: session_words.seat_offered,
        MessageKind.SEAT_FREE: session_words.seat_free,
        MessageKind.SESSION_SURE: session_words.session_sure,
        MessageKind.SESSION_REMINDER: session_words.session_reminder,
        MessageKind.BOOKING_CANCELLED: session_words.booking_cancelled,
        MessageKind.SESSION_CHANGED: session_words.session_changed,
        MessageKind.SESSION_CANCELLED: session_words.session_cancelled,
        MessageKind.SESSION_PROPOSED: session_words.session_proposed,
        MessageKind.SUGGESTIONS_WAITING: _suggestions_waiting,
        MessageKind.PAIRING_ASKED: meeting_words.pairing_asked,
        MessageKind.PAIRING_QUESTION_ANSWERED: meeting_words.pairing_question_answered,
        MessageKind.PAIRING_PAUSED: meeting_words.pairing_paused,
        MessageKind.PAIRING_RESUMED: meeting_words.pairing_resumed,
        MessageKind.PAIRING_EXTENDED: meeting_words.pairing_extended,
        MessageKind.MEETING_PROPOSED: meeting_words.meeting_proposed,
        MessageKind.MEETING_CONFIRMED: meeting_words.meeting_confirmed,
        MessageKind.MEETING_CANCELLED: meeting_words.meeting_cancelled,
        MessageKind.CHARTER_OPENED: meeting_words.charter_opened,
        MessageKind.CHARTER_SIGNED: meeting_words.charter_signed,
        MessageKind.CIRCLE_INVITED: circle_words.circle_invited,
        MessageKind.CIRCLE_LED: circle_words.circle_led,
        MessageKind.CIRCLE_LEADER: circle_words.circle_leader,
        MessageKind.CIRCLE_ANSWERED: circle_words.circle_answered,
        MessageKind.CIRCLE_OVER: circle_words.circle_over,
        MessageKind.CIRCLE_MEETING_MOVED: circle_words.circle_meeting_moved,
        MessageKind.CIRCLE_MEETING_CANCELLED: circle_words.circle_meeting_cancelled,
        MessageKind.CIRCLE_MEETING_KEPT: circle_words.circle_meeting_kept,
        MessageKind.CIRCLE_TURN_ASKED: circle_words.circle_turn_asked,
        MessageKind.CIRCLE_TURN_ANSWERED: circle_words.circle_turn_answered,
        MessageKind.DIGEST: digest_words.digest,
        MessageKind.VISITOR_ASKED: visitor_words.visitor_asked,
        MessageKind.VISITOR_CONFIRMED: visitor_words.visitor_confirmed,
        MessageKind.VISITOR_CHANGED: visitor_words.visitor_changed,
        MessageKind.VISITOR_CANCELLED: visitor_words.visitor_cancelled,
        MessageKind.INTRODUCTION_MADE: introduction_words.introduction_made,
        MessageKind.INTRODUCTION_TOLD: introduction_words.introduction_told,
        MessageKind.HANDOVER_ASKED: care_words.handover_asked,
        MessageKind.HANDOVER_REMINDER: care_words.handover_reminder,
        MessageKind.HANDOVER_UNANSWERED: care_words.handover_unanswered,
        MessageKind.EXPERT_ASKED: question_words.expert_asked,
        MessageKind.EXPERT_ANSWERED: question_words.expert_answered,
        MessageKind.EXPERT_UNANSWERED: question_words.expert_unanswered,
        MessageKind.CALL_ENDED: intake_words.call_ended,
        MessageKind.PEER_PROPOSED: peer_words.peer_proposed,
        MessageKind.PEER_ANSWERED: peer_words.peer_answered,
        MessageKind.PEER_CHANGED: peer_words.peer_changed,
        MessageKind.GATHERING_PLANNED: gathering_words.gathering_planned,
        MessageKind.GATHERING_CHANGED: gathering_words.gathering_changed,
        MessageKind.GATHERING_CANCELLED: gathering_words.gathering_cancelled,
        MessageKind.REGISTRATION: intake_words.registration,
        MessageKind.INTERVIEW_PLANNED: intake_words.interview_planned,
        MessageKind.INTERVIEW_OUTCOME: intake_words.interview_outcome,
    }
)
