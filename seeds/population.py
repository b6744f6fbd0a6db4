"""The demo population: invented people and workshop sessions in real places, from a seed.

Each subject (names, places, profiles, texts …) draws from a stream of its own, spawned from the seed. A first name
or a neighbourhood can therefore not bear on needs, free time or anything else that decides who is matched.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypedDict, TypeVar

import numpy as np

from seeds import invented, profiles
from seeds.associations import InventedAssociation, build_associations
from seeds.draws import Draws, Weighted, share, weights
from seeds.invented_sessions import build_sessions
from seeds.places import Place, place_entrepreneurs, place_supporters
from seeds.texts import entrepreneur_text, project_title, supporter_text
from seeds.vocabulary import reference_vocabulary
from webapp.spreadsheets import EntrepreneurRow, SupporterRow, WorkshopSessionRow
from webapp.spreadsheets.row_checks import complete_row

DEFAULT_SEED = 2030
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is invented."""

    initiatives: int
    rebonds: int
    entrepreneurs: int
    supporters: int
    sessions: int


SIZES = {
    "small": Size(initiatives=2, rebonds=1, entrepreneurs=300, supporters=100, sessions=40),
    "medium": Size(initiatives=14, rebonds=6, entrepreneurs=3200, supporters=800, sessions=400),
    "national": Size(initiatives=140, rebonds=60, entrepreneurs=30_000, supporters=6000, sessions=4000),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Invented associations with their people and sessions; each row names its association."""

    associations: tuple[InventedAssociation, ...]
    entrepreneurs: tuple[EntrepreneurRow, ...]
    supporters: tuple[SupporterRow, ...]
    sessions: tuple[WorkshopSessionRow, ...]

    def entrepreneurs_of(self, slug: str) -> tuple[EntrepreneurRow, ...]:
        """List the entrepreneurs of an association."""
        return tuple(row for row in self.entrepreneurs if row.association == slug)

    def supporters_of(self, slug: str) -> tuple[SupporterRow, ...]:
        """List the supporters of an association."""
        return tuple(row for row in self.supporters if row.association == slug)

    def sessions_of(self, slug: str) -> tuple[WorkshopSessionRow, ...]:
        """List the workshop sessions of an association."""
        return tuple(row for row in self.sessions if row.association == slug)


@dataclass(slots=True)
class _Streams:
    """One stream of draws for each subject."""

    seed: int
    names: Draws = field(init=False)
    contacts: Draws = field(init=False)
    sizes: Draws = field(init=False)
    places: Draws = field(init=False)
    supporter_places: Draws = field(init=False)
    profiles: Draws = field(init=False)
    supporter_profiles: Draws = field(init=False)
    time: Draws = field(init=False)
    languages: Draws = field(init=False)
    texts: Draws = field(init=False)
    households: Draws = field(init=False)
    sessions: Draws = field(init=False)

    def __post_init__(self) -> None:
        subjects = [name for name in self.__slots__ if name != "seed"]
        for name, child in zip(subjects, np.random.SeedSequence(self.seed).spawn(len(subjects)), strict=True):
            setattr(self, name, Draws(child))


def build_population(size: str = "small", *, today: date, seed: int = DEFAULT_SEED) -> Population:
    """Invent a population; the same size, day and seed give the same rows, to the last character.

    Raises KeyError for an unknown size.
    """
    wanted = SIZES[size]
    streams = _Streams(seed)
    associations = build_associations(wanted.initiatives, wanted.rebonds)
    helped, helpers, meetings = _shares(associations, wanted, streams.sizes)
    names = _Names(streams.names, streams.contacts)
    entrepreneurs = _entrepreneurs(helped, streams, names, today)
    supporters = _supporters(helpers, streams, names)
    _link_households(entrepreneurs, supporters, streams.households)
    return Population(
        associations=associations,
        entrepreneurs=tuple(entrepreneurs),
        supporters=tuple(supporters),
        sessions=build_sessions(meetings, today=today, draws=streams.sessions),
    )


def _shares(
    associations: Sequence[InventedAssociation], wanted: Size, draws: Draws
) -> tuple[list[InventedAssociation], list[InventedAssociation], list[InventedAssociation]]:
    """Give the association of each entrepreneur, each supporter and each session.

    Associations with more neighbourhoods are larger, though not in proportion; antennas of 60 000 rebonds are smaller
    and have more supporters for each entrepreneur.
    """
    sizes = [
        len(association.qpvs) ** 0.7 * (0.8 + 0.4 * draws.unit()) * (0.6 if association.network == "rebonds" else 1)
        for association in associations
    ]
    people = share(wanted.entrepreneurs, sizes, least=5)
    need = [
        count * (2.2 if association.network == "rebonds" else 1)
        for count, association in zip(people, associations, strict=True)
    ]
    return (
        _repeat(associations, people),
        _repeat(associations, share(wanted.supporters, need, least=3)),
        _repeat(associations, share(wanted.sessions, sizes, least=2)),
    )


def _repeat(values: Sequence[T], counts: Sequence[int]) -> list[T]:
    return [value for value, count in zip(values, counts, strict=True) for _ in range(count)]


class _Identity(TypedDict):
    first_name: str
    last_name: str
    email: str
    phone: str


class _Names:
    """Names, addresses and telephone numbers, from streams that nothing else reads."""

    def __init__(self, names: Draws, contacts: Draws) -> None:
        self._names, self._contacts = names, contacts
        self._used: dict[str, int] = {}

    def draw(self) -> "_Identity":
        draws = self._names
        young = draws.chance(0.25)
        first = invented.young_first_names().draw(draws) if young else draws.pick(invented.first_names())
        last = draws.pick(invented.surnames())
        if draws.chance(0.04):
            last = f"{last}-{draws.pick(invented.surnames())}"
        return _Identity(first_name=first, last_name=last, email=self._email(first, last), phone=self._phone())

    def _email(self, first: str, last: str) -> str:
        name = f"{_plain(first)}.{_plain(last)}"
        count = self._used[name] = self._used.get(name, 0) + 1
        return f"{name}{count if count > 1 else ''}@example.org"

    def _phone(self) -> str:
        """Draw a number of the ranges kept for fiction."""
        draws = self._contacts
        start = "06 39 98" if draws.chance(0.9) else "01 99 00"
        return f"{start} {draws.between(0, 99):02d} {draws.between(0, 99):02d}"


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    return re.sub(r"[^a-z]+", "-", "".join(c for c in bare if not unicodedata.combining(c))).strip("-")


def _entrepreneurs(
    associations: Sequence[InventedAssociation], streams: _Streams, names: _Names, today: date
) -> list[EntrepreneurRow]:
    places = place_entrepreneurs(associations, streams.places)
    return [
        _entrepreneur(f"E{number:05d}", association, place, streams, names, today)
        for number, (association, place) in enumerate(zip(associations, places, strict=True), start=1)
    ]


def _entrepreneur(
    code: str, association: InventedAssociation, place: Place, streams: _Streams, names: _Names, today: date
) -> EntrepreneurRow:
    draws = streams.profiles
    stage = profiles.STAGES[association.network].draw(draws)
    trade = invented.trades().draw(draws)
    project = draws.pick(trade.projects)
    needs = profiles.draw_needs(stage, trade.family, draws)
    wishes = profiles.draw_wishes(association.network, needs, draws)
    languages = profiles.draw_languages(streams.languages)
    liquidated = stage == "rebound" or draws.chance(0.5 if association.network == "rebonds" else 0.03)
    row = EntrepreneurRow(
        reference=code,
        association=association.slug,
        **names.draw(),
        commune=place.commune,
        latitude=place.latitude,
        longitude=place.longitude,
        qpv_code=place.qpv_code,
        stage=stage,
        activity=trade.naf,
        project_title=project_title(project),
        text=entrepreneur_text(
            trade=trade, project=project, stage=stage, needs=needs, languages=languages, draws=streams.texts
        ),
        needs=needs,
        languages=languages,
        availability=profiles.draw_entrepreneur_slots(streams.time),
        max_km=profiles.draw_km(draws),
        accepts_remote=draws.chance(0.7),
        wanted_roles=wishes,
        coaching_consent="coach" in wishes and draws.chance(0.88),
        after_liquidation=liquidated,
        waiting_since=today - timedelta(days=int(240 * draws.unit() ** 2)),
        wants_bridging=draws.chance(0.35),
    )
    return complete_row(row, reference_vocabulary())


_ROLES = {
    "initiative_france": weights("mentor 68 expert 24 ambassador 8"),
    "rebonds": weights("mentor 42 coach 30 expert 15 ambassador 13"),
}
_CAPACITY = {
    "mentor": Weighted({0: 4, 1: 40, 2: 36, 3: 16, 4: 4}),
    "coach": Weighted({7: 35, 14: 40, 21: 20, 28: 5}),
    "expert": Weighted({2: 30, 3: 30, 4: 20, 5: 20}),
    "ambassador": Weighted({2: 40, 3: 40, 4: 20}),
}


def _supporters(associations: Sequence[InventedAssociation], streams: _Streams, names: _Names) -> list[SupporterRow]:
    places = place_supporters(associations, streams.supporter_places)
    roles = _draw_roles(associations, streams.supporter_profiles)
    return [
        _supporter(f"S{number:05d}", association, role, place, streams, names)
        for number, (association, role, place) in enumerate(zip(associations, roles, places, strict=True), start=1)
    ]


def _draw_roles(associations: Sequence[InventedAssociation], draws: Draws) -> list[str]:
    """Give each association its usual mix of roles, in any order; one of each where it has ten supporters."""
    found: list[str] = []
    for association, count in Counter(associations).items():
        mix = _ROLES[association.network]
        counts = share(count, mix.weights, least=1 if count >= 10 else 0)
        found.extend(draws.sample(_repeat(mix.values, counts), count))
    return found


def _supporter(
    code: str, association: InventedAssociation, role: str, place: Place, streams: _Streams, names: _Names
) -> SupporterRow:
    draws = streams.supporter_profiles
    career = invented.careers()[role].draw(draws)
    retired = draws.chance(0.45)
    expertise = profiles.draw_expertise(career, draws)
    bounced_back = role == "ambassador" or draws.chance(0.08)
    row = SupporterRow(
        reference=code,
        association=association.slug,
        **names.draw(),
        role=role,
        commune=place.commune,
        latitude=place.latitude,
        longitude=place.longitude,
        expertise=expertise,
        activities=_activities(career.naf, draws),
        stages=profiles.draw_stages(association.network, draws),
        languages=profiles.draw_supporter_languages(streams.languages),
        availability=profiles.draw_supporter_slots(retired, streams.time),
        max_km=profiles.draw_km(draws),
        accepts_remote=draws.chance(0.65),
        capacity=_CAPACITY[role].draw(draws),
        text=supporter_text(
            career=career,
            role=role,
            expertise=expertise,
            retired=retired,
            bounced_back=bounced_back,
            draws=streams.texts,
        ),
        active_business=not retired and role in {"mentor", "ambassador"} and draws.chance(0.7),
        has_bounced_back=bounced_back,
        certified=role == "coach" and draws.chance(0.92),
    )
    return complete_row(row, reference_vocabulary())


def _activities(naf: str, draws: Draws) -> tuple[str, ...]:
    """Give a supporter's activity, and for one in four another one known from nearby."""
    known = [naf, invented.trades().draw(draws).naf] if draws.chance(0.25) else [naf]
    return tuple(dict.fromkeys(known))


def _link_households(entrepreneurs: list[EntrepreneurRow], supporters: list[SupporterRow], draws: Draws) -> None:
    """Put a few supporters in the household of an entrepreneur of the same association: they may not be paired."""
    homes: dict[str, list[int]] = {}
    for place, row in enumerate(entrepreneurs):
        homes.setdefault(row.association, []).append(place)
    for place, supporter in enumerate(supporters):
        if draws.chance(0.02):
            with_whom = draws.pick(homes[supporter.association])
            household = f"F{place + 1:05d}"
            supporters[place] = replace(supporter, household=household)
            entrepreneurs[with_whom] = replace(entrepreneurs[with_whom], household=household)
