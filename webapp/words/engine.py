"""What the engine says in codes, in words: hard rules, parts of a score, reasons and gaps.

The engine is not imported here; a test of the house compares these tables with its codes.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import LazyString, format_decimal
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from webapp.translation import gettext as _
from webapp.translation import ngettext as _n
from webapp.words.enums import stage_label
from webapp.words.lists import activity_label, language_inside, language_label, topic_label
from webapp.words.week import join_words, slot_label

Facts = Mapping[str, Any]

# What each rule asks for, what it says of a pair that breaks it, and what can be done.
RULES: Mapping[str, tuple[LazyString, LazyString, LazyString]] = MappingProxyType(
    {
        "role": (
            _p("rule", "the role asked for"),
            _l("does not play the role asked for"),
            _l("Look at the roles this person asks for, or invite supporters in that role."),
        ),
        "association": (
            _p("rule", "the same association"),
            _l("belongs to another association"),
            _l("Ask the other association."),
        ),
        "language": (
            _p("rule", "a shared language"),
            _l("no shared language"),
            _l("Check the languages of both profiles, or look for a supporter who speaks one of them."),
        ),
        "distance": (
            _p("rule", "a place both can reach, or meeting remotely"),
            _l("too far, and one of the two does not meet remotely"),
            _l("Ask both whether they accept meeting remotely, or a longer way."),
        ),
        "time": (
            _p("rule", "a shared moment in the week"),
            _l("no shared moment in the week"),
            _l("Ask both for more moments in their week."),
        ),
        "capacity": (
            _p("rule", "a free place"),
            _l("no free place"),
            _l("Ask supporters whether they can take one more person, or invite new ones."),
        ),
        "consent": (
            _p("rule", "consent to coaching"),
            _l("coaching needs this person’s consent"),
            _l("Speak about coaching with the person; consent is given in the profile."),
        ),
        "conflict": (
            _p("rule", "no conflict of interest, and no earlier refusal or silence"),
            _l("a conflict of interest, an earlier refusal, or no answer last time"),
            _l("Choose another supporter."),
        ),
        "competitor": (
            _p("rule", "no competitor in the same area"),
            _l("runs a competing business in the same area"),
            _l("Look for a supporter of another trade or another area."),
        ),
    }
)
# What the services ask for before the engine's rules matter.
SERVICE_RULES: Mapping[str, LazyString] = MappingProxyType(
    {
        "not_ready": _p("rule", "a complete profile"),
        "not_wanted": _p("rule", "a role for which this person asks"),
        "no_expert": _p("rule", "an expert who works with this person"),
        "not_active": _p("rule", "a supporter who is available"),
        "closed_file": _p("rule", "an open file"),
    }
)
SERVICE_CAUSES: Mapping[str, LazyString] = MappingProxyType(
    {"not_wanted": _l("this person has not asked for this role")}
)
COMPONENTS: Mapping[str, LazyString] = MappingProxyType(
    {
        "needs": _p("part of a score", "Needs and expertise"),
        "activity": _p("part of a score", "Activity"),
        "stage": _p("part of a score", "Stage of the project"),
        "languages": _p("part of a score", "Languages"),
        "availability": _p("part of a score", "Shared time"),
        "place": _p("part of a score", "Place"),
        "text": _p("part of a score", "What both wrote"),
        "stage_text": _p("part of a score", "Stage of the project, and what both wrote"),
        "bridging": _p("part of a score", "Network beyond the neighbourhood"),
        "soon": _p("part of a score", "Date"),
    }
)


def rule_label(code: str) -> str:
    """Say what a hard rule asks for, of the engine or of the services; a code without words stays as it is."""
    if code in RULES:
        return str(RULES[code][0])
    return str(SERVICE_RULES.get(code, code))


def rule_cause(code: str) -> str:
    """Say what is so when a pair breaks the rule, to follow a count: « 12 : aucune langue commune »."""
    return str(SERVICE_CAUSES[code] if code in SERVICE_CAUSES else RULES[code][1])


def rule_remedy(code: str) -> str:
    """Say what can be done when a rule leaves somebody without anyone."""
    return str(RULES[code][2])


def component_label(name: str) -> str:
    """Name a part of a score."""
    return str(COMPONENTS[name])


def reason_words(reason: Mapping[str, Any]) -> str:
    """Put a reason or gap as kept with a suggestion (`code` and `facts`) into words."""
    return reason_sentence(reason["code"], reason.get("facts") or {})


def reason_sentence(code: str, facts: Facts) -> str:
    """Put a reason or gap of the engine into words. A code that an older engine wrote gets a plain phrase."""
    return SENTENCES[code](facts) if code in SENTENCES else _("Another point in common")


def _topics(facts: Facts) -> str:
    return name_topics(facts["topics"])


def session_reason_words(reason: Mapping[str, Any]) -> str:
    """Put a reason for a workshop session, or for an invitation to coaching, into words."""
    code, facts = reason["code"], reason.get("facts") or {}
    return SESSION_SENTENCES[code](facts) if code in SESSION_SENTENCES else reason_sentence(code, facts)


def name_topics(slugs: Iterable[str]) -> str:
    """Name topics side by side: their names hold commas and « et » of their own."""
    return " · ".join(topic_label(slug) for slug in slugs)


def _needs_covered(facts: Facts) -> str:
    urgent = [
        topic for topic, priority in zip(facts["topics"], facts.get("priorities", ()), strict=False) if priority == 3
    ]
    if len(urgent) == len(facts["topics"]) > 1:
        return _("Can help with urgent needs: %(topics)s.", topics=_topics(facts))
    if urgent and len(facts["topics"]) > 1:
        return _(
            "Can help with: %(topics)s. Urgent among these: %(urgent)s.",
            topics=_topics(facts),
            urgent=name_topics(urgent),
        )
    if urgent:
        return _("Can help with an urgent need: %(topics)s.", topics=_topics(facts))
    return _("Can help with: %(topics)s.", topics=_topics(facts))


def _needs_uncovered(facts: Facts) -> str:
    return _("Another person will be needed for: %(topics)s.", topics=_topics(facts))


def _same_activity(facts: Facts) -> str:
    name = activity_label(facts.get("activity"))
    if facts.get("depth") == "subclass":
        return _("Knows this trade: %(activity)s.", activity=name)
    return _("Knows a trade close to this one: %(activity)s.", activity=name)


def _stage(facts: Facts) -> str:
    return stage_label(facts["stage"])


def _languages(facts: Facts) -> str:
    codes = list(facts["languages"])
    names = join_words([language_label(code) for code in codes])
    return _n("Shared language: %(names)s.", "Shared languages: %(names)s.", len(codes), names=names)


def _common_slots(facts: Facts) -> str:
    slots = [slot_label(slot) for slot in facts["slots"]]
    more = facts.get("count", len(slots)) - len(slots)
    if more > 0:
        return _n(
            "Free at the same time: %(slots)s, and one more slot.",
            "Free at the same time: %(slots)s, and %(num)d more slots.",
            more,
            slots=join_words(slots),
        )
    return _("Free at the same time: %(slots)s.", slots=join_words(slots))


def _few_slots(facts: Facts) -> str:
    if not facts["slots"]:
        return _("No shared slot in the week: a date will have to be found.")
    return _(
        "Few shared slots in the week: only %(slots)s.", slots=join_words([slot_label(slot) for slot in facts["slots"]])
    )


def kilometres(facts: Facts) -> str | None:
    """Say the distance of a reason, None where a place is unknown."""
    distance = facts.get("distance_km")
    return None if distance is None else str(format_decimal(round(distance, 1 if distance < 10 else 0)))


def _near(facts: Facts) -> str:
    km = kilometres(facts)
    return _("Can meet in person: %(km)s km apart.", km=km) if km else _("Can meet in person.")


def _remote(facts: Facts) -> str:
    km = kilometres(facts)
    return _("Both accept meeting remotely (%(km)s km apart).", km=km) if km else _("Both accept meeting remotely.")


def _far(facts: Facts) -> str:
    return _("Near the limit of how far one of them travels: %(km)s km apart.", km=kilometres(facts) or "?")


def _similar_words(facts: Facts) -> str:
    return _("Both speak of: %(words)s.", words=join_words(list(facts["words"])))


SENTENCES: Mapping[str, Callable[[Facts], str]] = MappingProxyType(
    {
        "needs_covered": _needs_covered,
        "same_activity": _same_activity,
        "knows_stage": lambda facts: _("Knows this stage: %(stage)s.", stage=_stage(facts)),
        "common_language": _languages,
        "common_slots": _common_slots,
        "near": _near,
        "remote": _remote,
        "similar_words": _similar_words,
        "beyond_neighbourhood": lambda _facts: _("Opens a network beyond the neighbourhood."),
        "bounced_back": lambda _facts: _("Has been through difficulties and bounced back."),
        "certified": lambda _facts: _("Is a certified coach."),
        "needs_uncovered": _needs_uncovered,
        "other_activity": lambda _facts: _("Comes from another trade."),
        "other_stage": lambda facts: _("Is less used to this stage: %(stage)s.", stage=_stage(facts)),
        "other_language": lambda facts: _(
            "Does not speak %(language)s, the language this person is most at ease in.",
            language=language_inside(facts["language"]),
        ),
        "few_slots": _few_slots,
        "far": _far,
        "no_place_left": lambda _facts: _("Has no free place left for now."),
    }
)


def _session_near(facts: Facts) -> str:
    return _("%(km)s km away.", km=kilometres(facts) or "?")


def _session_date(facts: Facts) -> str:
    slot, days = slot_label(facts["slot"]), facts["starts_in_days"]
    if days <= 0:
        return _("Today.")
    return _n("Tomorrow, on %(slot)s.", "In %(num)d days, on %(slot)s.", days, slot=slot)


SESSION_SENTENCES: Mapping[str, Callable[[Facts], str]] = MappingProxyType(
    {
        "needs_served": lambda facts: _("Answers a need: %(topics)s.", topics=_topics(facts)),
        "situation": lambda _facts: _("Made for a situation like the one you told us about."),
        "knows_stage": lambda facts: _("Made for this stage: %(stage)s.", stage=_stage(facts)),
        "language": lambda facts: _("Language: %(language)s.", language=language_label(facts["language"])),
        "near": _session_near,
        "online": lambda _facts: _("Online: no way to go."),
        "date": _session_date,
        "asked": lambda _facts: _("The person asked for it."),
        "declared_needs": lambda facts: _("Needs named by the person: %(topics)s.", topics=_topics(facts)),
        "declared_stage": lambda facts: _("Stage given by the person: %(stage)s.", stage=_stage(facts)),
        "declared_liquidation": lambda _facts: _("The person told us about a liquidation."),
    }
)
