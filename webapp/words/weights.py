"""Words of weights: versions, shares, and the groups in which people are counted."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import LazyString, format_percent
from flask_babel import lazy_gettext as _l

from models.associations import MatchAim
from webapp.translation import gettext as _
from webapp.words.enums import stage_label

DIMENSIONS: Mapping[str, LazyString] = MappingProxyType(
    {"neighbourhood": _l("Neighbourhood"), "language": _l("First language"), "stage": _l("Stage of the project")}
)
GROUPS: Mapping[tuple[str, str | None], LazyString] = MappingProxyType(
    {
        ("neighbourhood", "priority"): _l("in a priority neighbourhood"),
        ("neighbourhood", "other"): _l("elsewhere, or not known"),
        ("language", "fr"): _l("French"),
        ("language", "other"): _l("another language"),
        ("language", None): _l("not said"),
        ("stage", None): _l("not said"),
    }
)
AIMS: Mapping[MatchAim, LazyString] = MappingProxyType(
    {MatchAim.MOST_SERVED: _l("the best scores"), MatchAim.FAIREST: _l("the least well served first")}
)


def tell_aim(aim: MatchAim) -> str:
    """Say in short what decides once as many people are served as can be: `label` says it whole."""
    return str(AIMS[aim])


def tell_version(number: int, *, is_national: bool) -> str:
    """Name a version of the weights."""
    return _("national version %(number)s", number=number) if is_national else _("version %(number)s", number=number)


def tell_share(share: float) -> str:
    """Write a share of a role's points."""
    return str(format_percent(share, "#,##0.# %"))


def describe_group(dimension: str, label: str | None) -> str:
    """Name a group of people."""
    if (dimension, label) in GROUPS:
        return str(GROUPS[dimension, label])
    return stage_label(str(label))


def describe_dimension(dimension: str) -> str:
    """Name a way to group people."""
    return str(DIMENSIONS[dimension])
