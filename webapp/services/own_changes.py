"""What a person left without anybody could change herself: what the last run knew of, and she has not done since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.entrepreneurs import Entrepreneur
from models.match_runs import UnmatchedNeed
from models.supporters import SupporterRole
from webapp.services.profile_steps import ProfileStep
from webapp.words.week import SLOTS

# Where each step is taken. Consent has a step of its own, and one more place is not hers to give.
TAKEN_AT: Mapping[str, ProfileStep] = {
    "slot": ProfileStep.AVAILABILITY,
    "remote": ProfileStep.AVAILABILITY,
    "distance": ProfileStep.AVAILABILITY,
    "language": ProfileStep.LANGUAGES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChange:
    """One change that she can make: for which role, what it opens, and at which steps of her profile."""

    role: SupporterRole
    change: Mapping[str, Any]
    places: tuple[ProfileStep, ...]


def list_own_changes(
    entrepreneur: Entrepreneur, needs: Iterable[UnmatchedNeed], roles: Iterable[SupporterRole]
) -> tuple[OwnChange, ...]:
    """Give the best change of hers for each of these roles. Her languages must be loaded."""
    by_role = {need.role: need for need in needs}
    found = (_best(entrepreneur, by_role[role]) for role in roles if role in by_role)
    return tuple(change for change in found if change is not None)


def _best(entrepreneur: Entrepreneur, need: UnmatchedNeed) -> OwnChange | None:
    for change in need.changes:
        steps = change["steps"]
        if all(step["kind"] in TAKEN_AT and not _is_taken(entrepreneur, step) for step in steps):
            places = tuple(dict.fromkeys(TAKEN_AT[step["kind"]] for step in steps))
            return OwnChange(role=need.role, change=change, places=places)
    return None


def _is_taken(entrepreneur: Entrepreneur, step: Mapping[str, Any]) -> bool:
    """Say whether she has already done it since the run."""
    kind, value = step["kind"], step["value"]
    if kind == "slot":
        return bool(entrepreneur.availability >> SLOTS.index(value) & 1)
    if kind == "remote":
        return entrepreneur.accepts_remote
    if kind == "distance":
        return entrepreneur.max_km >= float(value)
    return any(spoken.language == value for spoken in entrepreneur.languages)
