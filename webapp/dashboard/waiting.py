"""The dashboard's lines: what waits, how much of it, until when, and the list that shows exactly that."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from models.queries.agenda import SessionSituation
from models.queries.dashboard import Overview
from models.queries.directory import EntrepreneurSituation, SupporterSituation
from models.queries.expert_questions import QuestionSituation
from models.queries.introductions import IntroductionSituation
from webapp.clock import day_of
from webapp.templating import format_day
from webapp.translation import gettext as _
from webapp.translation import ngettext

# What is in order is named in the plural: « profils à compléter », not « 0 profil ».
IN_ORDER = 2
WEEKDAY = "EEEE d MMMM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits: its number is the number of lines of the list it links to."""

    number: int
    what: str
    detail: str
    url: str
    is_late: bool = False
    is_hers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingGroup:
    """Lines under one heading: what is late, what is hers to do, what others do and she keeps an eye on."""

    title: str
    lines: Sequence[Waiting]


def list_waiting(overview: Overview, *, at: datetime) -> list[Waiting]:
    """List what waits for her, decisions first; what is in order is left out."""
    return [line for line in _all_lines(overview, at) if line.number]


def group_waiting(lines: Sequence[Waiting]) -> list[WaitingGroup]:
    """Put what waits under headings, the late first; a heading without a line is left out."""
    late = [line for line in lines if line.is_late]
    hers = [line for line in lines if line.is_hers and not line.is_late]
    theirs = [line for line in lines if not line.is_hers and not line.is_late]
    groups = (
        WaitingGroup(title=_("Late"), lines=late),
        WaitingGroup(title=_("Things to do"), lines=hers),
        WaitingGroup(title=_("To keep an eye on"), lines=theirs),
    )
    return [group for group in groups if group.lines]


def list_settled(overview: Overview, *, at: datetime) -> list[Waiting]:
    """List what is in order, so that an absence reads as good news and not as an omission."""
    return [line for line in _all_lines(overview, at) if not line.number]


def _all_lines(overview: Overview, at: datetime) -> Iterator[Waiting]:
    for build in (
        _calls,
        _decisions,
        _plans,
        _to_meet,
        _returned,
        _to_follow,
        _reviews,
        _questions,
        _alone,
        _unanswered,
        _go_or_no_go,
        _proposed_sessions,
        _attendance,
        _gatherings,
        _no_gathering,
        _circle_decisions,
        _circle_notes,
        _introductions,
        _papers,
        _away,
        _incomplete,
        _borderline,
        _waiting_lists,
    ):
        yield build(overview, at)


def _calls(overview: Overview, _at: datetime) -> Waiting:
    asked = overview.call_asked_at
    return Waiting(
        number=overview.calls,
        what=ngettext("person waiting for a call", "people waiting for a call", overview.calls or IN_ORDER),
        detail=_("Nobody trained has called yet; the first wish is of %(day)s.", day=format_day(asked, WEEKDAY))
        if asked
        else "",
        url=url_for("handovers.trained"),
        is_late=asked is not None,
    )


def _decisions(overview: Overview, at: datetime) -> Waiting:
    return Waiting(
        number=overview.to_decide,
        what=ngettext("suggestion to decide", "suggestions to decide", overview.to_decide or IN_ORDER),
        detail=_deadline(overview.decide_before, at, soon=_soon_decide, late=_late_decide),
        url=url_for("suggestions.index"),
        is_late=_is_past(overview.decide_before, at),
    )


def _soon_decide(day: str) -> str:
    return _("You decide; the first one before %(day)s.", day=day)


def _late_decide(day: str) -> str:
    return _("You decide; the first one was due on %(day)s.", day=day)


def _plans(overview: Overview, _at: datetime) -> Waiting:
    number = overview.plans_to_decide
    return Waiting(
        number=number,
        what=ngettext("support plan to decide", "support plans to decide", number or IN_ORDER),
        detail=_("The same suggestions, person by person, with workshops: approve all at once, or line by line."),
        url=url_for("plans.index"),
    )


def _to_meet(overview: Overview, at: datetime) -> Waiting:
    return Waiting(
        number=overview.to_meet,
        what=ngettext("person to meet first", "people to meet first", overview.to_meet or IN_ORDER),
        detail=_deadline(overview.meet_before, at, soon=_soon_meet, late=_late_meet),
        url=url_for("interviews.index"),
        is_late=_is_past(overview.meet_before, at),
    )


def _soon_meet(day: str) -> str:
    return _("A first interview each; the first one before %(day)s.", day=day)


def _late_meet(day: str) -> str:
    return _("A first interview each; the first one was due on %(day)s.", day=day)


def _returned(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.returned,
        what=ngettext("proposal that came back", "proposals that came back", overview.returned or IN_ORDER),
        detail=_("Declined, or without an answer in time: somebody else is to be found."),
        url=url_for("dashboard.returned"),
    )


def _to_follow(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.to_follow,
        what=ngettext("pairing that needs you", "pairings that need you", overview.to_follow or IN_ORDER),
        detail=_("A question to answer, a meeting that did not happen, a signature or an interview that is missing."),
        url=url_for("dashboard.follow_up"),
    )


def _reviews(overview: Overview, at: datetime) -> Waiting:
    return Waiting(
        number=overview.reviews,
        what=ngettext("check or review to hold", "checks or reviews to hold", overview.reviews or IN_ORDER),
        detail=_deadline(overview.review_before, at, soon=_soon_review, late=_late_review),
        url=url_for("reviews.index"),
        is_late=_is_past(overview.review_before, at),
    )


def _soon_review(day: str) -> str:
    return _("A call and two minutes each; the first one before %(day)s.", day=day)


def _late_review(day: str) -> str:
    return _("A call and two minutes each; the first one was due on %(day)s.", day=day)


def _alone(overview: Overview, at: datetime) -> Waiting:
    day = overview.follow_up_on
    is_late = day is not None and day <= day_of(at)
    if day is None:
        detail = _("Nobody is with them and nothing is under way.")
    elif is_late:
        detail = _("You promised news by %(day)s.", day=format_day(day, WEEKDAY))
    else:
        detail = _("Next news to give by %(day)s.", day=format_day(day, WEEKDAY))
    return Waiting(
        number=overview.alone,
        what=ngettext("person without anybody", "people without anybody", overview.alone or IN_ORDER),
        detail=detail,
        url=url_for("entrepreneurs.index", situation=EntrepreneurSituation.ALONE.value),
        is_late=is_late,
    )


def _unanswered(overview: Overview, at: datetime) -> Waiting:
    return Waiting(
        number=overview.unanswered,
        what=ngettext("proposal sent, no answer yet", "proposals sent, no answer yet", overview.unanswered or IN_ORDER),
        detail=_deadline(overview.answer_before, at, soon=_soon_answer, late=_late_answer),
        url=url_for("dashboard.unanswered"),
        is_hers=False,
        is_late=_is_past(overview.answer_before, at),
    )


def _soon_answer(day: str) -> str:
    return _("The supporter answers; the first one before %(day)s, then it comes back to you.", day=day)


def _late_answer(day: str) -> str:
    return _("The first answer was due on %(day)s; it is about to come back to you.", day=day)


def _attendance(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.attendance,
        what=ngettext(
            "workshop to mark attendance for", "workshops to mark attendance for", overview.attendance or IN_ORDER
        ),
        detail=_("Who came, who did not: one form for everybody."),
        url=url_for("workshops.index", situation=SessionSituation.ATTENDANCE.value),
    )


def _go_or_no_go(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.to_decide_sessions,
        what=ngettext(
            "workshop to decide on: go or no-go",
            "workshops to decide on: go or no-go",
            overview.to_decide_sessions or IN_ORDER,
        ),
        detail=_("Fewer people come than wished: it takes place all the same, or it is cancelled with a word to all."),
        url=url_for("workshops.index", situation=SessionSituation.TO_DECIDE.value),
    )


def _proposed_sessions(overview: Overview, at: datetime) -> Waiting:
    number = overview.proposed_sessions
    return Waiting(
        number=number,
        what=ngettext("workshop proposed by a member", "workshops proposed by members", number or IN_ORDER),
        detail=_deadline(overview.proposed_before, at, soon=_soon_proposed, late=_late_proposed),
        url=url_for("session_proposals.index"),
        is_late=_is_past(overview.proposed_before, at),
    )


def _soon_proposed(day: str) -> str:
    return _("You confirm, or answer with a word; the first one before %(day)s.", day=day)


def _late_proposed(day: str) -> str:
    return _("You confirm, or answer with a word; the first one was due on %(day)s.", day=day)


def _circle_decisions(overview: Overview, at: datetime) -> Waiting:
    number = overview.circle_decisions
    return Waiting(
        number=number,
        what=ngettext("decision about a circle", "decisions about circles", number or IN_ORDER),
        detail=_deadline(overview.circle_decide_before, at, soon=_soon_circle, late=_late_circle),
        url=url_for("circles.waiting", _anchor="to-decide"),
        is_late=_is_past(overview.circle_decide_before, at),
    )


def _soon_circle(day: str) -> str:
    return _("People are missing: go on, move, or call it off; the first one before %(day)s.", day=day)


def _late_circle(day: str) -> str:
    return _("People are missing: go on, move, or call it off; the first one was due on %(day)s.", day=day)


def _circle_notes(overview: Overview, at: datetime) -> Waiting:
    return Waiting(
        number=overview.circle_notes,
        what=ngettext("circle meeting to note", "circle meetings to note", overview.circle_notes or IN_ORDER),
        detail=_deadline(overview.circle_met_at, at, soon=_met, late=_met),
        url=url_for("circles.waiting", _anchor="to-note"),
    )


def _met(day: str) -> str:
    return _("Nobody has said who was there; the first one was on %(day)s.", day=day)


def _questions(overview: Overview, at: datetime) -> Waiting:
    return Waiting(
        number=overview.questions,
        what=ngettext("expert question for you", "expert questions for you", overview.questions or IN_ORDER),
        detail=_deadline(overview.question_before, at, soon=_soon_question, late=_late_question),
        url=url_for("expert_questions.index", situation=QuestionSituation.YOURS.value),
        is_late=_is_past(overview.question_before, at),
    )


def _soon_question(day: str) -> str:
    return _("You answer, or find who can; the first one before %(day)s.", day=day)


def _late_question(day: str) -> str:
    return _("You answer, or find who can; the first one was due on %(day)s.", day=day)


def _papers(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.papers,
        what=ngettext("supporter with papers to renew", "supporters with papers to renew", overview.papers or IN_ORDER),
        detail=_("Training or insurance over, or ending within a month. Nobody is set aside for it: you remind."),
        url=url_for("supporters.index", situation=SupporterSituation.PAPERS.value),
        is_hers=False,
    )


def _away(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.away,
        what=ngettext(
            "supporter whose pause is past its day", "supporters whose pause is past its day", overview.away or IN_ORDER
        ),
        detail=_("They were asked whether they are available again. A call may help; nobody is proposed meanwhile."),
        url=url_for("supporters.index", situation=SupporterSituation.AWAY.value),
        is_hers=False,
    )


def _gatherings(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.gatherings,
        what=ngettext(
            "meeting of supporters to note", "meetings of supporters to note", overview.gatherings or IN_ORDER
        ),
        detail=_("Who was there: their hours count by themselves."),
        url=url_for("gatherings.index"),
    )


def _no_gathering(overview: Overview, at: datetime) -> Waiting:
    number = int(overview.lacks_a_gathering(at=at))
    return Waiting(
        number=number,
        what=ngettext("meeting of supporters to plan", "meetings of supporters to plan", number or IN_ORDER),
        detail=_("Supporters help alone most of the time: they have not met for a while."),
        url=url_for("gatherings.index"),
    )


def _introductions(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.introductions,
        what=ngettext("introduction without news", "introductions without news", overview.introductions or IN_ORDER),
        detail=_("Promised or made, and nobody has told what became of it: a call may help."),
        url=url_for("introductions.index", situation=IntroductionSituation.OVERDUE.value),
        is_hers=False,
    )


def _incomplete(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.incomplete,
        what=ngettext("profile to complete", "profiles to complete", overview.incomplete or IN_ORDER),
        detail=_("Nobody can be looked for yet. You can fill them in together by telephone."),
        url=url_for("entrepreneurs.index", situation=EntrepreneurSituation.INCOMPLETE.value),
        is_hers=False,
    )


def _borderline(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.qpv_borderline,
        what=ngettext(
            "neighbourhood check to look at", "neighbourhood checks to look at", overview.qpv_borderline or IN_ORDER
        ),
        detail=_("The address is within a few metres of the border: you confirm."),
        url=url_for("entrepreneurs.index", situation=EntrepreneurSituation.QPV_BORDERLINE.value),
    )


def _waiting_lists(overview: Overview, _at: datetime) -> Waiting:
    return Waiting(
        number=overview.waiting_sessions,
        what=ngettext(
            "session with a waiting list", "sessions with a waiting list", overview.waiting_sessions or IN_ORDER
        ),
        detail=_("More seats, or a second date?"),
        url=url_for("workshops.index", situation=SessionSituation.WAITING.value),
        is_hers=False,
    )


def _deadline(instant: datetime | None, at: datetime, *, soon: Callable[[str], str], late: Callable[[str], str]) -> str:
    if instant is None:
        return ""
    words = late if instant < at else soon
    return words(format_day(instant, WEEKDAY))


def _is_past(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant < at
