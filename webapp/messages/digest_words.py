"""The words of the one mail a day that tells what waits (how many of each, never who or why), and what happened."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from flask import current_app

from models.notices import NoticeKind
from webapp.messages.facts import Content, Facts
from webapp.translation import gettext, ngettext


def digest(facts: Facts, news: Sequence[Content] = ()) -> Content:
    """Tell what waits, a line for each kind of thing, then what happened, each with its page."""
    counts = {kind: facts.number(kind.value) for kind in NoticeKind}
    total = sum(counts.values())
    more = facts.number("more_news")
    subject = ngettext("One thing waits for you", "%(num)d things wait for you", total or 1)
    if news and not total:
        subject = ngettext("Your summary: one piece of news", "Your summary: %(num)d news", len(news) + more)
    return Content(
        subject=subject,
        sentences=(
            *(LINES[kind](count) for kind, count in counts.items() if count),
            gettext("What is already done by the time you read this needs nothing more.") if total else None,
            gettext("What happened since the last summary:") if news else None,
            *(f"{one.headline or one.subject}\n{current_app.config['SETTINGS'].public_url}{one.path}" for one in news),
            ngettext("One more is among your messages.", "%(num)d more are among your messages.", more)
            if more
            else None,
        ),
        path="/" if total else "/messages",
        call=gettext("See what waits, and for when:") if total else gettext("Read all of it among my messages:"),
    )


LINES: Mapping[NoticeKind, Callable[[int], str]] = MappingProxyType(
    {
        NoticeKind.QUESTION_WAITS: lambda n: ngettext(
            "A question asked before a decision waits for its answer.",
            "%(num)d questions asked before a decision wait for their answer.",
            n,
        ),
        NoticeKind.DATE_TO_FIND: lambda n: ngettext(
            "A date for the next talk is still to be found.",
            "%(num)d dates for a next talk are still to be found.",
            n,
        ),
        NoticeKind.SILENCE: lambda n: ngettext(
            "Two people who work together have given no news for a while: a call may help.",
            "%(num)d pairs have given no news for a while: a call may help.",
            n,
        ),
        NoticeKind.LONG_SILENCE: lambda n: ngettext(
            "Two people have been silent for long: please ask both whether they go on, pause or stop.",
            "%(num)d pairs have been silent for long: please ask them whether they go on, pause or stop.",
            n,
        ),
        NoticeKind.DATE_TO_CHOOSE: lambda n: ngettext(
            "Dates to meet were proposed, and none is chosen yet.",
            "For %(num)d meetings dates were proposed, and none is chosen yet.",
            n,
        ),
        NoticeKind.DID_YOU_MEET: lambda n: ngettext(
            "A meeting was planned: did you meet? Two taps are enough.",
            "%(num)d meetings were planned: did you meet? Two taps each are enough.",
            n,
        ),
        NoticeKind.REPORT_MISSING: lambda n: ngettext(
            "Of a planned meeting nobody has said whether it took place.",
            "Of %(num)d planned meetings nobody has said whether they took place.",
            n,
        ),
        NoticeKind.CHARTER_TO_SIGN: lambda n: ngettext(
            "A charter still lacks a signature.", "%(num)d charters still lack a signature.", n
        ),
        NoticeKind.PAUSE_OVER: lambda n: ngettext(
            "A pause has come to its end: does the work together go on?",
            "%(num)d pauses have come to their end: does the work together go on?",
            n,
        ),
        NoticeKind.TERM_NEAR: lambda n: ngettext(
            "A path together is near its end: it is time to prepare what follows.",
            "%(num)d paths together are near their end: it is time to prepare what follows.",
            n,
        ),
        NoticeKind.TERM_OVER: lambda n: ngettext(
            "Two people have come to the end of the time they agreed on: does it go on, or end?",
            "%(num)d pairs have come to the end of the time they agreed on: do they go on, or end?",
            n,
        ),
        NoticeKind.HOURS_USED: lambda n: ngettext(
            "The hours planned for two people are used: you decide whether there are more, or it ends.",
            "The hours planned for %(num)d pairs are used: you decide whether there are more, or they end.",
            n,
        ),
        NoticeKind.HOURS_UNDECIDED: lambda n: ngettext(
            "Two people wait for your decision: their hours are used.",
            "%(num)d pairs wait for your decision: their hours are used.",
            n,
        ),
        NoticeKind.NEWS_DUE: lambda n: ngettext(
            "Somebody waits for the news that you promised for today.",
            "%(num)d people wait for the news that you promised.",
            n,
        ),
        NoticeKind.PROFILE_TO_FINISH: lambda n: ngettext(
            "A profile still lacks a few answers: with them, somebody can be looked for.",
            "%(num)d profiles still lack a few answers: with them, somebody can be looked for.",
            n,
        ),
        NoticeKind.GO_OR_NO_GO: lambda n: ngettext(
            "A session has fewer people than wished: does it take place?",
            "%(num)d sessions have fewer people than wished: do they take place?",
            n,
        ),
        NoticeKind.GO_OVERDUE: lambda n: ngettext(
            "Of a session with few people nobody has said whether it takes place: those who come wait for an answer.",
            "Of %(num)d sessions with few people nobody has said whether they take place: those who come wait.",
            n,
        ),
        NoticeKind.SESSION_PROPOSAL_WAITS: lambda n: ngettext(
            "Somebody proposes to lead a workshop and waits for your answer.",
            "%(num)d people propose to lead a workshop and wait for your answer.",
            n,
        ),
        NoticeKind.SESSION_PROPOSAL_LATE: lambda n: ngettext(
            "A proposed workshop has waited long for an answer: who of you gives it?",
            "%(num)d proposed workshops have waited long for an answer: who of you gives it?",
            n,
        ),
        NoticeKind.INTERVIEW_NEW: lambda n: ngettext(
            "Somebody has registered and would like to meet you.",
            "%(num)d people have registered and would like to meet you.",
            n,
        ),
        NoticeKind.INTERVIEW_DUE: lambda n: ngettext(
            "Somebody waits for a first interview: today is the last day.",
            "%(num)d people wait for a first interview: today is the last day.",
            n,
        ),
        NoticeKind.INTERVIEW_LATE: lambda n: ngettext(
            "Somebody has waited a week too long for a first interview: can one of you hold it?",
            "%(num)d people have waited a week too long for a first interview: can one of you hold it?",
            n,
        ),
        NoticeKind.INTERVIEW_AGAIN: lambda n: ngettext(
            "The day has come to talk again, as agreed.", "%(num)d talks were put off until today, as agreed.", n
        ),
        NoticeKind.ATTENDANCE_TO_MARK: lambda n: ngettext(
            "A session has taken place: who came is still to be noted.",
            "%(num)d sessions have taken place: who came is still to be noted.",
            n,
        ),
        NoticeKind.INTRODUCTION_TO_MAKE: lambda n: ngettext(
            "You promised to put somebody in touch: is it done?",
            "You promised %(num)d times to put somebody in touch: is it done?",
            n,
        ),
        NoticeKind.INTRODUCTION_NEWS: lambda n: ngettext(
            "Somebody put you in touch: what became of it? One tap is enough.",
            "Somebody put you in touch %(num)d times: what became of it? One tap each is enough.",
            n,
        ),
        NoticeKind.INTRODUCTION_LATE: lambda n: ngettext(
            "Of an introduction nobody has given news for long: a call may help.",
            "Of %(num)d introductions nobody has given news for long: a call may help.",
            n,
        ),
        NoticeKind.NEVER_MATCHED: lambda n: ngettext(
            "Somebody has been ready for two weeks and was in no match run: start one, or choose somebody yourself.",
            "%(num)d people have been ready for two weeks and were in no match run: start one, or choose yourself.",
            n,
        ),
        NoticeKind.INVITATION_WAITS: lambda n: ngettext(
            "Your account is ready and has not been opened yet: ask for a new link with “Forgotten password”.",
            "%(num)d accounts are ready and have not been opened yet: ask for a new link with “Forgotten password”.",
            n,
        ),
        NoticeKind.INVITATION_UNANSWERED: lambda n: ngettext(
            "Somebody you invited has not come yet: a call may help.",
            "%(num)d people you invited have not come yet: a call may help.",
            n,
        ),
        NoticeKind.ATTENDANCE_LATE: lambda n: ngettext(
            "Of a session long over nobody has noted who came: please see to it with its organiser.",
            "Of %(num)d sessions long over nobody has noted who came: please see to it with their organisers.",
            n,
        ),
        NoticeKind.REVIEW_DUE: lambda n: ngettext(
            "A check or a review is to be held: two minutes are enough to note it.",
            "%(num)d checks or reviews are to be held: two minutes each are enough to note them.",
            n,
        ),
        NoticeKind.REVIEW_LATE: lambda n: ngettext(
            "A check or a review has passed its last day: who of you calls?",
            "%(num)d checks or reviews have passed their last day: who of you calls?",
            n,
        ),
        NoticeKind.EXPERT_QUESTION_WAITS: lambda n: ngettext(
            "A question that you were asked still waits for your answer.",
            "%(num)d questions that you were asked still wait for your answer.",
            n,
        ),
        NoticeKind.TRAINING_ENDS: lambda n: ngettext(
            "The training of a supporter is to be renewed within a month.",
            "The training of %(num)d supporters is to be renewed within a month.",
            n,
        ),
        NoticeKind.INSURANCE_ENDS: lambda n: ngettext(
            "The insurance of a supporter is to be renewed within a month.",
            "The insurance of %(num)d supporters is to be renewed within a month.",
            n,
        ),
        NoticeKind.SUPPORTER_RESTS: lambda n: ngettext(
            "Two proposals in a row stayed without an answer: a pause is noted, and can be ended at any time.",
            "Proposals in a row stayed without an answer: %(num)d pauses are noted, and can be ended at any time.",
            n,
        ),
        NoticeKind.AVAILABLE_AGAIN: lambda n: ngettext(
            "The day of your pause has come: are you available again? Say so, or take more time.",
            "The day of %(num)d pauses of yours has come: are you available again? Say so, or take more time.",
            n,
        ),
        NoticeKind.STILL_AWAY: lambda n: ngettext(
            "The pause of a supporter has passed its day, and nobody said anything: a call may help.",
            "The pauses of %(num)d supporters have passed their day, and nobody said anything: a call may help.",
            n,
        ),
        NoticeKind.CIRCLE_TO_ANSWER: lambda n: ngettext(
            "Your invitation to a circle ends in two days: a yes or a no, both help.",
            "%(num)d invitations to a circle end in two days: a yes or a no, both help.",
            n,
        ),
        NoticeKind.CIRCLE_MEETS_SOON: lambda n: ngettext(
            "Your circle meets within a week: say with one tap whether you come.",
            "%(num)d meetings of circles are within a week: say with one tap whether you come.",
            n,
        ),
        NoticeKind.CIRCLE_TOO_FEW_COME: lambda n: ngettext(
            "Too few people come to the next meeting of a circle: keep it, move it or call it off.",
            "Too few people come to %(num)d meetings of circles: keep, move or call them off.",
            n,
        ),
        NoticeKind.CIRCLE_TO_REPORT: lambda n: ngettext(
            "Your circle has met: note who was there.",
            "%(num)d meetings of circles have passed: note who was there.",
            n,
        ),
        NoticeKind.CIRCLE_NOT_REPORTED: lambda n: ngettext(
            "Of a meeting of a circle nobody has noted who was there.",
            "Of %(num)d meetings of circles nobody has noted who was there.",
            n,
        ),
        NoticeKind.CIRCLE_TOO_SMALL: lambda n: ngettext(
            "A circle has fewer people than planned: somebody else may join, or it goes on as it is.",
            "%(num)d circles have fewer people than planned: somebody else may join, or they go on as they are.",
            n,
        ),
        NoticeKind.CIRCLE_UNDECIDED: lambda n: ngettext(
            "About a circle with fewer people than planned nobody has decided yet.",
            "About %(num)d circles with fewer people than planned nobody has decided yet.",
            n,
        ),
        NoticeKind.CIRCLE_UNLED: lambda n: ngettext(
            "A circle has nobody to lead it: choose who takes it over.",
            "%(num)d circles have nobody to lead them: choose who takes them over.",
            n,
        ),
        NoticeKind.GATHERING_SOON: lambda n: ngettext(
            "The supporters’ circle meets within a week: see where, and say whether you come.",
            "%(num)d meetings of supporters are within a week: see where, and say whether you come.",
            n,
        ),
        NoticeKind.GATHERING_TO_NOTE: lambda n: ngettext(
            "The supporters have met: note who was there, their hours count by themselves.",
            "%(num)d meetings of supporters have passed: note who was there, their hours count by themselves.",
            n,
        ),
        NoticeKind.GATHERING_NOT_NOTED: lambda n: ngettext(
            "Of a meeting of supporters nobody has noted who was there.",
            "Of %(num)d meetings of supporters nobody has noted who was there.",
            n,
        ),
        NoticeKind.GATHERING_WANTED: lambda n: ngettext(
            "The supporters have not met for a while, and no meeting is planned.",
            "The supporters of %(num)d associations have not met for a while, and no meeting is planned.",
            n,
        ),
    }
)
