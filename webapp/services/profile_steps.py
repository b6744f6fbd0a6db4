"""The short steps of an entrepreneur's profile: what each one holds, what is missing, and how it is written.

Each step saves by itself. Nothing here opens a transaction: `webapp/services/entrepreneurs.py` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import singledispatch

from models.entrepreneurs import (
    ALL_SLOTS,
    Entrepreneur,
    EntrepreneurLanguage,
    EntrepreneurNeed,
    EntrepreneurOffer,
    Stage,
)
from models.exceptions import InvalidInputError
from models.supporters import SupporterRole

MAX_NEEDS = 8
MAX_LANGUAGES = 6
MAX_OFFERS = 8
# Nobody is asked to grade herself: what one says one can help with counts as good.
OFFER_LEVEL = 2
# Never offered in a circle: who reads "you can help somebody here with …" must not learn of such a need.
CONFIDED_TOPICS = frozenset({"insolvency_debt", "confidence", "stress_balance", "bounce_back"})
MAX_KM = 1000.0
MAX_TITLE = 160
MAX_TEXT = 3000


class ProfileStep(StrEnum):
    """The steps, in the order in which they are asked."""

    PROJECT = "project"
    ACTIVITY = "activity"
    PLACE = "place"
    NEEDS = "needs"
    LANGUAGES = "languages"
    AVAILABILITY = "availability"
    WISHES = "wishes"
    CIRCLE = "circle"
    WORDS = "words"


# What the engine cannot do without. The others help it, and can wait.
REQUIRED_STEPS = (
    ProfileStep.PROJECT,
    ProfileStep.PLACE,
    ProfileStep.NEEDS,
    ProfileStep.LANGUAGES,
    ProfileStep.AVAILABILITY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectValues:
    """What the project is, and how far it has come."""

    stage: Stage
    project_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityValues:
    """The activity, by its NAF code; None when it is not known yet."""

    activity_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceValues:
    """Where the person lives or works from: a commune and a point to measure distances from."""

    commune_code: str | None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsValues:
    """What help is needed: topic → 1 useful, 2 important, 3 urgent."""

    needs: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagesValues:
    """Languages spoken, the easiest first."""

    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityValues:
    """When and how far: a mask of the 21 weekly slots, kilometres, and whether a screen or a telephone will do."""

    availability: int
    max_km: float
    accepts_remote: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesValues:
    """Whom the person would like to meet. A coach is looked for only with her agreement."""

    wanted_roles: frozenset[SupporterRole]
    wants_bridging: bool = False
    coaching_consent: bool = False
    after_liquidation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleValues:
    """Whether the person asks for a circle of entrepreneurs, and what she can help the others with."""

    wants_circle: bool
    offers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsValues:
    """The project in the person's own words."""

    project_text: str


StepValues = (
    ProjectValues
    | ActivityValues
    | PlaceValues
    | NeedsValues
    | LanguagesValues
    | AvailabilityValues
    | WishesValues
    | CircleValues
    | WordsValues
)

STEP_OF: Mapping[type, ProfileStep] = {
    ProjectValues: ProfileStep.PROJECT,
    ActivityValues: ProfileStep.ACTIVITY,
    PlaceValues: ProfileStep.PLACE,
    NeedsValues: ProfileStep.NEEDS,
    LanguagesValues: ProfileStep.LANGUAGES,
    AvailabilityValues: ProfileStep.AVAILABILITY,
    WishesValues: ProfileStep.WISHES,
    CircleValues: ProfileStep.CIRCLE,
    WordsValues: ProfileStep.WORDS,
}


def list_filled_steps(entrepreneur: Entrepreneur) -> frozenset[ProfileStep]:
    """Give the steps that hold something. Needs and languages must be loaded."""
    filled = {
        ProfileStep.PROJECT: entrepreneur.stage is not None,
        ProfileStep.ACTIVITY: entrepreneur.activity_code is not None,
        ProfileStep.PLACE: entrepreneur.commune_code is not None or entrepreneur.latitude is not None,
        ProfileStep.NEEDS: bool(entrepreneur.needs),
        ProfileStep.LANGUAGES: bool(entrepreneur.languages),
        ProfileStep.AVAILABILITY: entrepreneur.availability > 0,
        ProfileStep.WISHES: bool(entrepreneur.wanted_roles),
        ProfileStep.CIRCLE: entrepreneur.wants_circle,
        ProfileStep.WORDS: bool(entrepreneur.project_text.strip()),
    }
    return frozenset(step for step, is_filled in filled.items() if is_filled)


def list_missing_steps(entrepreneur: Entrepreneur) -> tuple[ProfileStep, ...]:
    """Give the required steps that are still empty, in the order in which they are asked."""
    filled = list_filled_steps(entrepreneur)
    return tuple(step for step in REQUIRED_STEPS if step not in filled)


@singledispatch
def write_step(values: object, _entrepreneur: Entrepreneur) -> None:
    """Write one step's values on the record; what was confided is written apart.

    Raises
    ------
    InvalidInputError
        If a value breaks a rule; `field` says which.
    """
    raise TypeError(f"not a step of the profile: {type(values).__name__}")


@write_step.register
def _(values: ProjectValues, entrepreneur: Entrepreneur) -> None:
    entrepreneur.stage = values.stage
    entrepreneur.project_title = _text(values.project_title, "project_title", MAX_TITLE)


@write_step.register
def _(values: ActivityValues, entrepreneur: Entrepreneur) -> None:
    entrepreneur.activity_code = values.activity_code


@write_step.register
def _(values: PlaceValues, entrepreneur: Entrepreneur) -> None:
    if (values.latitude is None) != (values.longitude is None):
        raise InvalidInputError(field="longitude")
    entrepreneur.commune_code = values.commune_code
    entrepreneur.latitude, entrepreneur.longitude = values.latitude, values.longitude


@write_step.register
def _(values: NeedsValues, entrepreneur: Entrepreneur) -> None:
    if not 1 <= len(values.needs) <= MAX_NEEDS or not set(values.needs.values()) <= {1, 2, 3}:
        raise InvalidInputError(field="needs", most=MAX_NEEDS)
    kept = {need.topic: need for need in entrepreneur.needs if need.topic in values.needs}
    for topic, priority in values.needs.items():
        kept.setdefault(topic, EntrepreneurNeed(topic=topic)).priority = priority
    entrepreneur.needs = list(kept.values())


@write_step.register
def _(values: LanguagesValues, entrepreneur: Entrepreneur) -> None:
    wanted = tuple(dict.fromkeys(values.languages))
    if not 1 <= len(wanted) <= MAX_LANGUAGES:
        raise InvalidInputError(field="languages", most=MAX_LANGUAGES)
    kept = {spoken.language: spoken for spoken in entrepreneur.languages}
    entrepreneur.languages = [kept.get(code) or EntrepreneurLanguage(language=code) for code in wanted]
    for position, spoken in enumerate(entrepreneur.languages):
        spoken.position = position


@write_step.register
def _(values: AvailabilityValues, entrepreneur: Entrepreneur) -> None:
    if not 0 < values.availability <= ALL_SLOTS:
        raise InvalidInputError(field="availability")
    if not 0 <= values.max_km <= MAX_KM:
        raise InvalidInputError(field="max_km", most=MAX_KM)
    entrepreneur.availability = values.availability
    entrepreneur.max_km, entrepreneur.accepts_remote = values.max_km, values.accepts_remote


@write_step.register
def _(values: WishesValues, entrepreneur: Entrepreneur) -> None:
    entrepreneur.wanted_roles = [str(role) for role in SupporterRole if role in values.wanted_roles]
    entrepreneur.wants_bridging = values.wants_bridging


@write_step.register
def _(values: CircleValues, entrepreneur: Entrepreneur) -> None:
    if len(values.offers) > MAX_OFFERS or values.offers & CONFIDED_TOPICS:
        raise InvalidInputError(field="offers", most=MAX_OFFERS)
    kept = {offer.topic: offer for offer in entrepreneur.offers if offer.topic in values.offers}
    for topic in sorted(values.offers):
        kept.setdefault(topic, EntrepreneurOffer(topic=topic, level=OFFER_LEVEL))
    entrepreneur.wants_circle = values.wants_circle
    entrepreneur.offers = list(kept.values())


@write_step.register
def _(values: WordsValues, entrepreneur: Entrepreneur) -> None:
    entrepreneur.project_text = _text(values.project_text, "project_text", MAX_TEXT)


def _text(value: str, field: str, most: int) -> str:
    text = value.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > most:
        raise InvalidInputError(field=field, most=most)
    return text
