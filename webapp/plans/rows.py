"""The lines of a plan as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.pairings import Pairing
from models.plans import PlanLine
from models.queries.plans import PlanSheet, state_of
from models.states import PlanLineState
from models.wall import lends, tell_reasons
from webapp import labels
from webapp.words import readings

REASONS_SHOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One line: its state, why, and what became of it."""

    line: PlanLine
    state: PlanLineState
    reasons: Sequence[str]
    pairing: Pairing | None = None
    is_booked: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether somebody has to decide about it."""
        return self.state is PlanLineState.PROPOSED


def build_rows(sheet: PlanSheet) -> list[PlanRow]:
    """Put the lines of one plan together."""
    return [
        PlanRow(
            line=line,
            state=state_of(line),
            reasons=list_reasons(line, lends=lends(sheet.association.network)),
            pairing=sheet.pairings.get(line.suggestion_id or 0),
            is_booked=line.session_id in sheet.booked,
        )
        for line in sheet.lines
    ]


def list_reasons(line: PlanLine, *, lends: bool) -> list[str]:
    """Give the strongest reasons of a line for the coordinator, as her side of the wall may know them."""
    if line.suggestion is not None:
        return readings.for_coordinator(tell_reasons(line.suggestion.reasons, lends=lends)[:REASONS_SHOWN])
    told = tell_reasons(line.reasons, lends=lends)[:REASONS_SHOWN]
    return [labels.session_reason_words(reason) for reason in told]
