"""What would help somebody left without anybody, in words: one account for her coordinator, one for herself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.translation import fill
from webapp.translation import ngettext as _n
from webapp.words.lists import language_inside
from webapp.words.week import join_words, slot_label

Change = Mapping[str, Any]
PLACE = "place"
STEPS: Mapping[str, LazyString] = MappingProxyType(
    {
        "slot": _l("with one more moment (%(value)s)"),
        "remote": _l("with telephone or video calls"),
        "distance": _l("by travelling up to %(value)s km"),
        "consent": _l("with the person’s agreement to coaching"),
        "language": _l("if the person also speaks %(value)s"),
    }
)
OWN_STEPS: Mapping[str, LazyString] = MappingProxyType(
    {
        "slot": _l("if you also have a moment on %(value)s"),
        "remote": _l("if telephone or video calls suit you too"),
        "distance": _l("if you can travel up to %(value)s km"),
        "language": _l("if you also speak %(value)s, even a little"),
    }
)


def change_words(change: Change) -> str:
    """Say what would help, and how much, to who follows the person."""
    steps = [step for step in change["steps"] if step["kind"] != PLACE]
    if not steps:
        return _n(
            "One more place: %(num)d supporter would fit.",
            "One more place from one of them: %(num)d supporters would fit.",
            change["opens"],
        )
    words = _capitalise(join_words([_step_words(step, STEPS) for step in steps]))
    if len(steps) < len(change["steps"]):
        return _n(
            "%(steps)s, and one more place: %(num)d supporter would fit.",
            "%(steps)s, and one more place from one of them: %(num)d supporters would fit.",
            change["opens"],
            steps=words,
        )
    # Answers kept from before know nothing of places that others free by moving.
    if change.get("freed"):
        return _n(
            "%(steps)s: %(num)d more supporter, with a place that is free or that a new match run can free.",
            "%(steps)s: %(num)d more supporters, with a place that is free or that a new match run can free.",
            change["places"],
            steps=words,
        )
    return _n(
        "%(steps)s: %(num)d more supporter with a free place.",
        "%(steps)s: %(num)d more supporters with a free place.",
        change["places"],
        steps=words,
    )


def own_change_words(change: Change) -> str:
    """Say to the person herself what would help; only what she alone decides."""
    conditions = _capitalise(join_words([_step_words(step, OWN_STEPS) for step in change["steps"]]))
    if change.get("freed"):
        return _n(
            "%(conditions)s, %(num)d more person could support you, with a place free now or after our next search.",
            "%(conditions)s, %(num)d more people could support you, with places free now or after our next search.",
            change["places"],
            conditions=conditions,
        )
    return _n(
        "%(conditions)s, %(num)d more person could support you.",
        "%(conditions)s, %(num)d more people could support you.",
        change["places"],
        conditions=conditions,
    )


def _step_words(step: Mapping[str, Any], words: Mapping[str, LazyString]) -> str:
    value = step["value"]
    if step["kind"] == "slot":
        value = slot_label(value)
    elif step["kind"] == "language":
        value = language_inside(value)
    return fill(words[step["kind"]], {"value": value})


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
