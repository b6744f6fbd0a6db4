"""What the lending side is told of a stage, and what it may write."""

import pytest

from models.associations import Network
from models.entrepreneurs import Stage
from models.wall import (
    HARD_STAGES,
    WideStage,
    cover,
    lends,
    list_told_stages,
    list_written_stages,
    read_told_stage,
    receive_stage,
    tell_parts,
    tell_reasons,
    tell_stage,
)


def test_one_side_lends() -> None:
    assert lends(Network.INITIATIVE_FRANCE)
    assert not lends(Network.REBONDS)


def test_a_hard_stage_is_told_as_an_ordinary_one_is() -> None:
    for hard in HARD_STAGES:
        told = tell_stage(hard, lends=True)
        assert len(cover(told) - HARD_STAGES) >= 2, "a name of its own would tell"
        assert hard in cover(told)
        assert tell_stage(hard, lends=False) is hard


@pytest.mark.parametrize("is_lending", [True, False])
def test_what_is_told_is_always_true_and_covers_every_stage_once(is_lending: bool) -> None:
    told = list_told_stages(lends=is_lending)
    assert sorted(stage for one in told for stage in cover(one)) == sorted(Stage)
    assert all(stage in cover(tell_stage(stage, lends=is_lending)) for stage in Stage)
    assert [read_told_stage(one.value) for one in told] == told


def test_no_side_but_the_rebuilding_one_writes_hard_times_for_somebody() -> None:
    assert not HARD_STAGES & set(list_written_stages(lends=True))
    assert list_written_stages(lends=False) == list(Stage)


@pytest.mark.parametrize("said", [*Stage, *WideStage])
def test_saying_a_stage_changes_nothing_that_the_lending_side_could_not_see(said: Stage | WideStage) -> None:
    """Whatever it says, the answer "changed" or "unchanged" is the same for all that it is told alike."""
    for told in list_told_stages(lends=True):
        changes = {receive_stage(said, before=before, lends=True) is not before for before in cover(told)}
        assert len(changes) == 1


def test_a_wide_stage_for_somebody_new_is_an_ordinary_one() -> None:
    for wide in WideStage:
        assert receive_stage(wide, before=None, lends=True) in cover(wide) - HARD_STAGES
    assert receive_stage(Stage.IDEA, before=Stage.PLANNING, lends=False) is Stage.IDEA
    assert receive_stage(Stage.FUNDING, before=Stage.REBOUND, lends=True) is Stage.FUNDING


def test_reasons_about_a_wide_stage_are_left_out_alike() -> None:
    def reason(code: str, stage: Stage | None) -> dict[str, object]:
        return {"code": code, "facts": {"stage": stage.value} if stage else {}}

    for code in ("knows_stage", "other_stage", "declared_stage"):
        kept = [stage for stage in Stage if tell_reasons([reason(code, stage)], lends=True)]
        assert kept == [Stage.FUNDING, Stage.REGISTRATION, Stage.LAUNCH, Stage.TAKEOVER]
        assert len(tell_reasons([reason(code, stage) for stage in Stage], lends=False)) == len(Stage)
    assert tell_reasons([reason("near", None)], lends=True) == [reason("near", None)]


def test_the_parts_told_still_add_up() -> None:
    parts = [
        {"name": "needs", "weight": 0.4, "contribution": 0.36},
        {"name": "stage", "weight": 0.35, "contribution": 0.26},
        {"name": "place", "weight": 0.1, "contribution": 0.05},
        {"name": "text", "weight": 0.15, "contribution": 0.1},
    ]
    told = tell_parts(parts, lends=True)
    assert [part["name"] for part in told] == ["needs", "stage_text", "place"]
    assert sum(part["contribution"] for part in told) == pytest.approx(0.77)
    assert sum(part["weight"] for part in told) == pytest.approx(1.0)
    assert tell_parts(parts, lends=False) == parts
    assert tell_parts(parts[:1], lends=True) == parts[:1]
