"""One account of a pair in three readings: for the coordinator, for the supporter, for the entrepreneur.

The engine says which reasons belong to whom (`matcher.readings`); here each reader gets her own sentences, made from
the facts of the reason. A code that a reader has no sentence for is not said to her. Sentences for entrepreneurs are
short and plain: many read French as a second language.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from webapp.translation import gettext as _
from webapp.translation import ngettext as _n
from webapp.words import engine
from webapp.words.engine import Facts
from webapp.words.enums import stage_label
from webapp.words.lists import activity_label, language_inside
from webapp.words.members import join_languages
from webapp.words.tongues import mark_french
from webapp.words.week import join_words, slot_label

Reasons = Iterable[Mapping[str, Any]]


def for_coordinator(reasons: Reasons) -> list[str]:
    """Say reasons or gaps about two people whom the reader looks at from outside."""
    return [_marked(engine.reason_words(reason), _facts(reason)) for reason in reasons]


def for_supporter(reasons: Reasons) -> list[str]:
    """Say what the reader can bring to somebody."""
    return [
        _marked(SUPPORTER_SENTENCES[reason["code"]](_facts(reason)), _facts(reason))
        for reason in reasons
        if reason["code"] in SUPPORTER_SENTENCES
    ]


def for_entrepreneur(reasons: Reasons, *, name: str) -> list[str]:
    """Say why this person, of whom the reader knows the first name."""
    return [
        _marked(ENTREPRENEUR_SENTENCES[reason["code"]](_facts(reason), name), _facts(reason))
        for reason in reasons
        if reason["code"] in ENTREPRENEUR_SENTENCES
    ]


def _facts(reason: Mapping[str, Any]) -> Facts:
    facts: Facts = reason.get("facts") or {}
    return facts


def _marked(sentence: str, facts: Facts) -> Markup:
    """Say in which language the name of a trade is: the official list exists in French only."""
    return mark_french(sentence, activity_label(facts.get("activity")))


def _slots(facts: Facts) -> tuple[str, int]:
    slots = [slot_label(slot) for slot in facts["slots"]]
    return join_words(slots), max(0, facts.get("count", len(slots)) - len(slots))


def _bring_help(facts: Facts) -> str:
    return _("You can help with: %(topics)s.", topics=engine.name_topics(facts["topics"]))


def _bring_trade(facts: Facts) -> str:
    name = activity_label(facts.get("activity"))
    if facts.get("depth") == "subclass":
        return _("You know this trade: %(activity)s.", activity=name)
    return _("You know a trade close to this one: %(activity)s.", activity=name)


def _bring_languages(facts: Facts) -> str:
    names = join_languages(facts["languages"])
    return _n(
        "You share a language: %(names)s.", "You share languages: %(names)s.", len(facts["languages"]), names=names
    )


def _bring_time(facts: Facts) -> str:
    moments, more = _slots(facts)
    if more:
        return _("You are both free: %(moments)s, and at other times.", moments=moments)
    return _("You are both free: %(moments)s.", moments=moments)


def _bring_nearness(facts: Facts) -> str:
    km = engine.kilometres(facts)
    return _("You are %(km)s km apart.", km=km) if km else _("You can meet in person.")


SUPPORTER_SENTENCES: Mapping[str, Callable[[Facts], str]] = MappingProxyType(
    {
        "needs_covered": _bring_help,
        "same_activity": _bring_trade,
        "knows_stage": lambda facts: _("You like to support this stage: %(stage)s.", stage=stage_label(facts["stage"])),
        "common_language": _bring_languages,
        "common_slots": _bring_time,
        "near": _bring_nearness,
        "remote": lambda _facts: _("You both accept telephone or video calls."),
        "similar_words": lambda facts: _("You both write about: %(words)s.", words=join_words(list(facts["words"]))),
        "beyond_neighbourhood": lambda _facts: _("You would open a circle beyond the neighbourhood."),
        "bounced_back": lambda _facts: _("You have been through hard times with a business yourself, and came back."),
        "certified": lambda _facts: _("You are certified for this coaching."),
        "needs_uncovered": lambda facts: _(
            "Somebody else helps with: %(topics)s.", topics=engine.name_topics(facts["topics"])
        ),
        "other_language": lambda facts: _(
            "This person is most at ease in another language: %(language)s. Short sentences help.",
            language=language_inside(facts["language"]),
        ),
    }
)


def _why_trade(facts: Facts, name: str) -> str:
    if facts.get("depth") == "subclass":
        return _("%(name)s knows your trade.", name=name)
    return _("%(name)s knows a trade close to yours.", name=name)


def _why_language(facts: Facts, _name: str) -> str:
    return _("You can speak together in: %(names)s.", names=join_languages(facts["languages"]))


def _why_time(facts: Facts, _name: str) -> str:
    moments, more = _slots(facts)
    if more:
        return _("You are free at the same times: %(moments)s, and more.", moments=moments)
    return _("You are free at the same times: %(moments)s.", moments=moments)


def _why_near(facts: Facts, name: str) -> str:
    km = engine.kilometres(facts)
    if km is None:
        return _("You can meet in person.")
    return _("%(name)s is %(km)s km from you.", name=name, km=km)


ENTREPRENEUR_SENTENCES: Mapping[str, Callable[[Facts, str], str]] = MappingProxyType(
    {
        "needs_covered": lambda facts, name: _(
            "%(name)s can help you with: %(topics)s.", name=name, topics=engine.name_topics(facts["topics"])
        ),
        "same_activity": _why_trade,
        "knows_stage": lambda facts, name: _(
            "%(name)s likes to help people at your stage: %(stage)s.", name=name, stage=stage_label(facts["stage"])
        ),
        "common_language": _why_language,
        "common_slots": _why_time,
        "near": _why_near,
        "remote": lambda _facts, _name: _("You can talk by telephone or by video."),
        "similar_words": lambda facts, _name: _(
            "You use the same words: %(words)s.", words=join_words(list(facts["words"]))
        ),
        "beyond_neighbourhood": lambda _facts, name: _(
            "%(name)s is from another place: new contacts for you.", name=name
        ),
        "bounced_back": lambda _facts, name: _(
            "%(name)s has been through hard times with a business, and came back.", name=name
        ),
        "certified": lambda _facts, name: _("%(name)s is trained for this, with a certificate.", name=name),
    }
)
