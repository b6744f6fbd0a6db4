"""Why this circle, and why none: sentences for the coordinator and for the entrepreneur herself."""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.circles import CircleRule
from models.names import full_name
from webapp.services.circle_leaders import PossibleLeader
from webapp.translation import gettext as _
from webapp.translation import ngettext as _n
from webapp.words.engine import name_topics
from webapp.words.enums import label
from webapp.words.lists import language_label
from webapp.words.week import join_words, slot_label

Reason = Mapping[str, Any]

RULES: Mapping[str, LazyString] = MappingProxyType(
    {
        "facilitator": _l("Nobody leads a circle for now."),
        "association": _l("Nobody of this association leads a circle."),
        "conflict": _l("Who leads the circles must not meet this person."),
        "competitor": _l("Who leads the circles works in the same trade close by."),
        "language": _l("Nobody who leads a circle speaks one of this person’s languages."),
        "time": _l("Nobody who leads a circle is free at the same moments."),
        "distance": _l("The circles meet too far away, and one side does not take part by video."),
        "people": _l("Too few others are free at the same moment in the same language."),
        "capacity": _l("The circles are full, or those who lead can take no more."),
    }
)
COMPONENTS: Mapping[str, LazyString] = MappingProxyType(
    {
        "receives": _l("What the others can bring"),
        "gives": _l("What this person can bring"),
        "size": _l("Size of the circle"),
        "languages": _l("Ease in the language"),
        "place": _l("Nearness"),
    }
)


def rule_sentence(rule: str) -> str:
    """Say what holds somebody back."""
    return str(RULES[rule])


def change_sentence(change: Reason | None) -> str:
    """Say the nearest change that would open a circle."""
    if change is None:
        return _("No single change would help: talk about it together.")
    return CHANGES[change["code"]](change["facts"])


def _more_people(facts: Reason) -> str:
    return _n(
        "One more person free on %(slot)s (%(language)s) would make a circle.",
        "%(num)d more people free on %(slot)s (%(language)s) would make a circle.",
        facts["missing"],
        slot=slot_label(facts["slot"]),
        language=language_label(facts["language"]),
    )


CHANGES: Mapping[str, Callable[[Reason], str]] = MappingProxyType(
    {
        "add_slot": lambda facts: _("Being free on %(slot)s would open a circle.", slot=slot_label(facts["slot"])),
        "accept_remote": lambda _facts: _("Taking part by video would open a circle."),
        "travel": lambda facts: _(
            "Travelling %(km)s km would open a circle.", km=f"{facts['distance_km']:g}".replace(".", ",")
        ),
        "add_language": lambda facts: _(
            "A place would open to who speaks %(language)s.", language=language_label(facts["language"])
        ),
        "one_more_facilitator": lambda _facts: _("One more person to lead a circle would make one possible."),
        "more_people": _more_people,
    }
)


def list_parts(components: Sequence[Mapping[str, Any]]) -> list[tuple[str, float, float]]:
    """Give each part of a member's score: its word, what it brings, what it could bring."""
    return [
        (str(COMPONENTS[part["name"]]), part["contribution"], part["weight"]) for part in components if part["weight"]
    ]


def keep_present(
    reasons: Sequence[Reason],
    own_id: int,
    *,
    offers: Mapping[int, Collection[str]],
    needs: Mapping[int, Collection[str]] | None = None,
) -> list[Reason]:
    """Keep of a member's reasons what those who are there bring, and need where that may be told; the rest went."""
    kept: list[Reason] = []
    for reason in reasons:
        there = {"receives": offers, "gives": needs}.get(reason["code"])
        if there is None:
            kept.append(reason)
            continue
        known = {topic for person_id, topics in there.items() if person_id != own_id for topic in topics}
        topics = [topic for topic in reason["facts"]["topics"] if topic in known]
        if topics:
            kept.append({**reason, "facts": {**reason["facts"], "topics": topics}})
    return kept


def for_coordinator(reasons: Sequence[Reason], names: Mapping[str, str]) -> list[str]:
    """Say what a member gets and gives, with who is there; what nobody there gives or gets is left out."""
    found = []
    for reason in reasons:
        facts = reason["facts"]
        others = [names[other] for other in facts.get("others", ()) if other in names]
        if reason["code"] in ("receives", "gives") and others:
            said = {"topics": name_topics(facts["topics"]), "names": join_words(others)}
            if reason["code"] == "receives":
                found.append(_("Receives: %(topics)s (%(names)s).", **said))
            else:
                found.append(_("Gives: %(topics)s (%(names)s).", **said))
    return found


def for_entrepreneur(reasons: Sequence[Reason]) -> list[str]:
    """Say what she can bring and receive, without naming anybody."""
    sentences = {
        "receives": lambda facts: _("You can receive: %(topics)s.", topics=name_topics(facts["topics"])),
        "gives": lambda facts: _("You can bring: %(topics)s.", topics=name_topics(facts["topics"])),
        "near": lambda facts: _("It is %(km)s km from you.", km=f"{facts['distance_km']:g}".replace(".", ",")),
    }
    return [sentences[reason["code"]](reason["facts"]) for reason in reasons if reason["code"] in sentences]


def tell_possible_leader(one: PossibleLeader) -> str:
    """Name somebody who could lead a circle, with what profiles say against it."""
    name = full_name(one.supporter)
    if not one.passed_over:
        return name
    return _("%(name)s, if you agree on it together: %(rules)s", name=name, rules=tell_passed_over(one.passed_over))


def tell_passed_over(rules: Sequence[str]) -> str:
    """Say what a coordinator passes over, or has passed over, by hand."""
    return join_words([label(CircleRule(rule)) for rule in rules])
