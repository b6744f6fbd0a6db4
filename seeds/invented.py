"""The lists from which the demo population is invented: trades, careers, names and sentences."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from seeds import reference
from seeds.draws import Weighted

ROLES = ("mentor", "coach", "expert", "ambassador")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """An activity that entrepreneurs of these neighbourhoods have, with words to tell it."""

    naf: str
    family: str
    projects: tuple[str, ...]
    clients: tuple[str, ...]
    worries: tuple[str, ...]
    project_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Career:
    """What a supporter did, and the topics that it teaches."""

    naf: str
    topics: tuple[str, ...]
    past: tuple[str, ...]
    past_en: str


def read_list(name: str) -> Iterator[dict[str, str]]:
    """Read the lines of a list of `seeds/data`."""
    with (reference.DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


@cache
def trades() -> Weighted[Trade]:
    """Trades, by how common they are."""
    return Weighted(
        {
            Trade(
                naf=line["naf"],
                family=line["family"],
                projects=_parts(line["projects"]),
                clients=_parts(line["clients"]),
                worries=_parts(line["worries"]),
                project_en=line["project_en"],
            ): float(line["weight"])
            for line in read_list("trades.csv")
        }
    )


@cache
def careers() -> Mapping[str, Weighted[Career]]:
    """Careers of each role, by how common they are in it."""
    found: dict[str, dict[Career, float]] = {role: {} for role in ROLES}
    for line in read_list("careers.csv"):
        career = Career(
            naf=line["naf"], topics=_parts(line["topics"]), past=_parts(line["past"]), past_en=line["past_en"]
        )
        for role in ROLES:
            found[role][career] = float(line[role])
    return {role: Weighted(weights) for role, weights in found.items()}


@cache
def first_names() -> tuple[str, ...]:
    """First names of adults."""
    return tuple(line["first_name"] for line in read_list("first_names.csv"))


@cache
def young_first_names() -> Weighted[str]:
    """First names given in Paris from 2004 on, by how often."""
    found: dict[str, float] = {}
    for line in read_list("prenoms_paris_2004_2021.csv"):
        found[line["prenom"]] = found.get(line["prenom"], 0) + float(line["nombre"])
    return Weighted(found)


@cache
def surnames() -> tuple[str, ...]:
    """Family names."""
    return tuple(line["last_name"] for line in read_list("surnames.csv"))


@cache
def sentences() -> Mapping[tuple[str, str, str], tuple[str, ...]]:
    """Sentences with slots, by (use, key, language)."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for line in read_list("sentences.csv"):
        found.setdefault((line["use"], line["key"], line["language"]), []).append(line["text"])
    return {key: tuple(texts) for key, texts in found.items()}
