"""The engine's records: what comes in (people, sessions); what goes out is in `results`.

All are frozen: the engine changes nothing in place. A record checks its own values when it is made, so that everything
behind the public door may trust them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from matcher.activities import activity_path
from matcher.errors import DuplicateIdError, InvalidRecordError

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


def _check(kind: str, id: str, name: str, value: object, fits: bool, expected: str) -> None:
    if not fits:
        raise InvalidRecordError(kind=kind, id=id, field=name, value=value, expected=expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A topic on which an entrepreneur looks for help; priority 1 useful, 2 important, 3 urgent."""

    topic: str
    priority: int = 2

    def __post_init__(self) -> None:
        _check("need", self.topic, "priority", self.priority, self.priority in (1, 2, 3), "1, 2 or 3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expertise:
    """A topic on which somebody can help; level 1 some, 2 good, 3 expert."""

    topic: str
    level: int = 2

    def __post_init__(self) -> None:
        _check("expertise", self.topic, "level", self.level, self.level in (1, 2, 3), "1, 2 or 3")


def check_ids(kind: str, ids: Iterable[str]) -> None:
    """Refuse two records of one kind with the same id; raises DuplicateIdError."""
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise DuplicateIdError(kind=kind, id=id)
        seen.add(id)


def _check_place(kind: str, id: str, latitude: float | None, longitude: float | None) -> None:
    together = (latitude is None) == (longitude is None)
    _check(kind, id, "longitude", longitude, together, "latitude and longitude together, or neither")
    if latitude is not None and longitude is not None:
        _check(kind, id, "latitude", latitude, -90 <= latitude <= 90, "degrees from -90 to 90")
        _check(kind, id, "longitude", longitude, -180 <= longitude <= 180, "degrees from -180 to 180")


def _check_person(kind: str, person: "Entrepreneur | Supporter") -> None:
    _check(
        kind,
        person.id,
        "availability",
        person.availability,
        0 <= person.availability < 1 << N_SLOTS,
        "a mask of 21 bits",
    )
    _check(kind, person.id, "max_km", person.max_km, 0 <= person.max_km <= 20_000, "kilometres from 0 to 20000")
    _check_place(kind, person.id, person.latitude, person.longitude)


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
        _check_person("entrepreneur", self)
        hours = self.hours_per_month
        _check("entrepreneur", self.id, "hours_per_month", hours, hours is None or hours >= 0, "hours, 0 or more")
        known = self.activity is None or activity_path(self.activity) is not None
        _check("entrepreneur", self.id, "activity", self.activity, known, "a NAF rev. 2 code such as 10.71C")
        believed = 0 <= self.waiting_days <= MAX_WAITING_DAYS
        _check(
            "entrepreneur", self.id, "waiting_days", self.waiting_days, believed, f"days from 0 to {MAX_WAITING_DAYS}"
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
        _check_person("supporter", self)
        _check("supporter", self.id, "circles", self.circles, 0 <= self.circles < 1 << 31, "circles, 0 or more")
        _check("supporter", self.id, "capacity", self.capacity, 0 <= self.capacity < 1 << 31, "free places, 0 or more")
        for code in self.activities:
            _check(
                "supporter",
                self.id,
                "activities",
                code,
                activity_path(code) is not None,
                "NAF rev. 2 codes such as 10.71C",
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
        _check("session", self.id, "slot", self.slot, 0 <= self.slot < N_SLOTS, "a weekly slot, 0 to 20")
        _check("session", self.id, "hours", self.hours, self.hours >= 0, "hours, 0 or more")
        _check("session", self.id, "needed", self.needed, self.needed >= 0, "people, 0 or more")
        _check_place("session", self.id, self.latitude, self.longitude)
