"""A suggestion and the other choices of its run as a table: one row per part of the score, one column per supporter."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.match_runs import Suggestion
from models.queries.directory import free_places
from models.wall import tell_parts, tell_reasons
from webapp import labels
from webapp.words import readings

ALMOST = 1e-6
"""What a number in floating point may lack to be the whole number that it means."""

NO_PLACE = "no_place_left"
"""Code of the gap that the engine gives to somebody whose places all went to others."""

Part = tuple[str, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPart:
    """One part of the score for each choice, in points out of 100; None where a choice has no such part."""

    label: str
    points: tuple[float | None, ...]
    most: float


def list_parts(components: Sequence[Mapping[str, Any]], *, lends: bool) -> list[Part]:
    """Give the parts of a score as label, contribution and weight; the contributions shown add up to the score shown.

    A part that weighs nothing in this role is left out: it would only be a row of zeros.
    """
    told = tell_parts(components, lends=lends)
    shown = [part for part in told if _share(part, told) > 0]
    points = shown_points([float(part["contribution"]) for part in shown])
    return [
        (labels.component_label(part["name"]), shown_part / 100, _share(part, told))
        for part, shown_part in zip(shown, points, strict=True)
    ]


def shown_points(contributions: Sequence[float]) -> list[float]:
    """Give points out of 100 with one decimal whose sum is the rounded total; the largest rests are rounded up."""
    exact = [1000 * value for value in contributions]
    tenths = [math.floor(value + ALMOST) for value in exact]
    missing = round(sum(exact)) - sum(tenths)
    by_rest = sorted(range(len(exact)), key=lambda index: tenths[index] - exact[index])
    for index in by_rest[:missing]:
        tenths[index] += 1
    return [value / 10 for value in tenths]


def compare_parts(choices: Sequence[Suggestion], *, lends: bool) -> list[ComparedPart]:
    """Set the parts of several choices side by side, in the order of the first one's parts."""
    if not choices:
        return []
    first = tell_parts(choices[0].components, lends=lends)
    names = [part["name"] for part in first if _share(part, first) > 0]
    columns = [_points_by_name(tell_parts(choice.components, lends=lends)) for choice in choices]
    return [
        ComparedPart(
            label=labels.component_label(part["name"]),
            points=tuple(column.get(part["name"]) for column in columns),
            most=100 * _share(part, first),
        )
        for part in first
        if part["name"] in names
    ]


def strongest_reasons(suggestion: Suggestion, *, most: int, lends: bool) -> list[str]:
    """Give the first reasons in words; the engine puts the strongest first."""
    return list_reasons(suggestion.reasons, lends=lends)[:most]


def list_gaps(suggestion: Suggestion, *, lends: bool) -> list[str]:
    """Give what is missing in words; a place that lacked when the run ended and is free again is no longer missing."""
    has_place = free_places(suggestion.supporter) > 0
    gaps = [gap for gap in suggestion.gaps if not (has_place and gap["code"] == NO_PLACE)]
    return list_reasons(gaps, lends=lends)


def list_reasons(lines: Sequence[Mapping[str, Any]], *, lends: bool) -> list[str]:
    """Give reasons or gaps in words, as the side of the wall that reads may know them."""
    return readings.for_coordinator(tell_reasons(lines, lends=lends))


def _points_by_name(parts: Sequence[Mapping[str, Any]]) -> Mapping[str, float]:
    points = shown_points([float(part["contribution"]) for part in parts])
    return {part["name"]: shown for part, shown in zip(parts, points, strict=True)}


def _share(part: Mapping[str, Any], components: Sequence[Mapping[str, Any]]) -> float:
    total = sum(float(one["weight"]) for one in components)
    return float(part["weight"]) / total if total else 0.0
