"""What a plan lacks, in words: for the coordinator who decides, and for the person herself.

Codes and facts are the engine's (`matcher.plan_records.LeftOut`, `matcher.seats.NoSeat`). A person is told of what she
can change or wait for; who nobody was found for is told among her next steps.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_pgettext as _p

from models.plans import PlanLineKind
from models.queries.review import main_obstacle
from webapp.translation import gettext as _
from webapp.translation import ngettext as _n
from webapp.words.engine import Facts, name_topics, rule_cause
from webapp.words.enums import label
from webapp.words.lists import language_inside
from webapp.words.week import join_words, slot_label

CIRCLE = "circle"
CIRCLE_LABEL = _p("plan", "Circle")
LeftOuts = Iterable[Mapping[str, Any]]
Told = list[tuple[str, str]]


def tell_coordinator(left_out: LeftOuts) -> Told:
    """Give kind and sentence of everything that a plan lacks."""
    return _tell(left_out, COORDINATOR)


def tell_person(left_out: LeftOuts) -> Told:
    """Give kind and sentence of what the person can do something about."""
    return _tell(left_out, PERSON)


def _tell(left_out: LeftOuts, sentences: Mapping[str, Callable[[Facts], str]]) -> Told:
    return [
        (kind_label(one["kind"]), sentences[one["code"]](one.get("facts") or {}))
        for one in left_out
        if one["code"] in sentences
    ]


def kind_label(kind: str) -> str:
    """Name what a line brings; a circle is a line of the engine's that the tables keep elsewhere."""
    return str(CIRCLE_LABEL) if kind == CIRCLE else label(PlanLineKind(kind))


def _same_slot(facts: Facts) -> str:
    return _(
        "The only shared moment is kept for another line: %(slots)s. It stays among the suggestions.",
        slots=join_words([slot_label(slot) for slot in facts["slots"]]),
    )


def _no_hours(facts: Facts) -> str:
    if "hours" not in facts:
        return _("No hours are left in the month.")
    return _(
        "It takes %(hours)s hours a month; this person has %(most)s.",
        hours=format_decimal(facts["hours"]),
        most=format_decimal(facts["hours_per_month"]),
    )


def _nobody(facts: Facts) -> str:
    obstacle = main_obstacle(facts["rules"], facts["possible"])
    if obstacle == "taken":
        return _("Those who would fit have given their places to others.")
    if obstacle == "nobody":
        return _("Nobody offers this yet.")
    return _("Nobody fits: %(cause)s.", cause=rule_cause(obstacle))


def _none_fits(facts: Facts) -> str:
    causes = {
        "language": _("the language"),
        "time": _("the time"),
        "place": _("the way"),
        "full": _("no place left"),
    }
    named = join_words([words for cause, words in causes.items() if facts.get(cause)])
    return _("Sessions that would help do not fit: %(causes)s.", causes=named)


COORDINATOR: Mapping[str, Callable[[Facts], str]] = MappingProxyType(
    {
        "same_slot": _same_slot,
        "no_hours": _no_hours,
        "place_taken": lambda _facts: _("The place went to somebody else. It stays among the suggestions."),
        "nobody": _nobody,
        "nothing_needed": lambda _facts: _("No need that a workshop serves is open."),
        "enough_booked": lambda facts: _n(
            "%(num)d session is booked already: enough for now.",
            "%(num)d sessions are booked already: enough for now.",
            facts["count"],
        ),
        "no_session_for_needs": lambda facts: _(
            "No session to come serves: %(topics)s.", topics=name_topics(facts["topics"])
        ),
        "none_fits": _none_fits,
        "already_in_theme": lambda _facts: _("A session of the same theme or at the same hour is booked already."),
        "seats_gone": lambda _facts: _(
            "Every seat goes to people who were served less lately, or whose need is more urgent."
        ),
        "time": lambda facts: _(
            "The circle meets when this person is not free: %(slot)s.", slot=slot_label(facts["slot"])
        ),
        "language": lambda facts: _(
            "The circle speaks a language that this person does not: %(language)s.",
            language=language_inside(facts["language"]),
        ),
        "too_few_people": lambda _facts: _("The sessions that would fit lack people to take place."),
    }
)
PERSON: Mapping[str, Callable[[Facts], str]] = MappingProxyType(
    {
        "same_slot": lambda _facts: _(
            "Another meeting needs the same moment of your week. Adding moments would open more doors."
        ),
        "seats_gone": lambda _facts: _(
            "This time the places go first to people who have had none for a while. You may join a waiting list."
        ),
        "no_session_for_needs": lambda _facts: _("Nothing on what you need is planned yet. We tell you when it is."),
        "none_fits": lambda _facts: _("What is planned does not fit your moments, your languages or your way yet."),
        "too_few_people": lambda _facts: _("We still look for enough people, so that it can take place."),
    }
)
