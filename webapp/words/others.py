"""What a choice would mean for the other people, in words for a coordinator: true, and without blame."""

from webapp.services.weighing import OtherPerson, WeighedSupporter
from webapp.translation import gettext as _
from webapp.translation import ngettext as _n


def tell_others(choice: WeighedSupporter) -> list[str]:
    """Say what choosing this supporter would mean for everybody else, the most serious first."""
    if choice.is_best:
        return [_("The best for everybody together: nobody else changes.")]
    words = []
    if choice.waiting > 0:
        words.append(
            _n(
                "%(num)d other person would have to wait.",
                "%(num)d other people would have to wait.",
                choice.waiting,
            )
        )
    if choice.losing:
        words.append(
            _n(
                "%(num)d other person would have a somewhat less good match.",
                "%(num)d other people would have a somewhat less good match.",
                len(choice.losing),
            )
        )
    return words or [_("No other person loses by it.")]


def tell_other(person: OtherPerson) -> str:
    """Say what would change for one other person, with both scores as they are shown elsewhere."""
    before, after = round(100 * person.score_before), round(100 * person.score_after)
    facts = {"name": person.name, "old": person.before, "new": person.after, "before": before, "after": after}
    if person.after is None:
        return _("%(name)s: would wait, instead of %(old)s (%(before)s %%)", **facts)
    if person.before is None:
        return _("%(name)s: %(new)s (%(after)s %%), instead of waiting", **facts)
    return _("%(name)s: %(new)s (%(after)s %%) instead of %(old)s (%(before)s %%)", **facts)
