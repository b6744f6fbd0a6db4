"""Invented facts for every kind of mail, and the mail they make. Nothing is read or written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from models.accounts import Locale
from models.associations import Network
from models.correspondence import ALWAYS_AT_ONCE, GROUPS, MailGroup
from models.interviews import InterviewOutcome
from models.meetings import MeetingFormat
from models.messages import Message, MessageKind
from models.notices import NoticeKind
from models.queries.senders import Sender
from webapp.messages.reading import keep_lines
from webapp.messages.tap_words import GATHERINGS, LEAVES
from webapp.messages.wording import render_message
from webapp.services.parties import ASKS_FOR_AN_ANSWER
from webapp.words.enums import LABELS

COORDINATOR, PERSON, SUPPORTER = "Camille Exemple", "Dominique Modèle", "Claude Spécimen"
EXAMPLE = "exemple"
"""Stands where an address would hold a number or a secret: links of samples lead nowhere."""

# The two of a pairing and the coordinator are told the same event in different words: samples show those to the two.
TOLD_TO_THE_TWO = frozenset(
    {
        MessageKind.PAIRING_ACCEPTED,
        MessageKind.PAIRING_EXPIRED,
        MessageKind.PAIRING_ENDED,
        MessageKind.PAIRING_PAUSED,
        MessageKind.PAIRING_RESUMED,
        MessageKind.PAIRING_EXTENDED,
    }
)

# What asks for a yes or no, or tells of a place: these carry a link to answer in one tap, and nothing else does.
WITH_ONE_TAP = ASKS_FOR_AN_ANSWER | LEAVES | GATHERINGS | {MessageKind.SEAT_OFFERED, MessageKind.SEAT_FREE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One kind of mail, as it would arrive."""

    kind: MessageKind
    subject: str
    paragraphs: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleGroup:
    """The mails that people choose for together."""

    title: str | LazyString
    samples: tuple[Sample, ...]


def list_samples(*, locale: Locale, network: Network, association: str, at: datetime) -> list[SampleGroup]:
    """Give every kind of mail in a language, as an association of a network sends it."""
    sender = Sender(network=network, association=association, name=COORDINATOR, phone="01 99 00 00 00")

    def show(kinds: Iterable[MessageKind]) -> tuple[Sample, ...]:
        return tuple(_show(kind, locale, sender, at) for kind in kinds)

    groups = [
        SampleGroup(title=LABELS[MailGroup][group], samples=show(kind for kind in GROUPS if GROUPS[kind] is group))
        for group in MailGroup
    ]
    others = [kind for kind in MessageKind if kind not in GROUPS]
    return [*groups, SampleGroup(title=_l("Always sent, whatever people choose"), samples=show(others))]


def invent_facts(kind: MessageKind, *, association: str, at: datetime) -> dict[str, object]:
    """Give facts for any kind, none of them about anybody."""
    soon, later = (at + timedelta(days=5)).isoformat(), (at + timedelta(days=12)).isoformat()
    facts: dict[str, object] = {
        **dict.fromkeys(("path", "tap"), f"/{EXAMPLE}"),
        **dict.fromkeys(
            ("pairing_id", "session_id", "circle_id", "gathering_id", "question_id", "introduction_id"), EXAMPLE
        ),
        **dict.fromkeys(("expires_at", "deadline_at", "due_at", "offer_until"), soon),
        **dict.fromkeys(("starts_at", "first_meeting_at", "next_at", "again_at", "mails_until"), later),
        **dict.fromkeys(("pause_until", "until"), later),
        "association": association,
        "coordinator": COORDINATOR,
        "entrepreneur": PERSON,
        "partner": SUPPORTER,
        "facilitator": SUPPORTER.split(" ", maxsplit=1)[0],
        "title": "Communication digitale",
        "place": "Maison des projets",
        "channel": MeetingFormat.IN_PERSON.value,
        "outcome": InterviewOutcome.JOINS.value,
        "count": 2,
        "position": 3,
        **dict.fromkeys(("as_mentor", "has_mentor", "is_made", "is_moved", "agrees"), True),
    }
    if kind in TOLD_TO_THE_TWO:
        del facts["entrepreneur"]
    else:
        facts["supporter"] = SUPPORTER
    if kind not in WITH_ONE_TAP:
        del facts["tap"]
    if kind is MessageKind.DIGEST:
        facts |= {NoticeKind.DATE_TO_FIND.value: 1, NoticeKind.DID_YOU_MEET.value: 2}
        news = invent_facts(MessageKind.MEETING_CONFIRMED, association=association, at=at)
        facts |= {"news": [{"kind": MessageKind.MEETING_CONFIRMED.value, "facts": news}]}
    return facts


def _show(kind: MessageKind, locale: Locale, sender: Sender, at: datetime) -> Sample:
    facts = invent_facts(kind, association=sender.association, at=at)
    # A number of an account that nobody has: the last lines of a mail are those of people who have one.
    account_id = None if kind in ALWAYS_AT_ONCE else 0
    rendered = render_message(Message(kind=kind, facts=facts, locale=locale, account_id=account_id), sender)
    parts = [part.strip() for part in rendered.body.split("\n\n")]
    return Sample(kind=kind, subject=rendered.subject, paragraphs=tuple(keep_lines(part) for part in parts if part))
