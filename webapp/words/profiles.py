"""A profile in words: pairs of a term and its value, the same on a person's sheet and side by side."""

from models.entrepreneurs import Entrepreneur
from models.queries.directory import free_places
from models.supporters import PAIRING_COST, Supporter
from models.wall import tell_stage
from webapp.templating import format_day
from webapp.translation import gettext as _
from webapp.translation import ngettext
from webapp.words.enums import label, level_label, priority_label, role_label, stage_label
from webapp.words.lists import activity_label, language_label, topic_label
from webapp.words.tongues import french, join_french
from webapp.words.week import availability_words, join_words

Facts = list[tuple[str, str]]


def entrepreneur_facts(person: Entrepreneur, *, commune: str | None, lends: bool) -> Facts:
    """Say what matters of an entrepreneur for meeting somebody; needs and languages are loaded.

    `lends`: the reader is on the lending side.
    """
    return [
        (_("Stage"), label(tell_stage(person.stage, lends=lends)) if person.stage else _("Not given")),
        (_("Activity"), french(activity_label(person.activity_code)) or _("Not given")),
        (_("Town"), commune or _("Not given")),
        (_("Languages"), _languages([line.language for line in person.languages])),
        (_("Free"), availability_words(person.availability)),
        (_("Travels"), _reach(person.max_km, person.accepts_remote)),
        (_("Would like to meet"), _roles(person.wanted_roles)),
        (_("Waiting since"), format_day(person.waiting_since) if person.waiting_since else _("Not yet")),
    ]


def supporter_facts(person: Supporter, *, commune: str | None) -> Facts:
    """Say what matters of a supporter for meeting somebody; expertise and languages are loaded."""
    return [
        (_("Role"), label(person.role)),
        (_("Places"), tell_places(person)),
        (
            _("Activities"),
            join_french([activity_label(code) for code in person.activity_codes]) or _("Not given"),
        ),
        (_("Stages"), join_words([stage_label(stage) for stage in person.stages]) or _("All stages")),
        (_("Town"), commune or _("Not given")),
        (_("Languages"), _languages([line.language for line in person.languages])),
        (_("Free"), availability_words(person.availability)),
        (_("Travels"), _reach(person.max_km, person.accepts_remote)),
    ]


def list_needs(person: Entrepreneur) -> Facts:
    """Give needs with their priority, the most urgent first."""
    ordered = sorted(person.needs, key=lambda need: (-need.priority, need.topic))
    return [(topic_label(need.topic), priority_label(need.priority).lower()) for need in ordered]


def list_expertise(person: Supporter) -> Facts:
    """Give topics with their level, the best known first."""
    ordered = sorted(person.expertise, key=lambda line: (-line.level, line.topic))
    return [(topic_label(line.topic), level_label(line.level).lower()) for line in ordered]


def tell_places(person: Supporter) -> str:
    """Say how many more people a supporter can take, of how many."""
    free, places = max(0, free_places(person)), person.capacity // PAIRING_COST[person.role]
    return ngettext("%(num)d free place of %(places)s", "%(num)d free places of %(places)s", free, places=places)


def _languages(codes: list[str]) -> str:
    return join_words([language_label(code) for code in codes]) or _("Not given")


def _roles(roles: list[str]) -> str:
    return join_words([role_label(role).lower() for role in roles]) or _("Not given")


def _reach(max_km: float, accepts_remote: bool) -> str:
    km = round(max_km)
    if accepts_remote:
        return _("up to %(km)s km, or by telephone or screen", km=km)
    return _("up to %(km)s km, in person only", km=km)
