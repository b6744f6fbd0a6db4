"""Who reads which reason: one account of a pair, three readings of it, and a wall between them.

The coordinator reads everything but what was confided. The supporter reads what she can bring; before her yes, nothing
that tells of hard times. The entrepreneur reads why this person, never what is missing. A code that is not in the
table goes to the coordinator only.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from matcher.records import Stage
from matcher.results import Reason


class Reader(StrEnum):
    """For whom reasons are put into words."""

    COORDINATOR = "coordinator"
    SUPPORTER = "supporter"
    ENTREPRENEUR = "entrepreneur"


_ALL = frozenset(Reader)
_STAFF = frozenset({Reader.COORDINATOR})
_HERSELF = frozenset({Reader.ENTREPRENEUR})
_NOT_THE_SUPPORTER = frozenset({Reader.COORDINATOR, Reader.ENTREPRENEUR})
_NOT_THE_ENTREPRENEUR = frozenset({Reader.COORDINATOR, Reader.SUPPORTER})

READERS: Mapping[str, frozenset[Reader]] = MappingProxyType(
    {
        "needs_covered": _ALL,
        "same_activity": _ALL,
        "knows_stage": _ALL,
        "common_language": _ALL,
        "common_slots": _ALL,
        "near": _ALL,
        "remote": _ALL,
        "similar_words": _ALL,
        "beyond_neighbourhood": _ALL,
        "bounced_back": _ALL,
        "certified": _ALL,
        # What is missing is the coordinator's to weigh. A supporter needs two of these to prepare herself.
        "needs_uncovered": _NOT_THE_ENTREPRENEUR,
        "other_language": _NOT_THE_ENTREPRENEUR,
        "other_activity": _STAFF,
        "other_stage": _STAFF,
        "few_slots": _STAFF,
        "far": _STAFF,
        "no_place_left": _STAFF,
        # Workshop sessions.
        "needs_served": _NOT_THE_SUPPORTER,
        "language": _NOT_THE_SUPPORTER,
        "online": _NOT_THE_SUPPORTER,
        "date": _NOT_THE_SUPPORTER,
        "asked": _NOT_THE_SUPPORTER,
        # What these tell was confided: it comes back to her and to nobody else.
        "situation": _HERSELF,
        "declared_needs": _HERSELF,
        "declared_stage": _HERSELF,
        "declared_liquidation": _HERSELF,
    }
)
"""Readers of each code of a reason or gap."""

STAGES_LIKE_HARD_ONES = frozenset(
    {
        *(Stage.IDEA, Stage.EMERGENCE, Stage.PLANNING, Stage.REBOUND),
        *(Stage.CONSOLIDATION, Stage.GROWTH, Stage.DIFFICULTY),
    }
)
"""Stages that tell of hard times, and those they are told alike with: a supporter learns which with her yes.

Leaving out the hard ones alone would tell: whoever likes an early stage would read so of it, and not of a rebound.
"""

HER_WORDS = frozenset({"similar_words"})
"""Codes whose facts are words of the person's own text: no list of ours knows which of them tell of hard times."""

HARD_TOPICS = frozenset({"insolvency_debt", "stress_balance", "bounce_back"})
"""Topics that tell of hard times: before her yes a supporter reads of those only that she offers help with herself."""


def read_for(reader: Reader, reasons: Iterable[Reason], *, accepted: bool = False) -> tuple[Reason, ...]:
    """Choose what one reader may and needs to know, in the order given.

    Parameters
    ----------
    reader : Reader
        For whom.
    reasons : iterable of Reason
        Reasons and gaps of one pair, or of one session.
    accepted : bool
        Whether the supporter has said yes; changes what she reads only.

    Returns
    -------
    reasons : tuple of Reason
        Those that belong to the reader; facts that she may not know yet are taken out.

    Notes
    -----
    Linear in the number of reasons.

    Examples
    --------
    >>> told = [Reason(code="knows_stage", facts={"stage": "rebound"}), Reason(code="few_slots", facts={})]
    >>> [reason.code for reason in read_for(Reader.ENTREPRENEUR, told)]
    ['knows_stage']
    >>> read_for(Reader.SUPPORTER, told)
    ()
    """
    own = (reason for reason in reasons if reader in READERS.get(reason.code, _STAFF))
    if reader is not Reader.SUPPORTER or accepted:
        return tuple(own)
    return tuple(kept for reason in own if (kept := _before_a_yes(reason)) is not None)


def _before_a_yes(reason: Reason) -> Reason | None:
    """Take out what tells of hard times, by being said or by being left out; None where nothing is left to say."""
    if reason.code in HER_WORDS or reason.facts.get("stage") in STAGES_LIKE_HARD_ONES:
        return None
    if reason.code != "needs_uncovered":
        return reason
    topics, priorities = (_listed(reason.facts.get(name)) for name in ("topics", "priorities"))
    kept = [at for at, topic in enumerate(topics) if topic not in HARD_TOPICS]
    if not kept:
        return None
    facts = {"topics": tuple(topics[at] for at in kept), "priorities": tuple(priorities[at] for at in kept)}
    return Reason(code=reason.code, facts=facts)


def _listed(value: object) -> tuple[object, ...]:
    """Read a list of a reason's facts, which comes back from JSON as a list."""
    return tuple(value) if isinstance(value, list | tuple) else ()
