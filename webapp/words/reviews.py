"""The words of checks and reviews."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.queries.reviews import ReviewSituation
from models.reviews import Review, ReviewKind, SkipReason
from models.states import ReviewAction, ReviewState
from webapp.translation import ngettext

REVIEWS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    ReviewKind: {
        ReviewKind.CHECK: _p("review", "Check of the pairing"),
        ReviewKind.REVIEW: _p("review", "Review of the project"),
    },
    ReviewState: {
        ReviewState.DUE: _p("review", "To be held"),
        ReviewState.DONE: _p("review", "Held"),
        ReviewState.SKIPPED: _p("review", "Left out"),
    },
    ReviewAction: {
        ReviewAction.NOTE: _p("action", "Check or review noted"),
        ReviewAction.SKIP: _p("action", "Check or review left out"),
    },
    SkipReason: {
        SkipReason.UNREACHABLE: _p("review", "Could not be reached"),
        SkipReason.NOT_WANTED: _p("review", "Not wished for"),
        SkipReason.OTHER: _p("review", "Another reason"),
        SkipReason.NOT_HELD: _p("review", "Nobody held it in time"),
        SkipReason.PAIRING_ENDED: _p("review", "The pairing ended before"),
        SkipReason.FILE_CLOSED: _p("review", "The file was closed before"),
    },
    ReviewSituation: {
        ReviewSituation.DUE: _p("review", "To hold now"),
        ReviewSituation.COMING: _p("review", "To come"),
        ReviewSituation.DONE: _p("review", "Held"),
        ReviewSituation.SKIPPED: _p("review", "Left out"),
    },
}
REVIEW_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    ReviewState: {ReviewState.DUE: "attention", ReviewState.DONE: "good"},
}


def name_review(review: Review) -> str:
    """Name a check or a review by what it is about and how long after the beginning it falls."""
    if review.kind is ReviewKind.CHECK:
        return ngettext(
            "Check of the pairing after %(num)d month", "Check of the pairing after %(num)d months", review.month
        )
    return ngettext(
        "Review of the project after %(num)d month", "Review of the project after %(num)d months", review.month
    )
