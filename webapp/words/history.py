"""The history of a person, a suggestion, a pairing or a booking in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.interviews import InterviewOutcome
from models.match_runs import RejectReason
from models.pairings import DeclineReason, EndReason, WithdrawReason
from models.queries.sheets import EventLine
from models.workshops import MoveReason
from webapp.templating import format_day
from webapp.translation import fill
from webapp.translation import gettext as _
from webapp.words.enums import label

SENTENCES: Mapping[tuple[str, str], LazyString] = MappingProxyType(
    {
        ("entrepreneur", "create"): _l("%(actor)s opened the file."),
        ("entrepreneur", "register"): _l("%(actor)s registered."),
        ("entrepreneur", "import"): _l("%(actor)s imported the file from a spreadsheet."),
        ("entrepreneur", "save"): _l("%(actor)s filled in a part of the profile."),
        ("entrepreneur", "correct"): _l("%(actor)s corrected the file."),
        ("entrepreneur", "complete"): _l("%(actor)s sent the profile: it is ready to be matched."),
        ("entrepreneur", "reopen"): _l("%(actor)s opened the profile again."),
        ("entrepreneur", "close"): _l("%(actor)s closed the file."),
        ("entrepreneur", "set_follow_up"): _l("%(actor)s set the day of the next contact."),
        ("entrepreneur", "invite"): _l("%(actor)s sent an invitation to sign in."),
        ("entrepreneur", "check_qpv"): _l("%(actor)s checked the neighbourhood."),
        ("entrepreneur", "confirm_qpv"): _l("%(actor)s confirmed the neighbourhood after a look at the address."),
        ("entrepreneur", "name_examiner"): _l("%(actor)s named a committee member who examines the file."),
        ("entrepreneur", "release_examiner"): _l("%(actor)s noted that a committee member is done with the file."),
        ("entrepreneur", "begin_call"): _l("%(actor)s began a call with the person, who agreed aloud."),
        ("entrepreneur", "end_call"): _l("The call with %(actor)s is over."),
        ("interview", "create"): _l("%(actor)s planned a first interview."),
        ("interview", "arrange"): _l("%(actor)s arranged the first interview."),
        ("interview", "hold"): _l("%(actor)s held the first interview."),
        ("interview", "miss"): _l("%(actor)s noted that the interview did not take place."),
        ("interview", "cancel"): _l("%(actor)s called the interview off."),
        ("supporter", "create"): _l("%(actor)s added this supporter."),
        ("supporter", "import"): _l("%(actor)s imported this supporter from a spreadsheet."),
        ("supporter", "update"): _l("%(actor)s corrected the profile."),
        ("supporter", "set_capacity"): _l("%(actor)s changed the number of places."),
        ("supporter", "set_papers"): _l("%(actor)s noted until when training and insurance are good."),
        ("supporter", "invite"): _l("%(actor)s sent an invitation to sign in."),
        ("supporter", "pause"): _l("%(actor)s paused: no new proposals."),
        ("supporter", "put_off"): _l("%(actor)s put off the day on which the pause is looked at again."),
        ("supporter", "resume"): _l("%(actor)s is available again."),
        ("supporter", "join_circle"): _l("%(actor)s agreed to be seen by the other supporters."),
        ("supporter", "leave_circle"): _l("%(actor)s is no longer seen by the other supporters."),
        ("supporter", "leave"): _l("%(actor)s noted the departure."),
        ("suggestion", "present"): _l("The suggestion of %(about)s came up for a decision."),
        ("suggestion", "approve"): _l("%(actor)s approved the suggestion of %(about)s."),
        ("suggestion", "reject"): _l("%(actor)s set the suggestion of %(about)s aside."),
        ("suggestion", "supersede"): _l("The suggestion of %(about)s was replaced by a newer one."),
        ("suggestion", "step_back"): _l("The suggestion of %(about)s waits behind a better one."),
        ("pairing", "propose"): _l("%(actor)s proposed the pairing with %(about)s."),
        ("pairing", "create"): _l("%(actor)s proposed the pairing with %(about)s."),
        ("pairing", "remind"): _l("A reminder was sent about the pairing with %(about)s."),
        ("pairing", "accept"): _l("%(actor)s accepted the pairing with %(about)s."),
        ("pairing", "decline"): _l("%(actor)s declined the pairing with %(about)s."),
        ("pairing", "ask"): _l("%(actor)s asked a question before deciding: %(about)s."),
        ("pairing", "answer"): _l("%(actor)s answered the question about the pairing with %(about)s."),
        ("pairing", "pause"): _l("%(actor)s paused the pairing with %(about)s."),
        ("pairing", "resume"): _l("%(actor)s resumed the pairing with %(about)s."),
        ("pairing", "withdraw"): _l("%(actor)s withdrew the proposal of a pairing with %(about)s."),
        ("pairing", "expire"): _l("The proposal of a pairing with %(about)s had no answer in time."),
        ("pairing", "end"): _l("%(actor)s ended the pairing with %(about)s."),
        ("circle_member", "invite"): _l("%(actor)s invited to a circle."),
        ("circle_member", "join"): _l("%(actor)s joined a circle."),
        ("circle_member", "agree"): _l("%(actor)s said yes to the contract of the circle."),
        ("circle_member", "decline"): _l("%(actor)s declined a circle."),
        ("circle_member", "expire"): _l("The invitation to a circle had no answer in time."),
        ("circle_member", "leave"): _l("%(actor)s left a circle."),
        ("circle_member", "remove"): _l("%(actor)s gave back the place in a circle."),
        ("booking", "book"): _l("%(actor)s booked a place: %(about)s."),
        ("booking", "create"): _l("%(actor)s booked a place: %(about)s."),
        ("booking", "offer"): _l("A place became free and is kept for an answer: %(about)s."),
        ("booking", "accept"): _l("%(actor)s took the place that was offered: %(about)s."),
        ("booking", "promote"): _l("A place became free: %(about)s."),
        ("booking", "reorder"): _l("%(actor)s changed the position in the waiting list: %(about)s."),
        ("booking", "cancel"): _l("%(actor)s cancelled the place: %(about)s."),
        ("booking", "attend"): _l("%(actor)s marked present: %(about)s."),
        ("booking", "miss"): _l("%(actor)s marked absent: %(about)s."),
    }
)
BY_THE_ONE_IT_IS_ABOUT: Mapping[tuple[str, str], LazyString] = MappingProxyType(
    {
        ("pairing", "accept"): _l("%(actor)s accepted the pairing."),
        ("pairing", "decline"): _l("%(actor)s declined the pairing."),
        ("pairing", "ask"): _l("%(actor)s asked a question before deciding."),
        ("pairing", "pause"): _l("%(actor)s paused the pairing."),
        ("pairing", "resume"): _l("%(actor)s resumed the pairing."),
        ("pairing", "end"): _l("%(actor)s ended the pairing."),
    }
)
"""Where one of the two did it, the history of the other does not name her twice."""
REASONS: Mapping[tuple[str, str], type[StrEnum]] = MappingProxyType(
    {
        ("interview", "hold"): InterviewOutcome,
        ("suggestion", "reject"): RejectReason,
        ("booking", "reorder"): MoveReason,
        ("pairing", "decline"): DeclineReason,
        ("pairing", "withdraw"): WithdrawReason,
        ("pairing", "end"): EndReason,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """One event of a history in words."""

    at: datetime
    sentence: str
    note: str
    is_done_together: bool = False


def tell_events(lines: Iterable[EventLine]) -> list[ToldEvent]:
    """Put a history into words, in the language of the page."""
    return [
        ToldEvent(at=line.at, sentence=_tell(line), note=_note(line), is_done_together=line.is_done_together)
        for line in lines
    ]


def _tell(line: EventLine) -> str:
    sentences = BY_THE_ONE_IT_IS_ABOUT if line.actor and line.actor == line.about else SENTENCES
    sentence = sentences.get((line.record, line.action)) or SENTENCES.get((line.record, line.action))
    if sentence is None:
        return _("%(actor)s changed the file.", actor=_actor(line))
    told = fill(sentence, {"actor": _actor(line), "about": line.about})
    reasons = REASONS.get((line.record, line.action))
    if reasons is not None and line.reason in {member.value for member in reasons}:
        return _("%(told)s Reason: %(reason)s.", told=told, reason=label(reasons(line.reason)))
    return told


def _note(line: EventLine) -> str:
    if (line.record, line.action) == ("entrepreneur", "set_follow_up") and line.note:
        return format_day(date.fromisoformat(line.note))
    return line.note


def _actor(line: EventLine) -> str:
    return line.actor or _("Maillage")
