"""What comes next between two people, in one sentence: the same on every page that tells it."""

from models.meetings import Meeting, MeetingSide
from models.pairings import Pairing
from models.states import PairingState
from webapp.services.talks import NextTalk, TalkKind
from webapp.templating import format_clock, format_day
from webapp.translation import gettext as _

WEEKDAY = "EEEE d MMMM"


def tell_next(talk: NextTalk, reader: str) -> str:
    """Say what comes next to one of the two, or to somebody else of the team (as a coordinator reads it)."""
    side, day = MeetingSide(reader), format_day(talk.day, WEEKDAY)
    if talk.kind is TalkKind.AGREED or talk.kind is TalkKind.PAST:
        return _tell_hour(talk, day)
    if talk.kind is TalkKind.DATES:
        return _tell_dates(talk, side, day)
    if talk.kind is TalkKind.UNDATED:
        return _tell_undated(talk, day)
    if talk.kind is TalkKind.HOURS_USED:
        if talk.is_late:
            return _("The hours are used: the coordinator was to decide before %(day)s", day=day)
        return _("The hours are used: the coordinator decides before %(day)s", day=day)
    if talk.kind is TalkKind.PAUSED:
        if talk.is_late:
            return _("The pause was planned until %(day)s", day=day)
        return _("On pause until %(day)s", day=day)
    return _tell_answer(talk, side, day)


def tell_over(pairing: Pairing, contact: str, *, is_wanted: bool) -> str:
    """Say what became of a pairing that is over, and who sees to what comes next."""
    if pairing.state is PairingState.ENDED:
        day = format_day(pairing.ended_at or pairing.proposed_at, WEEKDAY)
        return _("You worked together until %(day)s. %(name)s is there for what comes next.", day=day, name=contact)
    if is_wanted:
        return _("It did not come about. %(name)s looks for somebody else.", name=contact)
    return _("It did not come about. %(name)s is there for what comes next.", name=contact)


def tell_called_off(meeting: Meeting, pairing: Pairing, reader: str) -> str:
    """Say who called the last meeting off, without blame."""
    side = meeting.cancelled_by
    if side is None:
        return _("The last meeting was called off.")
    if side is MeetingSide.COORDINATOR and _was_unanswered(meeting):
        return _("None of the dates proposed last was chosen in time.")
    if side is MeetingSide.COORDINATOR:
        return _("The association called the last meeting off.")
    if side is MeetingSide(reader):
        return _("You called the last meeting off: it happens.")
    person = pairing.supporter if side is MeetingSide.SUPPORTER else pairing.entrepreneur
    return _("%(name)s called the last meeting off: it happens.", name=person.first_name)


def _was_unanswered(meeting: Meeting) -> bool:
    """Say whether dates were let go after their day to answer: by the clock, or by hand, nobody had chosen one."""
    due_at = meeting.answer_due_at
    return meeting.starts_at is None and due_at is not None and meeting.updated_at >= due_at


def _tell_hour(talk: NextTalk, day: str) -> str:
    hour = format_clock(talk.starts_at) if talk.starts_at is not None else ""
    if talk.kind is TalkKind.PAST:
        return _("A talk was planned on %(day)s at %(time)s", day=day, time=hour)
    if talk.is_first:
        return _("First talk: %(day)s at %(time)s", day=day, time=hour)
    return _("Next talk: %(day)s at %(time)s", day=day, time=hour)


def _tell_dates(talk: NextTalk, side: MeetingSide, day: str) -> str:
    if talk.is_late:
        if side is not MeetingSide.COORDINATOR and talk.may_choose(side):
            return _("You can still choose a date: it was planned before %(day)s", day=day)
        return _("A date was to be chosen before %(day)s", day=day)
    if side is MeetingSide.COORDINATOR:
        return _("Dates are proposed: one is chosen before %(day)s", day=day)
    if talk.may_choose(side):
        return _("Dates are proposed to you: choose one before %(day)s", day=day)
    return _("You have proposed dates: the answer comes before %(day)s", day=day)


def _tell_undated(talk: NextTalk, day: str) -> str:
    if talk.is_first:
        if talk.is_late:
            return _("The first talk was planned before %(day)s", day=day)
        return _("First talk before %(day)s", day=day)
    if talk.is_late:
        return _("The next talk was planned before %(day)s", day=day)
    return _("Next talk before %(day)s", day=day)


def _tell_answer(talk: NextTalk, side: MeetingSide, day: str) -> str:
    if talk.kind is TalkKind.QUESTION:
        if talk.is_late:
            return _("A question comes first: its answer was due on %(day)s", day=day)
        return _("A question comes first: it is answered before %(day)s", day=day)
    if side is MeetingSide.SUPPORTER:
        return _("Please answer before %(day)s", day=day)
    if talk.is_late:
        return _("The answer was due on %(day)s", day=day)
    return _("Answer before %(day)s", day=day)
