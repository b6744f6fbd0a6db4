"""The reference data of `seeds/data`: typed, checked, read once.

Every reader gives a read-only mapping from the code (or slug) to a frozen record, in the order of the file. Sources,
licences and known defects are in `seeds/data/SOURCES.md`.
"""

import csv
import gzip
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import shapely
from shapely.geometry import shape

DATA = Path(__file__).resolve().parent / "data"
ZONING_VERSION = "2024"

Row = dict[str, str]
Record = TypeVar("Record")


class ReferenceDataError(ValueError):
    """A reference file says something impossible."""

    def __init__(self, *, file: str, line: int, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(f"{file}, line {line}: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What an entrepreneur may need and a supporter may bring."""

    slug: str
    label_fr: str
    label_en: str
    data_inclusion: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopTheme:
    """A kind of workshop, with the topics it serves; attendance at a sensitive one is private."""

    slug: str
    label_fr: str
    label_en: str
    topics: tuple[str, ...]
    sensitive: bool
    description_fr: str
    description_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A spoken language, by its ISO 639 code."""

    code: str
    label_fr: str
    label_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region or an overseas community."""

    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A département or an overseas community; zone is metro, drom or com."""

    code: str
    name: str
    region: str
    seat: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A commune, or a district of Paris, Lyon or Marseille (then `parent` is the commune)."""

    code: str
    name: str
    parent: str | None
    department: str
    region: str
    postal_codes: tuple[str, ...]
    population: int
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerCommune:
    """A commune that was merged into another, which people still write."""

    code: str
    name: str
    postal_codes: tuple[str, ...]
    current_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Qpv:
    """A priority neighbourhood; its point lies inside its outline."""

    code: str
    name: str
    communes: tuple[str, ...]
    department: str
    latitude: float
    longitude: float
    area_ha: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NafItem:
    """One entry of NAF rev. 2, at one of its five levels."""

    level: str
    code: str
    label: str
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A financing or support offer. Months and euros; None where the source says nothing."""

    slug: str
    name: str
    operator: str
    nature: str
    phases: tuple[str, ...]
    zone_condition: str
    conditions: str
    amount_min_eur: int | None
    amount_max_eur: int | None
    months_min: int | None
    months_max: int | None
    deferral_max_months: int | None
    reliability: str
    source_url: str
    source_date: str

    @property
    def needs_review(self) -> bool:
        """Say whether a person must read the source again before this is shown."""
        return "vérifier" in self.reliability


@cache
def topics() -> Mapping[str, Topic]:
    """Topics by slug, in the order in which they are offered."""
    return _read("topics.csv", _topic)


@cache
def workshop_themes() -> Mapping[str, WorkshopTheme]:
    """Workshop themes by slug; every topic they name exists."""
    return _read("workshop_themes.csv", _workshop_theme)


@cache
def languages() -> Mapping[str, Language]:
    """Languages by ISO 639 code, the most spoken first."""
    return _read("languages.csv", lambda row: (row["code"], Language(**row)))


@cache
def regions() -> Mapping[str, Region]:
    """Regions by Insee code."""
    return _read("regions.csv", lambda row: (row["code"], Region(code=row["code"], name=row["nom"], zone=row["zone"])))


@cache
def departments() -> Mapping[str, Department]:
    """Départements by code."""
    return _read("departements.csv", _department)


@cache
def communes() -> Mapping[str, Commune]:
    """Communes and districts by Insee code."""
    found = _read("communes_cog2026.csv.gz", _commune)
    for commune in found.values():
        if commune.parent is not None and commune.parent not in found:
            raise ReferenceDataError(
                file="communes_cog2026.csv.gz", line=0, reason=f"parent of {commune.code} is unknown"
            )
    return found


@cache
def former_communes() -> Mapping[str, FormerCommune]:
    """Communes merged into another, by their old Insee code."""
    return _read("former_communes.csv", _former_commune)


def resolve_commune(code: str) -> str:
    """Give the commune of a district of Paris, Lyon or Marseille or of a merged commune; else the code itself.

    Raises KeyError when the code is unknown.
    """
    former = former_communes().get(code)
    commune = communes()[former.current_code if former else code]
    return commune.parent or commune.code


@cache
def qpvs() -> Mapping[str, Qpv]:
    """Priority neighbourhoods by code."""
    return _read("qpv_2024.csv", _qpv)


@cache
def qpv_outlines() -> Mapping[str, bytes]:
    """Outline of each priority neighbourhood as WKB (WGS84, longitude first), by code."""
    with gzip.open(DATA / "qpv_2024.geojson.gz", "rt", encoding="utf-8") as file:
        features = json.load(file)["features"]
    outlines = [shape(feature["geometry"]) for feature in features]
    found = dict(zip((feature["properties"]["code"] for feature in features), shapely.to_wkb(outlines), strict=True))
    if found.keys() != qpvs().keys():
        raise ReferenceDataError(file="qpv_2024.geojson.gz", line=0, reason="codes differ from qpv_2024.csv")
    return MappingProxyType({code: found[code] for code in qpvs()})


@cache
def naf() -> Mapping[str, NafItem]:
    """NAF rev. 2 by code, all five levels; the codes of different levels never coincide."""
    return _read("naf_rev2.csv", _naf_item)


@cache
def activities() -> Mapping[str, str]:
    """Labels of the 732 sub-classes of NAF rev. 2 by code: what a business declares."""
    return MappingProxyType({code: item.label for code, item in naf().items() if item.level == "sous_classe"})


@cache
def offers() -> Mapping[str, Offer]:
    """Offers by slug."""
    return _read("offres_quartiers.csv", _offer)


def _lines(name: str) -> Iterator[Row]:
    path = DATA / name
    with (gzip.open if name.endswith(".gz") else open)(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def _read(name: str, build: Callable[[Row], tuple[str, Record]]) -> Mapping[str, Record]:
    found: dict[str, Record] = {}
    for line, row in enumerate(_lines(name), start=2):
        try:
            key, record = build(row)
        except (KeyError, TypeError, ValueError) as error:
            raise ReferenceDataError(file=name, line=line, reason=repr(error)) from error
        if not key or key in found:
            raise ReferenceDataError(file=name, line=line, reason=f"code {key!r} is empty or appears twice")
        found[key] = record
    return MappingProxyType(found)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _known(codes: tuple[str, ...], allowed: Mapping[str, object]) -> tuple[str, ...]:
    for code in codes:
        if code not in allowed:
            raise ValueError(f"{code!r} is unknown")
    return codes


def _degrees(text: str, limit: float) -> float:
    value = float(text)
    if not math.isfinite(value) or abs(value) > limit:
        raise ValueError(f"{text!r} is not a position")
    return value


def _number(text: str) -> int | None:
    return int(text) if text else None


def _topic(row: Row) -> tuple[str, Topic]:
    return row["slug"], Topic(
        slug=row["slug"],
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        data_inclusion=row["data_inclusion"] or None,
    )


def _workshop_theme(row: Row) -> tuple[str, WorkshopTheme]:
    return row["slug"], WorkshopTheme(
        slug=row["slug"],
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        topics=_known(_split(row["topics"]), topics()),
        sensitive={"0": False, "1": True}[row["sensitive"]],
        description_fr=row["description_fr"],
        description_en=row["description_en"],
    )


def _department(row: Row) -> tuple[str, Department]:
    return row["code"], Department(
        code=row["code"],
        name=row["nom"],
        region=_known((row["region"],), regions())[0],
        seat=row["chef_lieu"],
        zone=row["zone"],
    )


def _commune(row: Row) -> tuple[str, Commune]:
    return row["code"], Commune(
        code=row["code"],
        name=row["nom"],
        parent=row["commune_parente"] or None,
        department=row["departement"],
        region=row["region"],
        postal_codes=_split(row["codes_postaux"]),
        population=int(row["population"] or 0),
        latitude=_degrees(row["lat"], 90) if row["lat"] else None,
        longitude=_degrees(row["lon"], 180) if row["lon"] else None,
    )


def _former_commune(row: Row) -> tuple[str, FormerCommune]:
    return row["code"], FormerCommune(
        code=row["code"],
        name=row["name"],
        postal_codes=_split(row["postal_codes"]),
        current_code=_known((row["current_code"],), communes())[0],
    )


def _qpv(row: Row) -> tuple[str, Qpv]:
    return row["code"], Qpv(
        code=row["code"],
        name=row["nom"],
        communes=_known(_split(row["communes_insee"]), communes()),
        department=row["departement"],
        latitude=_degrees(row["lat"], 90),
        longitude=_degrees(row["lon"], 180),
        area_ha=float(row["surface_ha_approx"]),
    )


def _naf_item(row: Row) -> tuple[str, NafItem]:
    return row["code"], NafItem(
        level=row["niveau"], code=row["code"], label=row["libelle"], parent=row["parent"] or None
    )


def _offer(row: Row) -> tuple[str, Offer]:
    return row["code"], Offer(
        slug=row["code"],
        name=row["nom"],
        operator=row["operateur"],
        nature=row["nature"],
        phases=_split(row["phase"]),
        zone_condition=row["condition_zone"],
        conditions=row["conditions"],
        amount_min_eur=_number(row["montant_min_eur"]),
        amount_max_eur=_number(row["montant_max_eur"]),
        months_min=_number(row["duree_min_mois"]),
        months_max=_number(row["duree_max_mois"]),
        deferral_max_months=_number(row["differe_max_mois"]),
        reliability=row["fiabilite"],
        source_url=row["source_url"],
        source_date=row["source_date"],
    )
