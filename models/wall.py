"""The wall between lending and rebuilding: what an association that lends is told of somebody, and what it may write.

A stage that tells of hard times is never hidden alone, for a gap would tell as much: it shows as a wider stage that is
true of it and of ordinary ones. Everything told, counted, filtered or written to a file on that side uses the same.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from models.associations import Network
from models.entrepreneurs import Stage


class WideStage(StrEnum):
    """Where a project stands, told without what is nobody's business who decides on a loan."""

    PREPARING = "preparing"
    RUNNING = "running"


ToldStage = Stage | WideStage

WIDE_STAGES: Mapping[WideStage, frozenset[Stage]] = MappingProxyType(
    {
        WideStage.PREPARING: frozenset({Stage.IDEA, Stage.EMERGENCE, Stage.PLANNING, Stage.REBOUND}),
        WideStage.RUNNING: frozenset({Stage.CONSOLIDATION, Stage.GROWTH, Stage.DIFFICULTY}),
    }
)
# What a wide stage means where one stage must be written: the middle of the ordinary ones.
MIDDLE: Mapping[WideStage, Stage] = MappingProxyType(
    {WideStage.PREPARING: Stage.EMERGENCE, WideStage.RUNNING: Stage.CONSOLIDATION}
)
HARD_STAGES = frozenset({Stage.DIFFICULTY, Stage.REBOUND})
ABOUT_STAGE = frozenset({"knows_stage", "other_stage", "declared_stage"})


def lends(network: Network) -> bool:
    """Say whether an association stands on the lending side of the wall."""
    return network is Network.INITIATIVE_FRANCE


def tell_stage(stage: Stage, *, lends: bool) -> ToldStage:
    """Give the stage as an association is told it."""
    if not lends:
        return stage
    return next((wide for wide, stages in WIDE_STAGES.items() if stage in stages), stage)


def list_told_stages(*, lends: bool) -> list[ToldStage]:
    """Give all that an association can be told of a stage, in the order of a project's life."""
    return list(dict.fromkeys(tell_stage(stage, lends=lends) for stage in Stage))


def list_written_stages(*, lends: bool) -> list[ToldStage]:
    """Give what an association may write of somebody new: the lending side leaves hard times to the person herself."""
    return [stage for stage in Stage if not (lends and stage in HARD_STAGES)]


def read_told_stage(value: str) -> ToldStage:
    """Give the stage, exact or wide, that a text kept or posted names."""
    return WideStage(value) if value in set(WideStage) else Stage(value)


def cover(told: ToldStage) -> frozenset[Stage]:
    """Give the stages that a told one may stand for."""
    return WIDE_STAGES[told] if isinstance(told, WideStage) else frozenset({told})


def receive_stage(told: ToldStage, *, before: Stage | None, lends: bool) -> Stage:
    """Give the stage to write when an association says one: what it cannot tell from the present one changes nothing.

    Otherwise a file with a guess in it would be answered "changed" or "unchanged", and so would tell.
    """
    heard = tell_stage(told, lends=lends) if isinstance(told, Stage) else told
    if before is not None and before in cover(heard):
        return before
    return MIDDLE[told] if isinstance(told, WideStage) else told


def tell_reasons(reasons: Iterable[Mapping[str, Any]], *, lends: bool) -> list[Mapping[str, Any]]:
    """Leave out, on the lending side, every reason or gap about a stage that is told there as a wider one."""
    return [reason for reason in reasons if not (lends and _is_about_wide_stage(reason))]


def tell_parts(components: Iterable[Mapping[str, Any]], *, lends: bool) -> list[Mapping[str, Any]]:
    """Give the parts of a score; on the lending side the part of the stage is counted with that of the words.

    A number of its own would tell the stage to whoever compares supporters; the sum stays the score.
    """
    parts = list(components)
    joined = [part for part in parts if part["name"] in ("stage", "text")]
    if not lends or not joined:
        return parts
    whole = {
        "name": "stage_text",
        "weight": sum(float(part["weight"]) for part in joined),
        "contribution": sum(float(part["contribution"]) for part in joined),
    }
    first = parts.index(joined[0])
    others = [part for part in parts if part not in joined]
    return [*others[:first], whole, *others[first:]]


def _is_about_wide_stage(reason: Mapping[str, Any]) -> bool:
    if reason["code"] not in ABOUT_STAGE:
        return False
    stage = (reason.get("facts") or {}).get("stage")
    return stage is None or isinstance(tell_stage(Stage(stage), lends=True), WideStage)
