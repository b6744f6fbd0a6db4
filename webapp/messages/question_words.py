"""The words of messages about expert questions: never what is asked or answered."""

from webapp.messages.facts import Content, Facts, if_any
from webapp.translation import gettext


def _path(facts: Facts) -> str:
    return f"/questions/{facts.text('question_id')}"


def expert_asked(facts: Facts) -> Content:
    """Tell who is to answer that a question is there."""
    partner, day = facts.text("partner"), facts.day("due_at")
    return Content(
        subject=gettext("A question for you"),
        sentences=(
            gettext("%(partner)s has one question for you. A few lines are enough.", partner=partner)
            if partner
            else gettext("A question waits for your association: answer it, or find who can."),
            if_any(day, gettext("Your turn: please answer by %(day)s, or give it back with a word.", day=day)),
        ),
        path=_path(facts),
        call=gettext("Read the question and answer:"),
    )


def expert_answered(facts: Facts) -> Content:
    """Tell a person that her answer is there."""
    day = facts.day("due_at")
    return Content(
        subject=gettext("Your question has its answer"),
        sentences=(
            gettext("You asked a question: the answer is there."),
            if_any(
                day,
                gettext(
                    "Without a word from you it is closed on %(day)s, and the expert is free for somebody else.",
                    day=day,
                ),
            ),
        ),
        path=_path(facts),
        call=gettext("Read the answer:"),
    )


def expert_unanswered(facts: Facts) -> Content:
    """Tell a person that her question has no answer here, and what comes next."""
    return Content(
        subject=gettext("About your question"),
        sentences=(
            gettext("We have not found who could answer your question, and we are sorry."),
            gettext("Your contact comes back to you. You can also ask again, in other words."),
        ),
        path=_path(facts),
        call=gettext("See what comes next:"),
    )
