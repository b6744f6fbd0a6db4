"""The one shape that people and sessions have in files, imports, exports and the demo population.

Rows carry slugs, never labels: words belong to the cells that read and write them. Nothing here knows a database.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Kind(StrEnum):
    """What a file lists."""

    ENTREPRENEURS = "entrepreneurs"
    SUPPORTERS = "supporters"
    WORKSHOPS = "workshops"


class LocationSource(StrEnum):
    """Where a row's position comes from; only a given one says anything about being inside a QPV."""

    GIVEN = "given"
    QPV = "qpv"
    COMMUNE = "commune"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrepreneurRow:
    """One entrepreneur as a line of a file.

    `needs` are (topic, priority 1 to 3); `availability` is the mask of 21 weekly slots; `association` is a slug, empty
    in the files of a single association.
    """

    reference: str
    first_name: str
    last_name: str
    commune: str
    stage: str
    needs: tuple[tuple[str, int], ...]
    availability: int
    association: str = ""
    email: str = ""
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None
    qpv_code: str | None = None
    activity: str | None = None
    project_title: str = ""
    text: str = ""
    languages: tuple[str, ...] = ("fr",)
    max_km: float = 30.0
    accepts_remote: bool = True
    wanted_roles: tuple[str, ...] = ("mentor",)
    coaching_consent: bool = False
    after_liquidation: bool = False
    waiting_since: date | None = None
    household: str = ""
    wants_bridging: bool = False
    location_source: LocationSource = LocationSource.GIVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterRow:
    """One supporter as a line of a file.

    `expertise` are (topic, level 1 to 3); `capacity` counts people, for coaches hours (7 hours are one path).
    """

    reference: str
    first_name: str
    last_name: str
    role: str
    commune: str
    expertise: tuple[tuple[str, int], ...]
    availability: int
    capacity: int
    association: str = ""
    email: str = ""
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None
    activities: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("fr",)
    max_km: float = 30.0
    accepts_remote: bool = True
    text: str = ""
    household: str = ""
    active_business: bool = False
    has_bounced_back: bool = False
    certified: bool = False
    location_source: LocationSource = LocationSource.GIVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopSessionRow:
    """One workshop session as a line of a file; times are wall times of Europe/Paris."""

    reference: str
    theme: str
    starts_on: date
    starts_at: time
    ends_at: time
    format: str
    seats: int
    association: str = ""
    title: str = ""
    description: str = ""
    commune: str | None = None
    place: str = ""
    address: str = ""
    language: str = "fr"
    stages: tuple[str, ...] = ()
    accessibility: str = ""
    online_url: str = ""


Row = EntrepreneurRow | SupporterRow | WorkshopSessionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRow:
    """One line of a file of suggestions: who for whom, how good, and why, in words already chosen.

    `components` are (label, value in [0, 1]); rank 1 is the assigned supporter, 2 and 3 are alternatives.
    """

    entrepreneur_reference: str
    supporter_reference: str
    role: str
    rank: int
    score: float
    entrepreneur_name: str = ""
    supporter_name: str = ""
    components: tuple[tuple[str, float], ...] = ()
    reasons: tuple[str, ...] = ()
