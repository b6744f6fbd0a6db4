"""The words of the meetings of the supporters' circle."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.states import GatheringAction, GatheringState

GATHERING_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    GatheringState: {
        GatheringState.PLANNED: _p("gathering", "Planned"),
        GatheringState.HELD: _p("gathering", "Took place"),
        GatheringState.MISSED: _p("gathering", "Did not take place"),
        GatheringState.CANCELLED: _p("gathering", "Called off"),
    },
    GatheringAction: {
        GatheringAction.CHANGE: _p("action", "Meeting of supporters changed"),
        GatheringAction.HOLD: _p("action", "Meeting of supporters noted"),
        GatheringAction.MISS: _p("action", "Meeting of supporters noted as missed"),
        GatheringAction.CANCEL: _p("action", "Meeting of supporters called off"),
    },
}
GATHERING_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    GatheringState: {GatheringState.PLANNED: "info", GatheringState.HELD: "good"}
}
