"""The engine's records: what comes in (people, sessions); what goes out is in `results`.

All are frozen: the engine changes nothing in place. A record checks its own values when it is made, so that everything
behind the public door may trust them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from matcher.activities import activity_path
from matcher.checks import (
    A_NAME,
    PLACE,
    Field,
    Form,
    check_place,
    flags,
    is_name,
    is_name_or_none,
    is_text,
    kind_of,
    member_field,
    members_field,
    names,
    none_or,
    number,
    several,
    whole,
)
from matcher.errors import DuplicateIdError

N_SLOTS = 21
"""Weekly slots: 7 days of 3 periods; a slot's bit is `day * 3 + period`, day 0 is Monday, period 0 the morning."""

SLOTS = tuple(
    f"{day}_{period}" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun") for period in ("am", "pm", "eve")
)
"""Slug of each weekly slot, in the order of its bit."""

MAX_WAITING_DAYS = 36_500
"""Longest waiting time that is believed, in days: a hundred years."""


class Role(StrEnum):
    """What a supporter is for an entrepreneur."""

    MENTOR = "mentor"
    COACH = "coach"
    EXPERT = "expert"
    AMBASSADOR = "ambassador"


class Stage(StrEnum):
    """Where a project stands."""

    IDEA = "idea"
    EMERGENCE = "emergence"
    PLANNING = "planning"
    FUNDING = "funding"
    REGISTRATION = "registration"
    LAUNCH = "launch"
    CONSOLIDATION = "consolidation"
    GROWTH = "growth"
    TAKEOVER = "takeover"
    DIFFICULTY = "difficulty"
    REBOUND = "rebound"


class Format(StrEnum):
    """How one takes part in a workshop session."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class Rule(StrEnum):
    """The hard rules; a pair that breaks one is never suggested, whatever its score.

    ROLE also stands for an ambassador who has not bounced back: she cannot play that role yet.
    """

    ROLE = "role"
    ASSOCIATION = "association"
    LANGUAGE = "language"
    DISTANCE = "distance"
    TIME = "time"
    CAPACITY = "capacity"
    CONSENT = "consent"
    CONFLICT = "conflict"
    COMPETITOR = "competitor"


_A_CODE = "a NAF rev. 2 code such as 10.71C"


def _is_activity(code: object) -> bool:
    return isinstance(code, str) and activity_path(code) is not None


_NEED = Form("need", Field("topic", is_name, A_NAME), Field("priority", whole(1, 3), "1, 2 or 3"))
_EXPERTISE = Form("expertise", Field("topic", is_name, A_NAME), Field("level", whole(1, 3), "1, 2 or 3"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A topic on which an entrepreneur looks for help; priority 1 useful, 2 important, 3 urgent."""

    topic: str
    priority: int = 2

    def __post_init__(self) -> None:
        _NEED.check(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expertise:
    """A topic on which somebody can help; level 1 some, 2 good, 3 expert."""

    topic: str
    level: int = 2

    def __post_init__(self) -> None:
        _EXPERTISE.check(self)


def check_ids(kind: str, ids: Iterable[str]) -> None:
    """Refuse two records of one kind with the same id; raises DuplicateIdError."""
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise DuplicateIdError(kind=kind, id=id)
        seen.add(id)


_PERSON = (
    Field("id", is_name, A_NAME),
    *names("languages"),
    Field("availability", whole(0, (1 << N_SLOTS) - 1), "a mask of 21 bits"),
    *PLACE,
    Field("max_km", number(0, 20_000), "kilometres from 0 to 20000"),
    *flags("accepts_remote"),
    Field("text", is_text, "a text"),
    *(Field(name, is_name_or_none, f"{A_NAME}, or None") for name in ("association", "catchment", "household")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrepreneur:
    """Somebody who looks for support.

    Parameters
    ----------
    id : str
        Unique among entrepreneurs.
    needs : tuple of Need
        What she looks for; a topic named twice counts with its highest priority.
    stage : Stage
        Where the project stands.
    languages : tuple of str
        ISO 639 codes, the easiest for her first; nobody can be met without one.
    availability : int
        Mask of the weekly slots in which she can meet.
    wanted_roles : frozenset of Role
        Kinds of supporters that she asks for; none means that she is not matched now.
    activity : str or None
        NAF rev. 2 code of the business.
    latitude, longitude : float or None
        Degrees; without them she can be met remotely only.
    max_km : float
        Farthest that she travels, in kilometres.
    accepts_remote : bool
        Whether she meets by telephone or screen.
    text : str
        The project in her own words.
    coaching_consent : bool
        Whether she agreed to resilience coaching; no coach is proposed without it.
    after_liquidation : bool
        Declared, private; never read by the scores, it only opens workshops and reasons.
    waiting_days : int
        Days since she asked.
    association : str or None
        Association that follows her; None meets everybody.
    catchment : str or None
        Commune or neighbourhood where the business finds its customers.
    household : str or None
        Shared by people of one household, who are never paired.
    wants_bridging : bool
        Whether she asks for a network beyond the neighbourhood.
    excluded : frozenset of str
        Supporters refused or broken with earlier.
    hours_per_month : float or None
        Hours that she has for support; None sets no limit. Read by plans only.
    wants_circle : bool
        Whether she asks for a peer circle; nobody is put in one without asking.
    offers : tuple of Expertise
        What she can give to other entrepreneurs.
    apart : frozenset of str
        Entrepreneurs with whom she is never in one circle; one of the two naming the other is enough.
    """

    id: str
    needs: tuple[Need, ...]
    stage: Stage
    languages: tuple[str, ...]
    availability: int
    wanted_roles: frozenset[Role]
    activity: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    max_km: float = 30.0
    accepts_remote: bool = True
    text: str = ""
    coaching_consent: bool = False
    after_liquidation: bool = False
    waiting_days: int = 0
    association: str | None = None
    catchment: str | None = None
    household: str | None = None
    wants_bridging: bool = False
    excluded: frozenset[str] = frozenset()
    hours_per_month: float | None = None
    wants_circle: bool = False
    offers: tuple[Expertise, ...] = ()
    apart: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _ENTREPRENEUR.check(self)
        check_place(_ENTREPRENEUR, self)


_ENTREPRENEUR = Form(
    "entrepreneur",
    *_PERSON,
    Field("needs", several(kind_of(Need)), "several records of Need"),
    member_field("stage", Stage),
    members_field("wanted_roles", Role, frozenset),
    Field("activity", none_or(_is_activity), f"{_A_CODE}, or None"),
    *flags("coaching_consent", "after_liquidation", "wants_bridging", "wants_circle"),
    Field("waiting_days", whole(0, MAX_WAITING_DAYS), f"days from 0 to {MAX_WAITING_DAYS}"),
    *names("excluded", "apart"),
    Field("hours_per_month", none_or(number(0)), "hours, 0 or more, or None"),
    Field("offers", several(kind_of(Expertise)), "several records of Expertise"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporter:
    """Somebody who gives support, in one role.

    Parameters
    ----------
    id : str
        Unique among supporters.
    role : Role
        Mentor, coach, expert or ambassador.
    expertise : tuple of Expertise
        What she can help with; a topic named twice counts with its highest level.
    languages : tuple of str
        ISO 639 codes.
    availability : int
        Mask of the weekly slots in which she can meet.
    capacity : int
        Free places now, in people.
    activities : tuple of str
        NAF rev. 2 codes that she knows, or works in.
    stages : tuple of Stage
        Stages that she prefers to support; none means any.
    latitude, longitude : float or None
        Degrees; without them she can be met remotely only.
    max_km : float
        Farthest that she travels, in kilometres.
    accepts_remote : bool
        Whether she meets by telephone or screen.
    text : str
        Her presentation.
    association : str or None
        Association that she belongs to; None meets everybody.
    catchment : str or None
        Commune or neighbourhood where she lives or works.
    household : str or None
        Shared by people of one household, who are never paired.
    judges : frozenset of str
        Entrepreneurs whose file she judges in a committee.
    active_business : bool
        Whether she is in business now: only then can she be a competitor.
    has_bounced_back : bool
        Whether she went through a liquidation and came back; an ambassador must have.
    certified : bool
        Whether she holds the network's certificate.
    circles : int
        Peer circles that she can still take on as their facilitator.
    """

    id: str
    role: Role
    expertise: tuple[Expertise, ...]
    languages: tuple[str, ...]
    availability: int
    capacity: int
    activities: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    max_km: float = 30.0
    accepts_remote: bool = True
    text: str = ""
    association: str | None = None
    catchment: str | None = None
    household: str | None = None
    judges: frozenset[str] = frozenset()
    active_business: bool = False
    has_bounced_back: bool = False
    certified: bool = False
    circles: int = 0

    def __post_init__(self) -> None:
        _SUPPORTER.check(self)
        check_place(_SUPPORTER, self)


_SUPPORTER = Form(
    "supporter",
    *_PERSON,
    member_field("role", Role),
    Field("expertise", several(kind_of(Expertise)), "several records of Expertise"),
    Field("capacity", whole(0), "free places, 0 or more"),
    Field("activities", several(_is_activity), f"several, each {_A_CODE}"),
    members_field("stages", Stage, tuple),
    *names("judges"),
    *flags("active_business", "has_bounced_back", "certified"),
    Field("circles", whole(0), "circles, 0 or more"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopSession:
    """One date of a workshop.

    Parameters
    ----------
    id : str
        Unique among sessions.
    theme : str
        Slug of the workshop's theme.
    topics : tuple of str
        Topics that the theme serves.
    stages : tuple of Stage
        Stages that it is made for; none means all.
    language : str
        ISO 639 code of the language spoken there.
    slot : int
        Weekly slot in which it lies, 0 to 20.
    format : Format
        In person, online or both.
    latitude, longitude : float or None
        Degrees; an unknown place counts as within reach of nobody.
    seats_left : int
        Free seats now; a full session is not recommended.
    starts_in_days : int
        Days until it starts; a session that has started is not recommended.
    hours : float
        How long it lasts.
    needed : int
        People who must still book for it to take place; 0 when enough have.
    """

    id: str
    theme: str
    topics: tuple[str, ...]
    stages: tuple[Stage, ...] = ()
    language: str = "fr"
    slot: int
    format: Format
    latitude: float | None = None
    longitude: float | None = None
    seats_left: int
    starts_in_days: int
    hours: float = 2.0
    needed: int = 0

    def __post_init__(self) -> None:
        _SESSION.check(self)
        check_place(_SESSION, self)


_SESSION = Form(
    "session",
    *(Field(name, is_name, A_NAME) for name in ("id", "theme", "language")),
    *names("topics"),
    members_field("stages", Stage, tuple),
    Field("slot", whole(0, N_SLOTS - 1), "a weekly slot, 0 to 20"),
    member_field("format", Format),
    *PLACE,
    Field("seats_left", whole(0), "free seats, 0 or more"),
    Field("starts_in_days", whole(-MAX_WAITING_DAYS, MAX_WAITING_DAYS), "days, at most a hundred years away"),
    Field("hours", number(0), "hours, 0 or more"),
    Field("needed", whole(0), "people, 0 or more"),
)
