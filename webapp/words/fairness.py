"""The groups of the fairness report, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.entrepreneurs import Gender
from webapp.translation import gettext as _
from webapp.words.enums import label, stage_label
from webapp.words.lists import language_label

TITLES: Mapping[str, LazyString] = MappingProxyType(
    {
        "territory": _l("By commune"),
        "neighbourhood": _l("By neighbourhood"),
        "stage": _l("By stage of the project"),
        "language": _l("By first language"),
        "setback": _l("By earlier liquidation"),
        "gender": _l("By declared gender"),
    }
)


def dimension_title(name: str) -> str:
    """Give the title of one way to group people."""
    return str(TITLES[name])


def group_label(name: str, value: str | None, communes: Mapping[str, str]) -> str:
    """Give the words of one group."""
    if value is None:
        return _("Nothing said")
    if name == "territory":
        return communes.get(value, value)
    if name == "neighbourhood":
        return _("Priority neighbourhood") if value == "yes" else _("Elsewhere, or not known")
    if name == "stage":
        return stage_label(value)
    if name == "language":
        return language_label(value)
    return _("Has been through a liquidation") if name == "setback" else label(Gender(value))
