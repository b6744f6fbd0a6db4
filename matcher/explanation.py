"""Reasons: why two people, what is missing, why nobody.

Codes and facts only; the words are made for the reader elsewhere. Codes of reasons and their facts:

| code | facts |
|---|---|
| `needs_covered` | `topics`, `priorities`, `levels`: asked and known, the most urgent and best known first |
| `same_activity` | `depth` (division, group, class, subclass), `activity` |
| `knows_stage` | `stage` |
| `common_language` | `languages`, the easiest for her first |
| `common_slots` | `slots`, `count` |
| `near` | `distance_km` |
| `remote` | `distance_km`, None when a place is unknown |
| `similar_words` | `words`, as she wrote them |
| `beyond_neighbourhood` | none |
| `bounced_back`, `certified` | none: about the supporter |

Codes of gaps: `needs_uncovered` (`topics`, `priorities`), `other_activity` (`activity`), `other_stage` (`stage`),
`other_language` (`language`, her first), `few_slots` (`slots`, `count`), `far` (`distance_km`), `no_place_left`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from matcher.activities import DEPTHS, shared_depth
from matcher.encoding import IntArray, great_circle_km
from matcher.frames import Frame
from matcher.pool import Pool
from matcher.records import SLOTS, Entrepreneur, Role, Supporter
from matcher.results import Component, Reason
from matcher.scoring import POINTS, score_parts
from matcher.settings import COMPONENTS
from matcher.text import language_of
from matcher.words import keywords

LONGEST_LIST = 3
"""Topics, words and slots named in one reason at most."""

SIMILAR_TEXT = 0.2
"""Closeness of texts from which common words are worth showing."""

FEW_SLOTS = 2
"""Fewer common slots than this make finding a date hard."""

FAR_SHARE = 0.75
"""Share of the distance that both accept from which a supporter is called far."""


class Explained:
    """What one pair is worth and why: `score`, `components`, `reasons` and `gaps`."""

    __slots__ = ("components", "gaps", "reasons", "score")

    def __init__(
        self, score: float, components: tuple[Component, ...], reasons: tuple[Reason, ...], gaps: tuple[Reason, ...]
    ) -> None:
        self.score, self.components, self.reasons, self.gaps = score, components, reasons, gaps


class _Facts:
    """The numbers of one pair that reasons are made from."""

    __slots__ = ("both_remote", "distance_km", "entrepreneur", "language", "ratio", "supporter", "value")

    def __init__(self, entrepreneur: Entrepreneur, supporter: Supporter, value: Mapping[str, float]) -> None:
        self.entrepreneur, self.supporter, self.value = entrepreneur, supporter, value
        self.distance_km: float | None = None
        self.ratio = np.inf
        self.both_remote = False
        self.language = "fr"


def explain(pool: Pool, rows: IntArray, columns: IntArray) -> Iterator[Explained]:
    """Explain a list of pairs, in order.

    Parameters
    ----------
    pool : Pool
        The pool.
    rows, columns : ndarray of int of shape (n,)
        Places of the pairs.

    Yields
    ------
    explained : Explained
        Score, parts, reasons and gaps; a component that does not apply to her is left out.
    """
    for part, frame in pool.frames(rows, columns):
        roles = frame.supporters.role
        shares = pool.shares[roles, rows[part]]
        values, points = score_parts(frame, shares)
        weights, contributions = (shares / np.float64(POINTS)).tolist(), (points / np.float64(POINTS)).tolist()
        totals = (points.sum(axis=1) / np.float64(POINTS)).tolist()
        facts = _facts(pool, rows[part], columns[part], frame, values.astype(np.float64).round(6).tolist())
        for at, fact in enumerate(facts):
            components = _components(fact.value, weights[at], contributions[at])
            weight = dict(zip(COMPONENTS, weights[at], strict=True))
            reasons = [reason for name in COMPONENTS if weight[name] and (reason := _REASONS[name](fact))]
            gaps = [gap for name in COMPONENTS if weight[name] and (gap := _GAPS[name](fact))]
            yield Explained(totals[at], components, (*reasons, *_about_supporter(fact.supporter)), tuple(gaps))


def _components(values: Mapping[str, float], weights: list[float], contributions: list[float]) -> tuple[Component, ...]:
    return tuple(
        Component(name=name, value=values[name], weight=weight, contribution=contribution)
        for name, weight, contribution in zip(COMPONENTS, weights, contributions, strict=True)
        if weight > 0
    )


def _facts(pool: Pool, rows: IntArray, columns: IntArray, frame: Frame, values: list[list[float]]) -> Iterator[_Facts]:
    located = frame.entrepreneurs.located & np.array(
        [pool.supporters[column].latitude is not None for column in columns]
    )
    kilometres = great_circle_km(frame.squared_metres).tolist()
    for at, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        fact = _Facts(pool.entrepreneurs[row], pool.supporters[column], dict(zip(COMPONENTS, values[at], strict=True)))
        if located[at]:
            fact.distance_km = round(kilometres[at], 1)
            fact.ratio = float(frame.distance_ratio[at])
        fact.language = language_of(pool.vocabulary.text)
        fact.both_remote = bool(frame.both_remote[at])
        yield fact


@lru_cache(maxsize=65_536)
def slot_names(mask: int) -> tuple[str, ...]:
    """Names of the weekly slots of a mask, in the order of the week.

    Examples
    --------
    >>> slot_names(0b1001)
    ('mon_am', 'tue_am')
    """
    return tuple(name for bit, name in enumerate(SLOTS) if mask >> bit & 1)


def _needs_covered(fact: _Facts) -> Reason | None:
    levels = _strongest((skill.topic, skill.level) for skill in fact.supporter.expertise)
    asked = _strongest((need.topic, need.priority) for need in fact.entrepreneur.needs)
    found = sorted((topic for topic in asked if topic in levels), key=lambda topic: -asked[topic] * levels[topic])
    if not found:
        return None
    found = found[:LONGEST_LIST]
    priorities, known = tuple(asked[topic] for topic in found), tuple(levels[topic] for topic in found)
    return Reason(code="needs_covered", facts={"topics": tuple(found), "priorities": priorities, "levels": known})


def _strongest(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for topic, strength in pairs:
        found[topic] = max(found.get(topic, 0), strength)
    return found


def _needs_uncovered(fact: _Facts) -> Reason | None:
    known = {skill.topic for skill in fact.supporter.expertise}
    asked = _strongest((need.topic, need.priority) for need in fact.entrepreneur.needs if need.topic not in known)
    found = sorted(asked, key=lambda topic: -asked[topic])[:LONGEST_LIST]
    if not found:
        return None
    return Reason(
        code="needs_uncovered", facts={"topics": tuple(found), "priorities": tuple(asked[topic] for topic in found)}
    )


def _same_activity(fact: _Facts) -> Reason | None:
    activity = fact.entrepreneur.activity or ""
    depth = max((shared_depth(activity, code) for code in fact.supporter.activities), default=0)
    return Reason(code="same_activity", facts={"depth": DEPTHS[depth - 1], "activity": activity}) if depth > 1 else None


def _other_activity(fact: _Facts) -> Reason | None:
    if fact.value["activity"] > 0:
        return None
    return Reason(code="other_activity", facts={"activity": fact.entrepreneur.activity})


def _knows_stage(fact: _Facts) -> Reason | None:
    if fact.entrepreneur.stage not in fact.supporter.stages:
        return None
    return Reason(code="knows_stage", facts={"stage": fact.entrepreneur.stage.value})


def _other_stage(fact: _Facts) -> Reason | None:
    if fact.value["stage"] > 0:
        return None
    return Reason(code="other_stage", facts={"stage": fact.entrepreneur.stage.value})


def _common_language(fact: _Facts) -> Reason | None:
    spoken = tuple(language for language in fact.entrepreneur.languages if language in fact.supporter.languages)
    return Reason(code="common_language", facts={"languages": spoken}) if spoken else None


def _other_language(fact: _Facts) -> Reason | None:
    if not fact.entrepreneur.languages or fact.entrepreneur.languages[0] in fact.supporter.languages:
        return None
    return Reason(code="other_language", facts={"language": fact.entrepreneur.languages[0]})


def _common_slots(fact: _Facts) -> Reason | None:
    slots = slot_names(fact.entrepreneur.availability & fact.supporter.availability)
    return Reason(code="common_slots", facts={"slots": slots[:LONGEST_LIST], "count": len(slots)}) if slots else None


def _few_slots(fact: _Facts) -> Reason | None:
    slots = slot_names(fact.entrepreneur.availability & fact.supporter.availability)
    return Reason(code="few_slots", facts={"slots": slots, "count": len(slots)}) if len(slots) < FEW_SLOTS else None


def _near(fact: _Facts) -> Reason | None:
    if fact.ratio <= 1:
        return Reason(code="near", facts={"distance_km": fact.distance_km})
    return Reason(code="remote", facts={"distance_km": fact.distance_km}) if fact.both_remote else None


def _far(fact: _Facts) -> Reason | None:
    if not FAR_SHARE**2 < fact.ratio <= 1:
        return None
    return Reason(code="far", facts={"distance_km": fact.distance_km})


def _similar_words(fact: _Facts) -> Reason | None:
    if fact.value["text"] < SIMILAR_TEXT:
        return None
    ours, theirs = keywords(fact.entrepreneur.text, fact.language), keywords(fact.supporter.text, fact.language)
    words = tuple(word for root, word in ours.items() if root in theirs)[:LONGEST_LIST]
    return Reason(code="similar_words", facts={"words": words}) if words else None


def _beyond_neighbourhood(fact: _Facts) -> Reason | None:
    return Reason(code="beyond_neighbourhood", facts={}) if fact.value["bridging"] > 0 else None


def _nothing(_fact: _Facts) -> None:
    return None


def _about_supporter(supporter: Supporter) -> tuple[Reason, ...]:
    reasons = []
    if supporter.role is Role.AMBASSADOR and supporter.has_bounced_back:
        reasons.append(Reason(code="bounced_back", facts={}))
    if supporter.role is Role.COACH and supporter.certified:
        reasons.append(Reason(code="certified", facts={}))
    return tuple(reasons)


_REASONS: Mapping[str, Callable[[_Facts], Reason | None]] = MappingProxyType(
    {
        "needs": _needs_covered,
        "activity": _same_activity,
        "stage": _knows_stage,
        "languages": _common_language,
        "availability": _common_slots,
        "place": _near,
        "text": _similar_words,
        "bridging": _beyond_neighbourhood,
    }
)
_GAPS: Mapping[str, Callable[[_Facts], Reason | None]] = MappingProxyType(
    {
        "needs": _needs_uncovered,
        "activity": _other_activity,
        "stage": _other_stage,
        "languages": _other_language,
        "availability": _few_slots,
        "place": _far,
        "text": _nothing,
        "bridging": _nothing,
    }
)
NO_PLACE_LEFT = Reason(code="no_place_left", facts={})
"""Gap of an alternative whose places have all gone to others."""
